// SPDX-License-Identifier: Apache-2.0
// However the bytes arrive, the reader sees the same archive.
#include <string>

#include "aci/tar_builder.hpp"
#include "aci/tar_listing.hpp"
#include "catch.hpp"

using namespace acistore;
using namespace acistore::tar;

namespace {

// One of everything, in front of an end of some kind.
std::string medley(const std::string& end) {
  return special('g', record("mtime", "5")) + file("manifest", "{}") + directory("rootfs/") +
         special('L', "rootfs/" + std::string(150, 'l')) + file("x", std::string(1500, 'a')) +
         pax({{"path", "rootfs/p"}, {"SCHILY.xattr.user.a", std::string(600, 'v')}}) +
         file("x", std::string(512, 'b')) + Header('2', "rootfs/s").link("p").text() +
         pax({{"GNU.sparse.major", "1"},
              {"GNU.sparse.minor", "0"},
              {"GNU.sparse.name", "rootfs/sp"},
              {"GNU.sparse.realsize", "5000"}}) +
         file("x", padded("2\n10\n700\n4000\n1000\n") + std::string(1700, 's')) +
         Header('S', "rootfs/old", 3)
             .gnu()
             .set(386, octal(7, 11) + '\0' + octal(3, 11) + '\0')
             .set(483, octal(99, 11))
             .text() +
         padded("old") + Header('3', "rootfs/dev").text() + end;
}

}  // namespace

TEST_CASE("an archive is the same in runs of any length") {
  const std::string archives[] = {
      medley(kEnd),
      medley(""),
      medley(std::string(512, '\0')),
      medley(kEnd + "rubbish"),
      medley(file("last", "no padding")).substr(0, medley("").size() + 522),
      medley(special('L', "lonely")),
      medley(file("../x")),
      medley(std::string(512, 'x')),
      medley(std::string(512, '\0') + file("x")),
      medley(file("cut", std::string(600, 'c'))).substr(0, medley("").size() + 900),
      medley(special('x', "junk") + file("x")),
      "",
      "x",
  };
  for (const std::string& archive : archives) {
    for (const bool with_content : {true, false}) {
      const std::string whole = listing(archive, archive.size() + 1, with_content);
      for (const std::size_t run : {1U, 7U, 511U, 512U, 513U}) {
        CAPTURE(run, with_content, archive.size());
        CHECK(listing(archive, run, with_content) == whole);
      }
    }
  }
}

TEST_CASE("an archive cut anywhere is refused, or cut where it could end") {
  const std::string archive = medley(kEnd);
  std::size_t accepted = 0;
  for (std::size_t length = 0; length <= archive.size(); ++length) {
    const std::string error = error_in(std::string_view(archive).substr(0, length));
    if (error.empty())
      ++accepted;
    else if (error.rfind("entry ", 0) != 0)
      FAIL("cut at " << length << ": " << error);
  }
  // Before anything; after an entry with or without each byte of its padding, unless a special
  // header follows at once; after the zeros.
  CHECK(accepted > 10);
  CHECK(accepted < archive.size() / 2);
}
