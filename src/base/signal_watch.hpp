// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_SIGNAL_WATCH_HPP
#define ACISTORE_BASE_SIGNAL_WATCH_HPP

#include <optional>

#include "base/deadly_signals.hpp"

namespace acistore {

// For work that leaves more behind than a signal handler may clear away. While a watch lives the
// deadly signals are only noted, the first of each kind: the work asks at every step, and ends by
// an Error. When the watch goes, after what there was has been cleared away, the process dies of
// the signal that came. A second signal of the kind ends it at once. There is one watch at a time.
class SignalWatch {
 public:
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

  // Throws Error(kIo) if one has come. From any thread.
  void check() const;

 private:
  std::optional<DeadlySignalHandler> handler_;
};

}  // namespace acistore

#endif
