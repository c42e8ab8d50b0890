// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/number.hpp"
#include "cli/results.hpp"
#include "db/remotes.hpp"
#include "store/remotes.hpp"

namespace acistore {

std::string to_text(const Remote& remote) {
  return printable(remote.aci_url) + '\t' + remote.key.text() + '\n';
}

namespace {

// All that is known of one, a field a line.
struct RemoteFields {
  const Remote& remote;
};

std::string to_text(const RemoteFields& fields) {
  const Remote& remote = fields.remote;
  return "aciURL: " + printable(remote.aci_url) + "\nsigURL: " + printable(remote.sig_url) +
         "\netag: " + printable(remote.etag) + "\nkey: " + remote.key.text() +
         "\ncacheMaxAge: " + std::to_string(remote.cache_max_age) +
         "\ndownloadTime: " + rfc3339(remote.download_time) + '\n';
}

void to_json(Json& json, const RemoteFields& fields) {
  to_json(json, fields.remote);
}

struct AddOptions {
  std::string url;
  std::string image;
  std::optional<std::string> sig_url;
  std::optional<std::string> etag;
  std::optional<std::string> max_age;
};

std::int64_t parse_seconds(const std::string& text) {
  const auto seconds = parse_number<std::int64_t>(text);
  if (!seconds || *seconds < 0) {
    throw Error(ErrorKind::kUsage, "--max-age: " + quoted(text) + ": not a number of seconds");
  }
  return *seconds;
}

// Kept as text in the database and in JSON, so it has to be text.
std::string checked(const char* what, const std::string& text) {
  if (text.empty()) throw Error(ErrorKind::kUsage, std::string(what) + ": is empty");
  if (!is_utf8(text))
    throw Error(ErrorKind::kUsage, std::string(what) + ": " + quoted(text) + ": is not UTF-8");
  return text;
}

void add(const AddOptions& options, Invocation& invocation) {
  NewRemote remote{.aci_url = checked("URL", options.url), .sig_url = {}, .etag = {}};
  if (options.sig_url) remote.sig_url = checked("--sig-url", *options.sig_url);
  if (options.etag) remote.etag = checked("--etag", *options.etag);
  if (options.max_age) remote.cache_max_age = parse_seconds(*options.max_age);
  const ImageArgument image = parse_image_argument(options.image);
  add_remote(invocation.stores(), remote, image);
}

}  // namespace

Action declare_remote_add(Arguments& arguments) {
  const auto options = std::make_shared<AddOptions>();
  arguments.positional("URL", options->url, "where the image was downloaded from");
  arguments.positional("KEY", options->image, "the image, by key or reference");
  arguments.option("--sig-url", options->sig_url, "URL", "where its signature was");
  arguments.option("--etag", options->etag, "TAG", "the ETag that the server gave");
  arguments.option("--max-age", options->max_age, "SECONDS", "how long the answer may be cached");
  return [options](Invocation& invocation) { add(*options, invocation); };
}

Action declare_remote_show(Arguments& arguments) {
  const auto url = std::make_shared<std::string>();
  arguments.positional("URL", *url, "the URL of the image");
  return [url](Invocation& invocation) {
    const Remote remote = find_remote(invocation.stores(), *url);
    if (invocation.options.json) {
      ResultList remotes(invocation, "remotes");
      remotes.add(remote);
      remotes.finish();
    } else {
      invocation.emit(RemoteFields{remote});
    }
  };
}

Action declare_remote_list(Arguments&) {
  return [](Invocation& invocation) {
    ResultList remotes(invocation, "remotes");
    for (const Remote& remote : list_remotes(invocation.stores()))
      remotes.add(remote);
    remotes.finish();
  };
}

Action declare_remote_rm(Arguments& arguments) {
  const auto urls = std::make_shared<std::vector<std::string>>();
  arguments.positional("URL", *urls, "the URLs of the images");
  return [urls](Invocation& invocation) {
    invocation.for_each(*urls,
                        [&](const std::string& url) { remove_remote(invocation.stores(), url); });
  };
}

}  // namespace acistore
