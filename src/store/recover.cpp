// SPDX-License-Identifier: Apache-2.0
#include "store/recover.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/deadline.hpp"
#include "base/io.hpp"
#include "base/ordered_jobs.hpp"
#include "base/quote.hpp"
#include "blob/directory.hpp"
#include "blob/layout.hpp"
#include "db/images.hpp"
#include "db/replace.hpp"
#include "db/salvage.hpp"
#include "store/cores.hpp"
#include "store/rebuild.hpp"

namespace acistore {
namespace {

// Manifests of so many images wait at most for their turn.
constexpr std::size_t kAhead = 16;

// More copies of damaged databases than anybody keeps for good reason.
constexpr int kMostKept = 1'000;

// The file of the database, open beside SQLite: to close any descriptor of it drops SQLite's locks,
// so this one is closed when all is over.
class DatabaseFile {
 public:
  explicit DatabaseFile(Store& store)
      : directory_(store.directory()),
        fd_(::openat(directory_, layout::kDatabase, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) {
    if (!fd_) throw_errno(std::string("open ") + layout::kDatabase);
    if (!S_ISREG(status().st_mode)) {
      throw Error(ErrorKind::kDamaged,
                  std::string(layout::kDatabase) + " is not a regular file; move it away");
    }
  }

  // Changes with every commit: SQLite counts them at the beginning of the file.
  struct State {
    std::array<std::byte, 100> header{};
    off_t size = 0;
    bool operator==(const State&) const = default;
  };
  State state() const {
    State state;
    state.size = status().st_size;
    // In as many reads as it takes: what one of them left out would look like a change.
    read_at(fd_.get(), 0, state.header);
    return state;
  }

  // Copies it to a new file beside it, durably, and returns the name of that.
  std::string keep(bool sync) const {
    std::string name;
    Fd kept = make_kept(name);
    // The descriptor has no other use, so its position is nobody else's.
    if (::lseek(fd_.get(), 0, SEEK_SET) != 0) throw_errno("seek");
    try {
      FdSource bytes(fd_.get());
      for (Bytes run = bytes.next(); !run.empty(); run = bytes.next())
        write_all(kept.get(), run);
      if (sync && ::fsync(kept.get()) != 0) throw_errno("flush");
      kept.close();
      if (sync) flush_directory(directory_);
    } catch (Error& error) {
      ::unlinkat(directory_, name.c_str(), 0);
      error.add_context(name);
      throw;
    }
    return name;
  }

 private:
  struct stat status() const {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) throw_errno("stat");
    return status;
  }

