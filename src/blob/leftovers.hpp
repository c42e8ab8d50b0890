// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BLOB_LEFTOVERS_HPP
#define ACISTORE_BLOB_LEFTOVERS_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acistore {

// Files of a store that are no blobs, and what takes them away: what interrupted work left in tmp/,
// and what lies in quarantine/. `store` is the descriptor of the store's directory, `name` that of
// a file in one of the two.

enum class Disposal { kRemove, kOnlyLook };

// The names in a directory of the store, in order; none if there is no such directory. Throws
// Error.
std::vector<std::string> leftover_names(int store, const char* directory);

// What became of a leftover.
struct Leftover {
  enum class State {
    kRemoved,   // or would be
    kGone,      // somebody else took it away
    kHeld,      // somebody is working on it
    kNotKnown,  // who may not read it cannot tell whether somebody is; it stays
    kNoFile,    // a directory: no work of ours left that; it stays
  };
  State state = State::kGone;
  std::uint64_t size = 0;  // bytes
};

// Removes a file from tmp/ unless a process holds it. Throws Error.
Leftover sweep_temporary(int store, const std::string& name, Disposal disposal);

// Removes a file from quarantine/. Throws Error.
Leftover empty_quarantine(int store, const std::string& name, Disposal disposal);

}  // namespace acistore

#endif
