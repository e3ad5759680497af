#include "store/engine_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "store/txn_rules.h"

namespace confab {

class EngineTxn final : public Txn {
 public:
  enum class Shows { kOneMoment, kNewest };

  /// A read transaction.
  EngineTxn(EngineStore& store, Shows shows)
      : store_(store), claim_(&store), rules_(store.options_.merge_rules) {
    if (shows == Shows::kNewest) return;
    moment_ = store.engine_->last_applied();
    view_ = store.engine_->snapshot();
  }

  EngineTxn(EngineStore& store, const Shard& home, std::span<const Shard> merge_shards)
      : store_(store), claim_(&store), rules_(store.options_.merge_rules, home, merge_shards) {
    lock_.emplace(store.stripes_, home, merge_shards);
  }

  Result<std::optional<std::string>> get(const Key& key) override {
    rules_.read(key);
    auto found = moment_ ? get_of_moment(key) : get_newest(key);
    cover(key.shard);
    return found;
  }

  Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) override {
    for (const auto& key : keys)
      rules_.read(key);
    auto found = moment_ ? get_many_of_moment(keys) : get_many_newest(keys);
    for (const auto& key : keys)
      cover(key.shard);
    return found;
  }

  Status scan(const KeyRange& range, Direction direction, const Visitor& visitor) override {
    rules_.read(range);
    if (range.first >= range.last) return {};
    auto outcome = is_whole_list(range, direction)
                       ? walk_list(range, visitor)
                       : view().scan(range.first, range.last, direction, visitor);
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

  /// Made when the engine is first asked: often the cache knows it all.
  EngineView& view() {
    if (!view_) view_ = store_.engine_->newest();
    return *view_;
  }

  /// Called after each read, so that the ticket is not older than what the read saw. An absent key
  /// and an empty range count too: that they are absent may be somebody's unsynced write.
  void cover(const Shard& shard) {
    const auto last_write = store_.stripes_.last_write(shard);
    ticket_ = std::max(ticket_, last_write ? *last_write : store_.engine_->last_applied());
  }

  /// The newest state of an entry: what the cache knows, or what the engine has. The cache keeps
  /// that if no write to the shard has begun since before it was read.
  Result<std::optional<std::string>> get_newest(const Key& key) {
    if (auto known = store_.cache_.find(key.bytes)) return *std::move(known);
    const auto before = store_.stripes_.last_write(key.shard);
    TRY(auto found, view().get(key.bytes));
    store_.cache_.keep(key.bytes, found, [&] { return is_newest(key.shard, before); });
    return found;
  }

  Result<std::vector<std::optional<std::string>>> get_many_newest(std::span<const Key> keys) {
    std::vector<std::optional<std::string>> found;
    found.reserve(keys.size());
    for (const auto& key : keys) {
      TRY(auto value, get_newest(key));
      found.push_back(std::move(value));
    }
    return found;
  }

  /// What the newest state of an entry and that of the moment have in common.
  std::optional<NewestCache::Value> known_of_moment(const Key& key) {
    auto known = store_.cache_.find(key.bytes);
    if (known && !is_as_at_moment(key.shard)) known.reset();
    return known;
  }

  Result<std::optional<std::string>> get_of_moment(const Key& key) {
    if (auto known = known_of_moment(key)) return *std::move(known);
    TRY(auto found, view().get(key.bytes));
    store_.cache_.keep(key.bytes, found, [&] { return is_as_at_moment(key.shard); });
    return found;
  }

  Result<std::vector<std::optional<std::string>>> get_many_of_moment(std::span<const Key> keys) {
    std::vector<std::optional<std::string>> found(keys.size());
    std::vector<Key> unknown;
    std::vector<std::size_t> places;  // of the unknown ones
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (auto known = known_of_moment(keys[i])) {
        found[i] = *std::move(known);
      } else {
        unknown.push_back(keys[i]);
        places.push_back(i);
      }
    }
    if (unknown.empty()) return found;
    TRY(auto values, view().get_many(unknown));
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      store_.cache_.keep(unknown[i].bytes, values[i],
                         [&] { return is_as_at_moment(unknown[i].shard); });
      found[places[i]] = std::move(values[i]);
    }
    return found;
  }

  /// All that a user has in a keyspace, as it is read again and again.
  bool is_whole_list(const KeyRange& range, Direction direction) const {
    return store_.walks_.keeps_any() && range.shard != nullptr &&
           range.shard->kind == ShardKind::kUser && direction == Direction::kForward &&
           range.last == after_prefix(range.first);
  }

  Status walk_list(const KeyRange& range, const Visitor& visitor) {
    const auto before = store_.stripes_.last_write(*range.shard);
    const bool is_known_state = before && (!moment_ || *before <= *moment_);
    if (!is_known_state) return view().scan(range.first, range.last, Direction::kForward, visitor);
    if (const auto known = store_.walks_.find(range.first, *before)) {
      known->replay(visitor);
      return {};
    }
    Walk walk;
    bool to_the_end = true;
    TRY_STATUS(view().scan(range.first, range.last, Direction::kForward,
                           [&](std::string_view key, std::string_view value) {
                             walk.add(key, value);
                             return to_the_end = visitor(key, value);
                           }));
    if (to_the_end && is_newest(*range.shard, before)) {
      store_.walks_.keep(range.first, *before, std::move(walk));
    }
    return {};
  }

  /// The same for an entry of a shard that is locked, so that nobody can write it.
  Result<std::optional<std::string>> get_held(const std::string& key) {
    if (auto known = store_.cache_.find(key)) return *std::move(known);
    TRY(auto found, view().get(key));
    store_.cache_.keep(key, found, [] { return true; });
    return found;
  }

  bool is_newest(const Shard& shard, std::optional<Ticket> last_write) const {
    return last_write && store_.stripes_.last_write(shard) == last_write;
  }

  /// No write to the shard has begun since the moment, so its entries are now what they were then.
  bool is_as_at_moment(const Shard& shard) const {
    const auto last_write = store_.stripes_.last_write(shard);
    return last_write && *last_write <= *moment_;
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
  std::optional<ShardLock> lock_;  // of a write transaction, until it ends
  /// Of a read transaction on one moment: view() shows all that this covers, and perhaps a little
  /// more. Nothing: view() shows the newest states.
  std::optional<Ticket> moment_;
  std::unique_ptr<EngineView> view_;
  std::vector<Change> changes_;
  Ticket ticket_ = 0;
};

EngineStore::EngineStore(std::unique_ptr<Engine> engine, EngineStoreOptions options)
    : engine_(std::move(engine)),
      options_(std::move(options)),
      cache_(options_.cached_entries),
      walks_(options_.cached_walks),
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
  return std::make_unique<EngineTxn>(*this, EngineTxn::Shows::kOneMoment);
}

std::unique_ptr<Txn> EngineStore::read_newest() {
  return std::make_unique<EngineTxn>(*this, EngineTxn::Shows::kNewest);
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
