// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_cases.hpp"

using namespace acistore;

namespace {

const std::string kValue = "app.isolators[0].value";

void check_values(const std::string& name, std::initializer_list<Case> cases) {
  CAPTURE(name);
  check_cases([&](const std::string& value) { return isolator_with(name, value); }, cases);
}

}  // namespace

TEST_CASE("manifest: isolators have a known name and a value") {
  check_cases(
      [](const std::string& list) { return app_with("\"isolators\":" + list); },
      {
          {"null", ""},
          {"[]", ""},
          {R"([{"value":{"limit":"1"},"name":"resource/cpu"}])", ""},  // the value before the name
          {R"([{"name":"resource/cpu"}])", kValue + ": is missing"},
          {R"([{"name":"resource/cpu","value":null}])", kValue + ": is missing"},
          {R"([{"value":{}}])", "app.isolators[0].name: is missing"},
          {"[null]", "app.isolators[0].name: is missing"},
          {R"([{"name":"cpu/shares","value":1}])",
           "app.isolators[0].name: \"cpu/shares\": is no isolator of the specification"},
          {R"([{"name":"CPU"}])",
           "app.isolators[0].name: \"CPU\": upper-case letters are not allowed"},
          {"[1]", "app.isolators[0]: a number where an object must be"},
      });
}

TEST_CASE("manifest: which isolators may stand twice or together") {
  struct Row {
    const char* name;
    const char* value;
    bool may_repeat;
  };
  for (const Row& row : {
           Row{"os/linux/apparmor-profile", R"({"profile":"p"})", false},
           Row{"os/linux/capabilities-remove-set", R"({"set":["C"]})", true},
           Row{"os/linux/capabilities-retain-set", R"({"set":["C"]})", true},
           Row{"os/linux/cpu-shares", "2", false},
           Row{"os/linux/no-new-privileges", "true", true},
           Row{"os/linux/oom-score-adj", "0", false},
           Row{"os/linux/seccomp-remove-set", R"({"set":["s"]})", false},
           Row{"os/linux/seccomp-retain-set", R"({"set":["s"]})", false},
           Row{"os/linux/selinux-context", R"({"user":"u","role":"r","type":"t","level":"l:0"})",
               false},
           Row{"os/unix/sysctl", R"({"a.b":"1"})", false},
           Row{"resource/block-bandwidth", R"({"default":true})", true},
           Row{"resource/block-iops", R"({"default":true})", true},
           Row{"resource/cpu", "{}", true},
           Row{"resource/memory", "{}", true},
           Row{"resource/network-bandwidth", R"({"default":true})", true},
       }) {
    const std::string name = row.name;
    CAPTURE(name);
    const std::string one = R"({"name":")" + name + R"(","value":)" + row.value + "}";
    CHECK(verdict(app_with("\"isolators\":[" + one + "]")) == "");
    CHECK(verdict(app_with("\"isolators\":[" + one + "," + one + "]")) ==
          (row.may_repeat ? "" : "app.isolators[1].name: \"" + name + "\": is given twice"));
  }
  const std::string remove = R"({"name":"os/linux/seccomp-remove-set","value":{"set":["s"]}})";
  const std::string retain = R"({"name":"os/linux/seccomp-retain-set","value":{"set":["s"]}})";
  CHECK(verdict(app_with("\"isolators\":[" + remove + "," + retain + "]")) ==
        "app.isolators[1].name: \"os/linux/seccomp-retain-set\": must not stand beside "
        "os/linux/seccomp-remove-set");
  CHECK(verdict(app_with("\"isolators\":[" + retain + "," + remove + "]")) ==
        "app.isolators[1].name: \"os/linux/seccomp-remove-set\": must not stand beside "
        "os/linux/seccomp-retain-set");
}

