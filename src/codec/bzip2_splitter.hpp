// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_BZIP2_SPLITTER_HPP
#define ACISTORE_CODEC_BZIP2_SPLITTER_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "base/reader.hpp"
#include "base/source.hpp"
#include "codec/bzip2_bits.hpp"
#include "codec/bzip2_place.hpp"

namespace acistore {

// What lies between a block's magic and the next magic, made into a stream of its own: a header,
// the block, and after it the magic that came next and the block's CRC.
//
// Nothing vouches for the second magic: the bits of a block may look like one. What libbz2 decodes
// from block_bytes() alone is right in any case, since the bits that fill the last of these bytes
// are those that stand there in the file too. That the block ends where the magic begins is known
// once libbz2 has also taken the rest, and has found the end of the stream if is_last.
struct Bzip2Segment {
  Bzip2Place place;  // of the block
  BitString stream;
  std::size_t block_end = 0;  // in bits of `stream`
  bool is_last = false;       // the end of the real stream comes next

  std::size_t block_bytes() const { return (block_end + 7) / 8; }
};

// Finds the blocks of a bzip2 file, of all its streams, and keeps what it has read until told that
// it is no longer needed.
class Bzip2Splitter {
 public:
  explicit Bzip2Splitter(std::unique_ptr<Reader> compressed);

  // Puts the next block into `segment` and returns true; false, and then ever after, if there is
  // none, or something is not as it should be: an end, an error of the reader, a CRC. The ends of
  // streams that were passed had the combined CRC that their blocks ask for.
  bool next(Bzip2Segment& segment);

  // Where the next block would begin, or what next() could make nothing of.
  const Bzip2Place& place() const { return place_; }

  // Nothing before `place` will be asked for.
  void release_before(const Bzip2Place& place);

  // All bytes from that of `place`, which was not released, to the end or the error of the reader.
  // The splitter is of no use after that.
  std::unique_ptr<Reader> rest_from(const Bzip2Place& place);

 private:
  bool pass_to_block();
  bool pass_header();
  bool pass_end();
  std::optional<std::uint64_t> find_block_end();

  // Reads on until the bits before `bit` are there; false if they are not to be had.
  bool have(std::uint64_t bit);
  bool read_more();

  Bytes window() const { return Bytes(buffer_).subspan(begin_, end_ - begin_); }
  std::size_t in_window(std::uint64_t bit) const {
    return static_cast<std::size_t>(bit - 8 * window_start_);
  }
  std::uint64_t bits(std::uint64_t from, std::size_t count) const {
    return read_bits(window(), in_window(from), count);
  }

  std::unique_ptr<Reader> compressed_;
  bool input_ended_ = false;
  std::exception_ptr input_failure_;

  // What was read and is still needed, in the middle of the buffer.
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t window_start_ = 0;  // the byte of the file that is at begin_

  Bzip2Place place_;
  bool stopped_ = false;
};

}  // namespace acistore

#endif
