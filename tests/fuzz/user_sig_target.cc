// UserSig: whatever arrives as one is refused, unless it says what was signed. The first byte
// chooses what the rest is, see kReadings.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include <openssl/evp.h>

#include "api/json.h"
#include "api/request_target.h"
#include "api/user_sig.h"
#include "base/check.h"
#include "base/json_writer.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"

#include <zlib.h>

namespace confab::fuzz {
namespace {

constexpr AppId kApp{1400000000};
constexpr Seconds kNow = 1'700'000'000;
constexpr Seconds kLife = 3600;
constexpr std::string_view kUser = "administrator";

std::span<const AppKey> keys() {
  static const std::array kKeys{
      AppKey{"5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"},
      AppKey{"0000000000000000000000000000000000000000000000000000000000000001", kNow + 60}};
  return kKeys;
}

UserSigClaims claims_of(std::string_view signature) {
  auto claims = decode_user_sig(signature);
  CHECK(claims.has_value(), "a signature of ours cannot be decoded");
  return *std::move(claims);
}

bool says_the_same(const UserSigClaims& a, const UserSigClaims& b) {
  return a.identifier == b.identifier && a.app == b.app && a.time == b.time &&
         a.expire == b.expire && a.userbuf == b.userbuf && a.mac == b.mac;
}

/// True if it is good.
bool check(std::string_view text) {
  const auto explanation = explain_user_sig(text, kApp, kUser, keys(), kNow);
  CHECK(is_valid_utf8(explanation), "an explanation that is not UTF-8");
  const auto last_second = verify_user_sig(text, kApp, kUser, keys(), kNow);
  CHECK(last_second.has_value() == explanation.starts_with("good"), explanation);
  const auto claims = decode_user_sig(text);
  if (!claims) {
    CHECK(!last_second && last_second.error().code == claims.error().code, explanation);
    return false;
  }
  if (!last_second) return false;
  CHECK(claims->identifier == kUser && claims->app == static_cast<std::int64_t>(kApp), explanation);
  CHECK(kNow <= *last_second && *last_second <= claims->time + claims->expire, explanation);
  return true;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// Base64 in UserSig's alphabet.
std::string encoded(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(bytes_of(text), bytes_of(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  std::ranges::replace(text, '+', '*');
  std::ranges::replace(text, '/', '-');
  std::ranges::replace(text, '=', '_');
  return text;
}

std::string packed(std::string_view content) {
  auto size = compressBound(content.size());
  std::string deflated(size, '\0');
  CHECK(compress(bytes_of(deflated), &size, bytes_of(content), content.size()) == Z_OK, "zlib");
  deflated.resize(size);
  return encoded(deflated);
}

void as_sent(std::string_view input) {
  check(input);
}

void percent_encoded(std::string_view input) {
  check(percent_decode(input));
}

/// What is packed: JSON, or not.
void as_content(std::string_view input) {
  check(packed(input));
}

/// What deflates to the content, or not.
void as_deflated(std::string_view input) {
  check(encoded(input));
}

/// A good signature in which pairs of bytes say what changes: if it is still good, it still says
/// the same.
void as_changes(std::string_view input) {
  Input in(input);
  auto text = make_user_sig(keys()[in.byte() % 2].text, kApp, kUser, kNow, kLife);
  const auto claims = claims_of(text);
  CHECK(check(text), "a good signature is refused");
  while (!in.empty()) {
    const auto at = in.number<std::uint16_t>() % text.size();
    text[at] = static_cast<char>(in.byte());
  }
  if (check(text)) CHECK(says_the_same(claims_of(text), claims), "a forged signature is good");
}

/// Good claims with the signature of others: the identifier, time and life that the input names.
void as_claims(std::string_view input) {
  Input in(input);
  const auto now = static_cast<Seconds>(in.number<std::uint32_t>());
  const auto life = static_cast<Seconds>(in.number<std::uint32_t>());
  const auto own = make_user_sig(keys()[0].text, kApp, in.rest(), now, life);
  if (!is_valid_utf8(in.rest())) return;
  const auto claims = claims_of(own);
  CHECK(claims.identifier == in.rest() && claims.time == now && claims.expire == life,
        "a signature does not say what it was made for");
  CHECK(verify_user_sig(own, kApp, in.rest(), keys(), now + life) == now + life,
        "a signature is refused in its last second");
  CHECK(!verify_user_sig(own, kApp, in.rest(), keys(), now + life + 1), "good after its end");

  std::string content;
  JsonWriter w(content);
  w.begin_object();
  w.member("TLS.ver", "2.0");
  w.member("TLS.identifier", kUser);
  w.member("TLS.sdkappid", static_cast<std::int64_t>(kApp));
  w.member("TLS.expire", kLife);
  w.member("TLS.time", kNow);
  w.member("TLS.sig", claims.mac);
  w.end_object();
  const bool is_own = in.rest() == kUser && now == kNow && life == kLife;
  CHECK(check(packed(content)) == is_own, "the signature of other claims");
}

constexpr std::array<void (*)(std::string_view), 6> kReadings{as_sent,    percent_encoded,
                                                              as_content, as_deflated,
                                                              as_changes, as_claims};

}  // namespace

void run_input(std::string_view input) {
  Input in(input);
  const auto reading = in.byte();
  kReadings.at(reading % kReadings.size())(in.rest());
}

}  // namespace confab::fuzz
