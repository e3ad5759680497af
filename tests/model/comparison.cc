#include "tests/model/comparison.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace confab::testing {
namespace {

/// Each seed has its own world: tight limits in some, a clock that steps back in some.
ChatLimits limits_of(std::uint64_t seed) {
  ChatLimits limits;
  if (seed % 3 == 0) limits.unread_cap = 3;
  if (seed % 2 == 0) limits.pinned_cap = 2;
  return limits;
}

std::vector<std::string> everyone() {
  auto users = kUsers;
  users.push_back(kStranger);
  return users;
}

}  // namespace

Comparison::Comparison(const Run& run)
    : world_({.engine = run.engine,
              .seed = run.seed,
              .limits = limits_of(run.seed),
              .rates = {.documented = false},
              .durability_timeout = std::chrono::minutes(1)}),
      rest_(world_, [this](std::string complaint) { complaints_.push_back(std::move(complaint)); }),
      rest_groups_(world_,
                   [this](std::string complaint) { complaints_.push_back(std::move(complaint)); }),
      model_({kUsers.begin(), kUsers.end()}, world_.limits),
      late_merges_(run.engine == Engine::kAdverseMemory) {
  model_.now = world_.clock.unix_seconds();
  for (const auto& user : kUsers)
    world_.call("im_open_login_svc/account_import", fmt::format(R"({{"UserID":"{}"}})", user));
}

std::string Comparison::step(const Operation& operation) {
  const auto codes = play(stage_, operation);
  expect("error codes", codes.actual, codes.expected);
  expect("what was sent", codes.sent, codes.expected_sent);
  const bool settled = !late_merges_ || settles(operation);
  compare_users(settled);
  if (!concerns_group(operation)) {
    compare_pages(operation);
    compare_notes(operation);
    compare_extensions(operation);
  }
  compare_groups(operation, settled);
  return fmt::format("{}", fmt::join(complaints_, "\n  "));
}

void Comparison::compare_users(bool settled) {
  std::vector<std::string> alive;
  std::ranges::copy_if(everyone(), std::back_inserter(alive),
                       [&](const auto& user) { return model_.has(user); });
  expect("accounts", rest_.imported(everyone()), alive);
  for (const auto& user : everyone()) {
    if (!model_.has(user)) {
      expect("codes of " + user, rest_.codes_of_stranger(user, kUsers[0]),
             std::vector{50001, 50001, 90008, 90003});
      continue;
    }
    for (const auto& peer : everyone())
      compare_history(user, peer);
    compare_unread(user, everyone());
    expect("notes of " + user, rest_.notes(user), model_.notes(user));
    if (settled) {
      compare_list(user);
    } else {
      compare_late_list(user);
    }
  }
}

void Comparison::compare_history(const std::string& user, const std::string& peer) {
  const int code = model_.history_code(user, peer);
  const auto what = fmt::format("history {}/{}", user, peer);
  if (code == 0) {
    expect(what, rest_.history(user, peer, 100), model_.history(user, peer));
  } else {
    expect("code of " + what, rest_.history_code(user, peer), code);
  }
}

void Comparison::compare_unread(const std::string& user, const std::vector<std::string>& peers) {
  const auto counts = rest_.unread(user, peers);
  for (std::size_t i = 0; i < peers.size(); ++i) {
    expect("unread " + user + "/" + peers[i], counts[i].value_or(9999),
           model_.unread(user, peers[i]).value_or(9999));
  }
}

void Comparison::compare_notes(const Operation& operation) {
  const auto& [user, peer] = std::tie(operation.message.from, operation.message.to);
  if (!model_.has(user)) return;
  auto expected = model_.notes(user);
  std::erase_if(expected.contacts, [&](const auto& each) { return each.first != peer; });
  expect("notes of " + user + " on " + peer, rest_.notes(user, {peer}), expected);
}

/// Of every message that the two ever had: readable as long as somebody sees it (E22).
void Comparison::compare_extensions(const Operation& operation) {
  const auto rows = model_.ever_stored(operation.message.from, operation.message.to);
  // The newest ones, and one further back.
  for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), 6); ++i) {
    const auto back = i == 5 ? steps_ % rows.size() : i;
    const auto& row = rows[rows.size() - 1 - back];
    const MessageId id{row.from, row.to, row.seq, row.random, row.time};
    expect(fmt::format("extensions of {}_{}_{}", id.seq, id.random, id.time), rest_.extensions(id),
           model_.extensions(id));
  }
}

/// Every combination of the AssistFlags that choose rows, in one page and in pages of
/// one to three rows.
void Comparison::compare_list(const std::string& user) {
  expect("total unread " + user, rest_.total_unread(user), model_.total_unread(user));
  constexpr unsigned kEvery = kKnowsPinning | kWantsEmpty | kPagesPinned | kWantsNotes;
  for (const unsigned flags : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, kEvery}) {
    auto expected = model_.list(user, (flags & kWantsEmpty) != 0);
    for (auto& row : expected) {
      row.pinned = row.pinned && (flags & kKnowsPinning) != 0;
      if ((flags & kWantsNotes) == 0) row.notes.clear();
    }
    std::ranges::sort(expected);
    const auto whole = world_.limits.list_page;
    const std::size_t tiny = 1 + (steps_++ % 3);
    for (const auto page : {whole, tiny}) {
      world_.limits.list_page = page;
      expect(fmt::format("list {} flags {} page {}", user, flags, page), rest_.list(user, flags),
             expected);
    }
    world_.limits.list_page = whole;
  }
}

/// While refreshes are under way a list may lack entries, but what was deleted stays away and
/// pins show at once.
void Comparison::compare_late_list(const std::string& user) {
  const auto expected = model_.list(user, true);
  const auto actual = rest_.list(user, kKnowsPinning | kWantsEmpty | kPagesPinned);
  const auto is_in = [](const std::vector<SessionRow>& rows, const SessionRow& wanted) {
    return std::ranges::any_of(rows, [&](const SessionRow& row) {
      return row.peer == wanted.peer && row.group == wanted.group && row.pinned == wanted.pinned;
    });
  };
  for (const auto& row : actual) {
    // Who has left a group, but does not know it yet, may still get the group's new messages.
    const bool late_leaving = row.group && !row.pinned;
    if (!late_leaving && !is_in(expected, row)) {
      complaints_.push_back(user + " lists what is gone: " + row.peer);
    }
  }
  for (const auto& row : expected) {
    if (row.pinned && !is_in(actual, row)) complaints_.push_back(user + " lacks pin " + row.peer);
  }
}

/// Small pages and a range of time, for the two whom the operation concerned.
void Comparison::compare_pages(const Operation& operation) {
  const auto& [from, to] = std::tie(operation.message.from, operation.message.to);
  if (model_.history_code(from, to) != 0) return;
  const std::size_t page = 1 + (steps_ % 3);
  const auto whole = model_.history(from, to);
  expect(fmt::format("history {}/{} in pages of {}", from, to, page), rest_.history(from, to, page),
         whole);
  if (whole.empty()) return;
  const auto first = whole[steps_ % whole.size()].time;
  const auto last = whole.back().time;
  std::vector<HistoryRow> part;
  std::ranges::copy_if(whole, std::back_inserter(part), [&](const HistoryRow& row) {
    return row.time >= first && row.time <= last - (steps_ % 2);
  });
  expect(fmt::format("history {}/{} from {}", from, to, first),
         rest_.history(from, to, page, first, last - (steps_ % 2)), part);
}

}  // namespace confab::testing
