// What each fuzz target provides. It is linked with libFuzzer to look for inputs that break it, and
// with replay_main.cc to play the inputs of tests/fuzz/corpus again.
#pragma once

#include <string_view>

namespace confab::fuzz {

/// Ends the program if something is wrong. Depends on `input` alone, whatever ran before.
void run_input(std::string_view input);

}  // namespace confab::fuzz
