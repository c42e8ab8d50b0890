// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_NUMBER_HPP
#define ACISTORE_ACI_TAR_NUMBER_HPP

#include <cstdint>
#include <optional>
#include <string_view>

namespace acistore {

// The three ways in which tar writes a number. Nothing where it is none, or not within 64 bits.

// Octal digits between any number of spaces and NULs; what follows a NUL after them is ignored. A
// field without digits is 0.
std::optional<std::int64_t> parse_octal(std::string_view field);

// Octal, or, if the top bit of the first byte is set, base 256 (GNU, star): big-endian two's
// complement of which that bit is no part.
std::optional<std::int64_t> parse_octal_or_binary(std::string_view field);

// A pax record: decimal digits, perhaps after a "-".
std::optional<std::int64_t> parse_decimal(std::string_view text);

}  // namespace acistore

#endif
