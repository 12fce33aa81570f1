#include "api/condition.h"

#include "base/checksum.h"
#include "base/text.h"
#include "base/wall.h"

#include <apr_date.h>
#include <apr_strings.h>
#include <string.h>

/* ---------------- tags
 *
 *      list = "*" / [ tag ] *( "," [ tag ] )        tag = [ "W/" ] DQUOTE opaque DQUOTE
 *      opaque = version "-" digest [ "-" what a filter such as mod_deflate adds ]
 */
typedef struct tag_t {
    const char *opaque; /* without the quotes */
    apr_size_t len;
    int weak;
} tag_t;

/* The next tag of the list; 0 at its end, or where it is malformed. */
static int next_tag(const char **rest, tag_t *tag)
{
    const char *s = *rest + strspn(*rest, " \t,");
    const char *end;

    tag->weak = strncmp(s, "W/", 2) == 0;
    s += tag->weak ? 2 : 0;
    end = *s == '"' ? strchr(s + 1, '"') : NULL;
    if (!end) {
        return 0;
    }
    tag->opaque = s + 1;
    tag->len = (apr_size_t)(end - s) - 1;
    *rest = end + 1;
    return 1;
}

static int is_any(const char *list)
{
    return strcmp(list, "*") == 0;
}

/* Whether the list names the tag, which comes with its quotes. */
static int names(const char *list, const char *etag, int weak_is_fine)
{
    apr_size_t len = strlen(etag) - 2;
    tag_t tag;

    if (is_any(list)) {
        return 1;
    }
    while (next_tag(&list, &tag)) {
        int same = tag.len >= len && memcmp(tag.opaque, etag + 1, len) == 0 &&
                   (tag.len == len || tag.opaque[len] == '-');

        if (same && (weak_is_fine || !tag.weak)) {
            return 1;
        }
    }
    return 0;
}

/* The versions in the list, joined by commas; "" when there are none. */
static cs_val_t versions_in(apr_pool_t *pool, const char *list, int weak_is_fine)
{
    cs_buf_t *versions = cs_buf_make(pool, strlen(list) + 1);
    const char *text;
    tag_t tag;

    while (next_tag(&list, &tag)) {
        const char *dash = memchr(tag.opaque, '-', tag.len);
        apr_size_t len = dash ? (apr_size_t)(dash - tag.opaque) : 0;
        apr_int64_t version;

        if ((weak_is_fine || !tag.weak) && cs_text_integer(tag.opaque, len, &version)) {
            cs_buf_puts(versions, versions->length ? "," : "");
            cs_buf_put(versions, tag.opaque, len);
        }
    }
    text = cs_buf_text(versions, pool);
    return cs_val_text(text, strlen(text));
}

/* ---------------- changes */

void cs_condition_guard_none(cs_val_t args_out[CS_GUARD_ARGS])
{
    args_out[0] = cs_val_null(CS_K_TEXT);
    args_out[1] = cs_val_null(CS_K_TEXT);
    args_out[2] = cs_val_null(CS_K_TIME);
}

void cs_condition_guard(const cs_call_t *call, cs_val_t args_out[CS_GUARD_ARGS])
{
    const cs_conditions_t *conditions = &call->conditions;
    apr_time_t since = conditions->unmodified_since ? apr_date_parse_http(conditions->unmodified_since) : 0;
    apr_pool_t *pool = call->cx->pool;

    cs_condition_guard_none(args_out);
    if (conditions->match && !is_any(conditions->match)) {
        args_out[0] = versions_in(pool, conditions->match, 0);
    }
    if (conditions->none_match) {
        if (is_any(conditions->none_match)) {
            args_out[0] = cs_val_text("", 0); /* whatever is there is one too many */
        }
        args_out[1] = versions_in(pool, conditions->none_match, 1);
    }
    if (!conditions->match && since) {
        args_out[2] = (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = cs_wall_of_time(since)};
    }
}

