// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_EXIT_CODE_HPP
#define ACISTORE_CLI_EXIT_CODE_HPP

#include <string_view>

#include "base/error.hpp"

namespace acistore {

// All went well and the answer is no: no error, and Diagnostics::set_status() takes it.
inline constexpr int kAnswerIsNo = 9;

// The exit statuses of errors, acistore(1), EXIT STATUS.
constexpr int exit_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kIo:
      return 1;
    case ErrorKind::kUsage:
      return 2;
    case ErrorKind::kNotFound:
      return 3;
    case ErrorKind::kAmbiguous:
      return 4;
    case ErrorKind::kInvalid:
      return 5;
    case ErrorKind::kDamaged:
      return 6;
    case ErrorKind::kBusy:
      return 7;
    case ErrorKind::kNoSpace:
      return 8;
    case ErrorKind::kRefused:
      return 10;
  }
  return 1;
}

// The name of a kind in JSON, acistore(1), JSON.
constexpr std::string_view kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kIo:
      return "io";
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kNotFound:
      return "not-found";
    case ErrorKind::kAmbiguous:
      return "ambiguous";
    case ErrorKind::kInvalid:
      return "invalid";
    case ErrorKind::kDamaged:
      return "damaged";
    case ErrorKind::kBusy:
      return "busy";
    case ErrorKind::kNoSpace:
      return "no-space";
    case ErrorKind::kRefused:
      return "refused";
  }
  return "io";
}

}  // namespace acistore

#endif
