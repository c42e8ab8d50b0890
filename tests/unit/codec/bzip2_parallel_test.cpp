// SPDX-License-Identifier: Apache-2.0
// Whatever the file, several threads give what one gives and say what one says.
#include "codec/bzip2_parallel.hpp"

#include <bzlib.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "codec/bzip2.hpp"
#include "codec/bzip2_bits.hpp"
#include "codec/compress.hpp"
#include "errors.hpp"
#include "sample.hpp"

using namespace acistore;

namespace {

constexpr std::size_t kRun = std::size_t{1} << 16;

// One stream with a block for each of `pieces`.
std::string bzip2_blocks(const std::vector<std::string>& pieces, int level = 1) {
  bz_stream bzip2{};
  REQUIRE(BZ2_bzCompressInit(&bzip2, level, 0, 0) == BZ_OK);
  std::string out(std::size_t{1} << 20, '\0');
  bzip2.next_out = out.data();
  bzip2.avail_out = static_cast<unsigned>(out.size());
  for (std::string piece : pieces) {
    bzip2.next_in = piece.data();
    bzip2.avail_in = static_cast<unsigned>(piece.size());
    REQUIRE(BZ2_bzCompress(&bzip2, BZ_FLUSH) == BZ_RUN_OK);
  }
  REQUIRE(BZ2_bzCompress(&bzip2, BZ_FINISH) == BZ_STREAM_END);
  out.resize(bzip2.total_out_lo32);
  BZ2_bzCompressEnd(&bzip2);
  return out;
}

// Three streams of different levels, of which the second is empty.
std::string small_file() {
  return bzip2_blocks({sample(20), "b", sample(40)}, 1) + bzip2("") +
         bzip2_blocks({"d", sample(30)}, 2);
}

std::string text_of(const BitString& bits) {
  return std::string(as_text(bits.bytes()));
}

// `file` with `inserted` put before bit `at`.
std::string insert_bits(const std::string& file, std::size_t at, const BitString& inserted) {
  BitString bits;
  bits.append(as_bytes(file), 0, at);
  bits.append(inserted.bytes(), 0, inserted.size());
  bits.append(as_bytes(file), at, 8 * file.size() - at);
  return text_of(bits);
}

std::size_t magic_after(const std::string& file, std::size_t bit) {
  return find_bzip2_magic(as_bytes(file), bit).value();
}

// Where the end of the stream `file` begins.
std::size_t find_end(const std::string& file) {
  std::size_t at = magic_after(file, 0);
  while (read_bits(as_bytes(file), at, kBzip2MagicBits) != kBzip2EndMagic)
    at = magic_after(file, at + 1);
  return at;
}

// `file`, a stream, with more selectors of coding tables in its first block than that needs: bits
// that libbz2 reads and does not use, and that read as `magic`.
std::string with_false_magic(const std::string& file, std::uint64_t magic) {
  const Bytes bytes = as_bytes(file);
  std::size_t at = kBzip2HeaderBits + kBzip2MagicBits + kBzip2CrcBits + 1 + 24;
  for (std::uint64_t ranges = read_bits(bytes, at, 16); ranges != 0; ranges &= ranges - 1)
    at += 16;
  at += 16;
  REQUIRE(read_bits(bytes, at, 3) >= 3);  // tables: a selector is up to two ones and a zero
  at += 3;
  const std::size_t count_at = at;
  const std::uint64_t count = read_bits(bytes, at, 15);
  at += 15;
  for (std::uint64_t i = 0; i < count; ++at)
    i += read_bits(bytes, at, 1) ^ 1;
  BitString selectors;
  selectors.append(magic << 1, kBzip2MagicBits + 1);
  // Whatever the magic's CRC may be.
  selectors.append(0x12345678 & 0x5555'5554, kBzip2CrcBits);
  std::uint64_t more = 0;
  for (std::size_t i = 0; i < selectors.size(); ++i)
    more += read_bits(selectors.bytes(), i, 1) ^ 1;
  BitString bits;
  bits.append(bytes, 0, count_at);
  bits.append(count + more, 15);
  bits.append(bytes, count_at + 15, at - count_at - 15);
  bits.append(selectors.bytes(), 0, selectors.size());
  // Without the bits that fill the last byte, since there are others now.
  const std::size_t end = find_end(file) + kBzip2MagicBits + kBzip2CrcBits;
  bits.append(bytes, at, end - at);
  return text_of(bits);
}

}  // namespace

TEST_CASE("bzip2 decodes in several threads, whatever the size and level") {
  const std::vector<std::pair<std::size_t, int>> cases{
      {0, 1}, {1, 1}, {99980, 1}, {99981, 1}, {99982, 1}, {350000, 1}, {500000, 2}, {1000000, 9}};
  for (const auto& [size, level] : cases) {
    INFO(size << " bytes, level " << level);
    const std::string data = sample(size);
    const Outcome outcome = decode_all(bzip2(data, level), kRun, decode_on(2));
    CHECK(refusal(outcome) == "");
    CHECK((outcome.bytes == data));
  }
}

TEST_CASE("any number of threads decodes bzip2") {
  const std::string data = sample(600000);
  const std::string compressed = bzip2(data, 1);
  for (const unsigned threads : {2U, 3U, 12U, 1000U})
    CHECK((decode_all(compressed, kRun, decode_on(threads)).bytes == data));
}

TEST_CASE("streams of bzip2 that follow each other decode in several threads") {
  std::string compressed;
  std::string data;
  for (int level = 1; level <= 9; ++level) {
    const std::string part = sample(static_cast<std::size_t>(level) * 15000);
    compressed += bzip2(part, level) + bzip2("", 10 - level);
    data += part;
  }
  const Outcome outcome = decode_all(compressed, kRun, decode_on(3));
  CHECK(refusal(outcome) == "");
  CHECK((outcome.bytes == data));

  // More empty ones than are passed over in a row.
  std::string empty;
  for (int i = 0; i < 1200; ++i)
    empty += bzip2("", 1);
  CHECK(check_threads(compressed + empty + compressed).bytes.size() == 2 * data.size());
}

TEST_CASE("however bzip2 is cut into runs, several threads decode it") {
  const std::string file = small_file();
  for (std::size_t run = 1; run <= file.size(); run += 3)
    CHECK(refusal(check_threads(file, run)) == "");
  const std::string larger = bzip2(sample(250000), 1) + "x";
  check_threads(larger, 1);
  check_threads(larger, 999);
}

TEST_CASE("several threads refuse a bzip2 file cut off anywhere as one does") {
  const std::string file = small_file();
  for (std::size_t size = 0; size < file.size(); size += sampled(2)) {
    INFO("cut off at " << size);
    check_threads(file.substr(0, size));
  }
  const std::string larger = bzip2(sample(350000), 1);
  for (std::size_t size = 1000; size < larger.size(); size += larger.size() / 6)
    CHECK(refusal(check_threads(larger.substr(0, size))) != "");
}

TEST_CASE("several threads make of a flipped bit in bzip2 what one does") {
  const std::string file = small_file();
  for (std::size_t bit = 0; bit < 8 * file.size(); bit += sampled(13)) {
    INFO("bit " << bit);
    std::string damaged = file;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (0x80 >> bit % 8));
    check_threads(damaged);
  }
  const std::string larger = bzip2(sample(350000), 1);
  for (std::size_t byte = 17; byte < larger.size(); byte += larger.size() / 8) {
    std::string damaged = larger;
    damaged[byte] = static_cast<char>(damaged[byte] ^ 4);
    check_threads(damaged);
  }
}

