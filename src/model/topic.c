/* model/topic.c -- the chat topic: what it is called, when it is open, how its widget looks, its bot. */
#include "model/entity.h"

#include <stddef.h>

static const cs_word_t required_words[] = {{0, "None"},  {1, "Email"},    {2, "Name"}, {4, "Company"},
                                           {8, "Phone"}, {16, "Country"}, {0, NULL}};
static const cs_enum_t required = {"WidgetRequiredFields", required_words, NULL};

static const cs_word_t size_words[] = {{0, "Normal"}, {1, "Large"}, {0, NULL}};
static const cs_enum_t size = {"ChatWidgetSize", size_words, NULL};

static const cs_word_t theme_words[] = {{0, "Classic"}, {1, "Modern"}, {0, NULL}};
static const cs_enum_t theme = {"WidgetTheme", theme_words, NULL};

#define W                          CS_F_WRITE
#define TEXT(property, sql, width) CS_FIELD(property, sql, STRING, W, .max = (width))
#define DAY(day, sql)                                                                               \
    CS_FIELD(day "Enabled", sql "_enabled", BOOL, W), CS_FIELD(day "Start", sql "_start", SPAN, W), \
        CS_FIELD(day "Stop", sql "_stop", SPAN, W)

static const cs_field_t hours_fields[] = {
    CS_FIELD("TzLocation", "tzlocationid", REFERENCE, W, .entity = &cs_time_zone_entity),
    DAY("Mon", "mon"),
    DAY("Tue", "tue"),
    DAY("Wed", "wed"),
    DAY("Thu", "thu"),
    DAY("Fri", "fri"),
    DAY("Sat", "sat"),
    DAY("Sun", "sun"),
    CS_FIELD("UseLunchHours", "use_lunch_hours", BOOL, W),
    CS_FIELD("LunchStart", "lunch_start", SPAN, W),
    CS_FIELD("LunchStop", "lunch_stop", SPAN, W),
};
const cs_entity_t cs_hours_entity = {.name = "ChatOpeningHours",
                                     .label = "ChatOpeningHours",
                                     .carrier = CS_CARRIER_PLAIN,
                                     CS_ENTITY(hours_fields)};

static const cs_field_t widget_fields[] = {
    CS_FIELD("AutoFaqEnabled", "widget_auto_faq", BOOL, W),
    CS_FIELD("AutoFaqCategory", "kb_category_id", REFERENCE, W, .entity = &cs_kb_category_entity),
    CS_FIELD("PreFormEnabled", "widget_pre_form", BOOL, W),
    TEXT("PreFormMessage", "widget_pre_message", 1024),
    CS_FIELD("RequiredFields", "widget_required_fields", FLAGS, W, .words = &required),
    CS_FIELD("PostFormEnabled", "widget_post_form", BOOL, W),
    TEXT("PostFormHeader", "widget_post_header", 255),
    TEXT("PostFormMessage", "widget_post_message", 1024),
    CS_FIELD("PostTranscriptEnabled", "widget_post_transcript", BOOL, W),
    TEXT("LanguageIsoCode", "widget_language", 63),
    CS_FIELD("Size", "widget_size", ENUM, W, .words = &size),
    CS_FIELD("Theme", "widget_theme", ENUM, W, .words = &theme),
    TEXT("Color", "widget_color", 16),
    TEXT("BadgeColor", "widget_badge_color", 16),
    TEXT("BadgeTextColor", "widget_badge_text_color", 16),
    TEXT("CustMsgColor", "widget_cust_msg_color", 16),
    TEXT("CustMsgTextColor", "widget_cust_msg_text_color", 16),
    TEXT("AgentMsgColor", "widget_agent_msg_color", 16),
    TEXT("AgentMsgTextColor", "widget_agent_msg_text_color", 16),
    TEXT("ButtonColor", "widget_button_color", 16),
    TEXT("ButtonTextColor", "widget_button_text_color", 16),
    TEXT("Font", "widget_font", 64),
    TEXT("FontSize", "widget_font_size", 16),
    CS_FIELD("LogoEnabled", "widget_show_logo", BOOL, W),
    CS_FIELD("LogoBlobId", "widget_logo_blob_id", INT, W),
    CS_FIELD("LogoName", "widget_logo_name", STRING, 0, .max = 255),
    CS_FIELD("ShowAgentPhoto", "widget_show_agent_photo", BOOL, W),
    TEXT("WelcomeTitle", "widget_welcome_title", 255),
    TEXT("WelcomeMessage", "widget_welcome_message", 255),
    TEXT("OfflineHeader", "widget_offline_header", 255),
    TEXT("OfflineMessage", "widget_offline_message", 1024),
    CS_FIELD("OfflineFields", "widget_offline_fields", FLAGS, W, .words = &required),
    CS_FIELD("UseAgentFirstname", "widget_agent_use_firstname", BOOL, W),
};
static const cs_entity_t widget_entity = {.name = "ChatWidgetSettings",
                                          .label = "ChatWidgetSettings",
                                          .carrier = CS_CARRIER_PLAIN,
                                          CS_ENTITY(widget_fields)};

