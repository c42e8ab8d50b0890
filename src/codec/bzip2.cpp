// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2.hpp"

#include <bzlib.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "codec/bzip2_parallel.hpp"
#include "codec/bzip2_stream.hpp"
#include "codec/decoder.hpp"

namespace acistore {
namespace {

class Bzip2Decoder final : public Decoder {
 public:
  explicit Bzip2Decoder(std::unique_ptr<Reader> compressed)
      : Decoder("bzip2", std::move(compressed)) {}
  Bzip2Decoder(const Bzip2Place& place, std::unique_ptr<Reader> compressed)
      : Bzip2Decoder(std::move(compressed)) {
    const bool in_stream = place.level != 0;
    begin_at(place.byte(), in_stream);
    if (in_stream) enter_stream(place);
  }

 private:
  bool start_stream() override {
    if (peek().empty()) return false;
    open();
    return true;
  }

  void open() {
    if (!bzip2_.open()) throw_out_of_memory();
  }

  // Brings libbz2 to where it would be, had it decoded the stream up to `place`.
  void enter_stream(const Bzip2Place& place) {
    Bzip2Prefix prefix = make_bzip2_prefix(place.level, place.combined, place.bit_in_byte());
    if (place.bit_in_byte() > 0)
      prefix.bytes.back() |= std::byte{take_byte()} & (std::byte{0xff} >> place.bit_in_byte());
    open();
    std::array<std::byte, 1024> decoded;
    const Bzip2Stream::Step step = bzip2_.decode(prefix.bytes, decoded);
    if (step.status == BZ_MEM_ERROR) throw_out_of_memory();
    if (step.status != BZ_OK || step.consumed != prefix.bytes.size() ||
        step.produced != prefix.decoded_size)
      throw std::logic_error("libbz2 did not decode what it made");
  }

  bool decode_some(Bytes in, std::span<std::byte> out) override {
    const Bzip2Stream::Step step = bzip2_.decode(in, out);
    advance(step.consumed, step.produced);
    switch (step.status) {
      case BZ_STREAM_END:
        return true;
      case BZ_OK:
        return false;
      case BZ_MEM_ERROR:
        throw_out_of_memory();
      case BZ_DATA_ERROR_MAGIC:
        throw invalid_at(stream_start(), "something else follows the last stream");
      default:
        // libbz2 does not tell these apart.
        throw invalid("the data is damaged or its checksum is wrong");
    }
  }

  void finish_stream() override { bzip2_.close(); }

  Bzip2Stream bzip2_;
};

}  // namespace

std::unique_ptr<Reader> make_bzip2_decoder(std::unique_ptr<Reader> compressed, unsigned threads) {
  if (threads > 1) return make_parallel_bzip2_decoder(std::move(compressed), threads);
  return make_bzip2_decoder_at({}, std::move(compressed));
}

std::unique_ptr<Reader> make_bzip2_decoder_at(const Bzip2Place& place,
                                              std::unique_ptr<Reader> compressed) {
  return std::make_unique<Bzip2Decoder>(place, std::move(compressed));
}

}  // namespace acistore
