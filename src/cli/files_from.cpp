// SPDX-License-Identifier: Apache-2.0
#include "cli/files_from.hpp"

#include <unistd.h>
#include <climits>

#include "base/error.hpp"
#include "base/io.hpp"
#include "base/quote.hpp"
#include "cli/line_reader.hpp"
#include "store/input.hpp"

namespace acistore {
namespace {

constexpr std::size_t kMaxPathBytes = PATH_MAX - 1;

Error wrong_name(bool ended_by_nul, std::size_t number, const std::string& problem) {
  return Error(ErrorKind::kUsage,
               (ended_by_nul ? "name " : "line ") + std::to_string(number) + ": " + problem);
}

}  // namespace

std::vector<std::string> read_file_list(const std::string& list, bool ended_by_nul) {
  const bool is_standard_input = list == kStandardInput;
  std::vector<std::string> names;
  with_context("--files-from: " + (is_standard_input ? "standard input" : printable(list)), [&] {
    const Fd file = is_standard_input ? Fd() : open_input(list.c_str());
    LineReader reader(is_standard_input ? STDIN_FILENO : file.get(), kMaxPathBytes,
                      ended_by_nul ? '\0' : '\n');
    std::size_t number = 0;
    do {
      while (const auto line = reader.next()) {
        ++number;
        if (line->is_too_long) {
          throw wrong_name(ended_by_nul, number,
                           "longer than the limit of " + std::to_string(kMaxPathBytes) + " bytes");
        }
        if (line->text.find('\0') != std::string_view::npos) {
          throw wrong_name(ended_by_nul, number,
                           quoted(line->text) + ": there is a NUL in it; is --null meant?");
        }
        if (is_standard_input && line->text == kStandardInput) {
          throw wrong_name(ended_by_nul, number,
                           "standard input cannot be the list and an image; ./- is a file");
        }
        if (!line->text.empty()) names.emplace_back(line->text);
      }
    } while (reader.fill());
  });
  return names;
}

}  // namespace acistore
