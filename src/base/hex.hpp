// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_HEX_HPP
#define ACISTORE_BASE_HEX_HPP

#include <string>
#include <string_view>

#include "base/source.hpp"

namespace acistore {

// Lower-case hexadecimal, two digits a byte.
std::string to_hex(Bytes bytes);

// Whether every character is a lower-case hexadecimal digit (an empty text is).
bool is_lower_hex(std::string_view text);

}  // namespace acistore

#endif
