// What a running server is told from outside: to stop, to reload, or that its store has failed.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "server/files.h"

namespace confab {

class Signals {
 public:
  enum class Kind { kReload, kStop, kFailure };
  struct Event {
    Kind kind;
    std::string reason;  // of a failure
  };

  /// Keeps SIGTERM, SIGINT and SIGHUP from ending the program. REQUIRES: no other thread runs yet,
  /// so that all inherit this.
  Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() = default;

  /// Makes wait() give a failure with `reason`; the first one counts. Any thread.
  void report_failure(const std::string& reason);

  /// Blocks until SIGHUP (kReload), SIGTERM or SIGINT (kStop), or a failure. After one of the
  /// latter two, which end the waiting, a further SIGTERM or SIGINT ends the program at once.
  Event wait();

 private:
  Descriptor signals_;
  Descriptor failures_;
  std::mutex mutex_;
  std::optional<std::string> reason_;
};

}  // namespace confab
