#include "tests/crash/recording_store.h"

#include <algorithm>
#include <future>
#include <utility>

namespace confab::testing {

class RecordingTxn final : public Txn {
 public:
  RecordingTxn(RecordingStore& store, std::unique_ptr<Txn> txn)
      : store_(store), txn_(std::move(txn)) {}
  RecordingTxn(const RecordingTxn&) = delete;
  RecordingTxn& operator=(const RecordingTxn&) = delete;
  RecordingTxn(RecordingTxn&&) = delete;
  RecordingTxn& operator=(RecordingTxn&&) = delete;
  ~RecordingTxn() override {
    txn_.reset();
    if (committed_) store_.record(std::move(writes_), merged_, shards_);
  }

  Result<std::optional<std::string>> get(const Key& key) override {
    store_.touch(key.shard);
    return txn_->get(key);
  }
  Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) override {
    for (const auto& key : keys)
      store_.touch(key.shard);
    return txn_->get_many(keys);
  }
  Status scan(const KeyRange& range, Direction direction, const Visitor& visitor) override {
    if (range.shard != nullptr) store_.touch(*range.shard);
    return txn_->scan(range, direction, visitor);
  }
  void put(const Key& key, std::string value) override {
    shards_.insert(key.shard);
    writes_[key.bytes] = value;
    txn_->put(key, std::move(value));
  }
  void erase(const Key& key) override {
    shards_.insert(key.shard);
    writes_[key.bytes] = std::nullopt;
    txn_->erase(key);
  }
  void merge(const Key& key, std::string operand) override {
    shards_.insert(key.shard);
    merged_.emplace(key.bytes, key.shard);
    txn_->merge(key, std::move(operand));
  }
  Result<Ticket> commit() override {
    auto ticket = txn_->commit();
    committed_ = ticket.has_value() && !shards_.empty();
    return ticket;
  }
  Ticket ticket_so_far() override { return txn_->ticket_so_far(); }

 private:
  RecordingStore& store_;
  std::unique_ptr<Txn> txn_;
  CommittedWrites writes_;
  std::map<std::string, Shard> merged_;
  std::set<Shard> shards_;
  bool committed_ = false;
};

std::unique_ptr<Txn> RecordingStore::read() {
  return std::make_unique<RecordingTxn>(*this, store_->read());
}

std::unique_ptr<Txn> RecordingStore::read_newest() {
  return std::make_unique<RecordingTxn>(*this, store_->read_newest());
}

Result<std::unique_ptr<Txn>> RecordingStore::write(const Shard& home,
                                                   std::span<const Shard> merge_shards) {
  TRY(auto txn, store_->write(home, merge_shards));
  return std::make_unique<RecordingTxn>(*this, std::move(txn));
}

void RecordingStore::when_durable(Ticket ticket, Deadline deadline, OnDurable done) {
  waits_.push_back({ticket, deadline, std::move(done)});
}

void RecordingStore::release() {
  std::vector<std::future<void>> over;
  for (auto& wait : std::exchange(waits_, {})) {
    auto answered = std::make_shared<std::promise<void>>();
    over.push_back(answered->get_future());
    store_->when_durable(wait.ticket, wait.deadline,
                         [answered, done = std::move(wait.done)](Status status) mutable {
                           done(std::move(status));
                           answered->set_value();
                         });
  }
  for (auto& each : over)
    each.get();
}

std::vector<CommittedWrites> RecordingStore::take_commits() {
  last_commits_.clear();
  newest_touched_ = 0;
  return std::exchange(commits_, {});
}

void RecordingStore::touch(const Shard& shard) {
  const auto last = last_commits_.find(shard);
  if (last != last_commits_.end()) newest_touched_ = std::max(newest_touched_, last->second);
}

void RecordingStore::record(CommittedWrites writes,
                            const std::map<std::string, Shard>& merged,
                            const std::set<Shard>& shards) {
  {
    const auto txn = store_->read();
    for (const auto& [key, shard] : merged) {
      const auto value = txn->get({shard, key});
      if (value) writes[key] = *value;
    }
  }
  commits_.push_back(std::move(writes));
  for (const auto& shard : shards)
    last_commits_[shard] = commits_.size();
  newest_touched_ = commits_.size();
  on_commit();
}

}  // namespace confab::testing
