// SPDX-License-Identifier: Apache-2.0
#include "base/ordered_jobs.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include "catch.hpp"

using namespace acistore;

TEST_CASE("results come in order, whichever job is done first") {
  for (const std::size_t workers : {1U, 2U, 3U, 8U, 200U}) {
    for (const std::size_t count : {0U, 1U, 2U, 100U}) {
      std::vector<std::size_t> results;
      run_in_order<std::size_t>(
          count, workers, 4,
          [](std::size_t job) {
            // Earlier ones take longer.
            for (std::size_t i = job % 7; i < 7; ++i)
              std::this_thread::yield();
            return job * 10;
          },
          [&](std::size_t job, std::size_t result) {
            CHECK(job == results.size());
            results.push_back(result);
          });
      REQUIRE(results.size() == count);
      for (std::size_t i = 0; i < count; ++i)
        CHECK(results[i] == i * 10);
    }
  }
}

TEST_CASE("jobs do not run further ahead than they may") {
  constexpr std::size_t kAhead = 5;
  std::atomic<std::size_t> made = 0;
  std::size_t delivered = 0;
  bool in_bounds = true;
  run_in_order<int>(
      200, 4, kAhead,
      [&](std::size_t) {
        ++made;
        return 0;
      },
      [&](std::size_t, int) {
        ++delivered;
        in_bounds = in_bounds && made <= delivered + kAhead;
      });
  CHECK(delivered == 200);
  CHECK(in_bounds);
}

TEST_CASE("what the taker of results throws ends the work") {
  for (const std::size_t workers : {1U, 4U}) {
    std::atomic<std::size_t> made = 0;
    std::size_t delivered = 0;
    const auto run = [&] {
      run_in_order<int>(
          1'000'000, workers, 8,
          [&](std::size_t) {
            ++made;
            return 0;
          },
          [&](std::size_t, int) {
            if (++delivered == 3) throw std::runtime_error("enough");
          });
    };
    CHECK_THROWS_AS(run(), std::runtime_error);
    CHECK(delivered == 3);
    CHECK(made <= 3 + 8);
  }
}

TEST_CASE("a thread may have several jobs under way and finish them in any order") {
  for (const std::size_t workers : {1U, 2U, 5U}) {
    constexpr std::size_t kCount = 100;
    std::vector<std::size_t> results;
    OrderedJobs<std::size_t>::run(
        kCount, workers, kCount,
        [](OrderedJobs<std::size_t>& jobs) {
          // Seven at once, the last one first.
          std::vector<std::size_t> under_way;
          do {
            under_way.clear();
            while (under_way.size() < 7) {
              const auto job = jobs.begin();
              if (!job) break;
              under_way.push_back(*job);
            }
            for (std::size_t i = under_way.size(); i-- > 0;)
              jobs.finish(under_way[i], under_way[i] * 10);
          } while (!under_way.empty());
        },
        [&](std::size_t job, std::size_t result) {
          CHECK(job == results.size());
          CHECK(result == job * 10);
          results.push_back(result);
        });
    CHECK(results.size() == kCount);
  }
}

TEST_CASE("with one worker a result is handed on as soon as it is its turn") {
  std::vector<std::size_t> delivered;
  OrderedJobs<int>::run(
      3, 1, 3,
      [&](OrderedJobs<int>& jobs) {
        for (std::size_t i = 0; i < 3; ++i)
          CHECK(jobs.begin() == i);
        CHECK_FALSE(jobs.begin());
        jobs.finish(1, 0);
        CHECK(delivered.empty());
        jobs.finish(0, 0);
        CHECK(delivered == std::vector<std::size_t>{0, 1});
        jobs.finish(2, 0);
        CHECK(delivered == std::vector<std::size_t>{0, 1, 2});
      },
      [&](std::size_t job, int) { delivered.push_back(job); });
}
