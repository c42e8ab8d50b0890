// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_INVOCATION_HPP
#define ACISTORE_CLI_INVOCATION_HPP

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "cli/diagnostics.hpp"
#include "cli/global_options.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "store/store.hpp"
#include "store/stores.hpp"

namespace acistore {

// One run of one command: what its action works with.
class Invocation {
 public:
  Output out;
  Diagnostics diagnostics;
  GlobalOptions options;

  // The store, which alone is written to. Opened when it is first asked for, so that a command line
  // that is wrong is told before anything of the store, and makes none.
  Store& store();

  // The same store and those below it. For reading, there need be none but lower ones. Damage that
  // makes a lower one useless is reported, and does not keep the rest from working.
  const Stores& stores();

  // Whether any was named.
  bool has_lower_stores() const { return !lower_store_options(options).empty(); }

  void set_access(StoreAccess access) { access_ = access; }

  // Has damage to lower stores be passed over without a word.
  void ignore_damage() { reports_damage_ = false; }

  Progress& progress() { return *progress_; }
  void set_progress(std::unique_ptr<Progress> progress) { progress_ = std::move(progress); }

  // Writes a result: a struct with to_text() and to_json() beside its command.
  template <typename Result>
  void emit(const Result& result) {
    if (!options.json) {
      out.write(to_text(result));
      return;
    }
    Json json;
    to_json(json, result);
    out.write(json.take() += '\n');
  }

  // Runs `action` for each argument. One that fails is reported and keeps no other from its turn.
  template <typename Action>
  void for_each(const std::vector<std::string>& arguments, Action&& action) {
    for (const std::string& argument : arguments) {
      try {
        action(argument);
      } catch (const Error& error) {
        diagnostics.report(error);
        // Without a store there is nothing to do for the others either.
        if (access_ != StoreAccess::kNone && error.kind() != ErrorKind::kUsage && !is_open())
          return;
      }
    }
  }

 private:
  bool is_open() const { return store_ || stores_; }
  void open_lower_stores();
  void report_damage(const Error& error);

  StoreAccess access_ = StoreAccess::kNone;
  std::optional<Store> store_;
  std::deque<Store> lower_;
  std::optional<Stores> stores_;
  bool reports_damage_ = true;
  std::set<std::string> damage_;  // what was said of it
  std::unique_ptr<Progress> progress_ = std::make_unique<Progress>();
};

// Results of one kind, of which each is written as soon as it is there: as text a line each, as
// JSON one object with one array, {"imports": [...]}. If all failed, nothing is written.
class ResultList {
 public:
  ResultList(Invocation& invocation, const char* name) : invocation_(invocation), name_(name) {}

  template <typename Result>
  void add(const Result& result) {
    if (!invocation_.options.json) {
      invocation_.out.write(to_text(result));
      return;
    }
    open();
    to_json(json_, result);
    invocation_.out.write(json_.take());
  }

  // For what is done for good: it is said now, whatever becomes of the others, and if that fails
  // (nobody reads any more), the failure is reported and keeps none of them from being done.
  template <typename Result>
  void add_at_once(const Result& result) {
    try {
      add(result);
      invocation_.out.flush();
    } catch (const Error& error) {
      invocation_.diagnostics.report(error);
    }
  }

  void finish() {
    if (!invocation_.options.json) return;
    if (!is_open_ && invocation_.diagnostics.status() != 0) return;
    open();
    json_.end_array();
    json_.end_object();
    invocation_.out.write(json_.take() += '\n');
  }

 private:
  void open() {
    if (is_open_) return;
    json_.begin_object();
    json_.key(name_);
    json_.begin_array();
    is_open_ = true;
  }

  Invocation& invocation_;
  const char* name_;
  Json json_;
  bool is_open_ = false;
};

// What a command does once its arguments are known.
using Action = std::function<void(Invocation&)>;

}  // namespace acistore

#endif
