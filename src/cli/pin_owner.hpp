// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_PIN_OWNER_HPP
#define ACISTORE_CLI_PIN_OWNER_HPP

#include <optional>
#include <string>

#include "cli/arguments.hpp"

namespace acistore {

// Declares --owner: whose a pin is.
void declare_pin_owner(Arguments& arguments, std::optional<std::string>& target);

// What was given, or "manual". Throws Error(kUsage) if it is empty.
std::string pin_owner(const std::optional<std::string>& given);

// Throws Error(kUsage), with the option that it was given by, if nobody can be called so.
void check_pin_owner(const char* option, const std::string& owner);

}  // namespace acistore

#endif
