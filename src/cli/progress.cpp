// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/error.hpp"
#include "base/io.hpp"
#include "base/quote.hpp"
#include "cli/humanize.hpp"

namespace acistore {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstBar{500};  // what is done by then is not worth a bar
constexpr milliseconds kEachBar{100};
constexpr milliseconds kEachLine{5'000};

std::string clock_text(double seconds) {
  constexpr double kMost = 359'999;  // 99:59:59
  const auto whole = static_cast<long>(std::clamp(seconds, 0.0, kMost));
  std::array<char, 32> text{};
  if (whole >= 3'600) {
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3'600, whole / 60 % 60,
                  whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%ld:%02ld", whole / 60, whole % 60);
  }
  return text.data();
}

}  // namespace

ProgressMeter::ProgressMeter(Style style, Terminal terminal)
    : style_(style), terminal_(std::move(terminal)) {}

void ProgressMeter::begin(std::string_view what, std::optional<std::uint64_t> total) {
  const std::lock_guard lock(mutex_);
  what_ = printable(what);
  if (active_++ > 0) {
    total_ = total_ && total ? std::optional(*total_ + *total) : std::nullopt;
    return;
  }
  total_ = total;
  done_ = 0;
  started_ = terminal_.now();
  next_ = started_ + (style_ == Style::kBar ? kFirstBar : kEachLine);
}

void ProgressMeter::advance(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  done_ += bytes;
  const Clock::time_point time = terminal_.now();
  if (time < next_) return;
  next_ = time + (style_ == Style::kBar ? kEachBar : kEachLine);
  if (style_ == Style::kLines) {
    terminal_.write("acistore: " + line(time) + '\n');
    return;
  }
  // The last column stays free, where some terminals wrap. \x1b[K clears what an older bar left.
  std::string bar = line(time);
  if (bar.size() >= terminal_.columns) bar.resize(std::max<std::size_t>(terminal_.columns, 1) - 1);
  terminal_.write('\r' + bar + "\x1b[K");
  drawn_ = true;
}

void ProgressMeter::end() {
  const std::lock_guard lock(mutex_);
  if (--active_ == 0) clear_bar();
}

void ProgressMeter::clear() {
  const std::lock_guard lock(mutex_);
  clear_bar();
}

void ProgressMeter::clear_bar() {
  if (drawn_) terminal_.write("\r\x1b[K");
  drawn_ = false;
}

// "  45% [=========>          ] 120 MiB/s 0:03 left  web.aci", or without a total "350 MiB ...".
// The name comes last, where a narrow terminal cuts it.
std::string ProgressMeter::line(Clock::time_point time) const {
  constexpr std::size_t kBarCells = 20;
  const double seconds = std::chrono::duration<double>(time - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  std::string text;
  if (total_ && *total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(*total_));
    std::array<char, 8> percent{};
    std::snprintf(percent.data(), percent.size(), "%3d%%", static_cast<int>(share * 100));
    text += percent.data();
    if (style_ == Style::kBar) {
      const auto filled = static_cast<std::size_t>(share * kBarCells);
      text += " [" + std::string(filled, '=') + (filled < kBarCells ? ">" : "") +
              std::string(kBarCells - std::min(kBarCells, filled + 1), ' ') + ']';
    }
    text += ' ' + human_size(static_cast<std::uint64_t>(rate)) + "/s";
    if (rate > 0) {
      text += ' ' + clock_text(static_cast<double>(*total_ - std::min(done_, *total_)) / rate) +
              " left";
    }
  } else {
    text += human_size(done_) + ' ' + human_size(static_cast<std::uint64_t>(rate)) + "/s";
  }
  text += "  " + what_;
  if (active_ > 1) text += " and " + std::to_string(active_ - 1) + " more";
  return text;
}

std::unique_ptr<ProgressMeter> make_progress(std::string_view name) {
  ProgressMeter::Terminal terminal;
  terminal.write = [](const std::string& text) {
    try {
      write_all(STDERR_FILENO, as_bytes(text));
    } catch (const Error&) {
      // Nobody watches.
    }
  };
  if (name == "none") return nullptr;
  if (name == "plain") {
    return std::make_unique<ProgressMeter>(ProgressMeter::Style::kLines, std::move(terminal));
  }
  if (name != "auto") {
    throw Error(ErrorKind::kUsage, "--progress: " + quoted(name) + ": must be auto, plain or none");
  }
  if (::isatty(STDERR_FILENO) == 0) return nullptr;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    terminal.columns = size.ws_col;
  }
  return std::make_unique<ProgressMeter>(ProgressMeter::Style::kBar, std::move(terminal));
}

}  // namespace acistore
