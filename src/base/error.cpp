// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace acistore {

void Error::add_context(std::string_view context) {
  message_.insert(0, ": ");
  message_.insert(0, context);
}

Error system_error(int errnum, std::string_view what) {
  std::string message(what);
  message += ": ";
  // strerror() is not safe among threads; the standard library's category is.
  message += std::generic_category().message(errnum);
  const bool no_space = errnum == ENOSPC || errnum == EDQUOT;
  return Error(no_space ? ErrorKind::kNoSpace : ErrorKind::kIo, std::move(message));
}

void throw_errno(std::string_view what) {
  throw system_error(errno, what);
}

}  // namespace acistore
