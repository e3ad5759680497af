// What reads see that the store's caches may answer, while a write is on its way, step by step, on
// an engine that stops where a test wants to look.
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
using Entries = std::map<std::string, std::string>;
using Hook = std::function<void()>;

void run_once(Hook& hook) {
  if (const auto now = std::exchange(hook, nullptr)) now();
}

class SteppedEngine final : public Engine {
 public:
  Hook before_apply;
  Hook after_apply;
  Hook after_get;
  Hook after_scan;

  Entries entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

  std::unique_ptr<EngineView> snapshot() override;
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
  Entries entries_;
  Ticket ticket_ = 1;
};

class SteppedView final : public EngineView {
 public:
  SteppedView(SteppedEngine& engine, std::optional<Entries> moment)
      : engine_(engine), moment_(std::move(moment)) {}

  Result<Entry> get(std::string_view key) override {
    const auto entries = shown();
    const auto at = entries.find(std::string(key));
    run_once(engine_.after_get);
    return at == entries.end() ? Entry() : Entry(at->second);
  }
  Result<std::vector<Entry>> get_many(std::span<const Key> keys) override {
    std::vector<Entry> found;
    for (const auto& key : keys)
      found.push_back(*get(key.bytes));
    return found;
  }
  Status scan(const std::string& first,
              const std::string& last,
              Direction /*direction*/,
              const Visitor& visitor) override {
    const auto entries = shown();
    for (auto at = entries.lower_bound(first); at != entries.lower_bound(last); ++at) {
      if (!visitor(at->first, at->second)) break;
    }
    run_once(engine_.after_scan);
    return {};
  }

 private:
  Entries shown() const { return moment_ ? *moment_ : engine_.entries(); }

  SteppedEngine& engine_;
  const std::optional<Entries> moment_;
};

std::unique_ptr<EngineView> SteppedEngine::snapshot() {
  return std::make_unique<SteppedView>(*this, entries());
}
std::unique_ptr<EngineView> SteppedEngine::newest() {
  return std::make_unique<SteppedView>(*this, std::nullopt);
}

class NewestReads : public ::testing::Test {
 protected:
  Entry read() { return store_.read_newest()->get(key_).value(); }

  /// The value at key_, got and walked to.
  static Entry walk(Txn& txn, const Shard& shard) {
    const auto start = kViews.shard_prefix(shard);
    Entry seen;
    EXPECT_TRUE(txn.scan({&shard, start, after_prefix(start)}, Direction::kForward,
                         [&](std::string_view, std::string_view value) {
                           seen = value;
                           return true;
                         }));
    return seen;
  }
  Entry walk() { return walk(*store_.read(), alice_); }

  /// On a thread of its own, because a thread has one transaction at a time.
  Entry read_elsewhere() {
    return std::async(std::launch::async, [this] { return read(); }).get();
  }
  Entry walk_elsewhere() {
    return std::async(std::launch::async, [this] { return walk(); }).get();
  }
  void write_elsewhere(const std::string& value) {
    std::async(std::launch::async, [&] { put(store_, key_, value); }).get();
  }

  std::unique_ptr<SteppedEngine> made_ = std::make_unique<SteppedEngine>();
  SteppedEngine& engine_ = *made_;
  EngineStore store_{std::move(made_),
                     {.max_waiters = 10,
                      .cached_entries = 1000,
                      .cached_walks = 10,
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

TEST_F(NewestReads, OfAMomentAskTheEngineOnceToo) {
  put(store_, key_, "one");
  EXPECT_EQ(store_.read()->get(key_).value(), "one");
  engine_.after_get = [] {
    ADD_FAILURE() << "the engine was asked again";
  };
  EXPECT_EQ(store_.read()->get(key_).value(), "one");
  EXPECT_EQ(*store_.read()->get_many(std::vector{key_}), std::vector{Entry("one")});
}

TEST_F(NewestReads, OfAMomentDoNotSeeWhatWasWrittenAfterIt) {
  put(store_, key_, "one");
  EXPECT_EQ(read(), "one");
  EXPECT_EQ(walk(), "one");
  const auto moment = store_.read();
  write_elsewhere("two");
  EXPECT_EQ(read_elsewhere(), "two");
  EXPECT_EQ(walk_elsewhere(), "two");
  EXPECT_EQ(moment->get(key_).value(), "one");
  EXPECT_EQ(*moment->get_many(std::vector{key_}), std::vector{Entry("one")});
  EXPECT_EQ(walk(*moment, alice_), "one");
  // Nor does what they saw stay.
  EXPECT_EQ(read_elsewhere(), "two");
  EXPECT_EQ(walk_elsewhere(), "two");
}

TEST_F(NewestReads, WalksAskTheEngineOnce) {
  put(store_, key_, "one");
  EXPECT_EQ(walk(), "one");
  engine_.after_scan = [] {
    ADD_FAILURE() << "the engine was asked again";
  };
  EXPECT_EQ(walk(), "one");
  EXPECT_EQ(walk(*store_.read_newest(), alice_), "one");
  EXPECT_EQ(walk(*store_.write(alice_, {}).value(), alice_), "one");
}

TEST_F(NewestReads, WalksSeeAWriteAsSoonAsTheEngineHasIt) {
  put(store_, key_, "one");
  EXPECT_EQ(walk(), "one");
  Entry seen;
  engine_.after_apply = [&] {
    seen = walk_elsewhere();
  };
  put(store_, key_, "two");
  EXPECT_EQ(seen, "two");
  EXPECT_EQ(walk(), "two");
}

TEST_F(NewestReads, WalksAreNotKeptIfAWriteIsInFlightOrCameMeanwhile) {
  put(store_, key_, "one");
  engine_.before_apply = [&] {
    EXPECT_EQ(walk_elsewhere(), "one");
  };
  put(store_, key_, "two");
  engine_.after_scan = [&] {
    write_elsewhere("three");
  };
  EXPECT_EQ(walk(), "two");
  engine_.after_scan = [&] {
    write_elsewhere("four");
  };
  EXPECT_EQ(walk(*store_.read_newest(), alice_), "three");
  EXPECT_EQ(walk(), "four");
}

TEST_F(NewestReads, WalksThatStoppedEarlyOrAreTooLongAreNotKept) {
  put(store_, key_, "one");
  put(store_, view_key(alice_, "y"), "two");
  const auto start = kViews.shard_prefix(alice_);
  ASSERT_TRUE(store_.read()->scan({&alice_, start, after_prefix(start)}, Direction::kForward,
                                  [](std::string_view, std::string_view) { return false; }));
  EXPECT_EQ(walk(), "two");
  put(store_, view_key(alice_, "z"), std::string(Walk::kMostBytes, 'x'));
  EXPECT_EQ(walk()->size(), Walk::kMostBytes);
  bool asked = false;
  engine_.after_scan = [&] {
    asked = true;
  };
  EXPECT_EQ(walk()->size(), Walk::kMostBytes);
  EXPECT_TRUE(asked);
}

}  // namespace
}  // namespace confab
