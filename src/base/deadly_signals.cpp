// SPDX-License-Identifier: Apache-2.0
#include "base/deadly_signals.hpp"

namespace acistore {

DeadlySignalHandler::DeadlySignalHandler(void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | flags;
  for (std::size_t i = 0; i < kDeadlySignals.size(); ++i) {
    ::sigaction(kDeadlySignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler == SIG_DFL) ::sigaction(kDeadlySignals[i], &action, nullptr);
  }
}

DeadlySignalHandler::~DeadlySignalHandler() {
  for (std::size_t i = 0; i < kDeadlySignals.size(); ++i)
    ::sigaction(kDeadlySignals[i], &before_[i], nullptr);
}

}  // namespace acistore
