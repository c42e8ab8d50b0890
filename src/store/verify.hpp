// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_VERIFY_HPP
#define ACISTORE_STORE_VERIFY_HPP

#include <functional>
#include <string>

#include "base/progress.hpp"
#include "model/image_key.hpp"
#include "model/reference.hpp"
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

// Hashes every blob, those longest unverified first, and then looks for blobs without a row.
// Records in the database when a blob was found to be good, where that can be written.
void verify_all(Store& store, Progress& progress, const ReportCheck& report);

// The same for one image or blob. Throws Error: kNotFound, kAmbiguous.
void verify_one(Store& store, const ImageArgument& argument, Progress& progress,
                const ReportCheck& report);

}  // namespace acistore

#endif
