// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_header.hpp"

#include <algorithm>
#include <string>

#include "aci/tar_number.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

using namespace std::string_view_literals;

struct Field {
  std::size_t at;
  std::size_t length;
};

constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUid{108, 8};
constexpr Field kGid{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kMtime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kTypeAt = 156;
constexpr Field kLink{157, 100};
constexpr Field kMagic{257, 6};
constexpr Field kVersion{263, 2};
constexpr Field kUname{265, 32};
constexpr Field kGname{297, 32};
constexpr Field kDevMajor{329, 8};
constexpr Field kDevMinor{337, 8};
constexpr Field kUstarPrefix{345, 155};
constexpr Field kStarPrefix{345, 131};
constexpr Field kStarTrailer{508, 4};
constexpr Field kGnuAtime{345, 12};
constexpr Field kGnuCtime{357, 12};

std::string_view bytes(const TarBlock& block, Field field) {
  return std::string_view(block.data(), block.size()).substr(field.at, field.length);
}

std::string_view text(const TarBlock& block, Field field) {
  const std::string_view all = bytes(block, field);
  return all.substr(0, all.find('\0'));
}

std::int64_t number(const TarBlock& block, Field field, const char* name) {
  const auto value = parse_octal_or_binary(bytes(block, field));
  if (!value)
    throw Error(ErrorKind::kInvalid,
                std::string(name) + " in the header is no number: " + quoted(text(block, field)));
  return *value;
}

void check_checksum(const TarBlock& block) {
  // Its own field counts as spaces.
  std::int64_t as_unsigned = 0;
  std::int64_t as_signed = 0;
  for (const char c : block) {
    as_unsigned += static_cast<unsigned char>(c);
    as_signed += static_cast<signed char>(c);
  }
  for (const char c : bytes(block, kChecksum)) {
    as_unsigned += ' ' - static_cast<unsigned char>(c);
    as_signed += ' ' - static_cast<signed char>(c);
  }
  const auto recorded = parse_octal(bytes(block, kChecksum));
  if (recorded == as_unsigned || recorded == as_signed) return;
  throw Error(ErrorKind::kInvalid,
              "header checksum is " +
                  (recorded ? std::to_string(*recorded) : quoted(text(block, kChecksum))) +
                  ", computed " + std::to_string(as_unsigned));
}

TarFlavor flavor_of(const TarBlock& block) {
  const std::string_view magic = bytes(block, kMagic);
  if (magic == "ustar\0"sv)
    return bytes(block, kStarTrailer) == "tar\0"sv ? TarFlavor::kStar : TarFlavor::kUstar;
  if (magic == "ustar "sv && bytes(block, kVersion) == " \0"sv) return TarFlavor::kGnu;
  return TarFlavor::kV7;
}

// Writers of Go before 1.8 put a ustar prefix into GNU headers, over atime and ctime, and many old
// images were made by one. It shows in that these two are no numbers.
std::string_view misplaced_prefix(const TarBlock& block) {
  for (const Field field : {kGnuAtime, kGnuCtime}) {
    const std::string_view time = bytes(block, field);
    if (time.front() == '\0' || parse_octal_or_binary(time)) continue;
    const std::string_view prefix = text(block, kUstarPrefix);
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    return std::all_of(prefix.begin(), prefix.end(), is_ascii) ? prefix : std::string_view();
  }
  return {};
}

}  // namespace

bool is_zero_block(const TarBlock& block) {
  return std::all_of(block.begin(), block.end(), [](char c) { return c == '\0'; });
}

TarHeader parse_tar_header(const TarBlock& block) {
  check_checksum(block);
  TarHeader header;
  header.flavor = flavor_of(block);
  header.type = block[kTypeAt];
  header.name = text(block, kName);
  header.link = text(block, kLink);
  header.mode = number(block, kMode, "mode");
  header.uid = number(block, kUid, "uid");
  header.gid = number(block, kGid, "gid");
  header.size = number(block, kSize, "size");
  header.mtime = number(block, kMtime, "mtime");
  if (header.flavor == TarFlavor::kV7) return header;
  header.uname = text(block, kUname);
  header.gname = text(block, kGname);
  header.dev_major = number(block, kDevMajor, "device major");
  header.dev_minor = number(block, kDevMinor, "device minor");
  if (header.flavor == TarFlavor::kUstar)
    header.prefix = text(block, kUstarPrefix);
  else if (header.flavor == TarFlavor::kStar)
    header.prefix = text(block, kStarPrefix);
  else
    header.prefix = misplaced_prefix(block);
  return header;
}

}  // namespace acistore
