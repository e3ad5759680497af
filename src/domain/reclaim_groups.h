// What reclaim (domain/reclaim.h) erases of groups: messages that have expired, what only a life
// that is over needs, and views that say nothing any more. The record and the heads of a dissolved
// group stay, some fifty bytes for each life: entries of former members are derived from them.
#pragma once

#include <cstddef>

#include "domain/context.h"
#include "store/keyspaces.h"

namespace confab {

struct GroupPass {
  std::size_t looked_at = 0;
  std::size_t messages = 0;  // erased
  bool done = false;         // off: call again
};

/// One bounded piece of the work on one life of a group.
Result<GroupPass> reclaim_group(Context& context,
                                const Shard& timeline,
                                const GroupLifeRest& life,
                                std::size_t budget);

/// True if the view was erased.
Result<bool> reclaim_group_view(Context& context, const Shard& user, const GroupViewRest& rest);

}  // namespace confab
