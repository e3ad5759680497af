// The dispatcher without sockets, called by several threads at once, on both engines and on a disk
// that loses power: for every conversation there is an order of the requests that explains all
// answers. Replay the requests (not their timing) of a failing round with
//   CONFAB_LINEAR_SEED=<its seed> linear_threads_test
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "base/log.h"
#include "domain/merge_rules.h"
#include "store/rocks_store.h"
#include "tests/linear/play.h"
#include "tests/store/crash_file_system.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/world.h"

namespace confab::linear {
namespace {

using testing::Engine;
using testing::World;

std::string trace_of(std::uint64_t seed) {
  return "CONFAB_LINEAR_SEED=" + std::to_string(seed);
}

Caller caller_of(World& world) {
  return [&world](const std::string& command, const std::string& body) {
    return std::optional(world.call(command, body));
  };
}

std::optional<Scene> scene_of(World& world, std::uint64_t seed, bool group) {
  return set_scene(caller_of(world), (group ? "g" : "p") + std::to_string(seed), group);
}

class LinearInProcess : public ::testing::TestWithParam<std::tuple<Engine, bool>> {};

TEST_P(LinearInProcess, ExplainsEveryAnswer) {
  set_log_level(LogLevel::kOff);
  const auto [engine, group] = GetParam();
  World world({.engine = engine, .durability_timeout = std::chrono::seconds(10)});
  const auto rounds = rounds_of(150);
  for (std::uint64_t i = 0; i < rounds.count && !HasFailure(); ++i) {
    const auto seed = rounds.first_seed + i;
    SCOPED_TRACE(trace_of(seed));
    std::mt19937_64 random(seed);
    const auto plan = draw_plan(random, {.clients = 4, .steps = 12}, group);
    const auto scene = scene_of(world, seed, group);
    ASSERT_TRUE(scene);
    Moments moments;
    auto calls = play(*scene, plan, moments, [&] { return caller_of(world); });
    for (auto& call : look(*scene, moments, caller_of(world)))
      calls.push_back(std::move(call));
    EXPECT_EQ(complaint_about(*scene, calls), "");
    world.clock.advance(1);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines,
                         LinearInProcess,
                         ::testing::Combine(::testing::Values(Engine::kMemory, Engine::kRocks),
                                            ::testing::Bool()),
                         [](const auto& with) {
                           return std::string(engine_name(std::get<0>(with.param))) +
                                  (std::get<1>(with.param) ? "_group" : "_pair");
                         });

/// Power fails somewhere in the round; what answers had shown is there afterwards.
TEST(LinearOnADisk, WhatWasShownOutlivesAPowerLoss) {
  set_log_level(LogLevel::kOff);
  const auto file_system = std::make_shared<CrashFileSystem>();
  const auto env = rocksdb::NewCompositeEnv(file_system);
  const testing::TemporaryDirectory directory;
  const auto open = [&] {
    auto opened = open_rocks_store({.path = (directory.path() / "store").string(),
                                    .merge_rules = domain_merge_rules(),
                                    .on_fatal = [](const std::string&) {},
                                    .env = env.get()});
    if (!opened) std::cerr << opened.error().detail;
    return std::move(opened).value();
  };
  World world({.durability_timeout = std::chrono::seconds(10), .open = open});
  const auto rounds = rounds_of(40);
  for (std::uint64_t i = 0; i < rounds.count && !HasFailure(); ++i) {
    const auto seed = rounds.first_seed + i;
    SCOPED_TRACE(trace_of(seed));
    std::mt19937_64 random(seed);
    const bool group = random() % 2 == 0;
    const auto plan = draw_plan(random, {.clients = 5, .steps = 8}, group);
    auto scene = scene_of(world, seed, group);
    ASSERT_TRUE(scene);
    scene->loses_power = true;
    file_system->cut_power_after(random() % 30);
    Moments moments;
    auto calls = play(*scene, plan, moments, [&] { return caller_of(world); });
    world.shut_down();
    file_system->restore_power(random);
    world.restart();
    for (auto& call : look(*scene, moments, caller_of(world)))
      calls.push_back(std::move(call));
    EXPECT_EQ(complaint_about(*scene, calls), "");
    world.clock.advance(1);
  }
}

}  // namespace
}  // namespace confab::linear
