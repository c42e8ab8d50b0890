// SPDX-License-Identifier: Apache-2.0
#include "store/put.hpp"

#include "base/quote.hpp"
#include "store/input.hpp"
#include "store/publish.hpp"
#include "store/storing_source.hpp"

namespace acistore {

ImageKey put(Store& store, const std::string& file, const std::optional<ExpectedKey>& expected,
             Progress& progress) {
  return with_context(printable(file), [&] {
    InputFile input(file, progress);
    BlobWriter blob = store.blobs().create(store.writeback());
    StoringSource storing(input, Compression::kNone, input.bytes(), blob, Threading::kOwnThread);
    while (!storing.next().empty()) {
    }
    const Sha512Digest digest = storing.finish();
    check_expected(expected, digest);
    const std::uint64_t size = blob.size();
    std::vector<PendingBlob> pending;
    pending.push_back({.file = std::move(blob),
                       .digest = digest,
                       .size = size,
                       .image = {},
                       .source = {},
                       .remotes = {}});
    return publish(store, std::move(pending)).front().key;
  });
}

}  // namespace acistore
