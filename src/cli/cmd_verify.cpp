// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <utility>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/duration.hpp"
#include "cli/exit_code.hpp"
#include "cli/job_count.hpp"
#include "store/lookup.hpp"
#include "store/verify.hpp"

namespace acistore {
namespace {

constexpr std::array<const char*, 4> kStatusNames{"ok", "corrupt", "missing", "orphan"};

}  // namespace

std::string to_text(const Check& check) {
  return check.key.text() + "  " + kStatusNames[static_cast<std::size_t>(check.status)] +
         (check.detail.empty() ? "" : ": " + printable(check.detail)) + '\n';
}

void to_json(Json& json, const Check& check) {
  json.begin_object();
  json.member("key", check.key.text());
  json.member("status", kStatusNames[static_cast<std::size_t>(check.status)]);
  json.member("detail", check.detail);
  json.end_object();
}

namespace {

struct Options {
  std::vector<std::string> images;
  std::optional<std::string> jobs;
  std::optional<std::string> budget;
  bool repair = false;
};

VerifyOptions verify_options(const Options& options) {
  VerifyOptions result{.jobs = job_count(options.jobs), .deadline = {}, .repair = options.repair};
  if (options.budget) {
    with_context("--budget", [&] { result.deadline.emplace(parse_duration(*options.budget)); });
  }
  return result;
}

// A lower store is checked and never mended.
VerifyOptions options_for(const Store& store, VerifyOptions options) {
  options.repair = options.repair && !store.is_lower();
  return options;
}

// What is wrong in a lower store is told with its place.
ReportCheck report_for(const Store& store, const ReportCheck& report) {
  if (!store.is_lower()) return report;
  return [&](const Check& check) {
    Check told = check;
    if (!told.detail.empty()) told.detail += "; in the lower store " + store.path();
    report(told);
  };
}

// Returns whether there was time for all.
bool verify_named(const std::vector<std::string>& images, const VerifyOptions& options,
                  Invocation& invocation, const ReportCheck& report) {
  bool is_complete = true;
  std::vector<Blob> blobs;
  Store* store = nullptr;  // that has them
  const auto verify = [&] {
    if (blobs.empty()) return;
    is_complete &= verify_blobs(*store, std::exchange(blobs, {}), options_for(*store, options),
                                invocation.progress(), report_for(*store, report));
  };
  invocation.for_each(images, [&](const std::string& image) {
    try {
      const ImageArgument argument = parse_image_argument(image);
      Blob blob = find_blob(invocation.stores(), argument);
      Store& holder = invocation.stores().row_holder(blob.key);
      if (&holder != store) verify();
      store = &holder;
      blobs.push_back(std::move(blob));
    } catch (const Error&) {
      // Those before it come first, in the report and for the exit status.
      verify();
      throw;
    }
  });
  verify();
  return is_complete;
}

bool verify_everything(const VerifyOptions& options, Invocation& invocation,
                       const ReportCheck& report) {
  bool is_complete = true;
  invocation.stores().visit([&](std::size_t /*depth*/, Store& store) {
    const VerifyEnd end = verify_all(store, options_for(store, options), invocation.progress(),
                                     report_for(store, report));
    if (end.database) invocation.diagnostics.report(*end.database);
    if (end.copy) invocation.diagnostics.detail(end.copy->message());
    is_complete &= end.is_complete;
  });
  return is_complete;
}

void run(const Options& options, Invocation& invocation) {
  const VerifyOptions request = verify_options(options);
  std::array<std::size_t, kStatusNames.size()> counts{};
  ResultList checks(invocation, "checks");
  const ReportCheck report = [&](const Check& check) {
    ++counts[static_cast<std::size_t>(check.status)];
    if (check.status == CheckStatus::kCorrupt || check.status == CheckStatus::kMissing) {
      invocation.diagnostics.set_status(exit_status(ErrorKind::kDamaged));
    }
    checks.add(check);
  };
  const bool is_complete = options.images.empty()
                               ? verify_everything(request, invocation, report)
                               : verify_named(options.images, request, invocation, report);
  checks.finish();
  std::string summary;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    summary += (i == 0 ? "" : ", ") + std::to_string(counts[i]) + ' ' + kStatusNames[i];
  }
  if (!is_complete) summary += "; the time was up, and the next run goes on";
  invocation.diagnostics.note(summary);
}

}  // namespace

Action declare_verify(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  declare_job_count(arguments, options->jobs);
  arguments.option("--budget", options->budget, "DURATION",
                   "begin with no further image after so long; the next run goes on");
  arguments.flag("--repair", options->repair, "move damaged blobs to quarantine/ and forget them");
  arguments.optional_positional("IMAGE", options->images,
                                "keys or references; everything if none is given");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
