// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_MANIFEST_APP_HPP
#define ACISTORE_ACI_MANIFEST_APP_HPP

#include <string>
#include <vector>

#include "aci/json_field.hpp"

namespace acistore {

// An entry of `app.isolators`, as far as the rules on all of them together need it.
struct Isolator {
  std::string name;
  bool is_known = false;
};

// What of `app` can be judged only at its end.
struct App {
  std::string user;
  std::string group;
  std::string working_directory;
  std::vector<std::string> event_handlers;  // their names
  std::vector<Isolator> isolators;
};

// appc spec/aci.md, "app". What a former `app` of the same manifest said, and this one does not,
// stands, as in Go.
void read_app(const Field& field, App& app);

// appc spec/ace.md, "Isolators": one entry with its value; and the list of them, for what must not
// stand there twice or together.
Isolator read_isolator(const Field& field);
void check_isolators(const Place& place, const std::vector<Isolator>& isolators);

}  // namespace acistore

#endif
