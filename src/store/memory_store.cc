#include "store/memory_store.h"

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "base/check.h"
#include "store/adverse_merges.h"
#include "store/engine.h"
#include "store/engine_store.h"

namespace confab {
namespace {

/// Ordered entries under one lock. A snapshot holds it shared for its whole life, so writers wait
/// for open read transactions: those are short, and nothing simpler is consistent.
struct Entries {
  std::map<std::string, std::string, std::less<>> map;
  std::shared_mutex mutex;

  /// Sets or erases; by how many bytes the entries have grown, modulo 2^64.
  // REQUIRES: mutex is held exclusively.
  std::uint64_t set(const std::string& key, const std::optional<std::string>& value) {
    const auto found = map.find(key);
    const auto before = found == map.end() ? 0 : key.size() + found->second.size();
    if (!value) {
      if (found != map.end()) map.erase(found);
      return 0 - before;
    }
    map.insert_or_assign(found, key, *value);
    return key.size() + value->size() - before;
  }
};

class MemoryView final : public EngineView {
 public:
  enum class Kind { kSnapshot, kNewest };

  MemoryView(Entries& entries, Kind kind) : entries_(entries) {
    if (kind == Kind::kSnapshot) held_ = std::shared_lock(entries.mutex);
  }

  Result<std::optional<std::string>> get(std::string_view key) override {
    const auto lock = lock_unless_held();
    return find(key);
  }

  Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) override {
    const auto lock = lock_unless_held();
    std::vector<std::optional<std::string>> found;
    found.reserve(keys.size());
    for (const auto& key : keys)
      found.push_back(find(key.bytes));
    return found;
  }

  Status scan(const std::string& first,
              const std::string& last,
              Direction direction,
              const Visitor& visitor) override {
    const auto lock = lock_unless_held();
    auto begin = entries_.map.lower_bound(first);
    auto end = entries_.map.lower_bound(last);
    if (direction == Direction::kForward) {
      for (; begin != end; ++begin) {
        if (!visitor(begin->first, begin->second)) break;
      }
    } else {
      while (end != begin) {
        --end;
        if (!visitor(end->first, end->second)) break;
      }
    }
    return {};
  }

 private:
  std::shared_lock<std::shared_mutex> lock_unless_held() {
    if (held_.owns_lock()) return {};
    return std::shared_lock(entries_.mutex);
  }

  std::optional<std::string> find(std::string_view key) const {
    const auto found = entries_.map.find(key);
    if (found == entries_.map.end()) return std::nullopt;
    return found->second;
  }

  Entries& entries_;
  std::shared_lock<std::shared_mutex> held_;
};

class MemoryEngine final : public Engine {
 public:
  std::unique_ptr<EngineView> snapshot() override {
    return std::make_unique<MemoryView>(entries_, MemoryView::Kind::kSnapshot);
  }
  std::unique_ptr<EngineView> newest() override {
    return std::make_unique<MemoryView>(entries_, MemoryView::Kind::kNewest);
  }

  Status accepts_writes() override { return {}; }

  Status apply(const Writes& writes) override {
    const std::lock_guard lock(entries_.mutex);
    for (const auto& [key, value] : writes)
      live_bytes_ += entries_.set(key, value);
    ++last_applied_;
    return {};
  }

  Ticket last_applied() const override { return last_applied_; }
  Status sync() override { return {}; }

  Status give_back_space() override { return {}; }
  StoreBytes bytes() override { return {.live = live_bytes_}; }

 private:
  Entries entries_;
  std::atomic<Ticket> last_applied_ = 0;
  std::atomic<std::uint64_t> live_bytes_ = 0;  // of keys and values
};

class PlainMemoryStore final : public MemoryStore {
 public:
  explicit PlainMemoryStore(std::unique_ptr<Store> store) : store_(std::move(store)) {}

  std::unique_ptr<Txn> read() override { return store_->read(); }
  std::unique_ptr<Txn> read_newest() override { return store_->read_newest(); }
  Result<std::unique_ptr<Txn>> write(const Shard& home,
                                     std::span<const Shard> merge_shards) override {
    return store_->write(home, merge_shards);
  }
  void when_durable(Ticket ticket, Deadline deadline, OnDurable done) override {
    store_->when_durable(ticket, deadline, std::move(done));
  }
  Status give_back_space() override { return store_->give_back_space(); }
  StoreBytes bytes() override { return store_->bytes(); }
  void flush_merges() override {}

 private:
  const std::unique_ptr<Store> store_;
};

}  // namespace

std::unique_ptr<MemoryStore> MemoryStore::create(MemoryStoreOptions options) {
  auto store =
      std::make_unique<EngineStore>(std::make_unique<MemoryEngine>(),
                                    EngineStoreOptions{.merge_rules = options.merge_rules,
                                                       .max_waiters = options.max_waiters,
                                                       .on_fatal = std::move(options.on_fatal),
                                                       .failpoints = options.failpoints,
                                                       .metrics = options.metrics});
  if (options.adverse_merges_seed == 0) return std::make_unique<PlainMemoryStore>(std::move(store));
  return make_adverse_merges_store(std::move(store), std::move(options.merge_rules),
                                   options.adverse_merges_seed);
}

}  // namespace confab
