// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_SIZE_HPP
#define ACISTORE_CLI_SIZE_HPP

#include <cstdint>
#include <string_view>

namespace acistore {

// "1048576", "512K", "20G": bytes, or powers of 1024 by the letters K, M, G, T, P, E. Throws
// Error(kUsage).
std::uint64_t parse_size(std::string_view text);

}  // namespace acistore

#endif
