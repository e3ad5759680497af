// What is noted on messages and conversations: extensions, marks and conversation groups.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/model/naive_chat.h"

namespace confab::testing {

std::string notes_text(const Notes& notes) {
  return fmt::format("{:b} '{}' [{}]", notes.marks, notes.custom, fmt::join(notes.groups, ","));
}

int NaiveChat::check_extensible(const MessageId& id) const {
  const auto* const found = find(id);
  if (found == nullptr) return 23004;
  return found->sent.extensible ? 0 : 23002;
}

// G23, G24: one Seq for all that a call changes; what is not there cannot be deleted.
int NaiveChat::set_extensions(const MessageId& id,
                              const std::vector<std::string>& keys,
                              const std::string& value) {
  if (const int code = check_extensible(id); code != 0) return code;
  auto& extensions = find(id)->extensions;
  const auto seq = extensions.latest + 1;
  for (const auto& key : keys) {
    auto pair = std::ranges::find(extensions.pairs, key, &Extensions::Pair::key);
    const bool exists = pair != extensions.pairs.end();
    if (value.empty() && (!exists || pair->value.empty())) continue;
    if (!exists) pair = extensions.pairs.insert(pair, {.key = key});
    pair->seq = seq;
    pair->value = value;
    extensions.latest = seq;
  }
  std::ranges::sort(extensions.pairs);
  return 0;
}

int NaiveChat::clear_extensions(const MessageId& id) {
  if (const int code = check_extensible(id); code != 0) return code;
  auto& extensions = find(id)->extensions;
  extensions.pairs.clear();
  extensions.cleared = extensions.latest;
  return 0;
}

Extensions NaiveChat::extensions(const MessageId& id) const {
  if (const int code = check_extensible(id); code != 0) return {.code = code};
  return find(id)->extensions;
}

// F1, F15, F16. `gives`: the peer must be known unless it has notes already.
int NaiveChat::change_notes(const std::string& user,
                            const std::string& peer,
                            const std::function<void(Notes&)>& change,
                            bool gives) {
  auto& contacts = owners_[user].book.contacts;
  const auto before = contacts[peer];
  const bool noted = before != Notes{};
  int code = 0;
  if (gives && !noted && !knows(user, peer)) {
    code = 50001;
  } else {
    auto& notes = contacts[peer];
    change(notes);
    if (notes != before) notes.changed = now;
    if (notes.marks == 0 && notes.custom.empty() && notes.groups.empty()) notes = {};
  }
  if (contacts[peer] == Notes{}) contacts.erase(peer);
  return code;
}

// F5, F7.
ItemCodes NaiveChat::create_group(const std::string& user,
                                  const std::string& group,
                                  const std::vector<std::string>& peers) {
  if (!has(user)) return {.code = 50001};
  auto& owner = owners_[user];
  const bool exists = std::ranges::any_of(owner.book.groups,
                                          [&](const auto& each) { return each.second == group; });
  if (!exists) owner.book.groups[++owner.last_group] = group;
  return change_group(user, group, peers, true);
}

// F6.
int NaiveChat::rename_group(const std::string& user,
                            const std::string& group,
                            const std::string& name) {
  if (!has(user)) return 50001;
  auto& named = owners_[user].book.groups;
  const auto with = [&](const std::string& wanted) {
    return std::ranges::find_if(named, [&](const auto& each) { return each.second == wanted; });
  };
  const auto found = with(group);
  if (found == named.end()) return 51009;
  const auto other = with(name);
  if (other != named.end() && other != found) return 50002;
  found->second = name;
  return 0;
}

// F8.
ItemCodes NaiveChat::change_group(const std::string& user,
                                  const std::string& group,
                                  const std::vector<std::string>& peers,
                                  bool add) {
  if (!has(user)) return {.code = 50001};
  for (const auto& [id, name] : notes(user).groups) {
    if (name != group) continue;
    ItemCodes codes;
    for (const auto& peer : peers) {
      const auto change = [&, wanted = id](Notes& notes) {
        if (add) notes.groups.insert(wanted);
        if (!add) notes.groups.erase(wanted);
      };
      codes.items.push_back(change_notes(user, peer, change, add));
    }
    return codes;
  }
  return {.code = 51009};
}

int NaiveChat::delete_group(const std::string& user, const std::string& group) {
  if (!has(user)) return 50001;
  const auto before = notes(user);
  for (const auto& [id, name] : before.groups) {
    if (name != group) continue;
    for (const auto& [peer, notes] : before.contacts) {
      change_notes(user, peer, [wanted = id](Notes& each) { each.groups.erase(wanted); }, false);
    }
    owners_[user].book.groups.erase(id);
    return 0;
  }
  return 51009;
}

// F12, F13.
ItemCodes NaiveChat::mark(const std::string& user,
                          const std::vector<std::string>& peers,
                          const MarkRequest& request) {
  if (!has(user)) return {.code = 50001};
  ItemCodes codes;
  for (const auto& peer : peers) {
    const auto change = [&](Notes& notes) {
      for (const auto bit : request.clear)
        notes.marks &= ~(std::uint64_t{1} << bit);
      for (const auto bit : request.set)
        notes.marks |= std::uint64_t{1} << bit;
      if (request.custom) notes.custom = *request.custom;
    };
    codes.items.push_back(change_notes(user, peer, change, true));
  }
  return codes;
}

NoteBook NaiveChat::notes(const std::string& user) const {
  const auto found = owners_.find(user);
  return found == owners_.end() ? NoteBook{} : found->second.book;
}

}  // namespace confab::testing
