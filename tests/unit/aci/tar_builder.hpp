// SPDX-License-Identifier: Apache-2.0
// Writes archives for tests, field by field, right ones and wrong ones.
#ifndef ACISTORE_TESTS_UNIT_ACI_TAR_BUILDER_HPP
#define ACISTORE_TESTS_UNIT_ACI_TAR_BUILDER_HPP

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/source.hpp"

namespace acistore::tar {

using namespace std::string_literals;

inline std::string padded(std::string text) {
  text.resize((text.size() + 511) / 512 * 512);
  return text;
}

inline std::string octal(std::uint64_t value, int digits) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%0*llo", digits, static_cast<unsigned long long>(value));
  return buffer;
}

// A big-endian number with the top bit of its first byte set.
inline std::string base256(std::int64_t value, std::size_t width) {
  std::string field(width, value < 0 ? '\xff' : '\0');
  for (std::size_t i = 0; i < 8 && i < width; ++i)
    field[width - 1 - i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
  field[0] = static_cast<char>(field[0] | 0x80);
  return field;
}

inline const std::string kUstarMagic = "ustar\0"s + "00";
inline const std::string kGnuMagic = "ustar  \0"s;
inline const std::string kV7Magic(8, '\0');

// A header block. Fields are set as they stand in it, whole or from their beginning.
class Header {
 public:
  Header(char type, std::string_view path, std::uint64_t size = 0) {
    set(0, path).set(100, "0000644").set(108, "0000000").set(116, "0000000");
    set(124, octal(size, 11)).set(136, "00000000000").set(156, {&type, 1}).set(257, kUstarMagic);
  }
  Header& set(std::size_t at, std::string_view field) {
    std::copy(field.begin(), field.end(), block_.begin() + static_cast<std::ptrdiff_t>(at));
    return *this;
  }
  Header& gnu() { return set(257, kGnuMagic); }
  Header& v7() { return set(257, kV7Magic); }
  Header& mode(std::string_view field) { return set(100, field); }
  Header& uid(std::string_view field) { return set(108, field); }
  Header& gid(std::string_view field) { return set(116, field); }
  Header& size(std::string_view field) { return set(124, field); }
  Header& mtime(std::string_view field) { return set(136, field); }
  Header& link(std::string_view field) { return set(157, field); }
  Header& prefix(std::string_view field) { return set(345, field); }

  // The sum that belongs into the header, of the bytes as one or the other kind of number.
  template <typename Char = unsigned char>
  long checksum() const {
    long sum = 8 * ' ';
    for (std::size_t i = 0; i < block_.size(); ++i)
      sum += i >= 148 && i < 156 ? 0 : static_cast<Char>(block_[i]);
    return sum;
  }
  std::string with_checksum(std::string_view field) const {
    std::string block = block_;
    std::copy(field.begin(), field.end(), block.begin() + 148);
    return block;
  }
  std::string text() const {
    return with_checksum(octal(static_cast<std::uint64_t>(checksum()), 6) + "\0 "s);
  }

 private:
  std::string block_ = std::string(512, '\0');
};

inline std::string file(std::string_view path, const std::string& content = "") {
  return Header('0', path, content.size()).text() + padded(content);
}
inline std::string directory(std::string_view path) {
  return Header('5', path).text();
}

// A special header: pax ('x', 'g'), GNU long path and link ('L', 'K').
inline std::string special(char type, const std::string& content) {
  return Header(type, "special", content.size()).text() + padded(content);
}

inline std::string record(std::string_view key, std::string_view value) {
  const std::string body = " " + std::string(key) + "=" + std::string(value) + "\n";
  std::size_t length = body.size() + 1;
  while (std::to_string(length).size() + body.size() != length)
    ++length;
  return std::to_string(length) + body;
}

inline std::string records(
    std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
  std::string text;
  for (const auto& [key, value] : pairs)
    text += record(key, value);
  return text;
}

inline std::string pax(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
  return special('x', records(pairs));
}

inline const std::string kEnd(1024, '\0');

// Gives its text in runs of at most `run` bytes.
class RunSource final : public Source {
 public:
  RunSource(std::string_view text, std::size_t run) : text_(text), run_(run) {}
  Bytes next() override {
    const std::string_view taken = text_.substr(0, run_);
    text_.remove_prefix(taken.size());
    return as_bytes(taken);
  }

 private:
  std::string_view text_;
  std::size_t run_;
};

}  // namespace acistore::tar

#endif
