// Tests that hold for each command of the REST API's table.
#pragma once

#include <gtest/gtest.h>

#include "api/registry.h"
#include "base/log.h"
#include "tests/fuzz/chat_server.h"

namespace confab::fuzz {

class EveryCommand : public ::testing::Test {
 protected:
  EveryCommand() { set_log_level(LogLevel::kOff); }

  /// Calls `test` with each row.
  template <typename Test>
  static void for_each_row(Test test) {
    for (const auto table : rest_tables()) {
      for (const auto& row : table) {
        SCOPED_TRACE(row.path);
        test(row);
      }
    }
  }
};

}  // namespace confab::fuzz
