// SPDX-License-Identifier: Apache-2.0
#include "codec/xz.hpp"

#include <lzma.h>

#include <cstdint>
#include <string>
#include <utility>

#include "codec/codec.hpp"
#include "codec/decoder.hpp"

namespace acistore {
namespace {

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string((bytes >> 20) + ((bytes & 0xfffff) != 0 ? 1 : 0)) + " MiB";
}

// liblzma can go through several streams by itself (LZMA_CONCATENATED), but then reports damage and
// trailing rubbish alike. The padding between streams is simple enough to be read here.
class XzDecoder final : public Decoder {
 public:
  explicit XzDecoder(std::unique_ptr<Reader> compressed) : Decoder("xz", std::move(compressed)) {}
  ~XzDecoder() override { lzma_end(&lzma_); }

 private:
  bool start_stream() override {
    if (offset() > 0 && !pass_padding()) return false;
    // Used again for each stream: liblzma keeps the memory that it has.
    if (lzma_stream_decoder(&lzma_, kMaxDecoderMemory, LZMA_TELL_UNSUPPORTED_CHECK) != LZMA_OK)
      throw_out_of_memory();
    return true;
  }

  // Returns whether another stream begins after the padding.
  bool pass_padding() {
    constexpr unsigned kPaddingUnit = 4;
    constexpr std::byte kFirstByte{0xfd};
    const std::uint64_t padding = pass_zeros();
    if (!peek().empty() && peek().front() != kFirstByte)
      throw invalid("something else follows the last stream");
    if (padding % kPaddingUnit != 0)
      throw invalid("the padding after a stream is no multiple of four bytes");
    return !peek().empty();
  }

  bool decode_some(Bytes in, std::span<std::byte> out) override {
    lzma_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    lzma_.avail_in = in.size();
    lzma_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    lzma_.avail_out = out.size();
    const lzma_ret status = lzma_code(&lzma_, LZMA_RUN);
    advance(in.size() - lzma_.avail_in, out.size() - lzma_.avail_out);
    switch (status) {
      case LZMA_STREAM_END:
        return true;
      case LZMA_OK:
      case LZMA_BUF_ERROR:  // no input left
        return false;
      case LZMA_MEM_ERROR:
        throw_out_of_memory();
      case LZMA_MEMLIMIT_ERROR:
        throw invalid("over the limit for the memory of a decoder",
                      "needs " + mebibytes(lzma_memusage(&lzma_)) + ", limit " +
                          mebibytes(kMaxDecoderMemory));
      case LZMA_UNSUPPORTED_CHECK:
        throw invalid("unsupported kind of checksum",
                      "check id " + std::to_string(static_cast<int>(lzma_get_check(&lzma_))));
      case LZMA_OPTIONS_ERROR:
        throw invalid("unsupported filter or option");
      case LZMA_FORMAT_ERROR:
        throw invalid_at(stream_start(), "something else follows the last stream");
      default:
        // liblzma does not tell these apart.
        throw invalid("the data is damaged or its checksum is wrong");
    }
  }

  lzma_stream lzma_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Reader> make_xz_decoder(std::unique_ptr<Reader> compressed,
                                        [[maybe_unused]] unsigned threads) {
  return std::make_unique<XzDecoder>(std::move(compressed));
}

}  // namespace acistore
