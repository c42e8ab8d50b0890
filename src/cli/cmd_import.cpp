// SPDX-License-Identifier: Apache-2.0
#include "store/import.hpp"

#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/job_count.hpp"
#include "cli/pin_owner.hpp"
#include "cli/results.hpp"
#include "cli/size.hpp"

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
  json.end_object();
}

namespace {

struct Options {
  std::vector<std::string> files;
  bool latest = false;
  bool if_changed = false;
  bool copy_up = false;
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

ImportRequest request_of(const Options& options) {
  ImportRequest request{.files = options.files,
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
    if (options.files.size() != 1) {
      throw Error(ErrorKind::kUsage,
                  "--expect goes with one FILE, not " + std::to_string(options.files.size()));
    }
    request.expected =
        with_context("--expect", [&] { return ExpectedKey::parse(*options.expected); });
  }
  return request;
}

void run(const Options& options, Invocation& invocation) {
  const ImportRequest request = request_of(options);
  ResultList imports(invocation, "imports");
  import_images(invocation.stores(), request, invocation.progress(),
                [&](const ImportOutcome& outcome) {
                  if (const auto* error = std::get_if<Error>(&outcome)) {
                    invocation.diagnostics.report(*error);
                    return;
                  }
                  const auto& imported = std::get<ImportedImage>(outcome);
                  invocation.diagnostics.detail(describe(imported));
                  imports.add(imported);
                  // It is stored for good: say so now, whatever becomes of the others.
                  invocation.out.flush();
                });
  imports.finish();
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
  arguments.positional("FILE", options->files, "image files; - is standard input");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
