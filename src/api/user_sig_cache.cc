#include "api/user_sig_cache.h"

#include <algorithm>

namespace confab {

UserSigCache::UserSigCache(std::size_t capacity)
    : part_capacity_(std::max<std::size_t>(capacity / kParts, 1)) {}

bool UserSigCache::holds(std::string_view text,
                         AppId app,
                         std::string_view identifier,
                         std::uint64_t generation,
                         Seconds now) {
  auto& part = part_of(text);
  const std::lock_guard lock(part.mutex);
  const auto found = part.entries.find(text);
  if (found == part.entries.end()) return false;
  const auto& entry = found->second;
  return entry.app == app && entry.identifier == identifier && entry.generation == generation &&
         now <= entry.last_second;
}

void UserSigCache::insert(std::string_view text,
                          AppId app,
                          std::string_view identifier,
                          std::uint64_t generation,
                          Seconds last_second) {
  auto& part = part_of(text);
  const std::lock_guard lock(part.mutex);
  if (part.entries.size() >= part_capacity_) {
    // Any half will do: what is still in use is verified once more. Amortised, an insertion evicts
    // one entry.
    const auto keep = part_capacity_ / 2;
    while (part.entries.size() > keep)
      part.entries.erase(part.entries.begin());
  }
  part.entries.insert_or_assign(std::string(text),
                                Entry{app, std::string(identifier), generation, last_second});
}

std::size_t UserSigCache::size() {
  std::size_t size = 0;
  for (auto& part : parts_) {
    const std::lock_guard lock(part.mutex);
    size += part.entries.size();
  }
  return size;
}

UserSigCache::Part& UserSigCache::part_of(std::string_view text) {
  // From inside, where signatures differ; all of the text is hashed once, by the part's table.
  return parts_[TextHash{}(text.substr(text.size() / 2, 8)) % kParts];
}

}  // namespace confab
