// SPDX-License-Identifier: Apache-2.0
// What a schema over JSON is written in: one line a member, `{"user", text(app.user)}`.
//
// A document is read in one of two ways. To use it, the first problem ends the reading: it is
// thrown. To judge it, the top place has Problems, which are told of every one: then what fails is
// left out and its neighbours are read, and departures from the letter that no reader minds are
// told as well.
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
#include "aci/problem.hpp"

namespace acistore {

// Where in a document something stands or should stand: a chain up to the top, each link on the
// stack of the function that reads there.
class Place {
 public:
  Place() = default;                                            // the top
  explicit Place(Problems& problems) : problems_(&problems) {}  // the top of what is judged

  Place member(std::string_view name) const { return Place(*this, Step::kMember, name, 0); }
  Place element(std::size_t index) const { return Place(*this, Step::kElement, {}, index); }
  Place entry(std::string_view key) const { return Place(*this, Step::kEntry, key, 0); }

  // As in `labels[2].name`; empty for the top.
  std::string text() const;

  // Throws Error(kInvalid) "PLACE: PROBLEM" or "PLACE: "VALUE": PROBLEM".
  [[noreturn]] void fail(std::string_view problem) const;
  [[noreturn]] void fail(std::string_view value, std::string_view problem) const;

  // The same, but goes on where the document is judged.
  void report(std::string_view problem) const;
  void report(std::string_view value, std::string_view problem) const;

  bool is_judged() const { return problems_ != nullptr; }

  // For what only the letter of the specification forbids: nothing happens unless the document is
  // judged.
  void note(Severity severity, std::string_view problem) const;
  void note(Severity severity, std::string_view value, std::string_view problem) const;

  // For an element that is null: fails where the document is judged.
  void reject_null() const;

  // Does a part of the reading that others do not depend on. False if it failed, which has been
  // told; where the document is used, what it throws is thrown on.
  template <typename Part>
  bool attempt(Part&& part) const {
    try {
      part();
      return true;
    } catch (const Failed&) {
      return false;
    }
  }

  // What fail() throws where the document is judged. It never leaves the reading of the document.
  struct Failed {};

 private:
  enum class Step { kTop, kMember, kElement, kEntry };
  Place(const Place& parent, Step step, std::string_view name, std::size_t index)
      : problems_(parent.problems_), parent_(&parent), step_(step), name_(name), index_(index) {}

  Problems* problems_ = nullptr;
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

// The same, and what is told only where the document is judged.
struct LetteredCheck {
  Check check;
  Check letter;
};

// Rules. As in Go, null leaves the target as it is, unless said otherwise.
Rule text();
Rule text(std::string& target);
Rule checked(std::string& target, Check check);  // null is refused
// `check` lives as long as the program.
Rule checked(std::string& target, const LetteredCheck& check);
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

// Fails if the text that a member of `object` was read into is empty: the member is missing, null
// or empty. Where the document is judged nothing is told of a member that is there and failed.
void require(const Field& object, std::string_view member, const std::string& text,
             std::string_view problem);

// Tells, where the document is judged, of each of these members that is missing or null.
void require_by_letter(const Field& object, std::initializer_list<std::string_view> members);

// Throws unless the field is of that kind.
void expect(const Field& field, JsonKind kind);

inline bool is_null(const Field& field) {
  return field.value.kind() == JsonKind::kNull;
}

}  // namespace acistore

#endif
