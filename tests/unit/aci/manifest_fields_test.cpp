// SPDX-License-Identifier: Apache-2.0
// The members of an image manifest, all but "app".
#include "aci/manifest_cases.hpp"

using namespace acistore;

TEST_CASE("manifest: a real one gives name and labels") {
  const Manifest manifest = parse_manifest(R"({
    "acKind": "ImageManifest",
    "acVersion": "0.8.11",
    "name": "example.com/reduce-worker",
    "labels": [
      {"name": "version", "value": "1.0.0"},
      {"name": "arch", "value": "amd64"},
      {"name": "os", "value": "linux"}
    ],
    "app": {
      "exec": ["/usr/bin/reduce-worker", "--quiet"],
      "user": "100", "group": "300", "supplementaryGIDs": [400, 500],
      "eventHandlers": [
        {"exec": ["/usr/bin/data-downloader"], "name": "pre-start"},
        {"exec": ["/usr/bin/deregister-worker", "--verbose"], "name": "post-stop"}
      ],
      "workingDirectory": "/opt/work",
      "environment": [{"name": "REDUCE_WORKER_DEBUG", "value": "true"}],
      "isolators": [
        {"name": "resource/cpu", "value": {"request": "250m", "limit": "500m"}},
        {"name": "resource/memory", "value": {"request": "1G", "limit": "2Gi"}},
        {"name": "os/linux/capabilities-retain-set", "value": {"set": ["CAP_NET_ADMIN"]}}
      ],
      "mountPoints": [{"name": "work", "path": "/var/lib/work", "readOnly": false}],
      "ports": [{"name": "health", "port": 4000, "protocol": "tcp", "socketActivated": true}],
      "userAnnotations": {"customers": "yes"}, "userLabels": {}
    },
    "dependencies": [
      {"imageName": "example.com/base", "imageID": "sha512-0a", "size": 22017258,
       "labels": [{"name": "os", "value": "linux"}]}
    ],
    "pathWhitelist": ["/etc/ca/example.com/crt", "/usr/bin/map-reduce-worker"],
    "annotations": [
      {"name": "authors", "value": "Carly <carly@example.com>"},
      {"name": "created", "value": "2014-10-27T19:32:27.67021798Z"},
      {"name": "documentation", "value": "https://example.com/docs"},
      {"name": "homepage", "value": "https://example.com"}
    ]
  })");
  CHECK(manifest.name == "example.com/reduce-worker");
  CHECK(manifest.labels == Labels{{"version", "1.0.0"}, {"arch", "amd64"}, {"os", "linux"}});
}

