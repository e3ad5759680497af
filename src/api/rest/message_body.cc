#include "api/rest/message_body.h"

#include <algorithm>
#include <vector>

#include "api/schema.h"

namespace confab {
namespace {

constexpr auto kFormat = ErrorCode::kBadMessageFormat;

/// Any JSON number; the value itself stays in the body's text.
struct Number {
  static Result<Number> from_json(JsonValue value, const FieldPath& path) {
    if (value.number()) return Number{};
    return path.refuse_type(kFormat, "a number", value);
  }
  void to_json(std::string&) const {}
  static void schema(JsonWriter& w) { w.member("type", "number"); }
};

constexpr Rules kMust{.required = true, .code = kFormat};
constexpr Rules kMay{.code = kFormat};
constexpr Rules kMustBe2{.required = true, .min = 2, .max = 2, .code = kFormat};

struct TextContent {
  std::string text;

  static constexpr auto fields() {
    return std::tuple{Field{"Text", &TextContent::text, kMust, "The text"}};
  }
};

struct LocationContent {
  std::string description;
  Number latitude;
  Number longitude;

  static constexpr auto fields() {
    using Self = LocationContent;
    return std::tuple{
        Field{"Desc", &Self::description, kMay, "Description"},
        Field{"Latitude", &Self::latitude, kMust, "Degrees"},
        Field{"Longitude", &Self::longitude, kMust, "Degrees"},
    };
  }
};

struct FaceContent {
  std::int64_t index = 0;
  std::string extra;

  static constexpr auto fields() {
    using Self = FaceContent;
    return std::tuple{
        Field{"Index", &Self::index, kMust, "The app's number of the face"},
        Field{"Data", &Self::extra, kMay, "The app's own text"},
    };
  }
};

struct CustomContent {
  std::string payload;
  std::string description;
  std::string extension;
  std::string sound;

  static constexpr auto fields() {
    using Self = CustomContent;
    return std::tuple{
        Field{"Data", &Self::payload, kMay, "The app's own payload"},
        Field{"Desc", &Self::description, kMay, "Text for push"},
        Field{"Ext", &Self::extension, kMay, "The app's own text for push"},
        Field{"Sound", &Self::sound, kMay, "Push sound"},
    };
  }
};

struct SoundContent {
  std::string url;
  std::string uuid;
  std::int64_t size = 0;
  std::int64_t seconds = 0;
  std::int64_t download = 0;

  static constexpr auto fields() {
    using Self = SoundContent;
    return std::tuple{
        Field{"Url", &Self::url, kMust, "Where to download it"},
        Field{"UUID", &Self::uuid, kMay, "Unique id"},
        Field{"Size", &Self::size, kMay, "Bytes"},
        Field{"Second", &Self::seconds, kMay, "Duration"},
        Field{"Download_Flag", &Self::download, kMustBe2, "2: download by Url"},
    };
  }
};

struct ImageVariant {
  std::int64_t type = 0;
  std::int64_t size = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::string url;

  static constexpr auto fields() {
    using Self = ImageVariant;
    return std::tuple{
        Field{"Type",
              &Self::type,
              {.required = true, .min = 1, .max = 3, .code = kFormat},
              "1 original, 2 large, 3 thumbnail"},
        Field{"Size", &Self::size, kMay, "Bytes"},
        Field{"Width", &Self::width, kMust, "Pixels"},
        Field{"Height", &Self::height, kMust, "Pixels"},
        Field{"URL", &Self::url, kMust, "Where to download it"},
    };
  }
};

struct ImageContent {
  std::string uuid;
  std::int64_t format = 0;
  std::vector<ImageVariant> variants;

  static constexpr auto fields() {
    using Self = ImageContent;
    return std::tuple{
        Field{"UUID", &Self::uuid, kMust, "Unique id"},
        Field{"ImageFormat",
              &Self::format,
              {.required = true, .min = 1, .max = 255, .code = kFormat},
              "1 JPG, 2 GIF, 3 PNG, 4 BMP, 255 other"},
        Field{"ImageInfoArray",
              &Self::variants,
              {.required = true, .min_items = 1, .code = kFormat},
              "Original, large and thumbnail"},
    };
  }
};

struct FileContent {
  std::string url;
  std::string uuid;
  std::int64_t size = 0;
  std::string name;
  std::int64_t download = 0;

