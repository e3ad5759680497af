#include "tests/fuzz/journal_engine.h"

#include <set>
#include <utility>

namespace confab::fuzz {
namespace {

class View final : public EngineView {
 public:
  explicit View(const JournalEngine::Entries& entries) : entries_(entries) {}

  Result<std::optional<std::string>> get(std::string_view key) override {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    return found->second;
  }

  Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) override {
    std::vector<std::optional<std::string>> found;
    found.reserve(keys.size());
    for (const auto& key : keys)
      found.push_back(*get(key.bytes));
    return found;
  }

  Status scan(const std::string& first,
              const std::string& last,
              Direction direction,
              const Visitor& visitor) override {
    auto begin = entries_.lower_bound(first);
    auto end = entries_.lower_bound(last);
    if (direction == Direction::kForward) {
      while (begin != end && visitor(begin->first, begin->second))
        ++begin;
    } else {
      while (begin != end && visitor(std::prev(end)->first, std::prev(end)->second))
        --end;
    }
    return {};
  }

 private:
  const JournalEngine::Entries& entries_;
};

}  // namespace

std::unique_ptr<EngineView> JournalEngine::newest() {
  return std::make_unique<View>(entries_);
}

std::optional<std::string> JournalEngine::value_of(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : std::optional(found->second);
}

void JournalEngine::set(const std::string& key, const std::optional<std::string>& value) {
  if (value) {
    entries_.insert_or_assign(key, *value);
  } else {
    entries_.erase(key);
  }
}

Status JournalEngine::apply(const Writes& writes) {
  for (const auto& [key, value] : writes) {
    journal_.push_back({key, value_of(key)});
    set(key, value);
  }
  ++last_applied_;
  return {};
}

std::vector<std::string> JournalEngine::changed_since(std::size_t place) const {
  std::vector<std::string> changed;
  std::set<std::string_view> seen;
  for (auto at = place; at < journal_.size(); ++at) {
    const auto& [key, value] = journal_[at];
    if (seen.insert(key).second && value_of(key) != value) changed.push_back(key);
  }
  return changed;
}

void JournalEngine::go_back_to(std::size_t place) {
  while (journal_.size() > place) {
    set(journal_.back().key, journal_.back().value);
    journal_.pop_back();
  }
}

}  // namespace confab::fuzz
