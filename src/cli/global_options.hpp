// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_GLOBAL_OPTIONS_HPP
#define ACISTORE_CLI_GLOBAL_OPTIONS_HPP

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

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

// "90s", "15m", "1h30m", "7d": numbers with units from the largest to the smallest, each unit once.
// Throws Error(kUsage).
std::chrono::milliseconds parse_duration(std::string_view text);

}  // namespace acistore

#endif
