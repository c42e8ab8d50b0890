// SPDX-License-Identifier: Apache-2.0
#include "base/quote.hpp"

#include "catch.hpp"

using namespace acistore;

TEST_CASE("printable text is kept, everything else is escaped") {
  CHECK(printable("a b~") == "a b~");
  CHECK(printable("grün €") == "grün €");
  CHECK(printable("a\\b") == "a\\\\b");
  CHECK(printable("\x1b[31m\n") == "\\x1b[31m\\x0a");
  CHECK(printable(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
  CHECK(printable("\xff\xc3") == "\\xff\\xc3");
}

TEST_CASE("C1 controls, bidirectional controls and line separators do not reach a terminal") {
  CHECK(printable("\u009b") == "\\xc2\\x9b");
  CHECK(printable("\u202e") == "\\xe2\\x80\\xae");
  CHECK(printable("\u2028") == "\\xe2\\x80\\xa8");
  CHECK(printable("\u2066") == "\\xe2\\x81\\xa6");
}

TEST_CASE("quoted text is escaped and cut to a length for a message") {
  CHECK(quoted("a\"b") == "\"a\\\"b\"");
  CHECK(quoted("") == "\"\"");
  CHECK(quoted(std::string(128, 'x')) == '"' + std::string(128, 'x') + '"');
  CHECK(quoted(std::string(129, 'x')) == '"' + std::string(128, 'x') + "…\"");
  // The cut does not fall into the middle of a character.
  CHECK(quoted(std::string(127, 'x') + "€") == '"' + std::string(127, 'x') + "…\"");
}

TEST_CASE("UTF-8 is what RFC 3629 says it is") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("a\u00e9\u20ac\U0001f600"));
  CHECK_FALSE(is_utf8("\xc0\xaf"));          // overlong
  CHECK_FALSE(is_utf8("\xe0\x80\xaf"));      // overlong
  CHECK_FALSE(is_utf8("\xed\xa0\x80"));      // a surrogate
  CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));  // beyond U+10FFFF
  CHECK_FALSE(is_utf8("\xe2\x82"));          // cut short
  CHECK_FALSE(is_utf8("\x80"));
}
