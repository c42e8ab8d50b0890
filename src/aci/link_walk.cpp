// SPDX-License-Identifier: Apache-2.0
#include "aci/link_walk.hpp"

#include <utility>
#include <vector>

#include "aci/archive.hpp"
#include "aci/tar_path.hpp"
#include "base/error.hpp"

namespace acistore {
namespace {

// Components that are still to be walked, the next one last.
using Pending = std::vector<std::string>;

void push_components(Pending& pending, std::string_view path) {
  while (true) {
    const std::size_t slash = path.rfind('/');
    pending.emplace_back(slash == std::string_view::npos ? path : path.substr(slash + 1));
    if (slash == std::string_view::npos) return;
    path = path.substr(0, slash);
  }
}

bool stays(std::string_view component) {
  return component.empty() || component == ".";
}

// Neither out of the root nor, where the way began above that, out of the archive.
void go_up(std::string& directory) {
  if (directory == kRootfsPath) return;
  const std::size_t slash = directory.rfind('/');
  directory.resize(slash == std::string::npos ? 0 : slash);
}

std::string join(const std::string& directory, const std::string& name) {
  return directory.empty() ? name : directory + '/' + name;
}

class Walk {
 public:
  explicit Walk(const LookUpPath& look_up) : look_up_(look_up) {}

  // Through hard links as ancestors it comes back to itself, as often as links may be followed.
  std::optional<std::string> go(std::string_view path, LastLink last) {
    Pending pending;
    push_components(pending, path);
    std::string place;
    while (!pending.empty()) {
      const std::string component = std::exchange(pending.back(), {});
      pending.pop_back();
      if (stays(component)) continue;
      if (component == "..") {
        go_up(place);
        continue;
      }
      std::string next = join(place, component);
      if (next.size() > kMaxPathBytes) return std::nullopt;
      std::optional<PathTarget> target = look_up_(next);
      while (target && target->type == EntryType::kHardLink) {
        const auto named = named_by(*target);
        if (!named) return std::nullopt;
        target = look_up_(*named);
        if (!target) return std::nullopt;
        // Of a symbolic link what counts is where it stands.
        if (target->type != EntryType::kSymlink) next = *named;
      }
      if (target && target->type == EntryType::kSymlink) {
        if (last == LastLink::kKeep && pending.empty()) return next;
        count_link();
        if (target->link.empty() || target->link.size() > kMaxPathBytes) return std::nullopt;
        if (target->link.starts_with('/')) place = kRootfsPath;
        push_components(pending, target->link);
        continue;
      }
      if (target && target->type != EntryType::kDirectory && !pending.empty()) return std::nullopt;
      place = std::move(next);
    }
    if (place.empty()) place = kTopDirectory;
    return place;
  }

 private:
  std::optional<std::string> named_by(const PathTarget& hard_link) {
    count_link();
    std::string path;
    if (clean_path(hard_link.link, path)) return std::nullopt;
    if (look_up_(path)) return path;
    return go(path, LastLink::kKeep);
  }

  void count_link() {
    if (++links_ > kMaxLinksOnAWay)
      throw Error(ErrorKind::kNotFound, "more than " + std::to_string(kMaxLinksOnAWay) +
                                            " links on the way (a loop of links?)");
  }

  const LookUpPath& look_up_;
  int links_ = 0;
};

}  // namespace

std::optional<std::string> walk_links(std::string_view path, LastLink last,
                                      const LookUpPath& look_up) {
  return Walk(look_up).go(path, last);
}

}  // namespace acistore
