// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_PROBLEM_HPP
#define ACISTORE_ACI_PROBLEM_HPP

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>

namespace acistore {

// An error departs from what the specification demands; a warning from what it recommends, or from
// what readers of images agree on.
enum class Severity { kError, kWarning };

// Something that is wrong with an image.
struct Problem {
  Severity severity = Severity::kError;
  std::string field;  // `labels[2].name` of the manifest, `entry 17` of the archive, ...
  std::optional<std::string> value;  // any bytes
  std::string message;               // one printable line
};

using ReportProblem = std::function<void(const Problem&)>;

// Takes the problems of one document, where all are wanted and not only the first. Tells of each
// once, and of no more than kMost.
class Problems {
 public:
  static constexpr std::size_t kMost = 1000;

  // `report` must outlive this.
  explicit Problems(const ReportProblem& report) : report_(report) {}

  void add(const Problem& problem) {
    if (told_.size() > kMost ||
        !told_.insert(problem.field + '\n' + problem.value.value_or("") + '\n' + problem.message)
             .second)
      return;
    if (told_.size() <= kMost) {
      report_(problem);
    } else {
      report_(
          {.severity = Severity::kError,
           .field = "manifest",
           .value = {},
           .message = "more than " + std::to_string(kMost) + " problems; the rest is not told"});
    }
  }

 private:
  const ReportProblem& report_;
  std::set<std::string> told_;
};

}  // namespace acistore

#endif
