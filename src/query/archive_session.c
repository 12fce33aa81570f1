/* query/archive_session.c -- the session's own columns, and those of its topic.
 *
 * A time that is not set is PostgreSQL's -infinity, so that it has a place in every order and index. */
#include "query/archive.h"

#include <stddef.h>

/* The words of talks that have ended are indexed, those that go on are few: sql/schema/018-several.sql. */
#define CS_TALKS "(@.status IN (0, 7, 8, 9, 10, 11) OR @.status IN (1, 2, 3, 4, 5, 6))"

const cs_archive_column_t cs_session_columns[] = {
    CS_LISTED("getAllRows", SWITCH, CS_UNSORTED, BOOL, "false"),
    CS_LISTED("getNoRows", SWITCH, CS_UNSORTED, BOOL, "false"),
    CS_LISTED("chatSessionId", INT, CS_SORTED, INT, "@.id"),
    CS_LISTED("firstMessage", STRING, CS_SORTED, TEXT, "@.first_message", .parts = CS_TALKS),
    CS_LISTED("lastMessage", STRING, CS_SORTED, TEXT, "@.last_message", .parts = CS_TALKS),
    CS_LISTED("whenRequested", DATETIME, CS_SORTED, TIME, "coalesce(@.when_requested, '-infinity')"),
    CS_LISTED("whenStarted", DATETIME, CS_SORTED, TIME, "coalesce(@.when_started, '-infinity')"),
    CS_LISTED("whenEnded", DATETIME, CS_SORTED, TIME, "coalesce(@.when_ended, '-infinity')"),
    CS_LISTED("duration", SPAN, CS_UNSORTED, INT,
              "floor(extract(epoch FROM @.when_ended - @.when_started))::bigint"),
    CS_LISTED("timeInQueue", SPAN, CS_SORTED, INT,
              "floor(extract(epoch FROM @.when_started - @.when_requested))::bigint"),
    CS_LISTED("queueLength", INT, CS_SORTED, INT, "@.initial_queue_pos"),
    CS_LISTED("rating", INT, CS_SORTED, INT, "@.rating"),
    CS_LISTED("agent", USER, CS_SORTED, INT, "@.user_id", .shown = "coalesce(#.full_name, '')"),
    CS_LISTED("status", LIST, CS_SORTED, INT, "@.status", .words = &cs_session_status),
    CS_LISTED("icon", NOTHING, CS_SORTED, TEXT, "'chat'"),
    CS_LISTED("date", DATE, CS_SORTED, TIME, "coalesce(@.when_requested, '-infinity')"),
    CS_LISTED("type", LIST, CS_SORTED, INT, "200", .shown = "'Chat'"),
    CS_LISTED("text", POSITIVE, CS_SORTED, TEXT, "@.first_message", .parts = CS_TALKS),
    CS_LISTED("associateId", ASSOCIATE, CS_SORTED, INT, "@.user_id", .shown = "coalesce(#.name, '')"),
    CS_LISTED("contactId", LIST, CS_SORTED, INT, "coalesce(@.contact_id, 0)"),
    CS_LISTED("personId", LIST, CS_SORTED, INT, "@.customer_id"),
    CS_LISTED("updatedDate", DATE, CS_SORTED, TIME, "coalesce(@.idle, '-infinity')"),
    CS_LISTED("registeredDate", DATE, CS_SORTED, TIME, "coalesce(@.when_requested, '-infinity')"),
    CS_LISTED("recordTypeText", NOTHING, CS_SORTED, TEXT, "'Chat'"),
    {.name = NULL},
};

const cs_archive_column_t cs_topic_columns[] = {
    CS_LISTED("chatTopicId", INT, CS_SORTED, INT, "session.topic_id"),
    CS_LISTED("name", STRING, CS_SORTED, TEXT, "@.name"),
    CS_LISTED("description", STRING, CS_SORTED, TEXT, "@.description"),
    CS_LISTED("badgeHeader", STRING, CS_SORTED, TEXT, "@.badge_header"),
    {.name = NULL},
};
