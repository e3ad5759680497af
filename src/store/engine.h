// What a storage engine provides: ordered bytes, atomic writes, one sync for all of them. The rules
// of store.h are not its concern (store/engine_store.h). Internal to the store layer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace confab {

/// The new value of each key; nothing: erased.
using Writes = std::map<std::string, std::optional<std::string>>;

/// A state of the engine to read: one that stays, or always the newest. Used by one thread.
class EngineView {
 public:
  EngineView() = default;
  EngineView(const EngineView&) = delete;
  EngineView& operator=(const EngineView&) = delete;
  virtual ~EngineView() = default;

  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  /// One result for each key, all from one state.
  virtual Result<std::vector<std::optional<std::string>>> get_many(std::span<const Key> keys) = 0;
  /// REQUIRES: first < last. One state for the whole scan.
  virtual Status scan(const std::string& first,
                      const std::string& last,
                      Direction direction,
                      const Visitor& visitor) = 0;
};

/// Thread-safe; outlives its views.
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  /// A state that stays as it is now.
  virtual std::unique_ptr<EngineView> snapshot() = 0;
  /// Sees each write as soon as apply has returned.
  virtual std::unique_ptr<EngineView> newest() = 0;

  /// kInternal: no writes at present; says why.
  virtual Status accepts_writes() = 0;
  /// All or none, visible at once, durable with the next sync. An error means that the engine
  /// cannot go on: nothing was applied, and nothing will be any more.
  virtual Status apply(const Writes& writes) = 0;
  /// Covers every apply that has returned and everything that views have shown.
  virtual Ticket last_applied() const = 0;
  /// Makes all that last_applied() covers durable. After an error what is durable is unknown.
  virtual Status sync() = 0;

  /// As in store.h.
  virtual Status give_back_space() = 0;
  virtual StoreBytes bytes() = 0;
};

}  // namespace confab
