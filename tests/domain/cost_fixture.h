// What an operation costs, in a town of its own.
#pragma once

#include <gtest/gtest.h>

#include "tests/domain/counting_store.h"
#include "tests/domain/town.h"

namespace confab::testing {

class CostFixture : public ::testing::Test {
 protected:
  template <typename Operation>
  StoreCost cost_of(Operation operation) {
    CountingStore counting(town_.world.store());
    Context context{.store = counting,
                    .clock = town_.world.clock,
                    .random = town_.world.random,
                    .limits = town_.world.limits,
                    .app = World::kApp};
    EXPECT_TRUE(operation(context));
    return counting.cost;
  }

  Town town_;
};

}  // namespace confab::testing
