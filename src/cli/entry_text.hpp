// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_ENTRY_TEXT_HPP
#define ACISTORE_CLI_ENTRY_TEXT_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "aci/tar.hpp"
#include "cli/json.hpp"

// Entries of an archive as people and programs read them: acistore-ls(1).
namespace acistore {

// "drwxr-xr-x", as ls(1) has it; a hard link begins with "h", as in tar(1).
std::string mode_text(EntryType type, std::uint32_t mode);

// "0755", "4755": the lower 12 bits.
std::string octal_mode(std::uint32_t mode);

// "file", "hardlink", "symlink", "char", "block", "directory", "fifo".
std::string_view type_name(EntryType type);

// "2024-02-29T12:00:00Z" (with nanoseconds: "...:00.000000001Z"); outside of the years 0 to 9999
// the seconds since 1970, as date(1) takes them: "@-99999999999".
std::string entry_time(const TarTime& time);
std::string exact_entry_time(const TarTime& time);

struct EntryStyle {
  bool details = false;        // more than the path
  bool numeric_owner = false;  // never a name
  bool xattrs = false;         // and ACLs, a line each
};

// A line, and more where xattrs are wanted. `recorded`: see VisitEntry.
void append_entry(std::string& out, const TarEntry& entry, bool recorded, const EntryStyle& style);

// The members of an entry, inside an object that is open: acistore(1), JSON.
void entry_members(Json& json, const TarEntry& entry, bool recorded);

}  // namespace acistore

#endif