TEST_CASE("several threads refuse what follows bzip2 as one does") {
  const std::string file = small_file();
  for (const std::string& rubbish :
       {std::string("x"), std::string(1, '\0'), std::string(1000, '\0'), std::string("BZh"),
        std::string("BZh0"), std::string("BZh91AY&S"), std::string("BZh91AY&SZ and more"),
        std::string("BZh91AY&SY and more"), gzip("abc"), file.substr(0, 30)}) {
    CHECK(refusal(check_threads(file + rubbish)) != "");
    check_threads(file + rubbish + file);
  }
}

TEST_CASE("a magic of bzip2 within a block is none") {
  const std::string start = bzip2_blocks({sample(3000), sample(100)});
  for (const std::uint64_t magic : {kBzip2BlockMagic, kBzip2EndMagic}) {
    const std::string file = with_false_magic(start, magic);
    const std::size_t first = magic_after(file, kBzip2HeaderBits + 1);
    CHECK(first < 8 * file.size() / 2);
    const Outcome outcome = check_threads(small_file() + file + small_file());
    CHECK(refusal(outcome) == "");
    CHECK(outcome.bytes.find(sample(3000) + sample(100)) != std::string::npos);
  }
}

TEST_CASE("bits between two blocks of bzip2 are refused") {
  const std::string file = bzip2_blocks({sample(3000), sample(2000), sample(100)});
  const std::size_t second = magic_after(file, kBzip2HeaderBits + 1);
  const std::size_t third = magic_after(file, second + 1);
  const std::size_t end = magic_after(file, third + 1);
  for (const std::size_t at : {second, third, end}) {
    for (const std::size_t count : {1U, 2U, 3U, 7U, 8U, 9U, 31U, 32U, 48U, 50U}) {
      BitString gap;
      gap.append(as_bytes(sample(8)), 0, count);
      CHECK(refusal(check_threads(insert_bits(file, at, gap))) != "");
    }
  }
}

