// A look into a store on disk that changes nothing, also while a server has it open.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace confab {

/// The store as it was when it was opened: all that was durable then. One thread.
class StoreReader {
 public:
  StoreReader() = default;
  StoreReader(const StoreReader&) = delete;
  StoreReader& operator=(const StoreReader&) = delete;
  virtual ~StoreReader() = default;

  /// kInternal: cannot be read.
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;

  /// Calls `visit` for each entry whose key starts with `prefix`, in their order; false ends it.
  /// kInternal: cannot be read.
  virtual Status scan(
      const std::string& prefix,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) = 0;
};

/// Writes nothing at all, neither lock nor log file. kInternal, with a text for the operator: there
/// is no store, it cannot be read, or it was written in a newer format.
Result<std::unique_ptr<StoreReader>> open_rocks_reader(const std::string& path);

}  // namespace confab
