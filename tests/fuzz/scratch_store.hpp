// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TESTS_FUZZ_SCRATCH_STORE_HPP
#define ACISTORE_TESTS_FUZZ_SCRATCH_STORE_HPP

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aci/tar_builder.hpp"
#include "base/progress.hpp"
#include "blob/layout.hpp"
#include "property.hpp"
#include "store/import.hpp"
#include "temporary_directory.hpp"

namespace acistore::fuzz {

// The image that a store has from its beginning: byte for byte what tests/fuzz/make-seeds takes for
// it, aci.image() without entries.
inline std::string small_image() {
  const auto with_devices = [](tar::Header header) {
    return header.set(329, "0000000").set(337, "0000000");
  };
  const std::string manifest =
      R"({"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/app"})";
  return with_devices(tar::Header('0', "manifest", manifest.size())).text() +
         tar::padded(manifest) + with_devices(tar::Header('5', "rootfs").mode("0000755")).text() +
         tar::kEnd;
}

// A directory below $TMPDIR with a store and a file to import, gone with the process.
class ScratchStore {
 public:
  std::string path() const { return directory_.path() / "store"; }
  std::string input() const { return directory_.path() / "input"; }
  std::string database() const { return path() + '/' + layout::kDatabase; }

  StoreOptions options() const {
    return {.directory = path(), .lock_timeout = std::chrono::milliseconds(1000), .sync = false};
  }

  void write_input(std::string_view bytes) const { write(input(), bytes); }

  static void write(const std::string& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    require(out.good(), "a file of the test can be written", path);
  }

  // What an import of the input comes to.
  ImportOutcome import(Store& store) const {
    std::optional<ImportOutcome> outcome;
    Progress progress;
    ImportRequest request;
    request.files = {input()};
    request.latest = true;
    import_images(store, request, progress, [&](const ImportOutcome& result) { outcome = result; });
    require(outcome.has_value(), "what became of a file is reported");
    return *outcome;
  }

  // Every name below the store and its size, but for the database and what belongs to it.
  std::vector<std::string> files() const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path())) {
      if (entry.is_regular_file() && !entry.path().filename().string().starts_with("acistore.db"))
        files.push_back(entry.path().string() + ' ' + std::to_string(entry.file_size()));
    }
    std::sort(files.begin(), files.end());
    return files;
  }

 private:
  TemporaryDirectory directory_;
};

}  // namespace acistore::fuzz

#endif
