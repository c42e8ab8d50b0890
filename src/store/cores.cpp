// SPDX-License-Identifier: Apache-2.0
#include "store/cores.hpp"

#include <algorithm>

#include "base/ordered_jobs.hpp"
#include "store/input.hpp"

namespace acistore {

Cores::Cores(unsigned jobs, const std::vector<std::string>& files) {
  // Standard input is one stream: who names it twice gets an end of file the second time.
  const bool is_shared = std::ranges::count(files, kStandardInput) > 1;
  if (!is_shared) workers = std::clamp<std::size_t>(files.size(), 1, jobs);
  threading = workers < available_cores() ? Threading::kOwnThread : Threading::kNone;
  decoding = std::max(1U, available_cores() / static_cast<unsigned>(workers));
}

}  // namespace acistore
