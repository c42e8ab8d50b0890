// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_TESTS_UNIT_ERRORS_HPP
#define ACISTORE_TESTS_UNIT_ERRORS_HPP

#include <optional>

#include "base/error.hpp"

namespace acistore {

// The Error that `action` throws; nothing if it throws none.
template <typename Action>
std::optional<Error> error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace acistore

#endif
