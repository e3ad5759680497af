// The merge rules of all keyspaces; a store is opened with them.
#pragma once

#include <vector>

#include "domain/group_views.h"
#include "domain/views.h"
#include "store/store.h"

namespace confab {

inline std::vector<MergeRule> domain_merge_rules() {
  return {{kViews.prefix, &apply_view_merge}, {kGroupViews.prefix, &apply_group_view_merge}};
}

}  // namespace confab
