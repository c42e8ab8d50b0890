// SPDX-License-Identifier: Apache-2.0
#include "aci/archive.hpp"

#include <optional>

#include "aci/manifest.hpp"
#include "aci/tar_path.hpp"
#include "aci/tar_path_set.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorKind::kInvalid, message);
}

[[noreturn]] void fail(const TarEntry& entry, const std::string& message) {
  fail("entry " + std::to_string(entry.number) + " (" + quoted(entry.raw_path) + "): " + message);
}

// Watches the entries go by.
class Layout {
 public:
  explicit Layout(TarReader& reader) : reader_(reader) {}

  void visit(const TarEntry& entry) {
    if (!seen_.insert(entry.path))
      fail(entry, "the path " + quoted(entry.path) + " is there twice");
    if (entry.path == kManifestPath)
      visit_manifest(entry);
    else if (entry.path == kRootfsPath)
      visit_rootfs(entry);
    else if (entry.path == kTopDirectory)
      require(EntryType::kDirectory, entry);
    else if (!is_below_rootfs(entry.path))
      fail(entry, "only \"manifest\" and \"rootfs\" may stand at the top of an image");
  }

  ArchiveContents finish() {
    const std::string read = " in the archive (" + std::to_string(reader_.entries()) +
                             (reader_.entries() == 1 ? " entry read)" : " entries read)");
    if (!has_manifest_) fail("no \"manifest\"" + read);
    if (!has_rootfs_) fail("no \"rootfs\" directory" + read);
    contents_.entries = reader_.entries();
    return std::move(contents_);
  }

 private:
  static bool is_below_rootfs(std::string_view path) {
    return path.starts_with(kRootfsPath) && path.substr(kRootfsPath.size()).starts_with('/');
  }

  static void require(EntryType type, const TarEntry& entry) {
    if (entry.type != type)
      fail(entry,
           "is " + std::string(describe(entry.type)) + ", not " + std::string(describe(type)));
  }

  void visit_rootfs(const TarEntry& entry) {
    require(EntryType::kDirectory, entry);
    has_rootfs_ = true;
  }

  void visit_manifest(const TarEntry& entry) {
    require(EntryType::kFile, entry);
    // With a slash or a dot at the end it is a file for some readers and a directory for others.
    if (!entry.raw_path.ends_with(kManifestPath)) fail(entry, "is an alias of \"manifest\"");
    if (entry.size > kMaxManifestBytes)
      fail(entry, "has " + std::to_string(entry.size) +
                      " bytes (limit of a manifest: " + std::to_string(kMaxManifestBytes) + ")");
    contents_.manifest_json.reserve(static_cast<std::size_t>(entry.size));
    EntryContent content(reader_, entry);
    for (Bytes run = content.next(); !run.empty(); run = content.next())
      contents_.manifest_json += as_text(run);
    contents_.manifest =
        with_context("manifest", [&] { return parse_manifest(contents_.manifest_json); });
    has_manifest_ = true;
  }

  TarReader& reader_;
  PathSet seen_;
  bool has_manifest_ = false;
  bool has_rootfs_ = false;
  ArchiveContents contents_;
};

ArchiveContents read_layout(Source& source, std::uint64_t max_bytes) {
  TarReader reader(source, max_bytes);
  Layout layout(reader);
  while (const TarEntry* entry = reader.next())
    layout.visit(*entry);
  reader.skip_to_end();
  return layout.finish();
}

}  // namespace

ArchiveContents read_archive(Source& source, std::uint64_t max_bytes) {
  try {
    return read_layout(source, max_bytes);
  } catch (Error& error) {
    if (error.kind() == ErrorKind::kInvalid) error.add_context("not an image");
    throw;
  }
}

const TarEntry* find_entry(TarReader& reader, std::string_view path) {
  std::string wanted;
  if (clean_path(path, wanted)) return nullptr;
  while (const TarEntry* entry = reader.next()) {
    if (entry->path == wanted) return entry;
  }
  return nullptr;
}

}  // namespace acistore
