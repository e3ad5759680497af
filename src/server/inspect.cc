#include "server/inspect.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/key_codec.h"
#include "domain/conversation.h"
#include "server/apps_file.h"
#include "store/description.h"
#include "store/rocks_format.h"
#include "store/rocks_reader.h"

namespace confab {
namespace {

constexpr std::size_t kListed = 100;
constexpr std::size_t kCounted = 1'000'000;

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes)
    hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return hex;
}

Result<std::string> from_hex(std::string_view hex) {
  const auto digit = [](char c) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    return kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
  };
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
    bytes += static_cast<char>(digit(hex[at]) << 4U | digit(hex[at + 1]));
  const bool is_hex =
      std::ranges::none_of(hex, [&](char c) { return digit(c) == std::string_view::npos; });
  if (hex.empty() || hex.size() % 2 != 0 || !is_hex) {
    return fail(ErrorCode::kInvalidField,
                fmt::format("a key is an even number of hexadecimal digits, this one is {}",
                            quote_cut(hex)));
  }
  return bytes;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_visible_string(out, text);
  return out;
}

/// The two users of a timeline; nothing if this is no one-to-one timeline.
std::optional<std::pair<std::string, std::string>> users_of(const Shard& timeline) {
  std::pair<std::string, std::string> users;
  std::string_view name = timeline.owner;
  if (name.empty()) return std::nullopt;
  name.remove_prefix(1);
  if (!take_key(name, users.first) || !take_key(name, users.second)) return std::nullopt;
  // c2c_users takes only what c2c_timeline made.
  if (c2c_timeline(timeline.app, users.first, users.second) != timeline) return std::nullopt;
  return c2c_users(timeline);
}

std::string owner_text(const Shard& shard) {
  if (shard.kind == ShardKind::kUser) return "user " + quoted(shard.owner);
  if (const auto group = group_of(shard)) return "group " + quoted(*group);
  const auto users = users_of(shard);
  if (!users) return "timeline " + to_hex(shard.owner);
  return fmt::format("timeline of {} (side 0) and {} (side 1)", quoted(users->first),
                     quoted(users->second));
}

std::string shard_text(const Shard& shard) {
  return fmt::format("app {}, {}", std::to_underlying(shard.app), owner_text(shard));
}

std::string number_text(std::string_view name, std::uint64_t number) {
  const bool is_time = name == "time" || name.ends_with("_time") || name.ends_with("_at");
  if (!is_time || number == 0) return std::to_string(number);
  return fmt::format("{} ({})", number, utc_text(static_cast<Seconds>(number)));
}

std::string fields_text(const std::vector<NamedField>& fields, bool show_texts) {
  std::string out;
  for (const auto& [name, value] : fields) {
    out += fmt::format("{}{}=", out.empty() ? "" : " ", name);
    if (const auto* number = std::get_if<std::uint64_t>(&value)) {
      out += number_text(name, *number);
    } else {
      const auto& text = std::get<std::string>(value);
      out += show_texts ? quoted(text) : fmt::format("<{} bytes>", text.size());
    }
  }
  return out;
}

std::string value_text(const KeyspaceRow& keyspace, std::string_view bytes, bool show_texts) {
  const auto fields = describe_value(keyspace, bytes);
  if (!fields) return fmt::format("cannot be decoded, {} bytes", bytes.size());
  return fields_text(*fields, show_texts);
}

std::string entry_line(const KeyspaceRow& keyspace,
                       std::string_view key,
                       std::string_view value,
                       bool show_texts) {
  const auto described = describe_key(key);
  const auto rest = described ? fields_text(described->rest, true) : "cannot be decoded";
  return fmt::format("{}{}{}: {}  key={}\n", keyspace.name, rest.empty() ? "" : " ", rest,
                     value_text(keyspace, value, show_texts), to_hex(key));
}

