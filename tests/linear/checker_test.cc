// The checker and the specifications on histories written by hand: it must say no.
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/linear/specs.h"

namespace confab::linear {
namespace {

/// When a call was made and answered.
using Span = std::pair<std::uint64_t, std::uint64_t>;

Call call(Span when, Step step, std::optional<Answer> answer) {
  Call call;
  static_cast<Step&>(call) = step;
  call.invoked = when.first;
  call.responded = when.second;
  call.answer = std::move(answer);
  return call;
}

Call send(Span when, int side, int message) {
  return call(when, {Action::kSend, side, message}, Answer{.time = 1});
}
Call lost(Span when, const Step& step) {
  return call(when, step, std::nullopt);
}
Call erase(Span when, int side, bool clear = false) {
  return call(when, {clear ? Action::kClear : Action::kDelete, side}, Answer{});
}
Call mark(Span when, int side, int leaves = 0) {
  return call(when, {Action::kMarkRead, side, leaves}, Answer{});
}
Call list(Span when, int side, bool listed) {
  return call(when, {Action::kList, side}, Answer{.number = listed ? 1 : 0});
}
Call unread(Span when, int side, int count, int read_upto = 0) {
  return call(when, {Action::kUnread, side}, Answer{.number = count, .read_upto = read_upto});
}
Call history(Span when, int side, std::initializer_list<int> messages, int wanted = kAllRows) {
  Answer answer;
  for (const int message : messages)
    answer.rows.push_back({message, 1});
  return call(when, {Action::kHistory, side, wanted}, std::move(answer));
}
Call part(Span when, int side, std::initializer_list<int> messages) {
  auto read = history(when, side, messages, static_cast<int>(messages.size()));
  read.answer->complete = false;
  return read;
}

bool is_explained(const std::vector<Call>& calls) {
  const std::span<const Call> all = calls;
  return explain(PairSpec(all), {}, all).explained;
}

/// With MsgSeqs for the sends, in the order of `numbers`.
bool is_explained_in_group(std::vector<Call> calls, std::initializer_list<int> numbers = {}) {
  const auto* number = numbers.begin();
  for (auto& each : calls) {
    if (each.action == Action::kSend && each.answer) {
      each.answer->number = number == numbers.end() ? 1 : *number++;
    }
  }
  return explain(GroupSpec(), {}, std::span<const Call>(calls)).explained;
}

TEST(Linear, ExplainsWhatFollowsInOrder) {
  EXPECT_TRUE(is_explained({}));
  EXPECT_TRUE(is_explained({send({1, 2}, 0, 5), list({3, 4}, 0, true), list({5, 6}, 1, true),
                            unread({7, 8}, 1, 1), unread({9, 10}, 0, 0), history({11, 12}, 1, {5}),
                            erase({13, 14}, 1), list({15, 16}, 1, false), unread({17, 18}, 1, 0),
                            history({19, 20}, 1, {5}), erase({21, 22}, 1, true),
                            history({23, 24}, 1, {}), history({25, 26}, 0, {5})}));
}

TEST(Linear, RefusesAStaleListAfterADeletion) {
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), erase({3, 4}, 1), list({5, 6}, 1, true)}));
  // The other side's entry stays; and while the deletion is under way, both answers will do.
  EXPECT_TRUE(is_explained({send({1, 2}, 0, 1), erase({3, 4}, 1), list({5, 6}, 0, true)}));
  EXPECT_TRUE(is_explained({send({1, 2}, 0, 1), erase({3, 6}, 1), list({4, 5}, 1, true)}));
  EXPECT_TRUE(is_explained({send({1, 2}, 0, 1), erase({3, 6}, 1), list({4, 5}, 1, false)}));
  // ... but nobody sees it done and then undone.
  EXPECT_FALSE(is_explained(
      {send({1, 2}, 0, 1), erase({3, 8}, 1), list({4, 5}, 1, false), list({6, 7}, 1, true)}));
}

