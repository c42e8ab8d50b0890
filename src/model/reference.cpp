// SPDX-License-Identifier: Apache-2.0
#include "model/reference.hpp"

#include "base/error.hpp"
#include "base/quote.hpp"
#include "model/identifier.hpp"

namespace acistore {
namespace {

Error malformed(std::string_view text, const std::string& why) {
  return Error(ErrorKind::kUsage, quoted(text) + ": not an image reference: " + why);
}

}  // namespace

Reference Reference::parse(std::string_view text) {
  Reference reference;
  const std::size_t comma = text.find(',');
  const std::string_view head = text.substr(0, comma);
  const std::size_t colon = head.find(':');
  reference.name = head.substr(0, colon);
  if (const auto problem = ac_identifier_problem(reference.name)) {
    throw malformed(text, "name " + quoted(reference.name) + ": " + *problem);
  }
  if (colon != std::string_view::npos) {
    reference.labels.push_back({std::string(kVersionLabel), std::string(head.substr(colon + 1))});
  }
  if (text.find(':', colon == std::string_view::npos ? 0 : colon + 1) != std::string_view::npos) {
    throw malformed(text, "a colon may stand only once, right after the name");
  }
  std::string_view rest = comma == std::string_view::npos ? "" : text.substr(comma);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find(','), rest.size());
    with_context(quoted(text) + ": not an image reference",
                 [&] { reference.add_label(rest.substr(0, end)); });
    rest.remove_prefix(end);
  }
  return reference;
}

void Reference::add_label(std::string_view pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) {
    throw Error(ErrorKind::kUsage, "label " + quoted(pair) + ": must be LABEL=VALUE");
  }
  add_label(Label{std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1))});
}

void Reference::add_label(Label label) {
  if (const auto problem = ac_identifier_problem(label.name)) {
    throw Error(ErrorKind::kUsage, "label name " + quoted(label.name) + ": " + *problem);
  }
  if (label_value(labels, label.name)) {
    throw Error(ErrorKind::kUsage, "label " + quoted(label.name) + " is given twice");
  }
  labels.push_back(std::move(label));
}

std::string Reference::text() const {
  std::string text = name;
  if (const auto version = label_value(labels, kVersionLabel)) {
    text += ':';
    text += *version;
  }
  for (const Label& label : labels) {
    if (label.name != kVersionLabel) text += ',' + label.name + '=' + label.value;
  }
  return text;
}

ImageArgument parse_image_argument(std::string_view text) {
  if (KeyPrefix::looks_like(text)) return KeyPrefix::parse(text);
  return Reference::parse(text);
}

std::string to_text(const ImageArgument& image) {
  if (const auto* key = std::get_if<KeyPrefix>(&image)) return key->text();
  return std::get<Reference>(image).text();
}

}  // namespace acistore
