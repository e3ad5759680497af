#include "store/committer.h"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <semaphore>
#include <string>

#include <gtest/gtest.h>

namespace confab {
namespace {

/// A committer whose syncs begin and end as the test says.
class CommitterTest : public ::testing::Test {
 protected:
  std::future<Status> wait_for(Ticket ticket, Store::Deadline deadline = Store::Deadline::max()) {
    auto promise = std::make_shared<std::promise<Status>>();
    committer_->when_durable(ticket, deadline,
                             [promise](const Status& status) { promise->set_value(status); });
    return promise->get_future();
  }

  void await_sync_start() { started_.acquire(); }
  void end_sync() { may_end_.release(); }

  Status sync() {
    ++syncs_;
    started_.release();
    may_end_.acquire();
    if (sync_fails_) return fail(ErrorCode::kInternal, "disk gone");
    return {};
  }

  std::atomic<Ticket> applied_ = 0;
  std::atomic<int> syncs_ = 0;
  std::atomic<bool> sync_fails_ = false;
  std::counting_semaphore<> started_{0};
  std::counting_semaphore<> may_end_{0};
  std::promise<std::string> fatal_;
  Metrics metrics_;
  std::unique_ptr<Committer> committer_ = std::make_unique<Committer>(
      CommitterOptions{.last_applied = [this] { return applied_.load(); },
                       .sync = [this] { return sync(); },
                       .on_fatal = [this](const std::string& reason) { fatal_.set_value(reason); },
                       .max_waiters = 100,
                       .metrics = &metrics_},
      Ticket{0});
};

TEST_F(CommitterTest, OneSyncReleasesAllThatWasAppliedBeforeIt) {
  applied_ = 3;
  auto first = wait_for(1);
  await_sync_start();
  auto second = wait_for(2);
  auto third = wait_for(3);
  applied_ = 4;
  auto fourth = wait_for(4);
  end_sync();
  // Up to 3 were applied when the sync began; 4 needs another.
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(third.get());
  await_sync_start();
  EXPECT_EQ(fourth.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  end_sync();
  EXPECT_TRUE(fourth.get());
  EXPECT_EQ(syncs_, 2);
}

TEST_F(CommitterTest, SyncsOnlyForSomebody) {
  applied_ = 5;
  EXPECT_TRUE(wait_for(0).get());
  end_sync();
  EXPECT_TRUE(wait_for(5).get());
  EXPECT_TRUE(wait_for(5).get());
  EXPECT_TRUE(wait_for(3).get());
  applied_ = 9;
  committer_.reset();
  EXPECT_EQ(syncs_, 1);
}

TEST_F(CommitterTest, AWaitThatEndedLateIsNotAnsweredAgain) {
  applied_ = 1;
  auto late = wait_for(1, std::chrono::steady_clock::now());
  EXPECT_EQ(late.get().error().code, ErrorCode::kNotDurableInTime);
  end_sync();
  committer_.reset();
}

TEST_F(CommitterTest, AFailedSyncIsNeverRepeated) {
  sync_fails_ = true;
  applied_ = 1;
  auto wait = wait_for(1);
  end_sync();
  EXPECT_EQ(wait.get().error(), (Error{ErrorCode::kInternal, "disk gone"}));
  EXPECT_EQ(fatal_.get_future().get(), "disk gone");
  applied_ = 2;
  EXPECT_EQ(wait_for(2).get().error(), (Error{ErrorCode::kInternal, "disk gone"}));
  EXPECT_EQ(wait_for(0).get().error().code, ErrorCode::kInternal);
  EXPECT_EQ(committer_->health().error().detail, "disk gone");
  committer_.reset();
  EXPECT_EQ(syncs_, 1);
}

TEST_F(CommitterTest, AFailedEngineEndsAllWaitsWithItsFirstReason) {
  EXPECT_TRUE(committer_->health());
  applied_ = 2;
  auto covered = wait_for(1);
  await_sync_start();
  applied_ = 3;
  auto missed = wait_for(3);
  committer_->declare_failed("write failed");
  committer_->declare_failed("and again");
  end_sync();
  // The sync under way did succeed.
  EXPECT_TRUE(covered.get());
  EXPECT_EQ(missed.get().error(), (Error{ErrorCode::kInternal, "write failed"}));
  EXPECT_EQ(fatal_.get_future().get(), "write failed");
}

TEST_F(CommitterTest, AnIdleCommitterReportsAFailedEngineToo) {
  committer_->declare_failed("write failed");
  EXPECT_EQ(fatal_.get_future().get(), "write failed");
}

TEST_F(CommitterTest, ALastSyncThatFailsAnswersKInternal) {
  sync_fails_ = true;
  applied_ = 1;
  auto wait = wait_for(1);
  end_sync();
  committer_.reset();
  EXPECT_EQ(wait.get().error().code, ErrorCode::kInternal);
}

TEST_F(CommitterTest, CountsWhatItDoes) {
  applied_ = 2;
  auto one = wait_for(1);
  await_sync_start();
  auto two = wait_for(2);
  EXPECT_NE(metrics_.render().find("confab_commit_waiters 2\n"), std::string::npos);
  end_sync();
  EXPECT_TRUE(one.get());
  EXPECT_TRUE(two.get());
  committer_.reset();
  const auto text = metrics_.render();
  EXPECT_NE(text.find("confab_commit_waiters 0\n"), std::string::npos);
  EXPECT_NE(text.find("confab_commit_syncs_total 1\n"), std::string::npos);
  EXPECT_NE(text.find("confab_commit_sync_seconds_count 1\n"), std::string::npos);
  EXPECT_NE(text.find("confab_commit_batch_sum 2\n"), std::string::npos);
}

}  // namespace
}  // namespace confab
