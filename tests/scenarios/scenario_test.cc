// Runs every *.chat script of this folder on each engine, and on disk also with a restart before
// each request.
#include "tests/support/scenario.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/scenarios/scripts.h"

namespace confab::testing {
namespace {

struct Case {
  std::filesystem::path file;
  ScenarioRun run;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& script : all_scripts()) {
    for (const auto& run :
         {ScenarioRun{Engine::kMemory}, {Engine::kRocks}, {Engine::kRocks, true}}) {
      cases.push_back({script, run});
    }
  }
  return cases;
}

class Scenario : public ::testing::TestWithParam<Case> {};

TEST_P(Scenario, plays) {
  run_scenario(GetParam().file, GetParam().run);
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  const auto& [file, run] = info.param;
  return file.stem().string() + "_" + std::string(engine_name(run.engine)) +
         (run.restart_between_steps ? "_restarted" : "");
}

INSTANTIATE_TEST_SUITE_P(All, Scenario, ::testing::ValuesIn(all_cases()), name_of);

}  // namespace
}  // namespace confab::testing
