// SPDX-License-Identifier: Apache-2.0
#include "codec/compress.hpp"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#if ACISTORE_WITH_ZSTD
#include <zstd.h>
#endif

#include <algorithm>
#include <random>
#include <stdexcept>

#include "buffered_source.hpp"
#include "catch.hpp"
#include "codec/gzip.hpp"
#include "errors.hpp"

namespace acistore {
namespace {

void require(bool done) {
  if (!done) throw std::logic_error("the test could not compress its data");
}

// Enough for data that does not compress at all.
std::string room_for(std::string_view data) {
  return std::string(data.size() + data.size() / 50 + 1024, '\0');
}

// Passes on what another Reader gives, which somebody else keeps.
class ReaderAbove final : public Reader {
 public:
  explicit ReaderAbove(Reader& reader) : reader_(reader) {}
  std::size_t read(std::span<std::byte> out) override { return reader_.read(out); }

 private:
  Reader& reader_;
};

}  // namespace

std::string deflate_raw(std::string_view data) {
  std::string out = room_for(data);
  std::string in(data);
  z_stream zlib{};
  require(deflateInit2(&zlib, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  zlib.next_in = reinterpret_cast<Bytef*>(in.data());
  zlib.avail_in = static_cast<uInt>(in.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  require(deflate(&zlib, Z_FINISH) == Z_STREAM_END);
  out.resize(zlib.total_out);
  deflateEnd(&zlib);
  return out;
}

std::uint32_t crc32_of(std::string_view data) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(data.data()), data.size()));
}

std::string little_endian(std::uint64_t number, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

std::string gzip(std::string_view data) {
  return std::string("\x1f\x8b\x08\0\0\0\0\0\x02\x03", 10) + deflate_raw(data) +
         little_endian(crc32_of(data), 4) + little_endian(data.size(), 4);
}

std::string bzip2(std::string_view data, int level) {
  std::string out = room_for(data);
  std::string in(data);
  auto size = static_cast<unsigned>(out.size());
  require(BZ2_bzBuffToBuffCompress(out.data(), &size, in.data(), static_cast<unsigned>(in.size()),
                                   level, 0, 0) == BZ_OK);
  out.resize(size);
  return out;
}

namespace {

std::string finish_xz(lzma_stream& lzma, std::string_view data, std::size_t room) {
  std::string out(room, '\0');
  lzma.next_in = reinterpret_cast<const std::uint8_t*>(data.data());
  lzma.avail_in = data.size();
  lzma.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  lzma.avail_out = out.size();
  require(lzma_code(&lzma, LZMA_FINISH) == LZMA_STREAM_END);
  out.resize(lzma.total_out);
  lzma_end(&lzma);
  return out;
}

}  // namespace

std::string xz(std::string_view data, XzCheck check) {
  lzma_stream lzma = LZMA_STREAM_INIT;
  require(lzma_easy_encoder(&lzma, 1, static_cast<lzma_check>(check)) == LZMA_OK);
  return finish_xz(lzma, data, room_for(data).size());
}

std::string xz_blocks(std::string_view data, std::size_t block_bytes) {
  constexpr std::size_t kMostOfABlock = 200;  // beside its data
  lzma_stream lzma = LZMA_STREAM_INIT;
  lzma_mt options{};
  options.threads = 1;
  options.block_size = block_bytes;
  options.preset = 1;
  options.check = LZMA_CHECK_CRC32;
  require(lzma_stream_encoder_mt(&lzma, &options) == LZMA_OK);
  return finish_xz(lzma, data,
                   room_for(data).size() + (data.size() / block_bytes + 1) * kMostOfABlock);
}

#if ACISTORE_WITH_ZSTD
std::string zstd(std::string_view data) {
  std::string out(ZSTD_compressBound(data.size()), '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const std::size_t size =
      ZSTD_compress2(context, out.data(), out.size(), data.data(), data.size());
  require(ZSTD_isError(size) == 0);
  out.resize(size);
  ZSTD_freeCCtx(context);
  return out;
}
#endif

std::string sample(std::size_t size) {
  std::mt19937 random(1);
  std::string bytes;
  while (bytes.size() < size) {
    const std::size_t choice = random();
    if (bytes.size() > 64 && choice % 2 == 0) {
      const std::size_t from = random() % (bytes.size() - 32);
      bytes += bytes.substr(from, choice / 2 % 32);
    } else {
      bytes += static_cast<char>(choice / 2 % 256);
    }
  }
  bytes.resize(size);
  return bytes;
}

std::size_t FailingReader::read(std::span<std::byte> out) {
  if (const std::size_t count = bytes_.read(out)) return count;
  throw Error(ErrorKind::kIo, "read: the disk is on fire");
}

Decode decode_on(unsigned threads) {
  return [threads](Reader& compressed) { return decode(compressed, threads); };
}

Decode decode_by(std::unique_ptr<Inflater> (*make_inflater)()) {
  return [make_inflater](Reader& compressed) {
    return DecodedStream{
        Compression::kGzip,
        make_gzip_decoder(std::make_unique<ReaderAbove>(compressed), make_inflater())};
  };
}

const std::vector<InflaterKind>& inflaters() {
  static const std::vector<InflaterKind> kinds {
#if ACISTORE_WITH_ISAL
    {"ISA-L", make_isal_inflater},
#endif
#if ACISTORE_WITH_ZLIB
        {"zlib", make_zlib_inflater},
#endif
  };
  return kinds;
}

Outcome decode_all(std::string_view compressed, std::size_t run, const Decode& decode) {
  RunsReader reader(compressed, run);
  const DecodedStream stream = decode(reader);
  BufferedSource source(*stream.bytes);
  Outcome outcome{stream.compression, {}, {}};
  outcome.error = error_of([&] {
    for (Bytes bytes = source.next(); !bytes.empty(); bytes = source.next())
      outcome.bytes += as_text(bytes);
  });
  return outcome;
}

Outcome check_threads(std::string_view compressed, std::size_t run) {
  Outcome expected = decode_all(compressed, run, decode_on(1));
  const Outcome outcome = decode_all(compressed, run, decode_on(2));
  CHECK(outcome.compression == expected.compression);
  CHECK(refusal(outcome) == refusal(expected));
  CHECK(outcome.bytes.size() == expected.bytes.size());
  CHECK((outcome.bytes == expected.bytes));
  return expected;
}

std::string refusal(const Outcome& outcome) {
  if (!outcome.error) return "";
  CHECK(outcome.error->kind() == ErrorKind::kInvalid);
  return outcome.error->message();
}

}  // namespace acistore
