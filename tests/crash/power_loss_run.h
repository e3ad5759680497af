// A whole server on RocksDB, on a file system that loses power again and again. After each loss the
// store must be what some number of its transactions made of it, in their order: all that were
// acknowledged or shown, perhaps some more, each of them whole; and nothing in it may contradict
// the rest (findings.h). What is done follows from the seed. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "domain/reclaim.h"
#include "tests/crash/load.h"
#include "tests/crash/recording_store.h"
#include "tests/crash/stepped_env.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/world.h"

namespace confab::testing {

class PowerLossRun {
 public:
  explicit PowerLossRun(std::uint64_t seed);
  PowerLossRun(const PowerLossRun&) = delete;
  PowerLossRun& operator=(const PowerLossRun&) = delete;
  PowerLossRun(PowerLossRun&&) = delete;
  PowerLossRun& operator=(PowerLossRun&&) = delete;
  ~PowerLossRun() { file_system_->cut_power_after(0); }

  /// Works until power is gone, starts again and looks. What is wrong, one line each.
  std::vector<std::string> cycle();

  Failpoints& failpoints() { return world_.failpoints; }

  /// How often power went with each FileStep, in the last place: with none of them.
  std::array<std::size_t, kFileSteps + 1> losses{};
  std::size_t losses_in_reclaim = 0;
  std::size_t losses_while_opening = 0;
  std::size_t unacknowledged_kept = 0;  // transactions
  std::size_t unacknowledged_lost = 0;
  std::size_t acknowledged_lost = 0;

 private:
  using Content = std::map<std::string, std::string>;
  struct Answer {
    std::string request;
    std::size_t needs = 0;  // the newest commit that it shows
    std::string body;       // "": none yet
  };

  std::unique_ptr<Store> open();
  std::unique_ptr<Store> try_to_open();
  void arm();
  void work();
  void request();
  void reclaim();
  void take_answers();
  void note_loss();
  Content content();
  void check_content(const Content& found, const std::vector<CommittedWrites>& commits);

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  Load load_;
  TemporaryDirectory directory_;
  std::shared_ptr<CrashFileSystem> file_system_ = std::make_shared<CrashFileSystem>();
  SteppedEnv env_{file_system_};
  RecordingStore* store_ = nullptr;  // the world's
  World world_;
  ReclaimCursor cursor_;
  bool in_reclaim_ = false;
  Content content_;  // when work began
  std::vector<std::shared_ptr<Answer>> answers_;
  std::size_t acknowledged_ = 0;  // commits
  std::string acknowledgement_;   // the request that was answered so
  std::vector<std::string> complaints_;
};

}  // namespace confab::testing
