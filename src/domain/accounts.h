// Accounts: who exists in an app.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/context.h"

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

Result<bool> account_exists(Txn& txn, AppId app, const std::string& user);

/// One answer for each name, in their order.
Result<std::vector<bool>> accounts_exist(Txn& txn, AppId app, std::span<const std::string> users);

/// True if `peer` is imported, or if the two ever had a message: who was deleted since still has a
/// name.
Result<bool> is_known_peer(Txn& txn, AppId app, const std::string& user, const std::string& peer);

}  // namespace confab
