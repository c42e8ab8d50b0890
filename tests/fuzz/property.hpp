// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share. A target is a program with one function, that of libFuzzer, which
// takes any bytes and ends the process if a property does not hold.
#ifndef ACISTORE_TESTS_FUZZ_PROPERTY_HPP
#define ACISTORE_TESTS_FUZZ_PROPERTY_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace acistore::fuzz {

// Ends the process unless the property holds. `shown` are the values in question.
inline void require(bool holds, std::string_view property, std::string_view shown = {}) {
  if (holds) return;
  const std::string text = "does not hold: " + std::string(property) + '\n' + std::string(shown);
  std::fprintf(stderr, "%s\n", text.c_str());
  std::abort();
}

// A message is one line without anything that a terminal acts on.
inline void require_message(std::string_view message) {
  require(!message.empty(), "an error says something");
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    require(byte >= ' ' && byte != 0x7f, "a message is one printable line", message);
  }
}

// The Error that `action` throws, which must be of one of `kinds`; nothing if it throws none.
template <typename Action>
std::optional<Error> error_of(std::initializer_list<ErrorKind> kinds, Action&& action) {
  try {
    action();
    return std::nullopt;
  } catch (const Error& error) {
    require_message(error.message());
    bool expected = false;
    for (const ErrorKind kind : kinds)
      expected = expected || kind == error.kind();
    require(expected, "an error is of a kind that fits", error.message());
    return error;
  }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace acistore::fuzz

#endif
