#include "net/response_text.h"

#include <string>

#include <gtest/gtest.h>

namespace confab {
namespace {

std::string text_of(const HttpResponse& response, ResponseForm form) {
  std::string out;
  append_response(out, response, form);
  return out;
}

TEST(ResponseText, WholeAnswer) {
  EXPECT_EQ(text_of({.body = "{}", .headers = {{"A", "b c"}}},
                    {.keep_alive = true, .with_body = true}),
            "HTTP/1.1 200 OK\r\nServer: confab\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\nConnection: keep-alive\r\nA: b c\r\n\r\n{}");
}

TEST(ResponseText, StatusesWithoutBodyAndWithoutName) {
  EXPECT_EQ(text_of({.status = 204, .body = "{}"}, {.keep_alive = false, .with_body = true}),
            "HTTP/1.1 204 No Content\r\nServer: confab\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(text_of({.status = 299}, {.keep_alive = true, .with_body = true})
                  .starts_with("HTTP/1.1 299 \r\n"));
}

TEST(ResponseTextDeathTest, LineBreaksInHeadersAndInterimStatuses) {
  const ResponseForm form{.keep_alive = true, .with_body = true};
  EXPECT_DEATH(text_of({.headers = {{"A", "b\r\nC: d"}}}, form), "line break");
  EXPECT_DEATH(text_of({.headers = {{"A\n", "b"}}}, form), "line break");
  EXPECT_DEATH(text_of({.content_type = "a\rb"}, form), "line break");
  EXPECT_DEATH(text_of({.status = 100}, form), "not a final");
}

}  // namespace
}  // namespace confab
