// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_pax.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "aci/tar_number.hpp"
#include "aci/tar_sparse.hpp"
#include "aci/tar_xattr.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::string_view kSchilyXattr = "SCHILY.xattr.";
constexpr std::string_view kLibarchiveXattr = "LIBARCHIVE.xattr.";
constexpr std::string_view kSparseOffset = "GNU.sparse.offset";
constexpr std::string_view kSparseLength = "GNU.sparse.numbytes";

struct TextRecord {
  std::string_view key;
  std::string_view PaxRecords::*member;
  bool may_hold_nul;
};

constexpr TextRecord kTextRecords[] = {
    {"path", &PaxRecords::path, false},
    {"linkpath", &PaxRecords::linkpath, false},
    {"size", &PaxRecords::size, true},
    {"uid", &PaxRecords::uid, true},
    {"gid", &PaxRecords::gid, true},
    {"uname", &PaxRecords::uname, false},
    {"gname", &PaxRecords::gname, false},
    {"mtime", &PaxRecords::mtime, true},
    {"SCHILY.devmajor", &PaxRecords::dev_major, true},
    {"SCHILY.devminor", &PaxRecords::dev_minor, true},
    {"SCHILY.acl.access", &PaxRecords::acl_access, true},
    {"SCHILY.acl.default", &PaxRecords::acl_default, true},
    {"GNU.sparse.major", &PaxRecords::sparse_major, true},
    {"GNU.sparse.minor", &PaxRecords::sparse_minor, true},
    {"GNU.sparse.name", &PaxRecords::sparse_name, false},
    {"GNU.sparse.size", &PaxRecords::sparse_size, true},
    {"GNU.sparse.realsize", &PaxRecords::sparse_realsize, true},
    {"GNU.sparse.numblocks", &PaxRecords::sparse_numblocks, true},
    {"GNU.sparse.map", &PaxRecords::sparse_map, true},
};

[[noreturn]] void fail_pax(const std::string& message) {
  throw Error(ErrorKind::kInvalid, "pax " + message);
}

void refuse_nul(std::string_view what, std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    fail_pax(std::string(what) + " has a NUL: " + quoted(text));
}

// Cuts the first record off `text` and returns its "KEY=VALUE".
std::string_view take_record(std::string_view& text) {
  std::size_t length = 0;
  const char* const end = text.data() + text.size();
  const auto [digits_end, error] = std::from_chars(text.data(), end, length);
  if (error != std::errc() || digits_end == end || *digits_end != ' ')
    fail_pax("record has no length: " + quoted(text));
  const auto head = static_cast<std::size_t>(digits_end - text.data()) + 1;
  if (length <= head || length > text.size())
    fail_pax("record has a length of " + std::to_string(length) + " where " +
             std::to_string(text.size()) + " bytes are left");
  if (text[length - 1] != '\n')
    fail_pax("record has no newline at its end: " + quoted(text.substr(0, length)));
  const std::string_view record = text.substr(head, length - head - 1);
  text.remove_prefix(length);
  return record;
}

void add_xattr(PaxRecords& records, std::string name, std::string value) {
  if (value.size() > kMaxXattrBytes)
    fail_pax("xattr " + quoted(name) + " has " + std::to_string(value.size()) + " bytes (limit " +
             std::to_string(kMaxXattrBytes) + ")");
  records.xattrs.push_back({std::move(name), std::move(value)});
}

