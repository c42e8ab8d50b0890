// SPDX-License-Identifier: Apache-2.0
#include "cli/results.hpp"

#include "cli/exit_code.hpp"

namespace acistore {

std::string to_text(const ImageKey& key) {
  return key.text() + '\n';
}

void to_json(Json& json, const ImageKey& key) {
  json.text(key.text());
}

void error_member(Json& json, const Error& error) {
  json.key("error");
  json.begin_object();
  json.member("status", exit_status(error.kind()));
  json.member("kind", kind_name(error.kind()));
  json.member("message", error.message());
  json.end_object();
}

void time_member(Json& json, const char* name, const std::optional<UnixNanos>& time) {
  json.member(name, time ? std::optional(rfc3339(*time)) : std::nullopt);
}

void to_json(Json& json, const Remote& remote) {
  json.begin_object();
  json.member("aciURL", remote.aci_url);
  json.member("sigURL", remote.sig_url);
  json.member("etag", remote.etag);
  json.member("key", remote.key.text());
  json.member("cacheMaxAge", remote.cache_max_age);
  time_member(json, "downloadTime", remote.download_time);
  json.end_object();
}

void bundled_members(Json& json, const Image& image) {
  json.member("key", image.blob.key.text());
  json.member("id", image_id(image.blob.digest));
  json.member("name", image.name);
  json.key("labels");
  json.begin_array();
  for (const Label& label : image.labels) {
    json.begin_object();
    json.member("name", label.name);
    json.member("value", label.value);
    json.end_object();
  }
  json.end_array();
  json.member("size", image.blob.size);
  json.member("latest", image.latest);
}

void image_members(Json& json, const Image& image) {
  bundled_members(json, image);
  time_member(json, "importTime", image.import_time);
  time_member(json, "lastUsed", image.last_used);
  json.key("pins");
  json.begin_array();
  for (const Pin& pin : image.pins) {
    json.begin_object();
    json.member("owner", pin.owner);
    time_member(json, "expires", pin.expires);
    json.end_object();
  }
  json.end_array();
  time_member(json, "verified", image.blob.verified);
}

}  // namespace acistore
