// OfflinePushInfo of a message.
#pragma once

#include <cstdint>
#include <string>

#include "api/fields.h"

namespace confab {

inline constexpr Rules kPushField{.code = ErrorCode::kBadOfflinePushInfo};

struct AndroidPush {
  std::string sound;
  std::string huawei_channel;
  std::string xiaomi_channel;
  std::string oppo_channel;
  std::string google_channel;
  std::int64_t vivo_classification = 0;
  std::string huawei_importance;
  std::int64_t huawei_intent = 0;
  std::string huawei_category;

  static constexpr auto fields() {
    using Self = AndroidPush;
    return std::tuple{
        Field{"Sound", &Self::sound, kPushField, "Sound file"},
        Field{"HuaWeiChannelID", &Self::huawei_channel, kPushField, "Channel"},
        Field{"XiaoMiChannelID", &Self::xiaomi_channel, kPushField, "Channel"},
        Field{"OPPOChannelID", &Self::oppo_channel, kPushField, "Channel"},
        Field{"GoogleChannelID", &Self::google_channel, kPushField, "Channel"},
        Field{"VIVOClassification", &Self::vivo_classification, kPushField,
              "0 operation, 1 system"},
        Field{"HuaWeiImportance", &Self::huawei_importance, kPushField, "LOW or NORMAL"},
        Field{"ExtAsHuaweiIntentParam", &Self::huawei_intent, kPushField,
              "1: Ext as Intent, 0: as Action"},
        Field{"HuaWeiCategory", &Self::huawei_category, kPushField, "Category"},
    };
  }
};

struct ApplePush {
  std::string sound;
  std::int64_t badge_mode = 0;
  std::string title;
  std::string subtitle;
  std::string image;
  std::int64_t mutable_content = 0;

  static constexpr auto fields() {
    using Self = ApplePush;
    return std::tuple{
        Field{"Sound", &Self::sound, kPushField, "Sound file"},
        Field{"BadgeMode", &Self::badge_mode, kPushField, "0 count, 1 do not count"},
        Field{"Title", &Self::title, kPushField, "Overrides Title"},
        Field{"SubTitle", &Self::subtitle, kPushField, "Subtitle"},
        Field{"Image", &Self::image, kPushField, "Image URL"},
        Field{"MutableContent", &Self::mutable_content, kPushField, "1: push extension"},
    };
  }
};

/// Checked, so that a back end notices a mistake; no push leaves this server.
struct OfflinePush {
  std::int64_t off = 0;
  std::string title;
  std::string description;
  std::string extension;
  AndroidPush android;
  ApplePush apple;

  static constexpr auto fields() {
    using Self = OfflinePush;
    return std::tuple{
        Field{"PushFlag",
              &Self::off,
              {.min = 0, .max = 1, .code = ErrorCode::kBadOfflinePushInfo},
              "0 push, 1 no push"},
        Field{"Title", &Self::title, kPushField, "Title"},
        Field{"Desc", &Self::description, kPushField, "Text"},
        Field{"Ext", &Self::extension, kPushField, "The app's own text"},
        Field{"AndroidInfo", &Self::android, kPushField, "For Android"},
        Field{"ApnsInfo", &Self::apple, kPushField, "For Apple"},
    };
  }
};

}  // namespace confab
