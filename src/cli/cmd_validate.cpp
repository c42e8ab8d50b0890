// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "store/validate.hpp"

namespace acistore {
namespace {

const char* severity_name(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

}  // namespace

std::string to_text(const Finding& finding) {
  const Problem& problem = finding.problem;
  return printable(finding.source) + ": " + severity_name(problem.severity) + ": " + problem.field +
         ": " + (problem.value ? quoted(*problem.value) + ": " : std::string()) + problem.message +
         '\n';
}

void to_json(Json& json, const Finding& finding) {
  const Problem& problem = finding.problem;
  json.begin_object();
  json.member_bytes("source", finding.source);
  json.member("severity", severity_name(problem.severity));
  json.member("field", problem.field);
  if (problem.value) {
    json.member_bytes("value", *problem.value);
  } else {
    json.member("value", std::optional<std::string>());
  }
  json.member("message", problem.message);
  json.end_object();
}

namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> images;
};

void run(const Options& options, Invocation& invocation) {
  if (options.files.empty() && options.images.empty())
    throw Error(ErrorKind::kUsage, "there must be a FILE or --image");
  std::vector<ImageArgument> images;
  for (const std::string& image : options.images)
    images.push_back(parse_image_argument(image));

  std::size_t errors = 0;
  std::size_t warnings = 0;
  ResultList findings(invocation, "findings");
  const auto validate = [&](const std::string& source, const auto& check) {
    try {
      check([&](const Problem& problem) {
        ++(problem.severity == Severity::kError ? errors : warnings);
        if (problem.severity == Severity::kError)
          invocation.diagnostics.set_status(exit_status(ErrorKind::kInvalid));
        findings.add(Finding{source, problem});
      });
    } catch (const Error& error) {
      invocation.diagnostics.report(error);
    }
  };
  for (const std::string& file : options.files)
    validate(file, [&](const ReportProblem& report) {
      with_context(printable(file), [&] { validate_file(file, invocation.progress(), report); });
    });
  for (std::size_t i = 0; i < images.size(); ++i)
    validate(options.images[i], [&](const ReportProblem& report) {
      validate_image(invocation.stores(), images[i], invocation.progress(), report);
    });
  findings.finish();
  invocation.diagnostics.note(std::to_string(errors) + (errors == 1 ? " error, " : " errors, ") +
                              std::to_string(warnings) +
                              (warnings == 1 ? " warning" : " warnings"));
}

}  // namespace

Action declare_validate(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.option("--image", options->images, "IMAGE", "an image in the store");
  arguments.optional_positional("FILE", options->files, "image files; - is standard input");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
