// What the rows of the tables of operations are made of.
#pragma once

#include <span>
#include <string_view>

#include "tests/model/operations.h"

namespace confab::testing {

struct Draw {
  std::mt19937_64& random;
  const NaiveChat& model;
  DrawOptions options;

  std::size_t below(std::size_t bound) const { return random() % bound; }
  bool once_in(std::size_t count) const { return below(count) == 0; }
  template <typename T>
  const T& one_of(const std::vector<T>& all) const {
    return all[below(all.size())];
  }
};

/// Gets an operation with a message of random from, to, seq and random.
using DrawFunction = void (*)(const Draw& draw, Operation& operation);
using PlayFunction = Codes (*)(Stage& stage, const Operation& operation);

struct Kind {
  std::string_view name;
  std::size_t weight;
  std::size_t rare_weight;  // with few_messages
  DrawFunction draw;
  PlayFunction play;
};

/// Those on groups.
std::span<const Kind> group_kinds();

inline Codes whole(int actual, int expected) {
  return {{.code = actual}, {.code = expected}};
}

}  // namespace confab::testing
