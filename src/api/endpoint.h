// An endpoint is one row of its family's table; routing, decoding, encoding, rate limit, metric
// name and OpenAPI all come from the row.
//
//   Result<Response> contact_delete(Call&, const Request&);
//   constexpr Endpoint kRows[] = {
//       post<&contact_delete>("recentcontact/delete", {.summary = "...", .since = "0.1"})};
//   static_assert(paths_are_unique(kRows));
//
// What a request says only with several members together, it checks in a `Status check() const`.
//
// A row that lists a code twice or leaves out one that its request's fields can answer, belongs to
// no family or has a malformed path does not compile.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "api/call.h"
#include "api/families.h"
#include "api/fields.h"
#include "api/schema.h"
#include "domain/groups.h"

namespace confab {

/// Up to 24 codes; more do not compile.
class ErrorList {
 public:
  constexpr ErrorList() = default;
  constexpr ErrorList(std::initializer_list<ErrorCode> codes) : size_(codes.size()) {
    std::ranges::copy(codes, codes_.begin());
  }

  constexpr const ErrorCode* begin() const { return codes_.data(); }
  constexpr const ErrorCode* end() const { return codes_.data() + size_; }
  constexpr bool contains(ErrorCode code) const { return std::ranges::find(*this, code) != end(); }

 private:
  std::array<ErrorCode, 24> codes_{};
  std::size_t size_ = 0;
};

/// Whether a command may answer the code: its row or its family lists it.
constexpr bool lists(const ErrorList& errors, const Family& family, ErrorCode code) {
  return errors.contains(code) || family.answers(family.translate(code));
}

struct Notes {
  std::string_view summary;
  int calls_per_second = 200;  // for each app, by the documented profile
  ErrorList errors = {};       // the command's own; those of its family are implied
  std::string_view since;      // the release that first served it
  /// The body is held to the limit on a message's JSON (93000).
  bool message_size_limited = false;
  /// Callers that are no admins may call, too; the handler says who (B10).
  bool open_to_users = false;
  /// For a request that names a group: its kind must be able to, else the table's refusal.
  std::optional<GroupCan> group_can = std::nullopt;
  /// The answer is held to 1 MB (10018).
  bool answer_size_limited = false;
};

inline constexpr std::size_t kMaxAnswer = std::size_t{1} << 20U;

/// The envelope of an answer that is no error. A response with another one than this has a member
/// function `Outcome outcome() const` (A5).
struct Outcome {
  std::string_view action_status = "OK";
  ErrorCode code = ErrorCode::kOk;
  std::string_view info = {};
};

struct Endpoint {
  std::string_view path;  // "service/command"
  Notes notes;
  /// Decodes `body`, calls the handler and appends the response's members, each after a comma.
  /// REQUIRES: `body` is an object.
  Result<Outcome> (*invoke)(Call& call, const Notes& notes, JsonValue body, std::string& members);
  void (*request_schema)(JsonWriter& schema);
  void (*response_schema)(JsonWriter& schema);
  void (*request_example)(JsonWriter& value);

