// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "cli/results.hpp"
#include "store/input.hpp"
#include "store/put.hpp"

namespace acistore {
namespace {

struct Options {
  std::optional<std::string> file;
  std::optional<std::string> key;
};

void run(const Options& options, Invocation& invocation) {
  std::optional<ExpectedKey> expected;
  if (options.key) {
    expected = with_context("--key", [&] { return ExpectedKey::parse(*options.key); });
  }
  ResultList keys(invocation, "keys");
  keys.add(put(invocation.store(), options.file.value_or(std::string(kStandardInput)), expected,
               invocation.progress()));
  keys.finish();
}

}  // namespace

Action declare_put(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.option("--key", options->key, "KEY", "refuse bytes that have another key or image ID");
  arguments.positional("FILE", options->file, "the file to store as it is; standard input if none");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
