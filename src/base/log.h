// Structured logging: one line per event, logfmt (`level=warn event=request_failed code=50002 …`),
// to standard error. Values are escaped, so no caller's text can forge a line or
// speak to a terminal. Thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace confab {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

/// "debug", "info", "warning", "error", "off"; nothing for another word.
std::optional<LogLevel> parse_log_level(std::string_view word);

struct LogField {
  std::string_view key;
  std::string value;

  LogField(std::string_view key, std::string_view value) : key(key), value(value) {}
  LogField(std::string_view key, std::integral auto number)
      : key(key), value(std::to_string(number)) {}
};

/// Lines below `level` are dropped from now on. The level at start is kInfo.
void set_log_level(LogLevel level);

void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

/// The line that log_event writes, without time; for tests.
std::string format_log_line(LogLevel level,
                            std::string_view event,
                            std::initializer_list<LogField> fields);

}  // namespace confab
