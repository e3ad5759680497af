#include "tests/linear/play.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <latch>
#include <numeric>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "tests/linear/specs.h"

namespace confab::linear {
namespace {

/// The odds of each action, in the order of the enumeration.
constexpr std::array kOdds{6, 1, 2, 2, 3, 4, 3};

/// The timeout codes of the families, then their codes for internal errors.
constexpr std::array kTimeouts{60008, 50005};
constexpr std::array kInternal{91000, 10002, 50004};

constexpr int kMostSent = 31;     // by one side: 62 and 63 are the past's
constexpr int kNonsense = -1000;  // an answer that no server of ours may give

bool has(std::span<const int> codes, int code) {
  return std::ranges::find(codes, code) != codes.end();
}

std::string text_of(JsonValue object, std::string_view name) {
  const auto member = object.member(name);
  return std::string(member ? member->string().value_or("") : "");
}

std::int64_t number_of(JsonValue object, std::string_view name) {
  const auto member = object.member(name);
  return member ? member->integer().value_or(-1) : -1;
}

std::vector<JsonValue> items_of(JsonValue object, std::string_view name) {
  const auto member = object.member(name);
  return member ? member->items() : std::vector<JsonValue>();
}

std::string body_of_message(int message) {
  return fmt::format(R"("MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"m{}"}}}}])",
                     message);
}

struct Request {
  std::string command;
  std::string body;
};

Request list_request(const std::string& user) {
  return {"recentcontact/get_list",
          fmt::format(R"({{"From_Account":"{}","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,)"
                      R"("TopStartIndex":0,"AssistFlags":7}})",
                      user)};
}

/// `me` does something to the conversation with `peer`.
Request pair_request(const std::string& me, const std::string& peer, const Step& step) {
  switch (step.action) {
    case Action::kSend:
      return {
          "openim/sendmsg",
          fmt::format(R"({{"From_Account":"{}","To_Account":"{}","MsgSeq":{},"MsgRandom":7,{}}})",
                      me, peer, step.argument, body_of_message(step.argument))};
    case Action::kDelete:
    case Action::kClear:
      return {"recentcontact/delete",
              fmt::format(R"({{"From_Account":"{}","Type":1,"To_Account":"{}","ClearRamble":{}}})",
                          me, peer, step.action == Action::kClear ? 1 : 0)};
    case Action::kMarkRead:
      return {"openim/admin_set_msg_read",
              fmt::format(R"({{"Report_Account":"{}","Peer_Account":"{}"}})", me, peer)};
    case Action::kHistory:
      return {"openim/admin_getroammsg",
              fmt::format(R"({{"Operator_Account":"{}","Peer_Account":"{}","MaxCnt":{},)"
                          R"("MinTime":0,"MaxTime":4294967295}})",
                          me, peer, step.argument)};
    case Action::kUnread:
      return {"openim/get_c2c_unread_msg_num",
              step.argument == kTotal
                  ? fmt::format(R"({{"To_Account":"{}"}})", me)
                  : fmt::format(R"({{"To_Account":"{}","Peer_Account":["{}"]}})", me, peer)};
    case Action::kList:
      break;
  }
  return list_request(me);
}

Request group_request(const std::string& me, const std::string& group, const Step& step) {
  const auto service = [](std::string_view command) {
    return "group_open_http_svc/" + std::string(command);
  };
  switch (step.action) {
    case Action::kSend:
      return {service("send_group_msg"),
              fmt::format(R"({{"GroupId":"{}","From_Account":"{}","Random":{},{}}})", group, me,
                          step.argument + 1, body_of_message(step.argument))};
    case Action::kDelete:
    case Action::kClear:
      return {"recentcontact/delete",
              fmt::format(R"({{"From_Account":"{}","Type":2,"ToGroupid":"{}","ClearRamble":{}}})",
                          me, group, step.action == Action::kClear ? 1 : 0)};
    case Action::kMarkRead:
      return {service("set_unread_msg_num"),
              fmt::format(R"({{"GroupId":"{}","Member_Account":"{}","UnreadMsgNum":{}}})", group,
                          me, step.argument)};
    case Action::kHistory:
      return {service("group_msg_get_simple"),
              fmt::format(R"({{"GroupId":"{}","ReqMsgNumber":{}}})", group,
                          std::min(step.argument, kGroupRows))};
    case Action::kUnread:
      return {service("get_joined_group_list"),
              fmt::format(R"({{"Member_Account":"{}","ResponseFilter":)"
                          R"({{"SelfInfoFilter":["UnreadMsgNum","MsgSeq"]}}}})",
                          me)};
    case Action::kList:
      break;
  }
  return list_request(me);
}

Request request_of(const Scene& scene, const Step& step) {
  const auto side = static_cast<std::size_t>(step.side);
  const auto& me = scene.users.at(side);
  return scene.is_group() ? group_request(me, scene.group, step)
                          : pair_request(me, scene.users.at(1 - side), step);
}

