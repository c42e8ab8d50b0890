// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/compress_options.hpp"
#include "cli/exit_code.hpp"
#include "cli/image_table.hpp"
#include "cli/results.hpp"
#include "store/bundle_create.hpp"
#include "store/bundle_import.hpp"

namespace acistore {
namespace {

// ---- bundle create

struct CreateOptions {
  std::string file;
  std::vector<std::string> images;
  CompressOptions compress;
  bool overwrite = false;
};

void create(const CreateOptions& options, Invocation& invocation) {
  BundleCreateRequest request{
      .file = options.file,
      .images = {},
      .encoding = encoding_of(options.compress),
      .if_exists = options.overwrite ? IfExists::kReplace : IfExists::kRefuse};
  for (const std::string& image : options.images)
    request.images.push_back(parse_image_argument(image));
  create_bundle(
      invocation.stores(), request, invocation.progress(),
      [&](Bytes bytes) { invocation.out.write_through(bytes); },
      [&](const Error& error) { invocation.diagnostics.report(error); });
}

// ---- bundle import

struct ImportOptions {
  std::string file;
  bool copy_up = false;
  bool changed_exit = false;
};

void import(const ImportOptions& options, Invocation& invocation) {
  ResultList imports(invocation, "imports");
  const bool is_changed =
      import_bundle(invocation.stores(), {.file = options.file, .copy_up = options.copy_up},
                    invocation.progress(), [&](const ImportOutcome& outcome) {
                      if (const auto* error = std::get_if<Error>(&outcome)) {
                        invocation.diagnostics.report(*error);
                        return;
                      }
                      imports.add_at_once(std::get<ImportedImage>(outcome));
                    });
  imports.finish();
  if (options.changed_exit && !is_changed) invocation.diagnostics.set_status(kAnswerIsNo);
}

// ---- bundle list

struct ListOptions {
  std::string file;
  bool full = false;
  bool no_legend = false;
};

struct BundleList {
  std::vector<CarriedImage> images;
  TableStyle style;
};

std::string to_text(const BundleList& list) {
  std::vector<Image> images;
  for (const CarriedImage& carried : list.images)
    images.push_back(carried.image);
  return format_images(images, list.style);
}

void to_json(Json& json, const BundleList& list) {
  json.begin_object();
  json.key("images");
  json.begin_array();
  for (const auto& [image, remotes] : list.images) {
    json.begin_object();
    bundled_members(json, image);
    json.key("remotes");
    json.begin_array();
    for (const Remote& remote : remotes)
      to_json(json, remote);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void list(const ListOptions& options, Invocation& invocation) {
  invocation.emit(BundleList{.images = list_bundle(options.file, invocation.progress()),
                             .style = {.fields = {ImageField::kId, ImageField::kName,
                                                  ImageField::kSize, ImageField::kLatest},
                                       .stores = {},
                                       .full = options.full,
                                       .legend = !options.no_legend}});
}

}  // namespace

Action declare_bundle_create(Arguments& arguments) {
  const auto options = std::make_shared<CreateOptions>();
  declare_compress_options(arguments, options->compress);
  arguments.flag("--overwrite", options->overwrite, "replace a file that is there");
  arguments.positional("FILE", options->file, "where to write it; - is standard output");
  arguments.optional_positional("IMAGE", options->images, "keys or references (all images)");
  return [options](Invocation& invocation) { create(*options, invocation); };
}

Action declare_bundle_import(Arguments& arguments) {
  const auto options = std::make_shared<ImportOptions>();
  arguments.flag("--copy-up", options->copy_up, "store what a lower store has as well");
  arguments.flag("--changed-exit", options->changed_exit, "status 9 if nothing had to change");
  arguments.positional("FILE", options->file, "a bundle; - is standard input");
  return [options](Invocation& invocation) { import(*options, invocation); };
}

Action declare_bundle_list(Arguments& arguments) {
  const auto options = std::make_shared<ListOptions>();
  arguments.flag("--full", options->full, "whole keys, and bytes");
  arguments.flag("--no-legend", options->no_legend, "no line of field names");
  arguments.positional("FILE", options->file, "a bundle; - is standard input");
  return [options](Invocation& invocation) { list(*options, invocation); };
}

}  // namespace acistore
