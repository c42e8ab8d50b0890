// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_LABELS_HPP
#define ACISTORE_MODEL_LABELS_HPP

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acistore {

struct Label {
  std::string name;
  std::string value;
  bool operator==(const Label&) const = default;
};

// In the order of the manifest or of the command line; no name twice.
using Labels = std::vector<Label>;

// The value of the label `name`, if there is one. Valid as long as the labels.
inline std::optional<std::string_view> label_value(const Labels& labels, std::string_view name) {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [&](const Label& label) { return label.name == name; });
  if (found == labels.end()) return std::nullopt;
  return found->value;
}

}  // namespace acistore

#endif
