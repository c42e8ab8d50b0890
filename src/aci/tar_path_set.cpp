// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_path_set.hpp"

#include <unistd.h>

#include <bit>
#include <cstring>

#include "base/error.hpp"

namespace acistore {
namespace {

constexpr std::size_t kFirstSlots = 64;  // a power of two, as all table sizes

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  }

  void absorb(std::uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  std::uint64_t squeeze() {
    rounds(4);
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

// Up to eight bytes, the first one lowest.
std::uint64_t little_endian(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, bytes, count);
  } else {
    for (std::size_t i = 0; i < count; ++i)
      word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return word;
}

}  // namespace

SipHashKey random_sip_hash_key() {
  SipHashKey key;
  if (::getentropy(key.data(), sizeof key) != 0) throw_errno("getentropy");
  return key;
}

PathHash sip_hash_128(const SipHashKey& key, std::string_view text) {
  SipState state{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d ^ 0xee,
                 key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573};
  const std::uint64_t length = text.size();
  while (text.size() >= 8) {
    state.absorb(little_endian(text.data(), 8));
    text.remove_prefix(8);
  }
  state.absorb(length << 56 | (text.empty() ? 0 : little_endian(text.data(), text.size())));
  state.v2 ^= 0xee;
  const std::uint64_t low = state.squeeze();
  state.v1 ^= 0xdd;
  return {low, state.squeeze()};
}

PathSet::PathSet() : PathSet(random_sip_hash_key()) {}

PathHash PathSet::hash_of(std::string_view path) const {
  PathHash hash = sip_hash_128(key_, path);
  if (hash == PathHash{}) hash.low = 1;
  return hash;
}

bool PathSet::contains(std::string_view path) const {
  const PathHash hash = hash_of(path);
  const std::vector<PathHash>& slots = shards_[hash.high % shards_.size()].slots;
  if (slots.empty()) return false;
  const std::size_t mask = slots.size() - 1;
  for (std::size_t i = hash.low & mask; slots[i] != PathHash{}; i = (i + 1) & mask) {
    if (slots[i] == hash) return true;
  }
  return false;
}

bool PathSet::insert(std::string_view path) {
  const PathHash hash = hash_of(path);
  Shard& shard = shards_[hash.high % shards_.size()];
  if (shard.used >= shard.slots.size() / 8 * 7) {
    std::vector<PathHash> larger(std::max(kFirstSlots, shard.slots.size() * 2));
    for (const PathHash& old : shard.slots) {
      if (old != PathHash{}) place(larger, old);
    }
    shard.slots.swap(larger);
  }
  if (!place(shard.slots, hash)) return false;
  ++shard.used;
  return true;
}

bool PathSet::place(std::vector<PathHash>& slots, const PathHash& hash) {
  const std::size_t mask = slots.size() - 1;
  for (std::size_t i = hash.low & mask;; i = (i + 1) & mask) {
    if (slots[i] == hash) return false;
    if (slots[i] == PathHash{}) {
      slots[i] = hash;
      return true;
    }
  }
}

}  // namespace acistore
