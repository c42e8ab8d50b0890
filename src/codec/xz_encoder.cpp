// SPDX-License-Identifier: Apache-2.0
#include "codec/xz_encoder.hpp"

#include <lzma.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "codec/encode.hpp"

namespace acistore {
namespace {

constexpr std::size_t kOutputBytes = std::size_t{256} * 1024;

// What liblzma takes by itself today, fixed, so that the bytes stay the same. Smaller blocks
// compress worse, since each begins with an empty dictionary.
constexpr std::uint64_t kDictionariesInBlock = 3;
constexpr std::uint64_t kLeastBlockBytes = std::uint64_t{1} << 20;

class XzEncoder final : public Encoder {
 public:
  XzEncoder(const EncodeOptions& options, WriteEncoded write)
      : write_(std::move(write)), out_(kOutputBytes) {
    lzma_options_lzma preset{};
    lzma_lzma_preset(&preset, static_cast<std::uint32_t>(options.level));
    lzma_mt settings{};
    settings.threads = std::min(options.threads, kMostThreads);
    settings.block_size = std::max(kDictionariesInBlock * preset.dict_size, kLeastBlockBytes);
    settings.preset = static_cast<std::uint32_t>(options.level);
    settings.check = LZMA_CHECK_CRC64;
    // Never the encoder for one thread: it writes blocks without their sizes.
    if (lzma_stream_encoder_mt(&lzma_, &settings) != LZMA_OK) throw system_error(ENOMEM, "xz");
  }
  ~XzEncoder() override { lzma_end(&lzma_); }

  void write(Bytes bytes) override {
    lzma_.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    lzma_.avail_in = bytes.size();
    while (lzma_.avail_in > 0)
      step(LZMA_RUN);
  }

  void finish() override {
    while (!step(LZMA_FINISH)) {
    }
  }

 private:
  static constexpr std::uint32_t kMostThreads = 1'024;

  // Returns whether that was all.
  bool step(lzma_action action) {
    lzma_.next_out = reinterpret_cast<std::uint8_t*>(out_.data());
    lzma_.avail_out = out_.size();
    const lzma_ret status = lzma_code(&lzma_, action);
    if (status == LZMA_MEM_ERROR) throw system_error(ENOMEM, "xz");
    if (status != LZMA_OK && status != LZMA_STREAM_END)
      throw Error(ErrorKind::kIo,
                  "xz: liblzma failed: " + std::to_string(static_cast<int>(status)));
    const std::size_t made = out_.size() - lzma_.avail_out;
    if (made > 0) write_(Bytes(out_).first(made));
    return status == LZMA_STREAM_END;
  }

  WriteEncoded write_;
  std::vector<std::byte> out_;
  lzma_stream lzma_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Encoder> make_xz_encoder(const EncodeOptions& options, WriteEncoded write) {
  return std::make_unique<XzEncoder>(options, std::move(write));
}

}  // namespace acistore
