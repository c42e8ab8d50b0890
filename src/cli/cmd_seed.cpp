// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <optional>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/job_count.hpp"
#include "store/seed.hpp"
#include "store/seed_write.hpp"

namespace acistore {
namespace {

constexpr std::array<const char*, 6> kActionNames{"imported", "marked",   "unmarked",
                                                  "pinned",   "unpinned", "removed"};

const char* action_name(const SeedChange& change) {
  return kActionNames[static_cast<std::size_t>(change.action)];
}

}  // namespace

// A name that is not known is "-", so that a line has the same fields whatever happened.
std::string to_text(const SeedChange& change) {
  return std::string(action_name(change)) + "  " + change.key.text() + "  " +
         (change.name.empty() ? "-" : printable(change.name)) +
         (change.owner.empty() ? "" : "  " + printable(change.owner)) + '\n';
}

void to_json(Json& json, const SeedChange& change) {
  json.begin_object();
  json.member("action", action_name(change));
  json.member("key", change.key.text());
  json.member("name", change.name.empty() ? std::nullopt : std::optional(change.name));
  if (!change.owner.empty()) json.member("owner", change.owner);
  json.end_object();
}

namespace {

struct Options {
  std::string file;
  std::vector<std::string> images;
  std::optional<std::string> jobs;
  bool check = false;
  bool prune = false;
  bool changed_exit = false;
  bool copy_up = false;
  bool write = false;
  bool overwrite = false;
};

void check_options(const Options& options) {
  const auto usage = [](const char* what) { throw Error(ErrorKind::kUsage, what); };
  if (options.write) {
    if (options.check || options.prune || options.changed_exit || options.copy_up)
      usage("--write goes with none of --check, --prune, --copy-up and --changed-exit");
    return;
  }
  if (options.overwrite) usage("--overwrite goes with --write");
  if (!options.images.empty()) {
    throw Error(ErrorKind::kUsage,
                printable(options.images.front()) + ": IMAGE goes with --write; there is one FILE");
  }
  if (options.check && options.changed_exit) usage("--check and --changed-exit exclude each other");
}

// The stores to look at; null if there are none.
const Stores* existing_stores(Invocation& invocation) {
  invocation.set_access(StoreAccess::kRead);
  try {
    return &invocation.stores();
  } catch (const Error& error) {
    // A lower store that was named must be there.
    if (error.kind() != ErrorKind::kNotFound || invocation.has_lower_stores()) throw;
    return nullptr;
  }
}

void write(const Options& options, Invocation& invocation) {
  const SeedWriteRequest request{
      .file = options.file,
      .images = options.images,
      .if_exists = options.overwrite ? IfExists::kReplace : IfExists::kRefuse,
      .jobs = job_count(options.jobs),
      .sync = !invocation.options.no_sync};
  invocation.set_access(StoreAccess::kRead);
  const Stores* stores = needs_store(request) ? &invocation.stores() : nullptr;
  write_seed_file(
      stores, request, invocation.progress(),
      [&](std::string_view text) { invocation.out.write(text); },
      [&](const Error& error) { invocation.diagnostics.report(error); });
}

void run(const Options& options, Invocation& invocation) {
  check_options(options);
  if (options.write) {
    write(options, invocation);
    return;
  }
  const SeedRequest request{
      .prune = options.prune, .copy_up = options.copy_up, .jobs = job_count(options.jobs)};
  const SeedFile file = read_seed_file(options.file);
  ResultList changes(invocation, "changes");
  bool is_changed = false;
  const ReportSeed report = [&](const std::variant<SeedChange, Error>& outcome) {
    if (const auto* error = std::get_if<Error>(&outcome)) {
      invocation.diagnostics.report(*error);
      return;
    }
    is_changed = true;
    changes.add_at_once(std::get<SeedChange>(outcome));
  };
  if (options.check) {
    check_seed(existing_stores(invocation), file, request, report);
  } else if (!seed(invocation.stores(), file, request, invocation.progress(), report) &&
             options.prune) {
    invocation.diagnostics.note("nothing is pruned, since not all that the file names is there");
  }
  changes.finish();
  if (options.check ? is_changed : options.changed_exit && !is_changed)
    invocation.diagnostics.set_status(kAnswerIsNo);
}

}  // namespace

Action declare_seed(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  declare_job_count(arguments, options->jobs);
  arguments.flag("--check", options->check,
                 "change nothing, and tell what would change (status 9 if anything)");
  arguments.flag("--prune", options->prune,
                 "unpin and remove what its owner had pinned and it no longer names");
  arguments.flag("--copy-up", options->copy_up, "store what a lower store has as well");
  arguments.flag("--changed-exit", options->changed_exit, "status 9 if nothing had to change");
  arguments.flag("--write", options->write, "write FILE, for what is stored or for IMAGE");
  arguments.flag("--overwrite", options->overwrite, "replace a file that is there");
  arguments.positional("FILE", options->file, "a lock file: acistore-seed(5)");
  arguments.optional_positional("IMAGE", options->images,
                                "with --write: image files, keys, references (all that is stored)");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
