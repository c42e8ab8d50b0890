// SPDX-License-Identifier: Apache-2.0
#include "base/signal_watch.hpp"

#include <atomic>
#include <string>

#include "base/error.hpp"

namespace acistore {
namespace {

std::atomic<int> noted_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may not wait");

extern "C" void note_signal(int signal) {
  noted_signal = signal;
}

}  // namespace

SignalWatch::SignalWatch() {
  noted_signal = 0;
  struct sigaction action {};
  action.sa_handler = note_signal;
  // The handler is gone when it is called: the next signal ends the process.
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  for (std::size_t i = 0; i < kDeadlySignals.size(); ++i) {
    ::sigaction(kDeadlySignals[i], nullptr, &before_[i]);
    // Whoever ignores one of them (nohup) goes on doing so.
    if (before_[i].sa_handler == SIG_DFL) ::sigaction(kDeadlySignals[i], &action, nullptr);
  }
}

SignalWatch::~SignalWatch() {
  for (std::size_t i = 0; i < kDeadlySignals.size(); ++i)
    ::sigaction(kDeadlySignals[i], &before_[i], nullptr);
  if (const int signal = noted_signal.exchange(0)) ::raise(signal);
}

void SignalWatch::check() const {
  const int signal = noted_signal;
  if (signal != 0) throw Error(ErrorKind::kIo, "interrupted by signal " + std::to_string(signal));
}

}  // namespace acistore
