// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_PATH_HPP
#define ACISTORE_ACI_TAR_PATH_HPP

#include <optional>
#include <string>
#include <string_view>

namespace acistore {

// The clean path of the top directory itself.
inline constexpr std::string_view kTopDirectory = ".";

// Cleans a path of an archive: without "." components, empty components and a slash at the end
// ("./x", "a//b", "x/"); nothing or "." is kTopDirectory. Where programs could disagree on what a
// path means, or could not make it, it is no path, and what is wrong with it is returned (`path
// "../x" has a ".." component`): a ".." component, a "/" in front, more than kMaxPathBytes or, in a
// component, kMaxPathComponentBytes. `clean` is then unspecified.
[[nodiscard]] std::optional<std::string> clean_path(std::string_view raw, std::string& clean);

}  // namespace acistore

#endif
