// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_COMPLETE_IMAGE_HPP
#define ACISTORE_CLI_COMPLETE_IMAGE_HPP

#include <string>
#include <string_view>
#include <vector>

#include "cli/complete.hpp"
#include "store/stores.hpp"

namespace acistore {

// What stores have that begins with the text, for a word of one of the kinds that name what is in a
// store; nothing for the others. As a user would go on typing: first the names, then the versions
// of one, and after a comma the labels that images of the name have.
std::vector<std::string> stored_words(const Stores& stores, WordKind kind, std::string_view typed);

}  // namespace acistore

#endif