static const cs_field_t bot_fields[] = {
    TEXT("BotName", "bot_name", 80),
    CS_FIELD("BotRegisterScriptId", "bot_register_scriptid", INT, W),
    CS_FIELD("BotSessionCreatedScriptId", "bot_session_created_scriptid", INT, W),
    CS_FIELD("BotSessionChangedScriptId", "bot_session_changed_scriptid", INT, W),
    CS_FIELD("BotMessageReceivedScriptId", "bot_message_received_scriptid", INT, W),
};
static const cs_entity_t bot_entity = {.name = "ChatBotSettings",
                                       .label = "ChatBotSettings",
                                       .carrier = CS_CARRIER_PLAIN,
                                       CS_ENTITY(bot_fields)};

/* What the original keeps as bits of chat_topic.flags are columns here, which a trigger holds to the bits. */
static const cs_field_t fields[] = {
    CS_FIELD("ChatTopicId", "id", INT, CS_F_KEY),
    TEXT("Name", "name", 255),
    TEXT("Description", "description", 255),
    TEXT("WelcomeMessage", "welcome_message", 65535),
    CS_FIELD("Language", "language_id", REFERENCE, W, .entity = &cs_language_entity),
    CS_FIELD("LastAccept", "last_accept", TIME, 0),
    CS_FIELD("SecondsPrAccept", "seconds_pr_accept", INT, 0),
    TEXT("AlertRecipient", "alert_recipient", 255),
    CS_FIELD("AlertTemplate", "alert_template", REFERENCE, W, .entity = &cs_reply_template_entity),
    CS_FIELD("CollectConsent", "collect_consent", BOOL, W),
    TEXT("BadgeHeader", "badge_header", 255),
    CS_FIELD("CustomQueueTextEnabled", "custom_queue_text_enabled", BOOL, W),
    TEXT("CustomQueueText", "custom_queue_text", 255),
    CS_FIELD("WarnNewChatMinutes", "warning_new_chat", INT, W),
    CS_FIELD("WarnManagerNewChatMinutes", "manager_warning_new_chat", INT, W),
    CS_FIELD("TicketEnabled", "widget_enable_ticket", BOOL, W),
    CS_FIELD("TicketCategory", "category_id", REFERENCE, W, .entity = &cs_ticket_category_entity),
    CS_FIELD("TicketPriority", "priority_id", REFERENCE, W, .entity = &cs_ticket_priority_entity),
    CS_FIELD("OpeningHoursEnabled", "use_opening_hours", BOOL, W),
    CS_FIELD("OpeningHours", "", EMBEDDED, W, .entity = &cs_hours_entity),
    CS_FIELD("Widget", "", EMBEDDED, W, .entity = &widget_entity),
    CS_FIELD("BotEnabled", "bot_enabled", BOOL, W),
    CS_FIELD("BotSettings", "", EMBEDDED, W, .entity = &bot_entity),
    CS_FIELD("OfflineCollectConsent", "offline_collect_consent", BOOL, W),
    CS_FIELD("WarnChatMessageMinutes", "warning_chat_message", INT, W),
    CS_FIELD("WarnManagerChatMessageMinutes", "manager_warning_chat_message", INT, W),
    CS_FIELD("UseQueueOfflineForm", "use_queue_offline_form", BOOL, W),
    CS_FIELD("OfflineFormTimeLimit", "offline_form_time_limit", INT, W),
    CS_FIELD("OfflineFormQueueLength", "offline_form_queue_length", INT, W),
    CS_FIELD("WidgetEnableRating", "widget_enable_rating", BOOL, W),
    TEXT("WidgetRatingText", "widget_rating_text", 1024),
    CS_TAIL,
    CS_FIELD("_Links", NULL, LINKS, 0),
};

const cs_entity_t cs_topic_entity = {.name = "ChatTopicEntity",
                                     .label = "ChatTopic",
                                     .table = "chat_topic",
                                     .carrier = CS_CARRIER_TOPIC,
                                     CS_ENTITY(fields)};
