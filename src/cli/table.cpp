// SPDX-License-Identifier: Apache-2.0
#include "cli/table.hpp"

#include <algorithm>
#include <string_view>

namespace acistore {
namespace {

constexpr std::size_t kTab = 8;

// In characters; what an image says was escaped before and is valid UTF-8.
std::size_t width_of(std::string_view cell) {
  return static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

std::string format_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> tabs;  // how many make a column
  for (const auto& row : rows) {
    tabs.resize(std::max(tabs.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      tabs[i] = std::max(tabs[i], width_of(row[i]) / kTab + 1);
    }
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text.append(tabs[i] - width_of(row[i]) / kTab, '\t');
    }
    text += '\n';
  }
  return text;
}

}  // namespace acistore
