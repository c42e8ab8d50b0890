// SPDX-License-Identifier: Apache-2.0
#include "base/kernel_copy.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

#include "base/fd.hpp"
#include "base/io.hpp"
#include "catch.hpp"
#include "temporary_directory.hpp"

using namespace acistore;

namespace {

class Counted final : public Progress {
 public:
  void advance(std::uint64_t bytes) override { done += bytes; }
  std::uint64_t done = 0;
};

// More than a pipe holds, and no whole number of pages.
std::string some_bytes() {
  std::string text;
  while (text.size() < 3'000'001)
    text += std::to_string(text.size() * 2654435761U);
  return text;
}

Fd make_file(const std::string& path, std::string_view content) {
  std::ofstream(path) << content;
  return Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

std::string content_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string read_to_end(int fd) {
  std::string all;
  FdSource source(fd);
  for (Bytes run = source.next(); !run.empty(); run = source.next())
    all += as_text(run);
  return all;
}

off_t position(int fd) {
  return ::lseek(fd, 0, SEEK_CUR);
}

std::pair<Fd, Fd> make_pipe(int flags = 0) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC | flags) == 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

std::pair<Fd, Fd> make_sockets() {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

TEST_CASE("the kernel copies a file to a pipe or a socket, from its position to its end") {
  const TemporaryDirectory directory;
  const std::string text = some_bytes();
  for (const bool is_pipe : {true, false}) {
    const Fd from = make_file(directory.path() / "from", text);
    ::lseek(from.get(), 1234, SEEK_SET);
    auto [out, in] = is_pipe ? make_pipe() : make_sockets();
    std::string seen;
    std::thread reader([&, fd = out.get()] { seen = read_to_end(fd); });
    Counted progress;
    copy_in_kernel(from.get(), in.get(), progress);
    in = Fd();
    reader.join();
    CHECK(seen == text.substr(1234));
    CHECK(progress.done == text.size() - 1234);
    CHECK(position(from.get()) == static_cast<off_t>(text.size()));
  }
}

TEST_CASE("the kernel copies a file to a file, and moves the positions of both") {
  const TemporaryDirectory directory;
  const std::string text = some_bytes();
  const Fd from = make_file(directory.path() / "from", text);
  const std::string path = directory.path() / "to";
  const Fd to(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  write_all(to.get(), as_bytes("before "));
  Counted progress;
  copy_in_kernel(from.get(), to.get(), progress);
  CHECK(progress.done == text.size());
  CHECK(position(from.get()) == static_cast<off_t>(text.size()));
  write_all(to.get(), as_bytes(" after"));
  CHECK(content_of(path) == "before " + text + " after");
}

TEST_CASE("nothing is copied to a file that is appended to, nor to a device") {
  const TemporaryDirectory directory;
  const Fd from = make_file(directory.path() / "from", "some bytes");
  const std::string path = directory.path() / "to";
  const Fd appended(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  const Fd device(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  for (const int to : {appended.get(), device.get(), -1}) {
    Counted progress;
    copy_in_kernel(from.get(), to, progress);
    CHECK(progress.done == 0);
    CHECK(position(from.get()) == 0);
  }
  CHECK(content_of(path).empty());
}

TEST_CASE("what a failure left is read on from where the copy stopped") {
  const TemporaryDirectory directory;
  const std::string text = some_bytes();
  const Fd from = make_file(directory.path() / "from", text);
  // Full before the end, and nobody reads.
  auto [out, in] = make_pipe(O_NONBLOCK);
  Counted progress;
  copy_in_kernel(from.get(), in.get(), progress);
  CHECK(progress.done > 0);
  CHECK(progress.done < text.size());
  CHECK(position(from.get()) == static_cast<off_t>(progress.done));
  std::string all(progress.done, '\0');
  CHECK(read_some(out.get(), std::as_writable_bytes(std::span(all))) == progress.done);
  CHECK(all + read_to_end(from.get()) == text);
}

TEST_CASE("a pipe that a file is copied to holds more than a new one, and is never made smaller") {
  const TemporaryDirectory directory;
  const Fd from = make_file(directory.path() / "from", "some bytes");
  for (const int before : {65'536, 1'048'576}) {
    auto [out, in] = make_pipe();
    // A user who has many pipes already may not.
    if (::fcntl(in.get(), F_SETPIPE_SZ, 1'048'576) < 0) return;
    REQUIRE(::fcntl(in.get(), F_SETPIPE_SZ, before) == before);
    Counted progress;
    copy_in_kernel(from.get(), in.get(), progress);
    CHECK(::fcntl(in.get(), F_GETPIPE_SZ) == std::max(before, 262'144));
  }
}