  static constexpr auto fields() {
    using Self = FileContent;
    return std::tuple{
        Field{"Url", &Self::url, kMust, "Where to download it"},
        Field{"UUID", &Self::uuid, kMay, "Unique id"},
        Field{"FileSize", &Self::size, kMay, "Bytes"},
        Field{"FileName", &Self::name, kMay, "Name"},
        Field{"Download_Flag", &Self::download, kMustBe2, "2: download by Url"},
    };
  }
};

struct VideoContent {
  std::string url;
  std::string uuid;
  std::int64_t size = 0;
  std::int64_t seconds = 0;
  std::string format;
  std::int64_t download = 0;
  std::string thumb_url;
  std::string thumb_uuid;
  std::int64_t thumb_size = 0;
  std::int64_t thumb_width = 0;
  std::int64_t thumb_height = 0;
  std::string thumb_format;
  std::int64_t thumb_download = 0;

  static constexpr auto fields() {
    using Self = VideoContent;
    return std::tuple{
        Field{"VideoUrl", &Self::url, kMust, "Where to download it"},
        Field{"VideoUUID", &Self::uuid, kMay, "Unique id"},
        Field{"VideoSize", &Self::size, kMay, "Bytes"},
        Field{"VideoSecond", &Self::seconds, kMay, "Duration"},
        Field{"VideoFormat", &Self::format, kMay, "Such as mp4"},
        Field{"VideoDownloadFlag", &Self::download, kMustBe2, "2: download by VideoUrl"},
        Field{"ThumbUrl", &Self::thumb_url, kMust, "Where to download the thumbnail"},
        Field{"ThumbUUID", &Self::thumb_uuid, kMay, "Unique id of the thumbnail"},
        Field{"ThumbSize", &Self::thumb_size, kMay, "Bytes"},
        Field{"ThumbWidth", &Self::thumb_width, kMust, "Pixels"},
        Field{"ThumbHeight", &Self::thumb_height, kMust, "Pixels"},
        Field{"ThumbFormat", &Self::thumb_format, kMay, "Such as JPG"},
        Field{"ThumbDownloadFlag", &Self::thumb_download, kMustBe2, "2: download by ThumbUrl"},
    };
  }
};

struct RelayedMessage {
  std::string from;
  std::string to;
  std::string group;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::uint32_t time = 0;
  MessageBody body;
  std::string cloud_data;

  static constexpr auto fields() {
    using Self = RelayedMessage;
    return std::tuple{
        Field{"From_Account", &Self::from, kMust, "Sender"},
        Field{"To_Account", &Self::to, kMay, "Recipient, one-to-one"},
        Field{"GroupId", &Self::group, kMay, "Group"},
        Field{"MsgSeq", &Self::seq, kMust, "Sequence number"},
        Field{"MsgRandom", &Self::random, kMust, "Random number"},
        Field{"MsgTimeStamp", &Self::time, kMust, "Seconds"},
        Field{"MsgBody", &Self::body, kMust, "Elements"},
        Field{"CloudCustomData", &Self::cloud_data, kMay, "The app's own text"},
    };
  }
};

struct RelayContent {
  std::string title;
  std::int64_t count = 0;
  std::string compatible_text;
  std::vector<std::string> digest;
  std::vector<RelayedMessage> messages;
  std::string key;

