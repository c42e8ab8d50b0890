// SPDX-License-Identifier: Apache-2.0
#include "store/cores.hpp"

#include <algorithm>

#include "base/ordered_jobs.hpp"
#include "store/input.hpp"

namespace acistore {

// Standard input is one stream: who names it twice gets an end of file the second time.
Cores::Cores(unsigned jobs, const std::vector<std::string>& files)
    : Cores(std::ranges::count(files, kStandardInput) > 1 ? 1 : jobs, files.size()) {}

Cores::Cores(unsigned jobs, std::size_t files) : workers(std::clamp<std::size_t>(files, 1, jobs)) {
  threading = workers < available_cores() ? Threading::kOwnThread : Threading::kNone;
  decoding = std::max(1U, available_cores() / static_cast<unsigned>(workers));
}

}  // namespace acistore
