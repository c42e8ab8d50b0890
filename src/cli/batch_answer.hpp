// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_BATCH_ANSWER_HPP
#define ACISTORE_CLI_BATCH_ANSWER_HPP

#include "cli/batch_request.hpp"
#include "cli/json.hpp"
#include "store/stores.hpp"

namespace acistore {

// Writes the members that answer a request, inside an object that is open. Throws Error before the
// first of them.
void answer_batch_request(Json& json, const Stores& stores, const BatchRequest& request);

}  // namespace acistore

#endif
