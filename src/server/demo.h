// `confab serve --demo`: an app, two accounts that talk, and what to paste to see it.
#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"
#include "server/server.h"
#include "server/settings.h"

namespace confab {

/// The app of the demo, with a new key, unless the data directory holds it already. Errors: those
/// of add_app (apps_file.h).
Status ensure_demo_app(const std::string& data_dir, Random& random);

/// Two accounts, messages both ways and a pinned group, by requests like anybody's; nothing when
/// the accounts are there already. kInternal: a request was refused, with its answer.
Status seed_demo(Server& server);

/// Lines to paste: the list of conversations, and the deletion of one.
std::string demo_lines(const Server& server);

}  // namespace confab
