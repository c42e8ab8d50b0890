// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <variant>

#include "cli/commands.hpp"
#include "cli/job_count.hpp"
#include "cli/results.hpp"
#include "store/hash.hpp"

namespace acistore {

// A line as sha512sum(1) writes it: a name with a backslash or a line's end in it is escaped, and
// then the line begins with a backslash.
std::string to_text(const HashedFile& hashed) {
  std::string name;
  for (const char c : hashed.file) {
    if (c == '\\') {
      name += "\\\\";
    } else if (c == '\n') {
      name += "\\n";
    } else if (c == '\r') {
      name += "\\r";
    } else {
      name += c;
    }
  }
  return (name == hashed.file ? "" : "\\") + hashed.key.text() + "  " + name + '\n';
}

void to_json(Json& json, const HashedFile& hashed) {
  acistore::to_json(json, hashed.key);
}

namespace {

struct Options {
  std::vector<std::string> files;
  std::optional<std::string> jobs;
};

void run(const Options& options, Invocation& invocation) {
  ResultList keys(invocation, "keys");
  hash_files(options.files, job_count(options.jobs), invocation.progress(),
             [&](const std::variant<HashedFile, Error>& outcome) {
               if (const auto* error = std::get_if<Error>(&outcome)) {
                 invocation.diagnostics.report(*error);
               } else {
                 keys.add(std::get<HashedFile>(outcome));
               }
             });
  keys.finish();
}

}  // namespace

Action declare_hash(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  declare_job_count(arguments, options->jobs);
  arguments.positional("FILE", options->files, "files, compressed or not; - is standard input");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
