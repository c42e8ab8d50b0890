// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_STORED_ARCHIVE_HPP
#define ACISTORE_STORE_STORED_ARCHIVE_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "aci/archive_index.hpp"
#include "aci/link_walk.hpp"
#include "aci/tar_reader.hpp"
#include "base/error.hpp"
#include "base/seeking_source.hpp"
#include "store/read.hpp"

namespace acistore {

// The archive of a stored image, for who looks at its entries: in turn, or at one here and there.
// What is read is not verified.
class StoredArchive {
 public:
  explicit StoredArchive(StoredBlob stored)
      : stored_(std::move(stored)), source_(stored_.file.fd.get(), stored_.file.size) {
    start_at(0);
  }

  const ImageKey& key() const { return stored_.blob.key; }
  // For further readers of it.
  int file() const { return stored_.file.fd.get(); }
  std::uint64_t size() const { return stored_.file.size; }  // bytes

  // Reads on from the place in the archive where the reader was sent last.
  TarReader& reader() { return *reader_; }

  // Sends the reader to the beginning.
  TarReader& rewind() { return start_at(0); }

  // Adds the entry that the reader has just come to.
  void add_to_index(const TarEntry& entry) { index_.add(entry, reader_->entry_offset()); }

  // Makes the index anew of all entries; the reader is at the end then.
  void make_index();

  // These need the index of all entries.
  //
  // Sends the reader to the entry of that clean path, with its content next; null if there is none.
  const TarEntry* find(std::string_view path);
  // The number in the index of what find() found last.
  std::size_t found_number() const { return found_number_; }
  // The number of a path that is there.
  std::size_t number_of(std::string_view path);
  std::size_t index_size() const { return index_.size(); }
  // Where a path leads: see walk_links().
  std::optional<std::string> walk(std::string_view path, LastLink last);

  // Runs `action`. The archive was accepted at its import: what is wrong with it now is damage.
  template <typename Action>
  decltype(auto) guard(Action&& action) const {
    try {
      return action();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInvalid) throw;
      throw Error(ErrorKind::kDamaged, key().text() + ": the store is damaged: " + error.message());
    }
  }

 private:
  TarReader& start_at(std::uint64_t offset);

  StoredBlob stored_;
  SeekingSource source_;
  std::optional<TarReader> reader_;
  ArchiveIndex index_;
  std::size_t found_number_ = 0;
  TarEntry found_;
};

}  // namespace acistore

#endif
