// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_GLOBAL_OPTIONS_HPP
#define ACISTORE_CLI_GLOBAL_OPTIONS_HPP

#include <optional>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace acistore {

// The options that every command takes, as they were typed.
struct GlobalOptions {
  std::optional<std::string> store;
  std::vector<std::string> lower;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::optional<std::string> progress;
  std::optional<std::string> lock_timeout;
  bool no_sync = false;
};

// What they, and the environment, say of the store. Throws Error(kUsage).
StoreOptions store_options(const GlobalOptions& options);

// The same of the stores below it, from the top. One that is the store itself is left out, so that
// what the environment says holds for making a lower store as well. Throws Error(kUsage).
std::vector<StoreOptions> lower_store_options(const GlobalOptions& options);

}  // namespace acistore

#endif
