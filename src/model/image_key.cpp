// SPDX-License-Identifier: Apache-2.0
#include "model/image_key.hpp"

#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::size_t kKeyLength = kKeyScheme.size() + kKeyDigits;

void check_key(std::string_view key, std::string_view shown) {
  if (!KeyPrefix::looks_like(key)) {
    throw Error(ErrorKind::kUsage, quoted(shown) + ": not a key: it must begin with \"" +
                                       std::string(kKeyScheme) + "\"");
  }
  const std::string_view digits = key.substr(kKeyScheme.size());
  if (digits.size() < kLeastDigits) {
    throw Error(ErrorKind::kUsage, quoted(shown) + ": not a key: at least " +
                                       std::to_string(kLeastDigits) + " digits must follow \"" +
                                       std::string(kKeyScheme) + "\"");
  }
  if (!is_lower_hex(digits)) {
    throw Error(ErrorKind::kUsage, quoted(shown) + ": not a key: \"" + std::string(kKeyScheme) +
                                       "\" must be followed by digits 0-9 a-f only");
  }
}

}  // namespace

ImageKey::ImageKey(const Sha512Digest& digest)
    : text_(std::string(kKeyScheme) + to_hex(Bytes(digest).first(kKeyDigits / 2))) {}

bool ImageKey::is_key(std::string_view text) {
  return text.size() == kKeyLength && text.starts_with(kKeyScheme) &&
         is_lower_hex(text.substr(kKeyScheme.size()));
}

ImageKey ImageKey::from_stored(std::string_view text) {
  if (!is_key(text)) throw Error(ErrorKind::kDamaged, quoted(text) + " stands where a key must");
  return ImageKey(std::string(text));
}

std::string image_id(const Sha512Digest& digest) {
  return std::string(kKeyScheme) + to_hex(digest);
}

KeyPrefix KeyPrefix::parse(std::string_view text) {
  const std::string_view cut = text.substr(0, kKeyLength);
  check_key(cut, text);
  return KeyPrefix(std::string(cut));
}

ExpectedKey ExpectedKey::parse(std::string_view text) {
  check_key(text, text);
  if (text.size() > kKeyScheme.size() + kIdDigits) {
    throw Error(ErrorKind::kUsage, quoted(text) + ": not a key: an image ID has " +
                                       std::to_string(kIdDigits) + " digits, not " +
                                       std::to_string(text.size() - kKeyScheme.size()));
  }
  return ExpectedKey(std::string(text));
}

}  // namespace acistore
