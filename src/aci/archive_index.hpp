// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_ARCHIVE_INDEX_HPP
#define ACISTORE_ACI_ARCHIVE_INDEX_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "aci/tar.hpp"
#include "aci/tar_path_set.hpp"

namespace acistore {

// Where each entry of an archive begins, by path, in 64 bytes an entry however long the paths are.
// Paths are kept as hashes as in a PathSet: whoever reads the entry sees whether it is the one.
class ArchiveIndex {
 public:
  struct Place {
    std::size_t number = 0;    // of the entry in the index, from 0
    std::uint64_t offset = 0;  // where a TarReader finds it: TarReader::entry_offset()
    bool operator==(const Place&) const = default;
  };

  ArchiveIndex();

  // An entry of the archive, in any order. Not after find().
  void add(const TarEntry& entry, std::uint64_t offset);

  std::size_t size() const { return entries_.size(); }

  // Nothing if there is no such path.
  std::optional<Place> find(std::string_view path);

  // Who reads an entry alone does not know what global pax headers said of its owner and time.
  // Sets these as they were when the entry was added.
  void set_global_fields(const Place& place, TarEntry& entry) const;

 private:
  struct Indexed {
    PathHash hash;
    std::uint64_t offset;
    std::int64_t uid;
    std::int64_t gid;
    TarTime mtime;
  };

  SipHashKey key_;
  bool is_sorted_ = false;
  std::vector<Indexed> entries_;
};

}  // namespace acistore

#endif
