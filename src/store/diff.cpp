// SPDX-License-Identifier: Apache-2.0
#include "store/diff.hpp"

#include <algorithm>
#include <utility>

#include "aci/tar_path.hpp"
#include "store/lookup.hpp"
#include "store/stored_archive.hpp"

namespace acistore {
namespace {

EntryFacts facts_of(const TarEntry& entry) {
  return {.type = entry.type,
          .mode = entry.mode,
          .uid = entry.uid,
          .gid = entry.gid,
          .size = entry.size,
          .mtime = entry.mtime,
          .link = entry.link,
          .dev_major = entry.dev_major,
          .dev_minor = entry.dev_minor};
}

// What an entry stands for: itself, or what it names as a hard link.
struct Subject {
  TarEntry entry;
  TarReader* reader = nullptr;  // its content comes next
  std::string linked_to;        // the path of the file that a hard link names; empty for others
};

// Throws nothing for a hard link that leads nowhere: that is one to be compared as such.
Subject subject_of(const TarEntry& entry, TarReader& reader, StoredArchive& archive) {
  Subject subject{.entry = entry, .reader = &reader, .linked_to = {}};
  std::string path;
  for (int links = 0; subject.entry.type == EntryType::kHardLink; ++links) {
    if (links == kMaxLinksOnAWay || clean_path(subject.entry.link, path)) return subject;
    const TarEntry* named = archive.find(path);
    if (named == nullptr) return subject;
    subject = {.entry = *named, .reader = &archive.reader(), .linked_to = path};
  }
  return subject;
}

// Whether the two paths are one file in the archive.
bool is_one_file(StoredArchive& archive, const std::string& path, const std::string& other) {
  const auto file_of = [&](const std::string& name) -> std::string {
    const TarEntry* entry = archive.find(name);
    if (entry == nullptr) return {};
    const Subject subject = subject_of(*entry, archive.reader(), archive);
    return subject.linked_to.empty() ? name : subject.linked_to;
  };
  const std::string file = file_of(path);
  return !file.empty() && file == file_of(other);
}

bool is_same_content(Source& a, Source& b) {
  Bytes run_a;
  Bytes run_b;
  while (true) {
    if (run_a.empty()) run_a = a.next();
    if (run_b.empty()) run_b = b.next();
    const std::size_t length = std::min(run_a.size(), run_b.size());
    if (length == 0) return run_a.size() == run_b.size();
    if (!std::equal(run_a.begin(), run_a.begin() + static_cast<std::ptrdiff_t>(length),
                    run_b.begin()))
      return false;
    run_a = run_a.subspan(length);
    run_b = run_b.subspan(length);
  }
}

bool has_mode(const TarEntry& entry) {
  return entry.type != EntryType::kSymlink;
}

bool has_xattrs_of(const TarEntry& a, const TarEntry& b) {
  return a.xattrs == b.xattrs && a.acl_access == b.acl_access && a.acl_default == b.acl_default;
}

class Comparison {
 public:
  Comparison(StoredArchive& before, StoredArchive& after, bool times, const DiffReports& reports)
      : before_(before), after_(after), times_(times), reports_(reports) {}

  DiffSummary run(Progress& progress) {
    before_.make_index();
    after_.make_index();
    is_in_both_.resize(before_.index_size());
    after_.guard([&] { compare(progress); });
    before_.guard([&] { tell_removed(); });
    tell_sorted();
    return summary_;
  }

 private:
  // What is in the second image, in its order.
  void compare(Progress& progress) {
    SeekingSource source(after_.file(), after_.size());
    TarReader reader(source, after_.size());
    std::uint64_t told = 0;
    while (const TarEntry* entry = reader.next()) {
      progress.advance(reader.entry_offset() - std::exchange(told, reader.entry_offset()));
      if (entry->path == kTopDirectory) continue;
      const TarEntry* found = before_.find(entry->path);
      if (found == nullptr) {
        ++summary_.added;
        summary_.added_bytes += entry->size;
        add({.path = entry->path, .before = {}, .after = facts_of(*entry), .aspects = {}});
        continue;
      }
      is_in_both_[before_.found_number()] = true;
      compare_entries(*found, *entry, reader);
    }
  }

