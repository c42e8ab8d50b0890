// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/results.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

KeyPrefix prefix_of(const std::string& text) {
  if (KeyPrefix::looks_like(text)) return KeyPrefix::parse(text);
  throw Error(ErrorKind::kUsage, quoted(text) + ": not a key: it must begin with \"" +
                                     std::string(kKeyScheme) + "\"; get finds names");
}

void run(const std::vector<std::string>& prefixes, Invocation& invocation) {
  ResultList keys(invocation, "keys");
  invocation.for_each(prefixes, [&](const std::string& prefix) {
    const KeyPrefix parsed = prefix_of(prefix);
    keys.add(resolve_key(invocation.stores(), parsed));
  });
  keys.finish();
}

}  // namespace

Action declare_resolve(Arguments& arguments) {
  const auto prefixes = std::make_shared<std::vector<std::string>>();
  arguments.positional(
      "PREFIX", *prefixes,
      "sha512- and at least two digits of a key; of a whole image ID the first 64");
  return [prefixes](Invocation& invocation) { run(*prefixes, invocation); };
}

}  // namespace acistore
