// Who is signed in to the console. In memory: a restart signs everybody out. One thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace confab {

class Sessions {
 public:
  /// A session ends so long after its sign-in.
  static constexpr Seconds kLifetime = 12LL * 3600;
  /// Wrong tokens in a minute, after which none is taken until it is over. Wrong links do not
  /// count: they cannot be guessed, and any page can make a browser ask for one.
  static constexpr int kAttempts = 10;
  /// The oldest session ends when there are more.
  static constexpr std::size_t kMost = 100;

  /// `token`: the operator's; empty: there is none. `with_link`: a one-time link is made.
  Sessions(const Clock& clock, Random& random, std::string token, bool with_link);

  /// The secret of the one-time link; empty once it was used, or if there is none.
  const std::string& link() const { return link_; }

  /// A new session's secret. Nothing: that is not the token, or not the link's secret (any more).
  std::optional<std::string> sign_in_with_token(std::string_view token);
  std::optional<std::string> sign_in_with_link(std::string_view secret);

  /// Whether tokens are refused for the rest of this minute.
  bool is_locked() const;

  bool holds(std::string_view session) const;
  /// For requests that come with the operator's token instead of a session. A wrong one counts as
  /// an attempt.
  bool takes_token(std::string_view token);
  void end(std::string_view session);

 private:
  std::string begin();
  void note_failure();

  const Clock& clock_;
  Random& random_;
  const std::string token_;
  std::string link_;
  std::map<std::string, Seconds, std::less<>> sessions_;  // and when each ends
  Seconds minute_ = 0;                                    // of the last failed attempt
  int failures_ = 0;                                      // in it
};

}  // namespace confab