  constexpr const Family& family() const { return *find_family(path); }
  /// Whether `code` may come from this command's handler.
  constexpr bool answers(ErrorCode code) const { return lists(notes.errors, family(), code); }
};

/// One table for each family.
using EndpointTables = std::span<const std::span<const Endpoint>>;

/// The response of a command that answers with the envelope alone, or a request without parameters.
struct Empty {
  static constexpr auto fields() { return std::tuple{}; }
};

/// A request about one group derives from this (api/rest/group_fields.h has the field).
struct GroupTarget {
  std::string group;
};

/// What not every kind of group knows, of a request whose static group_options() gives an
/// array of these. Who uses it in another kind gets kInvalidField.
template <typename Request>
struct GroupOption {
  std::string_view name;
  bool (*used)(const Request& request);
  GroupCan needs;
};

namespace endpoint {

template <typename>
struct Signature;

template <typename ResponseType, typename RequestType>
struct Signature<Result<ResponseType> (*)(Call&, const RequestType&)> {
  using Response = ResponseType;
  using Request = RequestType;
};

template <typename T>
consteval bool lists_field_codes(const ErrorList& errors, const Family& family) {
  if constexpr (fields::kIsOptional<T> || fields::kIsVector<T>) {
    return lists_field_codes<typename T::value_type>(errors, family);
  } else if constexpr (Described<T>) {
    const auto listed = [&](ErrorCode code) {
      return lists(errors, family, code);
    };
    const auto one = [&]<typename Owner, typename M>(const Field<Owner, M>& field) {
      const Rules& rules = field.rules;
      return listed(rules.code) && listed(rules.type_code.value_or(rules.code)) &&
             listed(rules.count_code.value_or(rules.code)) &&
             listed(rules.empty_code.value_or(rules.code)) && lists_field_codes<M>(errors, family);
    };
    return std::apply([&](const auto&... field) { return (one(field) && ...); }, T::fields());
  } else {
    return true;
  }
}

consteval bool is_well_formed(std::string_view path, const Notes& notes) {
  const auto slash = path.find('/');
  const bool listed_once = std::ranges::all_of(notes.errors, [&](ErrorCode code) {
    return std::ranges::count(notes.errors, code) == 1;
  });
  return find_family(path) != nullptr && slash != std::string_view::npos &&
         slash + 1 < path.size() && path.find('/', slash + 1) == std::string_view::npos &&
         !notes.summary.empty() && notes.calls_per_second > 0 && !notes.since.empty() &&
         listed_once;
}

/// Holds the group that the request names to what the row and the used options need.
template <typename Request>
Status check_group(Call& call, const Notes& notes, const Request& request) {
  if constexpr (std::derived_from<Request, GroupTarget>) {
    std::span<const GroupOption<Request>> options;
    if constexpr (requires { Request::group_options(); }) {
      static constexpr auto kOptions = Request::group_options();
      options = kOptions;
    }
    const auto used = [&](const GroupOption<Request>& option) {
      return option.used(request);
    };
    if (!notes.group_can && std::ranges::none_of(options, used)) return {};
    TRY(const auto group, require_group(call.chat, request.group, notes.group_can));
    for (const auto& option : options) {
      if (used(option) && !group.can(option.needs)) {
        return fail(ErrorCode::kInvalidField, std::string(option.name) +
                                                  ": not in a group of kind " +
                                                  std::string(name_of(group.kind())));
      }
    }
  }
  return {};
}

/// The codes that check_group and the limit on answers add.
template <typename Request>
consteval bool lists_group_codes(const Notes& notes, const Family& family) {
  const bool reads_group = notes.group_can || requires { Request::group_options(); };
  return (!reads_group || (lists(notes.errors, family, ErrorCode::kNoSuchGroup) &&
                           lists(notes.errors, family, ErrorCode::kBadGroupId))) &&
         (!notes.group_can || lists(notes.errors, family, capability(*notes.group_can).refusal)) &&
         (!notes.answer_size_limited || lists(notes.errors, family, ErrorCode::kAnswerTooLarge));
}

// Not constexpr: a row that calls one is no constant, and the compiler names the call.
inline void row_is_malformed() {}
inline void a_field_answers_a_code_that_the_row_does_not_list() {}

}  // namespace endpoint

template <auto Handler>
consteval Endpoint post(std::string_view path, Notes notes) {
  using Types = endpoint::Signature<decltype(Handler)>;
  using Request = typename Types::Request;
  using Response = typename Types::Response;
  if (!endpoint::is_well_formed(path, notes)) endpoint::row_is_malformed();
  if (!endpoint::lists_field_codes<Request>(notes.errors, *find_family(path)) ||
      !endpoint::lists_group_codes<Request>(notes, *find_family(path))) {
    endpoint::a_field_answers_a_code_that_the_row_does_not_list();
  }
  return {.path = path,
          .notes = notes,
          .invoke = [](Call& call, const Notes& row, JsonValue body,
                       std::string& members) -> Result<Outcome> {
            Request request;
            TRY_STATUS(decode_members(body, nullptr, request));
            if constexpr (requires { request.check(); }) TRY_STATUS(request.check());
            TRY_STATUS(endpoint::check_group(call, row, request));
            TRY(const auto response, Handler(call, request));
            encode_members(response, members);
            if (row.answer_size_limited && members.size() > kMaxAnswer) {
              return fail(ErrorCode::kAnswerTooLarge,
                          "has " + std::to_string(members.size()) + " bytes");
            }
            if constexpr (requires { response.outcome(); }) {
              return response.outcome();
            } else {
              return Outcome{};
            }
          },
          .request_schema = &write_schema<Request>,
          .response_schema = &write_schema<Response>,
          .request_example = &write_example<Request>};
}

constexpr bool paths_are_unique(std::span<const Endpoint> table) {
  return std::ranges::all_of(table, [&](const Endpoint& row) {
    return std::ranges::count(table, row.path, &Endpoint::path) == 1;
  });
}

}  // namespace confab
