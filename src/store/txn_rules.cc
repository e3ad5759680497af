#include "store/txn_rules.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/key_codec.h"

namespace confab {
namespace {

thread_local const Store* claimed_store = nullptr;

/// prefix | app | owner, as in every key of the shard and the keyspace with this prefix.
std::string start_of(char prefix, const Shard& shard) {
  std::string start(1, prefix);
  append_key(start, static_cast<std::uint32_t>(shard.app));
  append_key(start, shard.owner);
  return start;
}

bool is_inside(std::string_view key, const Shard& shard) {
  if (key.empty()) return false;
  key.remove_prefix(1);
  return skip_key(key, static_cast<std::uint32_t>(shard.app)) && skip_key(key, shard.owner);
}

}  // namespace

ThreadClaim::ThreadClaim(const Store* store) : store_(store), outer_(claimed_store) {
  CHECK(claimed_store != store, "this thread has a transaction of this store open");
  claimed_store = store;
}

ThreadClaim::~ThreadClaim() {
  CHECK(claimed_store == store_, "a transaction ended on another thread or out of order");
  claimed_store = outer_;
}

TxnRules::TxnRules(std::span<const MergeRule> merge_rules,
                   const Shard& home,
                   std::span<const Shard> merge_shards)
    : merge_rules_(merge_rules) {
  shards_.reserve(1 + merge_shards.size());
  shards_.push_back(home);
  shards_.insert(shards_.end(), merge_shards.begin(), merge_shards.end());
}

void TxnRules::read(const Key& key) const {
  CHECK(!wrote_, "a read after the first write of the transaction");
  CHECK(!ended_, "a read after commit");
  CHECK(is_inside(key.bytes, key.shard), "the key does not belong to its shard");
}

void TxnRules::read(const KeyRange& range) const {
  CHECK(!wrote_, "a scan after the first write of the transaction");
  CHECK(!ended_, "a scan after commit");
  CHECK(!range.first.empty(), "a range begins inside a keyspace");
  const char prefix = range.first.front();
  const auto start =
      range.shard != nullptr ? start_of(prefix, *range.shard) : std::string(1, prefix);
  CHECK(range.first.starts_with(start), "the range begins outside its shard");
  CHECK(range.last <= after_prefix(start), "the range ends outside its shard or keyspace");
}

void TxnRules::change(const Key& key) {
  CHECK(!shards_.empty(), "a write in a read transaction");
  CHECK(!ended_, "a write after commit");
  CHECK(key.shard == shards_.front(), "a write outside the home shard");
  CHECK(is_inside(key.bytes, key.shard), "the key does not belong to its shard");
  wrote_ = true;
}

const MergeRule& TxnRules::merge(const Key& key) {
  CHECK(!shards_.empty(), "a merge in a read transaction");
  CHECK(!ended_, "a merge after commit");
  CHECK(std::ranges::find(shards_, key.shard) != shards_.end(), "a merge to an undeclared shard");
  CHECK(is_inside(key.bytes, key.shard), "the key does not belong to its shard");
  const auto rule = std::ranges::find(merge_rules_, key.bytes.front(), &MergeRule::prefix);
  CHECK(rule != merge_rules_.end(), "a merge in a keyspace without a merge rule");
  wrote_ = true;
  return *rule;
}

void TxnRules::commit() {
  if (shards_.empty()) return;
  CHECK(!ended_, "a second commit");
  ended_ = true;
}

}  // namespace confab
