// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_reader.hpp"

#include <algorithm>
#include <string>

#include "aci/tar_builder.hpp"
#include "aci/tar_listing.hpp"
#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;
using namespace acistore::tar;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

const std::string kGood = file("a", "content") + kEnd;

std::string type_of(char flag, const std::string& path = "x") {
  return std::string(describe(first_of(Header(flag, path).text() + kEnd).entry.type));
}

}  // namespace

TEST_CASE("a ustar header gives all its fields") {
  const auto [entry, content, error] = first_of(Header('0', "name", 3)
                                                    .prefix("the/prefix")
                                                    .mode("0104755")
                                                    .uid("0001750")
                                                    .gid("0001751")
                                                    .mtime("07346545000")
                                                    .set(265, "user")
                                                    .set(297, "group")
                                                    .text() +
                                                padded("abc") + kEnd);
  REQUIRE(error.empty());
  CHECK(entry.number == 1);
  CHECK(entry.raw_path == "the/prefix/name");
  CHECK(entry.path == "the/prefix/name");
  CHECK(entry.type == EntryType::kFile);
  CHECK(entry.mode == 04755);
  CHECK(entry.uid == 1000);
  CHECK(entry.gid == 1001);
  CHECK(entry.uname == "user");
  CHECK(entry.gname == "group");
  CHECK(entry.size == 3);
  CHECK(entry.mtime == TarTime{01'7346545000 - 01'0000000000, 0});
  CHECK(content == "abc");
}

TEST_CASE("a name may fill its field without a NUL") {
  const std::string name(100, 'n');
  const std::string prefix(155, 'p');
  CHECK(first_of(Header('0', name).prefix(prefix).text() + kEnd).entry.path == prefix + "/" + name);
}

TEST_CASE("a v7 header has neither prefix nor owner names") {
  const auto [entry, content, error] = first_of(
      Header('\0', "old", 2).v7().prefix("junk").set(265, "u").text() + padded("ab") + kEnd);
  CHECK(entry.path == "old");
  CHECK(entry.uname.empty());
  CHECK(content == "ab");
}

TEST_CASE("a star header has a shorter prefix") {
  const std::string star =
      Header('0', "n").prefix(std::string(131, 'p') + "00000000001 ").set(508, "tar").text();
  CHECK(first_of(star + kEnd).entry.path == std::string(131, 'p') + "/n");
}

TEST_CASE("a GNU header has times where ustar has the prefix") {
  CHECK(first_of(Header('0', "n").gnu().prefix("00000000001").text() + kEnd).entry.path == "n");
  // But Go before 1.8 wrote a prefix there.
  CHECK(first_of(Header('0', "n").gnu().prefix("rootfs/usr").text() + kEnd).entry.path ==
        "rootfs/usr/n");
  CHECK(first_of(Header('0', "n").gnu().prefix("rootfs/\xc3\xa4").text() + kEnd).entry.path == "n");
}

TEST_CASE("numbers may be in base 256") {
  const First first = first_of(Header('0', "n")
                                   .gnu()
                                   .uid(base256(3'000'000, 8))
                                   .gid(base256(-2, 8))
                                   .size(base256(2, 12))
                                   .mtime(base256(-86400, 12))
                                   .text() +
                               padded("ab") + kEnd);
  CHECK(first.entry.uid == 3'000'000);
  CHECK(first.entry.gid == -2);
  CHECK(first.entry.mtime == TarTime{-86400, 0});
  CHECK(first.content == "ab");
}

TEST_CASE("types") {
  CHECK(type_of('0') == "a regular file");
  CHECK(type_of('7') == "a regular file");
  CHECK(type_of('1') == "a hard link");
  CHECK(type_of('2') == "a symbolic link");
  CHECK(type_of('3') == "a character device");
  CHECK(type_of('4') == "a block device");
  CHECK(type_of('5') == "a directory");
  CHECK(type_of('6') == "a fifo");
  CHECK(type_of('D') == "a directory");
  CHECK(type_of('\0') == "a regular file");
  CHECK(type_of('\0', "x/") == "a directory");
  CHECK(type_of('0', "x/") == "a regular file");
  for (const char unknown : {'8', 'A', 'E', 'I', 'M', 'N', 'V', 'Z', 'z'}) {
    CAPTURE(unknown);
    CHECK(type_of(unknown) == "a regular file");
  }
}

