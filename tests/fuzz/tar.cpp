// SPDX-License-Identifier: Apache-2.0
// Input: an archive. It is read as it is, and again with the right checksum in every header, which
// no fuzzer would find.
//
//  - What a TarReader makes of it does not depend on how the bytes come.
//  - Paths are clean; the parts of sparse files lie in order and inside; limits are kept.
//  - What read_archive() takes, TarReader takes as well, and finds the same manifest there.
#include <algorithm>
#include <optional>
#include <string>

#include "aci/archive.hpp"
#include "aci/manifest.hpp"
#include "aci/tar_listing.hpp"
#include "aci/tar_path.hpp"
#include "headers.hpp"
#include "property.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

// Holes are as large as a header says, so what an entry has to give is bounded where it is read.
constexpr std::uint64_t kMostContent = 1 << 20;

void check_path(const TarEntry& entry) {
  std::string again;
  require(!clean_path(entry.path, again), "a clean path is one", entry.path);
  require(again == entry.path, "cleaning a clean path changes nothing", entry.path);
  require(entry.path.size() <= kMaxPathBytes, "a path is not over the limit");
  require(!entry.path.starts_with('/'), "a path is not absolute", entry.path);
  require(entry.path.find('\0') == std::string::npos, "a path has no NUL");
  require(("/" + entry.path + "/").find("/../") == std::string::npos, "a path has no ..",
          entry.path);
}

void check_regions(const TarEntry& entry) {
  std::uint64_t end = 0;
  require(entry.regions.size() <= kMaxSparseRegions, "there are not too many regions");
  for (const SparseRegion& region : entry.regions) {
    require(region.offset >= end, "regions are in order and apart");
    require(region.offset <= entry.size && region.length <= entry.size - region.offset,
            "regions are inside the file");
    end = region.offset + region.length;
  }
}

void check_entry(const TarEntry& entry) {
  check_path(entry);
  check_regions(entry);
  require(entry.type == EntryType::kFile || entry.size == 0, "only files have content");
  require(entry.mode <= 07777, "a mode has twelve bits");
  require(entry.mtime.nanos < 1'000'000'000, "a second has so many nanoseconds");
  for (const Xattr& xattr : entry.xattrs)
    require(xattr.value.size() <= kMaxXattrBytes, "an attribute is not over the limit");
  require(std::is_sorted(entry.xattrs.begin(), entry.xattrs.end(),
                         [](const Xattr& a, const Xattr& b) { return a.name < b.name; }),
          "attributes are sorted");
}

std::string content_of(TarReader& reader, const TarEntry& entry) {
  std::string text;
  if (entry.size <= kMostContent) {
    text = tar::content_of(reader, entry);
    require(entry.type != EntryType::kFile || text.size() == entry.size,
            "content is as long as it says");
    return text;
  }
  for (DataRun run = reader.next_data(); !run.bytes.empty(); run = reader.next_data())
    text += as_text(run.bytes);
  return text;
}

// What is read of an archive, a line an entry, and the error that ends it.
struct Listing {
  std::string lines;
  std::string error;  // empty: none
  bool operator==(const Listing&) const = default;
};

Listing list(std::string_view archive, std::size_t run, bool with_content) {
  tar::RunSource source(archive, run);
  TarReader reader(source);
  Listing listing;
  const auto error = error_of({ErrorKind::kInvalid}, [&] {
    while (const TarEntry* entry = reader.next()) {
      check_entry(*entry);
      listing.lines += tar::line_of(*entry);
      if (with_content) listing.lines += content_of(reader, *entry);
      listing.lines += '\n';
    }
    reader.skip_to_end();
  });
  if (error) listing.error = error->message();
  return listing;
}

void check_manifest(std::string_view archive, const ArchiveContents& contents) {
  tar::RunSource source(archive, archive.size() + 1);
  TarReader reader(source);
  const TarEntry* entry = find_entry(reader, kManifestPath);
  require(entry != nullptr, "an image has a manifest");
  require(tar::content_of(reader, *entry) == contents.manifest_json, "it is the one that was read");
  require(contents.manifest_json.size() <= kMaxManifestBytes, "a manifest is not over the limit");
}

void check(std::string_view archive) {
  const Listing whole = list(archive, archive.size() + 1, true);
  require(list(archive, 511, true) == whole, "runs of bytes make no difference", whole.error);
  const Listing passed_over = list(archive, 1000, false);
  require(passed_over.error.empty() == whole.error.empty(),
          "passing over content makes no difference to what is accepted", whole.error);

  tar::RunSource source(archive, 4096);
  std::optional<ArchiveContents> contents;
  const auto refusal = error_of({ErrorKind::kInvalid}, [&] { contents = read_archive(source); });
  if (!contents) {
    require(refusal->message().starts_with("not an image: "), "a refusal says so");
    return;
  }
  require(whole.error.empty(), "what is an image is an archive", whole.error);
  check_manifest(archive, *contents);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string archive(text_of(data, size));
  check(archive);
  const std::string mended = with_right_checksums(archive);
  if (mended != archive) check(mended);
  return 0;
}
