// A caller of the REST API that turns answers into the naive model's rows and complains about what
// no answer may look like, whatever the rules say. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "tests/model/naive_chat.h"
#include "tests/support/world.h"

namespace confab::testing {

/// AssistFlags.
inline constexpr unsigned kKnowsPinning = 1;
inline constexpr unsigned kWantsEmpty = 2;
inline constexpr unsigned kPagesPinned = 4;

class RestChat {
 public:
  /// Both outlive this; each complaint is one line of `complain`.
  RestChat(World& world, std::function<void(std::string)> complain)
      : world_(world), complain_(std::move(complain)) {}

  // Commands; each gives the error code.
  int send(const SendRequest& request);
  int recall(const std::string& from,
             const std::string& to,
             std::uint32_t seq,
             std::uint32_t random,
             std::uint32_t time);
  /// `until` 0: everything, by leaving it out.
  int mark_read(const std::string& user, const std::string& peer, Seconds until);
  int remove(const std::string& user, const std::string& peer, bool clear);
  int pin(const std::string& user, const std::string& peer, bool on);

  // Answers, all pages. Empty on an error.
  std::vector<HistoryRow> history(const std::string& user,
                                  const std::string& peer,
                                  std::size_t page,
                                  Seconds min_time = 0,
                                  Seconds max_time = 0xffffffff);
  std::vector<SessionRow> list(const std::string& user, unsigned flags);
  /// One count for each peer; nothing for one who is not known.
  std::vector<std::optional<std::size_t>> unread(const std::string& user,
                                                 const std::vector<std::string>& peers);
  std::size_t total_unread(const std::string& user);

  /// The error code of a list, a history and both unread counts of who is not imported.
  std::vector<int> codes_of_stranger(const std::string& stranger, const std::string& known);

 private:
  struct Cursors {
    std::int64_t time = 0;
    std::int64_t index = 0;
    std::int64_t top_time = 0;
    std::int64_t top_index = 0;

    bool operator==(const Cursors&) const = default;
  };

  /// The answer's members, valid until the next call.
  JsonValue call(std::string_view command, const std::string& body);
  int code_of(JsonValue answer);
  std::int64_t number(JsonValue object, std::string_view name);
  std::string text(JsonValue object, std::string_view name);
  std::vector<JsonValue> items(JsonValue object, std::string_view name);
  HistoryRow to_row(JsonValue message);
  void check_list_order(const std::vector<SessionRow>& rows, const std::string& user);

  World& world_;
  std::function<void(std::string)> complain_;
  JsonParser parser_;
  std::string answer_;
};

}  // namespace confab::testing
