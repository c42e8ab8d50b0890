// SPDX-License-Identifier: Apache-2.0
// What the letter of the specification forbids in texts of an image manifest and the reference lets
// pass: for those who build images. As in manifest_text.hpp, each returns what is wrong with a text
// that the reference accepts; nothing if it is right.
#ifndef ACISTORE_ACI_MANIFEST_LETTER_HPP
#define ACISTORE_ACI_MANIFEST_LETTER_HPP

#include <optional>
#include <string>
#include <string_view>

#include "aci/json_field.hpp"

namespace acistore {

// Texts that are held to rules of both kinds.
extern const LetteredCheck kIdentifierCheck;  // appc spec/types.md, "AC Identifier Type"
extern const LetteredCheck kNameCheck;        // "AC Name Type"
extern const LetteredCheck kVersionCheck;     // "AC Version Type"
extern const LetteredCheck kImageIdCheck;     // "Image ID Type"

// Two marks in a row: types.md gives a regular expression that allows one at a time.
std::optional<std::string> identifier_letter_problem(std::string_view text);

// A version later than any of the specification, or not as Semantic Versioning 2.0 has it.
std::optional<std::string> version_letter_problem(std::string_view text);

// Anything but 128 hexadecimal digits.
std::optional<std::string> image_id_letter_problem(std::string_view text);

// The values of the annotations that the specification defines: a time as in RFC 3339, true or
// false.
std::optional<std::string> annotation_letter_problem(std::string_view name, std::string_view value);

// A version before the last one of the specification, which is no error.
std::optional<std::string> old_version_problem(std::string_view text);

// Whether an image's name begins with something like a host.
bool looks_like_url(std::string_view name);

}  // namespace acistore

#endif
