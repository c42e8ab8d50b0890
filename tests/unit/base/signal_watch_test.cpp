// SPDX-License-Identifier: Apache-2.0
#include "base/signal_watch.hpp"

#include <csignal>

#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

// What a process has for a signal, and what it had before.
class Disposition {
 public:
  Disposition(int signal, void (*handler)(int)) : signal_(signal) {
    struct sigaction action {};
    action.sa_handler = handler;
    ::sigaction(signal, &action, &before_);
  }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;
  ~Disposition() { ::sigaction(signal_, &before_, nullptr); }

 private:
  int signal_;
  struct sigaction before_ {};
};

volatile std::sig_atomic_t handled = 0;

}  // namespace

TEST_CASE("a signal that is ignored, or that somebody else handles, stays so") {
  const Disposition ignored(SIGHUP, SIG_IGN);
  const Disposition taken(SIGTERM, [](int) { handled = 1; });
  handled = 0;
  const SignalWatch watch;
  ::raise(SIGHUP);
  ::raise(SIGTERM);
  CHECK(handled == 1);
  CHECK_FALSE(error_of([&] { watch.check(); }));
}

TEST_CASE("a deadly signal is told, and passed on when the watch goes") {
  const Disposition deadly(SIGTERM, SIG_DFL);
  {
    const SignalWatch watch;
    CHECK_FALSE(error_of([&] { watch.check(); }));
    ::raise(SIGTERM);
    const auto error = error_of([&] { watch.check(); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kIo);
    CHECK(error->message() == "interrupted by signal 15");
    // Once gone, it is deadly; here it is not to be.
    ::sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  }
  const ::timespec at_once{};
  ::sigset_t pending;
  ::sigemptyset(&pending);
  ::sigaddset(&pending, SIGTERM);
  CHECK(::sigtimedwait(&pending, nullptr, &at_once) == SIGTERM);
  ::pthread_sigmask(SIG_UNBLOCK, &pending, nullptr);
}
