// SPDX-License-Identifier: Apache-2.0
#include "base/group_share.hpp"

#include <sys/stat.h>

namespace acistore {

void share_with_group(int parent, int made) {
  struct stat directory {};
  struct stat status {};
  if (::fstat(parent, &directory) != 0 || (directory.st_mode & S_ISGID) == 0) return;
  if (::fstat(made, &status) != 0) return;
  mode_t rights = directory.st_mode & S_IRWXG;
  if (!S_ISDIR(status.st_mode)) rights &= static_cast<mode_t>(~S_IXGRP);
  if ((status.st_mode & S_IWUSR) == 0) rights &= static_cast<mode_t>(~S_IWGRP);
  const mode_t wanted = (status.st_mode | rights) & 07777;
  if (wanted == (status.st_mode & 07777)) return;
  [[maybe_unused]] const int ignored = ::fchmod(made, wanted);
}

}  // namespace acistore