TEST_CASE("manifest: acKind, acVersion and name are required") {
  const auto wrap = [](const std::string& members) { return "{" + members + "}"; };
  const std::string kind = R"("acKind":"ImageManifest")";
  const std::string version = R"("acVersion":"1.2.3")";
  const std::string name = R"("name":"a")";
  check_cases(wrap, {
                        {kind + "," + version + "," + name, ""},
                        {version + "," + name, "acKind: is missing"},
                        {kind + "," + name, "acVersion: is missing"},
                        {kind + "," + version, "name: is missing"},
                        {R"("acKind":"PodManifest",)" + version + "," + name,
                         "acKind: \"PodManifest\": must be ImageManifest"},
                        {R"("acKind":"PodManifest",)" + kind + "," + version + "," + name, ""},
                        {R"("acKind":"image",)" + kind + "," + version + "," + name,
                         "acKind: \"image\": must be ImageManifest"},
                    });
  check_cases(
      manifest_with,
      {
          {R"("acKind":"")", "acKind: \"\": must be ImageManifest"},
          {R"("acKind":null)", "acKind: null where a string must be"},
          {R"("acVersion":null)", "acVersion: null where a string must be"},
          {R"("acVersion":1)", "acVersion: a number where a string must be"},
          {R"("acVersion":"1.2")", "acVersion: \"1.2\": is not a semantic version, such as 1.2.3"},
          {R"("name":null)", "name: null where a string must be"},
          {R"("name":["a"])", "name: a list where a string must be"},
          {R"("name":"")", "name: \"\": is empty"},
          {R"("name":"example.com/App")",
           "name: \"example.com/App\": upper-case letters are not allowed"},
          {R"("name":"-a")", "name: \"-a\": must begin with a lower-case letter or a digit"},
          {R"("name":"a\u001b[31m")", "name: \"a\\x1b[31m\": \"\\x1b\" is not allowed in it"},
      });
}

TEST_CASE("manifest: labels") {
  check_cases(
      [](const std::string& labels) { return manifest_with("\"labels\":" + labels); },
      {
          {"null", ""},
          {"[]", ""},
          {R"([{"name":"a","value":"any \u00e9 text"},{"value":"","name":"b"}])", ""},
          {R"([{"name":"a","value":null}])", ""},
          {R"([{"name":"a","other":1}])", ""},
          {R"({"a":"b"})", "labels: an object where a list must be"},
          {R"(["a"])", "labels[0]: a string where an object must be"},
          {R"([{"name":"a"},{"name":"b"},{"name":"Version"}])",
           "labels[2].name: \"Version\": upper-case letters are not allowed"},
          {R"([{"name":""}])", "labels[0].name: \"\": is empty"},
          {R"([{"name":null}])", "labels[0].name: null where a string must be"},
          {R"([{"name":1}])", "labels[0].name: a number where a string must be"},
          {R"([{"name":"a","value":1}])", "labels[0].value: a number where a string must be"},
          {R"([{"name":"name","value":"x"}])",
           "labels[0].name: \"name\": is not allowed as a label"},
          {R"([{"name":"a"},{"name":"b"},{"name":"a"}])", "labels[2].name: \"a\": is given twice"},
      });
  // The reference checks a name only where one is given.
  CHECK(parse_manifest(manifest_with(R"("labels":[{"value":"x"}])")).labels == Labels{{"", "x"}});
  CHECK(verdict(manifest_with(R"("labels":[{},null])")) == "labels[1].name: \"\": is given twice");
}

TEST_CASE("manifest: os and arch") {
  struct Row {
    const char* os;
    std::initializer_list<const char*> archs;
  };
  const std::initializer_list<Row> rows{
      {"linux",
       {"amd64", "i386", "aarch64", "aarch64_be", "armv6l", "armv7l", "armv7b", "ppc64", "ppc64le",
        "s390x"}},
      {"freebsd", {"amd64", "i386", "arm"}},
      {"darwin", {"x86_64", "i386"}},
  };
  const auto labels = [](const std::string& os, const std::string& arch) {
    return manifest_with(R"("labels":[{"name":"arch","value":")" + arch +
                         R"("},{"name":"os","value":")" + os + R"("}])");
  };
  for (const Row& row : rows) {
    CAPTURE(row.os);
    for (const char* arch : row.archs) {
      CAPTURE(arch);
      CHECK(verdict(labels(row.os, arch)) == "");
    }
    for (const char* arch : {"", "mips", "AMD64", "amd64 i386", " "})
      CHECK(verdict(labels(row.os, arch)) != "");
  }
  CHECK(verdict(labels("darwin", "amd64")) ==
        "labels[0].value: \"amd64\": is no architecture of darwin, must be one of x86_64 i386");
  CHECK(verdict(labels("windows", "amd64")) ==
        "labels[1].value: \"windows\": must be darwin, freebsd or linux");
  CHECK(verdict(manifest_with(R"("labels":[{"name":"os","value":""}])")) ==
        "labels[0].value: \"\": must be darwin, freebsd or linux");
  CHECK(verdict(manifest_with(R"("labels":[{"name":"os","value":"linux"}])")) == "");
  CHECK(verdict(manifest_with(R"("labels":[{"name":"arch","value":"pdp11"}])")) == "");
}

TEST_CASE("manifest: dependencies") {
  check_cases(
      [](const std::string& members) {
        return manifest_with(R"("dependencies":[{"imageName":"a"},{)" + members + "}]");
      },
      {
          {R"("imageName":"a/b","imageID":"sha512-ab","size":18446744073709551615)", ""},
          {R"("imageName":"a","imageID":null,"labels":null,"size":null)", ""},
          {R"("imageName":"a","imageID":"sha512-not hex")", ""},
          {"", "dependencies[1].imageName: is missing"},
          {R"("imageName":"")", "dependencies[1].imageName: \"\": is empty"},
          {R"("imageName":"A")",
           "dependencies[1].imageName: \"A\": upper-case letters are not allowed"},
          {R"("imageID":"sha512-")",
           "dependencies[1].imageID: \"sha512-\": has no digits after sha512-"},
          {R"("imageID":"sha256-ab")",
           "dependencies[1].imageID: \"sha256-ab\": must begin with sha512-"},
          {R"("imageID":"sha512-a-b")",
           "dependencies[1].imageID: \"sha512-a-b\": has more than one -"},
          {R"("imageName":"a","size":-1)",
           "dependencies[1].size: -1: must be a whole number from 0 to 18446744073709551615"},
          {R"("imageName":"a","size":18446744073709551616)",
           "dependencies[1].size: 18446744073709551616: must be a whole number from 0 to "
           "18446744073709551615"},
          {R"("imageName":"a","size":1.0)",
           "dependencies[1].size: 1.0: must be a whole number from 0 to 18446744073709551615"},
          {R"("imageName":"a","size":1e2)",
           "dependencies[1].size: 1e2: must be a whole number from 0 to 18446744073709551615"},
          {R"("imageName":"a","size":"1")",
           "dependencies[1].size: a string where a number must be"},
          {R"("imageName":"a","labels":[{"name":"os","value":"x"}])",
           "dependencies[1].labels[0].value: \"x\": must be darwin, freebsd or linux"},
      });
  CHECK(verdict(manifest_with(R"("dependencies":[null])")) ==
        "dependencies[0].imageName: is missing");
  CHECK(verdict(manifest_with(R"("dependencies":null)")) == "");
}

