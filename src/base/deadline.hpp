// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_DEADLINE_HPP
#define ACISTORE_BASE_DEADLINE_HPP

#include <chrono>

namespace acistore {

// The moment at which waiting ends, by a clock that nobody sets.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds timeout) : end_(Clock::now() + timeout) {}
  bool passed() const { return Clock::now() >= end_; }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point end_;
};

}  // namespace acistore

#endif
