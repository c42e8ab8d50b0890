// SPDX-License-Identifier: Apache-2.0
#include "cli/json.hpp"

// RapidJSON 1.1 asks an empty stack for room by adding to its null pointer, before it compares and
// allocates. No address is used, but UndefinedBehaviorSanitizer is right to complain, of them
// alone.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

#include "base/quote.hpp"

namespace acistore {
namespace {

// A byte becomes the character of the same number, as in ISO 8859-1.
std::string latin1_to_utf8(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return text;
}

}  // namespace

struct Json::Writer {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> out{buffer};

  void string(std::string_view value) {
    out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
};

Json::Json() : writer_(std::make_unique<Writer>()) {}
Json::~Json() = default;

void Json::begin_object() {
  writer_->out.StartObject();
}
void Json::end_object() {
  writer_->out.EndObject();
}
void Json::begin_array() {
  writer_->out.StartArray();
}
void Json::end_array() {
  writer_->out.EndArray();
}
void Json::integer(std::int64_t value) {
  writer_->out.Int64(value);
}
void Json::boolean(bool value) {
  writer_->out.Bool(value);
}
void Json::null() {
  writer_->out.Null();
}

void Json::raw(std::string_view json) {
  writer_->out.RawValue(json.data(), json.size(), rapidjson::kNullType);
}

void Json::key(std::string_view name) {
  writer_->out.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

void Json::text(std::string_view value) {
  writer_->string(is_utf8(value) ? value : latin1_to_utf8(value));
}

void Json::member(std::string_view name, std::string_view value) {
  key(name);
  text(value);
}

void Json::member(std::string_view name, bool value) {
  key(name);
  boolean(value);
}

void Json::member_bytes(std::string_view name, std::string_view value) {
  member(name, value);
  if (!is_utf8(value)) member("raw", true);
}

void Json::member_text(std::string_view name, std::string_view value, bool raw) {
  key(name);
  if (raw)
    writer_->string(latin1_to_utf8(value));
  else
    text(value);
}

std::string Json::take() {
  std::string text(writer_->buffer.GetString(), writer_->buffer.GetSize());
  writer_->buffer.Clear();
  return text;
}

}  // namespace acistore
