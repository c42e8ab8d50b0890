// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
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

void run(const std::vector<std::string>& images, Invocation& invocation) {
  std::array<std::size_t, kStatusNames.size()> counts{};
  ResultList checks(invocation, "checks");
  const ReportCheck report = [&](const Check& check) {
    ++counts[static_cast<std::size_t>(check.status)];
    if (check.status == CheckStatus::kCorrupt || check.status == CheckStatus::kMissing) {
      invocation.diagnostics.set_status(exit_status(ErrorKind::kDamaged));
    }
    checks.add(check);
  };
  if (images.empty()) {
    verify_all(invocation.store(), invocation.progress(), report);
  } else {
    invocation.for_each(images, [&](const std::string& image) {
      const ImageArgument argument = parse_image_argument(image);
      verify_one(invocation.store(), argument, invocation.progress(), report);
    });
  }
  checks.finish();
  std::string summary;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    summary += (i == 0 ? "" : ", ") + std::to_string(counts[i]) + ' ' + kStatusNames[i];
  }
  invocation.diagnostics.note(summary);
}

}  // namespace

Action declare_verify(Arguments& arguments) {
  const auto images = std::make_shared<std::vector<std::string>>();
  arguments.optional_positional("IMAGE", *images,
                                "keys or references; everything if none is given");
  return [images](Invocation& invocation) { run(*images, invocation); };
}

}  // namespace acistore
