// SPDX-License-Identifier: Apache-2.0
#include "store/sweep.hpp"

#include <vector>

#include "base/quote.hpp"
#include "blob/layout.hpp"
#include "db/blobs.hpp"
#include "db/migrations.hpp"

namespace acistore {
namespace {

// Throws Error(kDamaged) if a blob that has a row may look like one that has none: where a key is
// damaged, or missing from its index.
void check_rows(Database& database) {
  const Snapshot snapshot(database);
  check_integrity(database);
  for (const Blob& blob : blobs_by_key(database)) {
    if (ImageKey(blob.digest) == blob.key) continue;
    throw Error(ErrorKind::kDamaged, "database: damaged: " + blob.key.text() +
                                         " has the image ID " + image_id(blob.digest) +
                                         std::string(kRecoverAdvice));
  }
}

// One sweep of a store.
class Sweep {
 public:
  Sweep(Store& store, Disposal disposal, const GcReports& reports)
      : store_(store), disposal_(disposal), reports_(reports) {}

  void temporary_files() {
    in_directory(layout::kTemporary, RemovalReason::kTemporary, sweep_temporary);
  }

  void quarantine() {
    in_directory(layout::kQuarantine, RemovalReason::kQuarantined, empty_quarantine);
  }

  void orphans() {
    attempt([&] {
      const std::vector<ImageKey> suspects = blobs_without_a_row();
      if (suspects.empty()) return;
      with_context("no blob is taken for rubbish", [&] { check_rows(store_.database()); });
      for (const ImageKey& key : suspects)
        attempt([&] { orphan(key); });
    });
  }

 private:
  using SweepFile = Leftover (*)(int, const std::string&, Disposal);

  template <typename Action>
  void attempt(Action&& action) {
    try {
      action();
    } catch (const Error& error) {
      reports_.failed(error);
    }
  }

  void in_directory(const char* directory, RemovalReason reason, SweepFile sweep_file) {
    attempt([&] {
      for (const std::string& name : leftover_names(store_.directory(), directory)) {
        attempt([&] {
          const Leftover leftover = sweep_file(store_.directory(), name, disposal_);
          report(std::string(directory) + '/' + name, reason, leftover);
        });
      }
    });
  }

  void report(const std::string& path, RemovalReason reason, const Leftover& leftover) {
    switch (leftover.state) {
      case Leftover::State::kRemoved:
        reports_.removed({.key = {}, .path = path, .size = leftover.size, .reason = reason});
        return;
      case Leftover::State::kNotKnown:
        reports_.left(printable(path) + ": cannot be read, so somebody may be working on it");
        return;
      case Leftover::State::kNoFile:
        reports_.left(printable(path) + ": is a directory, which no work of ours leaves");
        return;
      case Leftover::State::kGone:
      case Leftover::State::kHeld:
        return;
    }
  }

  std::vector<ImageKey> blobs_without_a_row() {
    const Snapshot snapshot(store_.database());
    std::vector<ImageKey> suspects;
    for (const ImageKey& key : store_.blobs().keys()) {
      if (!has_blob(store_.database(), key)) suspects.push_back(key);
    }
    return suspects;
  }

  // It may be on its way in or out: what counts is what is there when nobody is working on it.
  void orphan(const ImageKey& key) {
    if (disposal_ == Disposal::kRemove) {
      const std::vector<ByteLock> locks = store_.lock_exclusively({key});
      locked_orphan(key);
    } else {
      const std::optional<ByteLock> lock = store_.lock_shared(key);
      locked_orphan(key);
    }
  }

  void locked_orphan(const ImageKey& key) {
    if (has_blob(store_.database(), key)) return;
    const std::optional<std::uint64_t> size = store_.blobs().size(key);
    if (!size) return;
    if (disposal_ == Disposal::kRemove) store_.blobs().remove(key);
    reports_.removed({.key = key, .path = {}, .size = *size, .reason = RemovalReason::kOrphan});
  }

  Store& store_;
  Disposal disposal_;
  const GcReports& reports_;
};

}  // namespace

void sweep(Store& store, bool quarantine, Disposal disposal, const GcReports& reports) {
  Sweep sweep(store, disposal, reports);
  sweep.temporary_files();
  sweep.orphans();
  if (quarantine) sweep.quarantine();
}

}  // namespace acistore
