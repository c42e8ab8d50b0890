// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include "base/error.hpp"
#include "base/quote.hpp"
#include "store/seed_write.hpp"

namespace acistore {
namespace {

// A basic string of TOML. What a terminal may act on, or shows as nothing, is escaped: people read
// these files, and review their changes.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (std::string_view rest = text; !rest.empty();) {
    char32_t c = 0;
    const std::size_t length = utf8_length(rest, &c);
    if (length == 0) {
      throw Error(ErrorKind::kInvalid,
                  quoted(text) + ": is not UTF-8, and a lock file can name nothing else");
    }
    const std::string_view character = rest.substr(0, length);
    rest.remove_prefix(length);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += character;
    } else if (printable(character) == character) {
      out += character;
    } else {
      std::array<char, 16> escape{};
      std::snprintf(escape.data(), escape.size(), c > 0xffff ? "\\U%08X" : "\\u%04X",
                    static_cast<unsigned>(c));
      out += escape.data();
    }
  }
  return out += '"';
}

// "KEY = VALUE", where VALUE is an array unless it has one element.
void append_strings(std::string& out, const char* key, const std::vector<std::string>& values) {
  out += std::string(key) + " = ";
  if (values.size() != 1) out += '[';
  bool is_first = true;
  for (const std::string& value : values) {
    if (!is_first) out += ", ";
    is_first = false;
    out += toml_string(value);
  }
  if (values.size() != 1) out += ']';
  out += '\n';
}

void append_image(std::string& out, const SeedImage& image, const std::string& owner) {
  out += "\n[[image]]\n";
  if (image.name) append_strings(out, "name", {image.name->text()});
  append_strings(out, "id", {image.id.text()});
  if (!image.from.empty()) append_strings(out, "from", image.from);
  if (image.latest) out += *image.latest ? "latest = true\n" : "latest = false\n";
  if (image.pins.empty()) {
    out += "pin = false\n";
  } else if (image.pins != std::vector<std::string>{owner}) {
    append_strings(out, "pin", image.pins);
  }
}

}  // namespace

std::string to_toml(const SeedFile& file) {
  std::string out = "# Images for acistore seed: see acistore-seed(5).\nversion = 1\n";
  append_strings(out, "owner", {file.owner});
  if (!file.from.empty()) append_strings(out, "from", file.from);
  for (const SeedImage& image : file.images)
    append_image(out, image, file.owner);
  return out;
}

}  // namespace acistore
