// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BLOB_BLOB_WRITER_HPP
#define ACISTORE_BLOB_BLOB_WRITER_HPP

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/fd.hpp"
#include "base/io.hpp"
#include "base/source.hpp"

namespace acistore {

// When what is written to a blob goes to the disk: as it comes, for a blob that will be flushed, or
// when the kernel likes.
enum class Writeback { kEarly, kLate };

// A file in the making: written in the store's temporary directory, then given a name with
// publish(), whole and for good. If it is not published nothing of it stays.
//
// Where the file system can, the file has no name until then (O_TMPFILE), so that not even a killed
// process leaves anything. Elsewhere it has one in tmp/, and is locked: what is in tmp/ and not
// locked belongs to nobody.
class BlobWriter {
 public:
  // In the directory `temporary`, whose descriptor must outlive the writer. Throws Error.
  explicit BlobWriter(int temporary, Writeback writeback = Writeback::kLate);
  BlobWriter(BlobWriter&& other) noexcept;
  BlobWriter& operator=(BlobWriter&&) = delete;
  ~BlobWriter();

  void write(Bytes bytes);

  // Makes its bytes, of which there are none yet, those of a whole regular file, and has the two
  // share their blocks until one of them changes. False, and nothing is done, where the file system
  // cannot do that, or not between these two.
  bool clone(int file);

  // Its bytes, from the first one on. To be called after clone(), and instead of write().
  FdReader read_back() const { return FdReader(fd_.get()); }

  // Another descriptor of its bytes, which keeps them whatever becomes of the writer. Throws Error.
  Fd duplicate() const;

  std::uint64_t size() const { return size_; }

  // Makes it `size` bytes long, all zeros, with their blocks on the disk.
  void allocate(std::uint64_t size);

  // Sets the modification time.
  void set_mtime(UnixNanos mtime);

  // Brings its bytes to stable storage.
  void flush();

  // Gives it the name `name` in `directory`, in place of a file that has it. Nothing is flushed.
  void publish(int directory, const std::string& name);

 private:
  bool has_name() const { return !name_.empty(); }
  void make_named();

  void write_back_early();

  int temporary_;
  Writeback writeback_;
  Fd fd_;
  std::string name_;  // in tmp/; empty if it has none
  std::uint64_t size_ = 0;
  std::uint64_t written_back_ = 0;  // so many bytes are on their way to the disk
};

}  // namespace acistore

#endif
