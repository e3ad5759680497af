// The commands of the program other than serve (serve.h). Each prints its answer on standard output
// and what went wrong on standard error, and returns the exit code.
#pragma once

#include "server/cli.h"
#include "server/settings.h"

namespace confab {

int run_command(const CommandLine& line, const Environment& environment);

}  // namespace confab
