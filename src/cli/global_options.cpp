// SPDX-License-Identifier: Apache-2.0
#include "cli/global_options.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>

#include "base/error.hpp"
#include "base/quote.hpp"

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

std::chrono::milliseconds parse_duration(std::string_view text) {
  struct Unit {
    char letter;
    std::int64_t milliseconds;
  };
  constexpr std::array<Unit, 4> kUnits{
      {{'d', 86'400'000}, {'h', 3'600'000}, {'m', 60'000}, {'s', 1'000}}};
  // A hundred years, well inside of every integer on the way.
  constexpr std::int64_t kMost = std::int64_t{36'500} * 86'400'000;
  const Error malformed(ErrorKind::kUsage,
                        quoted(text) + ": not a duration such as 90s, 15m, 1h30m or 7d");
  std::int64_t total = 0;
  auto unit = kUnits.begin();
  std::string_view rest = text;
  if (rest.empty()) throw malformed;
  while (!rest.empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (error != std::errc() || number < 0 || rest.empty()) throw malformed;
    while (unit != kUnits.end() && unit->letter != rest.front())
      ++unit;
    if (unit == kUnits.end()) throw malformed;
    if (number > (kMost - total) / unit->milliseconds) {
      throw Error(ErrorKind::kUsage, quoted(text) + ": longer than 100 years");
    }
    total += number * unit->milliseconds;
    ++unit;
    rest.remove_prefix(1);
  }
  return std::chrono::milliseconds(total);
}

}  // namespace acistore
