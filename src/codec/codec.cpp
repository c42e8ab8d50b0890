// SPDX-License-Identifier: Apache-2.0
#include "codec/codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/bzip2.hpp"
#include "codec/gzip.hpp"
#include "codec/xz.hpp"

namespace acistore {
namespace {

using namespace std::string_view_literals;

bool begins_gzip(std::string_view start) {
  // The compression method comes next; gzip.cpp names one that it does not know.
  return start.starts_with("\x1f\x8b"sv);
}

bool begins_bzip2(std::string_view start) {
  // "BZh9" alone could begin a text, so what must follow it counts: a block (the digits of pi) or
  // the end of the stream (those of its square root).
  if (start.size() < 10 || !start.starts_with("BZh"sv) || start[3] < '1' || start[3] > '9')
    return false;
  const std::string_view next = start.substr(4, 6);
  return next == "1AY&SY"sv || next == "\x17\x72\x45\x38\x50\x90"sv;
}

bool begins_xz(std::string_view start) {
  return start.starts_with(
      "\xfd"
      "7zXZ\0"sv);
}

bool begins_anything(std::string_view) {
  return true;
}

std::unique_ptr<Source> make_plain(std::unique_ptr<Source> bytes) {
  return bytes;
}

struct Format {
  Compression compression;
  std::string_view name;
  bool (*magic)(std::string_view start);
  std::unique_ptr<Source> (*make)(std::unique_ptr<Source> compressed);
};

// Every format, in the order in which they are tried.
constexpr std::array kFormats{
    Format{Compression::kGzip, "gzip", begins_gzip, make_gzip_decoder},
    Format{Compression::kBzip2, "bzip2", begins_bzip2, make_bzip2_decoder},
    Format{Compression::kXz, "xz", begins_xz, make_xz_decoder},
    Format{Compression::kNone, "none", begins_anything, make_plain},
};

// The longest start that a `magic` looks at.
constexpr std::size_t kMagicBytes = 10;

// A Source whose first bytes were looked at and are still to be read.
class PeekedSource final : public Source {
 public:
  explicit PeekedSource(Source& source) : source_(source), run_(source.next()) {
    // One run is nearly always enough, and then nothing is copied.
    if (run_.size() >= kMagicBytes) return;
    while (!run_.empty()) {
      const std::size_t count = std::min(run_.size(), kMagicBytes - head_size_);
      std::copy_n(run_.begin(), count, head_.begin() + static_cast<std::ptrdiff_t>(head_size_));
      head_size_ += count;
      run_ = run_.subspan(count);
      if (head_size_ == kMagicBytes) return;
      run_ = source_.next();
    }
  }

  // The first kMagicBytes bytes or more; fewer if there are no more.
  std::string_view start() const { return as_text(head_size_ > 0 ? head() : run_); }

  Bytes next() override {
    if (head_read_ < head_size_) return head().subspan(std::exchange(head_read_, head_size_));
    if (!run_.empty()) return std::exchange(run_, {});
    return source_.next();
  }

  std::uint64_t skip(std::uint64_t count) override {
    const std::uint64_t of_head = std::min<std::uint64_t>(count, head_size_ - head_read_);
    head_read_ += static_cast<std::size_t>(of_head);
    const std::uint64_t of_run = std::min<std::uint64_t>(count - of_head, run_.size());
    run_ = run_.subspan(static_cast<std::size_t>(of_run));
    const std::uint64_t passed = of_head + of_run;
    return passed == count ? passed : passed + source_.skip(count - passed);
  }

 private:
  Bytes head() const { return Bytes(head_).first(head_size_); }

  Source& source_;
  std::array<std::byte, kMagicBytes> head_;
  std::size_t head_size_ = 0;
  std::size_t head_read_ = 0;
  Bytes run_;
};

}  // namespace

std::string_view to_text(Compression compression) {
  return std::ranges::find(kFormats, compression, &Format::compression)->name;
}

DecodedStream decode(Source& compressed) {
  auto peeked = std::make_unique<PeekedSource>(compressed);
  const std::string_view start = peeked->start();
  const Format& format =
      *std::ranges::find_if(kFormats, [&](const Format& each) { return each.magic(start); });
  return {format.compression, format.make(std::move(peeked))};
}

}  // namespace acistore
