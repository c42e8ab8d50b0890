// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/number.hpp"
#include "cli/size.hpp"
#include "store/database_copy.hpp"
#include "store/gc.hpp"

namespace acistore {
namespace {

constexpr UnixNanos kDefaultGracePeriod = UnixNanos{24} * 3'600 * 1'000'000'000;

const char* reason_name(RemovalReason reason) {
  switch (reason) {
    case RemovalReason::kUnused:
      return "unused";
    case RemovalReason::kMaxSize:
      return "max-size";
    case RemovalReason::kOrphan:
      return "orphan";
    case RemovalReason::kTemporary:
      return "temporary";
    case RemovalReason::kQuarantined:
      return "quarantined";
  }
  return "";
}

}  // namespace

std::string to_text(const Removal& removal) {
  return (removal.key ? removal.key->text() : printable(removal.path)) + "  " +
         std::to_string(removal.size) + '\n';
}

void to_json(Json& json, const Removal& removal) {
  json.begin_object();
  json.member("key", removal.key ? std::optional(removal.key->text()) : std::nullopt);
  if (!removal.key) json.member_bytes("path", removal.path);
  json.member("size", removal.size);
  json.member("reason", reason_name(removal.reason));
  json.end_object();
}

namespace {

struct Options {
  std::optional<std::string> grace_period;
  std::optional<std::string> keep_last;
  std::optional<std::string> max_size;
  bool quarantine = false;
  bool dry_run = false;
  bool explain = false;
};

std::uint64_t parse_count(const std::string& text) {
  if (const auto count = parse_number<std::uint64_t>(text)) return *count;
  throw Error(ErrorKind::kUsage, quoted(text) + ": not a number of images");
}

GcRequest request_of(const Options& options) {
  GcRequest request{.policy = {},
                    .quarantine = options.quarantine,
                    .disposal = options.dry_run ? Disposal::kOnlyLook : Disposal::kRemove};
  GcPolicy& policy = request.policy;
  if (options.grace_period) {
    policy.grace_period = with_context("--grace-period", [&] {
      return std::chrono::nanoseconds(parse_duration(*options.grace_period)).count();
    });
  }
  if (options.max_size) {
    policy.max_size = with_context("--max-size", [&] { return parse_size(*options.max_size); });
  }
  if (options.keep_last) {
    policy.keep_last = with_context("--keep-last", [&] { return parse_count(*options.keep_last); });
  }
  if (!policy.grace_period && !policy.max_size) policy.grace_period = kDefaultGracePeriod;
  return request;
}

std::string verdict_text(const GcVerdict& verdict) {
  const std::string used = "last used " + rfc3339(verdict.image.last_used);
  switch (verdict.decision) {
    case GcDecision::kUnused:
      return "goes: " + used + ", longer ago than the grace period";
    case GcDecision::kOverSize:
      return "goes: " + used + ", before the others, and the store is too large";
    case GcDecision::kPinned:
      return "stays: pinned by " + quoted(verdict.image.pinned_by.value_or(std::string()));
    case GcDecision::kAmongNewest:
      return "stays: one of the last imported of its name";
    case GcDecision::kRecentlyUsed:
      return "stays: " + used + ", within the grace period";
    case GcDecision::kSmallEnough:
      return "stays: " + used + ", and the store is small enough";
  }
  return {};
}

std::string describe(const GcVerdict& verdict) {
  return verdict.image.key.text() + "  " + printable(verdict.image.name) + ": " +
         verdict_text(verdict);
}

void run(const Options& options, Invocation& invocation) {
  const GcRequest request = request_of(options);
  // Whoever only looks needs no right to write.
  if (options.dry_run) invocation.set_access(StoreAccess::kRead);
  Diagnostics& diagnostics = invocation.diagnostics;
  ResultList removed(invocation, "removed");
  const GcReports reports{
      .removed =
          [&](const Removal& removal) {
            try {
              removed.add(removal);
            } catch (const Error& error) {
              diagnostics.report(error);  // what is not told is removed all the same
            }
          },
      .failed = [&](const Error& error) { diagnostics.report(error); },
      .left = [&](const std::string& text) { diagnostics.note(text); },
  };
  const ReportPlan planned = [&](const GcPlan& plan) {
    for (const GcVerdict& verdict : plan.verdicts) {
      if (options.explain) diagnostics.note(describe(verdict));
    }
    if (request.policy.max_size && plan.size_left > *request.policy.max_size) {
      diagnostics.note("the store cannot get that small: what stays has " +
                       std::to_string(plan.size_left) + " bytes");
    }
  };
  collect_garbage(invocation.store(), request, planned, reports);
  removed.finish();
  if (options.dry_run) return;
  // On a full disk there may be no room for it, and that is no failure.
  if (const auto error = refresh_database_copy(invocation.store())) {
    diagnostics.detail(error->message());
  }
}

}  // namespace

Action declare_gc(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.option("--grace-period", options->grace_period, "DURATION",
                   "remove images that were not used for so long (24h, if nothing else selects)");
  arguments.option("--keep-last", options->keep_last, "N",
                   "keep the N images of each name that were imported last");
  arguments.option("--max-size", options->max_size, "SIZE",
                   "remove the least recently used until no more than SIZE bytes are stored");
  arguments.flag("--quarantine", options->quarantine, "empty the quarantine too");
  arguments.flag("--dry-run", options->dry_run, "print what would be removed, and remove nothing");
  arguments.flag("--explain", options->explain,
                 "say on standard error of each image why it goes or stays");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
