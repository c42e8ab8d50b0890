// SPDX-License-Identifier: Apache-2.0
#include "tree/acl.hpp"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

// As in <linux/posix_acl.h> and <linux/posix_acl_xattr.h>: a version, then the entries in the order
// of tags, all of it little-endian.
constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kNoId = 0xffffffff;
enum AclTag : std::uint16_t {
  kUserObject = 1,
  kUser = 2,
  kGroupObject = 4,
  kGroup = 8,
  kMask = 16,
  kOther = 32,
};

struct AclEntry {
  std::uint16_t tag = 0;
  std::uint16_t permissions = 0;
  std::uint32_t id = kNoId;
};

[[noreturn]] void refuse_acl(std::string_view entry) {
  throw Error(ErrorKind::kInvalid, "access control list: " + quoted(entry) + " is no entry");
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Cuts off what comes before one of `separators`, or all.
std::string_view take_part(std::string_view& text, std::string_view separators) {
  const std::size_t end = std::min(text.find_first_of(separators), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == kNoId)
    return std::nullopt;
  return number;
}

// Of getpwnam_r() and getgrnam_r(), which are alike.
template <typename Record, typename Find>
std::optional<std::uint32_t> look_up(std::string_view name, Find find,
                                     std::uint32_t Record::*number) {
  const std::string text(name);
  std::vector<char> buffer(1024);
  Record record{};
  Record* found = nullptr;
  int error = 0;
  while ((error = find(text.c_str(), &record, buffer.data(), buffer.size(), &found)) == ERANGE)
    buffer.resize(buffer.size() * 2);
  if (error != 0 || found == nullptr) return std::nullopt;
  return record.*number;
}

std::uint16_t permissions_in(std::string_view text, std::string_view entry) {
  std::uint16_t permissions = 0;
  for (const char c : text) {
    if (c == 'r')
      permissions |= 4;
    else if (c == 'w')
      permissions |= 2;
    else if (c == 'x')
      permissions |= 1;
    else if (c != '-')
      refuse_acl(entry);
  }
  if (text.empty()) refuse_acl(entry);
  return permissions;
}

// TAG:QUALIFIER:PERMISSIONS[:ID], or TAG:PERMISSIONS for mask and other. Nothing for a name that is
// unknown here.
std::optional<AclEntry> entry_in(std::string_view text) {
  std::array<std::string_view, 4> fields;
  std::size_t count = 0;
  for (std::string_view rest = text; count < fields.size() && (count == 0 || !rest.empty());)
    fields[count++] = trimmed(take_part(rest, ":"));
  const std::string_view tag = fields[0];
  const bool is_user = tag == "user" || tag == "u";
  const bool is_group = tag == "group" || tag == "g";
  const bool is_mask = tag == "mask" || tag == "m";
  if (!is_user && !is_group && !is_mask && tag != "other" && tag != "o") refuse_acl(text);
  AclEntry entry;
  if (!is_user && !is_group) {
    if (count == 3 && !fields[1].empty()) refuse_acl(text);
    entry.tag = is_mask ? kMask : kOther;
    entry.permissions = permissions_in(fields[count == 3 ? 2 : 1], text);
    return entry;
  }
  entry.permissions = permissions_in(fields[2], text);
  if (fields[1].empty()) {
    entry.tag = is_user ? kUserObject : kGroupObject;
    return entry;
  }
  entry.tag = is_user ? kUser : kGroup;
  auto id = number_in(fields[3].empty() ? fields[1] : fields[3]);
  if (!id && !fields[3].empty()) refuse_acl(text);
  if (!id)
    id = is_user ? look_up(fields[1], ::getpwnam_r, &passwd::pw_uid)
                 : look_up(fields[1], ::getgrnam_r, &group::gr_gid);
  if (!id) return std::nullopt;
  entry.id = *id;
  return entry;
}

void append_number(std::string& out, std::uint32_t number, int bytes) {
  for (int i = 0; i < bytes; ++i, number >>= 8)
    out += static_cast<char>(number & 0xff);
}

}  // namespace

std::optional<std::string> acl_from_text(std::string_view text) {
  std::vector<AclEntry> entries;
  bool all_are_known = true;
  while (!text.empty()) {
    std::string_view line = take_part(text, "\n");
    line = line.substr(0, line.find('#'));
    while (!line.empty()) {
      const std::string_view part = trimmed(take_part(line, ","));
      if (part.empty()) continue;
      if (const auto entry = entry_in(part))
        entries.push_back(*entry);
      else
        all_are_known = false;
    }
  }
  if (!all_are_known) return std::nullopt;
  std::sort(entries.begin(), entries.end(), [](const AclEntry& a, const AclEntry& b) {
    return std::tie(a.tag, a.id) < std::tie(b.tag, b.id);
  });
  std::string value;
  append_number(value, kVersion, 4);
  for (const AclEntry& entry : entries) {
    append_number(value, entry.tag, 2);
    append_number(value, entry.permissions, 2);
    append_number(value, entry.id, 4);
  }
  return value;
}

}  // namespace acistore
