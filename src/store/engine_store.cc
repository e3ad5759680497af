#include "store/engine_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "store/txn_rules.h"

namespace confab {

class EngineTxn final : public Txn {
 public:
  /// A read transaction.
  EngineTxn(EngineStore& store, std::unique_ptr<EngineView> view, bool newest)
      : store_(store),
        claim_(&store),
        rules_(store.options_.merge_rules),
        view_(std::move(view)),
        newest_(newest) {}

  EngineTxn(EngineStore& store, const Shard& home, std::span<const Shard> merge_shards)
      : store_(store),
        claim_(&store),
        rules_(store.options_.merge_rules, home, merge_shards),
        lock_(std::make_unique<ShardLock>(store.stripes_, home, merge_shards)),
        view_(store.engine_->newest()),
        newest_(true) {}

  Result<std::optional<std::string>> get(const Key& key) override {
    rules_.read(key);
    auto found = newest_ ? get_newest(key.shard, key.bytes) : view_->get(key.bytes);
    cover(key.shard);
    return found;
  }

  Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) override {
    for (const auto& key : keys)
      rules_.read(key);
    auto found = newest_ ? get_many_newest(keys) : view_->get_many(keys);
    for (const auto& key : keys)
      cover(key.shard);
    return found;
  }

  Status scan(const KeyRange& range, Direction direction, const Visitor& visitor) override {
    rules_.read(range);
    if (range.first >= range.last) return {};
    auto outcome = view_->scan(range.first, range.last, direction, visitor);
    if (range.shard != nullptr) {
      cover(*range.shard);
    } else {
      ticket_ = std::max(ticket_, store_.engine_->last_applied());
    }
    return outcome;
  }

  void put(const Key& key, std::string value) override {
    rules_.change(key);
    changes_.push_back({key.bytes, std::move(value), nullptr});
  }

  void erase(const Key& key) override {
    rules_.change(key);
    changes_.push_back({key.bytes, std::nullopt, nullptr});
  }

  void merge(const Key& key, std::string operand) override {
    const auto& rule = rules_.merge(key);
    changes_.push_back({key.bytes, std::move(operand), &rule});
  }

  Result<Ticket> commit() override {
    rules_.commit();
    if (!changes_.empty()) TRY_STATUS(apply());
    lock_.reset();
    return ticket_;
  }

  Ticket ticket_so_far() override { return ticket_; }

 private:
  struct Change {
    std::string key;
    std::optional<std::string> value;  // nothing: erase
    const MergeRule* merge;            // null: `value` replaces; else it is the operand
  };

  /// Called after each read, so that the ticket is not older than what the read saw. An absent key
  /// and an empty range count too: that they are absent may be somebody's unsynced write.
  void cover(const Shard& shard) {
    const auto last_write = store_.stripes_.last_write(shard);
    ticket_ = std::max(ticket_, last_write ? *last_write : store_.engine_->last_applied());
  }

  /// The newest state of an entry: what the cache knows, or what the engine has. The cache keeps
  /// that if no write to the shard has begun since before it was read.
  Result<std::optional<std::string>> get_newest(const Shard& shard, const std::string& key) {
    if (auto known = store_.cache_.find(key)) return *std::move(known);
    const auto before = store_.stripes_.last_write(shard);
    TRY(auto found, view_->get(key));
    store_.cache_.keep(key, found, [&] { return is_newest(shard, before); });
    return found;
  }

  Result<std::vector<std::optional<std::string>>> get_many_newest(std::span<const Key> keys) {
    std::vector<std::optional<std::string>> found;
    found.reserve(keys.size());
    for (const auto& key : keys) {
      TRY(auto value, get_newest(key.shard, key.bytes));
      found.push_back(std::move(value));
    }
    return found;
  }

  /// The same for an entry of a shard that is locked, so that nobody can write it.
  Result<std::optional<std::string>> get_held(const std::string& key) {
    if (auto known = store_.cache_.find(key)) return *std::move(known);
    TRY(auto found, view_->get(key));
    store_.cache_.keep(key, found, [] { return true; });
    return found;
  }

