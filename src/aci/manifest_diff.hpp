// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_MANIFEST_DIFF_HPP
#define ACISTORE_ACI_MANIFEST_DIFF_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acistore {

// What is not in both of two manifests, or not the same.
struct MemberChange {
  std::string member;                 // "app.exec", "labels[version]"
  std::optional<std::string> before;  // JSON on one line; nothing: it was not there
  std::optional<std::string> after;
};

// No more than so many are told, and after them one of the name "...".
inline constexpr std::size_t kMaxMemberChanges = 1000;

// Compares two manifests. Objects are compared member by member, and lists of objects that have a
// "name" (labels, annotations, environment, isolators...) name by name, in whatever order they
// stand, four levels deep; everything else as a whole, but for white space and the way in which
// characters are escaped. By name, of each level. Throws Error(kInvalid) if one is not JSON.
std::vector<MemberChange> manifest_changes(std::string_view before, std::string_view after);

}  // namespace acistore

#endif
