// SPDX-License-Identifier: Apache-2.0
#include "store/import.hpp"

#include <algorithm>
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/files_from.hpp"
#include "cli/job_count.hpp"
#include "cli/pin_owner.hpp"
#include "cli/results.hpp"
#include "cli/size.hpp"
#include "store/input.hpp"

namespace acistore {

std::string to_text(const ImportedImage& imported) {
  return acistore::to_text(imported.image.blob.key);
}

void to_json(Json& json, const ImportedImage& imported) {
  json.begin_object();
  image_members(json, imported.image);
  json.member_bytes("source", imported.source);
  json.member("compression", acistore::to_text(imported.compression));
  json.member("new", imported.is_new);
  json.member("changed", imported.made_change);
  json.end_object();
}

namespace {

struct Options {
  std::vector<std::string> files;
  bool latest = false;
  std::optional<std::string> files_from;
  bool null = false;
  bool if_changed = false;
  bool copy_up = false;
  bool changed_exit = false;
  std::optional<std::string> expected;
  std::optional<std::string> jobs;
  std::optional<std::string> pin_owner;
  std::optional<std::string> max_size;
};

std::string describe(const ImportedImage& imported) {
  if (imported.is_unchanged) return printable(imported.source) + ": unchanged, not read again";
  return printable(imported.source) + ": " + std::string(acistore::to_text(imported.compression)) +
         ", " + std::to_string(imported.entries) + " entries, " +
         std::to_string(imported.image.blob.size) + " bytes, " +
         (imported.is_new ? "new" : "was there already");
}

// The arguments, and then what the list has. It is read to its end before the store is touched.
std::vector<std::string> files_of(const Options& options) {
  std::vector<std::string> files = options.files;
  if (!options.files_from) {
    if (options.null) throw Error(ErrorKind::kUsage, "--null goes with --files-from");
    if (files.empty()) throw Error(ErrorKind::kUsage, "FILE or --files-from is required");
    return files;
  }
  if (*options.files_from == kStandardInput && std::ranges::count(files, kStandardInput) != 0) {
    throw Error(ErrorKind::kUsage, "--files-from: standard input cannot be the list and an image");
  }
  for (std::string& file : read_file_list(*options.files_from, options.null))
    files.push_back(std::move(file));
  return files;
}

ImportRequest request_of(const Options& options) {
  ImportRequest request{.files = files_of(options),
                        .latest = options.latest,
                        .expected = {},
                        .pin_owner = options.pin_owner,
                        .if_changed = options.if_changed,
                        .copy_up = options.copy_up,
                        .jobs = job_count(options.jobs)};
  if (options.pin_owner) check_pin_owner("--pin", *options.pin_owner);
  if (options.max_size) {
    request.max_size = with_context("--max-size", [&] { return parse_size(*options.max_size); });
  }
  if (options.expected) {
    if (request.files.size() != 1) {
      throw Error(ErrorKind::kUsage,
                  "--expect goes with one FILE, not " + std::to_string(request.files.size()));
    }
    request.expected =
        with_context("--expect", [&] { return ExpectedKey::parse(*options.expected); });
  }
  return request;
}

void run(const Options& options, Invocation& invocation) {
  const ImportRequest request = request_of(options);
  bool is_changed = false;
  ResultList imports(invocation, "imports");
  import_images(invocation.stores(), request, invocation.progress(),
                [&](const ImportOutcome& outcome) {
                  if (const auto* error = std::get_if<Error>(&outcome)) {
                    invocation.diagnostics.report(*error);
                    return;
                  }
                  const auto& imported = std::get<ImportedImage>(outcome);
                  is_changed = is_changed || imported.made_change;
                  invocation.diagnostics.detail(describe(imported));
                  imports.add_at_once(imported);
                });
  imports.finish();
  if (options.changed_exit && !is_changed) invocation.diagnostics.set_status(kAnswerIsNo);
}

}  // namespace

Action declare_import(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.flag("--latest", options->latest, "mark the images as the latest of their name");
  arguments.option("--expect", options->expected, "KEY",
                   "refuse an image that has another key or image ID");
  arguments.flag("--if-changed", options->if_changed,
                 "do not read a file again that is what it was at its last import");
  arguments.flag("--copy-up", options->copy_up, "store what a lower store has as well");
  arguments.optional_value("--pin", options->pin_owner, std::string(kDefaultPinOwner), "[=OWNER]",
                           "keep the images from gc and rm (for manual, unless named)");
  declare_job_count(arguments, options->jobs);
  arguments.option("--max-size", options->max_size, "SIZE",
                   "refuse an image of more bytes, uncompressed (64G)");
  arguments.option("--files-from", options->files_from, "LIST",
                   "import the files that this one names too, one a line; - is standard input");
  arguments.flag("-0,--null", options->null, "the names in LIST are ended by NUL");
  arguments.flag("--changed-exit", options->changed_exit, "status 9 if nothing had to change");
  arguments.optional_positional("FILE", options->files, "image files; - is standard input");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
