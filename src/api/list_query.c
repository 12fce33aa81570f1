/* api/list_query.c -- the parameters of a list. */
#include "api/list_page.h"
#include "api/query_string.h"
#include "base/num.h"
#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

static cs_error_t *wrong(const cs_call_t *call, const char *name, const char *reason)
{
    return cs_error_make(call->cx->pool, CS_E_QUERY_VALUE, name, "%s %s", name, reason);
}

cs_error_t *cs_list_parameter(const cs_call_t *call, const char *name, const char **value_out)
{
    const cs_doc_t *sent;

    CS_TRY(cs_query_get(call->cx->pool, call->query, name, value_out));
    sent = *value_out || !call->doc || call->doc->kind != CS_DOC_OBJECT ? NULL
                                                                        : cs_doc_find(call->doc, name, NULL);
    if (!sent || sent->kind == CS_DOC_NULL) {
        return NULL;
    }
    if (sent->kind == CS_DOC_BOOL) {
        *value_out = sent->truth ? "true" : "false";
        return NULL;
    }
    if (sent->kind != CS_DOC_STRING && sent->kind != CS_DOC_NUMBER) {
        return wrong(call, name, "takes a text");
    }
    *value_out = apr_pstrmemdup(call->cx->pool, sent->text, sent->len);
    return NULL;
}

/* Without the blanks around it; "+1" arrives as " 1". */
static const char *trimmed(apr_pool_t *pool, const char *text)
{
    apr_size_t len;

    text += strspn(text, " \t");
    len = strlen(text);
    while (len && strchr(" \t", text[len - 1])) {
        len--;
    }
    return apr_pstrmemdup(pool, text, len);
}

static cs_error_t *get_number(const cs_call_t *call, const char *name, apr_int64_t missing,
                              apr_int64_t *number_out)
{
    const char *text;

    CS_TRY(cs_list_parameter(call, name, &text));
    *number_out = missing;
    if (!text || !*text) {
        return NULL;
    }
    text = trimmed(call->cx->pool, text);
    if (!cs_text_integer(text, strlen(text), number_out) || *number_out < 0 ||
        *number_out > APR_INT64_C(2147483647)) {
        return wrong(call, name, "takes a number from 0 to 2147483647");
    }
    return NULL;
}

/* One of the words in any case, the first when nothing is said. */
static cs_error_t *get_word(const cs_call_t *call, const char *name, const char *const *words,
                            int *number_out)
{
    const char *text, *list = "";

    CS_TRY(cs_list_parameter(call, name, &text));
    *number_out = 0;
    if (!text || !*text) {
        return NULL;
    }
    for (int i = 0; words[i]; i++) {
        if (cs_text_same(text, strlen(text), words[i], strlen(words[i]))) {
            *number_out = i;
            return NULL;
        }
        list = apr_pstrcat(call->cx->pool, list, *list ? ", " : "", words[i], NULL);
    }
    return wrong(call, name, apr_pstrcat(call->cx->pool, "takes one of ", list, NULL));
}

/* Stronger than Accept, for the answer itself as for what is wrong with it. */
static cs_error_t *read_format(cs_call_t *call)
{
    static const char *const formats[] = {"", "json", "xml", NULL};
    const cs_media_t *none;
    int format;

    CS_TRY(get_word(call, "$format", formats, &format));
    if (format) {
        call->media =
            cs_media_for_answer(format == 1 ? "application/json" : "application/xml", NULL, 0, &none);
    }
    return NULL;
}

/* Whether one of the names is that of our only entity. */
static cs_error_t *read_entities(const cs_call_t *call, cs_page_t *page)
{
    const char *text;

    CS_TRY(cs_list_parameter(call, "$entities", &text));
    page->nothing = text && *text;
    while (page->nothing && *text) {
        apr_size_t blanks = strspn(text, " ,"), len = strcspn(text + blanks, " ,");

        page->nothing = !cs_text_same(text + blanks, len, "chat", 4) &&
                        !cs_text_same(text + blanks, len, "chatsession", 11);
        text += blanks + len;
    }
    return NULL;
}

/* GrandTotal=true among the options; others are those of archives that we do not have. */
static cs_error_t *read_options(const cs_call_t *call, int *total_out)
{
    const char *text;

    CS_TRY(cs_list_parameter(call, "$options", &text));
    *total_out = 0;
    while (text && *text) {
        apr_size_t blanks = strspn(text, " ,;&"), len = strcspn(text + blanks, " ,;&");

        *total_out = *total_out || cs_text_same(text + blanks, len, "GrandTotal=true", 15);
        text += blanks + len;
    }
    return NULL;
}

