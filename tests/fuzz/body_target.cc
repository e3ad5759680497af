// Requests to commands: for each three bytes that choose the command, the caller and how long ago
// the one before it was, then the body up to a byte that is in no UTF-8 text.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "api/registry.h"
#include "tests/fuzz/chat_server.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"

namespace confab::fuzz {
namespace {

constexpr char kEndOfBody = '\xfe';
constexpr std::array<std::string_view, 4> kCallers{"admin", "id1", "id2", "nobody"};

struct Choice {
  std::uint16_t number;
  const Endpoint* row;
};

/// FNV-1a, folded. Also in seeds.py.
std::uint16_t number_of(std::string_view path) {
  std::uint32_t hash = 2166136261;
  for (const char c : path)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return static_cast<std::uint16_t>(hash >> 16U ^ hash);
}

/// By number, so that a new command takes little from the others and inputs keep their meaning.
std::vector<Choice> all_choices() {
  std::vector<Choice> choices;
  for (const auto table : rest_tables()) {
    for (const auto& row : table)
      choices.push_back({number_of(row.path), &row});
  }
  std::ranges::sort(choices, {}, &Choice::number);
  return choices;
}

const Endpoint& choose(std::uint16_t number) {
  static const auto kChoices = all_choices();
  const auto next = std::ranges::lower_bound(kChoices, number, {}, &Choice::number);
  return *(next == kChoices.end() ? kChoices.front() : *next).row;
}

}  // namespace

void run_input(std::string_view input) {
  static ChatServer server;
  server.rewind();
  Input in(input);
  while (!in.empty()) {
    const auto high = in.byte();
    const auto& row = choose(static_cast<std::uint16_t>(high << 8U | in.byte()));
    const auto who_and_when = in.byte();
    const Seconds steps = who_and_when >> 2U;
    server.advance(steps * steps * steps);
    const auto body = in.bytes(std::min(in.rest().find(kEndOfBody), in.rest().size()));
    in.byte();
    server.call(kCallers.at(who_and_when & 3U), row, body);
  }
}

}  // namespace confab::fuzz
