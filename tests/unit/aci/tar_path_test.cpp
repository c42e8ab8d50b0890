// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_path.hpp"

#include "aci/tar.hpp"
#include "catch.hpp"

using namespace acistore;

namespace {

std::string cleaned(std::string_view raw) {
  std::string clean;
  auto problem = clean_path(raw, clean);
  return problem ? "refused: " + *problem : clean;
}

// `count` bytes of components that are not too long.
std::string long_path(std::size_t count) {
  std::string path;
  while (path.size() < count)
    path += path.size() % 100 == 99 ? '/' : 'p';
  return path;
}

}  // namespace

TEST_CASE("paths are cleaned") {
  CHECK(cleaned("manifest") == "manifest");
  CHECK(cleaned("./manifest") == "manifest");
  CHECK(cleaned("rootfs/") == "rootfs");
  CHECK(cleaned("rootfs//a/./b///") == "rootfs/a/b");
  CHECK(cleaned("././.") == ".");
  CHECK(cleaned("") == ".");
  CHECK(cleaned(".") == ".");
  CHECK(cleaned("./") == ".");
  CHECK(cleaned("rootfs/..x/...") == "rootfs/..x/...");
  CHECK(cleaned("rootfs/.wh.gone") == "rootfs/.wh.gone");
  CHECK(cleaned("rootfs/\xff\n") == "rootfs/\xff\n");
}

TEST_CASE("paths that could mean two things are refused") {
  CHECK(cleaned("/") == "refused: path \"/\" begins with a slash");
  CHECK(cleaned("/rootfs") == "refused: path \"/rootfs\" begins with a slash");
  CHECK(cleaned("..") == "refused: path \"..\" has a \"..\" component");
  CHECK(cleaned("rootfs/../manifest") ==
        "refused: path \"rootfs/../manifest\" has a \"..\" component");
  CHECK(cleaned("rootfs/..") == "refused: path \"rootfs/..\" has a \"..\" component");
  CHECK(cleaned("./../x") == "refused: path \"./../x\" has a \"..\" component");
}

TEST_CASE("paths have limits") {
  CHECK(cleaned("rootfs/" + std::string(kMaxPathComponentBytes, 'c')).size() == 7 + 255);
  CHECK_THAT(cleaned("rootfs/" + std::string(kMaxPathComponentBytes + 1, 'c')),
             Catch::Matchers::StartsWith("refused: path component \"ccc") &&
                 Catch::Matchers::EndsWith("is 256 bytes long (limit 255)"));
  CHECK(cleaned(long_path(kMaxPathBytes)) == long_path(4095));
  CHECK_THAT(cleaned(long_path(kMaxPathBytes + 1)),
             Catch::Matchers::EndsWith("is 4096 bytes long (limit 4095)"));
  // What cleaning takes away does not count.
  CHECK(cleaned(std::string(5000, '.').replace(1, 4999, 4999, '/') + "a") == "a");
}
