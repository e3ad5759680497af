// The calls of the console, as one table.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "api/json.h"
#include "base/result.h"
#include "console/console.h"

namespace confab {

/// What a call works with.
struct ConsoleCall {
  const ConsoleOptions& options;
  Seconds started_at;
};

/// The answer's JSON; kInvalidField and codes of the domain: the request, with words for the
/// reader.
using ConsoleDone = std::move_only_function<void(Result<std::string> answer)>;

struct ConsoleCommand {
  std::string_view name;
  /// REQUIRES: `body` is an object. `done` is called once, on any thread.
  void (*run)(const ConsoleCall& call, JsonValue body, ConsoleDone done);
};

/// Those that need a session; nullptr if there is none of this name.
const ConsoleCommand* find_console_command(std::string_view name);

}  // namespace confab
