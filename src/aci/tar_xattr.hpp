// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_XATTR_HPP
#define ACISTORE_ACI_TAR_XATTR_HPP

#include <optional>
#include <string>
#include <string_view>

namespace acistore {

// The two encodings in a LIBARCHIVE.xattr.NAME=VALUE record (libarchive's tar(5)).

// The name: "%" and two hex digits stand for a byte. Anything else stands for itself.
std::string url_decode(std::string_view text);

// The value: base 64 (RFC 4648, section 4), with or without "=" at the end. Nothing if it is not.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace acistore

#endif
