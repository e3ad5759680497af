#include "api/user_sig.h"

#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "api/json.h"

namespace confab {
namespace {

constexpr AppId kApp{1400000000};
constexpr Seconds kNow = 1'700'000'000;
const std::vector<AppKey> kKeys = {AppKey{"the secret text"}};

// Made with another implementation and the key in kKeys: administrator, kApp, kNow, 10 s.
constexpr std::string_view kGood =
    "eNqrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwokpuZl5mcUlRYkl*UVQBcUp2YkFBZkpSlaGJgZQ"
    "AJEpycxNBYqao4qmVhRkFoHEofzizHSgyRFh6S4l7pGWqe6uidrBuUaFJqEZJklF5UVeodlFYZ55ZnkG"
    "kRVO4UkuYa62SrUAKwkzhg__";
constexpr std::string_view kWithoutExpire =
    "eNqrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwokpuZl5mcUlRYkl*UVQBcUp2YkFBZkpSlaGJgZQ"
    "AJEpycxNBYqao4oWZ6YDTcovTQsPcnTzSy8NLioPNC8yLvfNtygrSQkNdDH3ziwyq0gPS7YMcXNNCU*3"
    "VaoFAEOQL3I_";
constexpr std::string_view kOtherVersion =
    "eNqrVgrxCdYrSy1SslIy1DNQ0gHzM1NS80oy0zLBwokpuZl5mcUlRYkl*UVQBcUp2YkFBZkpSlaGJgZQ"
    "AJEpycxNBYqao4qmVhRkFoHEofzizHSgyRFh6S4l7pGWqe6uidrBuUaFJqEZJklF5UVeodlFYZ55ZnkG"
    "kRVO4UkuYa62SrUAKmozhQ__";
constexpr std::string_view kOldScheme =
    "eNpdjsEKQiEQRf-FdYT6kqBttAhqEdVa5Dkvhngq4xRF9O*ZCUV3ec7M5T7EYbOfur6Pl8CW7wnEQkgx"
    "qRg9BMYBgQp0fsSAmclxpHbgUkJvHduO-M9f9mdbVWFqJluahFtCAusGrrXKGKO-NuOpwO3quFzvGmIc"
    "36PU-K-oCpQxhqK0VEbp7iOfLwh0PRc_";
constexpr std::string_view kTrailingBytes =
    "eNqrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwokpuZl5mcUlRYkl*UVQBcUp2YkFBZkpSlaGJgZQ"
    "AJEpycxNBYqao4qmVhRkFoHEofzizHSgyRFh6S4l7pGWqe6uidrBuUaFJqEZJklF5UVeodlFYZ55ZnkG"
    "kRVO4UkuYa62SrUAKwkzhnh5eg__";

struct Vector {
  std::string id;
  std::vector<AppKey> keys;
  AppId app{};
  std::string identifier;
  std::string signature;
  JsonValue json;
};

/// Signatures made by the public generators in five languages, and spoiled ones.
class Vectors {
 public:
  Vectors() {
    std::ifstream file(CONFAB_USER_SIG_VECTORS);
    std::stringstream text;
    text << file.rdbuf();
    root_ = parser_.parse(text.str());
  }

  std::vector<Vector> list(std::string_view name) const {
    std::vector<Vector> vectors;
    for (const auto json : root_->member(name)->items()) {
      const auto text = [&](std::string_view member) {
        return std::string(*json.member(member)->string());
      };
      vectors.push_back({text("id"),
                         {AppKey{text("key")}},
                         AppId{static_cast<std::uint32_t>(*json.member("sdkappid")->integer())},
                         text("identifier"),
                         text("usersig"),
                         json});
    }
    return vectors;
  }

