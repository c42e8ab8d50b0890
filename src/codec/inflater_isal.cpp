// SPDX-License-Identifier: Apache-2.0
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>

#include "codec/inflater.hpp"

namespace acistore {
namespace {

// ISA-L decodes up to 64 KiB into a buffer of its own and copies from there, and it reads up to
// eight bytes ahead.
class IsalInflater final : public Inflater {
 public:
  IsalInflater() { isal_inflate_init(&isal_); }

  void reset() override {
    isal_inflate_reset(&isal_);
    damage_ = {};
  }

  Step inflate(Bytes in, std::span<std::byte> out) override {
    if (!damage_.empty()) return {end_status(), take_pending(out), 0, damage_};
    // ISA-L does not write to its input, whatever the type says.
    isal_.next_in = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(in.data()));
    isal_.avail_in = static_cast<std::uint32_t>(in.size());
    isal_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    isal_.avail_out = static_cast<std::uint32_t>(out.size());
    const int status = isal_inflate(&isal_);
    // By its pointers: where it finds damage it has not yet given back what it takes off
    // avail_out and avail_in while there is much of both, and they may be below zero. Up to 257
    // bytes before the damage then belong to a copy that it has not made.
    Step step{.status = Status::kMore,
              .produced = static_cast<std::size_t>(
                  reinterpret_cast<const std::byte*>(isal_.next_out) - out.data()),
              .consumed = reinterpret_cast<const std::byte*>(isal_.next_in) - in.data()};
    if (status != ISAL_DECOMP_OK) {
      damage_ = name(status);
      step.damage = damage_;
      step.produced += take_pending(out.subspan(step.produced));
      step.status = end_status();
      step.consumed -= read_ahead();
    } else if (isal_.block_state == ISAL_BLOCK_FINISH) {
      step.status = Status::kDone;
      step.consumed -= read_ahead();
    }
    return step;
  }

  std::uint32_t crc32(std::uint32_t crc, Bytes bytes) const override {
    return crc32_gzip_refl(crc, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }

 private:
  static std::string_view name(int status) {
    switch (status) {
      case ISAL_INVALID_BLOCK:
        return "invalid block";
      case ISAL_INVALID_LOOKBACK:
        return "invalid distance";
      default:
        return "invalid code";
    }
  }

  // The whole bytes of input that wait in ISA-L. Newer versions have given them back by the end.
  std::ptrdiff_t read_ahead() const {
    return std::clamp(isal_.read_in_length / 8, 0, static_cast<int>(kMaxReadAhead));
  }

  // What was decoded before the damage; isal_inflate() does not give it any more.
  std::size_t take_pending(std::span<std::byte> out) {
    const Bytes pending = std::as_bytes(std::span(isal_.tmp_out_buffer))
                              .first(static_cast<std::size_t>(isal_.tmp_out_valid))
                              .subspan(static_cast<std::size_t>(isal_.tmp_out_processed));
    const std::size_t count = std::min(pending.size(), out.size());
    std::ranges::copy(pending.first(count), out.begin());
    isal_.tmp_out_processed += static_cast<std::int32_t>(count);
    return count;
  }

  Status end_status() const {
    return isal_.tmp_out_processed == isal_.tmp_out_valid ? Status::kDamaged : Status::kMore;
  }

  // With zeros, since a distance that reaches back too far copies what is there before it is found
  // out.
  inflate_state isal_{};
  std::string_view damage_;  // set once the data was found to be damaged
};

}  // namespace

std::unique_ptr<Inflater> make_isal_inflater() {
  return std::make_unique<IsalInflater>();
}

}  // namespace acistore
