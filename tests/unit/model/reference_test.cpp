// SPDX-License-Identifier: Apache-2.0
#include "model/reference.hpp"

#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

TEST_CASE("a reference is a name, a version and labels") {
  const Reference full = Reference::parse("example.com/app:1.0.0,os=linux,arch=amd64");
  CHECK(full.name == "example.com/app");
  CHECK(full.labels == Labels{{"version", "1.0.0"}, {"os", "linux"}, {"arch", "amd64"}});
  CHECK(full.names_version());
  CHECK(full.text() == "example.com/app:1.0.0,os=linux,arch=amd64");

  const Reference bare = Reference::parse("example.com/app");
  CHECK(bare.labels.empty());
  CHECK_FALSE(bare.names_version());

  CHECK(Reference::parse("app,version=2").text() == "app:2");
  CHECK(Reference::parse("app,x=").labels == Labels{{"x", ""}});
  CHECK(Reference::parse("app,x=a=b").labels == Labels{{"x", "a=b"}});
}

TEST_CASE("a malformed reference is a usage error that says what is wrong") {
  struct Case {
    const char* text;
    const char* says;
  };
  for (const Case& c : {
           Case{"", "is empty"},
           Case{"App", "upper-case"},
           Case{"a:1:2", "a colon may stand only once"},
           Case{"a,b=c:d", "a colon may stand only once, right after the name"},
           Case{"a:1,b=c:d", "a colon may stand only once"},
           Case{"a,", "must be LABEL=VALUE"},
           Case{"a,b", "must be LABEL=VALUE"},
           Case{"a,B=c", "upper-case"},
           Case{"a,=c", "is empty"},
           Case{"a:1,version=1", "given twice"},
           Case{"a,b=1,b=1", "given twice"},
       }) {
    CAPTURE(c.text);
    const auto error = error_of([&] { Reference::parse(c.text); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kUsage);
    CHECK(error->message().find(c.says) != std::string::npos);
  }
}

TEST_CASE("--label takes any value") {
  Reference reference = Reference::parse("a");
  reference.add_label("b=c:d,e=f");
  CHECK(label_value(reference.labels, "b") == "c:d,e=f");
  CHECK(error_of([&] { reference.add_label("b=x"); }));
}

TEST_CASE("whatever begins with sha512- is a key") {
  CHECK(std::holds_alternative<KeyPrefix>(parse_image_argument("sha512-ab")));
  CHECK(std::holds_alternative<Reference>(parse_image_argument("sha512")));
  CHECK(error_of([] { parse_image_argument("sha512-x"); }));
}