  bool is_newest(const Shard& shard, std::optional<Ticket> last_write) const {
    return last_write && store_.stripes_.last_write(shard) == last_write;
  }

  Status apply() {
    auto* const failpoints = store_.options_.failpoints;
    if (failpoints != nullptr && failpoints->fires("store.commit")) {
      return fail(ErrorCode::kInternal, "commit failed: failpoint");
    }
    TRY(const auto writes, fold());
    lock_->begin_write();
    const auto known = forget(writes);
    if (auto applied = store_.engine_->apply(writes); !applied) {
      lock_->cancel_write();
      store_.committer_.declare_failed(applied.error().detail);
      return applied;
    }
    ticket_ = std::max(ticket_, store_.engine_->last_applied());
    for (const auto* const write : known)
      store_.cache_.keep(write->first, write->second, [] { return true; });
    lock_->end_write(ticket_);
    if (store_.commits_) store_.commits_->add();
    return {};
  }

  /// Those of the writes whose entries the cache knew; others are not read again so soon. Between
  /// this and the engine's apply nobody can bring the old ones back, because a write is in flight.
  std::vector<const Writes::value_type*> forget(const Writes& writes) {
    std::vector<const Writes::value_type*> known;
    for (const auto& write : writes) {
      if (store_.cache_.forget(write.first)) known.push_back(&write);
    }
    return known;
  }

  /// What the changes amount to for each key. Merges read under the lock of their shard.
  Result<Writes> fold() {
    Writes writes;
    for (auto& change : changes_) {
      if (change.merge == nullptr) {
        writes.insert_or_assign(std::move(change.key), std::move(change.value));
        continue;
      }
      auto entry = writes.find(change.key);
      if (entry == writes.end()) {
        TRY(auto stored, get_held(change.key));
        entry = writes.emplace(std::move(change.key), std::move(stored)).first;
      }
      entry->second = change.merge->apply(entry->second, change.value.value_or(""));
    }
    return writes;
  }

  EngineStore& store_;
  const ThreadClaim claim_;  // before anything that may block
  TxnRules rules_;
  std::unique_ptr<ShardLock> lock_;  // of a write transaction, until it ends
  const std::unique_ptr<EngineView> view_;
  const bool newest_;  // what view_ shows; else one moment
  std::vector<Change> changes_;
  Ticket ticket_ = 0;
};

EngineStore::EngineStore(std::unique_ptr<Engine> engine, EngineStoreOptions options)
    : engine_(std::move(engine)),
      options_(std::move(options)),
      cache_(options_.cached_entries),
      committer_({.last_applied = [this] { return engine_->last_applied(); },
                  .sync = [this] { return engine_->sync(); },
                  .on_fatal = options_.on_fatal,
                  .max_waiters = options_.max_waiters,
                  .failpoints = options_.failpoints,
                  .metrics = options_.metrics},
                 engine_->last_applied()) {
  CHECK(options_.on_fatal != nullptr, "a store needs on_fatal");
  if (options_.metrics != nullptr) {
    commits_ = options_.metrics->counter("confab_commits_total", "Transactions that wrote");
  }
}

std::unique_ptr<Txn> EngineStore::read() {
  return std::make_unique<EngineTxn>(*this, engine_->snapshot(), false);
}

std::unique_ptr<Txn> EngineStore::read_newest() {
  return std::make_unique<EngineTxn>(*this, engine_->newest(), true);
}

Result<std::unique_ptr<Txn>> EngineStore::write(const Shard& home,
                                                std::span<const Shard> merge_shards) {
  TRY_STATUS(committer_.health());
  TRY_STATUS(engine_->accepts_writes());
  return std::make_unique<EngineTxn>(*this, home, merge_shards);
}

void EngineStore::when_durable(Ticket ticket, Deadline deadline, OnDurable done) {
  committer_.when_durable(ticket, deadline, std::move(done));
}

}  // namespace confab
