// SPDX-License-Identifier: Apache-2.0
#include "cli/image_table.hpp"

#include <algorithm>
#include <array>
#include <compare>

#include "base/error.hpp"
#include "base/quote.hpp"
#include "cli/humanize.hpp"
#include "cli/table.hpp"
#include "model/reference.hpp"

namespace acistore {
namespace {

// Digits of a key in the short form, as rkt shows them.
constexpr std::size_t kShortDigits = 12;

struct FieldName {
  ImageField field;
  std::string_view name;
  std::string_view legend;
};

constexpr std::array kFields{
    FieldName{ImageField::kId, "id", "ID"},
    FieldName{ImageField::kName, "name", "NAME"},
    FieldName{ImageField::kLabels, "labels", "LABELS"},
    FieldName{ImageField::kImportTime, "importtime", "IMPORT TIME"},
    FieldName{ImageField::kLastUsed, "lastused", "LAST USED"},
    FieldName{ImageField::kSize, "size", "SIZE"},
    FieldName{ImageField::kLatest, "latest", "LATEST"},
    FieldName{ImageField::kPins, "pins", "PINS"},
    FieldName{ImageField::kVerified, "verified", "VERIFIED"},
    FieldName{ImageField::kStore, "store", "STORE"},
};

template <typename Items, typename Format>
std::string join(const Items& items, Format&& format) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += ',';
    text += format(item);
  }
  return text;
}

std::string labels_text(const Image& image) {
  return join(image.labels, [](const Label& label) {
    return printable(label.name) + '=' + printable(label.value);
  });
}

std::string name_text(const Image& image) {
  const auto version = label_value(image.labels, kVersionLabel);
  return printable(version ? image.name + ':' + std::string(*version) : image.name);
}

std::string cell(const Image& image, ImageField field, const TableStyle& style,
                 UnixNanos reference) {
  const bool full = style.full;
  const auto time = [&](UnixNanos value) {
    return full ? local_time(value) : human_time(value, reference);
  };
  switch (field) {
    case ImageField::kId:
      return full ? image.blob.key.text()
                  : image.blob.key.text().substr(0, kKeyScheme.size() + kShortDigits);
    case ImageField::kName:
      return name_text(image);
    case ImageField::kLabels:
      return labels_text(image);
    case ImageField::kImportTime:
      return time(image.import_time);
    case ImageField::kLastUsed:
      return time(image.last_used);
    case ImageField::kSize:
      return full ? std::to_string(image.blob.size) : human_size(image.blob.size);
    case ImageField::kLatest:
      return image.latest ? "true" : "false";
    case ImageField::kPins:
      return join(image.pins, [](const Pin& pin) { return printable(pin.owner); });
    case ImageField::kVerified:
      return image.blob.verified ? time(*image.blob.verified) : "never";
    case ImageField::kStore:
      return printable(style.stores[image.depth]);
  }
  return {};
}

std::strong_ordering compare(const Image& a, const Image& b, ImageField field) {
  switch (field) {
    case ImageField::kId:
      return a.blob.key <=> b.blob.key;
    case ImageField::kName:
      return a.name <=> b.name;
    case ImageField::kLabels:
      return labels_text(a) <=> labels_text(b);
    case ImageField::kImportTime:
      return import_order(a, b);
    case ImageField::kLastUsed:
      return a.last_used <=> b.last_used;
    case ImageField::kSize:
      return a.blob.size <=> b.blob.size;
    case ImageField::kLatest:
      return a.latest <=> b.latest;
    case ImageField::kPins:
      return a.pins.size() <=> b.pins.size();
    case ImageField::kVerified:
      return a.blob.verified.value_or(0) <=> b.blob.verified.value_or(0);
    case ImageField::kStore:
      return a.depth <=> b.depth;
  }
  return std::strong_ordering::equal;
}

}  // namespace

std::vector<ImageField> parse_fields(std::string_view text) {
  std::vector<ImageField> fields;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    const auto found = std::find_if(kFields.begin(), kFields.end(),
                                    [&](const FieldName& field) { return field.name == name; });
    if (found == kFields.end()) {
      throw Error(ErrorKind::kUsage, quoted(name) + ": no such field; there are " +
                                         join(kFields, [](const FieldName& field) {
                                           return std::string(field.name);
                                         }));
    }
    fields.push_back(found->field);
    if (comma == std::string_view::npos) return fields;
    text.remove_prefix(comma + 1);
  }
}

std::vector<std::string> field_names() {
  std::vector<std::string> names;
  for (const FieldName& field : kFields)
    names.emplace_back(field.name);
  return names;
}

void sort_images(std::vector<Image>& images, const std::vector<ImageField>& by, bool descending) {
  const auto less = [&](const Image& a, const Image& b) {
    for (const ImageField field : by) {
      if (const auto order = compare(a, b, field); order != 0) return order < 0;
    }
    return import_order(a, b) < 0;
  };
  std::sort(images.begin(), images.end(), less);
  if (descending) std::reverse(images.begin(), images.end());
}

std::string format_images(const std::vector<Image>& images, const TableStyle& style) {
  std::vector<std::vector<std::string>> rows;
  if (style.legend) {
    auto& row = rows.emplace_back();
    for (const ImageField field : style.fields) {
      row.emplace_back(kFields[static_cast<std::size_t>(field)].legend);
    }
  }
  const UnixNanos reference = now();
  for (const Image& image : images) {
    auto& row = rows.emplace_back();
    for (const ImageField field : style.fields) {
      row.push_back(cell(image, field, style, reference));
    }
  }
  return format_table(rows);
}

}  // namespace acistore
