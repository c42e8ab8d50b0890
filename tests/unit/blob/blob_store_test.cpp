// SPDX-License-Identifier: Apache-2.0
#include "blob/blob_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <fstream>

#include "base/io.hpp"
#include "blob/layout.hpp"
#include "catch.hpp"
#include "errors.hpp"
#include "temporary_directory.hpp"

using namespace acistore;
namespace fs = std::filesystem;

namespace {

struct StoreDirectory {
  TemporaryDirectory directory;
  Fd fd{::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY)};
  BlobStore blobs{fd.get()};

  fs::path file(const ImageKey& key) const { return directory.path() / layout::blob_path(key); }
  bool tmp_is_empty() const { return fs::is_empty(directory.path() / "tmp"); }
};

ImageKey key_of(char digit) {
  return ImageKey::from_stored("sha512-" + std::string(64, digit));
}

std::string read(const OpenBlob& blob) {
  FdSource source(blob.fd.get());
  std::string text;
  for (Bytes run = source.next(); !run.empty(); run = source.next())
    text += as_text(run);
  return text;
}

}  // namespace

TEST_CASE("a blob is there when it is published, whole and read-only, and not before") {
  StoreDirectory store;
  BlobWriter writer = store.blobs.create();
  writer.write(as_bytes("some "));
  writer.write(as_bytes("bytes"));
  CHECK(writer.size() == 10);
  CHECK(store.blobs.is_empty());
  writer.set_mtime(1'700'000'000'000'000'001);
  writer.flush();
  store.blobs.publish(writer, key_of('a'));
  store.blobs.flush_names();
  const auto blob = store.blobs.open(key_of('a'));
  REQUIRE(blob);
  CHECK(blob->size == 10);
  CHECK(read(*blob) == "some bytes");
  CHECK(store.blobs.keys() == std::vector{key_of('a')});
  struct stat status {};
  REQUIRE(::stat(store.file(key_of('a')).c_str(), &status) == 0);
  CHECK((status.st_mode & 0222) == 0);
  CHECK(to_nanos(status.st_mtim) == 1'700'000'000'000'000'001);
  CHECK(store.tmp_is_empty());
}

TEST_CASE("a blob is the clone of a file, or is written as ever where that cannot be") {
  StoreDirectory store;
  const fs::path path = store.directory.path() / "file";
  std::ofstream(path) << "some bytes";
  const Fd file = open_input(path.c_str());
  BlobWriter writer = store.blobs.create();
  if (!writer.clone(file.get())) {
    CHECK(writer.size() == 0);
    writer.write(as_bytes("some bytes"));
  } else {
    FdReader clone = writer.read_back();
    std::string text(100, '\0');
    text.resize(read_full(clone, std::as_writable_bytes(std::span(text))));
    CHECK(text == "some bytes");
  }
  CHECK(writer.size() == 10);
  store.blobs.publish(writer, key_of('a'));
  CHECK(read(*store.blobs.open(key_of('a'))) == "some bytes");
  // A pipe has nothing to be cloned.
  BlobWriter other = store.blobs.create();
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const Fd out(ends[0]);
  const Fd in(ends[1]);
  CHECK_FALSE(other.clone(out.get()));
  CHECK(other.size() == 0);
}

TEST_CASE("a blob that is not published leaves nothing") {
  StoreDirectory store;
  { store.blobs.create().write(as_bytes("x")); }
  CHECK(store.blobs.is_empty());
  CHECK(store.tmp_is_empty());
}

TEST_CASE("publishing replaces a file of that name") {
  StoreDirectory store;
  for (const char* text : {"short", "and longer"}) {
    BlobWriter writer = store.blobs.create();
    writer.write(as_bytes(text));
    store.blobs.publish(writer, key_of('b'));
  }
  CHECK(read(*store.blobs.open(key_of('b'))) == "and longer");
  CHECK(store.tmp_is_empty());
}

TEST_CASE("an open blob is read to its end after it was removed") {
  StoreDirectory store;
  BlobWriter writer = store.blobs.create();
  writer.write(as_bytes("bytes"));
  store.blobs.publish(writer, key_of('c'));
  const auto blob = store.blobs.open(key_of('c'));
  store.blobs.remove(key_of('c'));
  store.blobs.remove(key_of('c'));
  CHECK_FALSE(store.blobs.open(key_of('c')));
  CHECK(read(*blob) == "bytes");
}

TEST_CASE("symbolic links inside the store are not followed") {
  StoreDirectory store;
  const fs::path elsewhere = store.directory.path() / "elsewhere";
  std::ofstream(elsewhere) << "secret";
  fs::create_directories(store.file(key_of('d')).parent_path());
  fs::create_symlink(elsewhere, store.file(key_of('d')));
  CHECK(error_of([&] { store.blobs.open(key_of('d')); }));
  CHECK_FALSE(store.blobs.size(key_of('d')));

  StoreDirectory other;
  fs::create_directory_symlink(store.directory.path() / "blob", other.directory.path() / "blob");
  CHECK(error_of([&] { other.blobs.open(key_of('d')); }));
}

TEST_CASE("a fifo in the place of a blob is damage, and nobody waits for it") {
  StoreDirectory store;
  fs::create_directories(store.file(key_of('e')).parent_path());
  REQUIRE(::mkfifo(store.file(key_of('e')).c_str(), 0600) == 0);
  const auto error = error_of([&] { store.blobs.open(key_of('e')); });
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kDamaged);
}
