// SPDX-License-Identifier: Apache-2.0
// Input: a lock file of seed.
//
//  - What is refused is refused as FILE:LINE and one line of text, and the line is one of the file.
//  - What is accepted keeps the rules of acistore-seed(5), and, written, reads back as it was.
#include <algorithm>
#include <set>

#include "base/quote.hpp"
#include "property.hpp"
#include "store/seed_file.hpp"
#include "store/seed_source.hpp"
#include "store/seed_write.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

// The largest that is worth the time; the limit is another place's.
constexpr std::size_t kLargest = 65536;

void check_place(const std::string& message, std::string_view text) {
  require(message.starts_with("f.lock:"), "a message tells the file", message);
  const std::size_t line = std::strtoul(message.c_str() + 7, nullptr, 10);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  require(line >= 1 && line <= lines + 1, "a message tells a line of the file", message);
}

void check_texts(const std::vector<std::string>& texts) {
  std::set<std::string> seen;
  for (const std::string& text : texts) {
    require(!text.empty() && text.find('\0') == std::string::npos, "a text is one");
    require(is_utf8(text), "a text is UTF-8", text);
    require(seen.insert(text).second, "no text is there twice", text);
  }
}

void check_file(const SeedFile& file) {
  check_texts({file.owner});
  check_texts(file.from);
  std::set<std::string> keys;
  for (const SeedImage& image : file.images) {
    require(image.id.text().size() == kKeyScheme.size() + kIdDigits, "an ID is whole");
    require(keys.insert(image.key().text()).second, "no image is there twice");
    check_texts(image.from);
    check_texts(image.pins);
    for (const std::string& place : places_in_directory(image)) {
      require(!place.empty() && place.front() != '/', "a place is below the directory", place);
      require(place.find("://") == std::string::npos, "a place is no URL", place);
    }
  }
}

bool is_same(const SeedImage& a, const SeedImage& b) {
  return a.name.has_value() == b.name.has_value() &&
         (!a.name || a.name->text() == b.name->text()) && a.id.text() == b.id.text() &&
         a.from == b.from && a.latest == b.latest && a.pins == b.pins;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLargest) return 0;
  const std::string_view text = text_of(data, size);
  std::optional<SeedFile> file;
  const auto error =
      error_of({ErrorKind::kInvalid}, [&] { file = parse_seed_file(text, "f.lock"); });
  if (error) check_place(error->message(), text);
  if (!file) return 0;
  check_file(*file);
  const std::string written = to_toml(*file);
  const SeedFile again = parse_seed_file(written, "f.lock");
  require(again.owner == file->owner && again.from == file->from, "it says the same", written);
  require(std::equal(again.images.begin(), again.images.end(), file->images.begin(),
                     file->images.end(), is_same),
          "it names the same images", written);
  require(to_toml(again) == written, "there is one form", written);
  return 0;
}
