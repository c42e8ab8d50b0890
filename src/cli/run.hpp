// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_RUN_HPP
#define ACISTORE_CLI_RUN_HPP

#include <string>
#include <vector>

namespace acistore {

// Runs the program and returns its exit status. `arguments` are without the program's name. The
// only place that catches errors to report them.
int run(const std::vector<std::string>& arguments);

}  // namespace acistore

#endif
