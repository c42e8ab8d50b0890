// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/results.hpp"
#include "store/info.hpp"

namespace acistore {
namespace {

// "NAME: VALUE" lines; a field of which there are several has a line each.
class Fields {
 public:
  void add(std::string_view name, std::string_view value) {
    text_ += name;
    text_ += ": ";
    text_ += value;
    text_ += '\n';
  }
  void add(std::string_view name, std::uint64_t value) { add(name, std::to_string(value)); }
  void add(const char* files, const char* bytes, const FileCount& count) {
    add(files, count.files);
    add(bytes, count.bytes);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string source_text(const SourceFile& source) {
  const FileIdentity& file = source.identity;
  return std::to_string(file.size) + " bytes, " + printable(source.compression) + ", device " +
         std::to_string(file.device) + ", inode " + std::to_string(file.inode) + ", modified " +
         rfc3339(file.mtime);
}

void source_members(Json& json, const SourceFile& source) {
  json.member("compression", source.compression);
  json.member("size", source.identity.size);
  json.member("device", source.identity.device);
  json.member("inode", source.identity.inode);
  time_member(json, "mtime", source.identity.mtime);
  time_member(json, "ctime", source.identity.ctime);
}

}  // namespace

std::string to_text(const ImageInfo& info) {
  const Image& image = info.image;
  Fields fields;
  fields.add("key", image.blob.key.text());
  fields.add("id", image_id(image.blob.digest));
  fields.add("name", printable(image.name));
  for (const Label& label : image.labels)
    fields.add("label", printable(label.name) + '=' + printable(label.value));
  fields.add("size", image.blob.size);
  fields.add("latest", image.latest ? "true" : "false");
  fields.add("importTime", rfc3339(image.import_time));
  fields.add("lastUsed", rfc3339(image.last_used));
  fields.add("verified", image.blob.verified ? rfc3339(*image.blob.verified) : "never");
  for (const Pin& pin : image.pins)
    fields.add("pin",
               printable(pin.owner) + (pin.expires ? " until " + rfc3339(*pin.expires) : ""));
  for (const Remote& remote : info.remotes)
    fields.add("remote", printable(remote.aci_url));
  for (const SourceFile& source : info.sources)
    fields.add("source", source_text(source));
  fields.add("store", printable(info.store));
  fields.add("blob", printable(info.blob_path));
  return fields.take();
}

void to_json(Json& json, const ImageInfo& info) {
  json.begin_object();
  image_members(json, info.image);
  json.key("remotes");
  json.begin_array();
  for (const Remote& remote : info.remotes)
    to_json(json, remote);
  json.end_array();
  json.key("sources");
  json.begin_array();
  for (const SourceFile& source : info.sources) {
    json.begin_object();
    source_members(json, source);
    json.end_object();
  }
  json.end_array();
  json.member_text("store", info.store, !is_utf8(info.store));  // the path of the blob begins so
  json.member_bytes("blob", info.blob_path);
  json.end_object();
}

std::string to_text(const StoreInfo& info) {
  Fields fields;
  fields.add("directory", printable(info.directory));
  for (const std::string& directory : info.lower)
    fields.add("lower", printable(directory));
  fields.add("schema", std::to_string(info.schema));
  fields.add("images", "imageBytes", info.images);
  fields.add("otherBlobs", "otherBytes", info.other_blobs);
  fields.add("pinned", info.pinned);
  fields.add("remotes", info.remotes);
  fields.add("rubbish", "rubbishBytes", info.rubbish);
  fields.add("quarantine", "quarantineBytes", info.quarantine);
  fields.add("databaseBytes", info.database_bytes);
  return fields.take();
}

void to_json(Json& json, const StoreInfo& info) {
  const auto count = [&](const char* files, const char* bytes, const FileCount& value) {
    json.member(files, value.files);
    json.member(bytes, value.bytes);
  };
  json.begin_object();
  json.key("store");
  json.begin_object();
  json.member_bytes("directory", info.directory);
  json.key("lower");
  json.begin_array();
  for (const std::string& directory : info.lower) {
    json.begin_object();
    json.member_bytes("directory", directory);
    json.end_object();
  }
  json.end_array();
  json.member("schema", info.schema);
  count("images", "imageBytes", info.images);
  count("otherBlobs", "otherBytes", info.other_blobs);
  json.member("pinned", info.pinned);
  json.member("remotes", info.remotes);
  count("rubbish", "rubbishBytes", info.rubbish);
  count("quarantine", "quarantineBytes", info.quarantine);
  json.member("databaseBytes", info.database_bytes);
  json.end_object();
  json.end_object();
}

namespace {

void run_of_image(const std::string& text, Invocation& invocation) {
  const ImageArgument image = parse_image_argument(text);
  ResultList images(invocation, "images");
  images.add(image_info(invocation.stores(), image));
  images.finish();
}

void run_of_store(Invocation& invocation) {
  Diagnostics& diagnostics = invocation.diagnostics;
  const GcReports reports{.removed = {},
                          .failed = [&](const Error& error) { diagnostics.report(error); },
                          .left = [&](const std::string& text) { diagnostics.detail(text); }};
  invocation.emit(store_info(invocation.stores(), reports));
}

}  // namespace

Action declare_info(Arguments& arguments) {
  const auto image = std::make_shared<std::optional<std::string>>();
  arguments.positional("IMAGE", *image, "a key or a reference; the store, if there is none");
  return [image](Invocation& invocation) {
    if (*image)
      run_of_image(**image, invocation);
    else
      run_of_store(invocation);
  };
}

}  // namespace acistore
