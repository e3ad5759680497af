// Gives back the space of what nobody can see any more: messages that both sides have cleared or
// that have expired, with their unread and backdated keys, and views that say nothing. Unobservable
// by construction: every command already treats these as absent. Bounded steps; idempotent, so a
// crash or a restart loses only the place in the sweep.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "domain/context.h"
#include "store/records.h"

namespace confab {

/// Where the sweep over all timelines, groups and views goes on. Default: at the beginning.
struct ReclaimCursor {
  enum class Phase { kTimelines, kGroups, kViews, kGroupViews };

  Phase phase = Phase::kTimelines;
  std::string next_key;  // the first key of the phase to look at
  // Inside a timeline whose pass did not end within one step:
  std::optional<MessageRest> message;  // go on from here
  Position floor = 0;                  // what both sides had cleared when the pass began

  bool operator==(const ReclaimCursor&) const = default;
};

struct ReclaimStep {
  std::size_t looked_at = 0;  // entries read; what a rate cap counts
  std::size_t messages = 0;   // erased
  std::size_t views = 0;      // erased
  bool sweep_done = false;    // the cursor is at the beginning again
};

/// Looks at no more than about `budget` entries from `cursor` on and moves it. `context.app` is not
/// used: the sweep covers all apps.
Result<ReclaimStep> reclaim_step(Context& context, ReclaimCursor& cursor, std::size_t budget);

}  // namespace confab
