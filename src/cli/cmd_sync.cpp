// SPDX-License-Identifier: Apache-2.0
#include "store/sync.hpp"

#include <memory>
#include <utility>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/job_count.hpp"
#include "cli/results.hpp"

namespace acistore {
namespace {

struct Options {
  std::string store;
  std::vector<std::string> images;
  std::optional<std::string> jobs;
  bool to = false;
  bool changed_exit = false;
};

SyncRequest request_of(const Options& options, const GlobalOptions& global) {
  SyncRequest request{.from = store_options(global),
                      .to = store_options(global),
                      .images = {},
                      .jobs = job_count(options.jobs)};
  if (options.store.empty()) throw Error(ErrorKind::kUsage, "STORE: the directory is empty");
  (options.to ? request.to : request.from).directory = options.store;
  for (const std::string& image : options.images)
    request.images.push_back(parse_image_argument(image));
  return request;
}

void run(const Options& options, Invocation& invocation) {
  const SyncRequest request = request_of(options, invocation.options);
  ResultList imports(invocation, "imports");
  const bool is_changed = sync(request, invocation.progress(), [&](const ImportOutcome& outcome) {
    if (const auto* error = std::get_if<Error>(&outcome)) {
      invocation.diagnostics.report(*error);
      return;
    }
    const auto& imported = std::get<ImportedImage>(outcome);
    invocation.diagnostics.detail(printable(imported.source) + ": " +
                                  std::to_string(imported.image.blob.size) + " bytes");
    imports.add_at_once(imported);
  });
  imports.finish();
  if (options.changed_exit && !is_changed) invocation.diagnostics.set_status(kAnswerIsNo);
}

}  // namespace

Action declare_sync(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.flag("--to", options->to, "copy the other way: to STORE, which is made if need be");
  declare_job_count(arguments, options->jobs);
  arguments.flag("--changed-exit", options->changed_exit, "status 9 if nothing had to change");
  arguments.positional("STORE", options->store, "the directory of the store to copy from");
  arguments.optional_positional("IMAGE", options->images, "keys or references (all images)");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