/// The message that a row of a history shows; nothing if that is not how it was sent.
std::optional<int> message_of(const Scene& scene, JsonValue row) {
  const auto body = items_of(row, "MsgBody");
  const auto content = body.size() == 1 ? body.front().member("MsgContent") : std::nullopt;
  const auto text = content ? text_of(*content, "Text") : "";
  if (text.size() < 2 || text.front() != 'm') return std::nullopt;
  const int message = std::stoi(text.substr(1));
  const auto& sender = scene.users.at(static_cast<std::size_t>(message % 2));
  if (text_of(row, "From_Account") != sender) return std::nullopt;
  return message;
}

bool lists(JsonValue json, const Scene& scene, const Step& step) {
  const auto& peer = scene.users.at(static_cast<std::size_t>(1 - step.side));
  return std::ranges::any_of(items_of(json, "SessionItem"), [&](JsonValue item) {
    return scene.is_group() ? text_of(item, "GroupId") == scene.group
                            : text_of(item, "To_Account") == peer;
  });
}

bool is_good(const Caller& caller, const std::string& command, const std::string& body) {
  const auto answer = caller(command, body);
  return answer && answer->find(R"("ErrorCode":0)") != std::string::npos;
}

/// Two messages, and both sides delete them.
bool give_past(const Caller& caller, const Scene& scene) {
  for (int side = 0; side < 2; ++side) {
    const auto request = request_of(scene, {Action::kSend, side, 62 + side});
    if (!is_good(caller, request.command, request.body)) return false;
  }
  for (int side = 0; side < 2; ++side) {
    const auto request = request_of(scene, {Action::kClear, side});
    if (!is_good(caller, request.command, request.body)) return false;
  }
  return true;
}

Step draw_step(std::mt19937_64& random, std::array<int, 2>& sent, bool group) {
  static const auto kSum = std::accumulate(kOdds.begin(), kOdds.end(), 0);
  auto left = static_cast<int>(random() % static_cast<std::uint64_t>(kSum));
  std::size_t action = 0;
  while (left >= kOdds.at(action))
    left -= kOdds.at(action++);
  Step step{static_cast<Action>(action), static_cast<int>(random() % 2)};
  const auto dice = static_cast<int>(random() % 3);
  auto& number = sent.at(static_cast<std::size_t>(step.side));
  switch (step.action) {
    case Action::kSend:
      if (number == kMostSent) return {Action::kList, step.side};
      step.argument = 2 * number++ + step.side;
      break;
    case Action::kHistory:
      step.argument = dice == 0 ? 2 : kAllRows;
      break;
    case Action::kMarkRead:
      step.argument = group ? dice : 0;
      break;
    case Action::kUnread:
      step.argument = dice == 0 ? kTotal : 0;
      break;
    default:
      break;
  }
  return step;
}

}  // namespace

Plan draw_plan(std::mt19937_64& random, const PlanSize& size, bool group) {
  Plan plan(static_cast<std::size_t>(size.clients));
  std::array<int, 2> sent{};
  for (int i = 0; i < size.steps; ++i) {
    for (auto& steps : plan)
      steps.push_back(draw_step(random, sent, group));
  }
  return plan;
}

std::optional<Scene> set_scene(const Caller& caller, const std::string& name, bool group) {
  Scene scene{.users = {name + "_0", name + "_1"}, .group = group ? name : ""};
  if (!is_good(caller, "im_open_login_svc/multiaccount_import",
               fmt::format(R"({{"Accounts":["{}","{}"]}})", scene.users[0], scene.users[1]))) {
    return std::nullopt;
  }
  if (group && !is_good(caller, "group_open_http_svc/create_group",
                        fmt::format(R"({{"GroupId":"{0}","Type":"Public","Name":"n",)"
                                    R"("Owner_Account":"{0}_0",)"
                                    R"("MemberList":[{{"Member_Account":"{0}_1"}}]}})",
                                    name))) {
    return std::nullopt;
  }
  if (!give_past(caller, scene)) return std::nullopt;
  if (!group) return scene;

  Moments unused;
  Player player(scene, unused, caller, 0);
  player.play({Action::kUnread, 0});
  const auto calls = player.take_calls();
  if (calls.empty() || !calls.front().answer) return std::nullopt;
  scene.base = calls.front().answer->read_upto;
  return scene;
}

bool Player::play(const Step& step) {
  const auto request = request_of(scene_, step);
  Call call;
  static_cast<Step&>(call) = step;
  call.client = client_;
  call.invoked = moments_.next();
  const auto text = caller_(request.command, request.body);
  call.responded = moments_.next();
  if (text) call.answer = read_answer(step, *text);
  const bool go_on = call.is_answered();
  // A read that was not answered says nothing.
  if (go_on || !changes_nothing(step)) calls_.push_back(std::move(call));
  return go_on;
}

