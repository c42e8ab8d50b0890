// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_VERIFY_HPP
#define ACISTORE_STORE_VERIFY_HPP

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/progress.hpp"
#include "model/image.hpp"
#include "model/image_key.hpp"
#include "store/store.hpp"

namespace acistore {

enum class CheckStatus {
  kOk,
  kCorrupt,  // its bytes do not match its key, or the database
  kMissing,  // a row without a blob
  kOrphan,   // a blob without a row: no damage, but rubbish
};

struct Check {
  ImageKey key;
  CheckStatus status = CheckStatus::kOk;
  std::string detail;  // of all but kOk
};

using ReportCheck = std::function<void(const Check&)>;

struct VerifyOptions {
  unsigned jobs = 1;  // threads
  // No further blob is begun once it has passed; the first one always is.
  std::optional<Deadline> deadline;
  // Whether what is damaged is taken out of the store: see store/repair.hpp.
  bool repair = false;
};

// Hashes blobs, several side by side in each thread, and reports what was found in the order given.
// Records in the database when a blob was found to be good, where that can be written. Nothing is
// said of a blob that was removed meanwhile. Returns whether there was time for all.
bool verify_blobs(Store& store, const std::vector<Blob>& blobs, const VerifyOptions& options,
                  Progress& progress, const ReportCheck& report);

struct VerifyEnd {
  bool is_complete = true;        // there was time for all blobs
  std::optional<Error> database;  // what is wrong with it, if it contradicts itself
  std::optional<Error> copy;      // why its copy could not be brought up to date
};

// Does so with every blob, those longest unverified first, looks for blobs without a row, and for
// contradictions in the database; then brings the copy of that up to date.
VerifyEnd verify_all(Store& store, const VerifyOptions& options, Progress& progress,
                     const ReportCheck& report);

}  // namespace acistore

#endif
