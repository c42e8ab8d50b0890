// SPDX-License-Identifier: Apache-2.0
#include "store/recover.hpp"

#include <array>
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/job_count.hpp"
#include "cli/results.hpp"
#include "model/reference.hpp"

namespace acistore {
namespace {

constexpr std::array<const char*, 4> kStatusNames{"image", "blob", "corrupt", "missing"};

}  // namespace

std::string to_text(const RecoveredBlob& blob) {
  const std::string detail =
      blob.image ? Reference{blob.image->name, blob.image->labels}.text() : blob.detail;
  return blob.key.text() + "  " + kStatusNames[static_cast<std::size_t>(blob.status)] +
         (detail.empty() ? "" : ": " + printable(detail)) + '\n';
}

void to_json(Json& json, const RecoveredBlob& blob) {
  json.begin_object();
  if (blob.image) {
    image_members(json, *blob.image);
  } else {
    json.member("key", blob.key.text());
  }
  json.member("status", kStatusNames[static_cast<std::size_t>(blob.status)]);
  json.member("detail", blob.detail);
  json.end_object();
}

namespace {

std::string describe(const Recovery& recovery) {
  std::string text = "the old database: ";
  switch (recovery.old) {
    case Recovery::Old::kNone:
      text += "there was none";
      break;
    case Recovery::Old::kIntact:
      text += "intact";
      break;
    case Recovery::Old::kDamaged:
      text += "damaged: " + printable(recovery.trouble);
      break;
  }
  if (!recovery.kept_as.empty()) text += "; kept as " + recovery.kept_as;
  if (recovery.used_copy) text += "; what it lacked came from its last copy";
  return text;
}

void run(const std::optional<std::string>& jobs, Invocation& invocation) {
  std::array<std::size_t, kStatusNames.size()> counts{};
  ResultList found(invocation, "recovered");
  const unsigned workers = job_count(jobs);
  const Recovery recovery =
      recover(invocation.store(), workers, invocation.progress(), [&](const RecoveredBlob& blob) {
        ++counts[static_cast<std::size_t>(blob.status)];
        if (blob.status == RecoveredStatus::kCorrupt || blob.status == RecoveredStatus::kMissing) {
          invocation.diagnostics.set_status(exit_status(ErrorKind::kDamaged));
        }
        found.add(blob);
      });
  found.finish();
  invocation.diagnostics.note(describe(recovery));
  std::string summary;
  for (std::size_t i = 0; i < counts.size(); ++i)
    summary += std::to_string(counts[i]) + ' ' + kStatusNames[i] + ", ";
  invocation.diagnostics.note(summary + std::to_string(recovery.marks) + " latest, " +
                              std::to_string(recovery.pins) + " pins, " +
                              std::to_string(recovery.remotes) + " remotes");
}

}  // namespace

Action declare_recover(Arguments& arguments) {
  const auto jobs = std::make_shared<std::optional<std::string>>();
  declare_job_count(arguments, *jobs);
  return [jobs](Invocation& invocation) { run(*jobs, invocation); };
}

}  // namespace acistore
