// Groups over the REST API, as the naive model's rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/naive_groups.h"
#include "tests/model/rest_caller.h"

namespace confab::testing {

class RestGroups : RestCaller {
 public:
  using RestCaller::RestCaller;

  // Commands; each gives the error code.
  int create(const NewGroupRequest& request);
  int dissolve(const std::string& group);
  ItemCodes add(const std::string& group, const std::vector<std::string>& users, bool silent);
  ItemCodes import_members(const std::string& group, const std::vector<MemberImportItem>& items);
  int remove(const std::string& group, const std::vector<std::string>& users, bool silent);
  int rename(const std::string& group, const std::string& name);
  int mute_all(const std::string& group, bool on);
  int mute(const std::string& group, const std::vector<std::string>& users, std::int64_t seconds);
  int give(const std::string& group, const std::string& owner);
  int set_role(const std::string& group, const std::string& user, bool admin);
  SentCode send(const GroupMessageRequest& request);
  std::vector<SentCode> import_messages(const std::string& group,
                                        const std::vector<GroupImportItem>& items,
                                        bool refreshes);
  ItemCodes recall(const std::string& group, const std::vector<std::int64_t>& seqs);
  int recall_of(const std::string& group, const std::string& sender);
  int modify(const std::string& group,
             std::int64_t seq,
             const std::optional<std::string>& text,
             const std::optional<std::string>& cloud);
  int set_unread(const std::string& group, const std::string& user, std::int64_t unread);
  int remove_entry(const std::string& user, const std::string& group, bool clear);
  int pin(const std::string& user, const std::string& group, bool on);

  // Answers, all pages.
  /// The error codes of who reads a group: its muted members, members, and history.
  std::vector<int> codes_of(const std::string& group);
  std::vector<GroupRow> history(const std::string& group, bool with_recalled, std::size_t page);
  std::vector<MemberRow> members(const std::string& group, std::size_t page);
  std::vector<std::pair<std::string, Seconds>> mutes(const std::string& group);
  std::vector<JoinedRow> joined(const std::string& user, bool with_inactive, std::size_t page);
  int joined_code(const std::string& user);
  /// Of one kind, or of all ("").
  std::vector<std::string> alive(const std::string& kind, std::size_t page);

 private:
  int simple(std::string_view command, const std::string& body) {
    return code_of(call(command, body));
  }
  ItemCodes results_of(JsonValue answer, std::string_view list, std::string_view code);
  GroupRow to_row(JsonValue message);
  JoinedRow to_joined(JsonValue item);
};

}  // namespace confab::testing
