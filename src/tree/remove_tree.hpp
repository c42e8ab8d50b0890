// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TREE_REMOVE_TREE_HPP
#define ACISTORE_TREE_REMOVE_TREE_HPP

#include <string>

namespace acistore {

// Removes what has that name in the directory `parent`, with all that is in it if it is a
// directory, however deep: it takes some memory and few descriptors. No link is followed. What is
// in the way of that in the modes of directories is changed, as far as the user may. Nothing of
// that name is fine. Throws Error where something cannot be removed; what was removed until then is
// gone.
void remove_tree(int parent, const std::string& name);

}  // namespace acistore

#endif
