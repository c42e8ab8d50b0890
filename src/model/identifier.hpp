// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_IDENTIFIER_HPP
#define ACISTORE_MODEL_IDENTIFIER_HPP

#include <optional>
#include <string>
#include <string_view>

namespace acistore {

// appc spec/types.md, "AC Identifier Type": a-z 0-9 - . _ ~ /, the first and the last a letter or
// digit, not empty. Returns what is wrong with it, to stand after the quoted value in a message;
// nothing if it is one.
std::optional<std::string> ac_identifier_problem(std::string_view text);

// appc spec/types.md, "AC Name Type": a-z 0-9 -, same edges, not empty.
std::optional<std::string> ac_name_problem(std::string_view text);

}  // namespace acistore

#endif
