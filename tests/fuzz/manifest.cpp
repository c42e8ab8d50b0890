// SPDX-License-Identifier: Apache-2.0
// Input: a manifest.
//
//  - What is accepted is UTF-8, and its name and labels keep the rules of the specification, told
//    here once more and in another way.
//  - The indented text is JSON again, says the same, and indents to itself.
#include <set>

#include "aci/manifest.hpp"
#include "base/quote.hpp"
#include "property.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

bool is_ac_identifier(std::string_view text) {
  constexpr std::string_view kEdges = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::string_view kInside = "abcdefghijklmnopqrstuvwxyz0123456789-._~/";
  return text.find_first_not_of(kInside) == std::string_view::npos &&
         text.find_first_of(kEdges) == 0 && text.find_last_of(kEdges) == text.size() - 1;
}

void check_manifest(const Manifest& manifest) {
  require(!manifest.name.empty() && manifest.name.size() <= kMaxNameBytes, "a name has a length");
  require(is_ac_identifier(manifest.name), "a name is an AC identifier", manifest.name);
  require(manifest.labels.size() <= kMaxLabels, "there are not too many labels");
  std::set<std::string> names;
  for (const Label& label : manifest.labels) {
    // The reference validator takes a label whose name is left out.
    require(label.name.empty() || is_ac_identifier(label.name),
            "a label's name is an AC identifier", label.name);
    require(label.name != "name", "no label is called name");
    require(names.insert(label.name).second, "no label is there twice", label.name);
    require(is_utf8(label.value), "a label's value is UTF-8", label.value);
  }
}

void check_pretty(std::string_view json, const std::optional<Manifest>& manifest) {
  std::string pretty;
  const auto error = error_of({ErrorKind::kInvalid}, [&] { pretty = pretty_json(json); });
  require(!error || !manifest, "a manifest can be indented");
  if (error) return;
  require(!pretty.ends_with('\n'), "an indented text has no line feed at the end");
  require(is_utf8(pretty), "an indented text is UTF-8");
  for (const char c : pretty)
    require(static_cast<unsigned char>(c) >= ' ' || c == '\n', "it has no control characters");
  // 32 levels of two spaces and a line feed for each byte.
  require(pretty.size() <= 80 * json.size(), "an indented text is bounded");
  require(pretty_json(pretty) == pretty, "it indents to itself", pretty);
  if (!manifest) return;
  const Manifest again = parse_manifest(pretty);
  require(again.name == manifest->name && again.labels == manifest->labels, "it says the same",
          pretty);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json = text_of(data, size);
  std::optional<Manifest> manifest;
  error_of({ErrorKind::kInvalid}, [&] { manifest = parse_manifest(json); });
  if (manifest) {
    require(is_utf8(json), "a manifest is UTF-8");
    check_manifest(*manifest);
  }
  check_pretty(json, manifest);
  return 0;
}
