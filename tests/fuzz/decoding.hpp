// SPDX-License-Identifier: Apache-2.0
// What the targets of the codecs share.
#ifndef ACISTORE_TESTS_FUZZ_DECODING_HPP
#define ACISTORE_TESTS_FUZZ_DECODING_HPP

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/reader.hpp"
#include "base/source.hpp"
#include "codec/codec.hpp"
#include "property.hpp"
#include "runs_reader.hpp"

namespace acistore::fuzz {

// Opens a decoder of what the reader gives, which outlives it.
using Decode = std::function<std::unique_ptr<Reader>(Reader& compressed)>;

inline Decode decode_on(unsigned threads) {
  return [threads](Reader& compressed) { return decode(compressed, threads).bytes; };
}

// What a decoder made of an input, up to kMostDecoded bytes: some bytes of bzip2 become many
// millions.
struct Decoded {
  std::string bytes;
  std::string error;      // empty: none so far
  bool is_whole = false;  // read to its end without one
};
inline constexpr std::size_t kMostDecoded = std::size_t{3} << 20;

// Decodes what `decode` opens, `at_once` bytes at a time, of input that comes in runs of `run`.
inline Decoded decode_some(std::string_view compressed, const Decode& decode, std::size_t run,
                           std::size_t at_once) {
  Decoded decoded;
  RunsReader reader(compressed, run);
  std::vector<std::byte> buffer(at_once);
  const auto error = error_of({ErrorKind::kInvalid}, [&] {
    const auto decoder = decode(reader);
    while (decoded.bytes.size() < kMostDecoded) {
      const std::size_t count = decoder->read(buffer);
      require(count <= buffer.size(), "a decoder stays in its buffer");
      decoded.bytes += as_text(Bytes(buffer).first(count));
      if (count == 0) {
        require(decoder->read(buffer) == 0, "the end stays the end");
        decoded.is_whole = true;
        return;
      }
    }
  });
  // Whether the error comes within the bound depends on how much is read at once.
  decoded.bytes.resize(std::min(decoded.bytes.size(), kMostDecoded));
  if (error && decoded.bytes.size() < kMostDecoded) decoded.error = error->message();
  return decoded;
}

// Both bytes and error are the same; below the bound, also whether it ends.
inline void require_same(const Decoded& a, const Decoded& b, std::string_view property) {
  require(a.bytes == b.bytes, property,
          std::to_string(a.bytes.size()) + " and " + std::to_string(b.bytes.size()) + " bytes");
  require(a.error == b.error, property, a.error + "\n" + b.error);
  if (a.bytes.size() < kMostDecoded) require(a.is_whole == b.is_whole, property);
}

// The same where nothing is damaged. How much can be decoded before an error, and so what the error
// says, depends on how the bytes come.
inline void require_alike(const Decoded& a, const Decoded& b, std::string_view property) {
  if (a.is_whole && b.is_whole) return require_same(a, b, property);
  const std::size_t common = std::min(a.bytes.size(), b.bytes.size());
  require(a.bytes.compare(0, common, b.bytes, 0, common) == 0, property);
  if (std::max(a.bytes.size(), b.bytes.size()) < kMostDecoded)
    require(a.error.empty() == b.error.empty(), property, a.error + "\n" + b.error);
}

// How the bytes come and go makes no difference. Returns what they become.
inline Decoded check_runs(std::string_view compressed, const Decode& decode) {
  Decoded decoded = decode_some(compressed, decode, compressed.size() + 1, 1 << 16);
  const Decoded by_pieces = decode_some(compressed, decode, 7, 1009);
  require_alike(decoded, by_pieces, "how the bytes come makes no difference");
  return decoded;
}

// A decoder that is not read to its end goes in peace.
inline void check_abandoning(std::string_view compressed, const Decode& decode) {
  RunsReader reader(compressed, compressed.size() + 1);
  std::byte byte;
  error_of({ErrorKind::kInvalid}, [&] { decode(reader)->read({&byte, 1}); });
}

// One thread and two make the same of it, and so do runs of any length.
inline void check_codec(std::string_view compressed) {
  const Decoded serial = check_runs(compressed, decode_on(1));
  const Decoded parallel = decode_some(compressed, decode_on(2), compressed.size() + 1, 1 << 16);
  require_same(serial, parallel, "threads make no difference");
  check_abandoning(compressed, decode_on(2));
}

}  // namespace acistore::fuzz

#endif
