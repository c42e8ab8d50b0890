// SPDX-License-Identifier: Apache-2.0
#include "codec/gzip.hpp"

#define ZLIB_CONST
#include <zlib.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "codec/decoder.hpp"

namespace acistore {
namespace {

// RFC 1952. A member is
//
//   1f 8b, method (8: deflate), flags, mtime[4], extra flags, system
//   flags & 04: length[2] and that many bytes     flags & 08: a name, up to a zero byte
//   flags & 10: a comment, up to a zero byte      flags & 02: CRC-32 of all this, low half
//   the data, deflated
//   CRC-32 of the data [4], its length modulo 2^32 [4]
//
// Numbers are little-endian. zlib inflates; the frame is read here, so that an error can say which
// field is wrong and what it should have been.
constexpr std::uint8_t kMethodDeflate = 8;
constexpr unsigned kFlagHeaderCrc = 0x02;
constexpr unsigned kFlagExtra = 0x04;
constexpr unsigned kFlagName = 0x08;
constexpr unsigned kFlagComment = 0x10;
constexpr unsigned kReservedFlags = 0xe0;

std::string hex(std::uint32_t number) {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", number);
  return text;
}

std::string stored_and_computed(const std::string& stored, const std::string& computed) {
  return "stored " + stored + ", computed " + computed;
}

class GzipDecoder final : public Decoder {
 public:
  explicit GzipDecoder(std::unique_ptr<Reader> compressed)
      : Decoder("gzip", std::move(compressed)) {
    // A negative number of window bits: deflate without a frame.
    if (inflateInit2(&zlib_, -MAX_WBITS) != Z_OK) throw_out_of_memory();
  }
  ~GzipDecoder() override { inflateEnd(&zlib_); }

 private:
  bool start_stream() override {
    if (peek().empty()) return false;
    if (offset() > 0 && pass_zeros() > 0) {
      // Padding of tapes and block devices. A member after it is not looked for: gzip does not.
      if (peek().empty()) return false;
      throw invalid("something follows the zero bytes after the last member");
    }
    const std::uint64_t start = offset();
    header_crc_ = crc32(0, nullptr, 0);
    if (header_byte() != 0x1f || header_byte() != 0x8b)
      throw invalid_at(start, "something else follows the last member");
    read_header();
    inflateReset(&zlib_);
    data_crc_ = crc32(0, nullptr, 0);
    data_length_ = 0;
    return true;
  }

  bool decode_some(Bytes in, std::span<std::byte> out) override {
    zlib_.next_in = reinterpret_cast<const Bytef*>(in.data());
    zlib_.avail_in = static_cast<uInt>(in.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib_.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&zlib_, Z_NO_FLUSH);
    const std::size_t produced = out.size() - zlib_.avail_out;
    data_crc_ = crc32_z(data_crc_, reinterpret_cast<const Bytef*>(out.data()), produced);
    data_length_ += static_cast<std::uint32_t>(produced);
    advance(in.size() - zlib_.avail_in, produced);
    switch (status) {
      case Z_STREAM_END:
        return true;
      case Z_OK:
      case Z_BUF_ERROR:  // no input left
        return false;
      case Z_MEM_ERROR:
        throw_out_of_memory();
      default:
        throw invalid("damaged", zlib_.msg != nullptr ? zlib_.msg : "");
    }
  }

  void finish_stream() override {
    const std::uint64_t trailer = offset();
    const std::uint32_t crc = take_number(4);
    const std::uint32_t length = take_number(4);
    if (crc != data_crc_)
      throw invalid_at(trailer, "the checksum of the data is wrong",
                       stored_and_computed(hex(crc), hex(static_cast<std::uint32_t>(data_crc_))));
    if (length != data_length_)
      throw invalid_at(trailer + 4, "the length of the data is wrong",
                       stored_and_computed(std::to_string(length), std::to_string(data_length_)));
  }

  // What comes after the magic.
  void read_header() {
    const unsigned method = header_byte();
    if (method != kMethodDeflate)
      throw invalid_at(offset() - 1, "unknown compression method",
                       std::to_string(method) + "; only 8, deflate, is defined");
    const unsigned flags = header_byte();
    if ((flags & kReservedFlags) != 0) throw invalid_at(offset() - 1, "reserved flags are set");
    pass_header_bytes(6);
    if ((flags & kFlagExtra) != 0) {
      const unsigned low = header_byte();
      const unsigned high = header_byte();
      pass_header_bytes(high << 8 | low);
    }
    if ((flags & kFlagName) != 0) pass_header_text();
    if ((flags & kFlagComment) != 0) pass_header_text();
    if ((flags & kFlagHeaderCrc) != 0) {
      const std::uint32_t computed = header_crc_ & 0xffff;
      const std::uint32_t stored = take_number(2);
      if (stored != computed)
        throw invalid_at(offset() - 2, "the checksum of the header is wrong",
                         stored_and_computed(hex(stored), hex(computed)));
    }
  }

  std::uint8_t header_byte() {
    const std::uint8_t byte = take_byte();
    header_crc_ = crc32(header_crc_, &byte, 1);
    return byte;
  }

  void pass_header_bytes(unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      header_byte();
  }

  void pass_header_text() {
    while (header_byte() != 0) {
    }
  }

  std::uint32_t take_number(unsigned size) {
    std::uint32_t number = 0;
    for (unsigned i = 0; i < size; ++i)
      number |= std::uint32_t{take_byte()} << (8 * i);
    return number;
  }

  z_stream zlib_{};
  uLong header_crc_ = 0;
  uLong data_crc_ = 0;
  std::uint32_t data_length_ = 0;
};

}  // namespace

std::unique_ptr<Reader> make_gzip_decoder(std::unique_ptr<Reader> compressed,
                                          [[maybe_unused]] unsigned threads) {
  return std::make_unique<GzipDecoder>(std::move(compressed));
}

}  // namespace acistore