  Fd make_kept(std::string& name) const {
    const mode_t mode = status().st_mode & 0777;
    for (int number = 1; number <= kMostKept; ++number) {
      name = layout::kDamagedDatabase + std::to_string(number);
      Fd file(::openat(directory_, name.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
      if (file) return file;
      if (errno != EEXIST) throw_errno("make " + name);
    }
    throw Error(ErrorKind::kRefused, "there are " + std::to_string(kMostKept) + " files " +
                                         layout::kDamagedDatabase + "N: remove some");
  }

  int directory_;
  Fd fd_;
};

std::string copy_path(const Store& store) {
  return store.path() + '/' + layout::kDatabaseCopy;
}

std::vector<std::string> texts_of(const std::vector<ImageKey>& keys) {
  std::vector<std::string> texts;
  for (const ImageKey& key : keys)
    texts.push_back(key.text());
  return texts;
}

// Reads the blobs that are not in it yet, and drops those that are gone. Whether there were any of
// the former.
bool bring_up_to_date(Rebuild& rebuild, Store& store, unsigned jobs, Progress& progress) {
  const std::vector<ImageKey> keys = store.blobs().keys();
  for (const ImageKey& key : rebuild.keys()) {
    if (!std::binary_search(keys.begin(), keys.end(), key)) rebuild.remove(key);
  }
  std::vector<ImageKey> unknown;
  for (const ImageKey& key : keys) {
    if (!rebuild.has(key)) unknown.push_back(key);
  }
  const Cores cores(jobs, texts_of(unknown));
  run_in_order<ScanOutcome>(
      unknown.size(), cores.workers, kAhead,
      [&](std::size_t i) {
        return scan_blob(store.blobs(), unknown[i], cores.threading, progress);
      },
      [&](std::size_t, const ScanOutcome& outcome) { rebuild.add(outcome); });
  return !unknown.empty();
}

// What the old database knew and nobody has.
std::vector<RecoveredBlob> missing_blobs(const Rebuild& rebuild, const Salvage& old) {
  std::vector<RecoveredBlob> missing;
  for (const auto& [key, blob] : old.blobs) {
    if (rebuild.has(key)) continue;
    missing.push_back({.key = key,
                       .status = RecoveredStatus::kMissing,
                       .image = {},
                       .detail = "there is no " + layout::blob_path(key)});
  }
  return missing;
}

// Whether something that the old database knows is not in the new one.
bool loses_something(const Rebuild& rebuild, const Rebuild::Restored& restored,
                     const Salvage& old) {
  if (!missing_blobs(rebuild, old).empty()) return true;
  return std::any_of(rebuild.bad().begin(), rebuild.bad().end(), [&](const auto& bad) {
    return old.blobs.contains(bad.first) && !restored.unread.contains(bad.first);
  });
}

// One recovery, from the look at the old database on.
class Swap {
 public:
  Swap(Store& store, Rebuild& rebuild) : store_(store), rebuild_(rebuild), file_(store) {}

  // Puts the new database in the place of the old one. Nobody publishes or removes blobs meanwhile.
  void run() {
    const Deadline deadline(store_.lock_timeout());
    while (!try_once()) {
      if (!deadline.passed()) continue;
      throw Error(ErrorKind::kBusy, "the store is busy: others change its database all the time");
    }
  }

  Recovery result() const {
    return {.old = !old_.is_there   ? Recovery::Old::kNone
                   : old_.is_intact ? Recovery::Old::kIntact
                                    : Recovery::Old::kDamaged,
            .trouble = old_.trouble,
            .kept_as = kept_as_,
            .used_copy = !old_.is_intact && copy_.is_there,
            .marks = restored_.marks,
            .pins = restored_.pins,
            .remotes = restored_.remotes};
  }
  const Salvage& old() const { return old_; }
  const Rebuild::Restored& restored() const { return restored_; }

 private:
  // False if somebody changed the old database between the reading and the locking of it.
  bool try_once() {
    const DatabaseFile::State state = file_.state();
    const std::set<ImageKey> unread = rebuild_.unread();
    old_ = with_context(layout::kDatabase, [&] {
      return salvage(store_.database_path(), Database::Mode::kReadWrite, store_.lock_timeout(),
                     unread);
    });
    copy_ = {};
    if (!old_.is_intact) {
      copy_ = with_context(layout::kDatabaseCopy, [&] {
        return salvage(copy_path(store_), Database::Mode::kReadOnly, store_.lock_timeout(), unread);
      });
    }
    restored_ = rebuild_.restore(old_, copy_);
    Replacement replacement(store_.database_path(), rebuild_.database(), store_.lock_timeout(),
                            store_.sync());
    if (file_.state() != state) return false;
    const bool is_damaged = old_.is_there && !old_.is_intact;
    if (is_damaged || loses_something(rebuild_, restored_, old_)) {
      kept_as_ = file_.keep(store_.sync());
    }
    replacement.commit();
    return true;
  }

  Store& store_;
  Rebuild& rebuild_;
  DatabaseFile file_;  // before all connections
  Salvage old_;
  Salvage copy_;
  Rebuild::Restored restored_;
  std::string kept_as_;
};

RecoveredBlob recovered(const Rebuild& rebuild, const ImageKey& key,
                        const Rebuild::Restored& restored) {
  if (const auto bad = rebuild.bad().find(key); bad != rebuild.bad().end()) {
    return {.key = key,
            .status = RecoveredStatus::kCorrupt,
            .image = {},
            .detail = bad->second.why + (restored.unread.contains(key)
                                             ? "; its row is kept"
                                             : "; " + layout::blob_path(key) + " is left there")};
  }
  std::optional<Image> image = find_image(rebuild.database(), key);
  const auto status = image ? RecoveredStatus::kImage : RecoveredStatus::kBlob;
  return {.key = key, .status = status, .image = std::move(image), .detail = {}};
}

// What cannot end well is told before the long work begins.
void check_databases(Store& store) {
  if (::faccessat(store.directory(), layout::kDatabase, W_OK, AT_EACCESS) != 0 && errno != ENOENT) {
    throw_errno(std::string(layout::kDatabase) + ": cannot be written");
  }
  const bool is_readable = with_context(layout::kDatabase, [&] {
    return is_ours(store.database_path(), Database::Mode::kReadWrite, store.lock_timeout());
  });
  if (is_readable) return;
  with_context(layout::kDatabaseCopy,
               [&] { is_ours(copy_path(store), Database::Mode::kReadOnly, store.lock_timeout()); });
}

}  // namespace

Recovery recover(Store& store, unsigned jobs, Progress& progress,
                 const std::function<void(const RecoveredBlob&)>& report) {
  return with_context(printable(store.path()), [&] {
    check_databases(store);
    Rebuild rebuild;
    while (bring_up_to_date(rebuild, store, jobs, progress)) {
    }
    std::vector<RecoveredBlob> blobs;
    Recovery recovery;
    {
      const ByteLock lock = store.lock_all();
      store.make_parts();
      // What somebody has published since then.
      bring_up_to_date(rebuild, store, jobs, progress);
      Swap swap(store, rebuild);
      swap.run();
      recovery = swap.result();
      for (const ImageKey& key : rebuild.keys())
        blobs.push_back(recovered(rebuild, key, swap.restored()));
      for (RecoveredBlob& missing : missing_blobs(rebuild, swap.old()))
        blobs.push_back(std::move(missing));
    }
    std::sort(blobs.begin(), blobs.end(),
              [](const RecoveredBlob& a, const RecoveredBlob& b) { return a.key < b.key; });
    for (const RecoveredBlob& blob : blobs)
      report(blob);
    return recovery;
  });
}

}  // namespace acistore
