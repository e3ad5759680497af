// The last requests that were refused or failed, for who looks at a running server. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error_codes.h"

namespace confab {

/// As the log has it.
struct FailedRequest {
  Seconds time = 0;
  std::string request_id;
  std::string command;              // "unknown": none was recognised
  std::uint32_t app = 0;            // 0: not known
  std::string identifier;           // empty: not known
  ErrorCode code = ErrorCode::kOk;  // as answered
  std::string reason;
};

class FailureLog {
 public:
  static constexpr std::size_t kKept = 100;

  void add(FailedRequest failed) {
    const std::lock_guard lock(mutex_);
    if (failed_.size() == kKept) failed_.pop_front();
    failed_.push_back(std::move(failed));
  }

  /// Newest first.
  std::vector<FailedRequest> newest() const {
    const std::lock_guard lock(mutex_);
    return {failed_.rbegin(), failed_.rend()};
  }

 private:
  mutable std::mutex mutex_;
  std::deque<FailedRequest> failed_;  // guarded by mutex_
};

}  // namespace confab
