// SPDX-License-Identifier: Apache-2.0
#include "store/verify.hpp"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "base/deadline.hpp"
#include "base/io.hpp"
#include "blob/layout.hpp"
#include "db/blobs.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

// Writes down which blobs were found good, not more than once in so long: a commit costs as much as
// hashing some megabytes.
class VerifiedLog {
 public:
  explicit VerifiedLog(Store& store) : store_(store), next_(kInterval) {}
  VerifiedLog(const VerifiedLog&) = delete;
  VerifiedLog& operator=(const VerifiedLog&) = delete;
  ~VerifiedLog() { write(); }

  void add(const ImageKey& key) {
    verified_.emplace_back(key, now());
    if (!next_.passed()) return;
    write();
    next_ = Deadline(kInterval);
  }

 private:
  static constexpr std::chrono::milliseconds kInterval{1'000};

  void write() noexcept {
    const auto verified = std::exchange(verified_, {});
    if (verified.empty()) return;
    try {
      if (!store_.try_to_allow_writing()) return;
      Transaction transaction(store_.database());
      for (const auto& [key, when] : verified)
        set_verified(store_.database(), key, when);
      transaction.commit();
    } catch (const Error&) {
      // It is then verified again sooner than need be.
    }
  }

  Store& store_;
  Deadline next_;
  std::vector<std::pair<ImageKey, UnixNanos>> verified_;
};

Sha512Digest digest_of(int fd, Progress& progress) {
  FdSource file(fd);
  Sha512 hash;
  for (Bytes run = file.next(); !run.empty(); run = file.next()) {
    hash.update(run);
    progress.advance(run.size());
  }
  return hash.finish();
}

// Nothing if the blob was removed meanwhile.
std::optional<Check> check(Store& store, const Blob& blob, Progress& progress) {
  const auto file = store.blobs().open(blob.key);
  if (!file) {
    if (!find_blob(store.database(), blob.key)) return std::nullopt;
    return Check{blob.key, CheckStatus::kMissing, "there is no " + layout::blob_path(blob.key)};
  }
  if (ImageKey(blob.digest) != blob.key) {
    return Check{blob.key, CheckStatus::kCorrupt,
                 "the database has the image ID " + image_id(blob.digest) + " for it"};
  }
  if (file->size != blob.size) {
    return Check{blob.key, CheckStatus::kCorrupt,
                 "has " + std::to_string(file->size) + " bytes, not " + std::to_string(blob.size)};
  }
  const ProgressScope scope(progress, blob.key.text(), blob.size);
  const Sha512Digest digest = digest_of(file->fd.get(), progress);
  if (digest != blob.digest) {
    return Check{blob.key, CheckStatus::kCorrupt,
                 "its bytes have the image ID " + image_id(digest)};
  }
  return Check{blob.key, CheckStatus::kOk, ""};
}

void check_and_report(Store& store, const Blob& blob, Progress& progress, VerifiedLog& log,
                      const ReportCheck& report) {
  std::optional<Check> result;
  try {
    result = check(store, blob, progress);
  } catch (const Error& error) {
    // A blob that cannot be read is one that nobody gets back.
    result = Check{blob.key, CheckStatus::kCorrupt, error.message()};
  }
  if (!result) return;
  if (result->status == CheckStatus::kOk) log.add(blob.key);
  report(*result);
}

}  // namespace

void verify_all(Store& store, Progress& progress, const ReportCheck& report) {
  VerifiedLog log(store);
  for (const Blob& blob : blobs_by_verified(store.database())) {
    check_and_report(store, blob, progress, log, report);
  }
  for (const ImageKey& key : store.blobs().keys()) {
    if (find_blob(store.database(), key)) continue;
    // It may be on its way in or out: look again when nobody is working on it.
    const std::optional<ByteLock> lock = store.lock_shared(key);
    if (find_blob(store.database(), key) || !store.blobs().size(key)) continue;
    report({key, CheckStatus::kOrphan, layout::blob_path(key) + " is not in the database"});
  }
}

void verify_one(Store& store, const ImageArgument& argument, Progress& progress,
                const ReportCheck& report) {
  const ImageKey key = resolve_blob(store, argument);
  const auto row = find_blob(store.database(), key);
  if (!row) throw Error(ErrorKind::kNotFound, key.text() + ": no such image");
  VerifiedLog log(store);
  check_and_report(store, row->blob, progress, log, report);
}

}  // namespace acistore
