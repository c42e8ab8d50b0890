// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_sparse.hpp"

#include <string>

#include "aci/tar_builder.hpp"
#include "aci/tar_listing.hpp"
#include "catch.hpp"

using namespace acistore;
using namespace acistore::tar;
using Catch::Matchers::EndsWith;

namespace {

// "abc" at 2, "defgh" at 10, 20 bytes in all, and the stored bytes of it.
const std::string kStored = "abcdefgh";
const std::string kReal = "\0\0abc\0\0\0\0\0defgh\0\0\0\0\0"s;
const std::vector<SparseRegion> kRegions{{2, 3}, {10, 5}};

std::string region(std::uint64_t offset, std::uint64_t length) {
  return octal(offset, 11) + '\0' + octal(length, 11) + '\0';
}

Header old_header(std::uint64_t stored, const std::string& regions, std::uint64_t real) {
  return Header('S', "sparse", stored).gnu().set(386, regions).set(483, octal(real, 11));
}

std::string pax_0_1(std::string_view map, std::string_view count, std::string_view size = "20") {
  return pax({{"GNU.sparse.size", size},
              {"GNU.sparse.numblocks", count},
              {"GNU.sparse.name", "sparse"},
              {"GNU.sparse.map", map}}) +
         file("GNUSparseFile.1/sparse", kStored) + kEnd;
}

std::string pax_1_0(const std::string& map, std::string_view real = "20") {
  return pax({{"GNU.sparse.major", "1"},
              {"GNU.sparse.minor", "0"},
              {"GNU.sparse.name", "sparse"},
              {"GNU.sparse.realsize", real}}) +
         file("GNUSparseFile.1/sparse", padded(map) + kStored) + kEnd;
}

void check_sparse(const std::string& archive) {
  const First first = first_of(archive);
  CHECK(first.error.empty());
  CHECK(first.entry.path == "sparse");
  CHECK(first.entry.sparse);
  CHECK(first.entry.size == 20);
  CHECK(first.entry.regions == kRegions);
  CHECK(first.content == kReal);
}

}  // namespace

TEST_CASE("every way of storing a sparse file") {
  SECTION("GNU, type S") {
    check_sparse(old_header(8, region(2, 3) + region(10, 5), 20).text() + padded(kStored) + kEnd);
  }
  SECTION("pax 0.0") {
    check_sparse(pax({{"GNU.sparse.size", "20"},
                      {"GNU.sparse.numblocks", "2"},
                      {"GNU.sparse.offset", "2"},
                      {"GNU.sparse.numbytes", "3"},
                      {"GNU.sparse.offset", "10"},
                      {"GNU.sparse.numbytes", "5"}}) +
                 file("sparse", kStored) + kEnd);
  }
  SECTION("pax 0.1") {
    check_sparse(pax_0_1("2,3,10,5", "2"));
  }
  SECTION("pax 0.1 that names its version") {
    check_sparse(pax({{"GNU.sparse.major", "0"},
                      {"GNU.sparse.minor", "1"},
                      {"GNU.sparse.realsize", "20"},
                      {"GNU.sparse.numblocks", "2"},
                      {"GNU.sparse.map", "2,3,10,5"}}) +
                 file("sparse", kStored) + kEnd);
  }
  SECTION("pax 1.0") {
    check_sparse(pax_1_0("2\n2\n3\n10\n5\n"));
  }
  SECTION("pax 1.0, with a map of several blocks") {
    check_sparse(
        pax_1_0("2\n" + std::string(18, '0') + "2\n3\n10\n" + std::string(19, '0') + "5\n"));
  }
}

TEST_CASE("stored runs come with their place in the file") {
  const std::string archive = pax_1_0("2\n2\n3\n10\n5\n") + kEnd;
  RunSource source(archive, 1);
  TarReader reader(source);
  REQUIRE(reader.next() != nullptr);
  std::string text;
  for (DataRun run = reader.next_data(); !run.bytes.empty(); run = reader.next_data())
    text += std::to_string(run.offset) + std::string(as_text(run.bytes)) + " ";
  CHECK(text == "2a 3b 4c 10d 11e 12f 13g 14h ");
}

