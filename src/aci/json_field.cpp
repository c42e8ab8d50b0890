// SPDX-License-Identifier: Apache-2.0
#include "aci/json_field.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

std::string_view name_of(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kFalse:
      return "false";
    case JsonKind::kTrue:
      return "true";
    case JsonKind::kNumber:
      return "a number";
    case JsonKind::kString:
      return "a string";
    case JsonKind::kList:
      return "a list";
    case JsonKind::kObject:
      return "an object";
  }
  return "";
}

[[noreturn]] void fail_kind(const Field& field, std::string_view expected) {
  field.place.fail(std::string(name_of(field.value.kind())) + " where " + std::string(expected) +
                   " must be");
}

// The letter that case folding (Unicode, simple) maps the start of `text` to, and its length. Only
// the Kelvin sign and the long s fold to ASCII from outside of it.
std::pair<char, std::size_t> folded(std::string_view text) {
  if (text.starts_with("\u212a")) return {'k', 3};
  if (text.starts_with("\u017f")) return {'s', 2};
  const char c = text.front();
  return {c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c, 1};
}

bool same_name(std::string_view name, std::string_view written) {
  for (const char c : name) {
    if (written.empty()) return false;
    const auto [letter, length] = folded(written);
    if (letter != folded({&c, 1}).first) return false;
    written.remove_prefix(length);
  }
  return written.empty();
}

template <typename Number>
void read_number(const Field& field, Number& target) {
  if (is_null(field)) return;
  expect(field, JsonKind::kNumber);
  const std::string_view digits = field.value.written();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), target);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    const std::string shown = quoted(digits);  // for the sake of its limit
    field.place.fail(shown.substr(1, shown.size() - 2) + ": must be a whole number from " +
                     std::to_string(std::numeric_limits<Number>::min()) + " to " +
                     std::to_string(std::numeric_limits<Number>::max()));
  }
}

}  // namespace

std::string Place::text() const {
  if (parent_ == nullptr) return {};
  std::string path = parent_->text();
  switch (step_) {
    case Step::kTop:
      break;
    case Step::kMember:
      if (!path.empty()) path += '.';
      path += name_;
      break;
    case Step::kElement:
      path += '[' + std::to_string(index_) + ']';
      break;
    case Step::kEntry:
      path += '[' + quoted(name_) + ']';
      break;
  }
  return path;
}

void Place::fail(std::string_view problem) const {
  Error error(ErrorKind::kInvalid, std::string(problem));
  if (parent_ != nullptr) error.add_context(text());
  throw error;
}

void Place::fail(std::string_view value, std::string_view problem) const {
  fail(quoted(value) + ": " + std::string(problem));
}

void expect(const Field& field, JsonKind kind) {
  if (field.value.kind() != kind) fail_kind(field, name_of(kind));
}

Rule text(std::string& target) {
  return [&target](const Field& field) {
    if (is_null(field)) return;
    expect(field, JsonKind::kString);
    target = field.value.string();
  };
}

Rule text() {
  return [](const Field& field) {
    if (!is_null(field)) expect(field, JsonKind::kString);
  };
}

Rule checked(std::string& target, Check check) {
  return [&target, check](const Field& field) {
    expect(field, JsonKind::kString);
    if (const auto problem = check(field.value.string()))
      field.place.fail(field.value.string(), *problem);
    target = field.value.string();
  };
}

Rule flag(bool& target) {
  return [&target](const Field& field) {
    if (is_null(field)) return;
    target = field.value.kind() == JsonKind::kTrue;
    if (!target && field.value.kind() != JsonKind::kFalse) fail_kind(field, "true or false");
  };
}

Rule integer(std::int64_t& target) {
  return [&target](const Field& field) { read_number(field, target); };
}

Rule integer() {
  return [](const Field& field) {
    std::int64_t ignored = 0;
    read_number(field, ignored);
  };
}

Rule cardinal(std::uint64_t& target) {
  return [&target](const Field& field) { read_number(field, target); };
}

Rule list_of(Rule element) {
  return [element = std::move(element)](const Field& field) {
    if (is_null(field)) return;
    expect(field, JsonKind::kList);
    std::size_t index = 0;
    field.value.each_element([&](JsonValue value) {
      const Place place = field.place.element(index++);
      element({value, place});
    });
  };
}

Rule map_of_texts() {
  return [](const Field& field) {
    if (is_null(field)) return;
    expect(field, JsonKind::kObject);
    field.value.each_member([&](std::string_view key, JsonValue value) {
      const Place place = field.place.entry(key);
      text()({value, place});
    });
  };
}

void read_object(const Field& field, std::initializer_list<Member> members) {
  if (is_null(field)) return;
  expect(field, JsonKind::kObject);
  field.value.each_member([&](std::string_view name, JsonValue value) {
    for (const Member& member : members) {
      if (!same_name(member.name, name)) continue;
      const Place place = field.place.member(member.name);
      member.rule({value, place});
      return;
    }
  });
}

}  // namespace acistore
