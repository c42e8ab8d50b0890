// SPDX-License-Identifier: Apache-2.0
#include "aci/manifest_cases.hpp"

using namespace acistore;

TEST_CASE("manifest: app requires user and group") {
  check_cases([](const std::string& app) { return manifest_with("\"app\":" + app); },
              {
                  {"null", ""},
                  {R"({"user":"0","group":"0"})", ""},
                  {R"({"group":"0"})", "app.user: is missing or empty"},
                  {R"({"user":"","group":"0"})", "app.user: is missing or empty"},
                  {R"({"user":"0"})", "app.group: is missing or empty"},
                  {R"({"user":0,"group":"0"})", "app.user: a number where a string must be"},
                  {"[]", "app: a list where an object must be"},
              });
}

TEST_CASE("manifest: simple members of app") {
  check_cases(
      app_with,
      {
          {R"("exec":null)", ""},
          {R"("exec":["relative",null,""])", ""},
          {R"("exec":"/bin/sh")", "app.exec: a string where a list must be"},
          {R"("exec":["/bin/sh",1])", "app.exec[1]: a number where a string must be"},
          {R"("supplementaryGIDs":[0,-1,null,9223372036854775807])", ""},
          {R"("supplementaryGIDs":[1.5])",
           "app.supplementaryGIDs[0]: 1.5: must be a whole number from -9223372036854775808 to "
           "9223372036854775807"},
          {R"("supplementaryGIDs":["1"])",
           "app.supplementaryGIDs[0]: a string where a number must be"},
          {R"("workingDirectory":"")", ""},
          {R"("workingDirectory":"/")", ""},
          {R"("workingDirectory":"opt")",
           "app.workingDirectory: \"opt\": must be an absolute path"},
          {R"("userAnnotations":{"a":"b","":null},"userLabels":null)", ""},
          {R"("userAnnotations":{"a b":1})",
           "app.userAnnotations[\"a b\"]: a number where a string must be"},
          {R"("userLabels":[])", "app.userLabels: a list where an object must be"},
      });
}

TEST_CASE("manifest: eventHandlers") {
  check_cases([](const std::string& list) { return app_with("\"eventHandlers\":" + list); },
              {
                  {R"([{"name":"pre-start","exec":["/a"]},{"name":"post-stop"}])", ""},
                  {"null", ""},
                  {R"([{"exec":["/a"]}])", "app.eventHandlers[0].name: is missing or empty"},
                  {"[null]", "app.eventHandlers[0].name: is missing or empty"},
                  {R"([{"name":"post-start"}])",
                   "app.eventHandlers[0].name: \"post-start\": must be pre-start or post-stop"},
                  {R"([{"name":"pre-start"},{"name":"pre-start"}])",
                   "app.eventHandlers[1].name: \"pre-start\": is given twice"},
                  {R"([{"name":"pre-start","exec":[[]]}])",
                   "app.eventHandlers[0].exec[0]: a list where a string must be"},
              });
}

TEST_CASE("manifest: environment") {
  check_cases(
      [](const std::string& list) { return app_with("\"environment\":" + list); },
      {
          {R"([{"name":"PATH","value":"/bin"},{"name":"_a.b-C9","value":""}])", ""},
          {"null", ""},
          {R"([{"value":"x"}])", "app.environment[0].name: is missing or empty"},
          {R"([{"name":"1A"}])", "app.environment[0].name: \"1A\": must begin with a letter or _"},
          {R"([{"name":"A=B"}])",
           "app.environment[0].name: \"A=B\": must consist of A-Z a-z 0-9 _ . and -"},
          {R"([{"name":"A\n"}])",
           "app.environment[0].name: \"A\\x0a\": must consist of A-Z a-z 0-9 _ . and -"},
          {R"([{"name":"A"},{"name":"A"}])", "app.environment[1].name: \"A\": is given twice"},
          {R"([{"name":"A","value":1}])",
           "app.environment[0].value: a number where a string must be"},
      });
}

TEST_CASE("manifest: mountPoints") {
  check_cases(
      [](const std::string& list) { return app_with("\"mountPoints\":" + list); },
      {
          {R"([{"name":"work-1","path":"/var","readOnly":true}])", ""},
          {R"([{"name":"a"},{"name":"a"},{},null])", ""},
          {R"([{"name":"a.b"}])", "app.mountPoints[0].name: \"a.b\": \".\" is not allowed in it"},
          {R"([{"name":""}])", "app.mountPoints[0].name: \"\": is empty"},
          {R"([{"name":null}])", "app.mountPoints[0].name: null where a string must be"},
          {R"([{"path":1}])", "app.mountPoints[0].path: a number where a string must be"},
          {R"([{"readOnly":"yes"}])",
           "app.mountPoints[0].readOnly: a string where true or false must be"},
      });
}

TEST_CASE("manifest: ports") {
  check_cases(
      [](const std::string& members) { return app_with("\"ports\":[{" + members + "}]"); },
      {
          {R"("name":"http","protocol":"tcp","port":80,"count":1,"socketActivated":false)", ""},
          {R"("port":1)", ""},
          {R"("port":65535,"count":0)", ""},
          {R"("port":65535,"count":1)", ""},
          {R"("port":1,"count":65535)", ""},
          {R"("port":65535,"count":2)",
           "app.ports[0].count: 2: the last port, 65535 + count - 1, is above 65535"},
          {R"("port":80,"count":18446744073709551615)",
           "app.ports[0].count: 18446744073709551615: the last port, 80 + count - 1, is above "
           "65535"},
          {"", "app.ports[0].port: 0: must be from 1 to 65535"},
          {R"("port":0)", "app.ports[0].port: 0: must be from 1 to 65535"},
          {R"("port":65536)", "app.ports[0].port: 65536: must be from 1 to 65535"},
          {R"("port":-1)",
           "app.ports[0].port: -1: must be a whole number from 0 to 18446744073709551615"},
          {R"("port":80.0)",
           "app.ports[0].port: 80.0: must be a whole number from 0 to 18446744073709551615"},
          {R"("port":"80")", "app.ports[0].port: a string where a number must be"},
          {R"("port":80,"name":"a_b")", "app.ports[0].name: \"a_b\": \"_\" is not allowed in it"},
          {R"("port":80,"protocol":6)", "app.ports[0].protocol: a number where a string must be"},
          {R"("port":80,"socketActivated":1)",
           "app.ports[0].socketActivated: a number where true or false must be"},
      });
}
