// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_block.hpp"

#include <algorithm>
#include <utility>

namespace acistore {
namespace {

// How much of either a step takes at most: some milliseconds.
constexpr std::size_t kStepInput = std::size_t{32} * 1024;
constexpr std::size_t kStepOutput = std::size_t{256} * 1024;

}  // namespace

void Bzip2BlockDecoder::start(const Bzip2Segment& segment) {
  close();
  segment_ = &segment;
  bzip2_ = {};
  given_ = 0;
  block_decoded_ = false;
  any_output_ = false;
  open_ = BZ2_bzDecompressInit(&bzip2_, 0, 0) == BZ_OK;
  state_ = open_ ? State::kGoesOn : State::kNotRight;
}

std::size_t Bzip2BlockDecoder::step(std::span<std::byte> out) {
  const Bytes stream = segment_->stream.bytes();
  const std::size_t end = block_decoded_ ? stream.size() : segment_->block_bytes();
  const Bytes in = stream.subspan(given_, std::min(end - given_, kStepInput));
  out = out.first(std::min(out.size(), kStepOutput));
  // libbz2 does not write to its input, whatever the type says.
  bzip2_.next_in = const_cast<char*>(reinterpret_cast<const char*>(in.data()));
  bzip2_.avail_in = static_cast<unsigned>(in.size());
  bzip2_.next_out = reinterpret_cast<char*>(out.data());
  bzip2_.avail_out = static_cast<unsigned>(out.size());
  const int status = BZ2_bzDecompress(&bzip2_);
  given_ += in.size() - bzip2_.avail_in;
  const std::size_t count = out.size() - bzip2_.avail_out;
  any_output_ = any_output_ || count > 0;
  const bool took_all = given_ == end;
  if (status == BZ_STREAM_END) {
    state_ = block_decoded_ && took_all && segment_->is_last ? State::kRight : State::kNotRight;
  } else if (status != BZ_OK) {
    state_ = State::kNotRight;
  } else if (took_all && bzip2_.avail_out > 0) {
    // It has no more to give and wants more input.
    if (block_decoded_) {
      state_ = segment_->is_last ? State::kNotRight : State::kRight;
    } else if (any_output_) {
      block_decoded_ = true;
    } else {
      state_ = State::kNotRight;
    }
  }
  if (state_ != State::kGoesOn) close();
  return count;
}

void Bzip2BlockDecoder::close() {
  if (std::exchange(open_, false)) BZ2_bzDecompressEnd(&bzip2_);
}

}  // namespace acistore
