// SPDX-License-Identifier: Apache-2.0
#include "cli/complete_image.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "store/lookup.hpp"
#include "store/remotes.hpp"

namespace acistore {
namespace {

using Words = std::set<std::string>;

void add_keys(Words& words, const Stores& stores, std::string_view typed) {
  // Not for an empty word, which would be nothing but keys.
  const bool begins_one =
      KeyPrefix::looks_like(typed) || (!typed.empty() && kKeyScheme.starts_with(typed));
  if (!begins_one) return;
  for (const Image& image : list(stores, {})) {
    const std::string key = image.blob.key.text();
    if (key.starts_with(typed)) words.insert(key);
  }
}

void add_names(Words& words, const std::vector<Image>& images, std::string_view typed) {
  for (const Image& image : images) {
    if (image.name.starts_with(typed)) words.insert(image.name);
  }
  // A whole name, or the only one that is left.
  if (words.size() > 1 && !words.contains(std::string(typed)) &&
      typed.find(':') == std::string::npos)
    return;
  for (const Image& image : images) {
    const auto version = label_value(image.labels, kVersionLabel);
    if (!version) continue;
    const std::string word = image.name + ':' + std::string(*version);
    // Such a version has to be typed as a label.
    if (version->find_first_of(",:") != std::string_view::npos) continue;
    if (word.starts_with(typed)) words.insert(word);
  }
}

void add_labels(Words& words, const Stores& stores, std::string_view typed) {
  const std::size_t comma = typed.rfind(',');
  const std::string_view label_typed = typed.substr(comma + 1);
  const Reference reference = Reference::parse(typed.substr(0, comma));
  for (const Image& image : list(stores, {.reference = reference, .key_prefix = {}})) {
    for (const Label& label : image.labels) {
      const std::string word = label.name + '=' + label.value;
      const bool can_be_typed = label.value.find_first_of(",:") == std::string::npos;
      if (can_be_typed && !label_value(reference.labels, label.name) &&
          word.starts_with(label_typed))
        words.insert(std::string(typed.substr(0, comma + 1)) + word);
    }
  }
}

void add_references(Words& words, const Stores& stores, std::string_view typed) {
  if (typed.find(',') != std::string_view::npos) {
    add_labels(words, stores, typed);
  } else {
    add_names(words, list(stores, {}), typed);
  }
}

}  // namespace

std::vector<std::string> stored_words(const Stores& stores, WordKind kind, std::string_view typed) {
  Words words;
  if (kind == WordKind::kImage || kind == WordKind::kReference)
    add_references(words, stores, typed);
  if (kind == WordKind::kImage || kind == WordKind::kKey) add_keys(words, stores, typed);
  if (kind == WordKind::kUrl) {
    for (const Remote& remote : list_remotes(stores)) {
      if (remote.aci_url.starts_with(typed)) words.insert(remote.aci_url);
    }
  }
  return {words.begin(), words.end()};
}

}  // namespace acistore
