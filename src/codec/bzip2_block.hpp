// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_BLOCK_HPP
#define ACISTORE_CODEC_BZIP2_BLOCK_HPP

#include <cstddef>
#include <span>

#include "codec/bzip2_splitter.hpp"
#include "codec/bzip2_stream.hpp"

namespace acistore {

// Decodes one block, over libbz2, in steps small enough that whoever wants to stop it need not wait
// for the whole.
class Bzip2BlockDecoder {
 public:
  enum class State {
    kGoesOn,   // step() has more to do
    kRight,    // the block is decoded, has the CRC that it should have and ends with the segment
    kNotRight  // damaged, or the segment is no block, or there is no memory
  };

  // Begins with `segment`, which must stay as it is until the block is decoded.
  void start(const Bzip2Segment& segment);

  // Decodes a little into `out`, which is not empty, and returns how many bytes it was, none often
  // enough. They are what stands in the file, even if state() says later that it is damaged.
  std::size_t step(std::span<std::byte> out);

  State state() const { return state_; }

 private:
  const Bzip2Segment* segment_ = nullptr;
  Bzip2Stream bzip2_;  // open while state_ is kGoesOn
  State state_ = State::kNotRight;
  std::size_t given_ = 0;       // bytes of the segment to libbz2
  bool block_decoded_ = false;  // libbz2 is to find the segment's end
  bool any_output_ = false;
};

}  // namespace acistore

#endif
