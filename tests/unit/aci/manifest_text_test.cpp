// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_text.hpp"

#include <initializer_list>

#include "catch.hpp"

using namespace acistore;

namespace {

using Problem = std::optional<std::string> (*)(std::string_view);

void check_good(Problem problem, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK_FALSE(problem(text));
  }
}

void check_bad(Problem problem, std::string_view why,
               std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK(problem(text) == std::string(why));
  }
}

}  // namespace

TEST_CASE("manifest: semantic versions") {
  check_good(version_problem, {"1.2.3", "0.0.1", "01.02.03", "1.2.3-", "1.2.3+", "1.2.3-a.b+c-d",
                               "0.0.0-a", "0.0.0+b", "1.2.9223372036854775807"});
  check_bad(version_problem, "is not a semantic version, such as 1.2.3",
            {"", "1", "1.2", "1.2.", "1..3", ".1.2", "1.2.3.4", "v1.2.3", "1.2.x", " 1.2.3",
             "1.2.3 ", "+1.2.3", "-1.2.3", "1.-2.3", "1.2.9223372036854775808", "1.2.3_"});
  check_bad(version_problem, "must not be zero",
            {"0.0.0", "00.00.00", "0.0.0-", "0.0.0+", "0.0.0-+"});
}

TEST_CASE("manifest: times of RFC 3339") {
  check_good(time_problem,
             {"2014-10-27T19:32:27Z", "2014-10-27T19:32:27.67021798Z", "2014-10-27T19:32:27,5Z",
              "2014-10-27T19:32:27.123456789012345Z", "2014-10-27T9:32:27Z",
              "2014-10-27T19:32:27+05:30", "2014-10-27T19:32:27-23:59", "2014-10-27T19:32:27+24:60",
              "2016-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "0000-01-01T00:00:00Z"});
  check_bad(time_problem, "is not a time as in RFC 3339, such as 2006-01-02T15:04:05Z",
            {"", "2014", "2014-10-27", "2014-10-27T19:32:27", "2014-10-27 19:32:27Z",
             "2014-10-27t19:32:27Z", "2014-10-27T19:32:27z", "2014-10-27T19:32:27.Z",
             "2014-1-27T19:32:27Z", "12014-10-27T19:32:27Z", "2014-10-27T19:3:27Z",
             "2014-10-27T19:32:27+0530", "2014-10-27T19:32:27+5:30", "2014-10-27T19:32:27ZZ",
             "2014-10-27T19:32:27+05:30:00", "-014-10-27T19:32:27Z"});
  check_bad(time_problem, "is no day of the calendar",
            {"2014-00-01T00:00:00Z", "2014-13-01T00:00:00Z", "2014-01-00T00:00:00Z",
             "2014-01-32T00:00:00Z", "2014-04-31T00:00:00Z", "2014-02-29T00:00:00Z",
             "1900-02-29T00:00:00Z"});
  check_bad(time_problem, "is no time of the day",
            {"2014-10-27T24:00:00Z", "2014-10-27T19:60:27Z", "2014-10-27T19:32:60Z",
             "2014-10-27T19:32:27+25:00", "2014-10-27T19:32:27+00:61"});
}

TEST_CASE("manifest: URLs with http and https") {
  check_good(http_url_problem, {"http://example.com",
                                "HTTPS://example.com/a/b?c=%zz#d",
                                "http:",
                                "http:/",
                                "http://",
                                "http:rootless%zz",
                                "http://a:",
                                "http://a:80/",
                                "http://u:p@a",
                                "http://u%40@a",
                                "http://[::1]:80",
                                "http://[fe80::1%25en0]",
                                "http://[fe80::1%25a%20b]",
                                "http://a%c3%a9/",
                                "http://\u00e9/\u00e9 x",
                                "http://a/%41",
                                "http://a/ b",
                                "http://a?%",
                                "http://a#\n",
                                "http://a<b>\""});
  check_bad(http_url_problem, "must begin with http: or https:",
            {"", "example.com", "//example.com", "ftp://a", "httpss://a", "/http://a", ":", "*",
             "http", "#http:"});
  check_bad(http_url_problem, "is not a URL: a control character stands in it",
            {"http://a\x7f", "http://a/\n", "\x01http://a", "http://a?\t"});
  check_bad(http_url_problem, "is not a URL: two hexadecimal digits must follow each %",
            {"http://a/%", "http://a/%4", "http://a/%zz", "http:/%g1", "http://a#%zz", "http:x#%"});
  check_bad(http_url_problem, "is not a URL: bad host or port \"a b\"", {"http://a b/c"});
  check_bad(http_url_problem, "is not a URL: bad host or port \"a:b\"",
            {"http://a:b", "http://u@a:b"});
  check_bad(http_url_problem, "is not a URL: bad host or port \"a%41\"", {"http://a%41"});
  check_bad(http_url_problem, "is not a URL: bad host or port \"[::1\"", {"http://[::1"});
  check_bad(http_url_problem, "is not a URL: bad host or port \"[::1]x\"", {"http://[::1]x"});
  check_bad(http_url_problem, "is not a URL: bad host or port \"[::1%25%01]\"",
            {"http://[::1%25%01]"});
  check_bad(http_url_problem, "is not a URL: bad host or port \"[::1%en0]\"", {"http://[::1%en0]"});
  check_bad(http_url_problem, "is not a URL: bad user \"u v\"", {"http://u v@a"});
  check_bad(http_url_problem, "is not a URL: bad user \"u%4\"", {"http://u%4@a"});
}

TEST_CASE("manifest: quantities of resources") {
  check_good(quantity_problem, {"0",   "1",    "-1",   "+1",    "1.5",    ".5",
                                "1.",  "500m", "2Gi",  "1.5Gi", "1e3",    "1E3",
                                "1E",  "1e-3", "1e+3", "1e400", "1e-400", "12345678901234567890123",
                                "1n",  "1u",   "1k",   "1T",    "1P",     "1Ki",
                                "1Mi", "1Ti",  "1Pi",  "1Ei",   " 1 ",    "\u00a01\u2003",
                                "0001"});
  // Zero without a digit, where the reference computes in 64 bits.
  check_good(quantity_problem, {"-", "+", ".", "m", "-.k", "E", "n", "e-9", "Ki", "Ti", ".Ti"});
  check_bad(quantity_problem, "is empty", {"", " ", "\u2003"});
  check_bad(quantity_problem, "is not a quantity, such as 500m, 1.5Gi or 1e3: no digits",
            {"Pi", "Ei", ".Pi", "e-10", "+e-10"});
  check_bad(quantity_problem, "is not a quantity, such as 500m, 1.5Gi or 1e3: bad suffix \"K\"",
            {"1K", "K", "1.5K"});
  check_bad(quantity_problem, "is not a quantity, such as 500m, 1.5Gi or 1e3: bad suffix \"e\"",
            {"1e", "e"});
  for (const char* bad : {"1 k", "1..2", "--1", "1ki", "1e5k", "1e++5", "1e", "1e-", "1mm", "0x10",
                          "1_000", "1e9223372036854775808", "Ee1", "\u0661"}) {
    CAPTURE(bad);
    CHECK(quantity_problem(bad));
  }
}
