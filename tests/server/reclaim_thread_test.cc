// The background reclaim: it counts what it erases, and goes on after an error.
#include "server/reclaim_thread.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/domain/town.h"

namespace confab::testing {
namespace {

/// Waits until the rendered metrics hold `line`.
void wait_for(Metrics& metrics, const std::string& line) {
  while (!metrics.render().contains(line + '\n'))
    std::this_thread::yield();
}

class Reclaiming : public ::testing::Test {
 protected:
  ReclaimOptions options() {
    return {.store = town_.world.store(),
            .clock = town_.world.clock,
            .random = town_.world.random,
            .limits = town_.world.limits,
            .metrics = town_.world.metrics,
            .entries_per_second = 1'000'000,
            .interval = std::chrono::seconds(1)};
  }

  Town town_{Engine::kRocks};
};

TEST_F(Reclaiming, CountsWhatItErases) {
  town_.send("ann", "bob");
  town_.send("bob", "ann");
  town_.world.clock.advance(town_.world.limits.roaming_period);
  const ReclaimThread thread(options());
  wait_for(town_.world.metrics, R"(confab_reclaimed_total{kind="message"} 2)");
  wait_for(town_.world.metrics, R"(confab_reclaimed_total{kind="view"} 2)");
}

TEST_F(Reclaiming, GoesOnAfterAnError) {
  town_.send("ann", "bob");
  town_.world.clock.advance(town_.world.limits.roaming_period);
  town_.world.failpoints.arm("store.commit", 1);
  const ReclaimThread thread(options());
  wait_for(town_.world.metrics, R"(confab_reclaimed_total{kind="message"} 1)");
}

}  // namespace
}  // namespace confab::testing
