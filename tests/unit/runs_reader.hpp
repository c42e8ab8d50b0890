// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TESTS_UNIT_RUNS_READER_HPP
#define ACISTORE_TESTS_UNIT_RUNS_READER_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/reader.hpp"
#include "base/source.hpp"

namespace acistore {

// Serves `bytes`, which somebody else keeps, `run` bytes at a time.
class RunsReader final : public Reader {
 public:
  explicit RunsReader(std::string_view bytes, std::size_t run = 1 << 16)
      : bytes_(bytes), run_(run) {}

  std::size_t read(std::span<std::byte> out) override {
    const Bytes taken = as_bytes(bytes_.substr(0, std::min(run_, out.size())));
    bytes_.remove_prefix(taken.size());
    std::copy(taken.begin(), taken.end(), out.begin());
    return taken.size();
  }

 private:
  std::string_view bytes_;
  std::size_t run_;
};

}  // namespace acistore

#endif
