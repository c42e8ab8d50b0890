// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_block.hpp"

#include <algorithm>

namespace acistore {
namespace {

// How much of either a step takes at most: some milliseconds.
constexpr std::size_t kStepInput = std::size_t{32} * 1024;
constexpr std::size_t kStepOutput = std::size_t{256} * 1024;

}  // namespace

void Bzip2BlockDecoder::start(const Bzip2Segment& segment) {
  segment_ = &segment;
  given_ = 0;
  block_decoded_ = false;
  any_output_ = false;
  state_ = bzip2_.open() ? State::kGoesOn : State::kNotRight;
}

std::size_t Bzip2BlockDecoder::step(std::span<std::byte> out) {
  const Bytes stream = segment_->stream.bytes();
  const std::size_t end = block_decoded_ ? stream.size() : segment_->block_bytes();
  const Bytes in = stream.subspan(given_, std::min(end - given_, kStepInput));
  out = out.first(std::min(out.size(), kStepOutput));
  const Bzip2Stream::Step step = bzip2_.decode(in, out);
  given_ += step.consumed;
  any_output_ = any_output_ || step.produced > 0;
  const bool took_all = given_ == end;
  if (step.status == BZ_STREAM_END) {
    state_ = block_decoded_ && took_all && segment_->is_last ? State::kRight : State::kNotRight;
  } else if (step.status != BZ_OK) {
    state_ = State::kNotRight;
  } else if (took_all && step.produced < out.size()) {
    // It has no more to give and wants more input.
    if (block_decoded_) {
      state_ = segment_->is_last ? State::kNotRight : State::kRight;
    } else if (any_output_) {
      block_decoded_ = true;
    } else {
      state_ = State::kNotRight;
    }
  }
  if (state_ != State::kGoesOn) bzip2_.close();
  return step.produced;
}

}  // namespace acistore
