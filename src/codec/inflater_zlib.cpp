// SPDX-License-Identifier: Apache-2.0
#define ZLIB_CONST
#include <zlib.h>

#include <cerrno>

#include "base/error.hpp"
#include "codec/inflater.hpp"

namespace acistore {
namespace {

class ZlibInflater final : public Inflater {
 public:
  ZlibInflater() {
    // A negative number of window bits: deflate without a frame.
    if (inflateInit2(&zlib_, -MAX_WBITS) != Z_OK) throw system_error(ENOMEM, "gzip");
  }
  ~ZlibInflater() override { inflateEnd(&zlib_); }

  void reset() override { inflateReset(&zlib_); }

  Step inflate(Bytes in, std::span<std::byte> out) override {
    zlib_.next_in = reinterpret_cast<const Bytef*>(in.data());
    zlib_.avail_in = static_cast<uInt>(in.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib_.avail_out = static_cast<uInt>(out.size());
    const int status = ::inflate(&zlib_, Z_NO_FLUSH);
    Step step{.status = Status::kMore,
              .produced = out.size() - zlib_.avail_out,
              .consumed = static_cast<std::ptrdiff_t>(in.size() - zlib_.avail_in)};
    switch (status) {
      case Z_STREAM_END:
        step.status = Status::kDone;
        break;
      case Z_OK:
      case Z_BUF_ERROR:  // no input left
        break;
      case Z_MEM_ERROR:
        throw system_error(ENOMEM, "gzip");
      default:
        step.status = Status::kDamaged;
        if (zlib_.msg != nullptr) step.damage = zlib_.msg;
    }
    return step;
  }

  std::uint32_t crc32(std::uint32_t crc, Bytes bytes) const override {
    return static_cast<std::uint32_t>(
        crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  }

 private:
  z_stream zlib_{};
};

}  // namespace

std::unique_ptr<Inflater> make_zlib_inflater() {
  return std::make_unique<ZlibInflater>();
}

}  // namespace acistore
