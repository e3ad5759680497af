// A store that counts what transactions ask of it, so that tests can say what an operation costs
// without a clock. One thread.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>

#include "store/store.h"

namespace confab::testing {

struct StoreCost {
  std::size_t transactions = 0;
  std::size_t gets = 0;  // keys asked for
  std::size_t scans = 0;
  std::size_t messages_scanned = 0;
  std::size_t others_scanned = 0;  // entries of all other keyspaces
  std::size_t writes = 0;          // puts, erases and merges
  std::size_t bytes_written = 0;

  bool operator==(const StoreCost&) const = default;
};

std::ostream& operator<<(std::ostream& out, const StoreCost& cost);

class CountingStore final : public Store {
 public:
  explicit CountingStore(Store& store) : store_(store) {}

  StoreCost cost;

  std::unique_ptr<Txn> read() override;
  std::unique_ptr<Txn> read_newest() override;
  Result<std::unique_ptr<Txn>> write(const Shard& home,
                                     std::span<const Shard> merge_shards) override;
  void when_durable(Ticket ticket, Deadline deadline, OnDurable done) override;
  Status give_back_space() override { return store_.give_back_space(); }
  StoreBytes bytes() override { return store_.bytes(); }

 private:
  Store& store_;
};

}  // namespace confab::testing
