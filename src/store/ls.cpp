// SPDX-License-Identifier: Apache-2.0
#include "store/ls.hpp"

#include <utility>
#include <vector>

#include "aci/tar_path.hpp"
#include "aci/tar_path_set.hpp"
#include "base/quote.hpp"
#include "store/lookup.hpp"
#include "store/stored_archive.hpp"

namespace acistore {
namespace {

// Directories in the directory that is listed of which only what is in them has entries.
class ImpliedDirectories {
 public:
  void has_entry(const std::string& path) {
    recorded_.insert(path);
    last_ = path;
  }

  void has_content(std::string_view path) {
    // What is in a directory mostly comes in one run, and right after it.
    if (path == last_) return;
    last_ = path;
    if (met_.insert(path)) paths_.emplace_back(path);
  }

  void visit(const VisitEntry& visit) {
    TarEntry entry;
    entry.type = EntryType::kDirectory;
    for (std::string& path : paths_) {
      if (!recorded_.insert(path)) continue;
      entry.path = std::move(path);
      visit(entry, false);
    }
  }

 private:
  std::string last_;
  PathSet recorded_;
  PathSet met_;
  std::vector<std::string> paths_;
};

// One pass over an archive.
class Listing {
 public:
  // `directory_only`: what is no directory is not meant.
  Listing(std::string path, bool directory_only, bool recursive, const VisitEntry& visit)
      : path_(std::move(path)),
        is_top_(path_ == kTopDirectory),
        directory_only_(directory_only),
        recursive_(recursive),
        visit_(visit) {}

  // Whether there is anything under the path.
  bool run(TarReader& reader) {
    found_ = is_top_;
    while (const TarEntry* entry = reader.next()) {
      if (entry->path == path_) {
        if (!visit_itself(*entry)) return found_;
      } else if (const auto start = start_of_name(entry->path)) {
        found_ = true;
        visit_below(*entry, *start);
      }
    }
    implied_.visit(visit_);
    return found_;
  }

 private:
  // Whether to look for what is in it.
  bool visit_itself(const TarEntry& entry) {
    if (entry.type == EntryType::kDirectory) {
      found_ = true;
      return true;
    }
    if (!directory_only_) {
      found_ = true;
      visit_(entry, true);
    }
    return false;
  }

  // Where the name in the directory begins; nothing for what is not in it.
  std::optional<std::size_t> start_of_name(std::string_view path) const {
    if (is_top_) return 0;
    if (!path.starts_with(path_) || path.size() == path_.size() || path[path_.size()] != '/')
      return std::nullopt;
    return path_.size() + 1;
  }

  void visit_below(const TarEntry& entry, std::size_t start) {
    const std::size_t slash = recursive_ ? std::string::npos : entry.path.find('/', start);
    if (slash != std::string::npos) {
      implied_.has_content(std::string_view(entry.path).substr(0, slash));
      return;
    }
    if (!recursive_) implied_.has_entry(entry.path);
    visit_(entry, true);
  }

  std::string path_;
  bool is_top_;
  bool directory_only_;
  bool recursive_;
  const VisitEntry& visit_;
  bool found_ = false;
  ImpliedDirectories implied_;
};

}  // namespace

void ls(const Stores& stores, const ImageArgument& argument, const LsRequest& request,
        const VisitEntry& visit) {
  StoredArchive archive(open_blob(stores, find_image(stores, argument).blob));
  const std::string path = request.path.value_or(std::string(kTopDirectory));
  const auto not_found = [&] {
    return Error(ErrorKind::kNotFound,
                 printable(path) + ": no such path in " + archive.key().text());
  };
  std::string wanted;
  if (clean_path(path, wanted)) throw not_found();
  const bool directory_only = path.ends_with('/');
  archive.guard([&] {
    if (Listing(wanted, directory_only, request.recursive, visit).run(archive.reader())) return;
    archive.make_index();
    const auto place = with_context(printable(path), [&] {
      return archive.walk(path, directory_only ? LastLink::kFollow : LastLink::kKeep);
    });
    if (!place || *place == wanted ||
        !Listing(*place, directory_only, request.recursive, visit).run(archive.rewind())) {
      throw not_found();
    }
  });
}

}  // namespace acistore
