// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_DURATION_HPP
#define ACISTORE_CLI_DURATION_HPP

#include <chrono>
#include <string_view>

namespace acistore {

// "90s", "15m", "1h30m", "7d": numbers with units from the largest to the smallest, each unit once.
// At most a hundred years, which fits into nanoseconds too. Throws Error(kUsage).
std::chrono::milliseconds parse_duration(std::string_view text);

}  // namespace acistore

#endif
