// SPDX-License-Identifier: Apache-2.0
// The main() of a target that is built without a fuzzing engine: gives it each file that is named,
// and those below each directory, and fails if there was none.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "property.hpp"

namespace {

// Far more than any input of a corpus needs, under sanitizers on a busy machine too.
constexpr std::chrono::seconds kMost{20};

std::vector<std::filesystem::path> files_below(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool replay(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) {
    std::fprintf(stderr, "%s: cannot be read\n", path.c_str());
    return false;
  }
  std::fprintf(stderr, "%s\n", path.c_str());  // the last one is the one that fails
  const auto start = std::chrono::steady_clock::now();
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (std::chrono::steady_clock::now() - start < kMost) return true;
  std::fprintf(stderr, "%s: takes too long\n", path.c_str());
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  bool good = true;
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    for (const std::filesystem::path& path : files_below(argv[i])) {
      good = replay(path) && good;
      ++count;
    }
  }
  std::printf("%zu inputs\n", count);
  return good && count > 0 ? 0 : 1;
}
