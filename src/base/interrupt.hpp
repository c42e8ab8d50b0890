// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_INTERRUPT_HPP
#define ACISTORE_BASE_INTERRUPT_HPP

#include <chrono>

#include "base/fd.hpp"

namespace acistore {

// Ends another thread's waiting for bytes that may never come.
class Interrupt {
 public:
  Interrupt();

  // From now on nobody waits any longer. May be called from any thread, more than once.
  void raise();

  // Waits until there is something to read from `fd`, or its end or an error. Throws Error if this
  // was raised, before or meanwhile.
  void wait_for_input(int fd) const;

  // The same, but only for so long. False if nothing has come, or this was raised.
  bool wait_for_input(int fd, std::chrono::milliseconds most) const;

 private:
  Fd event_;
};

}  // namespace acistore

#endif
