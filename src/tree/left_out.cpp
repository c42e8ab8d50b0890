// SPDX-License-Identifier: Apache-2.0
#include "tree/left_out.hpp"

#include "base/quote.hpp"

namespace acistore {

std::string describe(const LeftOut& left_out) {
  const struct {
    std::uint64_t count;
    const char* one;
    const char* many;
  } kinds[] = {
      {left_out.owners, "owner", "owners"},
      {left_out.set_ids, "set-id mode", "set-id modes"},
      {left_out.devices, "device", "devices"},
      {left_out.xattrs, "extended attribute", "extended attributes"},
      {left_out.acls, "access control list", "access control lists"},
  };
  std::string text;
  for (const auto& kind : kinds) {
    if (kind.count == 0) continue;
    if (!text.empty()) text += ", ";
    text += std::to_string(kind.count) + ' ' + (kind.count == 1 ? kind.one : kind.many);
  }
  return text + "; the first at " + printable(left_out.first);
}

}  // namespace acistore
