// The format number of a store on disk. Internal to the store layer.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace confab {

/// Outside every keyspace; holds kFormatNumber as decimal text. On disk: never change.
inline constexpr std::string_view kFormatKey("\0format", 7);

/// kInternal, with a text for the operator: `stored`, from the store in `path`, is no number that
/// this program can read.
Status check_stored_format(const std::string& path, const std::string& stored);

}  // namespace confab
