// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_app.hpp"

#include <cstdint>
#include <set>

#include "aci/manifest_text.hpp"
#include "model/identifier.hpp"

namespace acistore {
namespace {

std::string read_event_handler(const Field& field) {
  std::string name;
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

void read_mount_point(const Field& field) {
  std::string name;
  bool read_only = false;
  read_object(field, {
                         {"name", checked(name, ac_name_problem)},
                         {"path", text()},
                         {"readOnly", flag(read_only)},
                     });
}

void read_port(const Field& field) {
  constexpr std::uint64_t kMaxPort = 65535;
  std::string name;
  std::uint64_t port = 0;
  std::uint64_t count = 0;  // stands for 1
  bool socket_activated = false;
  read_object(field, {
                         {"name", checked(name, ac_name_problem)},
                         {"protocol", text()},
                         {"port", cardinal(port)},
                         {"count", cardinal(count)},
                         {"socketActivated", flag(socket_activated)},
                     });
  if (port < 1 || port > kMaxPort)
    field.place.member("port").fail(std::to_string(port) + ": must be from 1 to 65535");
  if (count > kMaxPort + 1 - port)
    field.place.member("count").fail(std::to_string(count) + ": the last port, " +
                                     std::to_string(port) + " + count - 1, is above 65535");
}

// A list that replaces what `target` held.
template <typename Element>
Rule list_into(std::vector<Element>& target, Element (*read)(const Field&)) {
  return [&target, read](const Field& field) {
    target.clear();
    list_of([&](const Field& element) { target.push_back(read(element)); })(field);
  };
}

}  // namespace

void read_app(const Field& field, App& app) {
  read_object(field, {
                         {"exec", list_of(text())},
                         {"eventHandlers", list_into(app.event_handlers, read_event_handler)},
                         {"user", text(app.user)},
                         {"group", text(app.group)},
                         {"supplementaryGIDs", list_of(integer())},
                         {"workingDirectory", text(app.working_directory)},
                         {"environment", read_environment},
                         {"mountPoints", list_of(read_mount_point)},
                         {"ports", list_of(read_port)},
                         {"isolators", list_into(app.isolators, read_isolator)},
                         {"userAnnotations", map_of_texts()},
                         {"userLabels", map_of_texts()},
                     });
  const Place& place = field.place;
  if (app.user.empty()) place.member("user").fail("is missing or empty");
  if (app.group.empty()) place.member("group").fail("is missing or empty");
  if (!app.working_directory.empty() && app.working_directory.front() != '/')
    place.member("workingDirectory").fail(app.working_directory, "must be an absolute path");
  const Place handlers = place.member("eventHandlers");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < app.event_handlers.size(); ++i) {
    if (!seen.insert(app.event_handlers[i]).second)
      handlers.element(i).member("name").fail(app.event_handlers[i], "is given twice");
  }
  check_isolators(place.member("isolators"), app.isolators);
}

}  // namespace acistore
