// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_SUGGEST_HPP
#define ACISTORE_CLI_SUGGEST_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acistore {

// The word that somebody who typed `typed` most likely meant, if one is near enough: by the number
// of letters left out, put in, replaced or swapped with their neighbour.
std::optional<std::string> suggest(std::string_view typed, const std::vector<std::string>& words);

}  // namespace acistore

#endif
