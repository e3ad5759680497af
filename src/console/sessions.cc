#include "console/sessions.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace confab {
namespace {

constexpr int kSecretBytes = 32;
constexpr Seconds kMinute = 60;

/// In a time that depends on the lengths alone, so that nobody can guess a secret byte by byte.
bool is_same_secret(std::string_view a, std::string_view b) {
  if (a.empty() || a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace

Sessions::Sessions(const Clock& clock, Random& random, std::string token, bool with_link)
    : clock_(clock),
      random_(random),
      token_(std::move(token)),
      link_(with_link ? random_hex(random, kSecretBytes) : std::string()) {}

std::optional<std::string> Sessions::sign_in_with_token(std::string_view token) {
  if (!takes_token(token)) return std::nullopt;
  return begin();
}

std::optional<std::string> Sessions::sign_in_with_link(std::string_view secret) {
  if (!is_same_secret(secret, link_)) return std::nullopt;
  link_.clear();
  return begin();
}

bool Sessions::is_locked() const {
  return failures_ >= kAttempts && clock_.unix_seconds() / kMinute == minute_;
}

bool Sessions::holds(std::string_view session) const {
  const auto found = sessions_.find(session);
  return found != sessions_.end() && clock_.unix_seconds() < found->second;
}

bool Sessions::takes_token(std::string_view token) {
  if (is_locked()) return false;
  const bool is_right = is_same_secret(token, token_);
  if (!is_right) note_failure();
  return is_right;
}

void Sessions::end(std::string_view session) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end()) sessions_.erase(found);
}

std::string Sessions::begin() {
  if (sessions_.size() >= kMost) {
    sessions_.erase(
        std::ranges::min_element(sessions_, {}, [](const auto& each) { return each.second; }));
  }
  auto session = random_hex(random_, kSecretBytes);
  sessions_.emplace(session, clock_.unix_seconds() + kLifetime);
  return session;
}

void Sessions::note_failure() {
  const auto minute = clock_.unix_seconds() / kMinute;
  failures_ = minute == minute_ ? failures_ + 1 : 1;
  minute_ = minute;
}

}  // namespace confab
