// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TREE_NEW_DIRECTORY_HPP
#define ACISTORE_TREE_NEW_DIRECTORY_HPP

#include <sys/stat.h>

#include <string>

#include "base/fd.hpp"
#include "base/output_file.hpp"
#include "base/signal_watch.hpp"

namespace acistore {

// A directory that a user named, and that appears under its name whole or not at all. It is filled
// beside that name, as a hidden directory that nobody else may enter, and publish() gives it its
// name. If it is not published nothing of it stays, and neither if SIGHUP, SIGINT, SIGQUIT or
// SIGTERM comes: then the process dies of that when the object goes.
class NewDirectory {
 public:
  // A symbolic link counts as it is, and is never followed. Throws Error: kRefused if something has
  // that name and is not to be replaced, an empty directory too, or if it is neither a directory
  // nor a symbolic link; otherwise as the system does.
  NewDirectory(const std::string& path, IfExists if_exists);
  NewDirectory(const NewDirectory&) = delete;
  NewDirectory& operator=(const NewDirectory&) = delete;
  ~NewDirectory();

  // Its descriptor. It is empty, of mode 0700, and hands nothing on to what is made in it.
  int fd() const { return fd_.get(); }

  // The mode that mkdir(1) would have given it: 0777 less the umask.
  mode_t usual_mode() const { return usual_mode_; }

  // Throws Error if a signal has come. To be asked while there is work.
  const SignalWatch& signals() const { return signals_; }

  // Gives it its name: what had the name is exchanged for it in one step, where the file system
  // can, and then removed. With `sync` all that is in it is on stable storage before, and its name
  // when this returns. Throws Error, as the constructor does. If what was there before cannot be
  // removed, the error says where it is.
  void publish(bool sync);

 private:
  void check_target() const;
  [[noreturn]] void refuse() const;
  void make_hidden();
  void rename_or_exchange();
  bool replace();

  SignalWatch signals_;  // the last to go
  std::string path_;
  std::string name_;    // in parent_
  std::string hidden_;  // the other name in it; of what is to be removed
  IfExists if_exists_;
  Fd parent_;
  Fd fd_;
  mode_t usual_mode_ = 0;
};

}  // namespace acistore

#endif
