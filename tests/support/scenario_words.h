// The short words of scenarios: each stands for one plain request or one plain answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "base/clock.h"

namespace confab::testing {

std::vector<std::string> split_words(std::string_view text);

/// Where `list … next`, `history … next` and `talk … next` go on: request members, taken from the
/// last such answer.
struct NextPage {
  std::string list;
  std::string history;
  std::string talk;

  void remember(JsonValue answer);
};

struct ShortRequest {
  std::string command;
  std::string body;
  std::string expectation;  // what must come unless the script says otherwise; empty: it must say
};

/// Nothing if the line's first word is none of the table, or has too few words behind it.
std::optional<ShortRequest> expand_request(std::string_view line,
                                           Seconds now,
                                           const NextPage& page);

/// The members of an answer that `words` stand for, after "rows", "messages", "unread", "said"
/// or "gunread"; nothing for another kind. Times in rows count from `start`.
std::optional<std::string> expand_answer(std::string_view kind,
                                         const std::vector<std::string>& words,
                                         JsonValue actual,
                                         Seconds start,
                                         Seconds now);

/// Replaces `$pad(N)` by N letters and `$times(N,TEXT)` by TEXT N times with commas between, in
/// which % counts from 1.
std::string expand_bulk(std::string text);

}  // namespace confab::testing
