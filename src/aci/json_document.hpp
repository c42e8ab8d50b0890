// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_JSON_DOCUMENT_HPP
#define ACISTORE_ACI_JSON_DOCUMENT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace acistore {

enum class JsonKind : std::uint8_t { kNull, kFalse, kTrue, kNumber, kString, kList, kObject };

// A value, or the name of a member, in the order of the text. Twelve bytes, since hostile text of
// 4 MiB holds two million of them.
struct JsonToken {
  std::uint32_t offset;     // of a number's or string's first character in the text
  std::uint32_t length;     // of the unescaped string
  std::uint32_t kind : 3;   // JsonKind
  std::uint32_t next : 29;  // index of the token after this value and all that is in it
};

class JsonDocument;

// One value of a document, valid as long as that.
class JsonValue {
 public:
  JsonKind kind() const { return static_cast<JsonKind>(token().kind); }

  // A string's characters, escapes resolved. A lone surrogate is U+FFFD, as in Go.
  std::string_view string() const;

  // What stands in the text: a number's digits, or what a string has between its quotes.
  std::string_view written() const;

  // Calls visit(JsonValue) for each element of a list.
  template <typename Visit>
  void each_element(Visit&& visit) const;

  // Calls visit(std::string_view name, JsonValue) for each member of an object, in the order of the
  // text, and for each of several of one name.
  template <typename Visit>
  void each_member(Visit&& visit) const;

 private:
  friend class JsonDocument;
  JsonValue(const JsonDocument& document, std::size_t index)
      : document_(&document), index_(index) {}
  const JsonToken& token() const;

  const JsonDocument* document_;
  std::size_t index_;
};

// A JSON text (RFC 8259) in UTF-8, read without recursion.
class JsonDocument {
 public:
  // Throws Error(kInvalid) "line L, column C: PROBLEM", also when a limit (kMaxManifestBytes,
  // kMaxJsonDepth) is exceeded. The text must outlive the document.
  explicit JsonDocument(std::string_view text);
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  JsonValue root() const { return JsonValue(*this, 0); }

 private:
  friend class JsonValue;
  std::string_view text_;
  std::string decoded_;  // strings stand where they stand in the text, unescaped in place
  std::vector<JsonToken> tokens_;
};

inline const JsonToken& JsonValue::token() const {
  return document_->tokens_[index_];
}

template <typename Visit>
void JsonValue::each_element(Visit&& visit) const {
  const std::size_t end = token().next;
  for (std::size_t i = index_ + 1; i < end; i = document_->tokens_[i].next)
    visit(JsonValue(*document_, i));
}

template <typename Visit>
void JsonValue::each_member(Visit&& visit) const {
  const std::size_t end = token().next;
  for (std::size_t i = index_ + 1; i < end; i = document_->tokens_[i + 1].next)
    visit(JsonValue(*document_, i).string(), JsonValue(*document_, i + 1));
}

}  // namespace acistore

#endif
