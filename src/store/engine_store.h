// The rules of store.h over an engine: shard locks, reads before writes, merges, tickets, group
// commit. Internal to the store layer.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/failpoints.h"
#include "base/metrics.h"
#include "store/committer.h"
#include "store/engine.h"
#include "store/newest_cache.h"
#include "store/shard_stripes.h"
#include "store/store.h"
#include "store/walk_cache.h"

namespace confab {

struct EngineStoreOptions {
  std::vector<MergeRule> merge_rules;
  std::size_t max_waiters = 0;
  std::size_t cached_entries = 0;                           // see newest_cache.h
  std::size_t cached_walks = 0;                             // see walk_cache.h
  std::function<void(const std::string& reason)> on_fatal;  // as in RocksStoreOptions
  /// "store.commit": a commit fails and nothing has changed. Those of CommitterOptions.
  Failpoints* failpoints = nullptr;
  Metrics* metrics = nullptr;
};

class EngineStore final : public Store {
 public:
  /// REQUIRES: all that `engine` holds now is durable.
  EngineStore(std::unique_ptr<Engine> engine, EngineStoreOptions options);

  std::unique_ptr<Txn> read() override;
  std::unique_ptr<Txn> read_newest() override;
  Result<std::unique_ptr<Txn>> write(const Shard& home,
                                     std::span<const Shard> merge_shards) override;
  void when_durable(Ticket ticket, Deadline deadline, OnDurable done) override;
  Status give_back_space() override { return engine_->give_back_space(); }
  StoreBytes bytes() override { return engine_->bytes(); }

 private:
  friend class EngineTxn;

  const std::unique_ptr<Engine> engine_;
  const EngineStoreOptions options_;
  std::optional<Counter> commits_;
  ShardStripes stripes_;
  NewestCache cache_;
  WalkCache walks_;
  Committer committer_;  // last, so that it ends first
};

}  // namespace confab