  static constexpr auto fields() {
    using Self = RelayContent;
    return std::tuple{
        Field{"Title", &Self::title, kMust, "Title"},
        Field{"MsgNum", &Self::count, kMust, "Number of forwarded messages"},
        Field{"CompatibleText", &Self::compatible_text, kMust, "What old clients show"},
        Field{"AbstractList", &Self::digest, kMust, "Lines of the digest"},
        Field{"MsgList", &Self::messages, kMay, "The messages, when they are small together"},
        Field{"JsonMsgKey", &Self::key, kMay, "Key of the stored list otherwise"},
    };
  }
};

template <typename Content>
Status check(JsonValue content, const FieldPath& path) {
  Content decoded;
  return decode_members(content, &path, decoded);
}

struct ElementKind {
  std::string_view type;
  Status (*check)(JsonValue content, const FieldPath& path);
  void (*schema)(JsonWriter& w);
};

// clang-format off
constexpr ElementKind kElements[] = {
    {"TIMTextElem",      &check<TextContent>,     &write_schema<TextContent>},
    {"TIMLocationElem",  &check<LocationContent>, &write_schema<LocationContent>},
    {"TIMFaceElem",      &check<FaceContent>,     &write_schema<FaceContent>},
    {"TIMCustomElem",    &check<CustomContent>,   &write_schema<CustomContent>},
    {"TIMSoundElem",     &check<SoundContent>,    &write_schema<SoundContent>},
    {"TIMImageElem",     &check<ImageContent>,    &write_schema<ImageContent>},
    {"TIMFileElem",      &check<FileContent>,     &write_schema<FileContent>},
    {"TIMVideoFileElem", &check<VideoContent>,    &write_schema<VideoContent>},
    {"TIMRelayElem",     &check<RelayContent>,    &write_schema<RelayContent>},
};
// clang-format on

constexpr std::string_view kOnceOnly = "TIMCustomElem";

/// The element's MsgType.
Result<std::string_view> check_element(JsonValue element, const FieldPath& path) {
  constexpr auto kElement = ErrorCode::kBadMessageElement;
  if (!element.is(JsonKind::kObject)) return path.refuse_type(kElement, "an object", element);
  const FieldPath type_path{&path, "MsgType"};
  const FieldPath content_path{&path, "MsgContent"};
  const auto type = element.member("MsgType");
  if (!type) return type_path.refuse(kElement, "missing");
  if (!type->is(JsonKind::kString)) return type_path.refuse_type(kElement, "a string", *type);
  const auto content = element.member("MsgContent");
  if (!content) return content_path.refuse(kElement, "missing");
  if (!content->is(JsonKind::kObject)) {
    return content_path.refuse_type(kElement, "an object", *content);
  }
  const auto name = *type->string();
  const auto* kind = std::ranges::find(kElements, name, &ElementKind::type);
  if (kind == std::end(kElements)) {
    return type_path.refuse(kFormat, "unknown element type " + quote_value(name));
  }
  TRY_STATUS(kind->check(*content, content_path));
  return name;
}

}  // namespace

Result<MessageBody> MessageBody::from_json(JsonValue value, const FieldPath& path) {
  if (!value.is(JsonKind::kArray)) {
    return path.refuse_type(ErrorCode::kBadMsgBody, "an array", value);
  }
  const auto elements = value.items();
  if (elements.empty()) return path.refuse(kFormat, "at least 1 element, has 0");
  std::size_t customs = 0;
  std::size_t index = 0;
  for (const auto element : elements) {
    TRY(const auto type, check_element(element, {&path, {}, index++}));
    if (type == kOnceOnly) ++customs;
  }
  if (customs > 1) {
    return path.refuse(kFormat,
                       "at most 1 " + std::string(kOnceOnly) + ", has " + std::to_string(customs));
  }
  MessageBody body{.json = {}};
  value.append_to(body.json);
  return body;
}

void MessageBody::schema(JsonWriter& w) {
  w.member("type", "array");
  w.member("minItems", 1);
  w.key("items");
  w.begin_object();
  w.key("oneOf");
  w.begin_array();
  for (const auto& kind : kElements) {
    if (kind.type == "TIMRelayElem") continue;  // holds messages itself: its schema would never end
    w.begin_object();
    w.member("type", "object");
    w.key("properties");
    w.begin_object();
    w.key("MsgType");
    w.begin_object();
    w.member("const", kind.type);
    w.end_object();
    w.key("MsgContent");
    w.begin_object();
    kind.schema(w);
    w.end_object();
    w.end_object();
    w.key("required");
    w.begin_array();
    w.value("MsgType");
    w.value("MsgContent");
    w.end_array();
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

}  // namespace confab
