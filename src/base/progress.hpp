// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_PROGRESS_HPP
#define ACISTORE_BASE_PROGRESS_HPP

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/reader.hpp"

namespace acistore {

// Is told how far long work has come, of several pieces at the same time and from any thread. The
// default listens to nothing.
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

// A piece of work, from begin() to end().
class ProgressScope {
 public:
  ProgressScope(Progress& progress, std::string_view what, std::optional<std::uint64_t> total)
      : progress_(progress) {
    progress_.begin(what, total);
  }
  ProgressScope(const ProgressScope&) = delete;
  ProgressScope& operator=(const ProgressScope&) = delete;
  ~ProgressScope() { progress_.end(); }

 private:
  Progress& progress_;
};

// Passes another reader on and tells how many bytes went by.
class ProgressReader final : public Reader {
 public:
  ProgressReader(Reader& reader, Progress& progress) : reader_(reader), progress_(progress) {}
  std::size_t read(std::span<std::byte> out) override {
    const std::size_t count = reader_.read(out);
    progress_.advance(count);
    return count;
  }
  bool is_idle() override { return reader_.is_idle(); }

 private:
  Reader& reader_;
  Progress& progress_;
};

}  // namespace acistore

#endif
