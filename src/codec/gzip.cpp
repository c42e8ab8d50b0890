// SPDX-License-Identifier: Apache-2.0
#include "codec/gzip.hpp"

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
// Numbers are little-endian. A library inflates; the frame is read here, so that an error can say
// which field is wrong and what it should have been.
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
  GzipDecoder(std::unique_ptr<Reader> compressed, std::unique_ptr<Inflater> inflater)
      : Decoder("gzip", std::move(compressed)), inflater_(std::move(inflater)) {}

 private:
  bool start_stream() override {
    if (peek().empty()) return false;
    if (offset() > 0 && pass_zeros() > 0) {
      // Padding of tapes and block devices. A member after it is not looked for: gzip does not.
      if (peek().empty()) return false;
      throw invalid("something follows the zero bytes after the last member");
    }
    const std::uint64_t start = offset();
    header_crc_ = 0;
    if (header_byte() != 0x1f || header_byte() != 0x8b)
      throw invalid_at(start, "something else follows the last member");
    read_header();
    inflater_->reset();
    data_crc_ = 0;
    data_length_ = 0;
    return true;
  }

  bool decode_some(Bytes in, std::span<std::byte> out) override {
    static_assert(Inflater::kMaxReadAhead <= kMaxGivenBack);
    const Inflater::Step step = inflater_->inflate(in, out);
    data_crc_ = inflater_->crc32(data_crc_, Bytes(out).first(step.produced));
    data_length_ += static_cast<std::uint32_t>(step.produced);
    if (step.consumed < 0) give_back(static_cast<std::size_t>(-step.consumed));
    advance(step.consumed > 0 ? static_cast<std::size_t>(step.consumed) : 0, step.produced);
    if (step.status == Inflater::Status::kDamaged) throw invalid("damaged", step.damage);
    return step.status == Inflater::Status::kDone;
  }

  void finish_stream() override {
    const std::uint64_t trailer = offset();
    const std::uint32_t crc = take_number(4);
    const std::uint32_t length = take_number(4);
    if (crc != data_crc_)
      throw invalid_at(trailer, "the checksum of the data is wrong",
                       stored_and_computed(hex(crc), hex(data_crc_)));
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
    header_crc_ = inflater_->crc32(header_crc_, std::as_bytes(std::span(&byte, 1)));
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

  std::unique_ptr<Inflater> inflater_;
  std::uint32_t header_crc_ = 0;
  std::uint32_t data_crc_ = 0;
  std::uint32_t data_length_ = 0;
};

}  // namespace

std::unique_ptr<Reader> make_gzip_decoder(std::unique_ptr<Reader> compressed, unsigned) {
#if ACISTORE_WITH_ISAL
  return make_gzip_decoder(std::move(compressed), make_isal_inflater());
#else
  return make_gzip_decoder(std::move(compressed), make_zlib_inflater());
#endif
}

std::unique_ptr<Reader> make_gzip_decoder(std::unique_ptr<Reader> compressed,
                                          std::unique_ptr<Inflater> inflater) {
  return std::make_unique<GzipDecoder>(std::move(compressed), std::move(inflater));
}

}  // namespace acistore
