// UserSig 2.0: proof that an account was signed in by whoever holds the app's key. HMAC-SHA256 over
// the account, app, time and validity, packed as JSON, zlib and base64 in an alphabet of its own
// (B2). Pure functions: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/app_key.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/shard.h"

namespace confab {

/// What a UserSig claims; true only once verified.
struct UserSigClaims {
  std::string identifier;
  std::int64_t app = 0;
  Seconds time = 0;                    // of issue
  Seconds expire = 0;                  // valid up to and including time + expire (B5)
  std::optional<std::string> userbuf;  // base64, as signed
  std::string mac;                     // base64
};

/// A UserSig that is valid from now on. `key` is the secret's text, not its decoded digits (B3).
/// REQUIRES: `now + valid_for` does not overflow.
std::string make_user_sig(
    std::string_view key, AppId app, std::string_view identifier, Seconds now, Seconds valid_for);

/// What the text claims, unverified. kUserSigEmpty; kUserSigUndecodable: base64 or zlib;
/// kUserSigMalformed: not the expected JSON.
Result<UserSigClaims> decode_user_sig(std::string_view text);

/// The last second at which the UserSig is good, for `identifier` in `app`: its own or that of its
/// key, whichever comes first. Errors in this order: those of decode_user_sig, kUserSigWrongApp,
/// kUserSigWrongIdentifier, kUserSigExpired, kUserSigMismatch (made with none of `keys`, or with
/// one that has run out). Details are plain words for the caller and never hold a key.
Result<Seconds> verify_user_sig(std::string_view text,
                                AppId app,
                                std::string_view identifier,
                                std::span<const AppKey> keys,
                                Seconds now);

/// The outcome of verify_user_sig as a sentence for an operator: who it is for and how long it
/// lasts, or why it is refused.
std::string explain_user_sig(std::string_view text,
                             AppId app,
                             std::string_view identifier,
                             std::span<const AppKey> keys,
                             Seconds now);

}  // namespace confab
