// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <chrono>
#include <deque>
#include <optional>

#include "cli/batch_answer.hpp"
#include "cli/batch_request.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/line_reader.hpp"
#include "cli/results.hpp"

namespace acistore {
namespace {

// Requests that have come together are answered from one snapshot of each database, which is most
// of what a lookup costs. It keeps others from committing, so it ends after so much time, and
// before anything is written.
constexpr std::chrono::milliseconds kLongestSnapshot{10};
constexpr std::size_t kMostBytes = 64 * 1024;  // of answers; one may be longer

template <typename Action>
std::optional<Error> error_of(Action&& action) {
  try {
    action();
  } catch (Error& error) {
    return std::move(error);
  }
  return std::nullopt;
}

class Batch {
 public:
  explicit Batch(Invocation& invocation) : invocation_(invocation), stores_(invocation.stores()) {}

  void run() {
    do {
      while (answer_some()) {
      }
      // Whoever waits for an answer before the next request gets it now.
      invocation_.out.flush();
    } while (with_context("standard input", [&] { return reader_.fill(); }));
  }

 private:
  // Answers requests that have come. Whether there may be more of these.
  bool answer_some() {
    using Clock = std::chrono::steady_clock;
    std::string answers;
    bool is_full = false;
    {
      std::deque<Snapshot> snapshots;
      for (std::size_t depth = 0; depth < stores_.size(); ++depth)
        snapshots.emplace_back(stores_.at(depth).database());
      const Clock::time_point end = Clock::now() + kLongestSnapshot;
      while (!is_full) {
        const auto line = reader_.next();
        if (!line) break;
        answers += answer(*line);
        is_full = answers.size() >= kMostBytes || Clock::now() >= end;
      }
    }
    invocation_.out.write(answers);
    return is_full;
  }

  std::string answer(const LineReader::Line& line) {
    ++line_number_;
    BatchRequest request;
    std::optional<Error> error = error_of([&] {
      if (line.is_too_long) {
        throw Error(ErrorKind::kUsage,
                    "longer than the limit of " + std::to_string(kMaxRequestBytes) + " bytes");
      }
      parse_batch_request(line.text, request);
    });
    Json json;
    json.begin_object();
    if (!request.id.empty()) {
      json.key("id");
      json.raw(request.id);
    }
    if (!error) error = error_of([&] { answer_batch_request(json, stores_, request); });
    if (error) {
      if (error->kind() == ErrorKind::kUsage)
        error->add_context("line " + std::to_string(line_number_));
      error_member(json, *error);
      invocation_.diagnostics.set_status(exit_status(error->kind()));
    }
    json.end_object();
    return json.take() += '\n';
  }

  Invocation& invocation_;
  const Stores& stores_;
  LineReader reader_{STDIN_FILENO, kMaxRequestBytes};
  std::uint64_t line_number_ = 0;
};

}  // namespace

Action declare_batch(Arguments&) {
  return [](Invocation& invocation) { Batch(invocation).run(); };
}

}  // namespace acistore
