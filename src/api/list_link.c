/* api/list_link.c -- odata.nextLink: the same request from where the page ended. */
#include "api/list_page.h"
#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

#define LINK_MAX 7000 /* bytes of a link, which fits httpd's LimitRequestLine */
#define FORM     "$form"

/* A parameter with everything escaped that a link must not hold; what was sent is escaped in part already. */
static const char *escaped(apr_pool_t *pool, const char *raw, apr_size_t len, const char *more)
{
    static const char hex[] = "0123456789ABCDEF";
    char *text = apr_palloc(pool, 3 * len + 1), *out = text;

    for (apr_size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)raw[i];

        if (c > 0x20 && c < 0x7F && !strchr("\"<>\\^`{|}#", c) && !strchr(more, c)) {
            *out++ = raw[i];
        }
        else {
            *out++ = '%';
            *out++ = hex[c >> 4];
            *out++ = hex[c & 15];
        }
    }
    *out = '\0';
    return text;
}

/* Those that a link says anew. */
static int is_extent(const char *name, apr_size_t len)
{
    static const char *const names[] = {"$top", "$skip", "$skiptoken", FORM};

    for (int i = 0; i < 4; i++) {
        if (cs_text_same(name, len, names[i], strlen(names[i]))) {
            return 1;
        }
    }
    return 0;
}

static int is_extent_sent(apr_pool_t *pool, const char *raw, apr_size_t len)
{
    const char *equals = memchr(raw, '=', len);
    char *name = apr_palloc(pool, len + 1);
    apr_ssize_t size = cs_text_unescape(raw, equals ? (apr_size_t)(equals - raw) : len, name);

    return size >= 0 && is_extent(name, (apr_size_t)size);
}

static const char *with_query(apr_pool_t *pool, const char *link, const char *query)
{
    apr_array_header_t *parts = apr_array_make(pool, 16, sizeof(const char *));

    APR_ARRAY_PUSH(parts, const char *) = link;
    for (const char *raw = query; raw && *raw;) {
        apr_size_t len = strcspn(raw, "&");

        if (len && !is_extent_sent(pool, raw, len)) {
            APR_ARRAY_PUSH(parts, const char *) = escaped(pool, raw, len, "");
            APR_ARRAY_PUSH(parts, const char *) = "&";
        }
        raw += len + (raw[len] == '&');
    }
    return apr_array_pstrcat(pool, parts, 0);
}

/* Parameters that came in the body, as text; whatever else is there has been refused. */
static const char *text_of(const cs_doc_t *value, apr_size_t *len_out)
{
    const char *text = value->kind == CS_DOC_BOOL ? value->truth ? "true" : "false" : value->text;

    *len_out = value->kind == CS_DOC_BOOL ? strlen(text) : value->len;
    return value->kind == CS_DOC_NULL || value->kind > CS_DOC_STRING ? NULL : text;
}

static const char *with_form(apr_pool_t *pool, const char *link, const cs_doc_t *form)
{
    for (int i = 0; form && i < form->count && strlen(link) <= LINK_MAX; i++) {
        const cs_member_t *member = &form->members[i];
        apr_size_t len;
        const char *text = text_of(member->value, &len);

        if (text && member->name[0] == '$' && !is_extent(member->name, member->len)) {
            link = apr_pstrcat(pool, link, escaped(pool, member->name, member->len, "%&=+"), "=",
                               escaped(pool, text, len, "%&=+"), "&", NULL);
        }
    }
    return link;
}

/* FNV-1a over all that a form says but the extent: who sends another one betrays himself alone. */
static const char *mark_of(apr_pool_t *pool, const cs_doc_t *form)
{
    apr_uint64_t mark = APR_UINT64_C(14695981039346656037);

    for (int i = 0; form && i < form->count; i++) {
        const cs_member_t *member = &form->members[i];
        apr_size_t len;
        const char *text = text_of(member->value, &len);

        if (!text || is_extent(member->name, member->len)) {
            continue;
        }
        for (apr_size_t k = 0; k < member->len + len + 1; k++) {
            char c = k < member->len ? member->name[k] : k == member->len ? '\0' : text[k - member->len - 1];

            mark = (mark ^ (unsigned char)c) * APR_UINT64_C(1099511628211);
        }
    }
    return apr_psprintf(pool, "%" APR_UINT64_T_HEX_FMT, mark);
}

static const cs_doc_t *form_of(const cs_call_t *call)
{
    return call->doc && call->doc->kind == CS_DOC_OBJECT ? call->doc : NULL;
}

cs_error_t *cs_list_check_form(const cs_call_t *call)
{
    const char *mark;

    CS_TRY(cs_list_parameter(call, FORM, &mark));
    if (mark && strcmp(mark, mark_of(call->cx->pool, form_of(call))) != 0) {
        return cs_error_make(
            call->cx->pool, CS_E_SKIP_TOKEN, FORM,
            "this link goes on with a list whose parameters came as a form: send it by POST, "
            "with the same form");
    }
    return NULL;
}

/* With all parameters where they fit; else those of the form are to be sent again. */
static const char *link_without_extent(const cs_call_t *call, const cs_page_t *page)
{
    apr_pool_t *pool = call->cx->pool;
    const char *link = with_query(pool, apr_pstrcat(pool, page->url, "?", NULL), call->query);
    const char *whole = with_form(pool, link, form_of(call));

    return strlen(whole) <= LINK_MAX / 2 || !form_of(call)
               ? whole
               : apr_pstrcat(pool, link, FORM "=", mark_of(pool, form_of(call)), "&", NULL);
}

const char *cs_list_next_link(const cs_call_t *call, const cs_page_t *page, const cs_val_t *last, int rows)
{
    apr_pool_t *pool = call->cx->pool;
    const char *link = link_without_extent(call, page), *token;

    if (page->top >= 0) {
        link = apr_psprintf(pool, "%s$top=%" APR_INT64_T_FMT "&", link, page->top - rows);
    }
    token = page->list.groups ? NULL : cs_skip_encode(pool, page->list.orders, last);
    if (token && strlen(link) + strlen(token) <= LINK_MAX) {
        return apr_pstrcat(pool, link, "$skiptoken=", token, NULL);
    }
    if (page->list.after) {
        token = cs_skip_encode(pool, page->list.orders, page->list.after);
        link = apr_pstrcat(pool, link, "$skiptoken=", token, "&", NULL);
    }
    return apr_psprintf(pool, "%s$skip=%d", link, page->list.skip + rows);
}