// In one sort: an archive may bring tens of thousands of names with every entry.
void keep_last_of_each_name(std::vector<Xattr>& xattrs) {
  std::stable_sort(xattrs.begin(), xattrs.end(),
                   [](const Xattr& a, const Xattr& b) { return a.name < b.name; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < xattrs.size(); ++i) {
    if (i + 1 < xattrs.size() && xattrs[i].name == xattrs[i + 1].name) continue;
    if (kept != i) xattrs[kept] = std::move(xattrs[i]);
    ++kept;
  }
  xattrs.resize(kept);
}

std::int64_t required_number(std::string_view name, std::string_view value) {
  const auto number = pax_number(name, value);
  if (!number) fail_pax(std::string(name) + " is empty");
  return *number;
}

// Fields are only collected here; what they mean together is for the reader.
class Collector {
 public:
  explicit Collector(PaxRecords& records) : records_(records) {}

  void add(std::string_view key, std::string_view value) {
    if (key == kSparseOffset || key == kSparseLength) return add_sparse_number(key, value);
    for (const TextRecord& known : kTextRecords) {
      if (known.key != key) continue;
      if (!known.may_hold_nul) refuse_nul(key, value);
      records_.*known.member = value;
      return;
    }
    refuse_nul("key", key);
    if (key.starts_with(kSchilyXattr))
      return add_xattr(records_, std::string(key.substr(kSchilyXattr.size())), std::string(value));
    if (key.starts_with(kLibarchiveXattr)) {
      auto decoded = base64_decode(value);
      if (!decoded) fail_pax(quoted(key) + " is not base 64: " + quoted(value));
      add_xattr(records_, url_decode(key.substr(kLibarchiveXattr.size())), std::move(*decoded));
    }
  }

  void finish() {
    if (has_sparse_offset_)
      fail_pax(std::string(kSparseOffset) + " has no " + std::string(kSparseLength) + " after it");
    keep_last_of_each_name(records_.xattrs);
  }

 private:
  void add_sparse_number(std::string_view key, std::string_view value) {
    const std::int64_t number = required_number(key, value);
    if ((key == kSparseOffset) == has_sparse_offset_)
      fail_pax(std::string(key) + " " + quoted(value) + " is out of turn");
    if (has_sparse_offset_)
      add_region(records_.sparse_pairs, sparse_offset_, number);
    else
      sparse_offset_ = number;
    has_sparse_offset_ = !has_sparse_offset_;
  }

  PaxRecords& records_;
  std::int64_t sparse_offset_ = 0;
  bool has_sparse_offset_ = false;  // and its length comes next
};

}  // namespace

PaxRecords parse_pax(std::string_view text) {
  PaxRecords records;
  Collector collector(records);
  while (!text.empty()) {
    const std::string_view record = take_record(text);
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos || equals == 0)
      fail_pax("record is not KEY=VALUE: " + quoted(record));
    collector.add(record.substr(0, equals), record.substr(equals + 1));
  }
  collector.finish();
  return records;
}

SparseFormat sparse_format(const PaxRecords& records) {
  const std::string_view major = records.sparse_major;
  const std::string_view minor = records.sparse_minor;
  if (major.empty() && minor.empty())
    return records.sparse_map.empty() && records.sparse_pairs.empty() ? SparseFormat::kNone
                                                                      : SparseFormat::kList;
  if (major == "0" && (minor == "0" || minor == "1")) return SparseFormat::kList;
  if (major == "1" && minor == "0") return SparseFormat::kLeading;
  fail_pax("GNU.sparse: version " + quoted(major) + "." + quoted(minor) + " is unknown");
}

void take_sparse_list(PaxRecords& records, std::vector<SparseRegion>& regions) {
  if (records.sparse_pairs.empty())
    parse_sparse_list(records.sparse_map, regions);
  else
    regions = std::move(records.sparse_pairs);
  const auto count = required_number("GNU.sparse.numblocks", records.sparse_numblocks);
  if (count < 0 || static_cast<std::uint64_t>(count) != regions.size())
    fail_pax("GNU.sparse.numblocks is " + std::to_string(count) + ", but the map has " +
             std::to_string(regions.size()) + " regions");
}

std::optional<std::int64_t> pax_number(std::string_view name, std::string_view value) {
  if (value.empty()) return std::nullopt;
  const auto number = parse_decimal(value);
  if (!number) fail_pax(std::string(name) + " " + quoted(value) + " is no number");
  return number;
}

std::optional<TarTime> pax_time(std::string_view name, std::string_view value) {
  if (value.empty()) return std::nullopt;
  const std::size_t point = std::min(value.find('.'), value.size());
  const auto seconds = parse_decimal(value.substr(0, point));
  std::uint32_t nanos = 0;
  std::uint32_t unit = 100'000'000;
  bool valid = seconds.has_value();
  for (std::size_t i = point + 1; i < value.size(); ++i) {
    valid = valid && value[i] >= '0' && value[i] <= '9';
    if (valid) nanos += unit * static_cast<std::uint32_t>(value[i] - '0');
    unit /= 10;
  }
  if (!valid) fail_pax(std::string(name) + " " + quoted(value) + " is no time");
  // -1.25 is 0.75 after -2.
  if (value.front() == '-' && nanos != 0) {
    if (*seconds == std::numeric_limits<std::int64_t>::min())
      fail_pax(std::string(name) + " " + quoted(value) + " is out of range");
    return TarTime{*seconds - 1, 1'000'000'000 - nanos};
  }
  return TarTime{*seconds, nanos};
}

}  // namespace acistore
