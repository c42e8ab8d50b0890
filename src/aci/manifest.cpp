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
#include "aci/manifest_letter.hpp"
#include "aci/manifest_text.hpp"
#include "base/error.hpp"
#include "model/identifier.hpp"

namespace acistore {
namespace {

struct NamedValue {
  std::string name;
  std::string value;
};

NamedValue read_named_value(const Field& field) {
  NamedValue entry;
  require_by_letter(field, {"name", "value"});
  read_object(field, {
                         {"name", checked(entry.name, kIdentifierCheck)},
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
    labels.emplace_back();  // it has its place even if it is bad
    NamedValue label = read_named_value(element);
    const Place place = element.place.member("name");
    if (label.name == "name") place.fail(label.name, "is not allowed as a label");
    if (!seen.insert(label.name).second) place.fail(label.name, "is given twice");
    labels.back() = {std::move(label.name), std::move(label.value)};
  })(field);
  field.place.attempt([&] { check_os_and_arch(field.place, labels); });
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
    const Place value = element.place.member("value");
    if (check != checks.end()) {
      if (const auto problem = check->second(annotation.value))
        value.fail(annotation.value, *problem);
    }
    if (const auto problem = annotation_letter_problem(annotation.name, annotation.value))
      value.note(Severity::kError, annotation.value, *problem);
  })(field);
  if (seen.count("created") == 0)
    field.place.note(Severity::kWarning, "there is no \"created\", the time of the build");
}

Dependency read_dependency(const Field& field) {
  Dependency dependency;
  std::uint64_t size = 0;  // of a download, which nobody does here
  const auto read_image_id = [&](const Field& member) {
    if (!is_null(member)) checked(dependency.id, kImageIdCheck)(member);
  };
  field.place.attempt([&] {
    read_object(field, {
                           {"imageName", checked(dependency.name, kIdentifierCheck)},
                           {"imageID", read_image_id},
                           {"labels",
                            [&](const Field& member) { dependency.labels = read_labels(member); }},
                           {"size", cardinal(size)},
                       });
  });
  require(field, "imageName", dependency.name, "is missing");
  return dependency;
}

// The readers of these two members, of which the last one counts, fill what they are given, if that
// is anything.
void read_dependencies(const Field& field, Composition* composition) {
  if (composition != nullptr) composition->dependencies.clear();
  list_of([&](const Field& element) {
    Dependency dependency = read_dependency(element);
    if (composition != nullptr) composition->dependencies.push_back(std::move(dependency));
  })(field);
}

std::optional<std::string> kind_problem(std::string_view kind) {
  if (kind != "ImageManifest" && kind != "PodManifest") return "must be ImageManifest";
  return std::nullopt;
}

void read_path_whitelist(const Field& field, Composition* composition) {
  if (composition != nullptr) composition->path_whitelist.clear();
  std::set<std::string> seen;
  list_of([&](const Field& element) {
    if (composition != nullptr) return text(composition->path_whitelist.emplace_back())(element);
    if (!element.place.is_judged() || is_null(element)) return text()(element);
    std::string path;
    text(path)(element);
    if (!path.starts_with('/'))
      element.place.note(Severity::kError, path, "must be an absolute path");
    if (!seen.insert(path).second) element.place.note(Severity::kWarning, path, "is given twice");
  })(field);
}

// What an image should say of itself so that it can be found and told from others.
void note_what_should_be(const Place& top, const Manifest& manifest) {
  if (!manifest.name.empty() && !looks_like_url(manifest.name))
    top.member("name").note(Severity::kWarning, manifest.name,
                            "is not like a URL, such as example.com/web, and cannot be discovered");
  const Place labels = top.member("labels");
  std::set<std::string_view> names;
  for (const Label& label : manifest.labels)
    names.insert(label.name);
  if (names.count("version") == 0)
    labels.note(
        Severity::kWarning,
        "there is no \"version\", which with the name should tell one build from all others");
  if (names.count("os") == 0)
    labels.note(Severity::kWarning, "there is no \"os\": the image stands for every system");
  if (names.count("arch") == 0)
    labels.note(Severity::kWarning,
                "there is no \"arch\": the image stands for every architecture");
  if (names.count("arch") != 0 && names.count("os") == 0)
    labels.note(Severity::kWarning, "\"arch\" has a meaning only with \"os\"");
}

// `composition` may be null.
Manifest read_manifest(const Field& root, Composition* composition) {
  const Place& top = root.place;
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
  bool has_annotations = false;
  const auto read_image_annotations = [&](const Field& field) {
    has_annotations = true;
    read_annotations(field);
  };
  const auto read_image_dependencies = [&](const Field& field) {
    read_dependencies(field, composition);
  };
  const auto read_image_whitelist = [&](const Field& field) {
    read_path_whitelist(field, composition);
  };
  top.attempt([&] {
    read_object(root, {
                          {"acKind", checked(kind, kind_problem)},
                          {"acVersion", checked(version, kVersionCheck)},
                          {"name", checked(manifest.name, kIdentifierCheck)},
                          {"labels", read_image_labels},
                          {"app", read_image_app},
                          {"annotations", read_image_annotations},
                          {"dependencies", read_image_dependencies},
                          {"pathWhitelist", read_image_whitelist},
                      });
  });
  require(root, "acKind", kind, "is missing");
  if (!kind.empty() && kind != "ImageManifest")
    top.member("acKind").report(kind, *kind_problem({}));
  require(root, "acVersion", version, "is missing");
  require(root, "name", manifest.name, "is missing");
  if (manifest.name.size() > kMaxNameBytes)
    top.member("name").report(std::to_string(manifest.name.size()) +
                              " bytes are more than the limit of " + std::to_string(kMaxNameBytes));
  if (!top.is_judged()) return manifest;
  if (const auto problem = old_version_problem(version))
    top.member("acVersion").note(Severity::kWarning, version, *problem);
  if (!has_annotations)
    top.member("annotations")
        .note(Severity::kWarning, "there is no \"created\", the time of the build");
  note_what_should_be(top, manifest);
  return manifest;
}

}  // namespace

Manifest parse_manifest(std::string_view json) {
  const JsonDocument document(json);
  const Place top;
  return read_manifest({document.root(), top}, nullptr);
}

Composition parse_composition(std::string_view json) {
  const JsonDocument document(json);
  const Place top;
  Composition composition;
  read_manifest({document.root(), top}, &composition);
  return composition;
}

void check_manifest(std::string_view json, const ReportProblem& report) {
  Problems problems(report);
  try {
    const JsonDocument document(json);
    const Place top(problems);
    top.attempt([&] { read_manifest({document.root(), top}, nullptr); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInvalid) throw;
    problems.add({.severity = Severity::kError,
                  .field = "manifest",
                  .value = {},
                  .message = error.message()});
  }
}

}  // namespace acistore