 private:
  JsonParser parser_;
  std::optional<JsonValue> root_;
};

ErrorCode verdict(const Vector& vector, Seconds now) {
  const auto outcome =
      verify_user_sig(vector.signature, vector.app, vector.identifier, vector.keys, now);
  return outcome ? ErrorCode::kOk : outcome.error().code;
}

std::string detail_of(std::string_view text,
                      AppId app,
                      std::string_view identifier,
                      Seconds now,
                      const std::vector<AppKey>& keys = kKeys) {
  const auto outcome = verify_user_sig(text, app, identifier, keys, now);
  return outcome ? "good" : outcome.error().detail;
}

TEST(UserSig, AcceptsEveryGenerator) {  // B2, B3, B4, B5
  const Vectors vectors;
  const auto list = vectors.list("positive");
  ASSERT_EQ(list.size(), 125U);
  for (const auto& vector : list) {
    const auto second = [&](std::string_view name) {
      return *vector.json.member(name)->integer();
    };
    EXPECT_EQ(verdict(vector, second("valid_at")), ErrorCode::kOk) << vector.id;
    EXPECT_EQ(verdict(vector, second("last_valid_second")), ErrorCode::kOk) << vector.id;
    EXPECT_EQ(verdict(vector, second("first_expired_second")), ErrorCode::kUserSigExpired)
        << vector.id;
  }
}

TEST(UserSig, RefusesEachSpoiledOneWithItsCode) {  // B6, K4, K10
  const std::map<std::string, ErrorCode, std::less<>> expected = {
      {"tampered-identifier", ErrorCode::kUserSigMismatch},
      {"tampered-expire", ErrorCode::kUserSigMismatch},
      {"tampered-time", ErrorCode::kUserSigMismatch},
      {"wrong-identifier-in-query", ErrorCode::kUserSigWrongIdentifier},
      {"wrong-sdkappid", ErrorCode::kUserSigWrongApp},
      {"wrong-key", ErrorCode::kUserSigMismatch},
      {"expired", ErrorCode::kUserSigExpired},
      {"not-expired-boundary", ErrorCode::kOk},
      {"empty", ErrorCode::kUserSigEmpty},
      {"garbage", ErrorCode::kUserSigUndecodable},
      {"not-base64", ErrorCode::kUserSigUndecodable},
      {"base64-not-zlib", ErrorCode::kUserSigUndecodable},
      {"zlib-not-json", ErrorCode::kUserSigMalformed},
      {"json-array", ErrorCode::kUserSigMalformed},
      {"missing-sig", ErrorCode::kUserSigMalformed},
      {"missing-time", ErrorCode::kUserSigMalformed},
      {"empty-sig", ErrorCode::kUserSigMismatch},
      {"truncated", ErrorCode::kUserSigUndecodable},
      {"zlib-bomb-64MiB", ErrorCode::kUserSigUndecodable},
      {"negative-expire", ErrorCode::kUserSigExpired},
      {"huge-expire-overflow", ErrorCode::kUserSigMalformed},
      {"std-alphabet", ErrorCode::kUserSigUndecodable},
      {"no-padding", ErrorCode::kUserSigUndecodable},
      {"numbers-as-strings", ErrorCode::kUserSigMalformed},
      {"key-order-shuffled", ErrorCode::kOk},
      {"whitespace-json", ErrorCode::kOk},
      {"stored-blocks", ErrorCode::kOk},
      {"extra-field", ErrorCode::kOk},
  };
  const Vectors vectors;
  const auto list = vectors.list("negative");
  ASSERT_EQ(list.size(), expected.size());
  for (const auto& vector : list) {
    ASSERT_TRUE(expected.contains(vector.id)) << vector.id;
    EXPECT_EQ(verdict(vector, *vector.json.member("now")->integer()), expected.at(vector.id))
        << vector.id;
  }
}

TEST(UserSig, AZeroValidityMayBeLeftOut) {  // B4
  EXPECT_EQ(detail_of(kGood, kApp, "administrator", kNow + 10), "good");
  EXPECT_EQ(detail_of(kWithoutExpire, kApp, "administrator", kNow), "good");
  EXPECT_EQ(detail_of(kWithoutExpire, kApp, "administrator", kNow + 1), "expired 1 s ago");
}

TEST(UserSig, OtherSchemesAreRefusedCleanly) {
  EXPECT_EQ(detail_of(kOtherVersion, kApp, "administrator", kNow), "TLS.ver is not 2.0");
  EXPECT_EQ(detail_of(kOldScheme, kApp, "administrator", kNow), "TLS.ver is missing");
}

TEST(UserSig, NothingMayFollowTheContent) {
  EXPECT_EQ(detail_of(kTrailingBytes, kApp, "administrator", kNow),
            "its content is not one zlib stream");
}

TEST(UserSig, VerifiesWhatItMakes) {
  for (const std::string identifier : {"administrator", "a \"quoted\" 你好 name", "x"}) {
    const auto text = make_user_sig(kKeys.front().text, kApp, identifier, kNow, 3600);
    EXPECT_EQ(text.find_first_of("+/="), text.npos);
    const auto outcome = verify_user_sig(text, kApp, identifier, kKeys, kNow);
    ASSERT_TRUE(outcome) << outcome.error().detail;
    EXPECT_EQ(*outcome, kNow + 3600);
    const auto claims = decode_user_sig(text);
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->identifier, identifier);
    EXPECT_EQ(claims->app, 1400000000);
    EXPECT_EQ(claims->time, kNow);
    EXPECT_EQ(claims->expire, 3600);
    EXPECT_FALSE(claims->userbuf);
  }
}

TEST(UserSig, AnyKeyOfTheAppWillDo) {
  const auto text = make_user_sig("new", kApp, "administrator", kNow, 10);
  EXPECT_EQ(detail_of(text, kApp, "administrator", kNow, {AppKey{"old"}, AppKey{"new"}}), "good");
  EXPECT_NE(detail_of(text, kApp, "administrator", kNow, {AppKey{"old"}}), "good");
  EXPECT_NE(detail_of(text, kApp, "administrator", kNow, {}), "good");
}

TEST(UserSig, EveryChangedCharacterIsRefused) {
  const auto text = make_user_sig(kKeys.front().text, kApp, "administrator", kNow, 10);
  // The last characters hold the padding and unused bits.
  for (std::size_t at = 0; at + 4 < text.size(); ++at) {
    auto spoiled = text;
    spoiled[at] = spoiled[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_user_sig(spoiled, kApp, "administrator", kKeys, kNow)) << at;
  }
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(verify_user_sig(text.substr(0, size), kApp, "administrator", kKeys, kNow)) << size;
  }
  EXPECT_FALSE(verify_user_sig(text + text, kApp, "administrator", kKeys, kNow));
  EXPECT_FALSE(verify_user_sig(text + " ", kApp, "administrator", kKeys, kNow));
}

