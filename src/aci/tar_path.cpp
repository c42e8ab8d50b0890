// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_path.hpp"

#include <algorithm>

#include "aci/tar.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

std::string over_limit(std::string_view what, std::size_t length, std::size_t limit) {
  return std::string(what) + " is " + std::to_string(length) + " bytes long (limit " +
         std::to_string(limit) + ")";
}

}  // namespace

std::optional<std::string> clean_path(std::string_view raw, std::string& clean) {
  clean.clear();
  if (!raw.empty() && raw.front() == '/') return "path " + quoted(raw) + " begins with a slash";
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t end = std::min(raw.find('/', at), raw.size());
    const std::string_view component = raw.substr(at, end - at);
    at = end + 1;
    if (component.empty() || component == ".") continue;
    if (component == "..") return "path " + quoted(raw) + " has a \"..\" component";
    if (component.size() > kMaxPathComponentBytes)
      return over_limit("path component " + quoted(component), component.size(),
                        kMaxPathComponentBytes);
    if (!clean.empty()) clean += '/';
    clean += component;
  }
  if (clean.size() > kMaxPathBytes)
    return over_limit("path " + quoted(clean), clean.size(), kMaxPathBytes);
  if (clean.empty()) clean.append(kTopDirectory);
  return std::nullopt;
}

}  // namespace acistore
