// SPDX-License-Identifier: Apache-2.0
// Input: bzip2. Serial and parallel decoding agree in bytes and message.
#include "decoding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  acistore::fuzz::check_codec(acistore::fuzz::text_of(data, size));
  return 0;
}
