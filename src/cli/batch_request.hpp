// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_BATCH_REQUEST_HPP
#define ACISTORE_CLI_BATCH_REQUEST_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/labels.hpp"

namespace acistore {

enum class BatchVerb {
  kGet,
  kResolve,
  kExists,
  kImage,
  kInfo,
  kManifest,
  kList,
  kRemote,
  kRemotes
};

// One line of acistore-batch(1): an object with the verb as name of what it is asked about.
//
//   {"id": 7, "get": "example.com/app", "labels": {"os": "linux"}}
struct BatchRequest {
  std::string id;  // as it is written, to be given back: JSON, or empty
  BatchVerb verb = BatchVerb::kGet;
  std::optional<std::string> argument;  // nothing: null
  Labels labels;                        // more of them, for a name
  std::optional<std::string> prefix;    // of the keys to list
};

// The longest line.
inline constexpr std::size_t kMaxRequestBytes = std::size_t{1} << 20;

// Fills in `request`. Throws Error(kUsage) if the line is none, and the `id` is there all the same
// if that could be read.
void parse_batch_request(std::string_view line, BatchRequest& request);

}  // namespace acistore

#endif
