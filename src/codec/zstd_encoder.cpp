// SPDX-License-Identifier: Apache-2.0
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "codec/encode.hpp"
#include "codec/zstd.hpp"

namespace acistore {
namespace {

class ZstdEncoder final : public Encoder {
 public:
  ZstdEncoder(const EncodeOptions& options, WriteEncoded write)
      : write_(std::move(write)), zstd_(ZSTD_createCCtx()), out_(ZSTD_CStreamOutSize()) {
    if (zstd_ == nullptr) throw system_error(ENOMEM, "zstd");
    set(ZSTD_c_compressionLevel, options.level);
    set(ZSTD_c_checksumFlag, 1);
    // Also for one thread: with any number of workers libzstd makes the same, and with none
    // something else. A libzstd that was built without threads only knows none.
    const int most = ZSTD_cParam_getBounds(ZSTD_c_nbWorkers).upperBound;
    set(ZSTD_c_nbWorkers, static_cast<int>(std::min<unsigned>(
                              options.threads, static_cast<unsigned>(std::max(most, 0)))));
    if (options.size) check(ZSTD_CCtx_setPledgedSrcSize(zstd_.get(), *options.size));
  }

  void write(Bytes bytes) override {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (in.pos < in.size)
      step(in, ZSTD_e_continue);
  }

  void finish() override {
    ZSTD_inBuffer nothing{nullptr, 0, 0};
    while (step(nothing, ZSTD_e_end) > 0) {
    }
  }

 private:
  // Returns how much there is still to be given, at least.
  std::size_t step(ZSTD_inBuffer& in, ZSTD_EndDirective directive) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const std::size_t left = check(ZSTD_compressStream2(zstd_.get(), &out, &in, directive));
    if (out.pos > 0) write_(Bytes(out_).first(out.pos));
    return left;
  }

  void set(ZSTD_cParameter parameter, int value) {
    check(ZSTD_CCtx_setParameter(zstd_.get(), parameter, value));
  }

  static std::size_t check(std::size_t result) {
    if (ZSTD_isError(result) == 0) return result;
    if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
      throw system_error(ENOMEM, "zstd");
    throw Error(ErrorKind::kIo, std::string("zstd: libzstd failed: ") + ZSTD_getErrorName(result));
  }

  struct Free {
    void operator()(ZSTD_CCtx* zstd) const { ZSTD_freeCCtx(zstd); }
  };

  WriteEncoded write_;
  std::unique_ptr<ZSTD_CCtx, Free> zstd_;
  std::vector<std::byte> out_;
};

}  // namespace

std::unique_ptr<Encoder> make_zstd_encoder(const EncodeOptions& options, WriteEncoded write) {
  return std::make_unique<ZstdEncoder>(options, std::move(write));
}

}  // namespace acistore
