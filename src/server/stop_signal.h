// What ends a server: SIGTERM, SIGINT, or the store's failure.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "server/files.h"

namespace confab {

class StopSignal {
 public:
  /// Keeps SIGTERM and SIGINT from ending the program. REQUIRES: no other thread runs yet, so that
  /// all inherit this.
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal() = default;

  /// Ends wait() with `reason`; the first one counts. Any thread.
  void report_failure(const std::string& reason);

  /// Blocks until a signal (nothing) or a failure (its reason). From then on a further SIGTERM or
  /// SIGINT ends the program at once.
  std::optional<std::string> wait();

 private:
  Descriptor signals_;
  Descriptor failures_;
  std::mutex mutex_;
  std::optional<std::string> reason_;
};

}  // namespace confab
