#include "domain/accounts.h"

#include <cstdint>

#include "domain/conversation.h"
#include "store/keyspaces.h"
#include "store/typed.h"

namespace confab {
namespace {

Status import_any(Context& context, const std::string& user, const ProfileChange& profile) {
  const auto shard = user_shard(context.app, user);
  return write(context, shard, {}, [&](Txn& txn) -> Status {
    TRY(const auto stored, get(txn, kAccounts, shard));
    auto account =
        stored.value_or(AccountRecord{.imported_at = static_cast<std::uint32_t>(context.now())});
    if (profile.nick) account.nick = *profile.nick;
    if (profile.face_url) account.face_url = *profile.face_url;
    if (account != stored) put(txn, kAccounts, shard, {}, account);
    return {};
  });
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

Result<bool> account_exists(Txn& txn, AppId app, const std::string& user) {
  const auto shard = user_shard(app, user);
  TRY(const auto account, txn.get(kAccounts.key(shard, {})));
  return account.has_value();
}

Result<std::vector<bool>> accounts_exist(Txn& txn, AppId app, std::span<const std::string> users) {
  std::vector<Shard> shards;  // outlives the keys, which refer to it
  shards.reserve(users.size());
  std::vector<Key> keys;
  keys.reserve(users.size());
  for (const auto& user : users) {
    keys.push_back(kAccounts.key(shards.emplace_back(user_shard(app, user)), {}));
  }
  TRY(const auto found, txn.get_many(keys));
  std::vector<bool> out;
  out.reserve(found.size());
  for (const auto& account : found)
    out.push_back(account.has_value());
  return out;
}

Result<bool> is_known_peer(Txn& txn, AppId app, const std::string& user, const std::string& peer) {
  TRY(const bool exists, account_exists(txn, app, peer));
  if (exists) return true;
  TRY(const auto head, get(txn, kHeads, c2c_timeline(app, user, peer)));
  return head.has_value();
}

}  // namespace confab