TEST_CASE("a block of bzip2 larger than its level allows is refused") {
  std::string file = bzip2(sample(100), 2) + bzip2(sample(450000), 2);
  const std::size_t level_at = bzip2(sample(100), 2).size() + 3;
  file[level_at] = '1';
  CHECK(refusal(check_threads(file)) != "");
}

TEST_CASE("a block of bzip2 that run lengths make much larger is decoded as it is asked for") {
  // Blocks of 5 MB.
  const std::string zeros(std::size_t{7} << 20, '\0');
  const std::string compressed = bzip2(zeros, 1) + bzip2(sample(1000));
  const Outcome outcome = check_threads(compressed);
  CHECK(refusal(outcome) == "");
  CHECK(outcome.bytes.size() == zeros.size() + 1000);
  // A CRC that turns out to be wrong when most of the block was given.
  const std::size_t second = magic_after(compressed, kBzip2HeaderBits + 1);
  for (const std::size_t block : {std::size_t{kBzip2HeaderBits}, second}) {
    std::string damaged = compressed;
    const std::size_t bit = block + kBzip2MagicBits + 5;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (0x80 >> bit % 8));
    const Outcome refused = check_threads(damaged);
    CHECK(refusal(refused) != "");
    CHECK(refused.bytes.size() > (std::size_t{4} << 20));
  }
}

TEST_CASE("decoding of bzip2 can begin at any block") {
  std::string file = small_file() + bzip2_blocks({sample(100), sample(2000), "", "e"}, 3);
  const std::string all = decode_all(file).bytes;
  std::size_t level_at = 3;
  Bzip2Place place{.bit = kBzip2HeaderBits, .level = 1, .combined = 0};
  std::size_t places = 0;
  while (true) {
    const std::string rest = file.substr(place.byte());
    RunsReader below(rest);
    class Below final : public Reader {
     public:
      explicit Below(Reader& reader) : reader_(reader) {}
      std::size_t read(std::span<std::byte> out) override { return reader_.read(out); }

     private:
      Reader& reader_;
    };
    const auto decoder = make_bzip2_decoder_at(place, std::make_unique<Below>(below));
    std::string decoded(all.size() + 1, '\0');
    decoded.resize(read_full(*decoder, std::as_writable_bytes(std::span(decoded))));
    CHECK(all.ends_with(decoded));
    ++places;
    // The next magic, with the CRCs so far.
    const std::uint64_t magic = read_bits(as_bytes(file), place.bit, kBzip2MagicBits);
    const auto crc = static_cast<std::uint32_t>(
        read_bits(as_bytes(file), place.bit + kBzip2MagicBits, kBzip2CrcBits));
    if (magic == kBzip2EndMagic) {
      CHECK(crc == place.combined);
      level_at = (place.bit + 80 + 7) / 8 + 3;
      if (level_at > file.size()) break;
      place = {.bit = 8 * (level_at + 1), .level = file[level_at] - '0', .combined = 0};
    } else {
      CHECK(magic == kBzip2BlockMagic);
      place.combined = combine_bzip2_crc(place.combined, crc);
      place.bit = magic_after(file, place.bit + 1);
    }
  }
  CHECK(places == 3 + 1 + 1 + 2 + 1 + 3 + 1);
}

