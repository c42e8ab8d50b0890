// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_READER_HPP
#define ACISTORE_ACI_TAR_READER_HPP

#include <cstdint>
#include <string>

#include "aci/problem.hpp"
#include "aci/tar.hpp"
#include "aci/tar_entry.hpp"
#include "aci/tar_header.hpp"
#include "base/source.hpp"

namespace acistore {

// A run of an entry's content as it is stored, and where in the real file it belongs.
struct DataRun {
  std::uint64_t offset = 0;
  Bytes bytes;
};

// Reads a tar archive from front to back: v7, ustar, star, GNU and pax. The one reader for all that
// looks into archives, so that no two parts of the program can disagree about one.
//
// Where parsers disagree, this one does so:
//  - Of type "0", "7" and every unknown one are files. So is "\0", or, with a slash at the end of
//    the path, a directory. "D" (GNU) is a directory, whose content is a list for GNU tar.
//  - Only files have content; the size of links, directories, devices and fifos is ignored.
//  - Special headers: "x" and "X" (pax), "g" (global pax), "L" and "K" (GNU long path and link).
//    Each replaces an earlier one of its kind. One that no entry follows is an error, as are a path
//    or link that pax and GNU give differently.
//  - Global records count for uid, gid, uname, gname and mtime; what could move or rename an entry
//    is only taken from its own header.
//  - The archive ends at two blocks of zeros, at one that nothing follows, or at the end of the
//    source where an entry could begin. The last padding may be missing.
//  - Every path that the reader gives out is one that clean_path() accepts.
//
// Everything else is an Error(kInvalid) that names the entry: `entry 17 ("rootfs/etc/x"): content
// ends after 100 of 1000 bytes`, `entry 17 at byte 10240: header checksum is 1234, computed 1235`.
// What the source throws passes through as it is. After an error the reader is of no more use.
class TarReader {
 public:
  // Of an archive of more than `max_bytes` no more than that is read.
  explicit TarReader(Source& source, std::uint64_t max_bytes = kMaxArchiveBytes)
      : cursor_(source), max_bytes_(max_bytes) {}

  // From now on tells `report`, which must outlive the reader, of what it settles in silence and of
  // where the archive departs from POSIX. An entry with a path that clean_path() refuses is then
  // told of, and passed over, and does not end the reading.
  void set_report(const ReportProblem& report) { report_ = &report; }

  // The next entry; null at the end of the archive, and then ever after. Passes over what is left
  // of the entry before, seeking where the source can. Valid until the next call.
  const TarEntry* next();

  // The next run of the current entry's stored content, empty at its end. Valid until the next
  // call.
  DataRun next_data();

  // How many entries next() has returned.
  std::uint64_t entries() const { return entries_; }

  // Where the current entry begins in the archive, the special headers before it included. A reader
  // whose source begins there finds the entry, but not what global headers before it said.
  std::uint64_t entry_offset() const { return entry_offset_; }

  // Passes over whatever follows the end of the archive, to the end of the source. To be called
  // when next() has returned null. Throws Error(kInvalid) if all is more than it may be.
  void skip_to_end();

 private:
  bool read_header(TarBlock& block);
  void read_block(TarBlock& block, const char* what);
  void read_special(const TarHeader& header, std::string& text);
  void set_entry(const TarHeader& header);
  void set_content(const TarHeader& header, const TarBlock& block);
  std::uint64_t stored_size(const TarHeader& header) const;
  void set_sparse(std::uint64_t real_size);
  void read_old_sparse(const TarBlock& header);
  void read_pax_sparse(SparseFormat format);
  void skip_content();
  void count(std::uint64_t bytes);

  void note(Severity severity, const std::string& message) const;
  bool note_bad_path() const;
  void note_rest();
  void note_header(const TarHeader& header) const;
  std::string place() const;
  [[noreturn]] void fail(const std::string& message) const;
  template <typename Parse>
  decltype(auto) in_place(Parse&& parse) const;

  Cursor cursor_;
  std::uint64_t max_bytes_;
  std::uint64_t offset_ = 0;         // of the cursor in the archive
  std::uint64_t header_offset_ = 0;  // where the current header block began
  std::uint64_t entry_offset_ = 0;
  std::uint64_t entries_ = 0;
  bool ended_ = false;
  const ReportProblem* report_ = nullptr;

  TarEntry entry_;
  bool named_ = false;  // entry_.raw_path is that of the entry in hand

  SpecialHeaders special_;
  GlobalRecords global_;
  std::string joined_path_;

  std::uint64_t stored_left_ = 0;  // of the entry's bytes in the archive, without padding
  std::uint64_t padding_ = 0;
  std::uint64_t position_ = 0;   // in the real file
  std::size_t next_region_ = 0;  // of entry_.regions
  std::uint64_t region_left_ = 0;
};

// The content of a reader's current entry as it was in the file: with zeros where there are holes.
class EntryContent final : public Source {
 public:
  EntryContent(TarReader& reader, const TarEntry& entry) : reader_(reader), size_(entry.size) {}
  Bytes next() override;

 private:
  TarReader& reader_;
  std::uint64_t size_;
  std::uint64_t position_ = 0;
  DataRun run_;  // what comes once the zeros before it are given out
};

}  // namespace acistore

#endif
