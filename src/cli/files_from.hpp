// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_FILES_FROM_HPP
#define ACISTORE_CLI_FILES_FROM_HPP

#include <string>
#include <vector>

namespace acistore {

// The names in a list, which is a file or "-": one a line, or each ended by a NUL. They are bytes,
// as they stand there; empty ones are left out. Throws Error, which names the list and, where one
// of its names is wrong, the line.
std::vector<std::string> read_file_list(const std::string& list, bool ended_by_nul);

}  // namespace acistore

#endif
