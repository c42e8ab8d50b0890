// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_diff.hpp"

#include <map>

#include "aci/json_document.hpp"
#include "base/hex.hpp"

namespace acistore {
namespace {

constexpr int kDeepestCompared = 4;
// Of a value or a name that is told.
constexpr std::size_t kMostBytes = 256;

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = std::byte{static_cast<unsigned char>(c)};
    if (byte < std::byte{0x20}) {
      out += "\\u00";
      out += to_hex({&byte, 1});
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

// Children of a list or an object that are still to be written, without recursion: a manifest may
// be nested deeper than the stack.
struct Open {
  std::vector<std::pair<std::optional<std::string_view>, JsonValue>> children;
  std::size_t next = 0;
  char end;
};

void append_scalar(std::string& out, const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::kNull:
      out += "null";
      return;
    case JsonKind::kFalse:
      out += "false";
      return;
    case JsonKind::kTrue:
      out += "true";
      return;
    case JsonKind::kNumber:
      out += value.written();
      return;
    default:
      append_string(out, value.string());
  }
}

// The value on one line, without white space: equal for what means the same, but for the order of
// members and the form of numbers.
std::string compact(const JsonValue& root) {
  std::string out;
  std::vector<Open> open;
  const auto begin = [&](const JsonValue& value) {
    if (value.kind() == JsonKind::kList) {
      out += '[';
      Open& list = open.emplace_back(Open{.children = {}, .end = ']'});
      value.each_element(
          [&](const JsonValue& child) { list.children.emplace_back(std::nullopt, child); });
    } else if (value.kind() == JsonKind::kObject) {
      out += '{';
      Open& object = open.emplace_back(Open{.children = {}, .end = '}'});
      value.each_member([&](std::string_view name, const JsonValue& child) {
        object.children.emplace_back(name, child);
      });
    } else {
      append_scalar(out, value);
    }
  };
  begin(root);
  while (!open.empty()) {
    Open& last = open.back();
    if (last.next == last.children.size()) {
      out += last.end;
      open.pop_back();
      continue;
    }
    if (last.next > 0) out += ',';
    const auto [name, child] = last.children[last.next++];
    if (name) {
      append_string(out, *name);
      out += ':';
    }
    begin(child);
  }
  return out;
}

std::string cut(std::string text) {
  if (text.size() <= kMostBytes) return text;
  std::size_t length = kMostBytes;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80)
    --length;
  return text.substr(0, length) + "…";
}

using Members = std::map<std::string_view, JsonValue>;

Members members_of(const JsonValue& object) {
  Members members;
  object.each_member([&](std::string_view name, const JsonValue& value) {
    members.insert_or_assign(name, value);  // the last counts
  });
  return members;
}

// The elements of a list by their names; nothing if there is one without a name, or a name twice.
std::optional<Members> named_elements_of(const JsonValue& list) {
  Members elements;
  bool are_named = true;
  list.each_element([&](const JsonValue& element) {
    if (!are_named) return;
    are_named = false;
    if (element.kind() != JsonKind::kObject) return;
    const Members members = members_of(element);
    const auto name = members.find("name");
    if (name == members.end() || name->second.kind() != JsonKind::kString) return;
    are_named = elements.emplace(name->second.string(), element).second;
  });
  if (!are_named) return std::nullopt;
  return elements;
}

class Comparison {
 public:
  // Recursion ends at kDeepestCompared.
  void values(const std::string& member, const JsonValue& before, const JsonValue& after,
              int depth) {
    if (depth < kDeepestCompared && before.kind() == after.kind()) {
      if (before.kind() == JsonKind::kObject) {
        const std::string prefix = member.empty() ? "" : member + '.';
        children(members_of(before), members_of(after), prefix, "", depth + 1);
        return;
      }
      if (before.kind() == JsonKind::kList) {
        const auto old_elements = named_elements_of(before);
        const auto new_elements = named_elements_of(after);
        if (old_elements && new_elements) {
          children(*old_elements, *new_elements, member + '[', "]", depth + 1);
          return;
        }
      }
    }
    std::string old_text = compact(before);
    std::string new_text = compact(after);
    if (old_text != new_text) add(member, cut(std::move(old_text)), cut(std::move(new_text)));
  }

  std::vector<MemberChange> take() { return std::move(changes_); }

 private:
  void children(const Members& before, const Members& after, const std::string& prefix,
                const std::string& suffix, int depth) {
    const auto name_of = [&](std::string_view name) {
      return prefix + cut(std::string(name)) + suffix;
    };
    auto old_one = before.begin();
    auto new_one = after.begin();
    while (old_one != before.end() || new_one != after.end()) {
      if (is_full()) return;
      if (new_one == after.end() || (old_one != before.end() && old_one->first < new_one->first)) {
        add(name_of(old_one->first), cut(compact(old_one->second)), std::nullopt);
        ++old_one;
      } else if (old_one == before.end() || new_one->first < old_one->first) {
        add(name_of(new_one->first), std::nullopt, cut(compact(new_one->second)));
        ++new_one;
      } else {
        values(name_of(old_one->first), old_one->second, new_one->second, depth);
        ++old_one;
        ++new_one;
      }
    }
  }

  bool is_full() const { return changes_.size() > kMaxMemberChanges; }

  void add(std::string member, std::optional<std::string> before,
           std::optional<std::string> after) {
    if (is_full()) return;
    if (changes_.size() == kMaxMemberChanges)
      changes_.push_back({.member = "...", .before = "...", .after = "..."});
    else
      changes_.push_back(
          {.member = std::move(member), .before = std::move(before), .after = std::move(after)});
  }

  std::vector<MemberChange> changes_;
};

}  // namespace

std::vector<MemberChange> manifest_changes(std::string_view before, std::string_view after) {
  const JsonDocument old_document(before);
  const JsonDocument new_document(after);
  Comparison comparison;
  comparison.values("", old_document.root(), new_document.root(), 0);
  return comparison.take();
}

}  // namespace acistore
