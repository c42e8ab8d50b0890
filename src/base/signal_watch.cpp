// SPDX-License-Identifier: Apache-2.0
#include "base/signal_watch.hpp"

#include <atomic>
#include <csignal>
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
  handler_.emplace(note_signal, SA_RESTART);
}

SignalWatch::~SignalWatch() {
  handler_.reset();
  if (const int signal = noted_signal.exchange(0)) ::raise(signal);
}

void SignalWatch::check() const {
  const int signal = noted_signal;
  if (signal != 0) throw Error(ErrorKind::kIo, "interrupted by signal " + std::to_string(signal));
}

}  // namespace acistore
