// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_CLOCK_HPP
#define ACISTORE_BASE_CLOCK_HPP

#include <sys/stat.h>

#include <cstdint>
#include <ctime>
#include <string>

namespace acistore {

// Nanoseconds since 1970-01-01T00:00:00Z. Enough until the year 2262.
using UnixNanos = std::int64_t;

// The wall clock. It goes backwards now and then: order by sequence, never by it.
UnixNanos now();

UnixNanos to_nanos(const timespec& time);
timespec to_timespec(UnixNanos time);

// RFC 3339, UTC, nine digits: 2024-02-29T12:00:00.000000001Z
std::string rfc3339(UnixNanos time);

}  // namespace acistore

#endif
