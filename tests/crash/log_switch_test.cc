// Power is lost after the log went on in a new file, and before the old one was synced.
#include <algorithm>
#include <filesystem>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "domain/merge_rules.h"
#include "store/keyspaces.h"
#include "store/rocks_store.h"
#include "store/typed.h"
#include "tests/crash/stepped_env.h"
#include "tests/support/temporary_directory.h"

namespace confab::testing {
namespace {

const Shard kUser = user_shard(AppId{1}, "ann");

class LogSwitch {
 public:
  explicit LogSwitch(std::uint64_t seed) : random_(seed) {}

  /// Makes one transaction durable, writes until a second log has a few, and loses power while all
  /// of it is synced.
  void write_and_lose() {
    auto store = open();
    EXPECT_TRUE(is_durable(*store, write(*store)));
    Ticket newest = 0;
    for (int more = 4; more > 0; more -= logs() > 1 ? 1 : 0)
      newest = write(*store);
    file_system_->cut_power_at(FileStep::kLogSync, 0, false);
    EXPECT_FALSE(is_durable(*store, newest));
  }

  /// The numbers of the transactions that are there afterwards.
  std::vector<std::uint32_t> recovered() {
    file_system_->restore_power(random_);
    const auto store = open();
    const auto txn = store->read();
    std::vector<std::uint32_t> numbers;
    EXPECT_TRUE(scan(*txn, kContactGroups, kUser, {}, {}, Direction::kForward,
                     [&](const ContactGroupRest& rest, const ContactGroupRecord&) {
                       numbers.push_back(rest.id);
                       return true;
                     }));
    file_system_->cut_power_after(0);
    return numbers;
  }

  std::uint32_t written() const { return written_; }

 private:
  Ticket write(Store& store) {
    const auto txn = store.write(kUser, {}).value();
    put(*txn, kContactGroups, kUser, {written_++}, {std::string(3000, 'x')});
    return txn->commit().value();
  }
  static bool is_durable(Store& store, Ticket ticket) {
    std::promise<bool> durable;
    store.when_durable(ticket, Store::Deadline::max(),
                       [&](const Status& status) { durable.set_value(status.has_value()); });
    return durable.get_future().get();
  }
  std::unique_ptr<Store> open() {
    return open_rocks_store({.path = (directory_.path() / "db").string(),
                             .merge_rules = domain_merge_rules(),
                             .memtable_bytes = std::uint64_t{64} << 10U,
                             .on_fatal = [](const std::string&) {},
                             .env = &env_})
        .value();
  }
  std::ptrdiff_t logs() const {
    return std::ranges::count_if(std::filesystem::directory_iterator(directory_.path() / "db"),
                                 [](const auto& entry) {
                                   return entry.path().extension() == ".log";
                                 });
  }

  std::mt19937_64 random_;
  TemporaryDirectory directory_;
  std::shared_ptr<CrashFileSystem> file_system_ = std::make_shared<CrashFileSystem>();
  SteppedEnv env_{file_system_};
  std::uint32_t written_ = 0;
};

TEST(PowerLossAtALogSwitch, LeavesNoGap) {
  std::size_t partly = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    LogSwitch run(seed);
    run.write_and_lose();
    const auto numbers = run.recovered();
    for (std::uint32_t i = 0; i < numbers.size(); ++i)
      ASSERT_EQ(numbers[i], i) << "seed " << seed << ": a later transaction is there";
    partly += !numbers.empty() && numbers.size() < run.written() ? 1 : 0;
  }
  EXPECT_GT(partly, 0U);
}

}  // namespace
}  // namespace confab::testing
