// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_MANIFEST_HPP
#define ACISTORE_ACI_MANIFEST_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include "aci/problem.hpp"
#include "model/manifest.hpp"

namespace acistore {

inline constexpr std::size_t kMaxManifestBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxNameBytes = 4096;  // of the image's name
inline constexpr std::size_t kMaxLabels = 10000;    // of an image or of one dependency
inline constexpr std::size_t kMaxJsonDepth = 10000;

// Reads an image manifest (appc spec/aci.md, "Image Manifest Schema") and holds it to every rule
// that the reference validator of the specification holds it to, in the way of Go's encoding/json:
// the case of member names does not matter, unknown members are ignored, of a member that stands
// twice each is checked and the last counts.
//
// Throws Error(kInvalid) with one line that names the member and its value, or for what is not JSON
// in UTF-8 the line and column (in characters, from 1).
Manifest parse_manifest(std::string_view json);

// The same reading, for what else a rendering wants to know of a manifest. A long whitelist takes
// its time to copy, which no import has to wait for.
Composition parse_composition(std::string_view json);

// Tells of everything that is wrong with a manifest: of every rule that parse_manifest() holds it
// to, and of departures from the letter of the specification that the reference lets pass. Goes on
// after a problem wherever it can; what is not JSON ends it.
void check_manifest(std::string_view json, const ReportProblem& report);

// The same document with one member or element a line, indented by two spaces a level; strings and
// numbers as they were written, but characters that a terminal may act on are escaped. What is
// nested deeper than 32 levels stays on its line, so that the result is bounded by a multiple of
// the input. Ends without a line feed. Throws as above if it is not JSON.
std::string pretty_json(std::string_view json);

}  // namespace acistore

#endif