TEST_CASE("only links have a target and only devices have numbers") {
  const auto made = [](char type) {
    return first_of(Header(type, "x").link("../t").set(329, "0000010").set(337, "0000021").text() +
                    kEnd)
        .entry;
  };
  for (const char link : {'1', '2'})
    CHECK(made(link).link == "../t");
  for (const char device : {'3', '4'}) {
    CHECK(made(device).dev_major == 8);
    CHECK(made(device).dev_minor == 17);
    CHECK(made(device).link.empty());
  }
  CHECK(made('2').dev_major == 0);
  CHECK(made('0').link.empty());
}

TEST_CASE("the size of what has no content is ignored, whatever it is") {
  for (const char type : {'1', '2', '3', '4', '5', '6'}) {
    for (const std::string& size : {octal(5000, 11), base256(-1, 12)}) {
      CAPTURE(type, size);
      const std::string text =
          listing(Header(type, "x").size(size).text() + file("next", "n") + kEnd, 512, true);
      CHECK_THAT(text, StartsWith("1 x x "));
      CHECK_THAT(text, EndsWith("2 next next a regular file 0644 0:0 : 1 0.0 -> 0,0 acl ; n\n"));
    }
  }
}

TEST_CASE("the list in a GNU directory is passed over") {
  const std::string text =
      listing(Header('D', "d", 600).gnu().text() + padded(std::string(600, 'Y')) + file("f") + kEnd,
              512, true);
  CHECK(text ==
        "1 d d a directory 0644 0:0 : 0 0.0 -> 0,0 acl ; \n"
        "2 f f a regular file 0644 0:0 : 0 0.0 -> 0,0 acl ; \n");
}

TEST_CASE("the size of a file must be one") {
  CHECK(error_in(Header('0', "x").size(base256(-1, 12)).text() + kEnd) ==
        "entry 1 (\"x\"): the size is -1");
  CHECK(error_in(Header('0', "x").size("12x").text() + kEnd) ==
        "entry 1 at byte 0: size in the header is no number: \"12x00000000\"");
  CHECK(error_in(Header('5', "x").size("12x").text() + kEnd) ==
        "entry 1 at byte 0: size in the header is no number: \"12x00000000\"");
  CHECK(error_in(Header('0', "x").size("\x80\0\0\1\0\0\0\0\0\0\0\0"s).text() + kEnd) ==
        "entry 1 at byte 0: size in the header is no number: \"\\x80\"");
  CHECK(error_in(Header('0', "x").size(base256((std::int64_t{64} << 30) + 1, 12)).text()) ==
        "entry 1 (\"x\"): the size is 68719476737 bytes (limit of the uncompressed size: "
        "68719476736)");
}

TEST_CASE("every other number must be one too") {
  const std::pair<std::size_t, std::string> fields[] = {
      {100, "mode"},  {108, "uid"},          {116, "gid"},
      {136, "mtime"}, {329, "device major"}, {337, "device minor"},
  };
  for (const auto& [at, name] : fields) {
    CHECK(error_in(file("a") + Header('0', "x").set(at, "9\0"s).text() + kEnd) ==
          "entry 2 at byte 512: " + name + " in the header is no number: \"9\"");
  }
}

TEST_CASE("checksums") {
  Header header('0', "caf\xc3\xa9");
  const long as_unsigned = header.checksum();
  const long as_signed = header.checksum<signed char>();
  REQUIRE(as_signed != as_unsigned);
  const auto with = [&](const std::string& field) {
    return error_in(header.with_checksum(field) + kEnd);
  };
  CHECK(with(octal(static_cast<std::uint64_t>(as_unsigned), 6) + "\0 "s).empty());
  CHECK(with(octal(static_cast<std::uint64_t>(as_unsigned), 8)).empty());
  CHECK(with(octal(static_cast<std::uint64_t>(as_signed), 6) + "\0 "s).empty());
  CHECK(with("0002322 ") ==
        "entry 1 at byte 0: header checksum is 1234, computed " + std::to_string(as_unsigned));
  CHECK(with("garbage!") == "entry 1 at byte 0: header checksum is \"garbage!\", computed " +
                                std::to_string(as_unsigned));
}

TEST_CASE("paths that are no paths are refused") {
  CHECK(error_in(file("a") + file("../x") + kEnd) ==
        "entry 2 (\"../x\"): path \"../x\" has a \"..\" component");
  CHECK(error_in(file("/x") + kEnd) == "entry 1 (\"/x\"): path \"/x\" begins with a slash");
  CHECK(error_in(pax({{"path", "a/../../x"}}) + file("x") + kEnd) ==
        "entry 1 (\"a/../../x\"): path \"a/../../x\" has a \"..\" component");
  CHECK(error_in(special('L', std::string(256, 'c')) + file("x") + kEnd) ==
        "entry 1 (\"" + std::string(128, 'c') + "…\"): path component \"" + std::string(128, 'c') +
            "…\" is 256 bytes long (limit 255)");
}

