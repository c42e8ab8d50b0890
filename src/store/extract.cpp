// SPDX-License-Identifier: Apache-2.0
#include "store/extract.hpp"

#include <string>

#include "aci/archive.hpp"
#include "aci/tar_path.hpp"
#include "store/read.hpp"
#include "store/unpack.hpp"

namespace acistore {

LeftOut extract_image(const Stores& stores, const ExtractRequest& request, Progress& progress) {
  const StoredBlob stored = use_image(stores, request.image);
  const bool all = request.what == ExtractWhat::kImage;
  NewTree tree(request.target, std::string(all ? kTopDirectory : kRootfsPath));
  unpack(stored, progress, tree.signals(),
         [&](const TarEntry& entry, TarReader& reader) { tree.writer().add(entry, reader); });
  return tree.publish(stores.sync());
}

}  // namespace acistore