static cs_error_t *read_columns(const cs_call_t *call, cs_page_t *page)
{
    static const char *const truths[] = {"false", "true", NULL};
    const char *text;
    int safe, total;

    CS_TRY(get_word(call, "$jsonSafe", truths, &safe));
    CS_TRY(cs_list_parameter(call, "$select", &text));
    CS_TRY(cs_list_select(call->cx->pool, text, safe || call->media->format == CS_FORMAT_XML,
                          &page->list.chosen));
    CS_TRY(cs_list_parameter(call, "$orderBy", &text));
    CS_TRY(cs_list_order(call->cx->pool, text, page->list.chosen, &page->list.orders));
    CS_TRY(read_options(call, &total));
    return cs_list_groups(call->cx->pool, page->list.chosen, page->list.orders, total, &page->list.groups);
}

static cs_error_t *read_filter(const cs_call_t *call, cs_page_t *page)
{
    const char *text;
    cs_node_t *node;

    CS_TRY(cs_list_parameter(call, "$filter", &text));
    if (!text) {
        return NULL;
    }
    CS_TRY(cs_filter_parse(call->cx->pool, text, &node));
    CS_TRY(cs_filter_check(call->cx, apr_time_now(), node));
    page->list.filter = node;
    return NULL;
}

/* Where the page begins and how long it may be. */
static cs_error_t *read_extent(const cs_call_t *call, cs_page_t *page)
{
    apr_int64_t skip, wanted;
    const char *after;

    CS_TRY(get_number(call, "$top", -1, &page->top));
    CS_TRY(get_number(call, "$skip", 0, &skip));
    CS_TRY(cs_list_parameter(call, "$skiptoken", &after));
    if (after && *after) {
        CS_TRY(cs_list_check_form(call));
        CS_TRY(cs_skip_decode(call->cx->pool, page->list.orders, after, &page->list.after));
    }
    wanted = page->top < 0 ? call->site->page_size : page->top;
    page->size = (int)(wanted < call->site->rows_max ? wanted : call->site->rows_max);
    page->ask_more = page->top < 0 || page->top > page->size;
    page->list.skip = (int)skip;
    page->list.limit = page->nothing ? 0 : page->size + page->ask_more;
    return NULL;
}

/* The name that PostgreSQL knows the caller's zone by. */
static const char *zone_name(const cs_call_t *call, const cs_tz_t *zone)
{
    const apr_array_header_t *names = cs_zones_names(call->site->zones);

    for (int i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);
        const cs_zone_t *known = cs_zones_find(call->site->zones, name, strlen(name));

        if (known && known->tz == zone && strcmp(known->name, name) == 0) {
            return name;
        }
    }
    return NULL;
}

/* DatePart says what the caller's clock showed. */
static cs_error_t *read_zone(const cs_call_t *call, cs_page_t *page)
{
    const cs_locale_t *locale = call->cx->locale;
    int parts = 0;

    for (int i = 0; i < page->list.chosen->nelts; i++) {
        parts = parts || APR_ARRAY_IDX(page->list.chosen, i, cs_chosen_t).item.part;
    }
    if (!parts || !locale->zone || locale->zone == locale->base_zone) {
        return NULL;
    }
    page->list.zone = zone_name(call, locale->zone);
    page->list.base_zone = call->site->base_zone_name;
    return page->list.zone ? NULL
                           : cs_error_make(call->cx->pool, CS_E_TIME_ZONE, NULL,
                                           "DatePart cannot be told in this zone: take one by its IANA name");
}

/* Archives alone are counted. */
static cs_error_t *read_count(const cs_call_t *call, int archive, cs_page_t *page)
{
    static const char *const words[] = {"False", "Estimate", "True", "AllPages", NULL};

    return archive ? get_word(call, "$inlineCount", words, &page->list.count) : NULL;
}

cs_error_t *cs_list_read(cs_call_t *call, int archive, cs_page_t *page)
{
    static const char *const modes[] = {"slim", "wide", "full", NULL};
    static const char *const outputs[] = {"logical", "display", NULL};
    int mode;

    CS_TRY(read_format(call));
    CS_TRY(get_word(call, "$mode", modes, &mode));
    page->mode = (cs_mode_t)mode;
    page->list.raw = mode != CS_MODE_SLIM;
    CS_TRY(get_word(call, "$output", outputs, &page->display));
    CS_TRY(read_entities(call, page));
    CS_TRY(read_columns(call, page));
    CS_TRY(read_zone(call, page));
    CS_TRY(read_filter(call, page));
    CS_TRY(read_count(call, archive, page));
    return read_extent(call, page);
}
