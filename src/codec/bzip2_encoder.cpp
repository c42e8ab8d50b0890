// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_encoder.hpp"

#include <bzlib.h>

#include <cerrno>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "codec/encode.hpp"
#include "codec/piece_encoder.hpp"

namespace acistore {
namespace {

// What fits into a block of level 1, unless there are many runs of just four equal bytes; the rest
// is then a second, small block of the same stream.
constexpr std::size_t kBlockBytes = 100'000;
constexpr std::size_t kBlockReserve = 20;

std::size_t compress(int level, const Piece& piece, std::vector<std::byte>& out) {
  // By the manual of libbz2, a hundredth and 600 bytes more is always enough.
  const std::size_t most = piece.bytes.size() + piece.bytes.size() / 100 + 600;
  if (out.size() < most) out.resize(most);
  auto size = static_cast<unsigned>(out.size());
  constexpr int kSilent = 0;
  constexpr int kUsualWorkFactor = 0;
  // libbz2 does not write to its input, whatever the type says.
  char* const in = const_cast<char*>(reinterpret_cast<const char*>(piece.bytes.data()));
  const int status = BZ2_bzBuffToBuffCompress(reinterpret_cast<char*>(out.data()), &size, in,
                                              static_cast<unsigned>(piece.bytes.size()), level,
                                              kSilent, kUsualWorkFactor);
  if (status == BZ_MEM_ERROR) throw system_error(ENOMEM, "bzip2");
  if (status != BZ_OK)
    throw Error(ErrorKind::kIo, "bzip2: libbz2 failed: " + std::to_string(status));
  return size;
}

}  // namespace

std::unique_ptr<Encoder> make_bzip2_encoder(const EncodeOptions& options, WriteEncoded write) {
  const int level = options.level;
  return std::make_unique<PieceEncoder>(
      PieceOptions{.piece_bytes = static_cast<std::size_t>(level) * kBlockBytes - kBlockReserve,
                   .before_bytes = 0,
                   .threads = options.threads,
                   .make_compressor = [level]() -> CompressPiece {
                     return [level](const Piece& piece, std::vector<std::byte>& out) {
                       return compress(level, piece, out);
                     };
                   }},
      std::move(write));
}

}  // namespace acistore
