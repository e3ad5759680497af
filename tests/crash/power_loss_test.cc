// Power losses under a whole server. More of them, or one run again (the same requests; the moment
// of a loss may differ by a few steps of RocksDB):
//   make crash N=5000
//   make crash N=20 SEED=7
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "tests/crash/power_loss_run.h"

namespace confab::testing {
namespace {

constexpr std::size_t kCyclesOfRun = 20;
constexpr std::size_t kCyclesOfTest = 40;

std::uint64_t environment(const char* name, std::uint64_t otherwise) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the tests have one thread when they read it
  const char* const text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : std::stoull(text);
}

struct Sums {
  std::array<std::size_t, kFileSteps + 1> losses{};
  std::size_t in_reclaim = 0;
  std::size_t while_opening = 0;
  std::size_t kept = 0;
  std::size_t lost = 0;

  void add(const PowerLossRun& run) {
    for (std::size_t i = 0; i < losses.size(); ++i)
      losses.at(i) += run.losses.at(i);
    in_reclaim += run.losses_in_reclaim;
    while_opening += run.losses_while_opening;
    kept += run.unacknowledged_kept;
    lost += run.unacknowledged_lost;
  }
};

/// Runs of kCyclesOfRun cycles with the seeds from `seed` on.
void check(std::uint64_t seed, std::size_t cycles, Sums& sums) {
  set_log_level(LogLevel::kOff);
  for (std::size_t done = 0; done < cycles; ++seed) {
    PowerLossRun run(seed);
    for (std::size_t i = 1; i <= kCyclesOfRun && done < cycles; ++i, ++done) {
      const auto complaints = run.cycle();
      ASSERT_TRUE(complaints.empty())
          << fmt::format("make crash N={} SEED={}\n  {}", i, seed, fmt::join(complaints, "\n  "));
    }
    sums.add(run);
  }
}

class PowerLoss : public ::testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Runs, PowerLoss, ::testing::Range(0, 8));

TEST_P(PowerLoss, TakesNothingAcknowledgedAndLeavesNothingHalf) {
  Sums sums;
  check(std::random_device{}(), kCyclesOfTest, sums);
}

TEST(PowerLossFromTheEnvironment, TakesNothingAcknowledgedAndLeavesNothingHalf) {
  const auto seed = environment("CONFAB_CRASH_SEED", std::random_device{}());
  const auto cycles = environment("CONFAB_CRASH_CYCLES", kCyclesOfRun);
  Sums sums;
  check(seed, cycles, sums);
  std::cout << fmt::format(
      "{} losses from seed {}: by step {}, {} in reclaim; {} more while opening; of transactions "
      "that nobody was told of {} stayed, {} went\n",
      cycles, seed, fmt::join(sums.losses, " "), sums.in_reclaim, sums.while_opening, sums.kept,
      sums.lost);
}

TEST(PowerLossItself, SeesALossWhenSyncsAreSkipped) {
  PowerLossRun run(std::random_device{}());
  run.failpoints().arm("store.sync.skip");
  for (std::size_t i = 0; i < kCyclesOfRun; ++i)
    run.cycle();
  EXPECT_GT(run.acknowledged_lost, 0U);
}

}  // namespace
}  // namespace confab::testing
