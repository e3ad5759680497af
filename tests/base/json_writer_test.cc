#include "base/json_writer.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace confab {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatJsonForbids) {
  EXPECT_EQ(json_string(""), R"("")");
  EXPECT_EQ(json_string(R"(a"b\c/d)"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_string("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(json_string(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
}

TEST(JsonString, KeepsUtf8) {
  EXPECT_EQ(json_string("é中😀"), "\"é中😀\"");
}

std::string visible_string(std::string_view text) {
  std::string out;
  append_visible_string(out, text);
  return out;
}

TEST(VisibleString, IsAJsonStringThatATerminalDoesNotObey) {
  EXPECT_EQ(visible_string("\"\n\x1b[2J\\"), R"("\"\n\u001b[2J\\")");
  EXPECT_EQ(visible_string("\x7f \u0080 \u009b \u009f"), R"("\u007f \u0080 \u009b \u009f")");
  EXPECT_EQ(visible_string("\u200f \u2028 \u2029 \u202e \u2066"),
            R"("\u200f \u2028 \u2029 \u202e \u2066")");
  EXPECT_EQ(visible_string("\u00a0é中\u200d\u2027\u202f😀\U0010ffff"),
            "\"\u00a0é中\u200d\u2027\u202f😀\U0010ffff\"");
}

TEST(VisibleString, ReplacesEachByteThatIsNoUtf8) {
  for (const std::string_view bad : {"\x80", "\xc1", "\xff", "\xe4", "\xf5"})
    EXPECT_EQ(visible_string(bad), "\"\ufffd\"");
  for (const std::string_view bad : {"\xc0\x8a", "\xe4\xbd", "\xf0\x9f"})
    EXPECT_EQ(visible_string(bad), "\"\ufffd\ufffd\"");
  // Overlong, a surrogate.
  for (const std::string_view bad : {"\xe0\x80\x8a", "\xed\xa0\x80"})
    EXPECT_EQ(visible_string(bad), "\"\ufffd\ufffd\ufffd\"");
  for (const std::string_view bad : {"\xf0\x80\x80\x8a", "\xf4\x90\x80\x80"})
    EXPECT_EQ(visible_string(bad), "\"\ufffd\ufffd\ufffd\ufffd\"");
  EXPECT_EQ(visible_string("\xc2\n"), "\"\ufffd\\n\"");
}

TEST(JsonWriter, PlacesCommasAndColons) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("A", 1);
  json.key("B");
  json.begin_array();
  json.value("x");
  json.begin_object();
  json.end_object();
  json.begin_array();
  json.end_array();
  json.value(true);
  json.end_array();
  json.key("C");
  json.raw("{\"r\":[1,2]}");
  json.member("D \"", false);
  json.end_object();
  EXPECT_EQ(out, R"({"A":1,"B":["x",{},[],true],"C":{"r":[1,2]},"D \"":false})");
}

TEST(JsonWriter, WritesNumbersExactly) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  json.value(std::numeric_limits<std::uint64_t>::max());
  json.value(std::numeric_limits<std::int64_t>::min());
  json.value(0);
  json.value(0.5);
  json.value(-1e300);
  json.end_array();
  EXPECT_EQ(out, "[18446744073709551615,-9223372036854775808,0,0.5,-1e+300]");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string out = "x";
  JsonWriter(out).value("y");
  EXPECT_EQ(out, "x\"y\"");
}

TEST(QuoteCut, LeavesShortTextsWhole) {
  EXPECT_EQ(quote_cut("id\n"), R"("id\n")");
  EXPECT_EQ(quote_cut(std::string(40, 'x')), '"' + std::string(40, 'x') + '"');
}

TEST(QuoteCut, CutsBetweenCharacters) {
  EXPECT_EQ(quote_cut(std::string(41, 'x')), '"' + std::string(40, 'x') + "…\"");
  EXPECT_EQ(quote_cut(std::string(39, 'x') + "ää"), '"' + std::string(39, 'x') + "…\"");
}

}  // namespace
}  // namespace confab
