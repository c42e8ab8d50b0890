// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_PROGRESS_HPP
#define ACISTORE_CLI_PROGRESS_HPP

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/progress.hpp"

namespace acistore {

// Shows progress on standard error: as a bar that is drawn over and over, or as a line every few
// seconds, for logs. Work that is done at once is not shown.
class ProgressMeter final : public Progress {
 public:
  enum class Style { kBar, kLines };
  using Clock = std::chrono::steady_clock;

  // Where the bytes go, how wide a bar may be, and what time it is: for tests.
  struct Terminal {
    std::function<void(const std::string&)> write;
    std::size_t columns = 80;
    std::function<Clock::time_point()> now = Clock::now;
  };

  ProgressMeter(Style style, Terminal terminal);
  ~ProgressMeter() override { clear(); }

  void begin(std::string_view what, std::optional<std::uint64_t> total) override;
  void advance(std::uint64_t bytes) override;
  void end() override;

  // Takes the bar out of the way; the next advance() draws it again.
  void clear();

 private:
  void clear_bar();
  std::string line(Clock::time_point time) const;

  Style style_;
  Terminal terminal_;
  std::mutex mutex_;
  // Of all the work since there was last none: what began last, how many pieces are under way, how
  // many bytes they have.
  std::string what_;
  std::size_t active_ = 0;
  std::optional<std::uint64_t> total_;
  std::uint64_t done_ = 0;
  Clock::time_point started_;
  Clock::time_point next_;  // when to show it again
  bool drawn_ = false;
};

// What --progress asks for: auto is a bar if standard error is a terminal. Null where nothing is to
// be shown. Throws Error(kUsage) if `name` is none of auto, plain, none.
std::unique_ptr<ProgressMeter> make_progress(std::string_view name);

}  // namespace acistore

#endif
