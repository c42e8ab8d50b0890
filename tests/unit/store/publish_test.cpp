// SPDX-License-Identifier: Apache-2.0
#include "store/publish.hpp"

#include "catch.hpp"
#include "db/images.hpp"
#include "store/lookup.hpp"
#include "temporary_directory.hpp"

using namespace acistore;

namespace {

class Fixture {
 public:
  Fixture()
      : store({.directory = directory_.path() / "store", .sync = false}, StoreAccess::kCreate) {}

  // An image of that name, as whoever reads it hands it over.
  PendingBlob pending(const std::string& name, std::optional<bool> latest, bool keeps_place) {
    BlobWriter file = store.blobs().create();
    file.write(as_bytes(name));
    Sha512 hash;
    hash.update(as_bytes(name));
    PendingBlob blob{.file = std::move(file),
                     .digest = hash.finish(),
                     .size = name.size(),
                     .image = PendingBlob::ImageData{},
                     .source = {},
                     .remotes = {}};
    blob.image->manifest.name = name;
    blob.image->manifest_json = "{}";
    blob.image->latest = latest;
    blob.image->pin_owners = {"owner"};
    blob.image->keeps_place = keeps_place;
    return blob;
  }

  Image publish(PendingBlob blob) {
    std::vector<PendingBlob> blobs;
    blobs.push_back(std::move(blob));
    return *acistore::publish(store, std::move(blobs)).front().image;
  }

  // Names in the order of their import, with a star for those that are marked.
  std::string names() {
    std::string text;
    for (const Image& image : list(store, {}))
      text += image.name + (image.latest ? "* " : " ");
    return text;
  }

 private:
  TemporaryDirectory directory_;

 public:
  Store store;
};

}  // namespace

TEST_CASE("what is imported again is the last imported, with the mark of that import") {
  Fixture fixture;
  fixture.publish(fixture.pending("a", true, false));
  fixture.publish(fixture.pending("b", false, false));
  CHECK(fixture.names() == "a* b ");
  fixture.publish(fixture.pending("a", false, false));
  CHECK(fixture.names() == "b a ");
}

TEST_CASE("who only wants an image to be there finds it as somebody else has just stored it") {
  Fixture fixture;
  // Read before the other one was stored, as two seeds of one image do.
  PendingBlob late = fixture.pending("a", std::nullopt, true);
  PendingBlob marks = fixture.pending("a", false, true);
  fixture.publish(fixture.pending("a", true, true));
  fixture.publish(fixture.pending("b", std::nullopt, true));
  CHECK(fixture.names() == "a* b ");
  const Image image = fixture.publish(std::move(late));
  CHECK(image.latest);
  CHECK(image.pins.size() == 1);
  CHECK(fixture.names() == "a* b ");
  fixture.publish(std::move(marks));
  CHECK(fixture.names() == "a b ");
}

TEST_CASE("one whose file is lost is stored anew, as the last imported, and keeps its mark") {
  Fixture fixture;
  const ImageKey key = fixture.publish(fixture.pending("a", true, true)).blob.key;
  fixture.publish(fixture.pending("b", false, true));
  fixture.store.blobs().remove(key);
  fixture.publish(fixture.pending("a", std::nullopt, true));
  CHECK(fixture.names() == "b a* ");
  CHECK(fixture.store.blobs().size(key) == 1);
}
