// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_MODEL_REFERENCE_HPP
#define ACISTORE_MODEL_REFERENCE_HPP

#include <string>
#include <string_view>
#include <variant>

#include "model/image_key.hpp"
#include "model/labels.hpp"

namespace acistore {

inline constexpr std::string_view kVersionLabel = "version";

// An image by name and labels: NAME[:VERSION][,LABEL=VALUE]..., as rkt-fetch(1) takes it.
struct Reference {
  std::string name;
  Labels labels;  // the version is the label "version"

  // Throws Error(kUsage), which quotes the text and says what is wrong with it.
  static Reference parse(std::string_view text);

  // Adds "LABEL=VALUE"; the value is all that follows the first "=". Throws Error(kUsage).
  void add_label(std::string_view pair);
  void add_label(Label label);

  bool names_version() const { return label_value(labels, kVersionLabel).has_value(); }

  // As it could have been typed, for messages.
  std::string text() const;
};

// Whatever a command takes as IMAGE.
using ImageArgument = std::variant<KeyPrefix, Reference>;

// Throws Error(kUsage).
ImageArgument parse_image_argument(std::string_view text);

std::string to_text(const ImageArgument& image);

}  // namespace acistore

#endif
