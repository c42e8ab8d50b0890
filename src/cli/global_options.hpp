// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_GLOBAL_OPTIONS_HPP
#define ACISTORE_CLI_GLOBAL_OPTIONS_HPP

#include <optional>
#include <string>

#include "store/store.hpp"

namespace acistore {

// The options that every command takes, as they were typed.
struct GlobalOptions {
  std::optional<std::string> store;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::optional<std::string> progress;
  std::optional<std::string> lock_timeout;
  bool no_sync = false;
};

// What they, and the environment, say of the store. Throws Error(kUsage).
StoreOptions store_options(const GlobalOptions& options);

}  // namespace acistore

#endif
