// What a handler gets besides its request. One for each request, used by one thread.
#pragma once

#include <string_view>

#include "api/apps.h"
#include "domain/context.h"

namespace confab {

struct Call {
  Context& chat;
  const App& app;
  std::string_view caller;  // the query's identifier; an admin of the app
};

}  // namespace confab
