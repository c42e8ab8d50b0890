// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_entry.hpp"

#include <string_view>
#include <utility>

#include "aci/tar_path.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::int64_t kModeBits = 07777;

std::string_view first_given(std::string_view a, std::string_view b) {
  return a.empty() ? b : a;
}

// A GNU long name is filled up with NULs, or ends in one.
std::string_view until_nul(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

// The long form of a text, if pax or GNU has given one. Both at once are only written to deceive:
// half of the readers believe one and half of them the other.
std::string_view long_form(const char* what, std::string_view pax, std::string_view gnu) {
  gnu = until_nul(gnu);
  if (!pax.empty() && !gnu.empty() && pax != gnu)
    throw Error(ErrorKind::kInvalid, "the " + std::string(what) + " is " + quoted(pax) +
                                         " in a pax header and " + quoted(gnu) +
                                         " in a GNU header");
  return first_given(pax, gnu);
}

EntryType type_of(char flag, std::string_view path) {
  switch (flag) {
    case '1':
      return EntryType::kHardLink;
    case '2':
      return EntryType::kSymlink;
    case '3':
      return EntryType::kCharDevice;
    case '4':
      return EntryType::kBlockDevice;
    case '5':
    case 'D':
      return EntryType::kDirectory;
    case '6':
      return EntryType::kFifo;
    case '\0':
      return path.ends_with('/') ? EntryType::kDirectory : EntryType::kFile;
    default:
      return EntryType::kFile;
  }
}

}  // namespace

void SpecialHeaders::clear() {
  if (count == 0) return;
  count = 0;
  pax_text.clear();
  pax = PaxRecords();
  long_path.clear();
  long_link.clear();
}

void GlobalRecords::add(const PaxRecords& records) {
  const std::pair<std::string&, std::string_view> fields[] = {{uid, records.uid},
                                                              {gid, records.gid},
                                                              {uname, records.uname},
                                                              {gname, records.gname},
                                                              {mtime, records.mtime}};
  for (const auto& [field, value] : fields) {
    if (!value.empty()) field = value;
  }
}

std::string_view recorded_path(const TarHeader& header, const SpecialHeaders& special,
                               std::string& joined) {
  const std::string_view path = long_form("path", special.pax.path, special.long_path);
  // The file of a sparse one is named here, and `path` is a made-up name for readers that do not
  // know of sparse files.
  if (header.type != 'S' && sparse_format(special.pax) != SparseFormat::kNone)
    return first_given(special.pax.sparse_name, path.empty() ? header.name : path);
  if (!path.empty() || header.prefix.empty()) return path.empty() ? header.name : path;
  joined.assign(header.prefix).append("/").append(header.name);
  return joined;
}

void fill_entry(const TarHeader& header, SpecialHeaders& special, const GlobalRecords& global,
                TarEntry& entry) {
  PaxRecords& pax = special.pax;
  if (auto problem = clean_path(entry.raw_path, entry.path))
    throw Error(ErrorKind::kInvalid, std::move(*problem));
  entry.type = type_of(header.type, entry.raw_path);
  entry.mode = static_cast<std::uint32_t>(header.mode & kModeBits);
  entry.uid = pax_number("uid", first_given(pax.uid, global.uid)).value_or(header.uid);
  entry.gid = pax_number("gid", first_given(pax.gid, global.gid)).value_or(header.gid);
  entry.uname = first_given(first_given(pax.uname, global.uname), header.uname);
  entry.gname = first_given(first_given(pax.gname, global.gname), header.gname);
  entry.mtime =
      pax_time("mtime", first_given(pax.mtime, global.mtime)).value_or(TarTime{header.mtime, 0});
  entry.link.clear();
  if (entry.type == EntryType::kHardLink || entry.type == EntryType::kSymlink)
    entry.link = first_given(long_form("link", pax.linkpath, special.long_link), header.link);
  entry.dev_major = 0;
  entry.dev_minor = 0;
  if (entry.type == EntryType::kCharDevice || entry.type == EntryType::kBlockDevice) {
    entry.dev_major = pax_number("SCHILY.devmajor", pax.dev_major).value_or(header.dev_major);
    entry.dev_minor = pax_number("SCHILY.devminor", pax.dev_minor).value_or(header.dev_minor);
  }
  entry.xattrs = std::move(pax.xattrs);
  entry.acl_access = pax.acl_access;
  entry.acl_default = pax.acl_default;
}

}  // namespace acistore