/// All entries of the shard, keyspace by keyspace.
Status append_shard(StoreReader& reader,
                    const Shard& shard,
                    const InspectRequest& request,
                    std::string& out) {
  out += shard_text(shard) + '\n';
  const auto limit = request.limit.value_or(kListed);
  std::size_t found = 0;
  for (const auto& keyspace : keyspace_rows()) {
    if (keyspace.kind != shard.kind) continue;
    std::size_t listed = 0;
    bool is_cut = false;
    TRY_STATUS(reader.scan(key_prefix(keyspace, shard), [&](auto key, auto value) {
      is_cut = listed == limit;
      if (is_cut) return false;
      ++listed;
      out += "  " + entry_line(keyspace, key, value, request.show_texts);
      return true;
    }));
    if (is_cut) {
      out += fmt::format("  {}: cut after {}; --limit N lists more\n", keyspace.name, limit);
    }
    found += listed;
  }
  if (found == 0) out += "  nothing\n";
  return {};
}

Result<std::string> inspect_user(StoreReader& reader, const InspectRequest& request) {
  const AppId app{request.app_id};
  std::string out;
  TRY_STATUS(append_shard(reader, user_shard(app, request.user), request, out));
  if (!request.peer.empty()) {
    TRY_STATUS(append_shard(reader, c2c_timeline(app, request.user, request.peer), request, out));
  }
  return out;
}

Result<std::string> inspect_key(StoreReader& reader, const InspectRequest& request) {
  TRY(const auto key, from_hex(request.hex_key));
  TRY(const auto value, reader.get(key));
  if (key == kFormatKey) {
    return fmt::format("outside the keyspaces: the store's format number, {}\n",
                       value.value_or("absent"));
  }
  const auto described = describe_key(key);
  if (!described) {
    return fail(ErrorCode::kInvalidField,
                fmt::format("no keyspace has the key {}", request.hex_key));
  }
  const auto& [keyspace, shard, rest] = *described;
  return fmt::format("keyspace  {}: {}\nowner     {}\nkey       {}\nvalue     {}\n", keyspace.name,
                     keyspace.holds, shard_text(shard),
                     rest.empty() ? "the only one of its owner" : fields_text(rest, true),
                     value ? value_text(keyspace, *value, request.show_texts) : "absent");
}

Result<std::string> inspect_all(StoreReader& reader, const InspectRequest& request) {
  const auto limit = request.limit.value_or(kCounted);
  auto out = fmt::format("{:14} {:6} {:>12}  {:8}  {:5}  {}\n", "keyspace", "prefix", "entries",
                         "owner", "since", "an entry is");
  bool is_cut = false;
  for (const auto& keyspace : keyspace_rows()) {
    std::size_t count = 0;
    TRY_STATUS(
        reader.scan(std::string(1, keyspace.prefix), [&](auto, auto) { return ++count <= limit; }));
    is_cut = is_cut || count > limit;
    out += fmt::format("{:14} {:6} {:>12}  {:8}  {:5}  {}\n", keyspace.name,
                       std::string(1, keyspace.prefix),
                       count > limit ? fmt::format("over {}", limit) : std::to_string(count),
                       keyspace.kind == ShardKind::kUser ? "user" : "timeline", keyspace.since,
                       keyspace.holds);
  }
  if (is_cut) {
    out +=
        fmt::format("Counting stopped after {} entries of a keyspace; --limit N counts further.\n",
                    limit);
  }
  return out;
}

}  // namespace

Result<std::string> inspect(const InspectRequest& request) {
  TRY(const auto reader, open_rocks_reader(request.store_path));
  if (!request.hex_key.empty()) return inspect_key(*reader, request);
  if (!request.user.empty()) return inspect_user(*reader, request);
  if (!request.group.empty()) {
    std::string out;
    TRY_STATUS(
        append_shard(*reader, group_timeline(AppId{request.app_id}, request.group), request, out));
    return out;
  }
  return inspect_all(*reader, request);
}

}  // namespace confab