TEST_CASE("manifest: isolators of resources") {
  for (const char* name : {"resource/cpu", "resource/memory"}) {
    check_values(
        name, {
                  {R"({"request":"250m","limit":1.5e3})", ""},
                  {R"({"default":false,"request":null,"limit":null})", ""},
                  {R"({"default":true})", kValue + ".default: must be false"},
                  {R"({"default":1})", kValue + ".default: a number where true or false must be"},
                  {R"({"limit":"much"})",
                   kValue + ".limit: \"much\": is not a quantity, such as 500m, 1.5Gi "
                            "or 1e3: bad suffix \"much\""},
                  {R"({"request":[]})", kValue + ".request: a list where a string must be"},
                  // Escapes are not resolved there.
                  {R"({"limit":"\u0031"})",
                   kValue + ".limit: \"\\\\u0031\": is not a quantity, such as 500m, "
                            "1.5Gi or 1e3: bad suffix \"\\\\u0031\""},
                  {"\"1\"", kValue + ": a string where an object must be"},
              });
  }
  for (const char* name :
       {"resource/block-bandwidth", "resource/block-iops", "resource/network-bandwidth"}) {
    check_values(name,
                 {
                     {R"({"default":true,"limit":"2M"})", ""},
                     {R"({"default":true,"request":null})", ""},
                     {R"({"limit":"2M"})", kValue + ".default: must be true"},
                     {R"({"default":true,"request":"1"})", kValue + ".request: must not be given"},
                 });
  }
}

TEST_CASE("manifest: isolators of Linux") {
  for (const char* name : {"os/linux/capabilities-remove-set", "os/linux/capabilities-retain-set",
                           "os/linux/seccomp-remove-set", "os/linux/seccomp-retain-set"}) {
    check_values(name, {
                           {R"({"set":["A","B"]})", ""},
                           {R"({"set":[]})", kValue + ".set: must name at least one"},
                           {R"({"set":["A"],"set":null})", kValue + ".set: must name at least one"},
                           {"{}", kValue + ".set: must name at least one"},
                           {R"({"set":[1]})", kValue + ".set[0]: a number where a string must be"},
                       });
  }
  check_values("os/linux/seccomp-retain-set",
               {
                   {R"({"set":["a"],"errno":""})", ""},
                   {R"({"set":["a"],"errno":"E2BIG"})", ""},
                   {R"({"set":["a"],"errno":"PERM"})",
                    kValue + ".errno: \"PERM\": must be E and upper-case letters or digits"},
                   {R"({"set":["a"],"errno":"Eperm"})",
                    kValue + ".errno: \"Eperm\": must be E and upper-case letters or digits"},
               });
  check_values("os/linux/no-new-privileges",
               {{"false", ""}, {"1", kValue + ": a number where true or false must be"}});
  check_values("os/linux/oom-score-adj",
               {
                   {"-1000", ""},
                   {"1000", ""},
                   {"-1001", kValue + ": -1001: must be from -1000 to 1000"},
                   {"1001", kValue + ": 1001: must be from -1000 to 1000"},
                   {"\"1\"", kValue + ": a string where a number must be"},
               });
  check_values("os/linux/cpu-shares", {
                                          {"2", ""},
                                          {"262144", ""},
                                          {"1", kValue + ": 1: must be from 2 to 262144"},
                                          {"262145", kValue + ": 262145: must be from 2 to 262144"},
                                      });
  check_values(
      "os/linux/selinux-context",
      {
          {R"({"user":"u","role":"r","type":"t"})", kValue + ".level: is missing or empty"},
          {R"({"user":"u","role":"r","level":"l"})", kValue + ".type: is missing or empty"},
          {R"({"user":"u","type":"t","level":"l"})", kValue + ".role: is missing or empty"},
          {R"({"role":"r","type":"t","level":"l"})", kValue + ".user: is missing or empty"},
          {R"({"user":"u:","role":"r","type":"t","level":"l"})",
           kValue + ".user: \"u:\": must not have a colon"},
      });
  check_values("os/linux/apparmor-profile",
               {{R"({"profile":""})", kValue + ".profile: is missing or empty"}});
  check_values("os/unix/sysctl",
               {
                   {R"({"a":null})", ""},
                   {R"({"a":1})", kValue + "[\"a\"]: a number where a string must be"},
               });
}
