// SPDX-License-Identifier: Apache-2.0
#include "store/storing_source.hpp"

namespace acistore {

StoringSource::StoringSource(InputFile& input, Reader& decoded, BlobWriter& blob,
                             Threading threading)
    : input_(input), pipeline_(decoded, threading, [&blob](Bytes run) { blob.write(run); }) {}

StoringSource::~StoringSource() {
  input_.interrupt();
}

Bytes StoringSource::next() {
  const Bytes run = pipeline_.next();
  hash_.update(run);
  return run;
}

Sha512Digest StoringSource::finish() {
  pipeline_.finish();
  return hash_.finish();
}

}  // namespace acistore
