// Merges as a distributed engine may deliver them: late, repeatedly and in any order. Internal to
// the store layer, for tests.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "store/memory_store.h"
#include "store/store.h"

namespace confab {

/// `store` with the merges that leave their home shard held back after commit. Each is applied
/// later in a transaction of its own, in an order and number that `seed` decides. Thread-safe.
std::unique_ptr<MemoryStore> make_adverse_merges_store(std::unique_ptr<Store> store,
                                                       std::vector<MergeRule> merge_rules,
                                                       std::uint64_t seed);

}  // namespace confab
