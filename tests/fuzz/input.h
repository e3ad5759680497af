// Takes values off an input. An input that is used up gives zeros and empty texts.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace confab::fuzz {

class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view bytes(std::size_t count) {
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  /// Small ones, those near the ends of their types, and any.
  template <typename T>
  T number() {
    constexpr auto kMax = std::numeric_limits<T>::max();
    const auto kind = byte();
    if (kind < 0xe0) return static_cast<T>(kind);
    if (kind < 0xf0) return static_cast<T>(kMax - (kind & 0xfU));
    std::uint64_t value = 0;
    for (const char c : bytes(sizeof(T)))
      value = value << 8U | static_cast<unsigned char>(c);
    return static_cast<T>(value);
  }

  std::string text() { return std::string(bytes(byte())); }

  template <typename T>
  void fill(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      value = text();
    } else if constexpr (std::is_integral_v<T>) {
      value = number<T>();
    } else {
      value.clear();
      for (auto left = byte() % 8; left > 0; --left)
        fill(value.emplace_back());
    }
  }

  /// A key's rest or a stored value.
  template <typename Record>
  Record record() {
    Record record;
    std::apply([&](auto&... field) { (fill(field), ...); }, Record::fields(record));
    return record;
  }

 private:
  std::string_view rest_;
};

}  // namespace confab::fuzz
