// SPDX-License-Identifier: Apache-2.0
// In place of zstd.cpp and zstd_encoder.cpp in a build without libzstd: the format is recognised
// and refused.
#include "base/error.hpp"
#include "codec/zstd.hpp"

namespace acistore {

std::unique_ptr<Reader> make_zstd_decoder(std::unique_ptr<Reader>, unsigned) {
  throw Error(ErrorKind::kInvalid, "zstd: this acistore was built without it");
}

std::unique_ptr<Encoder> make_zstd_encoder(const EncodeOptions&, WriteEncoded) {
  throw Error(ErrorKind::kUsage, "zstd: this acistore was built without it");
}

}  // namespace acistore
