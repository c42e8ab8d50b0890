// SPDX-License-Identifier: Apache-2.0
// The rules for texts in an image manifest. Each returns what is wrong with the text, to stand
// after it in a message; nothing if it is right.
#ifndef ACISTORE_ACI_MANIFEST_TEXT_HPP
#define ACISTORE_ACI_MANIFEST_TEXT_HPP

#include <optional>
#include <string>
#include <string_view>

namespace acistore {

// ASCII, whatever the locale.
inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Semantic Versioning 2.0, as the reference reads it: three numbers of up to 63 bits, leading zeros
// allowed, then anything after "-" or "+"; but not 0.0.0.
std::optional<std::string> version_problem(std::string_view text);

// appc spec/types.md, "Image ID Type": "sha512-" and something without a further "-".
std::optional<std::string> image_id_problem(std::string_view text);

// appc spec/aci.md, "environment": [A-Za-z_][A-Za-z_0-9.-]*
std::optional<std::string> environment_name_problem(std::string_view text);

// RFC 3339, as Go's time.Parse reads it: capital T and Z, an hour may have one digit, a comma may
// stand before the fraction, no leap second.
std::optional<std::string> time_problem(std::string_view text);

// RFC 3986 with the scheme http or https, as Go's net/url reads it.
std::optional<std::string> http_url_problem(std::string_view text);

// A quantity of a resource, such as "1.5Gi", "500m" or "1e3", as the reference reads it.
std::optional<std::string> quantity_problem(std::string_view text);

}  // namespace acistore

#endif
