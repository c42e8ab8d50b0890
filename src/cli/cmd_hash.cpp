// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <variant>

#include "base/ordered_jobs.hpp"
#include "cli/commands.hpp"
#include "cli/job_count.hpp"
#include "cli/results.hpp"
#include "store/hash.hpp"
#include "store/import.hpp"

namespace acistore {
namespace {

struct HashedFile {
  ImageKey key;
  std::string file;
};

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

struct Options {
  std::vector<std::string> files;
  std::optional<std::string> jobs;
};

void run(const Options& options, Invocation& invocation) {
  using Outcome = std::variant<HashedFile, Error>;
  const std::vector<std::string>& files = options.files;
  const unsigned jobs = job_count(options.jobs);
  // Standard input is one stream: who names it twice gets an end of file the second time.
  const bool is_shared = std::ranges::count(files, kStandardInput) > 1;
  const std::size_t workers = std::min<std::size_t>(is_shared ? 1 : jobs, files.size());
  const unsigned cores = std::max(1U, available_cores() / static_cast<unsigned>(workers));
  constexpr std::size_t kAhead = 64;
  ResultList keys(invocation, "keys");
  run_in_order<Outcome>(
      files.size(), workers, kAhead,
      [&](std::size_t i) -> Outcome {
        try {
          return HashedFile{hash_file(files[i], cores, invocation.progress()), files[i]};
        } catch (const Error& error) {
          return error;
        }
      },
      [&](const Outcome& outcome) {
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
