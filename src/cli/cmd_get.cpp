// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/results.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

struct Options {
  std::string reference;
  std::vector<std::string> labels;
  bool explain = false;
};

Reference reference_of(const Options& options) {
  if (KeyPrefix::looks_like(options.reference)) {
    throw Error(ErrorKind::kUsage, quoted(options.reference) +
                                       ": is a key, and get takes a name; resolve completes keys");
  }
  Reference reference = Reference::parse(options.reference);
  for (const std::string& label : options.labels) {
    with_context("--label", [&] { reference.add_label(label); });
  }
  return reference;
}

std::string describe(const Candidate& candidate) {
  const Image& image = candidate.image;
  const Reference shown{image.name, image.labels};
  return image.blob.key.text() + "  " + printable(shown.text()) +
         (image.latest ? " (latest)" : "") + ": " + candidate.verdict;
}

void run(const Options& options, Invocation& invocation) {
  const Reference reference = reference_of(options);
  if (options.explain) {
    for (const Candidate& candidate : explain(invocation.stores(), reference).candidates) {
      invocation.diagnostics.note(describe(candidate));
    }
  }
  ResultList keys(invocation, "keys");
  keys.add(resolve_blob(invocation.stores(), reference));
  keys.finish();
}

}  // namespace

Action declare_get(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("REFERENCE", options->reference,
                       "NAME[:VERSION][,LABEL=VALUE]...: a name, and labels that it must have");
  arguments.option("--label", options->labels, "LABEL=VALUE",
                   "one more label that it must have, whatever characters are in the value");
  arguments.flag("--explain", options->explain,
                 "say on standard error what there was to choose from, and why the others lost");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
