// SPDX-License-Identifier: Apache-2.0
#include "codec/codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/bzip2.hpp"
#include "codec/bzip2_bits.hpp"
#include "codec/gzip.hpp"
#include "codec/xz.hpp"
#include "codec/zstd.hpp"

namespace acistore {
namespace {

using namespace std::string_view_literals;

bool begins_gzip(std::string_view start) {
  // The compression method comes next; gzip.cpp names one that it does not know.
  return start.starts_with("\x1f\x8b"sv);
}

bool begins_xz(std::string_view start) {
  return start.starts_with(
      "\xfd"
      "7zXZ\0"sv);
}

bool begins_zstd(std::string_view start) {
  // A frame, or a skippable frame: some writers put one of these first.
  return start.starts_with("\x28\xb5\x2f\xfd"sv) ||
         (start.size() >= 4 && start[0] >= '\x50' && start[0] <= '\x5f' &&
          start.substr(1).starts_with("\x2a\x4d\x18"sv));
}

bool begins_anything(std::string_view) {
  return true;
}

std::unique_ptr<Reader> make_plain(std::unique_ptr<Reader> bytes,
                                   [[maybe_unused]] unsigned threads) {
  return bytes;
}

struct Format {
  Compression compression;
  std::string_view name;
  bool (*magic)(std::string_view start);
  std::unique_ptr<Reader> (*make)(std::unique_ptr<Reader> compressed, unsigned threads);
};

// Every format, in the order in which they are tried.
constexpr std::array kFormats{
    Format{Compression::kGzip, "gzip", begins_gzip, make_gzip_decoder},
    Format{Compression::kBzip2, "bzip2", begins_bzip2, make_bzip2_decoder},
    Format{Compression::kXz, "xz", begins_xz, make_xz_decoder},
    Format{Compression::kZstd, "zstd", begins_zstd, make_zstd_decoder},
    Format{Compression::kNone, "none", begins_anything, make_plain},
};

// The longest start that a `magic` looks at.
constexpr std::size_t kMagicBytes = kBzip2BeginBytes;

// A Reader whose first bytes were looked at and are still to be read.
class PeekedReader final : public Reader {
 public:
  explicit PeekedReader(Reader& reader) : reader_(reader), head_size_(read_full(reader, head_)) {}

  // The first kMagicBytes bytes; fewer if there are no more.
  std::string_view start() const { return as_text(Bytes(head_).first(head_size_)); }

  std::size_t read(std::span<std::byte> out) override {
    if (head_read_ == head_size_) return reader_.read(out);
    const Bytes left = Bytes(head_).subspan(head_read_, head_size_ - head_read_);
    const std::size_t count = std::min(out.size(), left.size());
    std::ranges::copy(left.first(count), out.begin());
    head_read_ += count;
    return count;
  }

  bool is_idle() override { return head_read_ == head_size_ && reader_.is_idle(); }

 private:
  Reader& reader_;
  std::array<std::byte, kMagicBytes> head_{};
  std::size_t head_size_;
  std::size_t head_read_ = 0;
};

}  // namespace

std::string_view to_text(Compression compression) {
  return std::ranges::find(kFormats, compression, &Format::compression)->name;
}

std::optional<Compression> parse_compression(std::string_view text) {
  const auto found = std::ranges::find(kFormats, text, &Format::name);
  if (found == kFormats.end()) return std::nullopt;
  return found->compression;
}

DecodedStream decode(Reader& compressed, unsigned threads) {
  auto peeked = std::make_unique<PeekedReader>(compressed);
  const std::string_view start = peeked->start();
  const Format& format =
      *std::ranges::find_if(kFormats, [&](const Format& each) { return each.magic(start); });
  return {format.compression, format.make(std::move(peeked), threads)};
}

}  // namespace acistore
