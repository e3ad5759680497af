#include "api/openapi.h"

#include <algorithm>
#include <span>
#include <vector>

namespace confab {
namespace {

constexpr std::string_view kEnvelope = "Envelope";
constexpr std::string_view kEnvelopeWithDisplay = "EnvelopeWithDisplay";
constexpr std::string_view kSchemas = "#/components/schemas/";
constexpr std::string_view kParameters = "#/components/parameters/";

struct Parameter {
  std::string_view name;
  std::string_view type;
  bool required;
  std::string_view doc;
};

constexpr Parameter kQuery[] = {
    {"sdkappid", "integer", true, "The app's SDKAppID"},
    {"identifier", "string", true, "UserID of the caller, an admin of the app"},
    {"usersig", "string", true, "UserSig of the identifier"},
    {"random", "string", false, "Tags the request; any value"},
    {"contenttype", "string", false, "json"},
};

/// Answered before a command's family comes into play.
constexpr ErrorCode kGatewayErrors[] = {
    ErrorCode::kBadHttpRequest,     ErrorCode::kMissingApp,
    ErrorCode::kUnknownApp,         ErrorCode::kBadIdentifier,
    ErrorCode::kMissingUserSig,     ErrorCode::kUserSigEmpty,
    ErrorCode::kUserSigUndecodable, ErrorCode::kUserSigMalformed,
    ErrorCode::kUserSigWrongApp,    ErrorCode::kUserSigWrongIdentifier,
    ErrorCode::kUserSigExpired,     ErrorCode::kUserSigMismatch,
    ErrorCode::kUnknownCommand,     ErrorCode::kCommandRateExceeded,
    ErrorCode::kOverloaded,
};

void write_errors(JsonWriter& w, std::span<const ErrorCode> codes) {
  w.key("x-errors");
  w.begin_array();
  for (const auto code : codes) {
    const auto& entry = error_entry(code);
    w.begin_object();
    w.member("code", static_cast<int>(code));
    w.member("name", entry.name);
    w.member("text", entry.text);
    w.member("fix", entry.fix);
    w.end_object();
  }
  w.end_array();
}

void write_reference(JsonWriter& w, std::string_view where, std::string_view name) {
  w.begin_object();
  w.member("$ref", std::string(where) + std::string(name));
  w.end_object();
}

void write_json_content(JsonWriter& w, const auto& write_media_type) {
  w.key("content");
  w.begin_object();
  w.key("application/json");
  w.begin_object();
  write_media_type();
  w.end_object();
  w.end_object();
}

void write_request(JsonWriter& w, const Endpoint& row) {
  w.key("requestBody");
  w.begin_object();
  w.member("required", true);
  write_json_content(w, [&] {
    w.key("schema");
    w.begin_object();
    row.request_schema(w);
    w.end_object();
    w.key("example");
    row.request_example(w);
  });
  w.end_object();
}

void write_responses(JsonWriter& w, const Endpoint& row) {
  w.key("responses");
  w.begin_object();
  w.key("200");
  w.begin_object();
  w.member("description", "Every outcome; ErrorCode says which");
  write_json_content(w, [&] {
    w.key("schema");
    w.begin_object();
    w.key("allOf");
    w.begin_array();
    write_reference(w, kSchemas, row.family().error_display ? kEnvelopeWithDisplay : kEnvelope);
    w.begin_object();
    row.response_schema(w);
    w.end_object();
    w.end_array();
    w.end_object();
  });
  w.end_object();
  w.end_object();
}

void write_group_kinds(JsonWriter& w, GroupCan what) {
  w.key("x-group-kinds");
  w.begin_array();
  for (const auto kind : kGroupKinds) {
    if (can(kind, what)) w.value(name_of(kind));
  }
  w.end_array();
}

void write_operation(JsonWriter& w, const Endpoint& row) {
  const auto& family = row.family();
  std::vector<ErrorCode> errors(row.notes.errors.begin(), row.notes.errors.end());
  for (const auto code : {family.parameter, family.bad_json, family.admin_required, family.internal,
                          family.timeout}) {
    // A family may have one code for several.
    if (std::ranges::find(errors, code) == errors.end()) errors.push_back(code);
  }
  w.member("operationId", row.path);
  w.member("summary", row.notes.summary);
  w.key("tags");
  w.begin_array();
  w.value(family.service);
  w.end_array();
  w.key("parameters");
  w.begin_array();
  for (const auto& parameter : kQuery)
    write_reference(w, kParameters, parameter.name);
  w.end_array();
  write_request(w, row);
  write_responses(w, row);
  w.member("x-calls-per-second", row.notes.calls_per_second);
  w.member("x-since", row.notes.since);
  if (row.notes.group_can) write_group_kinds(w, *row.notes.group_can);
  write_errors(w, errors);
}

void write_envelope(JsonWriter& w, std::string_view name, bool error_display) {
  w.key(name);
  w.raw(
      error_display
          ? R"({"type":"object","properties":{"ActionStatus":{"type":"string","enum":["OK","FAIL"]},"ErrorCode":{"type":"integer","description":"0: success"},"ErrorInfo":{"type":"string","description":"Empty on success"},"ErrorDisplay":{"type":"string"}},"required":["ActionStatus","ErrorCode","ErrorInfo","ErrorDisplay"]})"
          : R"({"type":"object","properties":{"ActionStatus":{"type":"string","enum":["OK","FAIL"]},"ErrorCode":{"type":"integer","description":"0: success"},"ErrorInfo":{"type":"string","description":"Empty on success"}},"required":["ActionStatus","ErrorCode","ErrorInfo"]})");
}

void write_components(JsonWriter& w) {
  w.key("components");
  w.begin_object();
  w.key("parameters");
  w.begin_object();
  for (const auto& parameter : kQuery) {
    w.key(parameter.name);
    w.begin_object();
    w.member("name", parameter.name);
    w.member("in", "query");
    w.member("required", parameter.required);
    w.key("schema");
    w.begin_object();
    w.member("type", parameter.type);
    w.end_object();
    w.member("description", parameter.doc);
    w.end_object();
  }
  w.end_object();
  w.key("schemas");
  w.begin_object();
  write_envelope(w, kEnvelope, false);
  write_envelope(w, kEnvelopeWithDisplay, true);
  w.end_object();
  w.end_object();
}

}  // namespace

std::string openapi_json(EndpointTables tables) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.member("openapi", "3.1.0");
  w.key("info");
  w.begin_object();
  w.member("title", "Confab REST API");
  w.member("version", CONFAB_VERSION);
  w.end_object();
  w.key("paths");
  w.begin_object();
  for (const auto table : tables) {
    for (const auto& row : table) {
      w.key("/v4/" + std::string(row.path));
      w.begin_object();
      w.key("post");
      w.begin_object();
      write_operation(w, row);
      w.end_object();
      w.end_object();
    }
  }
  w.end_object();
  write_components(w);
  write_errors(w, kGatewayErrors);
  w.end_object();
  return out;
}

}  // namespace confab
