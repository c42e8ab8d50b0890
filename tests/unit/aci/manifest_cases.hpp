// SPDX-License-Identifier: Apache-2.0
// Rules of the manifest as tables: what is put into a manifest that is good otherwise, and what
// parse_manifest() says to it.
#ifndef ACISTORE_TESTS_UNIT_ACI_MANIFEST_CASES_HPP
#define ACISTORE_TESTS_UNIT_ACI_MANIFEST_CASES_HPP

#include <initializer_list>
#include <string>

#include "aci/manifest.hpp"
#include "catch.hpp"
#include "errors.hpp"

namespace acistore {

// A manifest with further members (`, "x": 1`, without the comma).
inline std::string manifest_with(const std::string& members) {
  return R"({"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/app")" +
         (members.empty() ? "" : "," + members) + "}";
}

inline std::string app_with(const std::string& members) {
  return manifest_with(R"("app":{"user":"0","group":"0")" + (members.empty() ? "" : "," + members) +
                       "}");
}

inline std::string isolator_with(const std::string& name, const std::string& value) {
  return app_with(R"("isolators":[{"name":")" + name + R"(","value":)" + value + "}]");
}

// The message of the error; "" if it is accepted.
inline std::string verdict(const std::string& json) {
  const auto error = error_of([&] { parse_manifest(json); });
  if (error) CHECK(error->kind() == ErrorKind::kInvalid);
  return error ? error->message() : "";
}

struct Case {
  std::string json;
  std::string verdict;
};

// Wrap turns the text of a case into a whole manifest.
template <typename Wrap>
void check_cases(Wrap&& wrap, std::initializer_list<Case> cases) {
  for (const Case& one : cases) {
    CAPTURE(one.json);
    CHECK(verdict(wrap(one.json)) == one.verdict);
  }
}

}  // namespace acistore

#endif
