// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_RESULTS_HPP
#define ACISTORE_CLI_RESULTS_HPP

#include <string>

#include "base/error.hpp"
#include "cli/json.hpp"
#include "model/image.hpp"
#include "model/image_key.hpp"
#include "model/remote.hpp"

namespace acistore {

struct ImageInfo;
struct ImportedImage;

// The results that several commands give.

// A key on a line, a string in JSON.
std::string to_text(const ImageKey& key);
void to_json(Json& json, const ImageKey& key);

// "error" and what it says, inside an object that is open: acistore(1), JSON.
void error_member(Json& json, const Error& error);

// The key of an image that was stored, on a line; an object: acistore(1), JSON.
std::string to_text(const ImportedImage& imported);
void to_json(Json& json, const ImportedImage& imported);

// A remote, an object: acistore(1), JSON.
void to_json(Json& json, const Remote& remote);

// Those members of an image that are known of it outside of a store, inside an object that is open.
void bundled_members(Json& json, const Image& image);

// All members of an image, inside an object that is open: acistore(1), JSON.
void image_members(Json& json, const Image& image);

// All that is known of an image, an object: acistore-info(1).
void to_json(Json& json, const ImageInfo& info);

// A time as RFC 3339 in UTC.
void time_member(Json& json, const char* name, const std::optional<UnixNanos>& time);

}  // namespace acistore

#endif
