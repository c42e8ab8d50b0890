// SPDX-License-Identifier: Apache-2.0
#include "cli/batch_request.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "aci/json_document.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"
#include "cli/suggest.hpp"

namespace acistore {
namespace {

struct VerbRow {
  BatchVerb verb;
  std::string_view name;
  bool takes_text = true;
  bool takes_null = false;
  bool takes_labels = true;
  bool takes_prefix = false;
};

using enum BatchVerb;
constexpr std::array kVerbs{
    VerbRow{.verb = kGet, .name = "get"},
    VerbRow{.verb = kResolve, .name = "resolve", .takes_labels = false},
    VerbRow{.verb = kExists, .name = "exists"},
    VerbRow{.verb = kImage, .name = "image"},
    VerbRow{.verb = kInfo, .name = "info"},
    VerbRow{.verb = kManifest, .name = "manifest"},
    VerbRow{.verb = kList, .name = "list", .takes_null = true, .takes_prefix = true},
    VerbRow{.verb = kRemote, .name = "remote show", .takes_labels = false},
    VerbRow{.verb = kRemotes,
            .name = "remote list",
            .takes_text = false,
            .takes_null = true,
            .takes_labels = false},
};

constexpr std::string_view kId = "id";
constexpr std::string_view kLabels = "labels";
constexpr std::string_view kPrefix = "prefix";

Error wrong(const std::string& problem) {
  return Error(ErrorKind::kUsage, problem);
}

Error wrong(std::string_view member, const std::string& problem) {
  return wrong(std::string(member) + ": " + problem);
}

Error unknown(std::string_view member) {
  std::vector<std::string> names{std::string(kLabels), std::string(kPrefix)};
  for (const VerbRow& row : kVerbs)
    names.emplace_back(row.name);
  const auto meant = suggest(member, names);
  return wrong(quoted(member) + ": no such verb or member" +
               (meant ? "; did you mean " + *meant + "?" : ""));
}

// A line has no line breaks, so that where something is wrong is told by the column alone.
Error without_line(const Error& error) {
  constexpr std::string_view kLine = "line 1, ";
  const std::string& message = error.message();
  return wrong(message.starts_with(kLine) ? message.substr(kLine.size()) : message);
}

// A value that is no list and no object, as it is written.
std::string written(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kFalse:
      return "false";
    case JsonKind::kTrue:
      return "true";
    case JsonKind::kNumber:
      return std::string(value.written());
    case JsonKind::kString:
      return '"' + std::string(value.written()) + '"';
    case JsonKind::kList:
    case JsonKind::kObject:
      break;
  }
  throw wrong(kId, "must be a string, a number, true, false or null");
}

std::string text_of(std::string_view member, const JsonValue& value) {
  if (value.kind() != JsonKind::kString) throw wrong(member, "must be a string");
  return std::string(value.string());
}

Labels labels_of(const JsonValue& value) {
  if (value.kind() != JsonKind::kObject) throw wrong(kLabels, "must be an object of strings");
  Labels labels;
  value.each_member([&](std::string_view name, const JsonValue& text) {
    labels.push_back(
        {std::string(name), with_context(kLabels, [&] { return text_of(printable(name), text); })});
  });
  return labels;
}

const VerbRow* find_verb(std::string_view name) {
  const auto row = std::find_if(kVerbs.begin(), kVerbs.end(),
                                [&](const VerbRow& candidate) { return candidate.name == name; });
  return row == kVerbs.end() ? nullptr : &*row;
}

void read_id(const JsonValue& root, BatchRequest& request) {
  root.each_member([&](std::string_view name, const JsonValue& value) {
    if (name != kId) return;
    if (!request.id.empty()) throw wrong(kId, "is given twice");
    request.id = written(value);
  });
}

const VerbRow& read_verb(const JsonValue& root, BatchRequest& request) {
  const VerbRow* verb = nullptr;
  root.each_member([&](std::string_view name, const JsonValue& value) {
    const VerbRow* const row = find_verb(name);
    if (row == nullptr) return;
    if (verb != nullptr) {
      throw wrong(std::string(verb->name) + " and " + std::string(name) +
                  ": there is one verb in a request");
    }
    verb = row;
    request.verb = row->verb;
    if (row->takes_null && value.kind() == JsonKind::kNull) return;
    if (!row->takes_text) throw wrong(name, "must be null");
    request.argument = text_of(name, value);
  });
  if (verb == nullptr) throw wrong("there is no verb");
  return *verb;
}

}  // namespace

void parse_batch_request(std::string_view line, BatchRequest& request) {
  std::optional<JsonDocument> document;
  try {
    document.emplace(line);
  } catch (const Error& error) {
    throw without_line(error);
  }
  const JsonValue root = document->root();
  if (root.kind() != JsonKind::kObject) throw wrong("a request is a JSON object");
  read_id(root, request);
  root.each_member([&](std::string_view name, const JsonValue&) {
    if (name != kId && name != kLabels && name != kPrefix && find_verb(name) == nullptr)
      throw unknown(name);
  });
  const VerbRow& verb = read_verb(root, request);
  bool has_labels = false;
  root.each_member([&](std::string_view name, const JsonValue& value) {
    if (name != kLabels && name != kPrefix) return;
    if (name == kLabels ? !verb.takes_labels : !verb.takes_prefix)
      throw wrong(name, "does not go with " + std::string(verb.name));
    if (name == kLabels ? has_labels : request.prefix.has_value())
      throw wrong(name, "is given twice");
    if (name == kLabels) {
      request.labels = labels_of(value);
      has_labels = true;
    } else {
      request.prefix = text_of(name, value);
    }
  });
}

}  // namespace acistore
