// SPDX-License-Identifier: Apache-2.0
#include "codec/gzip_encoder.hpp"

#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "codec/encode.hpp"
#include "codec/piece_encoder.hpp"

namespace acistore {
namespace {

// What the deflated data may refer back to.
constexpr std::size_t kWindowBytes = 32 * 1024;

// To begin a piece costs some hundredths of a millisecond and five bytes. Larger ones would leave
// cores without work at the end of a small image.
constexpr std::size_t kPieceBytes = std::size_t{512} * 1024;

constexpr int kFastest = 1;
constexpr int kBest = 9;

// Not ISA-L's, which leaves the upper halves of the vector registers in use, and these are handed
// on to new threads: zlib then takes a fifth longer. Its own checksum takes one percent.
std::uint32_t crc_of(std::uint32_t crc, Bytes bytes) {
  const auto* const data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<std::uint32_t>(::crc32_z(crc, data, bytes.size()));
}

// Deflates pieces, each up to a byte's edge, so that they can be put one after the other.
class Deflater {
 public:
  explicit Deflater(int level) {
    constexpr int kRaw = -15;  // no frame, the largest window
    constexpr int kUsualMemory = 8;
    if (deflateInit2(&zlib_, level, Z_DEFLATED, kRaw, kUsualMemory, Z_DEFAULT_STRATEGY) != Z_OK)
      throw system_error(ENOMEM, "gzip");
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&zlib_); }

  std::size_t compress(const Piece& piece, std::vector<std::byte>& out) {
    deflateReset(&zlib_);
    if (!piece.before.empty())
      deflateSetDictionary(&zlib_, data(piece.before), static_cast<uInt>(piece.before.size()));
    zlib_.next_in = data(piece.bytes);
    zlib_.avail_in = static_cast<uInt>(piece.bytes.size());
    // What does not compress is stored, which adds less than this.
    constexpr std::size_t kSpare = 1024;
    const std::size_t most = deflateBound(&zlib_, static_cast<uLong>(piece.bytes.size())) + kSpare;
    if (out.size() < most) out.resize(most);
    zlib_.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib_.avail_out = static_cast<uInt>(out.size());
    const int status = deflate(&zlib_, piece.is_last ? Z_FINISH : Z_SYNC_FLUSH);
    if (status != (piece.is_last ? Z_STREAM_END : Z_OK) || zlib_.avail_out == 0)
      throw Error(ErrorKind::kIo, "gzip: zlib failed: " + std::to_string(status));
    return out.size() - zlib_.avail_out;
  }

 private:
  // zlib does not write to its input, whatever the type says.
  static Bytef* data(Bytes bytes) {
    return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  }

  z_stream zlib_{};
};

CompressPiece make_deflater(int level) {
  return [deflater = std::make_shared<Deflater>(level)](const Piece& piece,
                                                        std::vector<std::byte>& out) {
    return deflater->compress(piece, out);
  };
}

// The frame is that of gzip.cpp.
class GzipEncoder final : public Encoder {
 public:
  GzipEncoder(const EncodeOptions& options, WriteEncoded write)
      : write_(std::move(write)),
        pieces_({.piece_bytes = kPieceBytes,
                 .before_bytes = kWindowBytes,
                 .threads = options.threads,
                 .make_compressor = [level = options.level] { return make_deflater(level); }},
                write_) {
    constexpr std::uint8_t kMethodDeflate = 8;
    constexpr std::uint8_t kUnix = 3;
    const std::uint8_t effort = options.level == kBest ? 2 : options.level == kFastest ? 4 : 0;
    const std::array<std::uint8_t, 10> header{0x1f, 0x8b, kMethodDeflate, 0,    0, 0,
                                              0,    0,    effort,         kUnix};
    write_(std::as_bytes(std::span(header)));
  }

  void write(Bytes bytes) override {
    crc_ = crc_of(crc_, bytes);
    size_ += static_cast<std::uint32_t>(bytes.size());
    pieces_.write(bytes);
  }

  void finish() override {
    pieces_.finish();
    std::array<std::byte, 8> trailer{};
    for (unsigned i = 0; i < 4; ++i) {
      trailer[i] = static_cast<std::byte>(crc_ >> (8 * i) & 0xff);
      trailer[4 + i] = static_cast<std::byte>(size_ >> (8 * i) & 0xff);
    }
    write_(trailer);
  }

 private:
  WriteEncoded write_;
  PieceEncoder pieces_;
  std::uint32_t crc_ = 0;
  std::uint32_t size_ = 0;  // modulo 2^32
};

}  // namespace

std::unique_ptr<Encoder> make_gzip_encoder(const EncodeOptions& options, WriteEncoded write) {
  return std::make_unique<GzipEncoder>(options, std::move(write));
}

}  // namespace acistore
