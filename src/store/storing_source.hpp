// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_STORING_SOURCE_HPP
#define ACISTORE_STORE_STORING_SOURCE_HPP

#include "base/hashing_source.hpp"
#include "base/pipeline.hpp"
#include "blob/blob_writer.hpp"
#include "codec/codec.hpp"
#include "store/input.hpp"

namespace acistore {

// Writes and hashes what it passes on.
//
// Where a plain file can be cloned (reflink), that is done first, and what is passed on is what the
// clone holds: the file may change meanwhile, and what is hashed is what is stored. This saves the
// disk space and the writing. To have the kernel copy where it cannot clone (copy_file_range) was
// measured to save nothing: the bytes are hashed after it, and so are read in any case.
class StoringSource final : public Source {
 public:
  // `decoded` gives what is in `input`, which is compressed in that way. All of them must outlive
  // this.
  StoringSource(InputFile& input, Compression compression, Reader& decoded, BlobWriter& blob,
                Threading threading);

  // Interrupts the input: what is not read by now is of no use.
  ~StoringSource() override;

  Bytes next() override { return hashed_.next(); }

  // The digest of all that was passed on, once all is written. Ends the stream.
  Sha512Digest finish();

 private:
  InputFile& input_;
  bool is_cloned_;
  FdReader clone_;
  ProgressReader counted_clone_;
  Pipeline pipeline_;
  HashingSource hashed_;
};

}  // namespace acistore

#endif
