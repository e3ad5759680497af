// A key of an app. Values: any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace confab {

struct AppKey {
  std::string text;  // secret
  /// Signatures made with it are good up to and including this second; nothing: as long as they say
  /// themselves.
  std::optional<Seconds> last_second = std::nullopt;

  bool is_good_at(Seconds now) const { return !last_second || now <= *last_second; }
  bool operator==(const AppKey&) const = default;
};

/// Tells keys apart without showing them: the first 8 hex digits of SHA-256.
std::string key_fingerprint(std::string_view key);

}  // namespace confab
