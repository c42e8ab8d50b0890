// SPDX-License-Identifier: Apache-2.0
// Input: what a user types for an image, a key, or the name of a blob's file.
//
//  - A reference says the same once it is text again; a key is what its text is.
//  - What is shown of any text is one line of valid UTF-8.
#include <algorithm>

#include "base/quote.hpp"
#include "blob/layout.hpp"
#include "model/identifier.hpp"
#include "model/image_key.hpp"
#include "model/reference.hpp"
#include "property.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

Labels sorted(Labels labels) {
  std::sort(labels.begin(), labels.end(),
            [](const Label& a, const Label& b) { return a.name < b.name; });
  return labels;
}

void check_reference(std::string_view text) {
  std::optional<Reference> reference;
  error_of({ErrorKind::kUsage}, [&] { reference = Reference::parse(text); });
  if (!reference) return;
  require(!ac_identifier_problem(reference->name), "the name is an AC identifier");
  const Reference again = Reference::parse(reference->text());
  require(again.name == reference->name, "the name stays", text);
  require(sorted(again.labels) == sorted(reference->labels), "the labels stay", text);
  require(again.text() == reference->text(), "the text of a text is itself", text);
}

void check_prefix(std::string_view text) {
  std::optional<KeyPrefix> prefix;
  error_of({ErrorKind::kUsage}, [&] { prefix = KeyPrefix::parse(text); });
  if (!prefix) return;
  require(KeyPrefix::looks_like(text), "a key begins as one");
  require(text.starts_with(prefix->text()), "a key is a part of what was typed");
  require(KeyPrefix::parse(prefix->text()).text() == prefix->text(), "a key stays", text);
  require(prefix->text().size() <= kKeyScheme.size() + kKeyDigits, "a key has so many digits");
}

void check_expected(std::string_view text) {
  std::optional<ExpectedKey> expected;
  error_of({ErrorKind::kUsage}, [&] { expected = ExpectedKey::parse(text); });
  if (!expected) return;
  require(expected->text() == text, "every digit counts");
  error_of({}, [&] { KeyPrefix::parse(text); });
}

void check_key(std::string_view text) {
  const bool is_key = ImageKey::is_key(text);
  const auto error = error_of({ErrorKind::kDamaged}, [&] {
    const ImageKey key = ImageKey::from_stored(text);
    require(key.text() == text, "a key is its text");
    require(layout::parse_blob(layout::shard(key), key.text()) == key, "a blob's file has its key");
    require(layout::lock_byte(key) >= 0, "a key has a byte of the lock file");
  });
  require(is_key == !error, "what is a key is one");
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view shard = text.substr(0, slash);
  const std::string_view file = text.substr(std::min(slash + 1, text.size()));
  if (const auto key = layout::parse_blob(shard, file)) {
    require(layout::shard(*key) == shard && key->text() == file, "a blob's file has one place");
  }
}

void check_shown(std::string_view text) {
  for (const std::string& shown : {printable(text), quoted(text)}) {
    require(text.empty() || !shown.empty(), "something is shown");
    require(is_utf8(shown), "what is shown is UTF-8");
    if (!shown.empty()) require_message(shown);
  }
  require(printable(printable(text)).size() >= printable(text).size(), "nothing is undone");
  require(quoted(text).size() <= 1000, "a quotation is bounded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  check_reference(text);
  check_prefix(text);
  check_expected(text);
  check_key(text);
  check_shown(text);
  error_of({ErrorKind::kUsage}, [&] {
    const std::string shown = to_text(parse_image_argument(text));
    require(to_text(parse_image_argument(shown)) == shown, "an argument stays", text);
  });
  return 0;
}
