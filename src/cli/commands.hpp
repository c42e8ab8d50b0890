// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_COMMANDS_HPP
#define ACISTORE_CLI_COMMANDS_HPP

#include <span>
#include <string_view>

#include "cli/arguments.hpp"
#include "cli/invocation.hpp"
#include "store/store.hpp"

namespace acistore {

struct Command {
  std::string_view path;  // "import", "remote add"
  std::string_view summary;
  StoreAccess access;
  // Declares what the command takes, and returns what to do once that is parsed. Null for a word
  // that only has commands below it.
  Action (*declare)(Arguments&);
};

// Every command there is: what a command is called, what it says of itself and what it needs of the
// store stands in this table and nowhere else.
std::span<const Command> commands();

Action declare_batch(Arguments&);
Action declare_bundle_create(Arguments&);
Action declare_bundle_import(Arguments&);
Action declare_bundle_list(Arguments&);
Action declare_cat(Arguments&);
Action declare_complete(Arguments&);
Action declare_diff(Arguments&);
Action declare_dump(Arguments&);
Action declare_exists(Arguments&);
Action declare_export(Arguments&);
Action declare_extract(Arguments&);
Action declare_gc(Arguments&);
Action declare_get(Arguments&);
Action declare_hash(Arguments&);
Action declare_import(Arguments&);
Action declare_info(Arguments&);
Action declare_list(Arguments&);
Action declare_ls(Arguments&);
Action declare_manifest(Arguments&);
Action declare_mark(Arguments&);
Action declare_pin(Arguments&);
Action declare_put(Arguments&);
Action declare_recover(Arguments&);
Action declare_remote_add(Arguments&);
Action declare_remote_list(Arguments&);
Action declare_remote_rm(Arguments&);
Action declare_remote_show(Arguments&);
Action declare_render(Arguments&);
Action declare_resolve(Arguments&);
Action declare_rm(Arguments&);
Action declare_seed(Arguments&);
Action declare_sync(Arguments&);
Action declare_unpin(Arguments&);
Action declare_validate(Arguments&);
Action declare_verify(Arguments&);

}  // namespace acistore

#endif