TEST_CASE("a prefix of bzip2 is made for every CRC and bit") {
  std::uint32_t combined = 0;
  for (int i = 0; i < (kIsSanitized ? 10 : 40); ++i) {
    for (std::size_t bit = 0; bit < 8; ++bit) {
      const Bzip2Prefix prefix = make_bzip2_prefix(1 + i % 9, combined, bit);
      // With the end of a stream after it, it is one.
      BitString stream;
      stream.append(prefix.bytes, 0, 8 * prefix.bytes.size() - (8 - bit) % 8);
      CHECK(stream.size() % 8 == bit);
      stream.append(kBzip2EndMagic, kBzip2MagicBits);
      stream.append(combined, kBzip2CrcBits);
      const Outcome outcome = decode_all(text_of(stream));
      CHECK(refusal(outcome) == "");
      CHECK(outcome.bytes.size() == prefix.decoded_size);
    }
    combined = i == 0 ? 0xffffffff : combined * 2654435761U + 12345;
  }
}

TEST_CASE("what several threads decode comes before the error, and the error comes again") {
  const std::string data = sample(350000);
  const std::string compressed = bzip2(data, 1) + "x";
  RunsReader reader(compressed);
  const DecodedStream stream = decode(reader, 2);
  std::string decoded(data.size() + 100, '\0');
  const auto room = std::as_writable_bytes(std::span(decoded));
  CHECK(stream.bytes->read(room.first(1)) == 1);
  CHECK(stream.bytes->read(room.subspan(1)) == data.size() - 1);
  CHECK((decoded.substr(0, data.size()) == data));
  for (int i = 0; i < 3; ++i) {
    const auto error = error_of([&] { stream.bytes->read(room); });
    REQUIRE(error);
    CHECK(error->message().starts_with("bzip2: something else follows the last stream"));
  }
}

TEST_CASE("an error of the reader below comes after what several threads made of the rest") {
  const std::string data = sample(350000);
  const std::string compressed = bzip2(data, 1);
  for (const std::size_t size : {compressed.size(), compressed.size() / 2}) {
    std::vector<std::pair<std::string, std::string>> outcomes;
    for (const unsigned threads : {1U, 2U}) {
      FailingReader reader(std::string_view(compressed).substr(0, size));
      const DecodedStream stream = decode(reader, threads);
      std::string decoded(data.size(), '\0');
      const auto room = std::as_writable_bytes(std::span(decoded));
      std::size_t filled = 0;
      const auto error = error_of([&] {
        while (true)
          filled += stream.bytes->read(room.subspan(filled, 1000));
      });
      REQUIRE(error);
      decoded.resize(filled);
      outcomes.emplace_back(decoded, error->message());
    }
    CHECK((outcomes[0] == outcomes[1]));
    CHECK(outcomes[0].second == "read: the disk is on fire");
    CHECK(outcomes[0].first.size() >= 90000);
  }
}

TEST_CASE("a parallel decoder of bzip2 may be given up at any time") {
  const std::string compressed = bzip2(sample(1000000), 1);
  for (const std::size_t size : {0U, 1U, 100000U, 500000U}) {
    RunsReader reader(compressed);
    const DecodedStream stream = decode(reader, 2);
    std::string decoded(size, '\0');
    CHECK(read_full(*stream.bytes, std::as_writable_bytes(std::span(decoded))) == size);
  }
}
