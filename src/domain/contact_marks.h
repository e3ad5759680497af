// Conversation groups and marks: what a user notes about conversations, whether they are in the
// list or not (F1). At most kMaxMarked conversations carry any, so an operation reads all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/context.h"
#include "domain/conversation.h"

namespace confab {

inline constexpr std::size_t kMaxContactGroups = 20;  // of one user (F2)
inline constexpr std::size_t kMaxMarked = 1000;       // conversations of one user with any note
inline constexpr std::size_t kMarkPage = 100;         // conversations in one page of read_marks

struct ContactGroup {
  std::uint32_t id = 0;  // private to the user, never used again (F4)
  std::string name;
};

struct ContactGroupChange {
  bool add = true;  // off: remove
  Conversation conversation;
};

struct GroupOutcome {
  ContactGroup group;
  std::vector<Status> items;  // one for each conversation: kContactNoAccount, kNoSuchContactTarget,
                              // kTooManyMarked
};

/// What is left of stored marks: the conversation groups of a chat group end with its life and with
/// the user's membership, also when the user joins again (F18).
Result<MarkRecord> present_marks(
    Txn& txn, const Shard& user, std::uint32_t generation, const ViewRest& rest, MarkRecord stored);

// Errors of all: kContactNoAccount, the owner is not imported.

/// Creates the group, or adds to the one of this name (F5). kTooManyContactGroups.
Result<GroupOutcome> create_contact_group(Context& context,
                                          const std::string& owner,
                                          const std::string& name,
                                          std::span<const Conversation> conversations);

/// kNoSuchContactGroup. kInvalidField: another group has the new name (F6).
Result<ContactGroup> rename_contact_group(Context& context,
                                          const std::string& owner,
                                          const std::string& name,
                                          const std::string& new_name);

/// kNoSuchContactGroup.
Result<GroupOutcome> change_contact_group(Context& context,
                                          const std::string& owner,
                                          const std::string& name,
                                          std::span<const ContactGroupChange> changes);

/// Its conversations stay (F7). kNoSuchContactGroup.
Result<ContactGroup> delete_contact_group(Context& context,
                                          const std::string& owner,
                                          const std::string& name);

/// First clears, then sets (F12).
struct MarkChange {
  Conversation conversation;
  std::uint64_t clear = 0;            // bits
  std::uint64_t set = 0;              // bits
  std::optional<std::string> custom;  // "": removes it; absent: stays
};

/// One outcome for each change, as for a group's conversations.
Result<std::vector<Status>> mark_contacts(Context& context,
                                          const std::string& owner,
                                          std::span<const MarkChange> changes);

struct MarkedContact {
  Conversation conversation;
  MarkRecord marks;
};

struct MarksPage {
  std::vector<MarkedContact> contacts;
  std::vector<ContactGroup> groups;  // all of the user's
  std::uint32_t next = 0;            // where the next page starts; 0: that was all
};

/// Of those among `conversations` that have any (K37).
Result<MarksPage> find_marks(Context& context,
                             const std::string& owner,
                             std::span<const Conversation> conversations);

/// Page by page from `start` (0: the first). Changes between two pages neither repeat nor skip
/// others.
Result<MarksPage> read_marks(Context& context, const std::string& owner, std::uint32_t start);

}  // namespace confab
