// SPDX-License-Identifier: Apache-2.0
#include "aci/archive_check.hpp"

#include <map>
#include <string>
#include <string_view>

#include "aci/archive.hpp"
#include "aci/manifest.hpp"
#include "aci/tar_path.hpp"
#include "aci/tar_path_set.hpp"
#include "aci/tar_reader.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::uint64_t kMostOfAKind = 20;

constexpr std::uint32_t kSetUser = 04000;
constexpr std::uint32_t kSetGroup = 02000;

bool is_device(EntryType type) {
  return type == EntryType::kCharDevice || type == EntryType::kBlockDevice;
}

// Passes problems on, as long as there are not too many that differ only in their place.
class Thinned {
 public:
  explicit Thinned(const ReportProblem& report) : report_(report) {}

  void add(std::string_view kind, const Problem& problem) {
    Count& count = counts_.try_emplace(std::string(kind), Count{problem.severity, 0}).first->second;
    if (++count.problems <= kMostOfAKind) report_(problem);
  }

  void finish() const {
    for (const auto& [kind, count] : counts_) {
      if (count.problems > kMostOfAKind)
        report_(
            {.severity = count.severity,
             .field = "archive",
             .value = {},
             .message = std::to_string(count.problems - kMostOfAKind) + " more of this: " + kind});
    }
  }

 private:
  struct Count {
    Severity severity;
    std::uint64_t problems;
  };
  const ReportProblem& report_;
  std::map<std::string, Count> counts_;
};

// Watches the entries go by.
class EntryCheck {
 public:
  EntryCheck(TarReader& reader, const ReportProblem& report, Thinned& thinned)
      : reader_(reader), report_(report), thinned_(thinned) {}

  void visit(const TarEntry& entry) {
    if (!is_utf8(entry.raw_path)) warn(entry, "the path is not UTF-8");
    const bool is_new = seen_.insert(entry.path);
    if (!is_new) error(entry, "is there twice");
    if (entry.path == kManifestPath) {
      visit_manifest(entry, is_new);
    } else if (entry.path == kRootfsPath) {
      visit_rootfs(entry);
    } else if (entry.path == kTopDirectory) {
      warn(entry, "only manifest and rootfs may stand at the top, not an entry for it");
      require(EntryType::kDirectory, entry);
    } else {
      visit_content(entry);
    }
    // What stands below it would be lost, or land elsewhere.
    if (entry.type != EntryType::kDirectory) no_directories_.insert(entry.path);
  }

  void finish() const {
    if (!has_manifest_) tell_missing("manifest");
    if (!has_rootfs_) tell_missing("rootfs");
  }

 private:
  void tell(Severity severity, const TarEntry& entry, std::string_view kind,
            std::string message) const {
    thinned_.add(kind, {.severity = severity,
                        .field = "entry " + std::to_string(entry.number),
                        .value = entry.raw_path,
                        .message = std::move(message)});
  }
  void error(const TarEntry& entry, std::string_view message) const {
    tell(Severity::kError, entry, message, std::string(message));
  }
  void warn(const TarEntry& entry, std::string_view message) const {
    tell(Severity::kWarning, entry, message, std::string(message));
  }

  void tell_missing(std::string_view path) const {
    report_({.severity = Severity::kError,
             .field = "archive",
             .value = {},
             .message = "there is no entry for " + std::string(path)});
  }

  bool require(EntryType type, const TarEntry& entry) const {
    if (entry.type == type) return true;
    tell(Severity::kError, entry, "wrong type",
         "is " + std::string(describe(entry.type)) + ", not " + std::string(describe(type)));
    return false;
  }

