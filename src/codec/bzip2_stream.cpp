// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_stream.hpp"

#include <utility>

namespace acistore {

bool Bzip2Stream::open() {
  close();
  bzip2_ = {};
  constexpr int kSilent = 0;
  constexpr int kFastAlgorithm = 0;  // at most 3.7 MB; the other one halves that and the speed
  is_open_ = BZ2_bzDecompressInit(&bzip2_, kSilent, kFastAlgorithm) == BZ_OK;
  return is_open_;
}

Bzip2Stream::Step Bzip2Stream::decode(Bytes in, std::span<std::byte> out) {
  // Without room libbz2 takes what it needs to begin a block's output. Without input it gives that.
  const Step taken = call(in, out.first(0));
  if (taken.status != BZ_OK) return taken;
  Step given = call({}, out);
  if (given.status == BZ_DATA_ERROR && given.produced == 0) {
    // Either a CRC is wrong, or a run length is missing at the end of the block. Then libbz2 has
    // forgotten what it gave in this call and is where it was before: less room is filled before it
    // comes to that place. Whatever else it says to a second call does not count.
    for (std::size_t room = out.size() / 2; room > 0; room /= 2) {
      const Step retry = call({}, out.first(room));
      if (retry.status == BZ_OK && retry.produced > 0) {
        given = retry;
        break;
      }
      if (retry.status != BZ_DATA_ERROR) break;
    }
  }
  return {given.status, taken.consumed, given.produced};
}

void Bzip2Stream::close() {
  if (std::exchange(is_open_, false)) BZ2_bzDecompressEnd(&bzip2_);
}

Bzip2Stream::Step Bzip2Stream::call(Bytes in, std::span<std::byte> out) {
  // libbz2 does not write to its input, whatever the type says.
  bzip2_.next_in = const_cast<char*>(reinterpret_cast<const char*>(in.data()));
  bzip2_.avail_in = static_cast<unsigned>(in.size());
  bzip2_.next_out = reinterpret_cast<char*>(out.data());
  bzip2_.avail_out = static_cast<unsigned>(out.size());
  const int status = BZ2_bzDecompress(&bzip2_);
  return {status, in.size() - bzip2_.avail_in, out.size() - bzip2_.avail_out};
}

}  // namespace acistore
