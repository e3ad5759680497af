#include "domain/contact_marks.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/json_writer.h"
#include "domain/conversations.h"
#include "domain/group_views.h"
#include "store/typed.h"

namespace confab {
namespace {

/// All notes of one user, and which of them an operation has changed.
struct Book {
  AccountRecord account;
  std::map<std::uint32_t, std::string> groups;  // by id
  std::map<ViewRest, MarkRecord> marks;
  std::set<ViewRest> changed;
};

bool says_nothing(const MarkRecord& marks) {
  return marks.standard == 0 && marks.custom.empty() && marks.groups.empty();
}

Result<Book> load_book(Context& context, Txn& txn, const std::string& owner) {
  const auto home = user_shard(context.app, owner);
  Book book;
  TRY(book.account, require_owner(txn, context.app, owner));
  TRY_STATUS(scan(txn, kContactGroups, home, {}, {}, Direction::kForward,
                  [&](const ContactGroupRest& rest, const ContactGroupRecord& group) {
                    book.groups.emplace(rest.id, group.name);
                    return true;
                  }));
  std::map<ViewRest, MarkRecord> stored;
  TRY_STATUS(scan(txn, kMarks, home, {}, {}, Direction::kForward,
                  [&](const ViewRest& rest, const MarkRecord& marks) {
                    stored.emplace(rest, marks);
                    return true;
                  }));
  for (auto& [rest, marks] : stored) {
    TRY(auto present, present_marks(txn, home, book.account.generation, rest, std::move(marks)));
    if (!says_nothing(present)) book.marks.emplace(rest, std::move(present));
  }
  return book;
}

/// An entry that says nothing any more goes and frees its slot (F15).
void save_marks(Txn& txn, const Shard& home, const Book& book) {
  for (const auto& rest : book.changed) {
    const auto& marks = book.marks.at(rest);
    if (says_nothing(marks)) {
      erase(txn, kMarks, home, rest);
    } else {
      put(txn, kMarks, home, rest, marks);
    }
  }
}

std::optional<ContactGroup> find_group(const Book& book, const std::string& name) {
  for (const auto& [id, its_name] : book.groups) {
    if (its_name == name) return ContactGroup{id, name};
  }
  return std::nullopt;
}

Result<ContactGroup> require_group(const Book& book, const std::string& name) {
  auto group = find_group(book, name);
  if (group) return *std::move(group);
  return fail(ErrorCode::kNoSuchContactGroup, "GroupName " + quote_cut(name));
}

/// What conversation groups of a chat group belong to (F18).
struct Stay {
  bool possible = false;  // the chat group exists, and the user has not left it for good
  std::uint64_t serial = 0;
  std::uint64_t left = 0;
};

Result<Stay> stay_in_group(Txn& txn,
                           const Shard& user,
                           std::uint32_t generation,
                           const std::string& id) {
  TRY(const auto record, get_or_default(txn, kGroups, group_timeline(user.app, id)));
  TRY(const auto stored, get(txn, kGroupViews, user, {id}));
  auto view = present_group_view(stored, generation);
  begin_life(view, record.serial);
  return Stay{record.kind != 0 && view.left <= view.joined, record.serial, view.left};
}

/// `change(MarkRecord&)` on the conversation's entry, new or not.
template <typename Change>
void change_marks(Context& context, Book& book, const ViewRest& rest, Change change) {
  auto& marks = book.marks[rest];
  const auto before = marks;
  change(marks);
  if (marks == before) return;
  marks.changed_at = static_cast<std::uint32_t>(context.now());
  book.changed.insert(rest);
}

/// Whether a conversation may get notes: it has some, or its target exists and there is room for
/// it.
Status admit(Context& context,
             Txn& txn,
             const std::string& owner,
             const Book& book,
             const Conversation& conversation) {
  // One that has notes may have lost its peer since; they must still be there to take away.
  const auto known = book.marks.find(conversation.view());
  if (known != book.marks.end() && !says_nothing(known->second)) return {};
  TRY_STATUS(require_target(txn, context.app, owner, conversation));
  const auto marked =
      static_cast<std::size_t>(std::ranges::count_if(book.marks, [](const auto& entry) {
        return !says_nothing(entry.second);
      }));
  if (marked < kMaxMarked) return {};
  return fail(ErrorCode::kTooManyMarked,
              "at most " + std::to_string(kMaxMarked) + ", has " + std::to_string(marked));
}

Result<std::vector<Status>> change_members(Context& context,
                                           Txn& txn,
                                           const std::string& owner,
                                           Book& book,
                                           std::uint32_t group,
                                           std::span<const ContactGroupChange> changes) {
  std::vector<Status> outcomes;
  for (const auto& change : changes) {
    if (change.add) {
      auto admitted = admit(context, txn, owner, book, change.conversation);
      if (!admitted && admitted.error().code == ErrorCode::kInternal) {
        return std::unexpected(admitted.error());
      }
      outcomes.push_back(admitted);
      if (!admitted) continue;
    } else {
      outcomes.emplace_back();
      if (!book.marks.contains(change.conversation.view())) continue;
    }
    Stay stay;
    if (change.conversation.kind == ConversationKind::kGroup) {
      TRY(stay, stay_in_group(txn, user_shard(context.app, owner), book.account.generation,
                              change.conversation.id));
    }
    change_marks(context, book, change.conversation.view(), [&](MarkRecord& marks) {
      const bool member = std::ranges::find(marks.groups, group) != marks.groups.end();
      if (change.add && !member) {
        marks.groups.push_back(group);
        marks.serial = stay.serial;
        marks.left = stay.left;
      }
      if (!change.add) std::erase(marks.groups, group);
    });
  }
  return outcomes;
}

std::vector<ContactGroup> groups_of(const Book& book) {
  std::vector<ContactGroup> groups;
  groups.reserve(book.groups.size());
  for (const auto& [id, name] : book.groups)
    groups.push_back({id, name});
  return groups;
}

MarkedContact to_contact(const ViewRest& rest, const MarkRecord& marks) {
  return {{static_cast<ConversationKind>(rest.kind), rest.id}, marks};
}

}  // namespace

Result<MarkRecord> present_marks(Txn& txn,
                                 const Shard& user,
                                 std::uint32_t generation,
                                 const ViewRest& rest,
                                 MarkRecord stored) {
  const bool of_group = rest.kind == std::to_underlying(ConversationKind::kGroup);
  if (!of_group || stored.groups.empty()) return stored;
  TRY(const auto stay, stay_in_group(txn, user, generation, rest.id));
  const bool void_now = !stay.possible || stay.serial != stored.serial || stay.left != stored.left;
  if (void_now) stored.groups.clear();
  return stored;
}

Result<GroupOutcome> create_contact_group(Context& context,
                                          const std::string& owner,
                                          const std::string& name,
                                          std::span<const Conversation> conversations) {
  const auto home = user_shard(context.app, owner);
  return write(context, home, {}, [&](Txn& txn) -> Result<GroupOutcome> {
    TRY(auto book, load_book(context, txn, owner));
    auto group = find_group(book, name);
    const bool is_new = !group.has_value();
    if (is_new && book.groups.size() >= kMaxContactGroups) {
      return fail(ErrorCode::kTooManyContactGroups, "at most " + std::to_string(kMaxContactGroups));
    }
    if (is_new) group = {++book.account.last_contact_group, name};
    std::vector<ContactGroupChange> additions;
    additions.reserve(conversations.size());
    for (const auto& conversation : conversations)
      additions.push_back({true, conversation});
    TRY(auto items, change_members(context, txn, owner, book, group->id, additions));
    if (is_new) {
      put(txn, kAccounts, home, {}, book.account);
      put(txn, kContactGroups, home, {group->id}, {name});
    }
    save_marks(txn, home, book);
    return GroupOutcome{*group, std::move(items)};
  });
}

Result<ContactGroup> rename_contact_group(Context& context,
                                          const std::string& owner,
                                          const std::string& name,
                                          const std::string& new_name) {
  const auto home = user_shard(context.app, owner);
  return write(context, home, {}, [&](Txn& txn) -> Result<ContactGroup> {
    TRY(const auto book, load_book(context, txn, owner));
    TRY(auto group, require_group(book, name));
    const auto other = find_group(book, new_name);
    if (other && other->id != group.id) {
      return fail(ErrorCode::kInvalidField,
                  "NewGroupName: there is a group " + quote_cut(new_name));
    }
    group.name = new_name;
    put(txn, kContactGroups, home, {group.id}, {new_name});
    return group;
  });
}

Result<GroupOutcome> change_contact_group(Context& context,
                                          const std::string& owner,
                                          const std::string& name,
                                          std::span<const ContactGroupChange> changes) {
  const auto home = user_shard(context.app, owner);
  return write(context, home, {}, [&](Txn& txn) -> Result<GroupOutcome> {
    TRY(auto book, load_book(context, txn, owner));
    TRY(const auto group, require_group(book, name));
    TRY(auto items, change_members(context, txn, owner, book, group.id, changes));
    save_marks(txn, home, book);
    return GroupOutcome{group, std::move(items)};
  });
}

Result<ContactGroup> delete_contact_group(Context& context,
                                          const std::string& owner,
                                          const std::string& name) {
  const auto home = user_shard(context.app, owner);
  return write(context, home, {}, [&](Txn& txn) -> Result<ContactGroup> {
    TRY(auto book, load_book(context, txn, owner));
    TRY(auto group, require_group(book, name));
    for (const auto& [rest, marks] : book.marks) {
      change_marks(context, book, rest,
                   [&](MarkRecord& changed) { std::erase(changed.groups, group.id); });
    }
    erase(txn, kContactGroups, home, {group.id});
    save_marks(txn, home, book);
    return group;
  });
}

Result<std::vector<Status>> mark_contacts(Context& context,
                                          const std::string& owner,
                                          std::span<const MarkChange> changes) {
  using Outcomes = std::vector<Status>;
  const auto home = user_shard(context.app, owner);
  return write(context, home, {}, [&](Txn& txn) -> Result<Outcomes> {
    TRY(auto book, load_book(context, txn, owner));
    Outcomes outcomes;
    for (const auto& change : changes) {
      auto admitted = admit(context, txn, owner, book, change.conversation);
      if (!admitted && admitted.error().code == ErrorCode::kInternal) {
        return std::unexpected(admitted.error());
      }
      outcomes.push_back(admitted);
      if (!admitted) continue;
      change_marks(context, book, change.conversation.view(), [&](MarkRecord& marks) {
        marks.standard = (marks.standard & ~change.clear) | change.set;
        if (change.custom) marks.custom = *change.custom;
      });
    }
    save_marks(txn, home, book);
    return outcomes;
  });
}

Result<MarksPage> find_marks(Context& context,
                             const std::string& owner,
                             std::span<const Conversation> conversations) {
  return read(context, [&](Txn& txn) -> Result<MarksPage> {
    TRY(const auto book, load_book(context, txn, owner));
    MarksPage page{.groups = groups_of(book)};
    for (const auto& conversation : conversations) {
      const auto found = book.marks.find(conversation.view());
      if (found != book.marks.end())
        page.contacts.push_back(to_contact(found->first, found->second));
    }
    return page;
  });
}

Result<MarksPage> read_marks(Context& context, const std::string& owner, std::uint32_t start) {
  return read(context, [&](Txn& txn) -> Result<MarksPage> {
    TRY(const auto book, load_book(context, txn, owner));
    std::multimap<std::uint32_t, MarkedContact> by_rank;
    for (const auto& [rest, marks] : book.marks) {
      auto contact = to_contact(rest, marks);
      by_rank.emplace(rank_of(contact.conversation), std::move(contact));
    }
    MarksPage page{.groups = groups_of(book)};
    std::uint32_t last_rank = start;
    for (auto next = by_rank.upper_bound(start); next != by_rank.end(); ++next) {
      if (page.contacts.size() >= kMarkPage && next->first != last_rank) {
        page.next = last_rank;
        break;
      }
      page.contacts.push_back(std::move(next->second));
      last_rank = next->first;
    }
    return page;
  });
}

}  // namespace confab
