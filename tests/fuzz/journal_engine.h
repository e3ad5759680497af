// A storage engine in memory that can say what has changed, and take it back. One thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/engine.h"

namespace confab::fuzz {

class JournalEngine final : public Engine {
 public:
  using Entries = std::map<std::string, std::string, std::less<>>;

  std::unique_ptr<EngineView> snapshot() override { return newest(); }
  std::unique_ptr<EngineView> newest() override;
  Status accepts_writes() override { return {}; }
  Status apply(const Writes& writes) override;
  Ticket last_applied() const override { return last_applied_; }
  Status sync() override { return {}; }
  Status give_back_space() override { return {}; }
  StoreBytes bytes() override { return {}; }

  const Entries& entries() const { return entries_; }

  /// A place in the journal: the present state.
  std::size_t now() const { return journal_.size(); }
  /// The keys whose values differ from what they were at `place`.
  std::vector<std::string> changed_since(std::size_t place) const;
  void go_back_to(std::size_t place);

 private:
  struct Was {
    std::string key;
    std::optional<std::string> value;
  };

  void set(const std::string& key, const std::optional<std::string>& value);
  std::optional<std::string> value_of(const std::string& key) const;

  Entries entries_;
  std::vector<Was> journal_;
  Ticket last_applied_ = 0;
};

}  // namespace confab::fuzz
