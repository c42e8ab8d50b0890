// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <array>
#include <cstdio>

namespace acistore {
namespace {
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
}

UnixNanos now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return to_nanos(time);
}

UnixNanos to_nanos(const timespec& time) {
  return std::int64_t{time.tv_sec} * kNanosPerSecond + time.tv_nsec;
}

timespec to_timespec(UnixNanos time) {
  std::int64_t seconds = time / kNanosPerSecond;
  std::int64_t nanos = time % kNanosPerSecond;
  if (nanos < 0) {
    nanos += kNanosPerSecond;
    --seconds;
  }
  return {.tv_sec = seconds, .tv_nsec = nanos};
}

std::string rfc3339(UnixNanos time) {
  const timespec split = to_timespec(time);
  std::tm calendar{};
  ::gmtime_r(&split.tv_sec, &calendar);
  std::array<char, 40> date{};
  std::array<char, 56> text{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &calendar);
  std::snprintf(text.data(), text.size(), "%s.%09ldZ", date.data(), split.tv_nsec);
  return text.data();
}

}  // namespace acistore
