// Files and directories that nobody but their owner may read: keys, and what users wrote.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace confab {

/// What others may have of a path. With kRootsGroup the group may read what belongs to root: so are
/// keys handed to services that do not run as root (0640 root:ssl-cert).
enum class Sharing { kNone, kRootsGroup };

/// `holds` completes "the mode must be …, because it holds". kInvalidField: others than the owner
/// can get at it; the text names the mode found, the one wanted, and the command that mends it.
/// kInternal: it cannot be looked at.
Status check_private(const std::string& path,
                     std::string_view holds,
                     Sharing sharing = Sharing::kNone);

}  // namespace confab
