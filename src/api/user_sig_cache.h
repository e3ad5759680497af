// UserSigs that were found good, so that a back end's thousands of calls with one UserSig verify it
// once. What was found with the keys of one generation is good in that generation alone: when keys
// are replaced, everything is verified anew, also what another thread was just verifying.
// Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "store/shard.h"

namespace confab {

class UserSigCache {
 public:
  explicit UserSigCache(std::size_t capacity = std::size_t{64} << 10U);

  /// True if this text was found good for this account with the keys of `generation`
  /// (Apps::key_generation) and its last second is not over.
  bool holds(std::string_view text,
             AppId app,
             std::string_view identifier,
             std::uint64_t generation,
             Seconds now);

  /// REQUIRES: verify_user_sig gave `last_second` for these with the keys of `generation`.
  void insert(std::string_view text,
              AppId app,
              std::string_view identifier,
              std::uint64_t generation,
              Seconds last_second);

  std::size_t size();

 private:
  struct Entry {
    AppId app;
    std::string identifier;
    std::uint64_t generation;
    Seconds last_second;
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Part {
    std::mutex mutex;
    // By the text alone: it holds what it was signed for, so it is good for one account only.
    std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> entries;
  };

  static constexpr std::size_t kParts = 16;

  Part& part_of(std::string_view text);

  std::size_t part_capacity_;
  std::array<Part, kParts> parts_;
};

}  // namespace confab
