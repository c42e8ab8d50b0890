// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/image_table.hpp"
#include "cli/results.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

struct Options {
  std::optional<std::string> reference;
  std::optional<std::string> prefix;
  std::optional<std::string> sort;
  std::optional<std::string> order;
  std::optional<std::string> fields;
  bool full = false;
  bool no_legend = false;
};

struct ImageList {
  const std::vector<Image>& images;
  const TableStyle& style;
};

std::string to_text(const ImageList& list) {
  return format_images(list.images, list.style);
}

void to_json(Json& json, const ImageList& list) {
  json.begin_object();
  json.key("images");
  json.begin_array();
  for (const Image& image : list.images) {
    json.begin_object();
    image_members(json, image);
    json.member_bytes("store", list.style.stores[image.depth]);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

ImageFilter filter_of(const Options& options) {
  ImageFilter filter;
  if (options.prefix) {
    filter.key_prefix =
        with_context("--prefix", [&] { return KeyPrefix::parse(*options.prefix).text(); });
  }
  if (options.reference) {
    if (KeyPrefix::looks_like(*options.reference)) {
      throw Error(ErrorKind::kUsage,
                  quoted(*options.reference) + ": is a key; --prefix takes keys");
    }
    filter.reference = Reference::parse(*options.reference);
  }
  return filter;
}

bool is_descending(const std::string& order) {
  if (order == "asc") return false;
  if (order == "desc") return true;
  throw Error(ErrorKind::kUsage, "--order: " + quoted(order) + ": must be asc or desc");
}

void run(const Options& options, Invocation& invocation) {
  auto fields = with_context("--fields", [&] {
    return parse_fields(options.fields.value_or(std::string(kDefaultFields)));
  });
  const auto by =
      with_context("--sort", [&] { return parse_fields(options.sort.value_or("importtime")); });
  const bool descending = is_descending(options.order.value_or("asc"));
  const ImageFilter filter = filter_of(options);
  const Stores& stores = invocation.stores();
  std::vector<std::string> directories;
  for (std::size_t depth = 0; depth < stores.size(); ++depth)
    directories.push_back(stores.at(depth).path());
  std::vector<Image> images = list(stores, filter);
  if (!options.fields && stores.size() > 1) fields.push_back(ImageField::kStore);
  sort_images(images, by, descending);
  const TableStyle style{.fields = std::move(fields),
                         .stores = std::move(directories),
                         .full = options.full,
                         .legend = !options.no_legend};
  invocation.emit(ImageList{images, style});
}

}  // namespace

Action declare_list(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("REFERENCE", options->reference,
                       "only images with this name and these labels");
  arguments.option("--prefix", options->prefix, "KEY", "only images whose key begins so");
  arguments.option("--sort", options->sort, "FIELD,...", "sort by these fields (importtime)");
  arguments.option("--order", options->order, "asc|desc", "the order of the sort (asc)");
  arguments.option("--fields", options->fields, "FIELD,...",
                   "show these fields: id, name, labels, importtime, lastused, size, latest, pins, "
                   "verified, store");
  arguments.flag("--full", options->full, "whole keys, bytes and exact times");
  arguments.flag("--no-legend", options->no_legend, "no line of field names");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
