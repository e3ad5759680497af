#include "server/suggestion.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace confab {
namespace {

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  // A third of the letters may be wrong; beyond that a suggestion misleads more than it helps.
  std::size_t nearest = std::max<std::size_t>(2, word.size() / 3) + 1;
  const std::string* found = nullptr;
  for (const auto& candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    if (distance >= nearest) continue;
    nearest = distance;
    found = &candidate;
  }
  return found == nullptr ? "" : "; did you mean " + *found + "?";
}

}  // namespace confab
