// SPDX-License-Identifier: Apache-2.0
// Input: the file acistore.db of a store that has the blob of one image.
//
//  - Whatever it holds, every verb ends, with an error that blames the store, or that says that
//    nothing was found; never with a crash or with one that blames the system.
//  - Those verbs that only look leave the file as it was.
//  - An import into it gives the right key or an error.
//  - Whatever it holds, but for a later program's, recover() makes a store of it that has the
//  image.
#include <fstream>
#include <functional>
#include <iterator>

#include "db/images.hpp"
#include "db/pins.hpp"
#include "db/remotes.hpp"
#include "property.hpp"
#include "scratch_store.hpp"
#include "store/dump.hpp"
#include "store/lookup.hpp"
#include "store/mark.hpp"
#include "store/pin.hpp"
#include "store/read.hpp"
#include "store/recover.hpp"
#include "store/remotes.hpp"
#include "store/remove.hpp"
#include "store/verify.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Subject {
 public:
  Subject() {
    Store store(scratch_.options(), StoreAccess::kCreate);
    scratch_.write_input(small_image());
    const ImportOutcome outcome = scratch_.import(store);
    key_ = std::get<ImportedImage>(outcome).image.blob.key.text();
  }

  void check(std::string_view database) {
    put_in_place(database);
    look();
    require(contents(scratch_.database()) == database, "looking changes nothing");
    read_and_note();
    write();
    put_in_place(database);
    restore();
  }

 private:
  // With the blob, and nothing that an earlier one left.
  void put_in_place(std::string_view database) {
    for (const auto& entry : std::filesystem::directory_iterator(scratch_.path())) {
      if (entry.path().filename().string().starts_with(layout::kDatabase))
        std::filesystem::remove(entry.path());
    }
    ScratchStore::write(scratch_.database(), database);
    const std::string blob = scratch_.path() + '/' + layout::blob_path(ImageKey::from_stored(key_));
    std::filesystem::create_directories(std::filesystem::path(blob).parent_path());
    if (!std::filesystem::exists(blob)) ScratchStore::write(blob, small_image());
  }

  using Use = std::function<void(Store&)>;

  void run(StoreAccess access, const Use& use) {
    const auto error = error_of({ErrorKind::kDamaged, ErrorKind::kNotFound, ErrorKind::kAmbiguous,
                                 ErrorKind::kRefused, ErrorKind::kIo},
                                [&] {
                                  Store store(scratch_.options(), access);
                                  use(store);
                                });
    // A size of some GiB that a row claims SQLite refuses to allocate, and does not tell that
    // apart.
    const bool blames_system = error && error->kind() == ErrorKind::kIo;
    require(!blames_system || error->message().ends_with("database: out of memory"),
            "the store is to blame", error ? error->message() : "");
  }

  ImageArgument by_key() const { return KeyPrefix::parse(key_); }
  static ImageArgument by_name() { return Reference{"example.com/app", {}}; }

  void look() {
    run(StoreAccess::kRead, [](Store& store) { list(store, {}); });
    run(StoreAccess::kRead, [](Store& store) {
      list(store, {.reference = Reference{"example.com/app", {}}, .key_prefix = {}});
    });
    run(StoreAccess::kRead, [](Store& store) { find_image(store, by_name()); });
    run(StoreAccess::kRead, [](Store& store) { explain(store, {"example.com/app", {}}); });
    run(StoreAccess::kRead, [this](Store& store) { read_manifest(store, by_key()); });
    run(StoreAccess::kRead,
        [](Store& store) { resolve_key(store, KeyPrefix::parse("sha512-00")); });
    run(StoreAccess::kRead, [](Store& store) { dump(store); });
    run(StoreAccess::kRead, [](Store& store) { all_remotes(store.database()); });
    run(StoreAccess::kRead,
        [](Store& store) { find_remote(store, "https://example.com/app.aci"); });
  }

  // These record what they did.
  void read_and_note() {
    Progress progress;
    run(StoreAccess::kRead,
        [&](Store& store) { read_blob(store, by_key(), progress, [](Bytes) {}); });
    run(StoreAccess::kRead,
        [&](Store& store) { read_file(store, by_name(), "manifest", [](Bytes) {}); });
    run(StoreAccess::kRead,
        [&](Store& store) { verify_all(store, VerifyOptions{}, progress, [](const Check&) {}); });
  }

  void write() {
    run(StoreAccess::kWrite, [](Store& store) { mark(store, by_name(), false); });
    run(StoreAccess::kWrite, [this](Store& store) { pin(store, by_key(), {"fuzz", {}}); });
    run(StoreAccess::kWrite, [this](Store& store) { unpin(store, by_key(), "manual"); });
    run(StoreAccess::kWrite, [this](Store& store) {
      add_remote(store, {"https://example.com/new.aci", "", "", 0}, by_key());
    });
    run(StoreAccess::kWrite, [this](Store& store) { import_into(store); });
    run(StoreAccess::kWrite,
        [](Store& store) { remove_remote(store, "https://example.com/app.aci"); });
    run(StoreAccess::kWrite, [this](Store& store) { remove(store, by_key(), true); });
  }

  void import_into(Store& store) {
    const ImportOutcome outcome = scratch_.import(store);
    if (const auto* error = std::get_if<Error>(&outcome)) throw *error;
    const Image& image = std::get<ImportedImage>(outcome).image;
    require(image.blob.key.text() == key_, "an image has its key");
  }

  void restore() {
    Progress progress;
    bool is_recovered = false;
    run(StoreAccess::kRepair, [&](Store& store) {
      const Recovery recovery = recover(store, 1, progress, [&](const RecoveredBlob& blob) {
        if (blob.key.text() == key_) is_recovered = blob.status == RecoveredStatus::kImage;
      });
      // A sound database may say that these bytes were put, and are no image.
      require(is_recovered || recovery.old == Recovery::Old::kIntact, "the image is recovered");
    });
    if (!is_recovered) return;
    Store store(scratch_.options(), StoreAccess::kRead);
    require(small_image().find(read_manifest(store, by_key())) != std::string::npos,
            "its manifest is that of its archive");
    find_image(store, by_name());
    verify_all(store, VerifyOptions{}, progress, [&](const Check& check) {
      require(check.key.text() != key_ || check.status == CheckStatus::kOk, "it verifies");
    });
  }

  ScratchStore scratch_;
  std::string key_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Subject subject;
  subject.check(text_of(data, size));
  return 0;
}
