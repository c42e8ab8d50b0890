// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_JSON_TEXT_HPP
#define ACISTORE_ACI_JSON_TEXT_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace acistore {

// The length of the longest JSON number (RFC 8259) at the start of `text`; 0 if there is none.
std::size_t json_number_length(std::string_view text);

// A copy of the same length that RapidJSON 1.1 reads as Go's encoding/json reads the original:
//  - each number is 0 and white space, as RapidJSON evaluates numbers even when asked for their
//    digits only, and fails on those that no double can hold;
//  - each \u escape of a surrogate that has no partner is \ufffd.
// Throws Error(kInvalid), with line and column, on bytes that are not UTF-8 and on control
// characters where JSON does not allow them. Whatever else is wrong is left for the parser to find.
std::string prepare_json(std::string_view text);

// Throws Error(kInvalid) "line L, column C: PROBLEM" for a byte offset.
[[noreturn]] void throw_json_error(std::string_view text, std::size_t offset,
                                   std::string_view problem);

// Throws Error(kInvalid) that names kMaxManifestBytes.
[[noreturn]] void throw_too_large(std::size_t bytes);

}  // namespace acistore

#endif
