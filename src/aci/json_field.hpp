// SPDX-License-Identifier: Apache-2.0
// What a schema over JSON is written in: one line a member, `{"user", text(app.user)}`.
#ifndef ACISTORE_ACI_JSON_FIELD_HPP
#define ACISTORE_ACI_JSON_FIELD_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "aci/json_document.hpp"

namespace acistore {

// Where in a document something stands or should stand: a chain up to the top, each link on the
// stack of the function that reads there.
class Place {
 public:
  Place() = default;  // the top

  Place member(std::string_view name) const { return Place(*this, Step::kMember, name, 0); }
  Place element(std::size_t index) const { return Place(*this, Step::kElement, {}, index); }
  Place entry(std::string_view key) const { return Place(*this, Step::kEntry, key, 0); }

  // As in `labels[2].name`; empty for the top.
  std::string text() const;

  // Throws Error(kInvalid) "PLACE: PROBLEM" or "PLACE: "VALUE": PROBLEM".
  [[noreturn]] void fail(std::string_view problem) const;
  [[noreturn]] void fail(std::string_view value, std::string_view problem) const;

 private:
  enum class Step { kTop, kMember, kElement, kEntry };
  Place(const Place& parent, Step step, std::string_view name, std::size_t index)
      : parent_(&parent), step_(step), name_(name), index_(index) {}

  const Place* parent_ = nullptr;
  Step step_ = Step::kTop;
  std::string_view name_;
  std::size_t index_ = 0;
};

struct Field {
  JsonValue value;
  const Place& place;
};

// Reads a field into what it captured, or throws through its place.
using Rule = std::function<void(const Field&)>;

// What is wrong with a text, to stand after it in a message; nothing if it is right.
using Check = std::optional<std::string> (*)(std::string_view);

// Rules. As in Go, null leaves the target as it is, unless said otherwise.
Rule text();
Rule text(std::string& target);
Rule checked(std::string& target, Check check);  // null is refused
Rule flag(bool& target);
Rule integer();
Rule integer(std::int64_t& target);
Rule cardinal(std::uint64_t& target);
Rule list_of(Rule element);
Rule map_of_texts();

struct Member {
  std::string_view name;
  Rule rule;
};

// Applies to each member of an object the rule of its name, the case of which does not matter;
// others are ignored. For null, does nothing.
void read_object(const Field& field, std::initializer_list<Member> members);

// Throws unless the field is of that kind.
void expect(const Field& field, JsonKind kind);

inline bool is_null(const Field& field) {
  return field.value.kind() == JsonKind::kNull;
}

}  // namespace acistore

#endif
