// SPDX-License-Identifier: Apache-2.0
// Input: a file to import, as it is and with the right checksum in every header of an archive.
//
//  - What is refused is refused as invalid, and leaves no trace: no row, no blob, no temporary
//  file,
//    no open descriptor. What is stored beside it stays.
//  - What is accepted has the key that `hash` prints, verifies, has the manifest that is in its
//    archive, is found by its name and labels, and leaves no trace once it is removed.
#include <algorithm>
#include <optional>

#include "aci/archive.hpp"
#include "db/blobs.hpp"
#include "db/images.hpp"
#include "headers.hpp"
#include "property.hpp"
#include "scratch_store.hpp"
#include "store/hash.hpp"
#include "store/lookup.hpp"
#include "store/read.hpp"
#include "store/remove.hpp"
#include "store/verify.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    ++count;
  return count;
}

// The store, with one good image in it.
class Subject {
 public:
  Subject() : store_(scratch_.options(), StoreAccess::kCreate) {
    scratch_.write_input(small_image());
    resident_ = std::get<ImportedImage>(scratch_.import(store_)).image.blob.key.text();
    before_ = state();
  }

  void import(std::string_view bytes) {
    scratch_.write_input(bytes);
    const std::size_t descriptors =
        open_descriptors();  // an engine may have opened some of its own
    const ImportOutcome outcome = scratch_.import(store_);
    if (const auto* imported = std::get_if<ImportedImage>(&outcome)) {
      check_imported(*imported);
      if (imported->image.blob.key.text() == resident_) return;
      remove(store_, argument_of(imported->image.blob.key), false);
    } else {
      const Error& error = std::get<Error>(outcome);
      require(error.kind() == ErrorKind::kInvalid, "what is refused is invalid", error.message());
      require_message(error.message());
    }
    require(state() == before_, "no trace is left");
    require(open_descriptors() == descriptors, "no descriptor stays open");
  }

 private:
  static ImageArgument argument_of(const ImageKey& key) { return KeyPrefix::parse(key.text()); }

  std::vector<std::string> state() {
    std::vector<std::string> state = scratch_.files();
    for (const Blob& blob : blobs_by_key(store_.database()))
      state.push_back(blob.key.text());
    for (const Image& image : list(store_, {}))
      state.push_back(image.name);
    return state;
  }

  void check_imported(const ImportedImage& imported) {
    const ImageKey& key = imported.image.blob.key;
    require(imported.is_new == (key.text() != resident_), "an image is new once");
    check_key(key);
    check_stored(key);
    Reference reference{imported.image.name, imported.image.labels};
    require(find_image(store_, reference).blob.key == key, "an image is found by its labels",
            reference.text());
  }

  void check_key(const ImageKey& key) {
    Progress progress;
    hash_files({scratch_.input()}, 1, progress, [&](const std::variant<HashedFile, Error>& hashed) {
      const auto* file = std::get_if<HashedFile>(&hashed);
      require(file != nullptr && file->key == key, "the key is that of the decompressed bytes");
    });
    verify_all(store_, VerifyOptions{}, progress, [&](const Check& check) {
      require(check.status == CheckStatus::kOk, "what is stored verifies", check.detail);
    });
  }

  void check_stored(const ImageKey& key) {
    const ImageArgument argument = argument_of(key);
    std::string archive;
    Progress progress;
    read_blob(store_, argument, progress, [&](Bytes run) { archive += as_text(run); });
    tar::RunSource source(archive, 4096);
    const ArchiveContents contents = read_archive(source);
    require(read_manifest(store_, argument) == contents.manifest_json, "the manifest is stored");
    std::string manifest;
    read_file(store_, argument, "manifest", [&](Bytes run) { manifest += as_text(run); });
    require(manifest == contents.manifest_json, "the manifest is in the archive");
  }

  ScratchStore scratch_;
  Store store_;
  std::string resident_;
  std::vector<std::string> before_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Subject subject;
  const std::string bytes(text_of(data, size));
  subject.import(bytes);
  const std::string mended = with_right_checksums(bytes);
  if (mended != bytes) subject.import(mended);
  return 0;
}
