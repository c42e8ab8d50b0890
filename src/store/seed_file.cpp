// SPDX-License-Identifier: Apache-2.0
#include "store/seed_file.hpp"

#include <array>
#include <span>

#include "base/error.hpp"
#include "base/io.hpp"
#include "base/quote.hpp"
#include "store/input.hpp"

namespace acistore {

ImageKey SeedImage::key() const {
  return ImageKey::from_stored(id.text().substr(0, kKeyScheme.size() + kKeyDigits));
}

std::string SeedImage::text() const {
  return name ? printable(name->text()) : key().text();
}

std::string SeedFile::place(std::size_t line) const {
  return printable(file) + ':' + std::to_string(line);
}

std::string SeedFile::path(const std::string& named) const {
  if (named.starts_with('/')) return named;
  const std::size_t slash = file.rfind('/');
  if (slash != std::string::npos) return file.substr(0, slash + 1) + named;
  // Here it is a file's name.
  return named == kStandardInput ? "./" + named : named;
}

SeedFile read_seed_file(const std::string& file) {
  std::string text;
  with_context(printable(file), [&] {
    Progress nobody;
    InputFile input(file, nobody);
    std::array<char, std::size_t{64} << 10> buffer;
    while (const std::size_t count =
               read_full(input.bytes(), std::as_writable_bytes(std::span(buffer)))) {
      text.append(buffer.data(), count);
      if (text.size() <= kMaxSeedFileBytes) continue;
      throw Error(ErrorKind::kInvalid, "not a lock file: more than the limit of " +
                                           std::to_string(kMaxSeedFileBytes) + " bytes");
    }
  });
  return parse_seed_file(text, file);
}

}  // namespace acistore
