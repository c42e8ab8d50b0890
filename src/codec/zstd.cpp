// SPDX-License-Identifier: Apache-2.0
#include "codec/zstd.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <utility>

#include "codec/codec.hpp"
#include "codec/decoder.hpp"

namespace acistore {
namespace {

// RFC 8878. A frame begins with one of these magic numbers, the skippable ones with any low half of
// the first byte. libzstd passes over the skippable frames, which hold no data.
constexpr std::size_t kMagicBytes = 4;
constexpr std::array<std::uint8_t, kMagicBytes> kFrame{0x28, 0xb5, 0x2f, 0xfd};
constexpr std::array<std::uint8_t, kMagicBytes> kSkippableFrame{0x50, 0x2a, 0x4d, 0x18};
constexpr std::uint8_t kSkippableMask = 0xf0;

// The largest window. Its decoder needs little more than that; one for the next power of two would
// go over the limit.
constexpr int kMaxWindowLog = std::bit_width(kMaxDecoderMemory) - 2;

// libzstd does not tell what it consumed and gave in a call that fails. It is fed one piece after
// the other, each as long as it asks for (mostly a block), so that only the damaged piece is lost.
class ZstdDecoder final : public Decoder {
 public:
  explicit ZstdDecoder(std::unique_ptr<Reader> compressed)
      : Decoder("zstd", std::move(compressed)), zstd_(ZSTD_createDCtx()) {
    if (zstd_ == nullptr ||
        ZSTD_isError(ZSTD_DCtx_setParameter(zstd_.get(), ZSTD_d_windowLogMax, kMaxWindowLog)) != 0)
      throw_out_of_memory();
  }

 private:
  bool start_stream() override {
    if (peek().empty()) return false;
    frame_start_ = piece_start_ = offset();
    const std::array<std::uint8_t, kMagicBytes>* magic = &kFrame;
    for (std::size_t i = 0; i < kMagicBytes; ++i) {
      std::uint8_t byte = take_byte();
      if (i == 0 && (byte & kSkippableMask) == kSkippableFrame[0]) {
        magic = &kSkippableFrame;
        byte &= kSkippableMask;
      }
      if (byte != (*magic)[i])
        throw invalid_at(frame_start_, "something else follows the last frame");
    }
    static_assert(kMagicBytes <= kMaxGivenBack);
    give_back(kMagicBytes);
    piece_left_ = kMagicBytes;
    return true;
  }

  bool decode_some(Bytes in, std::span<std::byte> out) override {
    // What libzstd still holds comes first, or a damaged piece would take it along.
    if (may_hold_output_) {
      const Step held = step({}, out);
      if (held.done || held.produced > 0) return held.done;
    }
    return step(in.first(std::min(in.size(), piece_left_)), out).done;
  }

  struct Step {
    std::size_t produced;
    bool done;
  };

  Step step(Bytes in, std::span<std::byte> out) {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t wanted = ZSTD_decompressStream(zstd_.get(), &output, &input);
    if (ZSTD_isError(wanted) != 0) fail(ZSTD_getErrorCode(wanted));
    advance(input.pos, output.pos);
    may_hold_output_ = output.pos == out.size();
    piece_left_ -= input.pos;
    if (piece_left_ == 0) {
      piece_left_ = wanted;
      piece_start_ = offset();
    }
    return {output.pos, wanted == 0};
  }

  [[noreturn]] void fail(ZSTD_ErrorCode code) const {
    switch (code) {
      case ZSTD_error_memory_allocation:
        throw_out_of_memory();
      case ZSTD_error_frameParameter_windowTooLarge:
        throw invalid_at(frame_start_, "over the limit for the memory of a decoder",
                         "its window is larger than " +
                             std::to_string(std::uint64_t{1} << kMaxWindowLog >> 20) + " MiB");
      case ZSTD_error_frameParameter_unsupported:
        throw invalid_at(frame_start_, "unsupported option of a frame");
      case ZSTD_error_dictionary_wrong:
        throw invalid_at(frame_start_, "the data cannot be decoded without its dictionary");
      case ZSTD_error_checksum_wrong:
        throw invalid_at(piece_start_, "the checksum of the data is wrong");
      default:
        throw invalid_at(piece_start_, "damaged");
    }
  }

  struct Free {
    void operator()(ZSTD_DCtx* zstd) const { ZSTD_freeDCtx(zstd); }
  };

  std::unique_ptr<ZSTD_DCtx, Free> zstd_;
  std::uint64_t frame_start_ = 0;
  std::uint64_t piece_start_ = 0;
  std::size_t piece_left_ = 0;
  bool may_hold_output_ = false;
};

}  // namespace

std::unique_ptr<Reader> make_zstd_decoder(std::unique_ptr<Reader> compressed, unsigned) {
  return std::make_unique<ZstdDecoder>(std::move(compressed));
}

}  // namespace acistore
