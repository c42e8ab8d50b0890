// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_JSON_HPP
#define ACISTORE_CLI_JSON_HPP

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace acistore {

// Writes JSON on one line. The only door to RapidJSON's writer.
class Json {
 public:
  Json();
  Json(const Json&) = delete;
  Json& operator=(const Json&) = delete;
  ~Json();

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);

  // Must be UTF-8; bytes that are not become "\u00XX", each for itself.
  void text(std::string_view value);
  void integer(std::int64_t value);
  void boolean(bool value);
  void null();
  // What is JSON already: one value, on one line.
  void raw(std::string_view json);

  void member(std::string_view name, std::string_view value);
  void member(std::string_view name, const char* value) { member(name, std::string_view(value)); }
  void member(std::string_view name, bool value);
  template <std::integral Integer>
  void member(std::string_view name, Integer value) {
    key(name);
    integer(static_cast<std::int64_t>(value));
  }
  template <typename Value>
  void member(std::string_view name, const std::optional<Value>& value) {
    if (value) {
      member(name, *value);
    } else {
      key(name);
      null();
    }
  }

  // A text that may be any bytes, such as a path. If it is not UTF-8, a member "raw": true follows.
  void member_bytes(std::string_view name, std::string_view value);

  // The same for an object with several such texts, of which one alone may not be UTF-8: if `raw`,
  // every byte is written as "\u00XX" is, also in those that are, and the caller adds "raw": true.
  void member_text(std::string_view name, std::string_view value, bool raw);

  // What was written since the last call.
  std::string take();

 private:
  struct Writer;
  std::unique_ptr<Writer> writer_;
};

}  // namespace acistore

#endif
