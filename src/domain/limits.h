// The numbers that rule conversations; those that an operator may choose come from the settings
// table.
#pragma once

#include <cstddef>

#include "base/clock.h"

namespace confab {

struct ChatLimits {
  /// How long messages are kept, and list entries with them (D9, G19).
  Seconds roaming_period = Seconds{7} * 24 * 3600;
  /// Entries of a conversation list that are shown, newest first; 0: all (D8).
  std::size_t list_cap = 100;
  /// Pinned conversations of one user (D10).
  std::size_t pinned_cap = 50;
  /// Unread messages counted in one one-to-one conversation (D21).
  std::size_t unread_cap = 250;
  /// Rows in one page of get_list (K17).
  std::size_t list_page = 100;
};

}  // namespace confab
