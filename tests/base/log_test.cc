#include "base/log.h"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(Log, ALineIsLevelEventAndFields) {
  EXPECT_EQ(format_log_line(LogLevel::kWarning, "request_failed",
                            {{"code", 50002}, {"path", "/v4/recentcontact/delete"}}),
            "level=warning event=request_failed code=50002 path=/v4/recentcontact/delete");
}

TEST(Log, NoValueCanForgeALineOrAField) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"a\nlevel=error event=forged", R"("a\nlevel=error event=forged")"},
      {"x code=0", R"("x code=0")"},
      {"a=b", R"("a=b")"},
      {"say \"x\"", R"("say \"x\"")"},
      {"", R"("")"},
      {"\x1b[2J", R"("\u001b[2J")"},
      {"\xc2\x9b"
       "2J",
       R"("\u009b2J")"},
      {"\x7f", R"("\u007f")"},
      {"a\u2028level=error", R"("a\u2028level=error")"},
      {"\u202egpj.exe", R"("\u202egpj.exe")"},
      {"a\xff\n", "\"a\ufffd\\n\""},
      {"é", "\"é\""},
  };
  for (const auto& [value, written] : cases) {
    EXPECT_EQ(format_log_line(LogLevel::kInfo, "e", {{"k", value}}),
              "level=info event=e k=" + std::string(written));
  }
}

TEST(Log, LevelsAreWords) {
  EXPECT_EQ(parse_log_level("debug"), LogLevel::kDebug);
  EXPECT_EQ(parse_log_level("info"), LogLevel::kInfo);
  EXPECT_EQ(parse_log_level("warning"), LogLevel::kWarning);
  EXPECT_EQ(parse_log_level("error"), LogLevel::kError);
  EXPECT_EQ(parse_log_level("off"), LogLevel::kOff);
  EXPECT_EQ(parse_log_level("Debug"), std::nullopt);
  EXPECT_EQ(parse_log_level(""), std::nullopt);
}

TEST(Log, DropsWhatIsBelowItsLevel) {
  set_log_level(LogLevel::kError);
  ::testing::internal::CaptureStderr();
  log_event(LogLevel::kWarning, "dropped");
  log_event(LogLevel::kError, "kept", {{"n", 1}});
  const auto text = ::testing::internal::GetCapturedStderr();
  set_log_level(LogLevel::kInfo);
  EXPECT_EQ(text.find("dropped"), std::string::npos);
  EXPECT_NE(text.find("level=error event=kept n=1\n"), std::string::npos);
  EXPECT_TRUE(text.starts_with("time=")) << text;
}

}  // namespace
}  // namespace confab
