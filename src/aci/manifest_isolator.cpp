// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

#include "aci/manifest_app.hpp"
#include "aci/manifest_letter.hpp"
#include "aci/manifest_text.hpp"
#include "model/identifier.hpp"

namespace acistore {
namespace {

// Throws unless the "set" of the object had entries.
void require_set(const Field& field, std::size_t entries) {
  if (entries == 0) field.place.member("set").fail("must name at least one");
}

Rule count_texts(std::size_t& count) {
  return [&count](const Field& field) {
    count = 0;
    list_of([&](const Field& element) {
      text()(element);
      ++count;
    })(field);
  };
}

void read_capabilities(const Field& field) {
  std::size_t entries = 0;
  read_object(field, {{"set", count_texts(entries)}});
  require_set(field, entries);
}

void read_seccomp(const Field& field) {
  std::size_t entries = 0;
  std::string error;
  read_object(field, {
                         {"set", count_texts(entries)},
                         {"errno", text(error)},
                     });
  require_set(field, entries);
  // ASCII only, as errno names are; the reference lets any upper-case letter of Unicode pass.
  const bool well_formed = std::all_of(error.begin(), error.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  if (!error.empty() && (error.front() != 'E' || !well_formed))
    field.place.member("errno").fail(error, "must be E and upper-case letters or digits");
}

void read_bool(const Field& field) {
  bool value = false;
  flag(value)(field);
}

template <std::int64_t kLeast, std::int64_t kMost>
void read_between(const Field& field) {
  std::int64_t value = 0;
  integer(value)(field);
  if (value < kLeast || value > kMost)
    field.place.fail(std::to_string(value) + ": must be from " + std::to_string(kLeast) + " to " +
                     std::to_string(kMost));
}

void read_selinux_context(const Field& field) {
  std::string user;
  std::string role;
  std::string type;
  std::string level;
  read_object(field, {
                         {"user", text(user)},
                         {"role", text(role)},
                         {"type", text(type)},
                         {"level", text(level)},
                     });
  const auto require = [&](const char* name, const std::string& value, bool with_colon) {
    if (value.empty()) field.place.member(name).fail("is missing or empty");
    if (!with_colon && value.find(':') != std::string::npos)
      field.place.member(name).fail(value, "must not have a colon");
  };
  require("user", user, false);
  require("role", role, false);
  require("type", type, false);
  require("level", level, true);
}

void read_apparmor_profile(const Field& field) {
  std::string profile;
  read_object(field, {{"profile", text(profile)}});
  if (profile.empty()) field.place.member("profile").fail("is missing or empty");
}

void read_sysctl(const Field& field) {
  map_of_texts()(field);
}

// A number or a string; escapes in the string are not resolved, as in the reference.
void read_quantity(const Field& field) {
  if (field.value.kind() != JsonKind::kNumber) expect(field, JsonKind::kString);
  if (const auto problem = quantity_problem(field.value.written()))
    field.place.fail(field.value.written(), *problem);
}

struct Resource {
  bool is_default = false;
  bool has_request = false;
};

Resource read_resource(const Field& field) {
  Resource resource;
  const auto quantity = [](const Field& member) {
    if (!is_null(member)) read_quantity(member);
  };
  const auto request = [&](const Field& member) {
    quantity(member);
    resource.has_request = !is_null(member);
  };
  read_object(field, {
                         {"default", flag(resource.is_default)},
                         {"request", request},
                         {"limit", quantity},
                     });
  return resource;
}

void read_requested(const Field& field) {
  if (read_resource(field).is_default) field.place.member("default").fail("must be false");
}

void read_default_only(const Field& field) {
  const Resource resource = read_resource(field);
  if (!resource.is_default) field.place.member("default").fail("must be true");
  if (resource.has_request) field.place.member("request").fail("must not be given");
}

struct KnownIsolator {
  std::string_view name;
  void (*read)(const Field&);
  bool may_repeat;
};

constexpr std::string_view kSeccompRemove = "os/linux/seccomp-remove-set";
constexpr std::string_view kSeccompRetain = "os/linux/seccomp-retain-set";

constexpr std::array<KnownIsolator, 15> kIsolators{{
    {"os/linux/apparmor-profile", read_apparmor_profile, false},
    {"os/linux/capabilities-remove-set", read_capabilities, true},
    {"os/linux/capabilities-retain-set", read_capabilities, true},
    {"os/linux/cpu-shares", read_between<2, 262144>, false},
    {"os/linux/no-new-privileges", read_bool, true},
    {"os/linux/oom-score-adj", read_between<-1000, 1000>, false},
    {kSeccompRemove, read_seccomp, false},
    {kSeccompRetain, read_seccomp, false},
    {"os/linux/selinux-context", read_selinux_context, false},
    {"os/unix/sysctl", read_sysctl, false},
    {"resource/block-bandwidth", read_default_only, true},
    {"resource/block-iops", read_default_only, true},
    {"resource/cpu", read_requested, true},
    {"resource/memory", read_requested, true},
    {"resource/network-bandwidth", read_default_only, true},
}};

const KnownIsolator* known_isolator(std::string_view name) {
  const auto found = std::find_if(kIsolators.begin(), kIsolators.end(),
                                  [&](const KnownIsolator& known) { return known.name == name; });
  return found == kIsolators.end() ? nullptr : &*found;
}

}  // namespace

Isolator read_isolator(const Field& field) {
  Isolator isolator;
  std::optional<JsonValue> value;  // judged when the name is known, which may stand after it
  const auto keep = [&](const Field& member) {
    value.reset();
    if (!is_null(member)) value = member.value;
  };
  require_by_letter(field, {"name"});
  read_object(field, {
                         {"name", checked(isolator.name, kIdentifierCheck)},
                         {"value", keep},
                     });
  const KnownIsolator* known = known_isolator(isolator.name);
  if (known == nullptr) return isolator;
  const Place place = field.place.member("value");
  if (!value) place.fail("is missing");
  known->read({*value, place});
  isolator.is_known = true;
  return isolator;
}

void check_isolators(const Place& place, const std::vector<Isolator>& isolators) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < isolators.size(); ++i) {
    const std::string& name = isolators[i].name;
    const Place element = place.element(i);
    const Place at = element.member("name");
    if (name.empty()) {
      // Where the manifest is judged this has been told, or whatever else was wrong with it.
      if (!at.is_judged()) at.fail("is missing");
      continue;
    }
    if (!isolators[i].is_known) {
      at.report(name, "is no isolator of the specification");
      continue;
    }
    if (!seen.insert(name).second && !known_isolator(name)->may_repeat)
      at.report(name, "is given twice");
    if (seen.count(kSeccompRemove) != 0 && seen.count(kSeccompRetain) != 0 &&
        (name == kSeccompRemove || name == kSeccompRetain))
      at.report(name, "must not stand beside " +
                          std::string(name == kSeccompRemove ? kSeccompRetain : kSeccompRemove));
  }
}

}  // namespace acistore
