// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TREE_BENEATH_HPP
#define ACISTORE_TREE_BENEATH_HPP

#include <string>

#include "base/fd.hpp"

namespace acistore {

// Who sees to it that a path leads nowhere else: the kernel, all of it at once (openat2(2), Linux
// 5.6), or a walk that opens one component after the other.
enum class Resolver { kKernel, kStepwise };

// The kernel, until it turns out that it has no openat2(2), or that a sandbox forbids it.
Resolver best_resolver();

// Opens a clean path (aci/tar_path.hpp) below the directory `root`, whatever others make of that
// path meanwhile: never through a symbolic link, nor is one opened itself, nor out of `root`. No
// descriptor if it fails, and errno says why; where a component is a link, ELOOP or ENOTDIR.
Fd open_beneath(int root, const std::string& path, int flags, Resolver resolver = best_resolver());

}  // namespace acistore

#endif
