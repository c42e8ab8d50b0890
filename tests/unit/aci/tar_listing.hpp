// SPDX-License-Identifier: Apache-2.0
// What a TarReader makes of an archive, as one text that tests can compare.
#ifndef ACISTORE_TESTS_UNIT_ACI_TAR_LISTING_HPP
#define ACISTORE_TESTS_UNIT_ACI_TAR_LISTING_HPP

#include <string>
#include <string_view>

#include "aci/tar_builder.hpp"
#include "aci/tar_reader.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore::tar {

inline std::string content_of(TarReader& reader, const TarEntry& entry) {
  std::string text;
  EntryContent content(reader, entry);
  for (Bytes run = content.next(); !run.empty(); run = content.next())
    text += as_text(run);
  return text;
}

// All fields of an entry.
inline std::string line_of(const TarEntry& entry) {
  std::string line = std::to_string(entry.number) + " " + printable(entry.raw_path) + " " +
                     printable(entry.path) + " " + std::string(describe(entry.type)) + " " +
                     octal(entry.mode, 4) + " " + std::to_string(entry.uid) + ":" +
                     std::to_string(entry.gid) + " " + entry.uname + ":" + entry.gname + " " +
                     std::to_string(entry.size) + " " + std::to_string(entry.mtime.seconds) + "." +
                     std::to_string(entry.mtime.nanos) + " ->" + printable(entry.link) + " " +
                     std::to_string(entry.dev_major) + "," + std::to_string(entry.dev_minor) +
                     " acl " + entry.acl_access + ";" + entry.acl_default;
  for (const Xattr& xattr : entry.xattrs)
    line += " " + printable(xattr.name) + "=" + printable(xattr.value);
  for (const SparseRegion& region : entry.regions)
    line += " [" + std::to_string(region.offset) + "+" + std::to_string(region.length) + "]";
  return line;
}

// A line an entry with its content, then the error if there was one.
inline std::string listing(std::string_view archive, std::size_t run, bool with_content) {
  RunSource source(archive, run);
  TarReader reader(source);
  std::string text;
  try {
    while (const TarEntry* entry = reader.next()) {
      text += line_of(*entry);
      if (with_content) text += " " + content_of(reader, *entry);
      text += '\n';
    }
    reader.skip_to_end();
  } catch (const Error& error) {
    text += error.message();
  }
  return text;
}

// The first entry and its content, or the error.
struct First {
  TarEntry entry;
  std::string content;
  std::string error;
};

inline First first_of(std::string_view archive) {
  First first;
  RunSource source(archive, 1000);
  TarReader reader(source);
  try {
    if (const TarEntry* entry = reader.next()) {
      first.entry = *entry;
      first.content = content_of(reader, *entry);
    }
  } catch (const Error& error) {
    first.error = error.message();
  }
  return first;
}

// The error that reading all of an archive ends with; empty if there is none.
inline std::string error_in(std::string_view archive) {
  const std::string text = listing(archive, archive.size() + 1, false);
  const std::size_t last = text.rfind('\n');
  return last == std::string::npos ? text : text.substr(last + 1);
}

}  // namespace acistore::tar

#endif
