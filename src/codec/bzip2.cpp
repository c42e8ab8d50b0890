// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2.hpp"

#include <bzlib.h>

#include <utility>

#include "codec/decoder.hpp"

namespace acistore {
namespace {

class Bzip2Decoder final : public Decoder {
 public:
  explicit Bzip2Decoder(std::unique_ptr<Reader> compressed)
      : Decoder("bzip2", std::move(compressed)) {}
  ~Bzip2Decoder() override { close(); }

 private:
  bool start_stream() override {
    if (peek().empty()) return false;
    constexpr int kSilent = 0;
    constexpr int kFastAlgorithm = 0;  // at most 3.7 MB; the other one halves that and the speed
    if (BZ2_bzDecompressInit(&bzip2_, kSilent, kFastAlgorithm) != BZ_OK) throw_out_of_memory();
    open_ = true;
    return true;
  }

  bool decode_some(Bytes in, std::span<std::byte> out) override {
    // libbz2 does not write to its input, whatever the type says.
    bzip2_.next_in = const_cast<char*>(reinterpret_cast<const char*>(in.data()));
    bzip2_.avail_in = static_cast<unsigned>(in.size());
    bzip2_.next_out = reinterpret_cast<char*>(out.data());
    bzip2_.avail_out = static_cast<unsigned>(out.size());
    const int status = BZ2_bzDecompress(&bzip2_);
    advance(in.size() - bzip2_.avail_in, out.size() - bzip2_.avail_out);
    switch (status) {
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

  void finish_stream() override { close(); }

  void close() {
    if (std::exchange(open_, false)) BZ2_bzDecompressEnd(&bzip2_);
  }

  bz_stream bzip2_{};
  bool open_ = false;
};

}  // namespace

std::unique_ptr<Reader> make_bzip2_decoder(std::unique_ptr<Reader> compressed) {
  return std::make_unique<Bzip2Decoder>(std::move(compressed));
}

}  // namespace acistore