TEST_CASE("the end of an archive") {
  const std::string one = file("a", "content");
  const std::string zeros(512, '\0');
  CHECK(error_in(one + zeros + zeros).empty());
  CHECK(error_in(one).empty());
  CHECK(error_in(one + zeros).empty());
  CHECK(error_in("").empty());
  CHECK(error_in(zeros + zeros).empty());
  // What follows the end is nobody's.
  CHECK(listing(kGood + "rubbish", 512, true) == listing(kGood, 512, true));
  CHECK(listing(kGood + file("b"), 512, true) == listing(kGood, 512, true));
  // The last padding may be missing, in part too.
  CHECK(listing(kGood.substr(0, 512 + 7), 512, true) == listing(kGood, 512, true));
  CHECK(listing(kGood.substr(0, 512 + 70), 512, true) == listing(kGood, 512, true));
}

TEST_CASE("an archive that is cut off is no archive") {
  const std::string one = file("a", "content");
  CHECK(error_in(one.substr(0, 511)) ==
        "entry 1 at byte 0: the archive ends in the middle of a header, after 511 bytes of it");
  CHECK(error_in(one + "x") ==
        "entry 2 at byte 1024: the archive ends in the middle of a header, after 1 bytes of it");
  CHECK(error_in(one.substr(0, 512 + 6)) == "entry 1 (\"a\"): content ends 1 bytes too early");
  CHECK(error_in(one + std::string(512 + 100, '\0')) ==
        "entry 2 at byte 1024: the archive ends in the middle of a header, after 100 bytes of it");
  CHECK(error_in(special('x', record("path", "p")).substr(0, 512 + 3)) ==
        "entry 1 at byte 0: a special header ends after 3 of 9 bytes");
}

TEST_CASE("content that is cut off is noticed by who reads it") {
  const First first = first_of(file("a", std::string(2000, 'x')).substr(0, 512 + 1500));
  CHECK(first.error == "entry 1 (\"a\"): content ends 500 bytes too early");
}

TEST_CASE("a single block of zeros ends nothing that goes on") {
  CHECK(error_in(file("a") + std::string(512, '\0') + file("b") + kEnd) ==
        "entry 2 at byte 512: a single block of zeros with more entries after it");
}

TEST_CASE("reading goes on after the end as at the end") {
  RunSource source(kGood, 512);
  TarReader reader(source);
  CHECK(reader.next() != nullptr);
  CHECK(reader.next() == nullptr);
  CHECK(reader.next() == nullptr);
  CHECK(reader.entries() == 1);
}

TEST_CASE("content that nobody reads, or not all of it, is passed over") {
  const std::string big(3000, 'x');
  const std::string archive = file("a", big) + file("b", big) + file("c", "end") + kEnd;
  RunSource source(archive, 700);
  TarReader reader(source);
  reader.next();
  const TarEntry* entry = reader.next();
  CHECK(entry->path == "b");
  CHECK(!reader.next_data().bytes.empty());
  entry = reader.next();
  REQUIRE(entry != nullptr);
  CHECK(content_of(reader, *entry) == "end");
  CHECK(reader.next_data().bytes.empty());
}

TEST_CASE("an archive has a limit of entries") {
  // The same 512 bytes over and over.
  class Endless final : public Source {
   public:
    Bytes next() override { return as_bytes(block_); }

   private:
    std::string block_ = directory("d");
  };
  Endless source;
  TarReader reader(source);
  const auto error = error_of([&] {
    while (reader.next() != nullptr) {
    }
  });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::kInvalid);
  CHECK(error->message() ==
        "entry 1000001 at byte 512000000: more than 1000000 entries (limit of an archive)");
  CHECK(reader.entries() == kMaxEntries);
}

TEST_CASE("an archive has a limit of bytes, whoever passes over them") {
  // Says after the end that it has skipped whatever it was asked to.
  class EndThenHollow final : public Source {
   public:
    Bytes next() override { return as_bytes(std::exchange(left_, {})); }
    std::uint64_t skip(std::uint64_t count) override { return left_.empty() ? count : 0; }

   private:
    std::string_view left_ = kEnd;
  } source;
  TarReader reader(source);
  CHECK(reader.next() == nullptr);
  const auto error = error_of([&] { reader.skip_to_end(); });
  REQUIRE(error.has_value());
  CHECK(error->message() ==
        "the archive has more than 68719476736 bytes (limit of the uncompressed size)");
}
