// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_sparse.hpp"

#include <algorithm>

#include "aci/tar_number.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::size_t kNumberBytes = 12;
constexpr std::size_t kRegionsInHeader = 4;
constexpr std::size_t kRegionsInBlock = 21;
constexpr std::size_t kHeaderRegionsAt = 386;
constexpr std::size_t kRealSizeAt = 483;
constexpr std::size_t kMaxDigits = 20;

[[noreturn]] void fail_map(const std::string& message) {
  throw Error(ErrorKind::kInvalid, "sparse map: " + message);
}

std::int64_t binary_number(std::string_view field) {
  const auto value = parse_octal_or_binary(field);
  if (!value) fail_map(quoted(field) + " is no number");
  return *value;
}

std::int64_t decimal_number(std::string_view text) {
  const auto value = parse_decimal(text);
  if (!value) fail_map(quoted(text) + " is no number");
  return *value;
}

std::string text(const SparseRegion& region) {
  return "a region of " + std::to_string(region.length) + " bytes at " +
         std::to_string(region.offset);
}

// `count` regions from `at` on, as far as they are used, and the flag behind them.
bool parse_regions(const TarBlock& block, std::size_t at, std::size_t count,
                   std::vector<SparseRegion>& regions) {
  const std::string_view bytes(block.data(), block.size());
  const char extended = bytes[at + 2 * kNumberBytes * count];
  for (std::size_t i = 0; i < count && bytes[at] != '\0'; ++i, at += 2 * kNumberBytes) {
    add_region(regions, binary_number(bytes.substr(at, kNumberBytes)),
               binary_number(bytes.substr(at + kNumberBytes, kNumberBytes)));
  }
  return extended != '\0';
}

}  // namespace

void add_region(std::vector<SparseRegion>& regions, std::int64_t offset, std::int64_t length) {
  if (offset < 0 || length < 0)
    fail_map("a region of " + std::to_string(length) + " bytes at " + std::to_string(offset));
  if (regions.size() == kMaxSparseRegions)
    fail_map("more than " + std::to_string(kMaxSparseRegions) + " regions (limit of a sparse map)");
  regions.push_back({static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(length)});
}

OldSparseHeader parse_old_sparse_header(const TarBlock& header,
                                        std::vector<SparseRegion>& regions) {
  const bool extended = parse_regions(header, kHeaderRegionsAt, kRegionsInHeader, regions);
  const std::int64_t real_size = binary_number(
      std::string_view(header.data(), header.size()).substr(kRealSizeAt, kNumberBytes));
  if (real_size < 0) fail_map("the real size is " + std::to_string(real_size));
  return {static_cast<std::uint64_t>(real_size), extended};
}

bool parse_old_sparse_block(const TarBlock& block, std::vector<SparseRegion>& regions) {
  return parse_regions(block, 0, kRegionsInBlock, regions);
}

void parse_sparse_list(std::string_view list, std::vector<SparseRegion>& regions) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (comma == std::string_view::npos) fail_map("an offset without a length: " + quoted(list));
    const std::size_t end = std::min(list.find(',', comma + 1), list.size());
    add_region(regions, decimal_number(list.substr(0, comma)),
               decimal_number(list.substr(comma + 1, end - comma - 1)));
    if (end + 1 == list.size()) fail_map("a comma at the end");
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

bool SparseMapParser::feed(const TarBlock& block) {
  std::string_view rest(block.data(), block.size());
  while (wanted_ > 0) {
    const std::size_t newline = rest.find('\n');
    digits_ += rest.substr(0, newline);
    if (digits_.size() > kMaxDigits) fail_map(quoted(digits_) + " is no number");
    if (newline == std::string_view::npos) return true;
    rest.remove_prefix(newline + 1);
    take_number(decimal_number(digits_));
    digits_.clear();
  }
  return false;
}

void SparseMapParser::take_number(std::int64_t number) {
  --wanted_;
  if (!counted_) {
    counted_ = true;
    if (number < 0) fail_map(std::to_string(number) + " regions");
    if (number > std::int64_t{kMaxSparseRegions})
      fail_map(std::to_string(number) + " regions (limit " + std::to_string(kMaxSparseRegions) +
               ")");
    wanted_ = 2 * static_cast<std::uint64_t>(number);
  } else if (has_offset_) {
    add_region(regions_, offset_, number);
    has_offset_ = false;
  } else {
    offset_ = number;
    has_offset_ = true;
  }
}

void check_regions(const std::vector<SparseRegion>& regions, std::uint64_t real_size,
                   std::uint64_t stored) {
  if (real_size > kMaxSparseRealBytes)
    fail_map("the real size is " + std::to_string(real_size) + " bytes (limit " +
             std::to_string(kMaxSparseRealBytes) + ")");
  std::uint64_t end = 0;
  std::uint64_t total = 0;
  for (const SparseRegion& region : regions) {
    if (region.offset < end) fail_map(text(region) + " overlaps the one before or is out of order");
    if (region.offset > real_size || region.length > real_size - region.offset)
      fail_map(text(region) + " goes beyond the real size, " + std::to_string(real_size));
    end = region.offset + region.length;
    total += region.length;
  }
  if (total != stored)
    fail_map("the regions have " + std::to_string(total) + " bytes, but " + std::to_string(stored) +
             " are stored");
}

}  // namespace acistore
