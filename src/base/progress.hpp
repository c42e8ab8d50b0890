// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_PROGRESS_HPP
#define ACISTORE_BASE_PROGRESS_HPP

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/source.hpp"

namespace acistore {

// Is told how far long work has come. The default listens to nothing.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;

  // A piece of work begins; its size in bytes where that is known.
  virtual void begin([[maybe_unused]] std::string_view what,
                     [[maybe_unused]] std::optional<std::uint64_t> total) {}
  virtual void advance([[maybe_unused]] std::uint64_t bytes) {}
  virtual void end() {}
};

// Passes another source on and tells how many bytes went by.
class ProgressSource final : public Source {
 public:
  ProgressSource(Source& source, Progress& progress) : source_(source), progress_(progress) {}
  Bytes next() override {
    const Bytes run = source_.next();
    progress_.advance(run.size());
    return run;
  }
  std::uint64_t skip(std::uint64_t count) override {
    const std::uint64_t passed = source_.skip(count);
    progress_.advance(passed);
    return passed;
  }

 private:
  Source& source_;
  Progress& progress_;
};

}  // namespace acistore

#endif
