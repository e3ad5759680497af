#include "api/user_sig.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "api/fields.h"
#include "base/check.h"

#include <zlib.h>

namespace confab {
namespace {

constexpr std::string_view kVersion = "2.0";
constexpr std::size_t kMaxInflated = std::size_t{64} << 10U;

// UserSig writes base64 with * - _ in place of + / =, which a URL carries as they are.
constexpr std::string_view kStandard = "+/=";
constexpr std::string_view kOwn = "*-_";

void swap_alphabet(std::string& text, std::string_view from, std::string_view to) {
  for (char& c : text) {
    if (const auto at = from.find(c); at != from.npos) c = to[at];
  }
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string to_base64(std::string_view bytes) {
  // EVP_EncodeBlock ends what it writes with a zero byte.
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(bytes_of(out), bytes_of(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// Nothing if `text` is not base64 with its padding.
std::optional<std::string> from_base64(std::string_view text) {
  const auto in_alphabet = [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
           c == '/';
  };
  auto body = text;
  while (body.ends_with('=') && text.size() - body.size() < 2)
    body.remove_suffix(1);
  if (text.size() % 4 != 0 || !std::ranges::all_of(body, in_alphabet)) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(bytes_of(out), bytes_of(text), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size) - (text.size() - body.size()));
  return out;
}

/// kUserSigUndecodable: `packed` is not one zlib stream of at most kMaxInflated bytes.
Result<std::string> inflate_bounded(std::string packed) {
  z_stream stream{};
  stream.next_in = bytes_of(packed);
  stream.avail_in = static_cast<uInt>(packed.size());
  CHECK(inflateInit(&stream) == Z_OK, "no memory for zlib");
  std::string out(kMaxInflated, '\0');
  stream.next_out = bytes_of(out);
  stream.avail_out = static_cast<uInt>(out.size());
  const int outcome = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  const bool input_left = stream.avail_in != 0;
  inflateEnd(&stream);
  if (outcome == Z_STREAM_END && !input_left) return out;
  if (out.size() == kMaxInflated) {
    return fail(ErrorCode::kUserSigUndecodable,
                fmt::format("inflates to more than {} bytes", kMaxInflated));
  }
  if (outcome == Z_BUF_ERROR) {
    return fail(ErrorCode::kUserSigUndecodable, "cut off: its compressed content ends too early");
  }
  return fail(ErrorCode::kUserSigUndecodable, "its content is not one zlib stream");
}

std::string deflate_all(std::string_view text) {
  auto size = compressBound(static_cast<uLong>(text.size()));
  std::string out(size, '\0');
  CHECK(compress(bytes_of(out), &size, bytes_of(text), static_cast<uLong>(text.size())) == Z_OK,
        "no memory for zlib");
  out.resize(size);
  return out;
}

std::string mac_of(std::string_view key, const UserSigClaims& claims) {
  auto signed_text = fmt::format("TLS.identifier:{}\nTLS.sdkappid:{}\nTLS.time:{}\nTLS.expire:{}\n",
                                 claims.identifier, claims.app, claims.time, claims.expire);
  if (claims.userbuf) signed_text += fmt::format("TLS.userbuf:{}\n", *claims.userbuf);
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(signed_text),
             signed_text.size(), bytes_of(mac), &size) != nullptr,
        "HMAC-SHA256 failed");
  mac.resize(size);
  return to_base64(mac);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string duration_text(Seconds seconds) {
  constexpr Seconds kMinute = 60;
  constexpr Seconds kHour = 60 * kMinute;
  constexpr Seconds kDay = 24 * kHour;
  if (seconds < 2 * kMinute) return fmt::format("{} s", seconds);
  if (seconds < 2 * kHour) return fmt::format("{} min", seconds / kMinute);
  if (seconds < 2 * kDay) return fmt::format("{} h", seconds / kHour);
  return fmt::format("{} days", seconds / kDay);
}

std::unexpected<Error> malformed(std::string_view member, std::string_view why) {
  return fail(ErrorCode::kUserSigMalformed, fmt::format("{} {}", member, why));
}

Status take_text(JsonValue object, std::string_view name, std::string& out) {
  const auto member = object.member(name);
  if (!member) return malformed(name, "is missing");
  const auto text = member->string();
  if (!text) return malformed(name, "is not a string");
  out.assign(*text);
  return {};
}

Status take_integer(JsonValue object, std::string_view name, std::int64_t& out) {
  const auto member = object.member(name);
  if (!member) return malformed(name, "is missing");
  const auto number = member->integer();
  if (!number) return malformed(name, "is not an integer");
  out = *number;
  return {};
}

Result<UserSigClaims> read_claims(JsonValue object) {
  std::string version;
  TRY_STATUS(take_text(object, "TLS.ver", version));
  if (version != kVersion) return malformed("TLS.ver", "is not 2.0");
  UserSigClaims claims;
  TRY_STATUS(take_text(object, "TLS.identifier", claims.identifier));
  TRY_STATUS(take_integer(object, "TLS.sdkappid", claims.app));
  TRY_STATUS(take_integer(object, "TLS.time", claims.time));
  // COMPAT(tencent): the Go generator leaves a zero out.
  if (object.member("TLS.expire")) TRY_STATUS(take_integer(object, "TLS.expire", claims.expire));
  if (object.member("TLS.userbuf")) {
    TRY_STATUS(take_text(object, "TLS.userbuf", claims.userbuf.emplace()));
  }
  TRY_STATUS(take_text(object, "TLS.sig", claims.mac));
  Seconds sum = 0;
  if (__builtin_add_overflow(claims.time, claims.expire, &sum)) {
    return malformed("TLS.time + TLS.expire", "is out of range");
  }
  return claims;
}

}  // namespace

std::string make_user_sig(
    std::string_view key, AppId app, std::string_view identifier, Seconds now, Seconds valid_for) {
  const UserSigClaims claims{
      std::string(identifier), static_cast<std::int64_t>(app), now, valid_for, std::nullopt, {}};
  std::string json;
  JsonWriter w(json);
  w.begin_object();
  w.member("TLS.ver", kVersion);
  w.member("TLS.identifier", identifier);
  w.member("TLS.sdkappid", claims.app);
  w.member("TLS.expire", claims.expire);
  w.member("TLS.time", claims.time);
  w.member("TLS.sig", mac_of(key, claims));
  w.end_object();
  auto text = to_base64(deflate_all(json));
  swap_alphabet(text, kStandard, kOwn);
  return text;
}

Result<UserSigClaims> decode_user_sig(std::string_view text) {
  if (text.empty()) return fail(ErrorCode::kUserSigEmpty);
  std::string base64(text);
  // The standard characters are not part of the alphabet: turned around, they are refused.
  swap_alphabet(base64, "+/=*-_", "   +/=");
  auto packed = from_base64(base64);
  if (!packed) {
    return fail(ErrorCode::kUserSigUndecodable,
                text.size() % 4 == 0
                    ? "holds characters that no UserSig has"
                    : fmt::format("cut off: {} characters are no multiple of 4", text.size()));
  }
  TRY(const auto json, inflate_bounded(*std::move(packed)));
  thread_local JsonParser parser;
  const auto content = parser.parse(json);
  if (!content || !content->is(JsonKind::kObject)) {
    return fail(ErrorCode::kUserSigMalformed, "its content is not a JSON object");
  }
  return read_claims(*content);
}

Result<Seconds> verify_user_sig(std::string_view text,
                                AppId app,
                                std::string_view identifier,
                                std::span<const AppKey> keys,
                                Seconds now) {
  TRY(const auto claims, decode_user_sig(text));
  if (claims.app != static_cast<std::int64_t>(app)) {
    return fail(ErrorCode::kUserSigWrongApp, fmt::format("made for SDKAppID {}, not {}", claims.app,
                                                         static_cast<std::uint32_t>(app)));
  }
  if (claims.identifier != identifier) {
    return fail(ErrorCode::kUserSigWrongIdentifier,
                fmt::format("made for identifier {}, not {}", quote_value(claims.identifier),
                            quote_value(identifier)));
  }
  const auto last_second = claims.time + claims.expire;
  if (now > last_second) {
    return fail(ErrorCode::kUserSigExpired,
                fmt::format("expired {} ago", duration_text(now - last_second)));
  }
  const auto made_with = std::ranges::find_if(keys, [&](const AppKey& key) {
    return equal_in_constant_time(mac_of(key.text, claims), claims.mac);
  });
  if (made_with == keys.end()) {
    return fail(ErrorCode::kUserSigMismatch,
                "wrong key: made with none of the keys of this SDKAppID, or changed afterwards");
  }
  if (!made_with->is_good_at(now)) {
    return fail(ErrorCode::kUserSigMismatch,
                fmt::format("old key: the key that it was made with ran out {} ago",
                            duration_text(now - *made_with->last_second)));
  }
  return std::min(last_second, made_with->last_second.value_or(last_second));
}

std::string explain_user_sig(std::string_view text,
                             AppId app,
                             std::string_view identifier,
                             std::span<const AppKey> keys,
                             Seconds now) {
  const auto outcome = verify_user_sig(text, app, identifier, keys, now);
  if (outcome) {
    return fmt::format("good for identifier {} in SDKAppID {}, for {} more",
                       quote_value(identifier), static_cast<std::uint32_t>(app),
                       duration_text(*outcome - now));
  }
  const auto& entry = error_entry(outcome.error().code);
  return fmt::format("refused with {} ({}): {}", static_cast<int>(entry.code), entry.text,
                     outcome.error().detail.empty() ? "it is empty" : outcome.error().detail);
}

}  // namespace confab
