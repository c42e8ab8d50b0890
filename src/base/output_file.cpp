// SPDX-License-Identifier: Apache-2.0
#include "base/output_file.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <optional>

#include "base/deadly_signals.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"
#include "base/unnamed_file.hpp"

namespace acistore {
namespace {

constexpr mode_t kMode = 0666;  // less the umask

// What a signal handler may look at: set before the handlers are, and left alone while they are.
struct {
  int directory;
  std::array<char, 64> name;
} signal_scratch;

extern "C" void remove_scratch_and_die(int signal) {
  ::unlinkat(signal_scratch.directory, signal_scratch.name.data(), 0);
  // The handler is gone by now (SA_RESETHAND).
  ::raise(signal);
}

}  // namespace

// A name in a directory that does not outlive the process, unless it ends by SIGKILL.
class OutputFile::ScratchName {
 public:
  explicit ScratchName(int directory) : directory_(directory), name_(".acistore-" + random_name()) {
    signal_scratch.directory = directory;
    signal_scratch.name = {};
    std::copy_n(name_.begin(), std::min(name_.size(), signal_scratch.name.size() - 1),
                signal_scratch.name.begin());
    handler_.emplace(remove_scratch_and_die, SA_NODEFER);
  }
  ScratchName(const ScratchName&) = delete;
  ScratchName& operator=(const ScratchName&) = delete;
  ~ScratchName() {
    if (is_used_) ::unlinkat(directory_, name_.c_str(), 0);
  }

  const char* text() const { return name_.c_str(); }

  // The file has the name now; or it has it no longer.
  void set_used(bool is_used) { is_used_ = is_used; }

 private:
  int directory_;
  std::string name_;
  bool is_used_ = false;
  std::optional<DeadlySignalHandler> handler_;  // once signal_scratch is set; goes after the name
};

OutputFile::OutputFile(const std::string& path, IfExists if_exists)
    : path_(path), if_exists_(if_exists) {
  const std::size_t slash = path.rfind('/');
  name_ = slash == std::string::npos ? path : path.substr(slash + 1);
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  with_context(printable(path_), [&] {
    if (path_.empty()) throw system_error(ENOENT, "open");
    directory_ = Fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory_) throw_errno("open directory");
    check_target();
    fd_ = open_unnamed(directory_.get(), kMode);
    if (fd_) return;
    scratch_ = std::make_unique<ScratchName>(directory_.get());
    fd_ = Fd(::openat(directory_.get(), scratch_->text(),
                      O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, kMode));
    if (!fd_) throw_errno("make temporary file");
    scratch_->set_used(true);
  });
}

OutputFile::~OutputFile() = default;

// A look before the work begins. What counts is what is there when the file gets its name.
void OutputFile::check_target() const {
  if (name_.empty() || name_ == "." || name_ == "..") throw system_error(EISDIR, "open");
  struct stat status {};
  if (::fstatat(directory_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return;
    throw_errno("stat");
  }
  if (if_exists_ == IfExists::kRefuse) refuse();
  if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
    throw Error(ErrorKind::kRefused, "is there, and no regular file that could be replaced");
}

void OutputFile::refuse() const {
  throw Error(ErrorKind::kRefused, "is there already (--overwrite replaces it)");
}

void OutputFile::write(Bytes bytes) {
  with_context(printable(path_), [&] { write_all(fd_.get(), bytes); });
  size_ += bytes.size();
  // A start, so that there is less to wait for at the end; publish() sees to the rest.
  constexpr std::uint64_t kStepBytes = std::uint64_t{8} << 20;
  const std::uint64_t ready = size_ - written_back_;
  if (ready < kStepBytes) return;
  [[maybe_unused]] const int ignored =
      ::sync_file_range(fd_.get(), static_cast<off64_t>(written_back_), static_cast<off64_t>(ready),
                        SYNC_FILE_RANGE_WRITE);
  written_back_ = size_;
}

bool OutputFile::clone(int file) {
  if (::ioctl(fd_.get(), FICLONE, file) == 0) return true;
  // Where it failed in the middle, something may be there.
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) throw_errno("stat temporary file");
  if (status.st_size != 0 && ::ftruncate(fd_.get(), 0) != 0) throw_errno("truncate temporary file");
  return false;
}

void OutputFile::publish(bool sync) {
  with_context(printable(path_), [&] {
    if (sync && ::fsync(fd_.get()) != 0) throw_errno("flush");
    if (!scratch_) {
      const int error = link_open_file(fd_.get(), directory_.get(), name_.c_str());
      if (error == EEXIST && if_exists_ == IfExists::kRefuse) refuse();
      if (error != 0 && error != EEXIST) throw system_error(error, "link");
      if (error == EEXIST) {
        // A link never replaces, so the file gets a name to be renamed from.
        check_target();
        scratch_ = std::make_unique<ScratchName>(directory_.get());
        const int second = link_open_file(fd_.get(), directory_.get(), scratch_->text());
        if (second != 0) throw system_error(second, "link temporary file");
        scratch_->set_used(true);
      }
    }
    if (scratch_) {
      check_target();
      const unsigned flags = if_exists_ == IfExists::kRefuse ? RENAME_NOREPLACE : 0;
      int result =
          ::renameat2(directory_.get(), scratch_->text(), directory_.get(), name_.c_str(), flags);
      // A file system that cannot refuse: a link does.
      if (result != 0 && errno == EINVAL && flags != 0) {
        result = ::linkat(directory_.get(), scratch_->text(), directory_.get(), name_.c_str(), 0);
      } else if (result == 0) {
        scratch_->set_used(false);
      }
      if (result != 0 && errno == EEXIST) refuse();
      if (result != 0) throw_errno("rename");
      scratch_.reset();
    }
    fd_.close();
    // EINVAL: the file system has no such thing, and keeps its order in another way (fsync(2)).
    if (sync && ::fsync(directory_.get()) != 0 && errno != EINVAL) throw_errno("flush directory");
  });
}

}  // namespace acistore
