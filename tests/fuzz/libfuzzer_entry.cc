// libFuzzer's way into a target.
#include <cstddef>
#include <cstdint>

#include "base/log.h"
#include "tests/fuzz/target.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  confab::set_log_level(confab::LogLevel::kOff);
  confab::fuzz::run_input({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
