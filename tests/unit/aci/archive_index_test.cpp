// SPDX-License-Identifier: Apache-2.0
#include "aci/archive_index.hpp"

#include "aci/tar_builder.hpp"
#include "aci/tar_reader.hpp"
#include "catch.hpp"

using namespace acistore;
using namespace acistore::tar;

namespace {

ArchiveIndex index_of(const std::string& archive) {
  ArchiveIndex index;
  RunSource source(archive, 1000);
  TarReader reader(source);
  while (const TarEntry* entry = reader.next())
    index.add(*entry, reader.entry_offset());
  return index;
}

}  // namespace

TEST_CASE("an index leads to each entry, the special headers before it included") {
  const std::string long_name(150, 'n');
  const std::string archive = file("a", "content of a") + pax({{"path", "b"}, {"mtime", "1.5"}}) +
                              file("cut", "content of b") + special('L', long_name + '\0') +
                              file("short") + directory("d/") + kEnd;
  ArchiveIndex index = index_of(archive);
  CHECK(index.size() == 4);
  CHECK(index.find("none") == std::nullopt);
  for (const std::string& path :
       {std::string("a"), std::string("b"), long_name, std::string("d")}) {
    const auto place = index.find(path);
    REQUIRE(place);
    CHECK(place->number < index.size());
    RunSource source(std::string_view(archive).substr(place->offset), 1000);
    TarReader reader(source);
    const TarEntry* entry = reader.next();
    REQUIRE(entry != nullptr);
    CHECK(entry->path == path);
  }
}

TEST_CASE("an index keeps what global headers said of owner and time") {
  const std::string archive =
      special('g', records({{"uid", "12"}, {"gid", "34"}, {"mtime", "5.6"}})) + file("a") +
      special('g', records({{"uid", "7"}})) + file("b") + kEnd;
  ArchiveIndex index = index_of(archive);
  const auto restored = [&](std::string_view path) {
    const auto place = index.find(path);
    REQUIRE(place);
    TarEntry entry;
    index.set_global_fields(*place, entry);
    return entry;
  };
  CHECK(restored("a").uid == 12);
  CHECK(restored("a").gid == 34);
  CHECK(restored("a").mtime == TarTime{5, 600'000'000});
  CHECK(restored("b").uid == 7);
  CHECK(restored("b").gid == 34);
}
