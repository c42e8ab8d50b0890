// SPDX-License-Identifier: Apache-2.0
#include "cli/global_options.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <system_error>

#include "base/error.hpp"
#include "base/quote.hpp"
#include "cli/duration.hpp"

namespace acistore {
namespace {

constexpr std::string_view kName = "acistore";

// An empty variable counts as none.
std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::string default_directory() {
  if (auto directory = environment("ACISTORE_DIR")) return *directory;
  if (::geteuid() == 0) return "/var/lib/" + std::string(kName);
  // A relative path is to be ignored, says the XDG Base Directory Specification.
  if (const auto data = environment("XDG_DATA_HOME"); data && data->front() == '/') {
    return *data + '/' + std::string(kName);
  }
  if (const auto home = environment("HOME")) return *home + "/.local/share/" + std::string(kName);
  throw Error(ErrorKind::kUsage,
              "no directory for the store: give --store, or set ACISTORE_DIR or HOME");
}

std::vector<std::string> lower_directories(const GlobalOptions& options) {
  std::vector<std::string> directories = options.lower;
  for (const std::string& directory : directories) {
    if (directory.empty()) throw Error(ErrorKind::kUsage, "--lower: the directory is empty");
  }
  if (!directories.empty()) return directories;
  std::istringstream list(environment("ACISTORE_LOWER").value_or(""));
  for (std::string directory; std::getline(list, directory, ':');) {
    if (!directory.empty()) directories.push_back(directory);
  }
  return directories;
}

// A path by which a directory is known again, as far as it can be resolved.
std::filesystem::path resolved(const std::string& directory) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(directory + "/.", error);
  const auto path = error ? absolute : std::filesystem::weakly_canonical(absolute, error);
  return error ? std::filesystem::path(directory) : path;
}

}  // namespace

StoreOptions store_options(const GlobalOptions& options) {
  StoreOptions result;
  result.directory = options.store ? *options.store : default_directory();
  if (result.directory.empty()) throw Error(ErrorKind::kUsage, "--store: the directory is empty");
  if (options.lock_timeout) {
    result.lock_timeout =
        with_context("--lock-timeout", [&] { return parse_duration(*options.lock_timeout); });
  }
  result.sync = !options.no_sync;
  return result;
}

std::vector<StoreOptions> lower_store_options(const GlobalOptions& options) {
  std::vector<StoreOptions> lower;
  const std::vector<std::string> directories = lower_directories(options);
  if (directories.empty()) return lower;
  StoreOptions common = store_options(options);
  common.is_lower = true;
  std::set<std::filesystem::path> met{resolved(common.directory)};
  for (const std::string& directory : directories) {
    if (!met.insert(resolved(directory)).second) continue;
    common.directory = directory;
    lower.push_back(common);
  }
  return lower;
}

}  // namespace acistore
