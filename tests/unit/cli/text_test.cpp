// SPDX-License-Identifier: Apache-2.0
// What the command line makes of values: sizes, times, tables, durations, JSON, suggestions.
#include <chrono>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/duration.hpp"
#include "cli/humanize.hpp"
#include "cli/json.hpp"
#include "cli/progress.hpp"
#include "cli/size.hpp"
#include "cli/suggest.hpp"
#include "cli/table.hpp"
#include "errors.hpp"

using namespace acistore;
using namespace std::chrono_literals;

TEST_CASE("sizes are told in powers of 1024") {
  CHECK(human_size(0) == "0 B");
  CHECK(human_size(1023) == "1023 B");
  CHECK(human_size(1024) == "1.0 KiB");
  CHECK(human_size(1536) == "1.5 KiB");
  CHECK(human_size(10 * 1024) == "10 KiB");
  CHECK(human_size(std::uint64_t{5} << 30) == "5.0 GiB");
  CHECK(human_size(UINT64_MAX) == "16 EiB");
}

TEST_CASE("times are told by their largest unit") {
  constexpr UnixNanos kSecond = 1'000'000'000;
  const auto ago = [](std::int64_t seconds) { return human_time(0, seconds * kSecond); };
  CHECK(ago(0) == "now");
  CHECK(ago(1) == "1 second ago");
  CHECK(ago(59) == "59 seconds ago");
  CHECK(ago(119) == "1 minute ago");
  CHECK(ago(7'200) == "2 hours ago");
  CHECK(ago(86'400 * 6) == "6 days ago");
  CHECK(ago(86'400 * 13) == "1 week ago");
  CHECK(ago(86'400 * 59) == "1 month ago");
  CHECK(ago(86'400 * 539) == "1 year ago");
  CHECK(ago(86'400 * 540) == "2 years ago");
  CHECK(ago(86'400 * 720) == "2 years ago");
  CHECK(ago(-60) == "1 minute from now");
}

TEST_CASE("columns are lined up by tabs at every eighth place") {
  CHECK(format_table({{"ID", "NAME"}, {"1234567", "x"}}) == "ID\tNAME\n1234567\tx\n");
  CHECK(format_table({{"ID", "NAME"}, {"12345678", "x"}}) == "ID\t\tNAME\n12345678\tx\n");
  CHECK(format_table({{"\u00fc\u00fc", "x"}}) == "\u00fc\u00fc\tx\n");
  CHECK(format_table({}).empty());
}

TEST_CASE("sizes are bytes, or powers of 1024 by a letter") {
  CHECK(parse_size("0") == 0);
  CHECK(parse_size("1048576") == 1'048'576);
  CHECK(parse_size("512K") == 512 * 1024);
  CHECK(parse_size("20G") == std::uint64_t{20} << 30);
  CHECK(parse_size("7E") == std::uint64_t{7} << 60);
  CHECK(parse_size("9223372036854775807") == INT64_MAX);
  for (const char* bad : {"", "K", "-1", "+1", "1.5G", "1k", "1KB", "1 K", " 1", "0x10", "8E",
                          "9223372036854775808", "99999999999999999999", "99999999999999999999K"}) {
    CAPTURE(bad);
    const auto error = error_of([&] { parse_size(bad); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kUsage);
  }
}

TEST_CASE("durations are numbers with units, from the largest to the smallest") {
  CHECK(parse_duration("90s") == 90s);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("7d") == 7 * 24h);
  CHECK(parse_duration("0s") == 0s);
  for (const char* bad : {"", "90", "s", "1x", "-1s", "1.5h", "1m1h", "1s1s", "1s ",
                          "99999999999999999999s", "36501d"}) {
    CAPTURE(bad);
    const auto error = error_of([&] { parse_duration(bad); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kUsage);
  }
}

TEST_CASE("bytes that are not UTF-8 become escapes of themselves in JSON, and are marked") {
  Json json;
  json.begin_object();
  json.member_bytes("path", "a\xff\"\n");
  json.member_bytes("good", "\u00fc");
  json.member("none", std::optional<std::string>());
  json.end_object();
  CHECK(json.take() ==
        "{\"path\":\"a\u00ff\\\"\\n\",\"raw\":true,\"good\":\"\u00fc\",\"none\":null}");
}

TEST_CASE("a mistyped word is likened to one that is near, and to no other") {
  const std::vector<std::string> words{"import", "get", "rm", "resolve", "remote"};
  CHECK(suggest("imprt", words) == "import");
  CHECK(suggest("ipmort", words) == "import");
  CHECK(suggest("gte", words) == "get");
  CHECK(suggest("remot", words) == "remote");
  CHECK_FALSE(suggest("xyzzy", words));
  CHECK_FALSE(suggest(std::string(1'000, 'x'), words));
}

TEST_CASE("progress is shown once the work takes longer than half a second") {
  std::string written;
  ProgressMeter::Clock::time_point time;
  ProgressMeter::Terminal terminal;
  terminal.columns = 80;
  terminal.write = [&](const std::string& text) { written += text; };
  terminal.now = [&] { return time; };
  {
    ProgressMeter meter(ProgressMeter::Style::kBar, terminal);
    meter.begin("web.aci\x1b", 4 << 20);
    time += 499ms;
    meter.advance(1 << 20);
    CHECK(written.empty());
    time += 501ms;
    meter.advance(1 << 20);
    CHECK(written == "\r 50% [==========>         ] 2.0 MiB/s 0:01 left  web.aci\\x1b\x1b[K");
    written.clear();
  }
  CHECK(written == "\r\x1b[K");
}
