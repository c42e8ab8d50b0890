// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_QUOTE_HPP
#define ACISTORE_BASE_QUOTE_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace acistore {

// Text that may come from anywhere, made safe for a terminal and a single line: bytes that do not
// print in ASCII become \xNN and a backslash becomes "\\". Valid UTF-8 sequences of printing
// characters (anything but C0, DEL and C1 controls) are kept as they are.
std::string printable(std::string_view text);
void append_printable(std::string& out, std::string_view text);

// printable(), in double quotes (a quote inside becomes \"), cut to a length that an error message
// can bear ("…" marks the cut).
std::string quoted(std::string_view text);

// The length in bytes of the valid UTF-8 sequence (RFC 3629) at the start of `text`; 0 if there is
// none. `code_point`, where given, gets the character.
std::size_t utf8_length(std::string_view text, char32_t* code_point = nullptr);

bool is_utf8(std::string_view text);

}  // namespace acistore

#endif
