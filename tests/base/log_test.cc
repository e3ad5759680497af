#include "base/log.h"

#include <string>

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(Log, ALineIsLevelEventAndFields) {
  EXPECT_EQ(format_log_line(LogLevel::kWarning, "request_failed",
                            {{"code", 50002}, {"path", "/v4/recentcontact/delete"}}),
            "level=warning event=request_failed code=50002 path=/v4/recentcontact/delete");
}

TEST(Log, NoValueCanForgeALineOrAField) {
  const auto line = [](std::string_view value) {
    return format_log_line(LogLevel::kInfo, "e", {{"k", value}});
  };
  EXPECT_EQ(line("a\nlevel=error event=forged"),
            R"(level=info event=e k="a\nlevel=error event=forged")");
  EXPECT_EQ(line("x code=0"), R"(level=info event=e k="x code=0")");
  EXPECT_EQ(line("a=b"), R"(level=info event=e k="a=b")");
  EXPECT_EQ(line("say \"x\""), R"(level=info event=e k="say \"x\"")");
  EXPECT_EQ(line(""), R"(level=info event=e k="")");
  EXPECT_EQ(line("\x1b[2J"), R"(level=info event=e k="\u001b[2J")");
  EXPECT_EQ(line("é"), "level=info event=e k=\"é\"");
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
