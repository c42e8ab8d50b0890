// SPDX-License-Identifier: Apache-2.0
#include "aci/archive_index.hpp"

#include <algorithm>
#include <tuple>

namespace acistore {
namespace {

bool is_less(const PathHash& a, const PathHash& b) {
  return std::tie(a.low, a.high) < std::tie(b.low, b.high);
}

}  // namespace

ArchiveIndex::ArchiveIndex() : key_(random_sip_hash_key()) {}

void ArchiveIndex::add(const TarEntry& entry, std::uint64_t offset) {
  entries_.push_back({.hash = sip_hash_128(key_, entry.path),
                      .offset = offset,
                      .uid = entry.uid,
                      .gid = entry.gid,
                      .mtime = entry.mtime});
  is_sorted_ = false;
}

std::optional<ArchiveIndex::Place> ArchiveIndex::find(std::string_view path) {
  if (!is_sorted_) {
    std::sort(entries_.begin(), entries_.end(),
              [](const Indexed& a, const Indexed& b) { return is_less(a.hash, b.hash); });
    is_sorted_ = true;
  }
  const PathHash wanted = sip_hash_128(key_, path);
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), wanted,
      [](const Indexed& entry, const PathHash& hash) { return is_less(entry.hash, hash); });
  if (found == entries_.end() || found->hash != wanted) return std::nullopt;
  return Place{.number = static_cast<std::size_t>(found - entries_.begin()),
               .offset = found->offset};
}

void ArchiveIndex::set_global_fields(const Place& place, TarEntry& entry) const {
  const Indexed& indexed = entries_[place.number];
  entry.uid = indexed.uid;
  entry.gid = indexed.gid;
  entry.mtime = indexed.mtime;
}

}  // namespace acistore
