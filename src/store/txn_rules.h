// The rules of store.h for what one transaction may do, as CHECKs. Internal to the store layer.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "store/keyspace.h"
#include "store/store.h"

namespace confab {

/// A thread has at most one transaction of a store open: with two, one could wait for the other for
/// ever.
class ThreadClaim {
 public:
  explicit ThreadClaim(const Store* store);
  ThreadClaim(const ThreadClaim&) = delete;
  ThreadClaim& operator=(const ThreadClaim&) = delete;
  ~ThreadClaim();

 private:
  const Store* const store_;
  const Store* const outer_;
};

class TxnRules {
 public:
  /// A read transaction.
  explicit TxnRules(std::span<const MergeRule> merge_rules) : merge_rules_(merge_rules) {}
  /// A write transaction.
  TxnRules(std::span<const MergeRule> merge_rules,
           const Shard& home,
           std::span<const Shard> merge_shards);

  void read(const Key& key) const;
  void read(const KeyRange& range) const;
  void change(const Key& key);
  const MergeRule& merge(const Key& key);
  void commit();

  bool is_home(const Shard& shard) const { return !shards_.empty() && shards_.front() == shard; }

 private:
  const std::span<const MergeRule> merge_rules_;
  std::vector<Shard> shards_;  // home, then merge shards; none: a read transaction
  bool wrote_ = false;
  bool ended_ = false;
};

}  // namespace confab
