// SPDX-License-Identifier: Apache-2.0
// Input: a request of `acistore batch`.
//
//  - It is understood, or refused with one line that says why; twice in the same way.
//  - What it says is all that it says: written from what was understood, it is understood so again.
//  - The id that is given back is one JSON value that is neither a list nor an object.
#include "aci/json_document.hpp"
#include "cli/batch_request.hpp"
#include "cli/json.hpp"
#include "property.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

const char* name_of(BatchVerb verb) {
  switch (verb) {
    case BatchVerb::kGet:
      return "get";
    case BatchVerb::kResolve:
      return "resolve";
    case BatchVerb::kExists:
      return "exists";
    case BatchVerb::kImage:
      return "image";
    case BatchVerb::kInfo:
      return "info";
    case BatchVerb::kManifest:
      return "manifest";
    case BatchVerb::kList:
      return "list";
    case BatchVerb::kRemote:
      return "remote show";
    case BatchVerb::kRemotes:
      return "remote list";
  }
  return "";
}

std::string written(const BatchRequest& request) {
  Json json;
  json.begin_object();
  if (!request.id.empty()) {
    json.key("id");
    json.raw(request.id);
  }
  json.member(name_of(request.verb), request.argument);
  if (!request.labels.empty()) {
    json.key("labels");
    json.begin_object();
    for (const Label& label : request.labels)
      json.member(label.name, label.value);
    json.end_object();
  }
  if (request.prefix) json.member("prefix", *request.prefix);
  json.end_object();
  return json.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line = text_of(data, size);
  if (size > kMaxRequestBytes || line.find('\n') != std::string_view::npos) return 0;
  BatchRequest request;
  const auto error = error_of({ErrorKind::kUsage}, [&] { parse_batch_request(line, request); });
  if (!request.id.empty()) {
    const JsonDocument id(request.id);
    require(id.root().kind() < JsonKind::kList, "an id is a scalar", request.id);
  }
  if (error) {
    BatchRequest again;
    const auto same = error_of({ErrorKind::kUsage}, [&] { parse_batch_request(line, again); });
    require(same && same->message() == error->message(), "a request means one thing");
    require(again.id == request.id, "an id is read whatever follows");
    return 0;
  }
  const std::string text = written(request);
  BatchRequest again;
  parse_batch_request(text, again);
  require(written(again) == text, "what was understood is understood again", text);
  require(again.id == request.id && again.labels == request.labels, "nothing is lost", text);
  return 0;
}