cs_error_t *cs_condition_failed(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_CONDITION, NULL,
                         "%s %" APR_INT64_T_FMT " is not in the state that the request's %s demands",
                         call->match.route->source, call->match.id,
                         call->conditions.match        ? "If-Match"
                         : call->conditions.none_match ? "If-None-Match"
                                                       : "If-Unmodified-Since");
}

/* ---------------- reads */

/* Over the bytes that are this answer's own; constant ones differ only where the length does. */
static apr_uint64_t digest_of(const cs_buf_t *reply)
{
    apr_uint64_t digest = reply->length;

    for (const cs_piece_t *piece = reply->first; piece; piece = piece->next) {
        if (!piece->constant) {
            digest = cs_checksum(digest, piece->data, piece->len);
        }
    }
    return digest;
}

void cs_condition_mark(cs_call_t *call, apr_int64_t version, cs_wall_t changed)
{
    call->etag = apr_psprintf(call->cx->pool, "\"%" APR_INT64_T_FMT "-%016" APR_UINT64_T_HEX_FMT "\"",
                              version, digest_of(call->reply));
    call->modified = cs_wall_to_time(changed);
}

/* ---------------- what is known without the answer */

static apr_uint64_t checksum_of(apr_uint64_t seed, const char *text)
{
    return cs_checksum(seed + (text != NULL), text ? text : "", text ? strlen(text) + 1 : 0);
}

/* Who asks is in the tag. */
static cs_tag_key_t key_of(const cs_call_t *call)
{
    cs_tag_key_t key = {.place = call->site, .id = call->match.id};
    const char *texts[CS_FORM_TEXTS];

    cs_call_form(call, texts);
    key.form = cs_checksum(0, (const char *)&call->media, sizeof(call->media));
    for (int i = 0; i < CS_FORM_TEXTS; i++) {
        key.form = checksum_of(key.form, texts[i]);
    }
    return key;
}

int cs_condition_recall(const cs_call_t *call, cs_tag_t *tag_out)
{
    cs_tag_key_t key = key_of(call);

    return cs_tags_find(call->tags, &key, tag_out) && names(call->conditions.none_match, tag_out->text, 1);
}

void cs_condition_restore(cs_call_t *call, const cs_tag_t *tag, cs_wall_t changed)
{
    call->etag = apr_pstrdup(call->cx->pool, tag->text);
    call->modified = cs_wall_to_time(changed);
}

void cs_condition_remember(const cs_call_t *call, cs_tag_t tag)
{
    cs_tag_key_t key = key_of(call);

    apr_cpystrn(tag.text, call->etag, sizeof(tag.text));
    cs_tags_keep(call->tags, &key, &tag);
}

/* Whether the entity changed after the date, which is ignored when it is none or, for a cache, not yet there.
 */
static int changed_after(const cs_call_t *call, const char *date, int may_lie_ahead)
{
    apr_time_t since = apr_date_parse_http(date);

    if (since == APR_DATE_BAD || (!may_lie_ahead && since > apr_time_now())) {
        return -1;
    }
    return apr_time_sec(call->modified) > apr_time_sec(since);
}

static int client_has_it(const cs_call_t *call)
{
    const cs_conditions_t *conditions = &call->conditions;

    if (conditions->none_match) {
        return names(conditions->none_match, call->etag, 1);
    }
    return conditions->modified_since && changed_after(call, conditions->modified_since, 0) == 0;
}

cs_error_t *cs_condition_read(cs_call_t *call)
{
    const cs_conditions_t *conditions = &call->conditions;

    if (conditions->match
            ? !names(conditions->match, call->etag, 0)
            : conditions->unmodified_since && changed_after(call, conditions->unmodified_since, 1) == 1) {
        return cs_condition_failed(call);
    }
    if (client_has_it(call)) {
        call->status = 304;
        call->reply = NULL;
    }
    return NULL;
}
