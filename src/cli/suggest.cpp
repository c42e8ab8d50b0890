// SPDX-License-Identifier: Apache-2.0
#include "cli/suggest.hpp"

#include <algorithm>

namespace acistore {
namespace {

// Optimal string alignment distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j)
    cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> suggest(std::string_view typed, const std::vector<std::string>& words) {
  constexpr std::size_t kLongest = 32;  // nobody mistypes a verb into more
  if (typed.size() > kLongest) return std::nullopt;
  std::optional<std::string> best;
  // Up to a third of the letters may be wrong, two at the most and one in any case.
  std::size_t limit = std::clamp<std::size_t>(typed.size() / 3, 1, 2) + 1;
  for (const std::string& word : words) {
    const std::size_t wrong = distance(typed, word);
    // A word that is nothing but wrong letters is no likeness.
    if (wrong < limit && wrong < word.size()) {
      limit = wrong;
      best = word;
    }
  }
  return best;
}

}  // namespace acistore
