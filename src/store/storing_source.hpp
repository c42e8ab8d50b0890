// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_STORING_SOURCE_HPP
#define ACISTORE_STORE_STORING_SOURCE_HPP

#include "base/pipeline.hpp"
#include "base/sha512.hpp"
#include "base/source.hpp"
#include "blob/blob_writer.hpp"
#include "store/input.hpp"

namespace acistore {

// Writes and hashes what it passes on.
class StoringSource final : public Source {
 public:
  // `decoded` gives what is in `input`, or is its bytes. All of them must outlive this.
  StoringSource(InputFile& input, Reader& decoded, BlobWriter& blob, Threading threading);

  // Interrupts the input: what is not read by now is of no use.
  ~StoringSource() override;

  Bytes next() override;

  // The digest of all that was passed on, once all is written. Ends the stream.
  Sha512Digest finish();

 private:
  InputFile& input_;
  Pipeline pipeline_;
  Sha512 hash_;
};

}  // namespace acistore

#endif
