// SPDX-License-Identifier: Apache-2.0
#include "blob/layout.hpp"

#include <cstdint>

namespace acistore::layout {

std::string shard(const ImageKey& key) {
  return std::string(key.digits().substr(0, kShardDigits));
}

std::optional<ImageKey> parse_blob(std::string_view shard, std::string_view file) {
  if (!ImageKey::is_key(file)) return std::nullopt;
  ImageKey key = ImageKey::from_stored(file);
  if (key.digits().substr(0, kShardDigits) != shard) return std::nullopt;
  return key;
}

std::string blob_path(const ImageKey& key) {
  return std::string(kBlobParent) + '/' + kBlobRoot + '/' + shard(key) + '/' + key.text();
}

off_t lock_byte(const ImageKey& key) {
  constexpr std::size_t kDigits = 15;
  return static_cast<off_t>(std::stoull(std::string(key.digits().substr(0, kDigits)), nullptr, 16));
}

}  // namespace acistore::layout
