// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TESTS_UNIT_BUFFERED_SOURCE_HPP
#define ACISTORE_TESTS_UNIT_BUFFERED_SOURCE_HPP

#include <cstddef>
#include <memory>

#include "base/reader.hpp"
#include "base/source.hpp"

namespace acistore {

// A Reader as a Source, with one buffer.
class BufferedSource final : public Source {
 public:
  explicit BufferedSource(Reader& reader, std::size_t buffer_bytes = kDefaultBytes)
      : reader_(reader),
        size_(buffer_bytes),
        buffer_(std::make_unique_for_overwrite<std::byte[]>(buffer_bytes)) {}

  Bytes next() override { return {buffer_.get(), reader_.read({buffer_.get(), size_})}; }

 private:
  static constexpr std::size_t kDefaultBytes = std::size_t{256} * 1024;

  Reader& reader_;
  std::size_t size_;
  std::unique_ptr<std::byte[]> buffer_;
};

}  // namespace acistore

#endif