TEST_CASE("files of holes only, of nothing, and without a hole") {
  const std::string holes =
      pax_1_0("0\n").substr(0, 1024) + file("GNUSparseFile.1/sparse", padded("0\n")) + kEnd;
  CHECK(first_of(holes).content == std::string(20, '\0'));
  CHECK(first_of(old_header(0, region(200'000, 0), 200'000).text() + kEnd).content ==
        std::string(200'000, '\0'));
  CHECK(first_of(old_header(0, "", 0).text() + kEnd).error.empty());
  CHECK(first_of(old_header(8, region(0, 8), 8).text() + padded(kStored) + kEnd).content ==
        kStored);
}

TEST_CASE("a GNU map goes on in further blocks") {
  std::string regions;
  std::string stored;
  std::string real;
  for (std::uint64_t i = 0; i < 4 + 21 + 3; ++i) {
    regions += region(i * 10 + 9, 1);
    stored += static_cast<char>('A' + i);
    real += std::string(9, '\0') + stored.back();
  }
  const auto block = [&](std::size_t first, std::size_t count, char more) {
    std::string text = regions.substr(first * 24, count * 24);
    text.resize(512);
    text[504] = more;
    return text;
  };
  const std::string header = old_header(28, regions.substr(0, 96), 280).set(482, "\1").text();
  const std::string archive =
      header + block(4, 21, '\1') + block(25, 3, '\0') + padded(stored) + file("next") + kEnd;
  const First first = first_of(archive);
  CHECK(first.error.empty());
  CHECK(first.content == real);
  CHECK_THAT(listing(archive, 512, false),
             EndsWith("2 next next a regular file 0644 0:0 : 0 0.0 -> "
                      "0,0 acl ;\n"));
  CHECK(error_in(header + block(4, 21, '\1')) ==
        "entry 1 (\"sparse\"): the archive ends in the middle of a sparse map");
}

TEST_CASE("a sparse map that does not fit is refused") {
  const auto old_error = [](const std::string& regions, std::uint64_t real) {
    return error_in(old_header(8, regions, real).text() + padded(kStored) + kEnd);
  };
  const std::string place = "entry 1 (\"sparse\"): sparse map: ";
  CHECK(old_error(region(0, 4) + region(3, 4), 20) ==
        place + "a region of 4 bytes at 3 overlaps the one before or is out of order");
  CHECK(old_error(region(4, 4) + region(0, 4), 20) ==
        place + "a region of 4 bytes at 0 overlaps the one before or is out of order");
  CHECK(old_error(region(13, 8), 20) ==
        place + "a region of 8 bytes at 13 goes beyond the real size, 20");
  CHECK(old_error(region(0, 7), 20) == place + "the regions have 7 bytes, but 8 are stored");
  CHECK(old_error(region(0, 9), 20) == place + "the regions have 9 bytes, but 8 are stored");
  CHECK(error_in(old_header(8, region(0, 8), 0).set(483, base256(68719476737, 12)).text()) ==
        place + "the real size is 68719476737 bytes (limit 68719476736)");
  CHECK(old_error(base256(-1, 12) + octal(8, 11) + '\0', 20) ==
        place + "a region of 8 bytes at -1");
  CHECK(old_error("9" + region(0, 8).substr(1), 20) == place + "\"90000000000\\x00\" is no number");
  CHECK(error_in(old_header(8, region(0, 8), 0).set(483, base256(-1, 12)).text()) ==
        place + "the real size is -1");
}

TEST_CASE("a list in pax records that is none") {
  const auto error = [](std::string_view map, std::string_view count) {
    const std::string message = error_in(pax_0_1(map, count));
    const std::string place = "entry 1 (\"sparse\"): ";
    CHECK(message.substr(0, place.size()) == place);
    return message.substr(std::min(message.size(), place.size()));
  };
  CHECK(error("2,3,10", "2") == "sparse map: an offset without a length: \"10\"");
  CHECK(error("2,3,10,5,", "2") == "sparse map: a comma at the end");
  CHECK(error("2,3,x,5", "2") == "sparse map: \"x\" is no number");
  CHECK(error("2,3,,5", "2") == "sparse map: \"\" is no number");
  CHECK(error("2,3,10,-5", "2") == "sparse map: a region of -5 bytes at 10");
  CHECK(error("2,3,10,5", "3") == "pax GNU.sparse.numblocks is 3, but the map has 2 regions");
  CHECK(error("2,3,10,5", "x") == "pax GNU.sparse.numblocks \"x\" is no number");
  CHECK(error("2,3,10,5", "") == "pax GNU.sparse.numblocks is empty");
  CHECK(error_in(pax_0_1("2,3,10,5", "2", "-20")) ==
        "entry 1 (\"sparse\"): the real size of a sparse file is -20");
}

TEST_CASE("pairs in pax records come in turn") {
  const std::string place = "entry 1 at byte 0: pax ";
  CHECK(error_in(pax({{"GNU.sparse.numbytes", "3"}}) + file("a") + kEnd) ==
        place + "GNU.sparse.numbytes \"3\" is out of turn");
  CHECK(error_in(pax({{"GNU.sparse.offset", "3"}, {"GNU.sparse.offset", "4"}}) + file("a") +
                 kEnd) == place + "GNU.sparse.offset \"4\" is out of turn");
  CHECK(error_in(pax({{"GNU.sparse.offset", "3"}}) + file("a") + kEnd) ==
        place + "GNU.sparse.offset has no GNU.sparse.numbytes after it");
  CHECK(error_in(pax({{"GNU.sparse.offset", "x"}}) + file("a") + kEnd) ==
        place + "GNU.sparse.offset \"x\" is no number");
}

TEST_CASE("a map in front of the content that is none") {
  const auto error = [](const std::string& map) { return error_in(pax_1_0(map)); };
  const std::string place = "entry 1 (\"sparse\"): ";
  CHECK(error("x\n") == place + "sparse map: \"x\" is no number");
  CHECK(error("\n") == place + "sparse map: \"\" is no number");
  CHECK(error("-1\n") == place + "sparse map: -1 regions");
  CHECK(error("65537\n") == place + "sparse map: 65537 regions (limit 65536)");
  CHECK(error(std::string(21, '1') + "\n") ==
        place + "sparse map: \"" + std::string(21, '1') + "\" is no number");
  CHECK_THAT(error("1\n2\n"), EndsWith("\" is no number"));
  CHECK(error_in(pax({{"GNU.sparse.major", "1"}, {"GNU.sparse.minor", "0"}}) +
                 file("sparse", "1\n0\n5\nabcde") + kEnd) ==
        place + "the sparse map goes beyond the content");
}

TEST_CASE("a sparse map has a limit of regions") {
  std::vector<SparseRegion> regions(kMaxSparseRegions - 1);
  add_region(regions, 0, 0);
  CHECK_THROWS_WITH(add_region(regions, 0, 0),
                    "sparse map: more than 65536 regions (limit of a sparse map)");
}

TEST_CASE("what cannot be sparse, and sparse files of unknown kinds") {
  CHECK(error_in(Header('S', "x").text() + kEnd) ==
        "entry 1 (\"x\"): a sparse file of type S outside of a GNU archive");
  CHECK(error_in(pax({{"GNU.sparse.map", "0,0"}, {"GNU.sparse.numblocks", "1"}}) + directory("d") +
                 kEnd) == "entry 1 (\"d\"): a sparse map for a directory");
  CHECK(error_in(pax({{"GNU.sparse.major", "2"}, {"GNU.sparse.minor", "0"}}) + file("a") + kEnd) ==
        "entry 1 at byte 1024: pax GNU.sparse: version \"2\".\"0\" is unknown");
  // Half a set of records makes no sparse file.
  const First plain = first_of(pax({{"GNU.sparse.size", "20"}}) + file("a", "abc") + kEnd);
  CHECK(plain.entry.size == 3);
  CHECK_FALSE(plain.entry.sparse);
}
