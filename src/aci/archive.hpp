// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_ARCHIVE_HPP
#define ACISTORE_ACI_ARCHIVE_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "aci/tar_reader.hpp"
#include "base/source.hpp"
#include "model/manifest.hpp"

namespace acistore {

inline constexpr std::string_view kManifestPath = "manifest";
inline constexpr std::string_view kRootfsPath = "rootfs";

struct ArchiveContents {
  std::string manifest_json;  // byte for byte
  Manifest manifest;
  std::uint64_t entries = 0;
};

// Reads an image, uncompressed, from front to the very end of its source, what follows the tar's
// end included, and holds it to the layout of appc spec/aci.md: "manifest", a regular file that is
// an image manifest, and "rootfs", a directory, in any order, everything else below "rootfs/", and
// no path twice, all in no more than `max_bytes`. The top directory itself may have an entry. All
// of it before anything is returned: who writes the bytes elsewhere meanwhile must not show them to
// anybody until then.
//
// Throws Error(kInvalid), always "not an image: ..."; errors of the source that are not kInvalid
// pass through as they are. Takes up to 37 bytes of memory an entry, and the manifest's size.
ArchiveContents read_archive(Source& source, std::uint64_t max_bytes = kMaxArchiveBytes);

// Moves on to the entry whose path is `path`, which is cleaned as those in the archive are; null if
// there is none. What it found may be of any type: see describe(). Paths are unique in an image, so
// what follows need not be read. Throws Error(kInvalid) as TarReader does.
const TarEntry* find_entry(TarReader& reader, std::string_view path);

}  // namespace acistore

#endif
