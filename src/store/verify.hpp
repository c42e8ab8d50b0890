// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_VERIFY_HPP
#define ACISTORE_STORE_VERIFY_HPP

#include <functional>
#include <string>
#include <vector>

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

// Hashes blobs, in up to `jobs` threads and several side by side in each, and reports what was
// found in the order given. Records in the database when a blob was found to be good, where that
// can be written. Nothing is said of a blob that was removed meanwhile.
void verify_blobs(Store& store, const std::vector<Blob>& blobs, unsigned jobs, Progress& progress,
                  const ReportCheck& report);

// Does so with every blob, those longest unverified first, and then looks for blobs without a row.
void verify_all(Store& store, unsigned jobs, Progress& progress, const ReportCheck& report);

}  // namespace acistore

#endif
