// SPDX-License-Identifier: Apache-2.0
#include "aci/json_field.hpp"

#include <charconv>
#include <limits>
#include <set>
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

// The last member of that name, which counts.
std::optional<JsonValue> find_member(const Field& object, std::string_view name) {
  std::optional<JsonValue> found;
  if (object.value.kind() != JsonKind::kObject) return found;
  object.value.each_member([&](std::string_view written, JsonValue value) {
    if (same_name(name, written)) found.emplace(value);
  });
  return found;
}

// What the letter has against a member whatever its value. `name` is how it should be written.
void note_member(const Place& place, std::string_view name, std::string_view written, bool is_new,
                 const JsonValue& value) {
  if (name != written) place.note(Severity::kWarning, written, "has upper and lower case mixed up");
  if (!is_new) place.note(Severity::kWarning, "is given twice, and readers differ in which counts");
  if (value.kind() == JsonKind::kNull)
    place.note(Severity::kWarning, "is null, which stands for nothing; leave it out");
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
  if (is_judged()) {
    note(Severity::kError, problem);
    throw Failed();
  }
  Error error(ErrorKind::kInvalid, std::string(problem));
  if (parent_ != nullptr) error.add_context(text());
  throw error;
}

void Place::fail(std::string_view value, std::string_view problem) const {
  if (is_judged()) {
    note(Severity::kError, value, problem);
    throw Failed();
  }
  fail(quoted(value) + ": " + std::string(problem));
}

void Place::report(std::string_view problem) const {
  if (!is_judged()) fail(problem);
  note(Severity::kError, problem);
}

void Place::report(std::string_view value, std::string_view problem) const {
  if (!is_judged()) fail(value, problem);
  note(Severity::kError, value, problem);
}

void Place::note(Severity severity, std::string_view problem) const {
  if (is_judged())
    problems_->add({.severity = severity,
                    .field = parent_ == nullptr ? "manifest" : text(),
                    .value = {},
                    .message = std::string(problem)});
}

void Place::note(Severity severity, std::string_view value, std::string_view problem) const {
  if (is_judged())
    problems_->add({.severity = severity,
                    .field = parent_ == nullptr ? "manifest" : text(),
                    .value = std::string(value),
                    .message = std::string(problem)});
}

void Place::reject_null() const {
  if (is_judged()) fail("is null");
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

Rule checked(std::string& target, const LetteredCheck& check) {
  return [&target, &check](const Field& field) {
    checked(target, check.check)(field);
    if (!field.place.is_judged()) return;
    if (const auto problem = check.letter(field.value.string()))
      field.place.note(Severity::kError, field.value.string(), *problem);
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
      place.attempt([&] {
        if (value.kind() == JsonKind::kNull) place.reject_null();
        element({value, place});
      });
    });
  };
}

Rule map_of_texts() {
  return [](const Field& field) {
    if (is_null(field)) return;
    expect(field, JsonKind::kObject);
    field.value.each_member([&](std::string_view key, JsonValue value) {
      const Place place = field.place.entry(key);
      place.attempt([&] {
        if (value.kind() == JsonKind::kNull) place.reject_null();
        text()({value, place});
      });
    });
  };
}

void read_object(const Field& field, std::initializer_list<Member> members) {
  if (is_null(field)) return;
  expect(field, JsonKind::kObject);
  const bool is_judged = field.place.is_judged();
  std::set<std::string_view> seen;
  bool is_good = true;
  field.value.each_member([&](std::string_view name, JsonValue value) {
    for (const Member& member : members) {
      if (!same_name(member.name, name)) continue;
      const Place place = field.place.member(member.name);
      if (is_judged) note_member(place, member.name, name, seen.insert(member.name).second, value);
      is_good &= place.attempt([&] { member.rule({value, place}); });
      return;
    }
    field.place.note(Severity::kWarning, name, "is no member that the specification knows");
  });
  if (!is_good) throw Place::Failed();
}

void require(const Field& object, std::string_view member, const std::string& text,
             std::string_view problem) {
  if (!text.empty()) return;
  const Place place = object.place.member(member);
  if (!place.is_judged()) place.fail(problem);
  const std::optional<JsonValue> value = find_member(object, member);
  const bool is_empty = value && value->kind() == JsonKind::kString && value->string().empty();
  if (!value || value->kind() == JsonKind::kNull || is_empty) place.report(problem);
}

void require_by_letter(const Field& object, std::initializer_list<std::string_view> members) {
  if (!object.place.is_judged() || object.value.kind() != JsonKind::kObject) return;
  for (const std::string_view member : members) {
    const std::optional<JsonValue> value = find_member(object, member);
    if (!value || value->kind() == JsonKind::kNull)
      object.place.member(member).note(Severity::kError, "is missing");
  }
}

}  // namespace acistore
