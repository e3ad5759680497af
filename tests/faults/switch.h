// What goes wrong for the program under test: a few words in a file that the test and the library
// of faults in the program (preload.cc) both have mapped. A test sets them, and the program's next
// call obeys.
#pragma once

#include <atomic>
#include <cstdint>

namespace confab::testing {

/// The program's variables that name this file, and the directory whose files are struck.
inline constexpr const char* kSwitchVariable = "FAULTS_SWITCH";
inline constexpr const char* kDirectoryVariable = "FAULTS_DIRECTORY";

/// All zero: nothing goes wrong. Errors are values of errno; 0: none.
struct FaultSwitch {
  std::atomic<int> write_error;  // of writing to a file and of reserving room for one
  std::atomic<int> sync_error;
  std::atomic<bool> only_tables;  // errors strike files named *.sst alone
  std::atomic<bool> hold_writes;  // they do not return until this is false again
  std::atomic<bool> hold_syncs;
  std::atomic<bool> no_space;               // the volume says that nothing is free
  std::atomic<std::int64_t> clock_ahead_s;  // of the wall clock; negative: it is behind
  std::atomic<int> struck;                  // how many calls failed or were held
};

static_assert(std::atomic<std::int64_t>::is_always_lock_free, "it is shared between programs");

}  // namespace confab::testing
