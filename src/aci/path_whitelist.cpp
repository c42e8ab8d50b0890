// SPDX-License-Identifier: Apache-2.0
#include "aci/path_whitelist.hpp"

#include <algorithm>
#include <optional>

#include "aci/archive.hpp"

namespace acistore {
namespace {

// The path in the archive. Nothing if there can be no such path.
std::optional<std::string> path_in_archive(std::string_view listed) {
  std::string path(kRootfsPath);
  for (std::size_t at = 0; at < listed.size();) {
    const std::size_t end = std::min(listed.find('/', at), listed.size());
    const std::string_view component = listed.substr(at, end - at);
    at = end + 1;
    if (component.empty() || component == ".") continue;
    if (component == "..") {
      if (path == kRootfsPath) return std::nullopt;
      path.resize(path.rfind('/'));
      continue;
    }
    path += '/';
    path += component;
    // Also so that no list makes more of its directories than their sum.
    if (path.size() > kMaxPathBytes) return std::nullopt;
  }
  return path;
}

}  // namespace

PathWhitelist::PathWhitelist(const std::vector<std::string>& paths) {
  directories_.insert(kRootfsPath);
  for (const std::string& listed : paths) {
    const auto path = path_in_archive(listed);
    if (!path || !listed_.insert(*path)) continue;
    ++size_;
    std::string_view rest = *path;
    while (rest != kRootfsPath) {
      rest = rest.substr(0, rest.rfind('/'));
      if (!directories_.insert(rest)) break;
      ++size_;
    }
  }
}

}  // namespace acistore