TEST(UserSig, SaysWhyInPlainWords) {
  const auto text = make_user_sig(kKeys.front().text, kApp, "administrator", kNow, 3600);
  EXPECT_EQ(detail_of(text, kApp, "administrator", kNow + 3600 + Seconds{3} * 3600),
            "expired 3 h ago");
  EXPECT_EQ(detail_of(text, kApp, "administrator", kNow + 3601), "expired 1 s ago");
  EXPECT_EQ(detail_of(text, kApp, "administrator", kNow + 3600 + 300), "expired 5 min ago");
  EXPECT_EQ(detail_of(text, kApp, "administrator", kNow + 3600 + Seconds{3} * 86400),
            "expired 3 days ago");
  EXPECT_EQ(detail_of(text, kApp, "bob\n", kNow),
            R"(made for identifier "administrator", not "bob\n")");
  EXPECT_EQ(detail_of(text, AppId{7}, "administrator", kNow),
            "made for SDKAppID 1400000000, not 7");
  EXPECT_TRUE(detail_of(text, kApp, "administrator", kNow, {AppKey{"x"}}).starts_with("wrong key"));
  EXPECT_EQ(detail_of(text.substr(0, text.size() - 5), kApp, "administrator", kNow),
            "cut off: " + std::to_string(text.size() - 5) + " characters are no multiple of 4");
  EXPECT_EQ(detail_of(text.substr(0, text.size() - 8), kApp, "administrator", kNow),
            "cut off: its compressed content ends too early");
  EXPECT_EQ(detail_of("%2A%2A%2A", kApp, "administrator", kNow),
            "cut off: 9 characters are no multiple of 4");
  EXPECT_EQ(detail_of("eJ+/", kApp, "administrator", kNow), "holds characters that no UserSig has");
}

TEST(UserSig, IsGoodUntilItsKeyRunsOut) {
  const std::vector<AppKey> keys = {AppKey{"the newest key"},
                                    AppKey{kKeys.front().text, kNow + 60}};
  const auto old = make_user_sig(kKeys.front().text, kApp, "administrator", kNow, 3600);
  EXPECT_EQ(verify_user_sig(old, kApp, "administrator", keys, kNow), kNow + 60);
  EXPECT_EQ(verify_user_sig(old, kApp, "administrator", keys, kNow + 60), kNow + 60);
  const auto refused = verify_user_sig(old, kApp, "administrator", keys, kNow + 61);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUserSigMismatch);
  EXPECT_EQ(refused.error().detail, "old key: the key that it was made with ran out 1 s ago");

  const auto shorter = make_user_sig(kKeys.front().text, kApp, "administrator", kNow, 30);
  EXPECT_EQ(verify_user_sig(shorter, kApp, "administrator", keys, kNow), kNow + 30);
  const auto fresh = make_user_sig("the newest key", kApp, "administrator", kNow, 3600);
  EXPECT_EQ(verify_user_sig(fresh, kApp, "administrator", keys, kNow + 61), kNow + 3600);
}

TEST(UserSig, ExplainsForOperators) {
  const auto text = make_user_sig(kKeys.front().text, kApp, "administrator", kNow, 15552000);
  EXPECT_EQ(explain_user_sig(text, kApp, "administrator", kKeys, kNow),
            R"(good for identifier "administrator" in SDKAppID 1400000000, for 180 days more)");
  EXPECT_EQ(explain_user_sig(text, kApp, "administrator", kKeys, kNow + 15552000 + 10),
            "refused with 70001 (UserSig expired): expired 10 s ago");
  EXPECT_EQ(explain_user_sig("", kApp, "administrator", kKeys, kNow),
            "refused with 70002 (UserSig is empty): it is empty");
  const std::vector<AppKey> secret = {AppKey{"never shown"}};
  EXPECT_EQ(explain_user_sig(text, kApp, "administrator", secret, kNow).find("never shown"),
            std::string::npos);
}

}  // namespace
}  // namespace confab