TEST_CASE("manifest: pathWhitelist") {
  check_cases([](const std::string& list) { return manifest_with("\"pathWhitelist\":" + list); },
              {
                  {"null", ""},
                  {R"(["/a","",null])", ""},
                  {"\"/a\"", "pathWhitelist: a string where a list must be"},
                  {"[\"/a\",{}]", "pathWhitelist[1]: an object where a string must be"},
                  {"[true]", "pathWhitelist[0]: true where a string must be"},
                  {"[false]", "pathWhitelist[0]: false where a string must be"},
              });
}

TEST_CASE("manifest: annotations") {
  const auto annotation = [](const std::string& members) {
    return manifest_with("\"annotations\":[{" + members + "}]");
  };
  check_cases(
      annotation,
      {
          {R"("name":"any/thing","value":"at all")", ""},
          {R"("name":"created","value":"2014-10-27T19:32:27Z")", ""},
          {R"("name":"homepage","value":"http://example.com")", ""},
          {R"("name":"documentation","value":"https://example.com/a?b#c")", ""},
          {R"("value":"nameless")", ""},
          {R"("name":"Created")",
           "annotations[0].name: \"Created\": upper-case letters are not allowed"},
          {R"("name":"a","value":[])", "annotations[0].value: a list where a string must be"},
          {R"("name":"created","value":"yesterday")",
           "annotations[0].value: \"yesterday\": is not a time as in RFC 3339, such as "
           "2006-01-02T15:04:05Z"},
          {R"("name":"homepage","value":"ftp://a")",
           "annotations[0].value: \"ftp://a\": must begin with http: or https:"},
          {R"("name":"documentation")",
           "annotations[0].value: \"\": must begin with http: or https:"},
          {R"("name":"a"},{"name":"a")", "annotations[1].name: \"a\": is given twice"},
      });
  CHECK(verdict(manifest_with("\"annotations\":null")) == "");
}

TEST_CASE("manifest: what a rendering wants to know of it") {
  const Composition none = parse_composition(manifest_with(R"("dependencies":null)"));
  CHECK(none.dependencies.empty());
  CHECK(none.path_whitelist.empty());

  const Composition composition = parse_composition(manifest_with(
      R"("dependencies":[{"imageName":"a"},
                         {"size":7,"imageName":"b","imageID":"sha512-ab",
                          "labels":[{"name":"os","value":"linux"}]},
                         {"imageName":"a","imageID":null,"labels":null}],
         "PathWhitelist":["/x","y/"])"));
  REQUIRE(composition.dependencies.size() == 3);
  CHECK(composition.dependencies[0].name == "a");
  CHECK(composition.dependencies[0].id.empty());
  CHECK(composition.dependencies[0].labels.empty());
  CHECK(composition.dependencies[1].name == "b");
  CHECK(composition.dependencies[1].id == "sha512-ab");
  CHECK(composition.dependencies[1].labels == Labels{{"os", "linux"}});
  CHECK(composition.dependencies[2].id.empty());
  CHECK(composition.path_whitelist == std::vector<std::string>{"/x", "y/"});

  // The last one counts.
  const Composition twice = parse_composition(
      manifest_with(R"("dependencies":[{"imageName":"a"}],"pathWhitelist":["/x"],)"
                    R"("dependencies":[{"imageName":"b"}],"pathWhitelist":[])"));
  REQUIRE(twice.dependencies.size() == 1);
  CHECK(twice.dependencies[0].name == "b");
  CHECK(twice.path_whitelist.empty());

  const auto error =
      error_of([] { parse_composition(manifest_with(R"("pathWhitelist":["/x",1])")); });
  REQUIRE(error);
  CHECK(error->message() == "pathWhitelist[1]: a number where a string must be");
}
