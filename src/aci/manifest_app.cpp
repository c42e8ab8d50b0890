// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_app.hpp"

#include <cstdint>
#include <set>

#include "aci/manifest_letter.hpp"
#include "aci/manifest_text.hpp"
#include "model/identifier.hpp"

namespace acistore {
namespace {

std::string read_event_handler(const Field& field) {
  std::string name;
  require_by_letter(field, {"exec"});
  read_object(field, {
                         {"name", text(name)},
                         {"exec", list_of(text())},
                     });
  if (name.empty()) field.place.member("name").fail("is missing or empty");
  if (name != "pre-start" && name != "post-stop")
    field.place.member("name").fail(name, "must be pre-start or post-stop");
  return name;
}

void read_environment(const Field& field) {
  std::set<std::string> seen;
  list_of([&](const Field& variable) {
    std::string name;
    require_by_letter(variable, {"value"});
    read_object(variable, {
                              {"name", text(name)},
                              {"value", text()},
                          });
    const Place place = variable.place.member("name");
    if (name.empty()) place.fail("is missing or empty");
    if (const auto problem = environment_name_problem(name)) place.fail(name, *problem);
    if (!seen.insert(name).second) place.fail(name, "is given twice");
  })(field);
}

// A list of objects whose names others refer to.
Rule named_list_of(std::string (*read)(const Field&)) {
  return [read](const Field& field) {
    std::set<std::string> seen;
    list_of([&](const Field& element) {
      const std::string name = read(element);
      if (element.place.is_judged() && !name.empty() && !seen.insert(name).second)
        element.place.member("name").note(Severity::kWarning, name, "is given twice");
    })(field);
  };
}

std::string read_mount_point(const Field& field) {
  std::string name;
  std::string path;
  bool read_only = false;
  require_by_letter(field, {"name", "path"});
  read_object(field, {
                         {"name", checked(name, kNameCheck)},
                         {"path", text(path)},
                         {"readOnly", flag(read_only)},
                     });
  if (!path.empty() && path.front() != '/')
    field.place.member("path").note(Severity::kWarning, path, "should be an absolute path");
  return name;
}

std::string read_port(const Field& field) {
  constexpr std::uint64_t kMaxPort = 65535;
  std::string name;
  std::uint64_t port = 0;
  std::uint64_t count = 0;  // stands for 1
  bool has_count = false;
  const auto read_count = [&](const Field& member) {
    cardinal(count)(member);
    has_count = !is_null(member);
  };
  bool socket_activated = false;
  require_by_letter(field, {"name", "protocol"});
  read_object(field, {
                         {"name", checked(name, kNameCheck)},
                         {"protocol", text()},
                         {"port", cardinal(port)},
                         {"count", read_count},
                         {"socketActivated", flag(socket_activated)},
                     });
  if (port < 1 || port > kMaxPort)
    field.place.member("port").fail(std::to_string(port) + ": must be from 1 to 65535");
  if (count > kMaxPort + 1 - port)
    field.place.member("count").fail(std::to_string(count) + ": the last port, " +
                                     std::to_string(port) + " + count - 1, is above 65535");
  if (has_count && count == 0)
    field.place.member("count").note(Severity::kError, "0: must be at least 1");
  return name;
}

void read_group_id(const Field& field) {
  std::int64_t id = 0;
  integer(id)(field);
  if (id < 0) field.place.note(Severity::kError, std::to_string(id) + ": must not be negative");
}

// A list that replaces what `target` held.
template <typename Element>
Rule list_into(std::vector<Element>& target, Element (*read)(const Field&)) {
  return [&target, read](const Field& field) {
    target.clear();
    list_of([&](const Field& element) {
      target.emplace_back();  // it has its place even if it is bad
      target.back() = read(element);
    })(field);
  };
}

}  // namespace

void read_app(const Field& field, App& app) {
  const Place& place = field.place;
  std::size_t words = 0;
  const auto read_exec = [&](const Field& member) {
    words = 0;
    list_of([&](const Field& element) {
      text()(element);
      ++words;
    })(member);
  };
  place.attempt([&] {
    read_object(field, {
                           {"exec", read_exec},
                           {"eventHandlers", list_into(app.event_handlers, read_event_handler)},
                           {"user", text(app.user)},
                           {"group", text(app.group)},
                           {"supplementaryGIDs", list_of(read_group_id)},
                           {"workingDirectory", text(app.working_directory)},
                           {"environment", read_environment},
                           {"mountPoints", named_list_of(read_mount_point)},
                           {"ports", named_list_of(read_port)},
                           {"isolators", list_into(app.isolators, read_isolator)},
                           {"userAnnotations", map_of_texts()},
                           {"userLabels", map_of_texts()},
                       });
  });
  if (words == 0) place.member("exec").note(Severity::kWarning, "there is nothing to execute");
  require(field, "user", app.user, "is missing or empty");
  require(field, "group", app.group, "is missing or empty");
  if (!app.working_directory.empty() && app.working_directory.front() != '/')
    place.member("workingDirectory").report(app.working_directory, "must be an absolute path");
  const Place handlers = place.member("eventHandlers");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < app.event_handlers.size(); ++i) {
    const std::string& name = app.event_handlers[i];
    if (!name.empty() && !seen.insert(name).second)
      handlers.element(i).member("name").report(name, "is given twice");
  }
  check_isolators(place.member("isolators"), app.isolators);
}

}  // namespace acistore
