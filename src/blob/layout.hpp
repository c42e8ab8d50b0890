// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BLOB_LAYOUT_HPP
#define ACISTORE_BLOB_LAYOUT_HPP

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "model/image_key.hpp"

// Every path below the directory of a store, and its parser (acistore-store(5)):
//
//   acistore.db
//   acistore.db.copy                a copy of it that is not always the newest
//   acistore.db.damaged-1           what "recover" found in its place
//   blob/sha512/ab/sha512-abcd...   a blob, under its key, in a shard of the key's first two digits
//   tmp/NAME                        work in flight, where the file system has no O_TMPFILE
//   quarantine/NAME                 what was found damaged and taken out
//   lock                            one byte of it stands for one key
//   reserve                         space that a removal may spend on a full disk
namespace acistore::layout {

inline constexpr const char* kDatabase = "acistore.db";
inline constexpr const char* kDatabaseCopy = "acistore.db.copy";
inline constexpr const char* kDatabaseCopyInMaking = "acistore.db.copy.new";
inline constexpr const char* kDamagedDatabase = "acistore.db.damaged-";  // and a number
inline constexpr const char* kJournal = "acistore.db-journal";           // SQLite chooses the name
inline constexpr const char* kBlobParent = "blob";
inline constexpr const char* kBlobRoot = "sha512";  // in kBlobParent
inline constexpr const char* kTemporary = "tmp";
inline constexpr const char* kQuarantine = "quarantine";
inline constexpr const char* kLock = "lock";
inline constexpr const char* kReserve = "reserve";

inline constexpr std::size_t kShardDigits = 2;

// The directory of a blob, in kBlobRoot. Its file there is named by the key's text.
std::string shard(const ImageKey& key);

// The key of a file in a shard; nothing if a blob is not named so, or does not belong there.
std::optional<ImageKey> parse_blob(std::string_view shard, std::string_view file);

// The path of a blob below the store, for messages.
std::string blob_path(const ImageKey& key);

// The byte of the lock file that stands for a key: its first 60 bits. Two keys that share a byte
// only wait for each other.
off_t lock_byte(const ImageKey& key);

// How many such bytes there are, from the first on.
inline constexpr off_t kLockBytes = off_t{1} << 60;

// The byte of the lock file that stands for the reserve, behind those of all keys.
inline constexpr off_t kReserveLockByte = kLockBytes;

}  // namespace acistore::layout

#endif
