// SPDX-License-Identifier: Apache-2.0
// The reading of lock files. The only door to toml++, which is a large header.
#include <algorithm>
#include <map>

// toml++ 3.3 asserts (or, with NDEBUG, assumes) that a table's name begins as a key may, before it
// looks whether it does. Without the assertion it tells that it does not.
#undef NDEBUG
#define TOML_ASSERT(condition) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/error.hpp"
#include "base/quote.hpp"
#include "model/image.hpp"
#include "store/seed_file.hpp"

namespace acistore {
namespace {

constexpr std::int64_t kSeedVersion = 1;

// The line of the first dot that stands outside of strings and comments; nothing if there is none.
//
// Nothing in a lock file has one, and a key of many parts makes toml++ nest as many tables in each
// other, which it takes apart by recursion. What is no TOML is the parser's to tell, which goes no
// further than the first fault; up to there the two see the same strings.
std::optional<std::size_t> line_of_dot(std::string_view text) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') return line;
    if (c == '\n') ++line;
    if (c == '#') i = std::min(text.find('\n', i), text.size()) - 1;
    if (c != '"' && c != '\'') continue;
    const std::string_view triple = c == '"' ? R"(""")" : "'''";
    const bool is_long = text.substr(i, 3) == triple;
    i += is_long ? 3 : 1;
    for (; i < text.size(); ++i) {
      if (text[i] == '\n') ++line;
      if (c == '"' && text[i] == '\\') {
        if (i + 1 < text.size() && text[i + 1] == '\n') ++line;
        ++i;
      } else if (is_long && text.substr(i, 3) == triple) {
        i += 2;
        // Up to two quotes more belong to the string.
        while (i + 1 < text.size() && text[i + 1] == c)
          ++i;
        break;
      } else if (!is_long && (text[i] == c || text[i] == '\n')) {
        break;
      }
    }
  }
  return std::nullopt;
}

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

// What of a value to show in a message.
std::string shown(const toml::node& node) {
  if (const auto* text = node.as_string()) return "not the string " + quoted(text->get());
  if (const auto* number = node.as_integer()) return "not " + std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "not true" : "not false";
  return "not " + std::string(type_name(node));
}

std::size_t line_of(const toml::node& node) {
  return node.source().begin.line;
}

// Whether it begins as a URL does: a scheme (RFC 3986) and "://".
bool is_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  });
}

class Parser {
 public:
  explicit Parser(const std::string& name) { file_.file = name; }

  SeedFile parse(std::string_view text) {
    if (const auto line = line_of_dot(text)) {
      throw error(*line, "a dotted key, or a number with a fraction, and a lock file has neither");
    }
    const toml::parse_result result = toml::parse(text);
    if (result.failed()) {
      throw error(result.error().source().begin.line, printable(result.error().description()));
    }
    const toml::table& top = result.table();
    const toml::array* images = nullptr;
    bool has_version = false;
    for (const auto& [key, value] : top) {
      if (key == "version") {
        check_version(value);
        has_version = true;
      } else if (key == "owner") {
        file_.owner = owner_of(value, "owner");
      } else if (key == "from") {
        file_.from = paths_of(value);
      } else if (key == "image") {
        images = value.as_array();
        if (images == nullptr) {
          throw error(line_of(value), "image: must be [[image]], " + shown(value));
        }
      } else {
        throw unknown(key, "");
      }
    }
    if (!has_version) {
      throw error(1,
                  "version is missing: a lock file has version = " + std::to_string(kSeedVersion));
    }
    if (images != nullptr) {
      for (const toml::node& image : *images)
        add_image(image);
    }
    return std::move(file_);
  }

 private:
  Error error(std::size_t line, const std::string& what) const {
    return Error(ErrorKind::kInvalid, file_.place(line) + ": " + what);
  }

  Error unknown(const toml::key& key, const std::string& place) const {
    return error(key.source().begin.line, quoted(key.str()) + ": no such key" + place);
  }

  Error wrong_type(const toml::node& node, std::string_view key, std::string_view wanted) const {
    return error(line_of(node),
                 std::string(key) + ": must be " + std::string(wanted) + ", " + shown(node));
  }

  void check_version(const toml::node& node) const {
    const auto* version = node.as_integer();
    if (version == nullptr) throw wrong_type(node, "version", "a number");
    if (version->get() != kSeedVersion) {
      throw error(line_of(node), "version: " + std::to_string(version->get()) +
                                     " is not known; this acistore reads version " +
                                     std::to_string(kSeedVersion));
    }
  }

  // A string that is not empty, of which every byte counts also where a NUL ends it.
  std::string text_of(const toml::node& node, std::string_view key, std::string_view wanted) const {
    const auto* text = node.as_string();
    if (text == nullptr) throw wrong_type(node, key, wanted);
    const std::string& value = text->get();
    if (value.empty()) throw error(line_of(node), std::string(key) + ": is empty");
    if (value.find('\0') != std::string::npos) {
      throw error(line_of(node), std::string(key) + ": " + quoted(value) + " has a NUL in it");
    }
    return value;
  }

  std::string owner_of(const toml::node& node, std::string_view key) const {
    return owner_of(node, key, "a string");
  }

  std::string owner_of(const toml::node& node, std::string_view key,
                       std::string_view wanted) const {
    std::string owner = text_of(node, key, wanted);
    if (owner.size() > kMaxPinOwnerBytes) {
      throw error(line_of(node), std::string(key) + ": an owner of " +
                                     std::to_string(owner.size()) + " bytes; the limit is " +
                                     std::to_string(kMaxPinOwnerBytes));
    }
    return owner;
  }

  std::string path_of(const toml::node& node) const {
    std::string path = text_of(node, "from", "a path or an array of paths");
    if (is_url(path)) {
      throw error(line_of(node), "from: " + quoted(path) + ": URLs are not supported by version " +
                                     std::to_string(kSeedVersion) + " of the lock file");
    }
    return path;
  }

  // One, or as many as the array has.
  template <typename Read>
  std::vector<std::string> one_or_more(const toml::node& node, const char* key, Read&& read) const {
    std::vector<std::string> values;
    const toml::array* array = node.as_array();
    if (array == nullptr) return {read(node)};
    if (array->empty()) throw error(line_of(node), std::string(key) + ": is empty");
    if (array->size() > kMaxSeedArray) {
      throw error(line_of(node), std::string(key) + ": an array of " +
                                     std::to_string(array->size()) + "; the limit is " +
                                     std::to_string(kMaxSeedArray));
    }
    for (const toml::node& element : *array) {
      std::string value = read(element);
      if (std::find(values.begin(), values.end(), value) != values.end()) {
        throw error(line_of(element), std::string(key) + ": " + quoted(value) + " is given twice");
      }
      values.push_back(std::move(value));
    }
    return values;
  }

  std::vector<std::string> paths_of(const toml::node& node) const {
    return one_or_more(node, "from", [&](const toml::node& one) { return path_of(one); });
  }

  std::vector<std::string> pins_of(const toml::node& node) const {
    if (const auto* pinned = node.as_boolean(); pinned != nullptr && !pinned->get()) return {};
    return one_or_more(node, "pin", [&](const toml::node& one) {
      return owner_of(one, "pin", "an owner, an array of owners, or false");
    });
  }

  ExpectedKey id_of(const toml::node& node) const {
    const std::string text = text_of(node, "id", "a string");
    try {
      ExpectedKey id = ExpectedKey::parse(text);
      if (text.size() != kKeyScheme.size() + kIdDigits) {
        throw Error(ErrorKind::kUsage, quoted(text) + ": an image ID has " +
                                           std::to_string(kIdDigits) + " digits, not " +
                                           std::to_string(text.size() - kKeyScheme.size()));
      }
      return id;
    } catch (const Error& wrong) {
      throw error(line_of(node), "id: " + wrong.message());
    }
  }

  Reference name_of(const toml::node& node) const {
    const std::string text = text_of(node, "name", "a string");
    try {
      return Reference::parse(text);
    } catch (const Error& wrong) {
      throw error(line_of(node), "name: " + wrong.message());
    }
  }

  void add_image(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) throw wrong_type(node, "image", "[[image]]");
    const toml::node* id = table->get("id");
    if (id == nullptr) throw error(line_of(node), "image: id is missing");
    SeedImage image{.line = line_of(node),
                    .name = {},
                    .id = id_of(*id),
                    .from = {},
                    .latest = {},
                    .pins = {file_.owner}};
    for (const auto& [key, value] : *table) {
      if (key == "id") continue;
      if (key == "name") {
        image.name = name_of(value);
      } else if (key == "from") {
        image.from = paths_of(value);
      } else if (key == "latest") {
        const auto* latest = value.as_boolean();
        if (latest == nullptr) throw wrong_type(value, "latest", "true or false");
        image.latest = latest->get();
      } else if (key == "pin") {
        image.pins = pins_of(value);
      } else {
        throw unknown(key, " of an image");
      }
    }
    const auto [before, is_first] = lines_.emplace(image.key(), image.line);
    if (!is_first) {
      throw error(image.line, image.text() + ": the image of line " +
                                  std::to_string(before->second) + " once more");
    }
    file_.images.push_back(std::move(image));
  }

  SeedFile file_;
  std::map<ImageKey, std::size_t> lines_;  // of the images
};

}  // namespace

SeedFile parse_seed_file(std::string_view text, const std::string& file) {
  return Parser(file).parse(text);
}

}  // namespace acistore
