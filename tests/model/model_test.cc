// Random operations on the whole server, compared after each with the naive model. Replay a failing
// run with the seed and the steps that it prints:
//   CONFAB_MODEL_SEED=7 CONFAB_MODEL_STEPS=400 model_tests --gtest_filter='*FromTheEnvironment*'
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "tests/model/comparison.h"

namespace confab::testing {
namespace {

constexpr std::size_t kSteps = 400;

struct Failure {
  std::vector<Operation> operations;  // the last one shows it
  std::string complaint;
};

/// Plays given operations. Nothing if all agree.
std::optional<Failure> replay(const Run& run, const std::vector<Operation>& operations) {
  Comparison comparison(run);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    auto complaint = comparison.step(operations[i]);
    if (!complaint.empty()) {
      return Failure{{operations.begin(), operations.begin() + static_cast<std::ptrdiff_t>(i) + 1},
                     std::move(complaint)};
    }
  }
  return std::nullopt;
}

std::optional<Failure> explore(const Run& run, std::size_t steps) {
  Comparison comparison(run);
  std::mt19937_64 random(run.seed);
  std::vector<Operation> operations;
  for (std::size_t i = 0; i <= steps; ++i) {
    operations.push_back(i == steps ? settling()
                                    : draw_operation(random, comparison.model(),
                                                     {.clock_steps_back = run.seed % 4 < 2,
                                                      .few_messages = run.seed % 5 == 4,
                                                      .groups = run.seed % 3 == 1 ? 75U : 40U}));
    auto complaint = comparison.step(operations.back());
    if (!complaint.empty()) return Failure{std::move(operations), std::move(complaint)};
  }
  return std::nullopt;
}

/// Leaves out operations as long as what is left still fails, larger pieces first.
Failure shrink(const Run& run, Failure failure) {
  for (auto piece = failure.operations.size() / 2; piece > 0; piece /= 2) {
    for (std::size_t at = 0; at + piece < failure.operations.size();) {
      auto fewer = failure.operations;
      const auto first = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(first, first + static_cast<std::ptrdiff_t>(piece));
      if (auto smaller = replay(run, fewer)) {
        failure = *std::move(smaller);
      } else {
        at += piece;
      }
    }
  }
  return failure;
}

void check(const Run& run, std::size_t steps) {
  set_log_level(LogLevel::kOff);
  const auto failure = explore(run, steps);
  if (!failure) return;
  const auto shortest = shrink(run, *failure);
  std::string text = fmt::format(
      "engine {}, seed {}: differs at step {} of {}\n  {}\nThe shortest run found that fails:\n",
      engine_name(run.engine), run.seed, failure->operations.size(), steps, failure->complaint);
  for (const auto& operation : shortest.operations)
    text += "  " + to_text(operation) + "\n";
  FAIL() << text << "  " << shortest.complaint;
}

std::uint64_t environment(const char* name, std::uint64_t otherwise) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the tests have one thread when they read it
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

class Model : public ::testing::TestWithParam<Run> {};

TEST_P(Model, AgreesAfterEveryStep) {
  check(GetParam(), kSteps);
}

std::vector<Run> fixed_runs() {
  std::vector<Run> runs;
  for (std::uint64_t seed = 1; seed <= 6; ++seed)
    runs.push_back({Engine::kMemory, seed});
  // Lists are compared less often while merges are late, so these take more runs, and less time.
  for (std::uint64_t seed = 1; seed <= 14; ++seed)
    runs.push_back({Engine::kAdverseMemory, seed});
  runs.push_back({Engine::kRocks, 7});
  runs.push_back({Engine::kRocks, 12});
  return runs;
}

std::string name_of(const ::testing::TestParamInfo<Run>& tested) {
  return fmt::format("{}_{}", engine_name(tested.param.engine), tested.param.seed);
}

INSTANTIATE_TEST_SUITE_P(Fixed, Model, ::testing::ValuesIn(fixed_runs()), name_of);

class ModelOn : public ::testing::TestWithParam<Engine> {};

TEST_P(ModelOn, FromTheEnvironment) {
  check({GetParam(), environment("CONFAB_MODEL_SEED", 100)},
        environment("CONFAB_MODEL_STEPS", kSteps));
}

INSTANTIATE_TEST_SUITE_P(Every,
                         ModelOn,
                         ::testing::Values(Engine::kMemory, Engine::kAdverseMemory, Engine::kRocks),
                         [](const auto& engine) { return std::string(engine_name(engine.param)); });

}  // namespace
}  // namespace confab::testing
