// `confab inspect`: what a store holds, in words, without changing it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace confab {

/// Which of the three looks it is follows from what is given: a key, a user, or nothing.
struct InspectRequest {
  std::string store_path;
  std::string hex_key;
  std::uint32_t app_id = 0;
  std::string user;
  std::string peer;                  // with a user: also the timeline of the two
  std::string group;                 // only what is stored of this group
  std::optional<std::size_t> limit;  // entries that are listed or counted, of each keyspace
  bool show_texts = false;           // of values; otherwise their sizes
};

/// Lines for the operator. kInvalidField: not a key. kInternal: no store, or it cannot be read.
Result<std::string> inspect(const InspectRequest& request);

}  // namespace confab
