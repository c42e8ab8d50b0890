// SPDX-License-Identifier: Apache-2.0
#include "base/interrupt.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "base/error.hpp"

namespace acistore {
namespace {

enum class Wakening { kInput, kInterrupt, kTimeout };

// A timeout in milliseconds as poll(2) takes it: negative for ever.
Wakening wait(int fd, int event, int timeout) {
  std::array<pollfd, 2> watched{pollfd{.fd = fd, .events = POLLIN, .revents = 0},
                                pollfd{.fd = event, .events = POLLIN, .revents = 0}};
  int count = ::poll(watched.data(), watched.size(), timeout);
  // Begins anew: a signal is rare, and waiting a little longer does no harm.
  while (count < 0 && errno == EINTR)
    count = ::poll(watched.data(), watched.size(), timeout);
  if (count < 0) throw_errno("poll");
  if (count == 0) return Wakening::kTimeout;
  return watched[1].revents != 0 ? Wakening::kInterrupt : Wakening::kInput;
}

}  // namespace

Interrupt::Interrupt() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw_errno("eventfd");
}

void Interrupt::raise() {
  const std::uint64_t one = 1;
  // It fails only where it was raised so often before that the counter is full.
  [[maybe_unused]] const ssize_t ignored = ::write(event_.get(), &one, sizeof(one));
}

void Interrupt::wait_for_input(int fd) const {
  if (wait(fd, event_.get(), -1) == Wakening::kInterrupt) {
    throw Error(ErrorKind::kIo, "read: interrupted");
  }
}

bool Interrupt::wait_for_input(int fd, std::chrono::milliseconds most) const {
  return wait(fd, event_.get(), static_cast<int>(most.count())) == Wakening::kInput;
}

}  // namespace acistore
