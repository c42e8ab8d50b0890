// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_IMAGE_TABLE_HPP
#define ACISTORE_CLI_IMAGE_TABLE_HPP

#include <string>
#include <string_view>
#include <vector>

#include "model/image.hpp"

namespace acistore {

enum class ImageField {
  kId,
  kName,
  kLabels,
  kImportTime,
  kLastUsed,
  kSize,
  kLatest,
  kPins,
  kVerified,
  kStore,
};

inline constexpr std::string_view kDefaultFields = "id,name,importtime,lastused,size,latest";

// Parses "name,size". Throws Error(kUsage), which lists the fields there are.
std::vector<ImageField> parse_fields(std::string_view text);

// Those that parse_fields() knows.
std::vector<std::string> field_names();

// Import times by sequence, names by bytes; ties by sequence. `descending` turns all of it round.
void sort_images(std::vector<Image>& images, const std::vector<ImageField>& by, bool descending);

struct TableStyle {
  std::vector<ImageField> fields;
  std::vector<std::string> stores;  // the directories of those that were looked through, by depth
  bool full = false;   // whole keys, bytes and exact times instead of what is easy to read
  bool legend = true;  // a row of field names above
};

std::string format_images(const std::vector<Image>& images, const TableStyle& style);

}  // namespace acistore

#endif