std::optional<Answer> Player::read_answer(const Step& step, const std::string& text) {
  const auto json = parser_.parse(text);
  if (!json) return Answer{.code = kNonsense};
  Answer answer{.code = static_cast<int>(number_of(*json, "ErrorCode"))};
  const bool unknown =
      has(kTimeouts, answer.code) || (scene_.loses_power && has(kInternal, answer.code));
  if (unknown) return std::nullopt;
  if (answer.code != 0) return answer;
  switch (step.action) {
    case Action::kSend:
      answer.time = number_of(*json, "MsgTime");
      if (scene_.is_group()) answer.number = number_of(*json, "MsgSeq") - scene_.base;
      break;
    case Action::kList:
      answer.number = lists(*json, scene_, step) ? 1 : 0;
      break;
    case Action::kHistory:
      read_rows(*json, answer);
      break;
    case Action::kUnread:
      read_unread(*json, step, answer);
      break;
    default:
      break;
  }
  return answer;
}

void Player::read_rows(JsonValue json, Answer& answer) const {
  for (const auto& row : items_of(json, scene_.is_group() ? "RspMsgList" : "MsgList")) {
    if (scene_.is_group() && number_of(row, "MsgSeq") <= scene_.base) continue;
    const auto message = message_of(scene_, row);
    if (!message) answer.code = kNonsense;
    answer.rows.push_back({message.value_or(0), number_of(row, "MsgTimeStamp")});
  }
  if (scene_.is_group()) {
    std::ranges::reverse(answer.rows);  // newest first on the wire
  } else {
    answer.complete = number_of(json, "Complete") == 1;
  }
}

void Player::read_unread(JsonValue json, const Step& step, Answer& answer) const {
  if (!scene_.is_group() && step.argument == kTotal) {
    answer.number = number_of(json, "AllC2CUnreadMsgNum");
    return;
  }
  const bool group = scene_.is_group();
  const auto items = items_of(json, group ? "GroupIdList" : "C2CUnreadMsgNumList");
  std::optional<JsonValue> counts;
  if (items.size() == 1) counts = group ? items.front().member("SelfInfo") : items.front();
  if (!counts) {
    answer.code = kNonsense;
    return;
  }
  answer.number = number_of(*counts, group ? "UnreadMsgNum" : "C2CUnreadMsgNum");
  if (group) answer.read_upto = number_of(*counts, "MsgSeq") - scene_.base;
}

std::vector<Call> play(const Scene& scene,
                       const Plan& plan,
                       Moments& moments,
                       const MakeCaller& make_caller,
                       const std::function<void()>& on_answer) {
  std::vector<std::vector<Call>> calls(plan.size());
  std::latch all_here(static_cast<std::ptrdiff_t>(plan.size()));
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    clients.emplace_back([&, i] {
      Player player(scene, moments, make_caller(), static_cast<int>(i));
      all_here.arrive_and_wait();
      for (const auto& step : plan[i]) {
        if (!player.play(step)) break;
        on_answer();
      }
      calls[i] = player.take_calls();
    });
  }
  for (auto& client : clients)
    client.join();

  std::vector<Call> all;
  for (auto& each : calls)
    std::ranges::move(each, std::back_inserter(all));
  const auto end = moments.next();
  for (auto& call : all) {
    if (!call.answer) call.responded = end;
  }
  return all;
}

std::vector<Call> look(const Scene& scene, Moments& moments, const Caller& caller) {
  Player player(scene, moments, caller, -1);
  for (int side = 0; side < 2; ++side) {
    player.play({Action::kList, side});
    player.play({Action::kHistory, side, kAllRows});
    player.play({Action::kUnread, side});
  }
  return player.take_calls();
}

std::string complaint_about(const Scene& scene, std::span<const Call> calls) {
  if (calls.size() > kMaxCalls) return "too many calls for the checker";
  const auto verdict =
      scene.is_group() ? explain(GroupSpec(), {}, calls) : explain(PairSpec(calls), {}, calls);
  if (verdict.explained) return "";
  return fmt::format("{}the {} of {} and {}: no order of these calls explains the answers\n{}",
                     verdict.gave_up ? "the checker gave up: " : "",
                     scene.is_group() ? "group" : "conversation", scene.users[0], scene.users[1],
                     to_text(calls, verdict));
}

std::uint64_t environment(const char* name, std::uint64_t otherwise) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the tests have one thread when they read it
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

Rounds rounds_of(std::uint64_t ordinarily) {
  const auto seed = environment("CONFAB_LINEAR_SEED", 0);
  return {seed != 0 ? seed : std::random_device{}(),
          ordinarily * environment("CONFAB_LINEAR_TIMES", 1)};
}

}  // namespace confab::linear