  void compare_entries(const TarEntry& old_entry, const TarEntry& new_entry, TarReader& reader) {
    const std::string path = new_entry.path;
    const Subject after = subject_of(new_entry, reader, after_);
    const Subject before = subject_of(old_entry, before_.reader(), before_);
    // Two names of one file in both: what that is, is told under the other name.
    if (!before.linked_to.empty() && before.linked_to == after.linked_to) {
      ++summary_.same;
      return;
    }
    Difference difference{.path = path,
                          .before = facts_of(before.entry),
                          .after = facts_of(after.entry),
                          .aspects = {}};
    const auto check = [&](Aspect aspect, bool differs) {
      if (!differs) return;
      difference.aspects.push_back(aspect);
      ++summary_.aspects[static_cast<std::size_t>(aspect)];
    };
    const TarEntry& a = before.entry;
    const TarEntry& b = after.entry;
    const bool same_type = a.type == b.type;
    check(Aspect::kType, !same_type);
    check(Aspect::kContent,
          same_type && a.type == EntryType::kFile && !has_content_of(before, after));
    check(Aspect::kMode, has_mode(a) && has_mode(b) && a.mode != b.mode);
    check(Aspect::kOwner, a.uid != b.uid || a.gid != b.gid);
    // Last of all that reads content: it sends the readers elsewhere.
    check(Aspect::kLink, (same_type && a.link != b.link) || !is_linked_alike(path, before, after));
    check(Aspect::kDevice, same_type && (a.dev_major != b.dev_major || a.dev_minor != b.dev_minor));
    check(Aspect::kXattrs, !has_xattrs_of(a, b));
    check(Aspect::kTime, times_ && a.mtime != b.mtime);
    if (difference.aspects.empty()) {
      ++summary_.same;
      return;
    }
    if (!before.linked_to.empty()) difference.before->link = before.linked_to;
    if (!after.linked_to.empty()) difference.after->link = after.linked_to;
    ++summary_.changed;
    summary_.changed_bytes_before += a.size;
    summary_.changed_bytes_after += b.size;
    add(std::move(difference));
  }

  static bool has_content_of(const Subject& before, const Subject& after) {
    if (before.entry.size != after.entry.size) return false;
    EntryContent old_content(*before.reader, before.entry);
    EntryContent new_content(*after.reader, after.entry);
    return is_same_content(old_content, new_content);
  }

  // Which of several names has the content is up to the order in which an archive was written.
  bool is_linked_alike(const std::string& path, const Subject& before, const Subject& after) {
    return (before.linked_to.empty() || is_one_file(after_, path, before.linked_to)) &&
           (after.linked_to.empty() || is_one_file(before_, path, after.linked_to));
  }

  void tell_removed() {
    SeekingSource source(before_.file(), before_.size());
    TarReader reader(source, before_.size());
    while (const TarEntry* entry = reader.next()) {
      if (entry->path == kTopDirectory || is_in_both_[before_.number_of(entry->path)]) continue;
      ++summary_.removed;
      summary_.removed_bytes += entry->size;
      add({.path = entry->path, .before = facts_of(*entry), .after = {}, .aspects = {}});
    }
  }

  void add(Difference difference) {
    bytes_ += sizeof(Difference) + difference.path.size() +
              difference.aspects.size() * sizeof(Aspect) +
              (difference.before ? difference.before->link.size() : 0) +
              (difference.after ? difference.after->link.size() : 0);
    differences_.push_back(std::move(difference));
    if (bytes_ > kSortedBytes) tell_sorted();
  }

  void tell_sorted() {
    std::sort(differences_.begin(), differences_.end(),
              [](const Difference& a, const Difference& b) { return a.path < b.path; });
    for (const Difference& difference : differences_)
      reports_.difference(difference);
    differences_.clear();
    bytes_ = 0;
  }

  StoredArchive& before_;
  StoredArchive& after_;
  bool times_;
  const DiffReports& reports_;
  std::vector<bool> is_in_both_;  // by number in the index of the first image
  std::vector<Difference> differences_;
  std::size_t bytes_ = 0;
  DiffSummary summary_;
};

}  // namespace

DiffSummary diff(const Stores& stores, const ImageArgument& before, const ImageArgument& after,
                 bool times, Progress& progress, const DiffReports& reports) {
  StoredArchive old_archive(open_blob(stores, find_image(stores, before).blob));
  StoredArchive new_archive(open_blob(stores, find_image(stores, after).blob));
  if (old_archive.key() == new_archive.key()) {
    reports.manifest({});
    return {};
  }
  const std::vector<MemberChange> members = manifest_changes(
      manifest_of(stores, old_archive.key()), manifest_of(stores, new_archive.key()));
  reports.manifest(members);
  const ProgressScope scope(progress, new_archive.key().text(), new_archive.size());
  DiffSummary summary = Comparison(old_archive, new_archive, times, reports).run(progress);
  summary.members = members.size();
  return summary;
}

}  // namespace acistore
