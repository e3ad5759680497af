#include "store/adverse_merges.h"

#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "base/check.h"
#include "store/txn_rules.h"

namespace confab {
namespace {

struct HeldMerge {
  Shard shard;
  std::string key;
  std::string operand;
  bool repeated = false;  // applied once before
};

/// The merges on their way. Thread-safe.
class HeldMerges {
 public:
  explicit HeldMerges(std::uint64_t seed) : random_(seed) {}

  void add(std::vector<HeldMerge> merges) {
    const std::lock_guard lock(mutex_);
    for (auto& merge : merges)
      held_.push_back(std::move(merge));
  }

  /// How many to deliver now: mostly none, but enough on average that no merge waits for ever.
  std::size_t draw_count() {
    const std::lock_guard lock(mutex_);
    if (held_.empty() || random_() % 2 == 0) return 0;
    return 1 + random_() % (held_.size() / 2 + 1);
  }

  /// Any one of them; nothing when there are none. Some come back once more later.
  std::optional<HeldMerge> take_any() {
    const std::lock_guard lock(mutex_);
    if (held_.empty()) return std::nullopt;
    auto& drawn = held_[random_() % held_.size()];
    auto merge = drawn;
    if (!drawn.repeated && random_() % 3 == 0) {
      drawn.repeated = true;
    } else {
      drawn = std::move(held_.back());
      held_.pop_back();
    }
    return merge;
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 random_;
  std::vector<HeldMerge> held_;
};

/// A write transaction whose merges to other shards go to `held` when it commits.
class HoldingTxn final : public Txn {
 public:
  HoldingTxn(std::unique_ptr<Txn> txn, TxnRules rules, HeldMerges& held)
      : txn_(std::move(txn)), rules_(std::move(rules)), held_(held) {}

  Result<std::optional<std::string>> get(const Key& key) override {
    rules_.read(key);
    return txn_->get(key);
  }
  Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) override {
    for (const auto& key : keys)
      rules_.read(key);
    return txn_->get_many(keys);
  }
  Status scan(const KeyRange& range, Direction direction, const Visitor& visitor) override {
    rules_.read(range);
    return txn_->scan(range, direction, visitor);
  }
  void put(const Key& key, std::string value) override { txn_->put(key, std::move(value)); }
  void erase(const Key& key) override { txn_->erase(key); }

  void merge(const Key& key, std::string operand) override {
    rules_.merge(key);
    if (rules_.is_home(key.shard)) {
      txn_->merge(key, std::move(operand));
    } else {
      merges_.push_back({key.shard, key.bytes, std::move(operand)});
    }
  }

  Result<Ticket> commit() override {
    rules_.commit();
    auto committed = txn_->commit();
    if (committed) held_.add(std::exchange(merges_, {}));
    return committed;
  }

  Ticket ticket_so_far() override { return txn_->ticket_so_far(); }

 private:
  const std::unique_ptr<Txn> txn_;
  TxnRules rules_;  // the inner transaction does not see the merges that are held back
  HeldMerges& held_;
  std::vector<HeldMerge> merges_;
};

class AdverseMergesStore final : public MemoryStore {
 public:
  AdverseMergesStore(std::unique_ptr<Store> store,
                     std::vector<MergeRule> merge_rules,
                     std::uint64_t seed)
      : store_(std::move(store)), merge_rules_(std::move(merge_rules)), held_(seed) {}

  std::unique_ptr<Txn> read() override { return store_->read(); }
  std::unique_ptr<Txn> read_newest() override { return store_->read_newest(); }

  Result<std::unique_ptr<Txn>> write(const Shard& home,
                                     std::span<const Shard> merge_shards) override {
    // Here this thread holds no locks yet, so deliveries can take those of their shards.
    for (auto count = held_.draw_count(); count > 0; --count) {
      if (!deliver_any()) break;
    }
    TRY(auto txn, store_->write(home, merge_shards));
    return std::make_unique<HoldingTxn>(std::move(txn), TxnRules(merge_rules_, home, merge_shards),
                                        held_);
  }

  void when_durable(Ticket ticket, Deadline deadline, OnDurable done) override {
    store_->when_durable(ticket, deadline, std::move(done));
  }

  Status give_back_space() override { return store_->give_back_space(); }
  StoreBytes bytes() override { return store_->bytes(); }

  void flush_merges() override {
    while (deliver_any()) {
    }
  }

 private:
  /// False if there is none left, or the store takes no writes.
  bool deliver_any() {
    auto merge = held_.take_any();
    if (!merge) return false;
    if (apply(*merge)) return true;
    held_.add({*std::move(merge)});
    return false;
  }

  Status apply(const HeldMerge& merge) {
    TRY(const auto txn, store_->write(merge.shard, {}));
    txn->merge({merge.shard, merge.key}, merge.operand);
    TRY_STATUS(txn->commit());
    return {};
  }

  const std::unique_ptr<Store> store_;
  const std::vector<MergeRule> merge_rules_;
  HeldMerges held_;
};

}  // namespace

std::unique_ptr<MemoryStore> make_adverse_merges_store(std::unique_ptr<Store> store,
                                                       std::vector<MergeRule> merge_rules,
                                                       std::uint64_t seed) {
  return std::make_unique<AdverseMergesStore>(std::move(store), std::move(merge_rules), seed);
}

}  // namespace confab
