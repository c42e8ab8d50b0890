// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_HUMANIZE_HPP
#define ACISTORE_CLI_HUMANIZE_HPP

#include <cstdint>
#include <string>

#include "base/clock.hpp"

namespace acistore {

// "512 B", "1.5 KiB", "10 MiB": powers of 1024, one digit after the point below ten.
std::string human_size(std::uint64_t bytes);

// As rkt shows them: "now", "5 seconds ago", "2 hours ago", "3 weeks from now", as seen at
// `reference`.
std::string human_time(UnixNanos time, UnixNanos reference);

// "2024-02-29 12:00:00.123 +0100 CET": local time, milliseconds without the zeros at their end.
std::string local_time(UnixNanos time);

}  // namespace acistore

#endif
