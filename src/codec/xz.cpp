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

// liblzma can go through several streams by itself (LZMA_CONCATENATED), but then reports damage and
// trailing rubbish alike. The padding between streams is simple enough to be read here.
class XzDecoder final : public Decoder {
 public:
  XzDecoder(std::unique_ptr<Reader> compressed, unsigned threads)
      : Decoder("xz", std::move(compressed)), threads_(threads) {}
  ~XzDecoder() override { lzma_end(&lzma_); }

 private:
  bool start_stream() override {
    if (offset() > 0 && !pass_padding()) return false;
    // Used again for each stream: liblzma keeps the memory that it has.
    if (start_decoder(LZMA_TELL_UNSUPPORTED_CHECK) != LZMA_OK) throw_out_of_memory();
    return true;
  }

  lzma_ret start_decoder(std::uint32_t flags) {
#if LZMA_VERSION >= UINT32_C(50040002)  // 5.4.0
    if (threads_ > 1) {
      lzma_mt options{};
      options.flags = flags;
      options.threads = threads_;
      options.memlimit_threading = kMaxDecoderMemory;
      options.memlimit_stop = kMaxDecoderMemory;
      return lzma_stream_decoder_mt(&lzma_, &options);
    }
#endif
    return lzma_stream_decoder(&lzma_, kMaxDecoderMemory, flags);
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
    // That no more comes is what makes it wait for its threads.
    const lzma_ret status = lzma_code(&lzma_, in.empty() ? LZMA_FINISH : LZMA_RUN);
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
        // With several threads liblzma does not tell how much it would need.
        throw invalid("over the limit for the memory of a decoder",
                      "needs more than " + std::to_string(kMaxDecoderMemory >> 20) + " MiB");
      case LZMA_UNSUPPORTED_CHECK:
        throw invalid("unsupported kind of checksum",
                      "check id " + std::to_string(static_cast<int>(lzma_get_check(&lzma_))));
      case LZMA_OPTIONS_ERROR:
        throw invalid("unsupported filter or option");
      case LZMA_FORMAT_ERROR:
        throw invalid_at(stream_start(), "something else follows the last stream");
      default:
        // liblzma does not tell these apart. With several threads it has read ahead, but given
        // exactly what comes before the damage.
        throw Error(ErrorKind::kInvalid,
                    "xz: the data is damaged or its checksum is wrong after byte " +
                        std::to_string(produced()) + " of the decompressed data");
    }
  }

  unsigned threads_;
  lzma_stream lzma_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Reader> make_xz_decoder(std::unique_ptr<Reader> compressed, unsigned threads) {
  return std::make_unique<XzDecoder>(std::move(compressed), threads);
}

}  // namespace acistore
