// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_ERROR_HPP
#define ACISTORE_BASE_ERROR_HPP

#include <exception>
#include <string>
#include <string_view>

namespace acistore {

// What went wrong, as far as a caller can act on it. The command line maps each kind to one exit
// status and one name in JSON (cli/exit_code.hpp); nothing else does.
enum class ErrorKind {
  kIo,         // the system refused: I/O error, permission, no memory
  kUsage,      // the request itself is malformed
  kNotFound,   // no such image, key, remote, path or store
  kAmbiguous,  // a key prefix that fits several keys
  kInvalid,    // input that is not a valid image, manifest or compressed stream
  kDamaged,    // what the store holds contradicts itself
  kBusy,       // a lock was not had in time
  kNoSpace,    // no space left on the device, or over quota
  kRefused,    // allowed by nobody's default: pinned, destination exists
};

// The one exception of this program. The message is one line that says what, where and why, with
// the values in question; context is added on the way up, where the noun is known.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

  ErrorKind kind() const noexcept { return kind_; }
  const std::string& message() const noexcept { return message_; }
  const char* what() const noexcept override { return message_.c_str(); }

  // Puts "context: " before the message.
  void add_context(std::string_view context);

 private:
  ErrorKind kind_;
  std::string message_;
};

// The error of a failed system call: "WHAT: strerror(errnum)". ENOSPC and EDQUOT are kNoSpace,
// everything else is kIo.
Error system_error(int errnum, std::string_view what);

// Throws system_error(errno, what).
[[noreturn]] void throw_errno(std::string_view what);

// Runs `action` and puts "context: " before the message of any Error that leaves it.
template <typename Action>
decltype(auto) with_context(std::string_view context, Action&& action) {
  try {
    return action();
  } catch (Error& error) {
    error.add_context(context);
    throw;
  }
}

}  // namespace acistore

#endif
