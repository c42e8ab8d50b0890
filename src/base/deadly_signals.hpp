// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_DEADLY_SIGNALS_HPP
#define ACISTORE_BASE_DEADLY_SIGNALS_HPP

#include <array>
#include <csignal>

namespace acistore {

// Those that a user ends a process with, and after which it still can take its leave.
inline constexpr std::array kDeadlySignals{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

// While it lives the deadly signals call `handler`, each once (SA_RESETHAND: the next one of the
// kind ends the process). Whoever ignores one of them (nohup) goes on doing so. There is one at a
// time.
class DeadlySignalHandler {
 public:
  // `flags` are those of sigaction(2) beside that.
  DeadlySignalHandler(void (*handler)(int), int flags);
  DeadlySignalHandler(const DeadlySignalHandler&) = delete;
  DeadlySignalHandler& operator=(const DeadlySignalHandler&) = delete;
  ~DeadlySignalHandler();

 private:
  std::array<struct sigaction, kDeadlySignals.size()> before_{};
};

}  // namespace acistore

#endif
