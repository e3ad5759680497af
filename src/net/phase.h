// What a connection's input is at, and how long that may last.
#pragma once

#include <chrono>

#include "net/server.h"

namespace confab {

/// In this order: requests are taken until kDiscard.
enum class Phase {
  kConnected,  // no request yet; also the TLS handshake
  kIdle,       // between requests
  kHead,
  kBody,
  kDiscard,  // the last request is taken: the rest is dropped
  kLinger,   // and the last answer is written, but the client is still sending
};

/// So long is read on and dropped for a client that is still sending when its last answer has been
/// written: closing on it would be a reset, which may overtake the answer.
inline constexpr std::chrono::milliseconds kLingerTime{2000};

/// The longest that a connection may stay in `phase`.
inline std::chrono::nanoseconds limit_of(Phase phase, const HttpServerOptions& options) {
  switch (phase) {
    case Phase::kConnected:
    case Phase::kHead:
      return options.header_timeout;
    case Phase::kIdle:
      return options.idle_timeout;
    case Phase::kBody:
      return options.body_timeout;
    case Phase::kDiscard:
      break;  // an answer is owed or being written
    case Phase::kLinger:
      return kLingerTime;
  }
  return std::chrono::nanoseconds::max();
}

}  // namespace confab
