// CHECK: our own bug ends the program with a message; on in every build. Never for a caller's
// mistake.
#pragma once

#include <string_view>

namespace confab {

[[noreturn]] void check_failed(const char* file,
                               int line,
                               const char* condition,
                               std::string_view message);

}  // namespace confab

#define CHECK(condition, message) \
  ((condition) ? void() : ::confab::check_failed(__FILE__, __LINE__, #condition, message))
