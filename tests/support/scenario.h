// Scenarios: plain text scripts of requests and expected answers, run against a World.
//
//   # A comment. The rule that a block pins stands in one: E23.
//   post recentcontact/delete {"From_Account":"id1","Type":1,"To_Account":"id2"}
//   => OK                                 success, nothing beside the envelope
//   => OK {"MsgKey":"$key"}               success with exactly these members beside the envelope
//   => 50001 part of the ErrorInfo        this code; its ErrorInfo holds the rest of the line
//   => 50002 part … {"ErrorDisplay":""}   not needed: the envelope's form is always checked
//
// `$name` in a request is replaced by what an earlier answer gave. Other lines:
//   app 99999999 | as NAME                who calls from here on
//   clock SECONDS | advance SECONDS       the clock; World::kStart is 1700000000
//   limit list_cap 3                      a ChatLimits value
//   repeat N post … $i …                  the request N times, $i = 1 … N; each must match the next
//   => fail NAME [TIMES]                     arms a failpoint; TIMES 0 disarms it reclaim [N] a
//   sweep; with N: it must erase N messages raw METHOD TARGET [BODY]              a request with a
//   target of its own
// A line that ends with a backslash goes on in the next.
#pragma once

#include <filesystem>

#include "tests/support/world.h"

namespace confab::testing {

struct ScenarioRun {
  Engine engine = Engine::kMemory;
  bool restart_between_steps = false;
};

/// Reports each failed expectation as a test failure with file and line.
void run_scenario(const std::filesystem::path& file, const ScenarioRun& run);

}  // namespace confab::testing
