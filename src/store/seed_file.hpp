// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_SEED_FILE_HPP
#define ACISTORE_STORE_SEED_FILE_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/image_key.hpp"
#include "model/reference.hpp"

namespace acistore {

// A lock file (acistore-seed(5)) is TOML with nothing in it but
//
//   version = 1
//   owner = "web-fleet"                  # not required: kDefaultSeedOwner
//   from = ["../mirror", "/srv/aci"]     # not required; a string alone is an array of one
//
//   [[image]]                            # any number of times
//   name = "example.com/app:1.0.0"       # not required
//   id = "sha512-..."                    # with all 128 digits; no key twice
//   from = "images/app.aci"              # not required; as above
//   latest = true                        # not required
//   pin = "other"                        # not required: owner; an array, or false

inline constexpr std::size_t kMaxSeedFileBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxSeedArray = 1000;  // paths or owners in an array
inline constexpr std::string_view kDefaultSeedOwner = "seed";

struct SeedImage {
  std::size_t line = 0;  // of its [[image]]
  std::optional<Reference> name;
  ExpectedKey id;  // whole
  std::vector<std::string> from;
  std::optional<bool> latest;
  std::vector<std::string> pins;  // owners, no one twice

  ImageKey key() const;
  // What it is called in messages.
  std::string text() const;
};

struct SeedFile {
  std::string file;  // what it was called
  std::string owner{kDefaultSeedOwner};
  std::vector<std::string> from;
  std::vector<SeedImage> images;

  // "FILE:LINE", for the beginning of a message.
  std::string place(std::size_t line) const;
  // A path of the lock file, seen from the current directory.
  std::string path(const std::string& named) const;
};

// `file` is what to call it in messages, and its paths are relative to its directory. Throws
// Error(kInvalid): "FILE:LINE: ...".
SeedFile parse_seed_file(std::string_view text, const std::string& file);

// The file of that name ("-": standard input). Throws Error as parse_seed_file(), and as the system
// does.
SeedFile read_seed_file(const std::string& file);

}  // namespace acistore

#endif
