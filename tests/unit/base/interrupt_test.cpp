// SPDX-License-Identifier: Apache-2.0
#include "base/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>

#include "base/io.hpp"
#include "base/pipeline.hpp"
#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    out = Fd(ends[0]);
    in = Fd(ends[1]);
  }
  void write(std::string_view text) const { write_all(in.get(), as_bytes(text)); }

  Fd out;
  Fd in;
};

constexpr std::chrono::milliseconds kMoment{1};

}  // namespace

TEST_CASE("input ends the waiting for it, and so does its end") {
  const Interrupt interrupt;
  Pipe pipe;
  CHECK_FALSE(interrupt.wait_for_input(pipe.out.get(), kMoment));
  pipe.write("x");
  interrupt.wait_for_input(pipe.out.get());
  CHECK(interrupt.wait_for_input(pipe.out.get(), kMoment));
  std::array<std::byte, 8> bytes{};
  CHECK(read_some(pipe.out.get(), bytes) == 1);
  CHECK_FALSE(interrupt.wait_for_input(pipe.out.get(), kMoment));
  pipe.in = Fd();
  interrupt.wait_for_input(pipe.out.get());
}

TEST_CASE("an interrupt ends the waiting in another thread, and all waiting after it") {
  Interrupt interrupt;
  Pipe pipe;
  std::thread other([&] { interrupt.raise(); });
  const auto error = error_of([&] { interrupt.wait_for_input(pipe.out.get()); });
  other.join();
  REQUIRE(error);
  CHECK(error->message() == "read: interrupted");
  interrupt.raise();
  pipe.write("x");
  CHECK(error_of([&] { interrupt.wait_for_input(pipe.out.get()); }));
  CHECK_FALSE(interrupt.wait_for_input(pipe.out.get(), std::chrono::hours{1}));
}

TEST_CASE("a reader of a pipe is idle while nothing comes, and not at the end") {
  Interrupt interrupt;
  Pipe pipe;
  FdReader reader(pipe.out.get(), interrupt);
  CHECK(reader.is_idle());
  pipe.write("some");
  CHECK_FALSE(reader.is_idle());
  std::array<std::byte, 8> bytes{};
  CHECK(reader.read(bytes) == 4);
  CHECK(reader.is_idle());
  pipe.in = Fd();
  CHECK_FALSE(reader.is_idle());
  CHECK(reader.read(bytes) == 0);
  interrupt.raise();
  CHECK(error_of([&] { reader.read(bytes); }));
}

TEST_CASE("a pipeline hands on what a pipe brought that then falls silent") {
  for (const Threading threading : {Threading::kNone, Threading::kOwnThread}) {
    Interrupt interrupt;
    const Pipe pipe;
    FdReader reader(pipe.out.get(), interrupt);
    std::string written;
    Pipeline pipeline(reader, threading, [&](Bytes run) { written += as_text(run); });
    for (const std::string text : {"first", "second"}) {
      pipe.write(text);
      CHECK(as_text(pipeline.next()) == text);
    }
    pipeline.finish();
    CHECK(written == "firstsecond");
    // Or the second thread would be waited for.
    interrupt.raise();
  }
}
