// SPDX-License-Identifier: Apache-2.0
#include "cli/job_count.hpp"

#include "base/error.hpp"
#include "base/ordered_jobs.hpp"
#include "base/quote.hpp"
#include "cli/number.hpp"

namespace acistore {
namespace {

// Every job has a thread, and files open.
constexpr unsigned kMostJobs = 1'024;

}  // namespace

void declare_job_count(Arguments& arguments, std::optional<std::string>& target) {
  arguments.option("-j,--jobs", target, "N",
                   "work on so many at the same time (default: the number of cores)");
}

unsigned job_count(const std::optional<std::string>& given) {
  if (!given) return available_cores();
  const auto jobs = parse_number<unsigned>(*given);
  if (!jobs || *jobs < 1 || *jobs > kMostJobs) {
    throw Error(ErrorKind::kUsage, "--jobs: " + quoted(*given) + ": not a number from 1 to " +
                                       std::to_string(kMostJobs));
  }
  return *jobs;
}

}  // namespace acistore
