// SPDX-License-Identifier: Apache-2.0
#include "cli/entry_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <initializer_list>

#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::size_t kOwnerColumn = 8;
constexpr std::size_t kSizeColumn = 10;

char type_letter(EntryType type) {
  switch (type) {
    case EntryType::kFile:
      return '-';
    case EntryType::kHardLink:
      return 'h';
    case EntryType::kSymlink:
      return 'l';
    case EntryType::kCharDevice:
      return 'c';
    case EntryType::kBlockDevice:
      return 'b';
    case EntryType::kDirectory:
      return 'd';
    case EntryType::kFifo:
      return 'p';
  }
  return '?';
}

bool is_device(const TarEntry& entry) {
  return entry.type == EntryType::kCharDevice || entry.type == EntryType::kBlockDevice;
}

void append_digits(std::string& out, unsigned value, std::size_t width) {
  const std::size_t start = out.size();
  out.resize(start + width);
  for (std::size_t i = start + width; i > start; --i) {
    out[i - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

// The first and the last second with a year of four digits.
constexpr std::int64_t kFirstSecond = -62'167'219'200;
constexpr std::int64_t kLastSecond = 253'402'300'799;

bool has_date(const TarTime& time) {
  return time.seconds >= kFirstSecond && time.seconds <= kLastSecond;
}

std::string date_text(const TarTime& time, bool nanos) {
  using namespace std::chrono;
  const sys_seconds point{seconds{time.seconds}};
  const auto day = floor<days>(point);
  const year_month_day date(day);
  const hh_mm_ss clock(point - day);
  std::string text;
  text.reserve(30);
  append_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.day()), 2);
  text += 'T';
  append_digits(text, static_cast<unsigned>(clock.hours().count()), 2);
  text += ':';
  append_digits(text, static_cast<unsigned>(clock.minutes().count()), 2);
  text += ':';
  append_digits(text, static_cast<unsigned>(clock.seconds().count()), 2);
  if (nanos) {
    text += '.';
    append_digits(text, time.nanos, 9);
  }
  text += 'Z';
  return text;
}

std::string time_text(const TarTime& time, bool nanos) {
  if (has_date(time)) return date_text(time, nanos);
  return '@' + std::to_string(time.seconds);
}

// A name that could be taken for a number, or for two fields, would mislead.
std::string owner_text(std::string_view name, std::int64_t id, bool numeric) {
  const bool is_number =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (numeric || is_number) return std::to_string(id);
  std::string text;
  for (const char c : printable(name)) {
    if (c == ' ')
      text += "\\x20";
    else
      text += c;
  }
  return text;
}

void append_left(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  if (text.size() < width) out.append(width - text.size(), ' ');
  out += ' ';
}

void append_right(std::string& out, std::string_view text, std::size_t width) {
  if (text.size() < width) out.append(width - text.size(), ' ');
  out += text;
  out += ' ';
}

std::string size_text(const TarEntry& entry) {
  if (is_device(entry))
    return std::to_string(entry.dev_major) + ',' + std::to_string(entry.dev_minor);
  return std::to_string(entry.size);
}

void append_details(std::string& out, const TarEntry& entry, bool recorded, bool numeric) {
  if (!recorded) {
    append_left(out, "d?????????", 0);
    append_left(out, "?", kOwnerColumn);
    append_left(out, "?", kOwnerColumn);
    append_right(out, "?", kSizeColumn);
    append_left(out, "?", std::string_view("2024-02-29T12:00:00Z").size());
    return;
  }
  append_left(out, mode_text(entry.type, entry.mode), 0);
  append_left(out, owner_text(entry.uname, entry.uid, numeric), kOwnerColumn);
  append_left(out, owner_text(entry.gname, entry.gid, numeric), kOwnerColumn);
  append_right(out, size_text(entry), kSizeColumn);
  append_left(out, entry_time(entry.mtime), 0);
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out += "    ";
  out += printable(name);
  out += " = ";
  out += printable(value);
  out += '\n';
}

// ACLs go by the names that Linux has for them as xattrs.
constexpr std::string_view kAccessAcl = "system.posix_acl_access";
constexpr std::string_view kDefaultAcl = "system.posix_acl_default";

void append_attributes(std::string& out, const TarEntry& entry) {
  for (const Xattr& xattr : entry.xattrs)
    append_attribute(out, xattr.name, xattr.value);
  if (!entry.acl_access.empty()) append_attribute(out, kAccessAcl, entry.acl_access);
  if (!entry.acl_default.empty()) append_attribute(out, kDefaultAcl, entry.acl_default);
}

void xattr_members(Json& json, const TarEntry& entry) {
  json.key("xattrs");
  json.begin_array();
  for (const Xattr& xattr : entry.xattrs) {
    json.begin_object();
    const bool raw = !is_utf8(xattr.name) || !is_utf8(xattr.value);
    json.member_text("name", xattr.name, raw);
    json.member_text("value", xattr.value, raw);
    if (raw) json.member("raw", true);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string mode_text(EntryType type, std::uint32_t mode) {
  std::string text = "?rwxrwxrwx";
  text[0] = type_letter(type);
  for (std::size_t i = 1; i < text.size(); ++i) {
    if ((mode >> (9 - i) & 1) == 0) text[i] = '-';
  }
  // What a set bit makes of the "x" behind it, and of its absence.
  const auto mark = [&](std::uint32_t bit, std::size_t at, char with_x, char without) {
    if ((mode & bit) != 0) text[at] = text[at] == 'x' ? with_x : without;
  };
  mark(04000, 3, 's', 'S');
  mark(02000, 6, 's', 'S');
  mark(01000, 9, 't', 'T');
  return text;
}

std::string octal_mode(std::uint32_t mode) {
  std::string text(4, '0');
  for (std::size_t i = text.size(); i > 0; --i) {
    text[i - 1] = static_cast<char>('0' + (mode & 7));
    mode >>= 3;
  }
  return text;
}

std::string_view type_name(EntryType type) {
  switch (type) {
    case EntryType::kFile:
      return "file";
    case EntryType::kHardLink:
      return "hardlink";
    case EntryType::kSymlink:
      return "symlink";
    case EntryType::kCharDevice:
      return "char";
    case EntryType::kBlockDevice:
      return "block";
    case EntryType::kDirectory:
      return "directory";
    case EntryType::kFifo:
      return "fifo";
  }
  return "";
}

std::string entry_time(const TarTime& time) {
  return time_text(time, false);
}

std::string exact_entry_time(const TarTime& time) {
  return time_text(time, true);
}

void append_entry(std::string& out, const TarEntry& entry, bool recorded, const EntryStyle& style) {
  if (style.details) append_details(out, entry, recorded, style.numeric_owner);
  append_printable(out, entry.path);
  if (style.details && entry.type == EntryType::kSymlink) out += " -> " + printable(entry.link);
  if (style.details && entry.type == EntryType::kHardLink)
    out += " link to " + printable(entry.link);
  out += '\n';
  if (style.xattrs) append_attributes(out, entry);
}

void entry_members(Json& json, const TarEntry& entry, bool recorded) {
  const auto texts = {&entry.path, &entry.link, &entry.uname, &entry.gname};
  const bool raw = std::any_of(texts.begin(), texts.end(),
                               [](const std::string* text) { return !is_utf8(*text); });
  json.member_text("path", entry.path, raw);
  if (raw) json.member("raw", true);
  json.member("type", type_name(entry.type));
  if (!recorded) {
    for (const char* name : {"mode", "uid", "gid", "size", "mtime", "link"})
      json.member(name, std::optional<bool>());
    json.member("recorded", false);
    return;
  }
  json.member("mode", octal_mode(entry.mode));
  json.member("uid", entry.uid);
  json.member("gid", entry.gid);
  json.member_text("uname", entry.uname, raw);
  json.member_text("gname", entry.gname, raw);
  json.member("size", entry.size);
  json.member("mtime", exact_entry_time(entry.mtime));
  if (entry.type == EntryType::kHardLink || entry.type == EntryType::kSymlink)
    json.member_text("link", entry.link, raw);
  else
    json.member("link", std::optional<std::string>());
  if (is_device(entry)) {
    json.member("devMajor", entry.dev_major);
    json.member("devMinor", entry.dev_minor);
  }
  if (entry.sparse) json.member("sparse", true);
  xattr_members(json, entry);
  if (!entry.acl_access.empty()) json.member("aclAccess", entry.acl_access);
  if (!entry.acl_default.empty()) json.member("aclDefault", entry.acl_default);
}

}  // namespace acistore
