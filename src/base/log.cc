#include "base/log.h"

#include <algorithm>

#include "base/json_writer.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace confab {
namespace {

constexpr std::string_view kWords[] = {"debug", "info", "warning", "error", "off"};
constexpr spdlog::level::level_enum kSpdlogLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                       spdlog::level::warn, spdlog::level::err,
                                                       spdlog::level::off};

spdlog::logger& logger() {
  static auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("confab",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("time=%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '=' && c != '\\';
  });
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view word) {
  const auto* found = std::ranges::find(kWords, word);
  if (found == std::end(kWords)) return std::nullopt;
  return static_cast<LogLevel>(found - kWords);
}

void set_log_level(LogLevel level) {
  logger().set_level(kSpdlogLevels[static_cast<int>(level)]);
}

std::string format_log_line(LogLevel level,
                            std::string_view event,
                            std::initializer_list<LogField> fields) {
  std::string line = "level=";
  line += kWords[static_cast<int>(level)];
  line += " event=";
  line += event;
  for (const auto& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    if (is_plain(field.value)) {
      line += field.value;
    } else {
      append_visible_string(line, field.value);
    }
  }
  return line;
}

void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  const auto spdlog_level = kSpdlogLevels[static_cast<int>(level)];
  if (!logger().should_log(spdlog_level)) return;
  logger().log(spdlog_level, spdlog::string_view_t(format_log_line(level, event, fields)));
}

}  // namespace confab
