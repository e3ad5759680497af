#include "tests/domain/counting_store.h"

#include <ostream>
#include <utility>

#include "store/keyspaces.h"

namespace confab::testing {
namespace {

class CountingTxn final : public Txn {
 public:
  CountingTxn(std::unique_ptr<Txn> txn, StoreCost& cost) : txn_(std::move(txn)), cost_(cost) {
    ++cost_.transactions;
  }

  Result<std::optional<std::string>> get(const Key& key) override {
    ++cost_.gets;
    return txn_->get(key);
  }
  Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) override {
    cost_.gets += keys.size();
    return txn_->get_many(keys);
  }
  Status scan(const KeyRange& range, Direction direction, const Visitor& visitor) override {
    ++cost_.scans;
    return txn_->scan(range, direction, [&](std::string_view key, std::string_view value) {
      ++((key.front() == kMessages.prefix || key.front() == kGroupMessages.prefix)
             ? cost_.messages_scanned
             : cost_.others_scanned);
      return visitor(key, value);
    });
  }
  void put(const Key& key, std::string value) override {
    count_write(key.bytes.size() + value.size());
    txn_->put(key, std::move(value));
  }
  void erase(const Key& key) override {
    count_write(key.bytes.size());
    txn_->erase(key);
  }
  void merge(const Key& key, std::string operand) override {
    count_write(key.bytes.size() + operand.size());
    txn_->merge(key, std::move(operand));
  }
  Result<Ticket> commit() override { return txn_->commit(); }
  Ticket ticket_so_far() override { return txn_->ticket_so_far(); }

 private:
  void count_write(std::size_t bytes) {
    ++cost_.writes;
    cost_.bytes_written += bytes;
  }

  const std::unique_ptr<Txn> txn_;
  StoreCost& cost_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const StoreCost& cost) {
  return out << cost.transactions << " transactions, " << cost.gets << " gets, " << cost.scans
             << " scans of " << cost.messages_scanned << " messages and " << cost.others_scanned
             << " other entries, " << cost.writes << " writes of " << cost.bytes_written
             << " bytes";
}

std::unique_ptr<Txn> CountingStore::read() {
  return std::make_unique<CountingTxn>(store_.read(), cost);
}

std::unique_ptr<Txn> CountingStore::read_newest() {
  return std::make_unique<CountingTxn>(store_.read_newest(), cost);
}

Result<std::unique_ptr<Txn>> CountingStore::write(const Shard& home,
                                                  std::span<const Shard> merge_shards) {
  TRY(auto txn, store_.write(home, merge_shards));
  return std::make_unique<CountingTxn>(std::move(txn), cost);
}

void CountingStore::when_durable(Ticket ticket, Deadline deadline, OnDurable done) {
  store_.when_durable(ticket, deadline, std::move(done));
}

}  // namespace confab::testing
