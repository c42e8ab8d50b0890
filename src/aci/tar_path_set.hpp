// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_PATH_SET_HPP
#define ACISTORE_ACI_TAR_PATH_SET_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace acistore {

using SipHashKey = std::array<std::uint64_t, 2>;

struct PathHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const PathHash&) const = default;
};

// A key that nobody knows. Throws Error.
SipHashKey random_sip_hash_key();

// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF").
PathHash sip_hash_128(const SipHashKey& key, std::string_view text);

// Tells whether a path was seen before, in 18 to 37 bytes a path however long the paths are: it
// keeps 128-bit hashes under a random key. Who makes an archive does not know the key, so that two
// of a million paths share a hash with a chance of about 2^-89, whatever he tries; the price would
// be one image refused, once.
class PathSet {
 public:
  PathSet();
  explicit PathSet(const SipHashKey& key) : key_(key) {}

  // False if it was there already.
  bool insert(std::string_view path);

  bool contains(std::string_view path) const;

 private:
  // Open addressing, linear probing; the hash of all zeros marks a free slot. In shards, so that
  // growing never holds two copies of the whole.
  struct Shard {
    std::vector<PathHash> slots;
    std::size_t used = 0;
  };

  PathHash hash_of(std::string_view path) const;
  static bool place(std::vector<PathHash>& slots, const PathHash& hash);

  SipHashKey key_;
  std::array<Shard, 16> shards_;
};

}  // namespace acistore

#endif
