#include "domain/accounts.h"

#include <algorithm>
#include <cstdint>

#include "base/json_writer.h"
#include "domain/conversation.h"
#include "domain/members.h"
#include "store/keyspaces.h"
#include "store/typed.h"

namespace confab {
namespace {

Status import_any(Context& context, const std::string& user, const ProfileChange& profile) {
  const auto shard = user_shard(context.app, user);
  return write(context, shard, {}, [&](Txn& txn) -> Status {
    TRY(const auto stored, get_or_default(txn, kAccounts, shard));
    auto account = stored;
    if (!is_imported(account)) {
      account.imported_at = static_cast<std::uint32_t>(std::max<Seconds>(1, context.now()));
    }
    if (profile.nick) account.nick = *profile.nick;
    if (profile.face_url) account.face_url = *profile.face_url;
    if (account != stored) put(txn, kAccounts, shard, {}, account);
    return {};
  });
}

Status no_such_account(const std::string& user) {
  return fail(ErrorCode::kNoSuchAccountItem, "UserID " + quote_cut(user));
}

/// The user's entries of a keyspace that holds a bounded number for each.
template <typename K>
Result<std::vector<typename K::Rest>> rests_of(Txn& txn, const K& keyspace, const Shard& user) {
  std::vector<typename K::Rest> rests;
  TRY_STATUS(scan(txn, keyspace, user, {}, {}, Direction::kForward,
                  [&](const typename K::Rest& rest, const auto&) {
                    rests.push_back(rest);
                    return true;
                  }));
  return rests;
}

}  // namespace

Status import_account(Context& context, const std::string& user, const ProfileChange& profile) {
  return import_any(context, user, profile);
}

Status import_admins(Context& context, std::span<const std::string> admins) {
  for (const auto& admin : admins)
    TRY_STATUS(import_any(context, admin, {}));
  return {};
}

Status delete_account(Context& context, const std::string& user) {
  const auto shard = user_shard(context.app, user);
  for (;;) {
    TRY_STATUS(leave_all_groups(context, user));
    TRY(const bool deleted, write(context, shard, {}, [&](Txn& txn) -> Result<bool> {
          TRY(const auto account, get_or_default(txn, kAccounts, shard));
          if (!is_imported(account)) {
            return std::unexpected(no_such_account(user).error());
          }
          // Somebody may have added the account to a group since.
          TRY(const bool is_member, is_in_any_group(txn, shard.app, user));
          if (is_member) return false;
          TRY(const auto groups, rests_of(txn, kContactGroups, shard));
          TRY(const auto marks, rests_of(txn, kMarks, shard));
          for (const auto& rest : groups)
            erase(txn, kContactGroups, shard, rest);
          for (const auto& rest : marks)
            erase(txn, kMarks, shard, rest);
          put(txn, kAccounts, shard, {},
              {.kicked_at = account.kicked_at, .generation = account.generation + 1});
          return true;
        }));
    if (deleted) return {};
  }
}

Status kick_account(Context& context, const std::string& user) {
  const auto shard = user_shard(context.app, user);
  return write(context, shard, {}, [&](Txn& txn) -> Status {
    TRY(auto account, get_or_default(txn, kAccounts, shard));
    if (!is_imported(account)) return no_such_account(user);
    account.kicked_at = std::max(account.kicked_at, static_cast<std::uint32_t>(context.now()));
    put(txn, kAccounts, shard, {}, account);
    return {};
  });
}

Result<Seconds> last_kick(Context& context, const std::string& user) {
  return read_newest(context, [&](Txn& txn) -> Result<Seconds> {
    TRY(const auto account, load_account(txn, context.app, user));
    return Seconds{account.kicked_at};
  });
}

Result<AccountPage> list_accounts(Context& context, const std::string& after, std::size_t limit) {
  const auto first = kAccounts.shard_prefix(user_shard(context.app, after));
  return read(context, [&](Txn& txn) -> Result<AccountPage> {
    AccountPage page;
    TRY_STATUS(scan_all_shards(txn, kAccounts, first,
                               [&](std::string_view, const Shard& shard, const NoRest&,
                                   const AccountRecord& record) {
                                 if (shard.app != context.app) return false;
                                 if (shard.owner == after || !is_imported(record)) return true;
                                 page.complete = page.rows.size() < limit;
                                 if (page.complete) page.rows.push_back({shard.owner, record});
                                 return page.complete;
                               }));
    return page;
  });
}

Result<AccountRecord> load_account(Txn& txn, AppId app, const std::string& user) {
  return get_or_default(txn, kAccounts, user_shard(app, user));
}

Result<bool> account_exists(Txn& txn, AppId app, const std::string& user) {
  TRY(const auto account, load_account(txn, app, user));
  return is_imported(account);
}

Result<std::vector<AccountRecord>> load_accounts(Txn& txn,
                                                 AppId app,
                                                 std::span<const std::string> users) {
  std::vector<Shard> shards;  // outlives the keys, which refer to it
  shards.reserve(users.size());
  std::vector<Key> keys;
  keys.reserve(users.size());
  for (const auto& user : users) {
    keys.push_back(kAccounts.key(shards.emplace_back(user_shard(app, user)), {}));
  }
  return get_all(txn, kAccounts, keys);
}

Result<bool> is_known_peer(Txn& txn, AppId app, const std::string& user, const std::string& peer) {
  TRY(const bool exists, account_exists(txn, app, peer));
  if (exists) return true;
  TRY(const auto head, get(txn, kHeads, c2c_timeline(app, user, peer)));
  return head.has_value();
}

}  // namespace confab
