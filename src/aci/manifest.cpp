// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "aci/json_field.hpp"
#include "aci/manifest_app.hpp"
#include "aci/manifest_text.hpp"
#include "model/identifier.hpp"

namespace acistore {
namespace {

struct NamedValue {
  std::string name;
  std::string value;
};

NamedValue read_named_value(const Field& field) {
  NamedValue entry;
  read_object(field, {
                         {"name", checked(entry.name, ac_identifier_problem)},
                         {"value", text(entry.value)},
                     });
  return entry;
}

// The architectures of each operating system that a label may name.
struct OsArchs {
  std::string_view os;
  std::string_view archs;  // between blanks
};
constexpr std::array<OsArchs, 3> kOsArchs{{
    {"darwin", " x86_64 i386 "},
    {"freebsd", " amd64 i386 arm "},
    {"linux", " amd64 i386 aarch64 aarch64_be armv6l armv7l armv7b ppc64 ppc64le s390x "},
}};

void check_os_and_arch(const Place& place, const Labels& labels) {
  const auto find = [&](std::string_view name) {
    return std::find_if(labels.begin(), labels.end(),
                        [&](const Label& l) { return l.name == name; });
  };
  const auto fail = [&](Labels::const_iterator label, const std::string& problem) {
    const Place element = place.element(static_cast<std::size_t>(label - labels.begin()));
    element.member("value").fail(label->value, problem);
  };
  const auto os = find("os");
  if (os == labels.end()) return;
  const auto known = std::find_if(kOsArchs.begin(), kOsArchs.end(),
                                  [&](const OsArchs& row) { return row.os == os->value; });
  if (known == kOsArchs.end()) fail(os, "must be darwin, freebsd or linux");
  const auto arch = find("arch");
  if (arch == labels.end()) return;
  const bool one_word = arch->value.find(' ') == std::string::npos && !arch->value.empty();
  if (!one_word || known->archs.find(" " + arch->value + " ") == std::string_view::npos)
    fail(arch, "is no architecture of " + os->value + ", must be one of" +
                   std::string(known->archs.substr(0, known->archs.size() - 1)));
}

Labels read_labels(const Field& field) {
  Labels labels;
  std::set<std::string> seen;
  list_of([&](const Field& element) {
    if (labels.size() == kMaxLabels)
      field.place.fail("more than the limit of " + std::to_string(kMaxLabels) + " labels");
    NamedValue label = read_named_value(element);
    const Place place = element.place.member("name");
    if (label.name == "name") place.fail(label.name, "is not allowed as a label");
    if (!seen.insert(label.name).second) place.fail(label.name, "is given twice");
    labels.push_back({std::move(label.name), std::move(label.value)});
  })(field);
  check_os_and_arch(field.place, labels);
  return labels;
}

void read_annotations(const Field& field) {
  std::set<std::string> seen;
  const std::map<std::string_view, Check> checks{
      {"created", time_problem},
      {"homepage", http_url_problem},
      {"documentation", http_url_problem},
  };
  list_of([&](const Field& element) {
    const NamedValue annotation = read_named_value(element);
    if (!seen.insert(annotation.name).second)
      element.place.member("name").fail(annotation.name, "is given twice");
    const auto check = checks.find(annotation.name);
    if (check == checks.end()) return;
    if (const auto problem = check->second(annotation.value))
      element.place.member("value").fail(annotation.value, *problem);
  })(field);
}

void read_dependency(const Field& field) {
  std::string image_name;
  std::string image_id;
  std::uint64_t size = 0;
  const auto read_image_id = [&](const Field& member) {
    if (!is_null(member)) checked(image_id, image_id_problem)(member);
  };
  read_object(field, {
                         {"imageName", checked(image_name, ac_identifier_problem)},
                         {"imageID", read_image_id},
                         {"labels", read_labels},
                         {"size", cardinal(size)},
                     });
  if (image_name.empty()) field.place.member("imageName").fail("is missing");
}

std::optional<std::string> kind_problem(std::string_view kind) {
  if (kind != "ImageManifest" && kind != "PodManifest") return "must be ImageManifest";
  return std::nullopt;
}

}  // namespace

Manifest parse_manifest(std::string_view json) {
  const JsonDocument document(json);
  const Place top;
  const Field root{document.root(), top};
  expect(root, JsonKind::kObject);

  Manifest manifest;
  std::string kind;
  std::string version;
  App app;
  const auto read_image_app = [&](const Field& field) {
    if (is_null(field))
      app = App();
    else
      read_app(field, app);
  };
  const auto read_image_labels = [&](const Field& field) { manifest.labels = read_labels(field); };
  read_object(root, {
                        {"acKind", checked(kind, kind_problem)},
                        {"acVersion", checked(version, version_problem)},
                        {"name", checked(manifest.name, ac_identifier_problem)},
                        {"labels", read_image_labels},
                        {"app", read_image_app},
                        {"annotations", read_annotations},
                        {"dependencies", list_of(read_dependency)},
                        {"pathWhitelist", list_of(text())},
                    });
  if (kind.empty()) top.member("acKind").fail("is missing");
  if (kind != "ImageManifest") top.member("acKind").fail(kind, *kind_problem({}));
  if (version.empty()) top.member("acVersion").fail("is missing");
  if (manifest.name.empty()) top.member("name").fail("is missing");
  if (manifest.name.size() > kMaxNameBytes)
    top.member("name").fail(std::to_string(manifest.name.size()) +
                            " bytes are more than the limit of " + std::to_string(kMaxNameBytes));
  return manifest;
}

}  // namespace acistore
