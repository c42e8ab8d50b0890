// SPDX-License-Identifier: Apache-2.0
#include "base/seeking_source.hpp"

#include <fcntl.h>

#include <fstream>
#include <string>

#include "base/fd.hpp"
#include "catch.hpp"
#include "temporary_directory.hpp"

using namespace acistore;

namespace {

// A file of `size` bytes, each of which tells where it stands.
struct File {
  explicit File(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      text += static_cast<char>(i * 7 + i / 256);
    std::ofstream(directory.path() / "file", std::ios::binary) << text;
    fd = Fd(::open((directory.path() / "file").c_str(), O_RDONLY));
  }

  TemporaryDirectory directory;
  std::string text;
  Fd fd;
};

}  // namespace

TEST_CASE("a file is read to its end, whatever was skipped of it") {
  const File file(1'000'000);
  for (const std::uint64_t skipped : {0, 1, 4095, 4096, 300'000, 999'999, 1'000'000}) {
    SeekingSource source(file.fd.get(), file.text.size());
    CHECK(source.skip(skipped) == skipped);
    std::string read;
    for (Bytes run = source.next(); !run.empty(); run = source.next())
      read += as_text(run);
    CHECK(read == file.text.substr(skipped));
    CHECK(source.next().empty());
  }
}

TEST_CASE("pieces are small after a skip and grow until the next") {
  const File file(1'000'000);
  SeekingSource source(file.fd.get(), file.text.size());
  CHECK(source.next().size() == 4096);
  CHECK(source.next().size() == 8192);
  CHECK(source.skip(100) == 100);
  CHECK(source.next().size() == 16384);
  CHECK(source.skip(100'000) == 100'000);
  CHECK(source.next().size() == 4096);
}

TEST_CASE("no more is skipped than there is") {
  const File file(10'000);
  SeekingSource source(file.fd.get(), file.text.size());
  CHECK(source.skip(UINT64_MAX) == 10'000);
  CHECK(source.skip(1) == 0);
  CHECK(source.next().empty());
  source.seek(9'999);
  CHECK(as_text(source.next()) == file.text.substr(9'999));
  source.seek(20'000);
  CHECK(source.skip(1) == 0);
  CHECK(source.next().empty());
}

TEST_CASE("a file that became shorter ends early") {
  const File file(10'000);
  SeekingSource source(file.fd.get(), file.text.size() + 5000);
  CHECK(source.skip(12'000) == 12'000);
  CHECK(source.next().empty());
}

TEST_CASE("the position of the descriptor stays where it was") {
  const File file(10'000);
  SeekingSource source(file.fd.get(), file.text.size());
  source.next();
  source.skip(5000);
  CHECK(::lseek(file.fd.get(), 0, SEEK_CUR) == 0);
}
