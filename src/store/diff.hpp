// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_DIFF_HPP
#define ACISTORE_STORE_DIFF_HPP

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "aci/manifest_diff.hpp"
#include "aci/tar.hpp"
#include "base/progress.hpp"
#include "model/reference.hpp"
#include "store/stores.hpp"

namespace acistore {

// What can differ of one entry.
enum class Aspect { kType, kContent, kMode, kOwner, kLink, kDevice, kXattrs, kTime };
inline constexpr std::size_t kAspects = 8;

// An entry of one of the images, or for a hard link the file that it names.
struct EntryFacts {
  EntryType type = EntryType::kFile;
  std::uint32_t mode = 0;
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::uint64_t size = 0;
  TarTime mtime;
  std::string link;  // of a symbolic link where it leads, of a hard link which file it is
  std::int64_t dev_major = 0;
  std::int64_t dev_minor = 0;
};

struct Difference {
  std::string path;
  std::optional<EntryFacts> before;  // nothing: it was added
  std::optional<EntryFacts> after;   // nothing: it was removed
  std::vector<Aspect> aspects;       // that differ, of what is in both, in the order of the enum
};

struct DiffSummary {
  std::uint64_t members = 0;  // of the manifest that differ
  std::uint64_t added = 0;
  std::uint64_t added_bytes = 0;
  std::uint64_t removed = 0;
  std::uint64_t removed_bytes = 0;
  std::uint64_t changed = 0;
  std::uint64_t changed_bytes_before = 0;
  std::uint64_t changed_bytes_after = 0;
  std::array<std::uint64_t, kAspects> aspects{};  // how many of the changed ones have it
  std::uint64_t same = 0;

  bool is_same() const { return members + added + removed + changed == 0; }
};

struct DiffReports {
  // Comes first, once, and only when both images are there.
  std::function<void(const std::vector<MemberChange>&)> manifest;
  // By path, in byte order; more than kSortedBytes of them (of memory) are sorted in parts, the
  // second of which begins anew.
  std::function<void(const Difference&)> difference;
};
inline constexpr std::size_t kSortedBytes = std::size_t{64} << 20;

// Compares two images, entry by entry and byte by byte. Of the owner the numbers count, of symbolic
// links no mode, and a hard link is compared as the file that it names: it differs as a link if the
// two names are one file in one of the images alone. Times count if `times`. What has no entry of
// its own, and the top directory, do not count. Reads content only where the sizes are the same;
// takes 64 bytes an entry of each image.
DiffSummary diff(const Stores& stores, const ImageArgument& before, const ImageArgument& after,
                 bool times, Progress& progress, const DiffReports& reports);

}  // namespace acistore

#endif
