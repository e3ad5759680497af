// What newest reads see while a write is on its way, step by step, on an engine that stops where a
// test wants to look.
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/engine_store.h"
#include "tests/store/store_harness.h"

namespace confab {
namespace {

using Entry = std::optional<std::string>;
using Hook = std::function<void()>;

void run_once(Hook& hook) {
  if (const auto now = std::exchange(hook, nullptr)) now();
}

class SteppedEngine final : public Engine {
 public:
  Hook before_apply;
  Hook after_apply;
  Hook after_get;

  Entry get(const std::string& key) {
    Entry found;
    {
      const std::lock_guard lock(mutex_);
      const auto at = entries_.find(key);
      if (at != entries_.end()) found = at->second;
    }
    run_once(after_get);
    return found;
  }

  std::unique_ptr<EngineView> snapshot() override { return newest(); }
  std::unique_ptr<EngineView> newest() override;
  Status accepts_writes() override { return {}; }
  Status apply(const Writes& writes) override {
    run_once(before_apply);
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [key, value] : writes) {
        if (value) {
          entries_[key] = *value;
        } else {
          entries_.erase(key);
        }
      }
      ++ticket_;
    }
    run_once(after_apply);
    return {};
  }
  Ticket last_applied() const override {
    const std::lock_guard lock(mutex_);
    return ticket_;
  }
  Status sync() override { return {}; }
  Status give_back_space() override { return {}; }
  StoreBytes bytes() override { return {}; }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> entries_;
  Ticket ticket_ = 1;
};

class SteppedView final : public EngineView {
 public:
  explicit SteppedView(SteppedEngine& engine) : engine_(engine) {}
  Result<Entry> get(std::string_view key) override { return engine_.get(std::string(key)); }
  Result<std::vector<Entry>> get_many(std::span<const Key> keys) override {
    std::vector<Entry> found;
    for (const auto& key : keys)
      found.push_back(engine_.get(key.bytes));
    return found;
  }
  Status scan(const std::string& /*first*/,
              const std::string& /*last*/,
              Direction /*direction*/,
              const Visitor& /*visitor*/) override {
    return {};
  }

 private:
  SteppedEngine& engine_;
};

std::unique_ptr<EngineView> SteppedEngine::newest() {
  return std::make_unique<SteppedView>(*this);
}

class NewestReads : public ::testing::Test {
 protected:
  Entry read() { return store_.read_newest()->get(key_).value(); }

  /// On a thread of its own, because a thread has one transaction at a time.
  Entry read_elsewhere() {
    return std::async(std::launch::async, [this] { return read(); }).get();
  }
  void write_elsewhere(const std::string& value) {
    std::async(std::launch::async, [&] { put(store_, key_, value); }).get();
  }

  std::unique_ptr<SteppedEngine> made_ = std::make_unique<SteppedEngine>();
  SteppedEngine& engine_ = *made_;
  EngineStore store_{std::move(made_),
                     {.max_waiters = 10,
                      .cached_entries = 1000,
                      .on_fatal = [](const std::string&) {
                      }}};
  const Shard alice_ = user_shard(kApp, "alice");
  const Key key_ = view_key(alice_, "x");
};

TEST_F(NewestReads, AskTheEngineOnce) {
  put(store_, key_, "one");
  EXPECT_EQ(read(), "one");
  engine_.after_get = [] {
    ADD_FAILURE() << "the engine was asked again";
  };
  EXPECT_EQ(read(), "one");
  EXPECT_EQ(store_.write(alice_, {}).value()->get(key_).value(), "one");
  put(store_, key_, "two");
  EXPECT_EQ(read(), "two");
}

TEST_F(NewestReads, SeeAWriteAsSoonAsTheEngineHasIt) {
  put(store_, key_, "one");
  EXPECT_EQ(read(), "one");
  Entry seen;
  engine_.after_apply = [&] {
    seen = read_elsewhere();
  };
  put(store_, key_, "two");
  EXPECT_EQ(seen, "two");
}

TEST_F(NewestReads, DoNotKeepWhatAWriteInFlightReplaces) {
  put(store_, key_, "one");
  engine_.before_apply = [&] {
    EXPECT_EQ(read_elsewhere(), "one");
  };
  put(store_, key_, "two");
  EXPECT_EQ(read(), "two");
}

TEST_F(NewestReads, DoNotKeepWhatWasReplacedWhileTheyRead) {
  put(store_, key_, "one");
  engine_.after_get = [&] {
    write_elsewhere("two");
  };
  EXPECT_EQ(read(), "one");
  EXPECT_EQ(read(), "two");
}

}  // namespace
}  // namespace confab
