// SPDX-License-Identifier: Apache-2.0
#include "aci/archive.hpp"

#include <string>

#include "aci/manifest.hpp"
#include "aci/tar_builder.hpp"
#include "aci/tar_listing.hpp"
#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;
using namespace acistore::tar;

namespace {

const std::string kJson =
    R"({"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/app"})";
const std::string kManifest = file("manifest", kJson);
const std::string kRootfs = directory("rootfs");

ArchiveContents read(const std::string& archive, std::size_t run = 4096) {
  RunSource source(archive, run);
  return read_archive(source);
}

// Empty if it is an image.
std::string error_of_image(const std::string& archive) {
  const auto error = error_of([&] { read(archive + kEnd); });
  if (!error) return "";
  CHECK(error->kind() == ErrorKind::kInvalid);
  return error->message();
}

bool is_image(const std::string& entries) {
  return error_of_image(entries).empty();
}

}  // namespace

TEST_CASE("an image is a manifest, a rootfs and what is below, in any order") {
  const ArchiveContents contents = read(kManifest + kRootfs + file("rootfs/a") + kEnd);
  CHECK(contents.manifest_json == kJson);
  CHECK(contents.manifest.name == "example.com/app");
  CHECK(contents.entries == 3);
  CHECK(is_image(kRootfs + kManifest));
  CHECK(is_image(file("rootfs/a") + kManifest + kRootfs));
  CHECK(is_image(directory("./") + directory("./rootfs/") + file("./manifest", kJson)));
  CHECK(is_image(directory("") + kManifest + kRootfs));
  CHECK(is_image(directory(".") + kManifest + kRootfs));
  CHECK(is_image(kManifest + kRootfs + file("rootfs/.wh.a") + file("rootfs/manifest")));
  CHECK(is_image(kManifest + kRootfs + Header('2', "rootfs/l").link("../../../etc").text()));
  CHECK(is_image(kManifest + kRootfs + Header('1', "rootfs/l").link("/nowhere").text()));
}

TEST_CASE("the end of the archive is read, and ignored") {
  const std::string image = kManifest + kRootfs;
  for (const std::string& end : {kEnd, kEnd + "rubbish", kEnd + file("more"), ""s,
                                 std::string(512, '\0'), std::string(10240, '\0')}) {
    const std::string archive = image + end;
    RunSource source(archive, 700);
    CHECK(read_archive(source).entries == 2);
    CHECK(source.next().empty());
  }
}

TEST_CASE("what is missing is named, with how much was read") {
  CHECK(error_of_image(kRootfs + file("rootfs/a")) ==
        "not an image: no \"manifest\" in the archive (2 entries read)");
  CHECK(error_of_image(kManifest) ==
        "not an image: no \"rootfs\" directory in the archive (1 entry read)");
  CHECK(error_of_image(kManifest + file("rootfs/a")) ==
        "not an image: no \"rootfs\" directory in the archive (2 entries read)");
  CHECK(error_of_image("") == "not an image: no \"manifest\" in the archive (0 entries read)");
}

TEST_CASE("the manifest is a regular file, under its own name") {
  const auto error = [](const std::string& manifest) { return error_of_image(kRootfs + manifest); };
  CHECK(error(Header('2', "manifest").link("rootfs/m").text()) ==
        "not an image: entry 2 (\"manifest\"): is a symbolic link, not a regular file");
  CHECK(error(Header('1', "manifest").link("rootfs/m").text()) ==
        "not an image: entry 2 (\"manifest\"): is a hard link, not a regular file");
  CHECK(error(directory("manifest")) ==
        "not an image: entry 2 (\"manifest\"): is a directory, not a regular file");
  CHECK(error(file("manifest/", kJson)) ==
        "not an image: entry 2 (\"manifest/\"): is an alias of \"manifest\"");
  CHECK(error(file("manifest/.", kJson)) ==
        "not an image: entry 2 (\"manifest/.\"): is an alias of \"manifest\"");
  CHECK(error(file("rootfs/../manifest", kJson)) ==
        "not an image: entry 2 (\"rootfs/../manifest\"): path \"rootfs/../manifest\" has a \"..\" "
        "component");
  CHECK(error(file("/manifest", kJson)) ==
        "not an image: entry 2 (\"/manifest\"): path \"/manifest\" begins with a slash");
}

TEST_CASE("the rootfs is a directory") {
  CHECK(error_of_image(kManifest + file("rootfs")) ==
        "not an image: entry 2 (\"rootfs\"): is a regular file, not a directory");
  CHECK(error_of_image(kManifest + Header('2', "rootfs/").link("/").text()) ==
        "not an image: entry 2 (\"rootfs/\"): is a symbolic link, not a directory");
  CHECK(is_image(kManifest + Header('\0', "rootfs/").v7().text()));
}

TEST_CASE("nothing else stands at the top") {
  const std::string only = "only \"manifest\" and \"rootfs\" may stand at the top of an image";
  for (const std::string path :
       {"Manifest", "rootfs2", "rootfsx/a", "other/rootfs/a", "x", "manifest/a"}) {
    CHECK(error_of_image(kManifest + kRootfs + file(path)) ==
          "not an image: entry 3 (\"" + path + "\"): " + only);
  }
  CHECK(error_of_image(file("") + kManifest + kRootfs) ==
        "not an image: entry 1 (\"\"): is a regular file, not a directory");
}

