// `confab serve`: the server's life from start to exit code.
#pragma once

#include "base/result.h"
#include "server/cli.h"
#include "server/settings.h"

namespace confab {

/// Serves until SIGTERM or SIGINT, reloading on SIGHUP, then ends in order; the exit code. Errors:
/// it could not start. Does not return when the store fails: the program ends with
/// kExitStoreFailed.
Result<int> serve(const CommandLine& line, const Environment& environment);

}  // namespace confab
