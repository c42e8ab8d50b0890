// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_DECODER_HPP
#define ACISTORE_CODEC_DECODER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "base/reader.hpp"
#include "base/source.hpp"

namespace acistore {

// What the formats share. All of them are a sequence of streams (gzip calls them members) that are
// decoded one after the other. An Error waits until the bytes that were decoded before it have been
// given; once thrown, it is thrown again by every further call.
class Decoder : public Reader {
 public:
  // Fills `out` unless the end or an error comes first, or no more compressed bytes come for now.
  std::size_t read(std::span<std::byte> out) final;

  bool is_idle() final;

 protected:
  // `format` is the name that errors begin with; it must outlive the decoder.
  Decoder(std::string_view format, std::unique_ptr<Reader> compressed);

  // Before anything else: what is read begins at byte `offset` of the compressed data, within a
  // stream or between two.
  void begin_at(std::uint64_t offset, bool in_stream);

  // Called at the start and after each stream: readies the decoder for the next stream and returns
  // true, or passes over what may follow the last one and returns false at the end.
  virtual bool start_stream() = 0;

  // Decodes some of `in` (empty at the end of the compressed data) into `out` (never empty),
  // reports both by advance(), also when it throws after that, and returns whether the stream is
  // complete.
  virtual bool decode_some(Bytes in, std::span<std::byte> out) = 0;

  // Called after each complete stream.
  virtual void finish_stream() {}

  void advance(std::size_t consumed, std::size_t produced);

  // Takes back the last `count` of the bytes that advance() consumed, at most kMaxGivenBack.
  void give_back(std::size_t count);
  static constexpr std::size_t kMaxGivenBack = 8;

  // The compressed bytes that come next; empty at the end only.
  Bytes peek();

  // The next compressed byte. Throws the error of truncated data at the end.
  std::uint8_t take_byte();

  // Passes over the zero bytes that come next and returns how many they were.
  std::uint64_t pass_zeros();

  // How many compressed bytes were consumed so far, and when start_stream() had returned.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t stream_start() const { return stream_start_; }

  // How many bytes were given so far, of all streams.
  std::uint64_t produced() const { return produced_; }

  // "FORMAT: WHAT at byte OFFSET of the compressed data (DETAIL)"
  Error invalid(std::string_view what, std::string_view detail = {}) const;
  Error invalid_at(std::uint64_t offset, std::string_view what, std::string_view detail = {}) const;

  [[noreturn]] void throw_out_of_memory() const;

 private:
  void work();

  std::string_view format_;
  std::unique_ptr<Reader> compressed_;
  // Begins with the kMaxGivenBack bytes that came before those that follow.
  std::unique_ptr<std::byte[]> buffer_;
  Bytes input_;  // what of it is not consumed
  bool input_ended_ = false;
  std::uint64_t offset_ = 0;
  std::uint64_t stream_start_ = 0;
  std::uint64_t produced_ = 0;
  std::span<std::byte> out_;
  bool in_stream_ = false;
  bool ended_ = false;
  std::optional<Error> failure_;
};

}  // namespace acistore

#endif
