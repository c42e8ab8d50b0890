// SPDX-License-Identifier: Apache-2.0
// What the codec tests decode: streams made by the same C libraries, and sources to serve them.
#ifndef ACISTORE_TESTS_UNIT_CODEC_COMPRESS_HPP
#define ACISTORE_TESTS_UNIT_CODEC_COMPRESS_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/reader.hpp"
#include "codec/codec.hpp"
#include "codec/inflater.hpp"
#include "runs_reader.hpp"

namespace acistore {

// `data` as one raw deflate stream, the middle of a gzip member.
std::string deflate_raw(std::string_view data);
std::uint32_t crc32_of(std::string_view data);
std::string little_endian(std::uint64_t number, std::size_t size);

// One gzip member without a name.
std::string gzip(std::string_view data);

std::string bzip2(std::string_view data, int level = 9);

// Check ids of the .xz format.
enum class XzCheck { kNone = 0, kCrc32 = 1, kCrc64 = 4, kSha256 = 10 };
std::string xz(std::string_view data, XzCheck check = XzCheck::kCrc64);

// One stream with blocks of `block_bytes` of the data, which tell their sizes.
std::string xz_blocks(std::string_view data, std::size_t block_bytes);

#if ACISTORE_WITH_ZSTD
// One frame with a checksum.
std::string zstd(std::string_view data);
#endif

// Bytes that compress about as well as text does, always the same.
std::string sample(std::size_t size);

// Serves its bytes and then fails as a disk does.
class FailingReader final : public Reader {
 public:
  explicit FailingReader(std::string_view bytes) : bytes_(bytes) {}
  std::size_t read(std::span<std::byte> out) override;

 private:
  RunsReader bytes_;
};
// How a test decodes. decode_on() is decode() itself; decode_by() takes the stream for gzip and
// decodes it by a given library.
using Decode = std::function<DecodedStream(Reader& compressed)>;
Decode decode_on(unsigned threads);
Decode decode_by(std::unique_ptr<Inflater> (*make_inflater)());

// The libraries that the build has for gzip.
struct InflaterKind {
  std::string name;
  std::unique_ptr<Inflater> (*make)();
};
const std::vector<InflaterKind>& inflaters();

// All that decode() makes of `compressed`: the bytes that came, and the Error that ended them.
struct Outcome {
  Compression compression;
  std::string bytes;
  std::optional<Error> error;
};
Outcome decode_all(std::string_view compressed, std::size_t run = 1 << 16,
                   const Decode& decode = decode_on(1));

// Checks that two threads make of `compressed` what one makes, and returns that.
Outcome check_threads(std::string_view compressed, std::size_t run = 1 << 16);

// The message of the error, of which the kind must be kInvalid; empty if there was none.
std::string refusal(const Outcome& outcome);

}  // namespace acistore

#endif
