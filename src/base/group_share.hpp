// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_GROUP_SHARE_HPP
#define ACISTORE_BASE_GROUP_SHARE_HPP

namespace acistore {

// A set-gid directory is one that a group shares: what is made in it belongs to that group. Gives
// the group the rights to `made`, a file or directory that the caller has just made in the
// directory `parent`, which it has to the directory itself, whatever the umask; to a file that is
// made read-only not the right to write. Does nothing where the directory is not set-gid: then the
// umask alone says who may do what. Best effort.
void share_with_group(int parent, int made);

}  // namespace acistore

#endif
