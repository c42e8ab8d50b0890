// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_splitter.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace acistore {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} * 1024;

// A magic and the CRC after it.
constexpr std::size_t kMarkBits = kBzip2MagicBits + kBzip2CrcBits;

// No block is longer: a byte of its content takes at most 20 bits, and the tables before it take a
// few ten thousand bytes unless somebody wastes space on purpose.
constexpr std::uint64_t most_block_bits(int level) {
  return static_cast<std::uint64_t>(level) * 100000 * 20 + 8 * 64 * 1024;
}

// So many headers and ends without a block between them are passed at most in a row, since all that
// was read since the last block is kept.
constexpr int kMostPassed = 1000;

// Bytes that were read already, and then what the reader they came from has left.
class RestReader final : public Reader {
 public:
  RestReader(std::vector<std::byte> buffer, std::size_t begin, std::size_t end,
             std::exception_ptr failure, std::unique_ptr<Reader> rest)
      : buffer_(std::move(buffer)),
        begin_(begin),
        end_(end),
        failure_(std::move(failure)),
        rest_(std::move(rest)) {}

  std::size_t read(std::span<std::byte> out) override {
    if (begin_ < end_) {
      const Bytes head = Bytes(buffer_).subspan(begin_, std::min(end_ - begin_, out.size()));
      std::ranges::copy(head, out.begin());
      begin_ += head.size();
      return head.size();
    }
    buffer_ = {};
    if (failure_) std::rethrow_exception(failure_);
    return rest_ ? rest_->read(out) : 0;
  }

 private:
  std::vector<std::byte> buffer_;
  std::size_t begin_;
  std::size_t end_;
  std::exception_ptr failure_;
  std::unique_ptr<Reader> rest_;  // null if it was read to its end
};

}  // namespace

Bzip2Splitter::Bzip2Splitter(std::unique_ptr<Reader> compressed)
    : compressed_(std::move(compressed)) {}

bool Bzip2Splitter::next(Bzip2Segment& segment) {
  if (stopped_) return false;
  stopped_ = true;
  if (!pass_to_block()) return false;
  const std::optional<std::uint64_t> end = find_block_end();
  if (!end) return false;
  const std::uint64_t crc = bits(place_.bit + kBzip2MagicBits, kBzip2CrcBits);
  const auto block_bits = static_cast<std::size_t>(*end - place_.bit);
  segment.place = place_;
  segment.is_last = bits(*end, kBzip2MagicBits) == kBzip2EndMagic;
  segment.block_end = kBzip2HeaderBits + block_bits;
  segment.stream.clear();
  segment.stream.reserve(segment.block_end + kMarkBits);
  segment.stream.append(as_bytes("BZh"), 0, 24);
  segment.stream.append(static_cast<std::uint64_t>('0' + place_.level), 8);
  segment.stream.append(window(), in_window(place_.bit), block_bits + kBzip2MagicBits);
  segment.stream.append(crc, kBzip2CrcBits);
  place_.bit = *end;
  place_.combined = combine_bzip2_crc(place_.combined, static_cast<std::uint32_t>(crc));
  stopped_ = false;
  return true;
}

bool Bzip2Splitter::pass_to_block() {
  for (int passed = 0; passed < kMostPassed; ++passed) {
    if (place_.level == 0) {
      if (!pass_header()) return false;
    } else if (!have(place_.bit + kMarkBits)) {
      return false;
    } else if (bits(place_.bit, kBzip2MagicBits) == kBzip2BlockMagic) {
      return true;
    } else if (!pass_end()) {
      return false;
    }
  }
  return false;
}

bool Bzip2Splitter::pass_header() {
  if (!have(place_.bit + 8 * kBzip2BeginBytes)) return false;
  const std::string_view header =
      as_text(window().subspan(in_window(place_.bit) / 8, kBzip2BeginBytes));
  if (!begins_bzip2(header)) return false;
  place_ = {.bit = place_.bit + kBzip2HeaderBits, .level = header[3] - '0', .combined = 0};
  return true;
}

bool Bzip2Splitter::pass_end() {
  const std::uint64_t combined = bits(place_.bit + kBzip2MagicBits, kBzip2CrcBits);
  if (combined != place_.combined) return false;
  const std::uint64_t end = place_.bit + kMarkBits;
  place_ = {.bit = (end + 7) / 8 * 8, .level = 0, .combined = 0};
  return true;
}

std::optional<std::uint64_t> Bzip2Splitter::find_block_end() {
  const std::uint64_t limit = place_.bit + most_block_bits(place_.level);
  std::uint64_t from = place_.bit + kMarkBits;
  while (from <= limit) {
    if (const auto found = find_bzip2_magic(window(), in_window(from))) {
      const std::uint64_t end = 8 * window_start_ + *found;
      // Its CRC has to be there as well, or the file is cut off.
      return have(end + kMarkBits) ? std::optional(end) : std::nullopt;
    }
    // What begins in the last bits may go on in the next.
    const std::uint64_t read_to = 8 * (window_start_ + window().size());
    from = std::max(from, read_to - (kBzip2MagicBits - 1));
    if (!read_more()) return std::nullopt;
  }
  return std::nullopt;
}

bool Bzip2Splitter::have(std::uint64_t bit) {
  while (8 * (window_start_ + window().size()) < bit) {
    if (!read_more()) return false;
  }
  return true;
}

bool Bzip2Splitter::read_more() {
  if (input_ended_) return false;
  if (buffer_.size() - end_ < kReadBytes) {
    // Moving what is needed costs little if it is not often, and growing costs memory.
    const std::size_t size = window().size();
    if (begin_ >= size / 4) {
      std::ranges::copy(window(), buffer_.begin());
      begin_ = 0;
      end_ = size;
    }
    if (buffer_.size() - end_ < kReadBytes) buffer_.resize(end_ + end_ / 4 + kReadBytes);
  }
  std::size_t count = 0;
  try {
    count = compressed_->read(std::span(buffer_).subspan(end_, kReadBytes));
  } catch (...) {
    input_failure_ = std::current_exception();
  }
  end_ += count;
  input_ended_ = count == 0;
  return count > 0;
}

void Bzip2Splitter::release_before(const Bzip2Place& place) {
  const auto released = static_cast<std::size_t>(place.byte() - window_start_);
  begin_ += released;
  window_start_ += released;
}

std::unique_ptr<Reader> Bzip2Splitter::rest_from(const Bzip2Place& place) {
  release_before(place);
  return std::make_unique<RestReader>(std::move(buffer_), begin_, end_, std::move(input_failure_),
                                      input_ended_ ? nullptr : std::move(compressed_));
}

}  // namespace acistore
