// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/hex.hpp"
#include "cli/commands.hpp"
#include "store/dump.hpp"

namespace acistore {
namespace {

constexpr const char* kBlobs = "blob";
constexpr const char* kManifests = "imageManifest";

struct DumpText {
  const Dump& dump;
  bool hex;
};

std::string escape(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (c == '\\') {
      text += "\\\\";
    } else if (c >= ' ' && c <= '~') {
      text += c;
    } else {
      text += "\\x" + to_hex(as_bytes({&c, 1}));
    }
  }
  return text;
}

void append(std::string& text, const char* name, const std::vector<DumpedValue>& values, bool hex) {
  for (const DumpedValue& value : values) {
    text += std::string(name) + '/' + value.key.text() + ": " +
            (hex ? to_hex(as_bytes(value.beginning)) : escape(value.beginning)) + '\n';
  }
  text += std::to_string(values.size()) + " total keys\n";
}

std::string to_text(const DumpText& result) {
  std::string text;
  append(text, kBlobs, result.dump.blobs, result.hex);
  append(text, kManifests, result.dump.manifests, result.hex);
  return text;
}

void append(Json& json, const char* name, const std::vector<DumpedValue>& values) {
  json.key(name);
  json.begin_array();
  for (const DumpedValue& value : values) {
    json.begin_object();
    json.member("key", value.key.text());
    json.member("hex", to_hex(as_bytes(value.beginning)));
    json.end_object();
  }
  json.end_array();
}

void to_json(Json& json, const DumpText& result) {
  json.begin_object();
  append(json, kBlobs, result.dump.blobs);
  append(json, kManifests, result.dump.manifests);
  json.end_object();
}

void run(bool hex, Invocation& invocation) {
  const Dump result = dump(invocation.stores());
  for (const Error& failure : result.failures)
    invocation.diagnostics.report(failure);
  invocation.emit(DumpText{result, hex});
}

}  // namespace

Action declare_dump(Arguments& arguments) {
  const auto hex = std::make_shared<bool>(false);
  arguments.flag("--hex", *hex, "print all values as hexadecimal digits");
  return [hex](Invocation& invocation) { run(*hex, invocation); };
}

}  // namespace acistore
