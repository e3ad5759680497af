// Random requests of every kind that writes, and some that read. The text of a message says what it
// must do, so that the checker (findings.h) can derive from stored messages what they caused.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace confab::testing {

/// Whether a stored body is that of a message which counts as unread, or refreshes lists.
bool counts_as_unread(std::string_view body);
bool refreshes_lists(std::string_view body);

/// A text that says so, different from all others with another number.
std::string message_text(std::uint64_t number, bool counts, bool refreshes);

struct Request {
  std::string command;
  std::string body;
};

class Load {
 public:
  explicit Load(std::uint64_t seed) : random_(seed) {}

  /// `now`: the clock's second.
  Request next(Seconds now);

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool once_in(std::size_t count) { return below(count) == 0; }
  const std::string& user();
  const std::string& group();
  std::string members();
  std::string names();
  std::string controls(bool counts, bool refreshes);

  Request on_account();
  Request on_message(Seconds now);
  Request on_stored(Seconds now);
  Request on_list();
  Request on_group();
  Request on_members();
  Request on_group_message(Seconds now);
  Request reading();

  std::mt19937_64 random_;
  std::uint64_t number_ = 0;
};

}  // namespace confab::testing