TEST(Linear, RefusesALostSend) {
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), history({3, 4}, 1, {})}));
  EXPECT_FALSE(is_explained(
      {send({1, 5}, 0, 1), send({2, 6}, 1, 2), send({3, 4}, 0, 3), history({7, 8}, 0, {1, 3})}));
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), list({3, 4}, 1, false)}));
  EXPECT_FALSE(is_explained({history({1, 2}, 1, {1}), send({3, 4}, 0, 1)}));
}

TEST(Linear, RefusesUnreadThatGoesBack) {
  EXPECT_FALSE(is_explained({send({1, 10}, 0, 1), unread({2, 3}, 1, 1), unread({4, 5}, 1, 0)}));
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), mark({3, 4}, 1), unread({5, 6}, 1, 1)}));
  EXPECT_TRUE(is_explained({send({1, 2}, 0, 1), unread({3, 4}, 1, 1), mark({5, 10}, 1),
                            unread({6, 7}, 1, 1), unread({8, 9}, 1, 0)}));
}

TEST(Linear, RefusesAReadThatForgets) {
  EXPECT_FALSE(
      is_explained({send({1, 10}, 0, 1), history({2, 3}, 1, {1}), history({4, 5}, 1, {})}));
  EXPECT_FALSE(is_explained(
      {lost({1, 4}, {Action::kSend, 0, 1}), history({2, 3}, 1, {1}), history({5, 6}, 1, {})}));
  // A message that one has seen is also there for the other.
  EXPECT_FALSE(
      is_explained({send({1, 10}, 0, 1), history({2, 3}, 1, {1}), history({4, 5}, 0, {})}));
  EXPECT_TRUE(is_explained({send({1, 10}, 0, 1), history({2, 3}, 1, {}), history({4, 5}, 0, {1})}));
}

TEST(Linear, FindsAnOrderThatIsNotThatOfTheCalls) {
  // The send was made first and happened last.
  EXPECT_TRUE(is_explained({send({1, 20}, 0, 1), erase({2, 3}, 1, true), send({4, 6}, 0, 2),
                            history({7, 8}, 1, {2}), history({9, 10}, 1, {1, 2})}));
  // The deletion fell between two sends that overlap it and each other.
  EXPECT_TRUE(is_explained({send({1, 10}, 0, 1), send({2, 9}, 0, 2), erase({3, 8}, 1, true),
                            history({11, 12}, 1, {1}), history({13, 14}, 0, {1, 2})}));
  // No place is left for it if one of them was seen before it and the other one, too.
  EXPECT_FALSE(is_explained({send({1, 10}, 0, 1), send({2, 9}, 0, 2), history({3, 4}, 1, {1, 2}),
                             erase({5, 8}, 1, true), history({11, 12}, 1, {1})}));
}

TEST(Linear, ACallWithoutAnAnswerHappensInTimeOrNever) {
  const Step step{Action::kSend, 0, 1};
  EXPECT_TRUE(is_explained({lost({1, 4}, step), history({5, 6}, 1, {})}));
  EXPECT_TRUE(is_explained({lost({1, 4}, step), history({5, 6}, 1, {1})}));
  EXPECT_FALSE(is_explained({lost({1, 4}, step), history({5, 6}, 1, {}), history({7, 8}, 1, {1})}));
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), lost({3, 6}, {Action::kClear, 1}),
                             history({4, 5}, 1, {}), history({7, 8}, 1, {1})}));
  EXPECT_TRUE(is_explained({send({1, 2}, 0, 1), lost({3, 6}, {Action::kClear, 1}),
                            history({4, 5}, 1, {1}), history({7, 8}, 1, {})}));
}

TEST(Linear, KnowsTheOrderOfAHistory) {
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), send({3, 4}, 0, 2), history({5, 6}, 1, {2, 1})}));
  EXPECT_TRUE(is_explained({send({1, 2}, 0, 1), send({3, 4}, 0, 2), part({5, 6}, 1, {2})}));
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), send({3, 4}, 0, 2), part({5, 6}, 1, {1})}));
  // Complete means that there is no more.
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), send({3, 4}, 0, 2), history({5, 6}, 1, {2}, 1)}));
  EXPECT_FALSE(is_explained({send({1, 2}, 0, 1), part({3, 4}, 1, {1})}));
}

