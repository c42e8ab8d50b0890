// SPDX-License-Identifier: Apache-2.0
#include "store/extract.hpp"

#include "aci/archive.hpp"
#include "aci/tar_path.hpp"
#include "base/quote.hpp"
#include "store/read.hpp"
#include "store/unpack.hpp"
#include "tree/new_directory.hpp"
#include "tree/tree_writer.hpp"

namespace acistore {

LeftOut extract_image(Store& store, const ExtractRequest& request, Progress& progress) {
  const StoredBlob stored = use_image(store, request.image);
  NewDirectory directory(request.directory, request.if_exists);
  const bool all = request.what == ExtractWhat::kImage;
  TreeWriter tree(directory.fd(), std::string(all ? kTopDirectory : kRootfsPath));
  tree.set_mode_of_top(directory.usual_mode());
  unpack(stored, progress, directory.signals(),
         [&](const TarEntry& entry, TarReader& reader) { tree.add(entry, reader); });
  tree.finish();
  LeftOut left_out = tree.left_out();
  if (request.strict && left_out.any()) {
    throw Error(ErrorKind::kIo,
                printable(request.directory) +
                    ": this takes root, or another file system: " + describe(left_out));
  }
  directory.publish(store.sync());
  return left_out;
}

}  // namespace acistore
