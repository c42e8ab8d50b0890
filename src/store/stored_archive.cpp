// SPDX-License-Identifier: Apache-2.0
#include "store/stored_archive.hpp"

namespace acistore {

TarReader& StoredArchive::start_at(std::uint64_t offset) {
  source_.seek(offset);
  return reader_.emplace(source_, stored_.file.size - offset);
}

void StoredArchive::make_index() {
  index_ = {};
  rewind();
  guard([&] {
    while (const TarEntry* entry = reader_->next())
      add_to_index(*entry);
  });
}

const TarEntry* StoredArchive::find(std::string_view path) {
  const auto place = index_.find(path);
  if (!place) return nullptr;
  const TarEntry* entry = guard([&] { return start_at(place->offset).next(); });
  if (entry == nullptr || entry->path != path) return nullptr;
  found_number_ = place->number;
  found_ = *entry;
  index_.set_global_fields(*place, found_);
  return &found_;
}

std::size_t StoredArchive::number_of(std::string_view path) {
  const auto place = index_.find(path);
  if (!place) throw Error(ErrorKind::kDamaged, key().text() + ": changed while it was read");
  return place->number;
}

std::optional<std::string> StoredArchive::walk(std::string_view path, LastLink last) {
  return walk_links(path, last, [&](const std::string& place) -> std::optional<PathTarget> {
    const TarEntry* entry = find(place);
    if (entry == nullptr) return std::nullopt;
    return PathTarget{.type = entry->type, .link = entry->link};
  });
}

}  // namespace acistore
