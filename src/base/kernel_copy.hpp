// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_KERNEL_COPY_HPP
#define ACISTORE_BASE_KERNEL_COPY_HPP

#include "base/progress.hpp"

namespace acistore {

// Has the kernel copy what comes next in the regular file `from` to `to`, as far as it can, and
// moves the positions of both on. It stops at the end of the file, where it cannot do that for a
// descriptor of this kind, and at every failure, of which it says nothing: whoever wants all bytes
// reads and writes on from there, and finds no more, or the error.
//
// A pipe or a socket may be handed pages of the file instead of their bytes (splice), so that a
// change of the file would reach bytes that were copied before it: `from` must not change.
void copy_in_kernel(int from, int to, Progress& progress);

}  // namespace acistore

#endif