TEST(Linear, AnErrorIsNeverExplained) {
  EXPECT_FALSE(is_explained({call({1, 2}, {Action::kList, 0}, Answer{.code = 50005})}));
  EXPECT_FALSE(is_explained_in_group({call({1, 2}, {Action::kList, 0}, Answer{.code = 50005})}));
}

TEST(LinearGroup, NumbersTellTheOrderOfSends) {
  EXPECT_TRUE(
      is_explained_in_group({send({1, 6}, 0, 1), send({2, 5}, 1, 2), history({7, 8}, 0, {2, 1})},
                            {2, 1}));
  EXPECT_FALSE(
      is_explained_in_group({send({1, 6}, 0, 1), send({2, 5}, 1, 2), history({7, 8}, 0, {1, 2})},
                            {2, 1}));
  EXPECT_FALSE(is_explained_in_group({send({1, 2}, 0, 1), send({3, 4}, 1, 2)}, {2, 1}));
  EXPECT_FALSE(is_explained_in_group({send({1, 4}, 0, 1), send({2, 3}, 1, 2)}, {1, 1}));
}

TEST(LinearGroup, RefusesWhatIsStale) {
  EXPECT_FALSE(
      is_explained_in_group({send({1, 2}, 0, 1), erase({3, 4}, 1), list({5, 6}, 1, true)}));
  EXPECT_FALSE(is_explained_in_group({send({1, 2}, 0, 1), history({3, 4}, 1, {})}));
  EXPECT_FALSE(
      is_explained_in_group({send({1, 9}, 0, 1), unread({2, 3}, 1, 1), unread({4, 5}, 1, 0)}));
  EXPECT_TRUE(
      is_explained_in_group({send({1, 9}, 0, 1), unread({2, 3}, 1, 0), unread({4, 5}, 1, 1)}));
  EXPECT_FALSE(
      is_explained_in_group({send({1, 9}, 0, 1), history({2, 3}, 1, {1}), history({4, 5}, 0, {})}));
  // A deletion that was acknowledged before a send cannot take it, nor leave what was seen before.
  EXPECT_FALSE(
      is_explained_in_group({erase({1, 2}, 1), send({3, 4}, 0, 1), unread({5, 6}, 1, 0, 1)}));
  EXPECT_FALSE(is_explained_in_group(
      {send({1, 4}, 0, 1), unread({2, 3}, 1, 1), erase({5, 8}, 1), unread({9, 10}, 1, 1)}));
}

TEST(LinearGroup, FollowsReadMarks) {
  EXPECT_TRUE(is_explained_in_group({send({1, 2}, 0, 1), mark({3, 4}, 1, 0),
                                     unread({5, 6}, 1, 0, 1), mark({7, 8}, 1, 2),
                                     unread({9, 10}, 1, 2, -1), unread({11, 12}, 0, 0, 1)}));
  EXPECT_FALSE(
      is_explained_in_group({send({1, 2}, 0, 1), mark({3, 4}, 1, 2), unread({5, 6}, 1, 1)}));
}

TEST(Linear, ShowsHowFarAnExplanationGets) {
  const std::vector<Call> calls{send({1, 2}, 0, 1), history({3, 4}, 1, {1}),
                                history({5, 6}, 1, {})};
  const std::span<const Call> all = calls;
  const auto verdict = explain(PairSpec(all), {}, all);
  EXPECT_FALSE(verdict.explained);
  EXPECT_EQ(verdict.order, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(to_text(all, verdict),
            "history (made .. answered; # in the longest order that can be explained):\n"
            "  #1      1 ..   2  client 0: user 0 send m1 => ok, time 1\n"
            "  #2      3 ..   4  client 0: user 1 history 100 => all: m1\n"
            "  #-      5 ..   6  client 0: user 1 history 100 => all:\n");
}

}  // namespace
}  // namespace confab::linear
