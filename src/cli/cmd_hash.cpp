// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands.hpp"
#include "cli/results.hpp"
#include "store/hash.hpp"

namespace acistore {
namespace {

struct HashedFile {
  ImageKey key;
  std::string file;
};

// A line as sha512sum(1) writes it: a name with a backslash or a line's end in it is escaped, and
// then the line begins with a backslash.
std::string to_text(const HashedFile& hashed) {
  std::string name;
  for (const char c : hashed.file) {
    if (c == '\\') {
      name += "\\\\";
    } else if (c == '\n') {
      name += "\\n";
    } else if (c == '\r') {
      name += "\\r";
    } else {
      name += c;
    }
  }
  return (name == hashed.file ? "" : "\\") + hashed.key.text() + "  " + name + '\n';
}

void to_json(Json& json, const HashedFile& hashed) {
  acistore::to_json(json, hashed.key);
}

void run(const std::vector<std::string>& files, Invocation& invocation) {
  ResultList keys(invocation, "keys");
  invocation.for_each(files, [&](const std::string& file) {
    keys.add(HashedFile{hash_file(file, invocation.progress()), file});
  });
  keys.finish();
}

}  // namespace

Action declare_hash(Arguments& arguments) {
  const auto files = std::make_shared<std::vector<std::string>>();
  arguments.positional("FILE", *files, "files, compressed or not; - is standard input");
  return [files](Invocation& invocation) { run(*files, invocation); };
}

}  // namespace acistore
