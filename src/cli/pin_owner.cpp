// SPDX-License-Identifier: Apache-2.0
#include "cli/pin_owner.hpp"

#include "base/error.hpp"
#include "model/image.hpp"

namespace acistore {

void declare_pin_owner(Arguments& arguments, std::optional<std::string>& target) {
  arguments.option("--owner", target, "OWNER", "whose pin it is (manual)");
}

std::string pin_owner(const std::optional<std::string>& given) {
  const std::string owner = given.value_or(std::string(kDefaultPinOwner));
  check_pin_owner("--owner", owner);
  return owner;
}

void check_pin_owner(const char* option, const std::string& owner) {
  if (owner.empty()) {
    throw Error(ErrorKind::kUsage, std::string(option) + ": the owner is empty");
  }
  if (owner.size() > kMaxPinOwnerBytes) {
    throw Error(ErrorKind::kUsage, std::string(option) + ": an owner of " +
                                       std::to_string(owner.size()) + " bytes; the limit is " +
                                       std::to_string(kMaxPinOwnerBytes));
  }
}

}  // namespace acistore
