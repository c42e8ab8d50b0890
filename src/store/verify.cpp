// SPDX-License-Identifier: Apache-2.0
#include "store/verify.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/deadline.hpp"
#include "base/hashing_source.hpp"
#include "base/io.hpp"
#include "base/ordered_jobs.hpp"
#include "base/sha512_streams.hpp"
#include "blob/layout.hpp"
#include "db/blobs.hpp"
#include "store/database_copy.hpp"
#include "store/repair.hpp"

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

// What was found of a blob. Whose it is, its place among the blobs says.
struct BlobFinding {
  CheckStatus status = CheckStatus::kOk;
  std::string detail;
  bool is_skipped = false;  // there was no time for it
};

BlobFinding judge(const Blob& blob, const Sha512Digest& digest) {
  if (digest == blob.digest) return {};
  return {CheckStatus::kCorrupt, "its bytes have the image ID " + image_id(digest), false};
}

// A blob whose bytes are hashed.
class HashedBlob final : public Sha512Job {
 public:
  HashedBlob(OrderedJobs<BlobFinding>& findings, std::size_t place, const Blob& blob, Fd file,
             Progress& progress)
      : findings_(findings),
        place_(place),
        blob_(blob),
        file_(std::move(file)),
        progress_(progress),
        scope_(progress, blob.key.text(), blob.size) {}

  std::size_t read(std::span<std::byte> out) override {
    const std::size_t count = read_some(file_.get(), out);
    progress_.advance(count);
    return count;
  }

  void finish(const Sha512Digest& digest) override {
    findings_.finish(place_, judge(blob_, digest));
  }

  // A blob that cannot be read is one that nobody gets back.
  void fail(const Error& error) override {
    findings_.finish(place_, {CheckStatus::kCorrupt, error.message(), false});
  }

 private:
  OrderedJobs<BlobFinding>& findings_;
  std::size_t place_;
  const Blob& blob_;
  Fd file_;
  Progress& progress_;
  ProgressScope scope_;
};

// The file whose bytes are to be hashed, or what is wrong before that.
std::variant<Fd, BlobFinding> open_blob(const BlobStore& blobs, const Blob& blob) {
  try {
    auto file = blobs.open(blob.key);
    if (!file) {
      return BlobFinding{CheckStatus::kMissing, "there is no " + layout::blob_path(blob.key),
                         false};
    }
    if (ImageKey(blob.digest) != blob.key) {
      return BlobFinding{CheckStatus::kCorrupt,
                         "the database has the image ID " + image_id(blob.digest) + " for it",
                         false};
    }
    if (file->size != blob.size) {
      return BlobFinding{
          CheckStatus::kCorrupt,
          "has " + std::to_string(file->size) + " bytes, not " + std::to_string(blob.size), false};
    }
    return std::move(file->fd);
  } catch (const Error& error) {
    return BlobFinding{CheckStatus::kCorrupt, error.message(), false};
  }
}

// What is to be said of a blob whose file was not there; nothing if the blob was removed. It may
// have been removed and imported again: nobody is at it now.
std::optional<BlobFinding> look_again(Store& store, const Blob& blob) {
  std::optional<ByteLock> lock = store.lock_shared(blob.key);
  if (!has_blob(store.database(), blob.key)) return std::nullopt;
  auto opened = open_blob(store.blobs(), blob);
  lock.reset();
  const auto* file = std::get_if<Fd>(&opened);
  if (file == nullptr) return std::move(std::get<BlobFinding>(opened));
  FdSource bytes(file->get());
  return judge(blob, sha512_of(bytes));
}

// What is to be reported of a damaged blob once that was tried; nothing if it was removed.
std::optional<Check> repaired(Store& store, Check check) {
  try {
    if (const auto done = repair(store, check.key)) {
      check.detail += "; " + *done;
      return check;
    }
  } catch (const Error& error) {
    check.detail += "; not repaired: " + error.message();
    return check;
  }
  if (!has_blob(store.database(), check.key)) return std::nullopt;
  return Check{check.key, CheckStatus::kOk, ""};
}

}  // namespace

bool verify_blobs(Store& store, const std::vector<Blob>& blobs, const VerifyOptions& options,
                  Progress& progress, const ReportCheck& report) {
  if (options.repair && !store.try_to_allow_writing()) {
    throw Error(ErrorKind::kIo, "the store cannot be written");
  }
  bool is_complete = true;
  const Sha512Shares shares = share_sha512(blobs.size(), options.jobs);
  VerifiedLog log(store);
  OrderedJobs<BlobFinding>::run(
      blobs.size(), shares.threads, blobs.size(),
      [&](OrderedJobs<BlobFinding>& findings) {
        const auto next = [&]() -> std::unique_ptr<Sha512Job> {
          while (const std::optional<std::size_t> place = findings.begin()) {
            if (*place > 0 && options.deadline && options.deadline->passed()) {
              findings.finish(*place, {CheckStatus::kOk, "", true});
              continue;
            }
            auto opened = open_blob(store.blobs(), blobs[*place]);
            if (auto* file = std::get_if<Fd>(&opened)) {
              return std::make_unique<HashedBlob>(findings, *place, blobs[*place], std::move(*file),
                                                  progress);
            }
            findings.finish(*place, std::move(std::get<BlobFinding>(opened)));
          }
          return nullptr;
        };
        sha512_streams(next, shares.at_once);
      },
      [&](std::size_t place, BlobFinding finding) {
        if (finding.is_skipped) {
          is_complete = false;
          return;
        }
        const ImageKey& key = blobs[place].key;
        if (finding.status == CheckStatus::kMissing) {
          auto now = look_again(store, blobs[place]);
          if (!now) return;
          finding = std::move(*now);
        }
        std::optional<Check> check{{key, finding.status, std::move(finding.detail)}};
        if (options.repair && check->status != CheckStatus::kOk) {
          check = repaired(store, std::move(*check));
          if (!check) return;
        }
        if (check->status == CheckStatus::kOk) log.add(key);
        report(*check);
      });
  return is_complete;
}

VerifyEnd verify_all(Store& store, const VerifyOptions& options, Progress& progress,
                     const ReportCheck& report) {
  VerifyEnd end;
  const std::vector<Blob> blobs = blobs_by_verified(store.database());
  end.is_complete = verify_blobs(store, blobs, options, progress, report);

  std::vector<ImageKey> known;
  for (const Blob& blob : blobs)
    known.push_back(blob.key);
  std::ranges::sort(known);
  std::vector<ImageKey> unknown;
  std::ranges::set_difference(store.blobs().keys(), known, std::back_inserter(unknown));
  for (const ImageKey& key : unknown) {
    // It may be on its way in or out: look again when nobody is working on it.
    const std::optional<ByteLock> lock = store.lock_shared(key);
    if (has_blob(store.database(), key) || !store.blobs().size(key)) continue;
    report({key, CheckStatus::kOrphan, layout::blob_path(key) + " is not in the database"});
  }

  end.copy = refresh_database_copy(store);
  if (end.copy && end.copy->kind() == ErrorKind::kDamaged) std::swap(end.copy, end.database);
  return end;
}

}  // namespace acistore
