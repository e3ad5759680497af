// Accounts: who exists in an app.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/context.h"
#include "store/records.h"

namespace confab {

/// A profile's values as a caller gives them; an absent one leaves what is stored (K12).
struct ProfileChange {
  std::optional<std::string> nick;
  std::optional<std::string> face_url;
};

/// Imports `user`, or changes the profile of an imported one (C2). REQUIRES: is_user_id(user).
Status import_account(Context& context, const std::string& user, const ProfileChange& profile);

/// The configured admins count as imported (B12); their names may hold any UTF-8.
Status import_admins(Context& context, std::span<const std::string> admins);

/// Deletes `user` for ever with its profile, list, history, marks and conversation groups; peers
/// keep their side (C4, C5). The account leaves its groups, one small write for each; then one
/// small write, whatever else there is: the name gets a new generation, and what belongs to an
/// earlier one is void. kNoSuchAccountItem: not imported.
Status delete_account(Context& context, const std::string& user);

/// Voids the UserSigs of `user` that were issued up to now (C7). kNoSuchAccountItem: not imported.
Status kick_account(Context& context, const std::string& user);

/// The second of the last kick_account; 0: none.
Result<Seconds> last_kick(Context& context, const std::string& user);

struct NamedAccount {
  std::string user;
  AccountRecord record;
};

/// One page of an app's imported accounts, in the order of their names' bytes.
struct AccountPage {
  std::vector<NamedAccount> rows;
  bool complete = true;
};

/// `after`: the last name of the page before; empty: from the first. For operators.
Result<AccountPage> list_accounts(Context& context, const std::string& after, std::size_t limit);

inline bool is_imported(const AccountRecord& account) {
  return account.imported_at != 0;
}

/// What is stored of a name, imported or not.
Result<AccountRecord> load_account(Txn& txn, AppId app, const std::string& user);

/// One for each name, in their order.
Result<std::vector<AccountRecord>> load_accounts(Txn& txn,
                                                 AppId app,
                                                 std::span<const std::string> users);

Result<bool> account_exists(Txn& txn, AppId app, const std::string& user);

/// True if `peer` is imported, or if the two ever had a message: who was deleted since still has a
/// name.
Result<bool> is_known_peer(Txn& txn, AppId app, const std::string& user, const std::string& peer);

}  // namespace confab
