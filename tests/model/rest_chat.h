// Accounts, one-to-one conversations and lists over the REST API, as the naive model's rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/model/naive_chat.h"
#include "tests/model/rest_caller.h"

namespace confab::testing {

/// AssistFlags.
inline constexpr unsigned kKnowsPinning = 1;
inline constexpr unsigned kWantsEmpty = 2;
inline constexpr unsigned kPagesPinned = 4;
inline constexpr unsigned kWantsNotes = 8;

class RestChat : RestCaller {
 public:
  using RestCaller::RestCaller;

  // Commands; each gives the error code.
  void import_account(const std::string& user);
  int delete_account(const std::string& user);
  int send(const SendRequest& request);
  int import_message(const SendRequest& request, Seconds time, bool live);
  ItemCodes send_to_many(const SendRequest& request, const std::vector<std::string>& recipients);
  int recall(const MessageId& id);
  int modify(const MessageId& id,
             const std::optional<std::string>& text,
             const std::optional<std::string>& cloud);
  /// `until` 0: everything, by leaving it out.
  int mark_read(const std::string& user, const std::string& peer, Seconds until);
  int remove(const std::string& user, const std::string& peer, bool clear);
  int pin(const std::string& user, const std::string& peer, bool on);
  int set_extensions(const MessageId& id,
                     const std::vector<std::string>& keys,
                     const std::string& value);
  int clear_extensions(const MessageId& id);
  ItemCodes create_group(const std::string& user,
                         const std::string& group,
                         const std::vector<std::string>& peers);
  int rename_group(const std::string& user, const std::string& group, const std::string& name);
  ItemCodes change_group(const std::string& user,
                         const std::string& group,
                         const std::vector<std::string>& peers,
                         bool add);
  int delete_group(const std::string& user, const std::string& group);
  ItemCodes mark(const std::string& user,
                 const std::vector<std::string>& peers,
                 const MarkRequest& request);

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

  Extensions extensions(const MessageId& id);
  NoteBook notes(const std::string& user);
  /// Only of the given conversations.
  NoteBook notes(const std::string& user, const std::vector<std::string>& peers);
  /// Those of `users` that are imported, as account_check and query_online_status say alike.
  std::vector<std::string> imported(const std::vector<std::string>& users);

  /// The error code of a list, notes, a history and an unread count of who is not imported.
  std::vector<int> codes_of_stranger(const std::string& stranger, const std::string& known);
  int history_code(const std::string& user, const std::string& peer);

 private:
  struct Cursors {
    std::int64_t time = 0;
    std::int64_t index = 0;
    std::int64_t top_time = 0;
    std::int64_t top_index = 0;

    bool operator==(const Cursors&) const = default;
  };

  ItemCodes item_codes_of(JsonValue items);
  Notes to_notes(JsonValue object);
  NoteBook to_book(JsonValue answer, std::string_view contacts);
  std::string delivery_of(const SendRequest& request) const;
  HistoryRow to_row(JsonValue message);
  void check_list_order(const std::vector<SessionRow>& rows, const std::string& user);
};

}  // namespace confab::testing