TEST_CASE("no path stands there twice") {
  CHECK(error_of_image(kManifest + kRootfs + kManifest) ==
        "not an image: entry 3 (\"manifest\"): the path \"manifest\" is there twice");
  CHECK(error_of_image(kManifest + kRootfs + file("./manifest", kJson)) ==
        "not an image: entry 3 (\"./manifest\"): the path \"manifest\" is there twice");
  CHECK(error_of_image(kManifest + kRootfs + directory("rootfs/")) ==
        "not an image: entry 3 (\"rootfs/\"): the path \"rootfs\" is there twice");
  CHECK(error_of_image(kManifest + kRootfs + file("rootfs/a") + file("rootfs//a")) ==
        "not an image: entry 4 (\"rootfs//a\"): the path \"rootfs/a\" is there twice");
  CHECK(error_of_image(directory("") + directory("./") + kManifest + kRootfs) ==
        "not an image: entry 2 (\"./\"): the path \".\" is there twice");
}

TEST_CASE("the manifest's errors say where they are from") {
  const std::string error = error_of_image(file("manifest", "[]") + kRootfs);
  CHECK(error.rfind("not an image: manifest: ", 0) == 0);
  CHECK(error_of_image(file("manifest") + kRootfs).rfind("not an image: manifest: ", 0) == 0);
}

TEST_CASE("a manifest has a limit") {
  const auto padded_json = [](std::size_t size) {
    return file("manifest", kJson + std::string(size - kJson.size(), ' '));
  };
  CHECK(is_image(padded_json(kMaxManifestBytes) + kRootfs));
  CHECK(error_of_image(padded_json(kMaxManifestBytes + 1) + kRootfs) ==
        "not an image: entry 1 (\"manifest\"): has 4194305 bytes (limit of a manifest: 4194304)");
}

TEST_CASE("an archive has the limit that is asked for") {
  const std::string image = kManifest + kRootfs + kEnd;
  const auto error = [&](const std::string& archive, std::size_t limit) {
    RunSource source(archive, 512);
    const auto thrown = error_of([&] { read_archive(source, limit); });
    return thrown ? thrown->message() : std::string();
  };
  CHECK(error(image, image.size()).empty());
  const std::string over = "not an image: the archive has more than ";
  CHECK(error(image, image.size() - 1) ==
        over + std::to_string(image.size() - 1) + " bytes (limit of the uncompressed size)");
  // What follows the end is of the archive too.
  CHECK(error(image + std::string(512, 'x'), image.size()) ==
        over + std::to_string(image.size()) + " bytes (limit of the uncompressed size)");
  CHECK(error(kManifest + kRootfs + file("rootfs/x", std::string(5000, 'x')), 4999) ==
        "not an image: entry 3 (\"rootfs/x\"): the size is 5000 bytes (limit of the uncompressed "
        "size: 4999)");
}

TEST_CASE("a manifest may be stored as a sparse file") {
  const std::string map = "1\n0\n" + std::to_string(kJson.size()) + "\n";
  CHECK(is_image(pax({{"GNU.sparse.major", "1"},
                      {"GNU.sparse.minor", "0"},
                      {"GNU.sparse.name", "manifest"},
                      {"GNU.sparse.realsize", std::to_string(kJson.size())}}) +
                 file("GNUSparseFile.0/manifest", padded(map) + kJson) + kRootfs));
}

TEST_CASE("a tar that is none is no image") {
  CHECK(error_of_image(std::string(512, 'x')) ==
        "not an image: entry 1 at byte 0: header checksum is \"xxxxxxxx\", computed 60736");
}

TEST_CASE("what the source throws keeps its kind, and only invalid input is no image") {
  class Failing final : public Source {
   public:
    explicit Failing(ErrorKind kind) : kind_(kind) {}
    Bytes next() override { throw Error(kind_, "gzip: broken"); }

   private:
    ErrorKind kind_;
  };
  Failing invalid(ErrorKind::kInvalid);
  CHECK_THROWS_WITH(read_archive(invalid), "not an image: gzip: broken");
  Failing io(ErrorKind::kIo);
  CHECK_THROWS_WITH(read_archive(io), "gzip: broken");
}

TEST_CASE("an entry is found by its path, cleaned") {
  const std::string image = directory("./") + kManifest + directory("./rootfs/") +
                            file("./rootfs/a", "content") + file("rootfs/b") + kEnd;
  const auto find = [&](std::string_view path) -> std::string {
    RunSource source(image, 512);
    TarReader reader(source);
    const TarEntry* entry = find_entry(reader, path);
    if (entry == nullptr) return "none";
    return std::to_string(entry->number) + " " + std::string(describe(entry->type)) + " " +
           content_of(reader, *entry);
  };
  CHECK(find("rootfs/a") == "4 a regular file content");
  CHECK(find("./rootfs//a/") == "4 a regular file content");
  CHECK(find("rootfs") == "3 a directory ");
  CHECK(find("") == "1 a directory ");
  CHECK(find("rootfs/c") == "none");
  CHECK(find("/rootfs/a") == "none");
  CHECK(find("rootfs/../manifest") == "none");
}