  void visit_manifest(const TarEntry& entry, bool is_first) {
    has_manifest_ = true;
    if (!require(EntryType::kFile, entry)) return;
    if (!entry.raw_path.ends_with(kManifestPath))
      error(entry, "is an alias of manifest");
    else if (entry.raw_path != kManifestPath)
      warn(entry, "is another way to write manifest");
    if (!is_first) return;
    if (entry.size > kMaxManifestBytes) {
      error(entry, std::to_string(entry.size) + " bytes are more than the limit of a manifest, " +
                       std::to_string(kMaxManifestBytes));
      return;
    }
    std::string json;
    EntryContent content(reader_, entry);
    for (Bytes run = content.next(); !run.empty(); run = content.next())
      json += as_text(run);
    check_manifest(json, report_);
  }

  void visit_rootfs(const TarEntry& entry) {
    has_rootfs_ = true;
    if (entry.raw_path != kRootfsPath && entry.raw_path != std::string(kRootfsPath) + '/')
      warn(entry, "is another way to write rootfs");
    require(EntryType::kDirectory, entry);
  }

  void visit_content(const TarEntry& entry) {
    if (!entry.path.starts_with(std::string(kRootfsPath) + '/'))
      error(entry, "stands outside of rootfs");
    else if (!entry.raw_path.starts_with(kRootfsPath))
      warn(entry, "the path does not begin with rootfs/ as it is written");
    check_parents(entry);
    if (is_device(entry.type)) warn(entry, "is a device, which only root can extract");
    if (entry.type != EntryType::kSymlink && (entry.mode & (kSetUser | kSetGroup)) != 0 &&
        entry.type != EntryType::kDirectory)
      warn(entry, (entry.mode & kSetUser) != 0
                      ? "runs with the rights of its owner (set-user-ID)"
                      : "runs with the rights of its group (set-group-ID)");
    if (entry.type == EntryType::kHardLink) check_hard_link(entry);
    if (entry.type == EntryType::kSymlink && entry.link.empty())
      error(entry, "is a symbolic link to nothing");
    if (entry.uid < 0 || entry.gid < 0) error(entry, "has a negative owner or group");
  }

  void check_parents(const TarEntry& entry) const {
    const std::string_view path = entry.path;
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      const std::string_view parent = path.substr(0, slash);
      if (!no_directories_.contains(parent)) continue;
      tell(Severity::kError, entry, "below what is no directory",
           "stands below " + quoted(parent) + ", which is no directory");
      return;
    }
  }

  void check_hard_link(const TarEntry& entry) const {
    std::string target;
    if (clean_path(entry.link, target)) {
      tell(Severity::kError, entry, "hard link that leads out",
           "is a hard link to " + quoted(entry.link) + ", which leads out of the image");
    } else if (target == entry.path) {
      error(entry, "is a hard link to itself");
    } else if (!seen_.contains(target)) {
      tell(Severity::kError, entry, "hard link to nothing before it",
           "is a hard link to " + quoted(entry.link) + ", which does not stand before it");
    } else if (!target.starts_with(std::string(kRootfsPath) + '/')) {
      tell(Severity::kError, entry, "hard link out of rootfs",
           "is a hard link to " + quoted(entry.link) + ", which is outside of rootfs");
    }
  }

  TarReader& reader_;
  const ReportProblem& report_;
  Thinned& thinned_;
  PathSet seen_;
  PathSet no_directories_;
  bool has_manifest_ = false;
  bool has_rootfs_ = false;
};

}  // namespace

void check_archive(Source& source, const ReportProblem& report) {
  Thinned thinned(report);
  try {
    TarReader reader(source);
    const ReportProblem report_of_reader = [&](const Problem& problem) {
      thinned.add(problem.message, problem);
    };
    reader.set_report(report_of_reader);
    EntryCheck check(reader, report, thinned);
    while (const TarEntry* entry = reader.next())
      check.visit(*entry);
    reader.skip_to_end();
    check.finish();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInvalid) throw;
    report({.severity = Severity::kError,
            .field = "archive",
            .value = {},
            .message = error.message()});
  }
  thinned.finish();
}

}  // namespace acistore
