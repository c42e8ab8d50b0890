// SPDX-License-Identifier: Apache-2.0
#include "aci/json_document.hpp"

#include "aci/json_text.hpp"
#include "aci/manifest.hpp"
#include "base/error.hpp"

// An assertion of RapidJSON's must not end the process, whatever an image holds. The namespace is
// our own since code compiled with another assertion must not be mixed with it.
#define RAPIDJSON_NAMESPACE acistore_rapidjson
#define RAPIDJSON_ASSERT(condition)                                       \
  ((condition) ? static_cast<void>(0)                                     \
               : throw ::acistore::Error(::acistore::ErrorKind::kInvalid, \
                                         "RapidJSON failed: " #condition))
// RapidJSON adds to a null pointer while its stack is empty; harmless, and not ours to mend.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/reader.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

namespace acistore {
namespace {

namespace rapidjson = ::acistore_rapidjson;

// Takes RapidJSON's events, whose names the library prescribes.
class TokenWriter : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, TokenWriter> {
 public:
  TokenWriter(const char* text, std::vector<JsonToken>& tokens) : text_(text), tokens_(tokens) {}

  bool too_deep() const { return too_deep_; }

  bool Null() { return add(JsonKind::kNull); }
  bool Bool(bool value) { return add(value ? JsonKind::kTrue : JsonKind::kFalse); }
  bool RawNumber(const char* at, rapidjson::SizeType length, bool) {
    return add(JsonKind::kNumber, at, length);
  }
  bool String(const char* at, rapidjson::SizeType length, bool) {
    return add(JsonKind::kString, at, length);
  }
  bool Key(const char* at, rapidjson::SizeType length, bool) {
    return add(JsonKind::kString, at, length);
  }
  bool StartObject() { return open(JsonKind::kObject); }
  bool StartArray() { return open(JsonKind::kList); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

 private:
  bool add(JsonKind kind, const char* at, std::size_t length) {
    JsonToken token{};
    token.offset = static_cast<std::uint32_t>(at - text_);
    token.length = static_cast<std::uint32_t>(length);
    token.kind = static_cast<std::uint8_t>(kind) & 7U;
    token.next = static_cast<std::uint32_t>(tokens_.size() + 1) & kIndexMask;
    tokens_.push_back(token);
    return true;
  }

  bool add(JsonKind kind) { return add(kind, text_, 0); }

  bool open(JsonKind kind) {
    too_deep_ = open_.size() == kMaxJsonDepth;
    if (too_deep_) return false;
    open_.push_back(tokens_.size());
    return add(kind);
  }

  bool close() {
    tokens_[open_.back()].next = static_cast<std::uint32_t>(tokens_.size()) & kIndexMask;
    open_.pop_back();
    return true;
  }

  static constexpr std::uint32_t kIndexMask = (1U << 29) - 1;  // larger than any text we read

  const char* text_;
  std::vector<JsonToken>& tokens_;
  std::vector<std::size_t> open_;  // the tokens of the containers around what comes next
  bool too_deep_ = false;
};

const char* problem_of(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "there is no JSON value";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "something follows the end of the JSON value";
    case rapidjson::kParseErrorObjectMissName:
      return "the name of a member, in quotes, must stand here";
    case rapidjson::kParseErrorObjectMissColon:
      return "a colon must stand here, after the name of a member";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "a comma or } must stand here, after a member";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "a comma or ] must stand here, after an element";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "four hexadecimal digits must follow \\u";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "no such escape in a string";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "a string is not closed";
    case rapidjson::kParseErrorNumberMissFraction:
      return "a digit must follow the decimal point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "a digit must stand in the exponent";
    default:
      return "a value must stand here";
  }
}

}  // namespace

JsonDocument::JsonDocument(std::string_view text) : text_(text) {
  if (text.size() > kMaxManifestBytes) throw_too_large(text.size());
  decoded_ = prepare_json(text);
  tokens_.reserve(text.size() / 2 +
                  2);  // a value takes two bytes at least; untouched pages cost nothing
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  TokenWriter writer(decoded_.data(), tokens_);
  rapidjson::InsituStringStream stream(decoded_.data());
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, writer);
  if (writer.too_deep())
    throw_json_error(text, result.Offset(),
                     "nested deeper than the limit of " + std::to_string(kMaxJsonDepth));
  const bool empty = result.Code() == rapidjson::kParseErrorDocumentEmpty;
  if (result.IsError() && result.Offset() >= text.size() && !empty)
    throw_json_error(text, text.size(), "the text ends before the JSON value does");
  if (result.IsError()) throw_json_error(text, result.Offset(), problem_of(result.Code()));
}

std::string_view JsonValue::string() const {
  return std::string_view(document_->decoded_).substr(token().offset, token().length);
}

std::string_view JsonValue::written() const {
  const std::string_view rest = document_->text_.substr(token().offset);
  if (kind() == JsonKind::kNumber) return rest.substr(0, json_number_length(rest));
  std::size_t end = 0;
  while (rest[end] != '"')
    end += rest[end] == '\\' ? 2 : 1;
  return rest.substr(0, end);
}

}  // namespace acistore
