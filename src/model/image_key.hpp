// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_IMAGE_KEY_HPP
#define ACISTORE_MODEL_IMAGE_KEY_HPP

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/sha512.hpp"

namespace acistore {

// "sha512-" and hexadecimal digits: what identifies an image (appc spec/aci.md, "Image ID").
inline constexpr std::string_view kKeyScheme = "sha512-";
inline constexpr std::size_t kKeyDigits = 64;   // of a key
inline constexpr std::size_t kIdDigits = 128;   // of a whole image ID
inline constexpr std::size_t kLeastDigits = 2;  // of a key prefix

// The key of a blob: "sha512-" and the first 64 of the 128 hexadecimal digits of its digest.
class ImageKey {
 public:
  explicit ImageKey(const Sha512Digest& digest);

  // From a text that is known to be a full key, such as a column of the database or a file name.
  // Throws Error(kDamaged) if it is not one.
  static ImageKey from_stored(std::string_view text);

  static bool is_key(std::string_view text);

  const std::string& text() const { return text_; }
  std::string_view digits() const { return std::string_view(text_).substr(kKeyScheme.size()); }

  auto operator<=>(const ImageKey&) const = default;

 private:
  explicit ImageKey(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// The whole image ID: "sha512-" and all 128 digits.
std::string image_id(const Sha512Digest& digest);

// What a user types for a key: "sha512-" and at least two digits, cut to the length of a key.
class KeyPrefix {
 public:
  // Throws Error(kUsage).
  static KeyPrefix parse(std::string_view text);

  // Whether a user means a key by it: whatever begins with "sha512-" does.
  static bool looks_like(std::string_view text) { return text.starts_with(kKeyScheme); }

  const std::string& text() const { return text_; }

 private:
  explicit KeyPrefix(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// A key or image ID that somebody expects: every digit given counts, up to all 128.
class ExpectedKey {
 public:
  // Throws Error(kUsage).
  static ExpectedKey parse(std::string_view text);

  bool matches(const Sha512Digest& digest) const { return image_id(digest).starts_with(text_); }
  const std::string& text() const { return text_; }

 private:
  explicit ExpectedKey(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace acistore

#endif
