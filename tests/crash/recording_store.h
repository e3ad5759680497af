// A store that remembers what was committed, transaction by transaction, and keeps answers back
// until the test lets them go, so that a test knows what must be there after a crash. One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/store.h"

namespace confab::testing {

/// What one transaction left in each key that it wrote; nothing: erased.
using CommittedWrites = std::map<std::string, std::optional<std::string>>;

class RecordingStore final : public Store {
 public:
  explicit RecordingStore(std::unique_ptr<Store> store) : store_(std::move(store)) {}
  RecordingStore(const RecordingStore&) = delete;
  RecordingStore& operator=(const RecordingStore&) = delete;
  RecordingStore(RecordingStore&&) = delete;
  RecordingStore& operator=(RecordingStore&&) = delete;
  ~RecordingStore() override = default;

  /// What was committed since the last call, oldest first.
  std::vector<CommittedWrites> take_commits();
  /// Called after each commit.
  std::function<void()> on_commit = [] {
  };

  /// Number of the newest commit since take_commits that anything read or written since
  /// forget_touched can show, from 1; 0: none.
  std::size_t newest_touched() const { return newest_touched_; }
  void forget_touched() { newest_touched_ = 0; }

  /// Hands all waits on to the store, and returns when all are over.
  void release();

  std::unique_ptr<Txn> read() override;
  std::unique_ptr<Txn> read_newest() override;
  Result<std::unique_ptr<Txn>> write(const Shard& home,
                                     std::span<const Shard> merge_shards) override;
  void when_durable(Ticket ticket, Deadline deadline, OnDurable done) override;
  Status give_back_space() override { return store_->give_back_space(); }
  StoreBytes bytes() override { return store_->bytes(); }

 private:
  friend class RecordingTxn;

  struct Wait {
    Ticket ticket;
    Deadline deadline;
    OnDurable done;
  };

  void touch(const Shard& shard);
  void record(CommittedWrites writes,
              const std::map<std::string, Shard>& merged,
              const std::set<Shard>& shards);

  const std::unique_ptr<Store> store_;
  std::vector<Wait> waits_;
  std::vector<CommittedWrites> commits_;
  std::map<Shard, std::size_t> last_commits_;  // to each shard
  std::size_t newest_touched_ = 0;
};

}  // namespace confab::testing
