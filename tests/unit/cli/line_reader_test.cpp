// SPDX-License-Identifier: Apache-2.0
#include "cli/line_reader.hpp"

#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/io.hpp"
#include "catch.hpp"

using namespace acistore;

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    out = Fd(ends[0]);
    in = Fd(ends[1]);
  }
  void write(std::string_view text) const { write_all(in.get(), as_bytes(text)); }
  Fd out;
  Fd in;
};

std::vector<std::string> lines_that_came(LineReader& reader) {
  std::vector<std::string> lines;
  while (const auto line = reader.next())
    lines.push_back(line->is_too_long ? "too long" : std::string(line->text));
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("lines come when they are whole, and the last one at the end") {
  Pipe pipe;
  LineReader reader(pipe.out.get(), 8);
  CHECK(lines_that_came(reader).empty());
  pipe.write("one\n\ntw");
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader) == Lines{"one", ""});
  pipe.write("o");
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader).empty());
  pipe.write("\nlast");
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader) == Lines{"two"});
  pipe.in = Fd();
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader) == Lines{"last"});
  CHECK_FALSE(reader.fill());
  CHECK(lines_that_came(reader).empty());
}

TEST_CASE("of a line that is too long nothing is kept, and the next one is as ever") {
  Pipe pipe;
  LineReader reader(pipe.out.get(), 4);
  pipe.write("1234\n12345\n123");
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader) == Lines{"1234", "too long"});
  pipe.write("456");
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader).empty());
  pipe.write("78");
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader).empty());
  pipe.write("9\n1\n12345");
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader) == Lines{"too long", "1"});
  pipe.in = Fd();
  REQUIRE(reader.fill());
  CHECK(lines_that_came(reader) == Lines{"too long"});
  CHECK_FALSE(reader.fill());
}
