// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include "catch.hpp"

using namespace acistore;

TEST_CASE("times are written as RFC 3339 in UTC with nine digits") {
  CHECK(rfc3339(0) == "1970-01-01T00:00:00.000000000Z");
  CHECK(rfc3339(1'709'208'000'000'000'001) == "2024-02-29T12:00:00.000000001Z");
  CHECK(rfc3339(-1) == "1969-12-31T23:59:59.999999999Z");
}

TEST_CASE("a time survives the way through timespec") {
  for (const UnixNanos time : {UnixNanos{0}, UnixNanos{-1}, UnixNanos{-1'000'000'000},
                               UnixNanos{1'709'208'000'999'999'999}}) {
    const timespec split = to_timespec(time);
    CHECK(split.tv_nsec >= 0);
    CHECK(split.tv_nsec < 1'000'000'000);
    CHECK(to_nanos(split) == time);
  }
}
