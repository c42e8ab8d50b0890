// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_number.hpp"

#include <limits>
#include <string>

#include "aci/tar_builder.hpp"
#include "catch.hpp"

using namespace acistore;
using namespace std::string_literals;

TEST_CASE("octal fields") {
  CHECK(parse_octal("0000644\0"s) == 0644);
  CHECK(parse_octal("   644 \0"s) == 0644);
  CHECK(parse_octal("\0\0 644\0 "s) == 0644);
  CHECK(parse_octal("777777777777") == 0777777777777);
  CHECK(parse_octal("644\0junk"s) == 0644);
  CHECK(parse_octal(std::string(8, '\0')) == 0);
  CHECK(parse_octal("        ") == 0);
  for (const char* bad : {"648", "-1", "+1", "6 4", "0x1", "a", "1."}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_octal(bad));
  }
}

TEST_CASE("base-256 fields") {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1} << 40,
        -(std::int64_t{1} << 40), std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min()}) {
    CAPTURE(value);
    CHECK(parse_octal_or_binary(tar::base256(value, 12)) == value);
  }
  CHECK(parse_octal_or_binary(tar::base256(2'500'000, 8)) == 2'500'000);
  CHECK(parse_octal_or_binary("0000010") == 8);
  CHECK_FALSE(parse_octal_or_binary("\x80\0\0\1\0\0\0\0\0\0\0\0"s));    // 2^64
  CHECK_FALSE(parse_octal_or_binary("\x80\0\0\0\x80\0\0\0\0\0\0\0"s));  // 2^63
}

TEST_CASE("decimal records") {
  CHECK(parse_decimal("0") == 0);
  CHECK(parse_decimal("-12") == -12);
  CHECK(parse_decimal("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  for (const char* bad : {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "9223372036854775808"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_decimal(bad));
  }
}
