// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_JOB_COUNT_HPP
#define ACISTORE_CLI_JOB_COUNT_HPP

#include <optional>
#include <string>

#include "cli/arguments.hpp"

namespace acistore {

// Declares -j, --jobs: how many things a command works on at the same time.
void declare_job_count(Arguments& arguments, std::optional<std::string>& target);

// What was given, or as many as there are cores. Throws Error(kUsage) if it is not a number from 1
// to 1,024.
unsigned job_count(const std::optional<std::string>& given);

}  // namespace acistore

#endif
