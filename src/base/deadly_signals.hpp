// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_DEADLY_SIGNALS_HPP
#define ACISTORE_BASE_DEADLY_SIGNALS_HPP

#include <array>
#include <csignal>

namespace acistore {

// Those that a user ends a process with, and after which it still can take its leave.
inline constexpr std::array kDeadlySignals{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

}  // namespace acistore

#endif
