// SPDX-License-Identifier: Apache-2.0
#include "codec/encode.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/bzip2_encoder.hpp"
#include "codec/gzip_encoder.hpp"
#include "codec/xz_encoder.hpp"
#include "codec/zstd.hpp"

namespace acistore {
namespace {

class PlainEncoder final : public Encoder {
 public:
  explicit PlainEncoder(WriteEncoded write) : write_(std::move(write)) {}
  void write(Bytes bytes) override { write_(bytes); }
  void finish() override {}

 private:
  WriteEncoded write_;
};

std::unique_ptr<Encoder> make_plain(const EncodeOptions&, WriteEncoded write) {
  return std::make_unique<PlainEncoder>(std::move(write));
}

struct EncodedFormat {
  Compression compression;
  LevelRange levels;
  std::unique_ptr<Encoder> (*make)(const EncodeOptions& options, WriteEncoded write);
};

// Levels of zstd above 19 need so much memory that its own program asks for a further option.
constexpr std::array kEncodedFormats{
    EncodedFormat{Compression::kNone, {0, 0, 0}, make_plain},
    EncodedFormat{Compression::kGzip, {1, 9, 6}, make_gzip_encoder},
    EncodedFormat{Compression::kBzip2, {1, 9, 9}, make_bzip2_encoder},
    EncodedFormat{Compression::kXz, {0, 9, 6}, make_xz_encoder},
    EncodedFormat{Compression::kZstd, {1, 19, 3}, make_zstd_encoder},
};

const EncodedFormat& format_of(Compression compression) {
  return *std::ranges::find(kEncodedFormats, compression, &EncodedFormat::compression);
}

}  // namespace

std::optional<LevelRange> compression_levels(Compression compression) {
  if (compression == Compression::kNone) return std::nullopt;
  return format_of(compression).levels;
}

std::unique_ptr<Encoder> make_encoder(const EncodeOptions& options, WriteEncoded write) {
  return format_of(options.compression).make(options, std::move(write));
}

}  // namespace acistore
