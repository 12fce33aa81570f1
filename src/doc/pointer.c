#include "doc/pointer.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

/*      pointer  = *( "/" segment )                             lenient: [ segment *( "/" segment ) ]
 *      segment  = *( any but "/" and "~" / "~0" / "~1" )
 */

static int count_slashes(const char *text, apr_size_t len)
{
    int count = 0;

    for (apr_size_t i = 0; i < len; i++) {
        count += text[i] == '/';
    }
    return count;
}

/* Copies one segment, its escapes resolved; 0 for a `~` that starts none. */
static int take_segment(apr_pool_t *pool, const char *text, apr_size_t len, cs_segment_t *out)
{
    char *at = apr_palloc(pool, len + 1);

    out->text = at;
    for (apr_size_t i = 0; i < len; i++) {
        char c = text[i];

        if (c == '~') {
            i++;
            if (i == len || (text[i] != '0' && text[i] != '1')) {
                return 0;
            }
            c = text[i] == '0' ? '~' : '/';
        }
        *at++ = c;
    }
    *at = '\0';
    out->len = (apr_size_t)(at - out->text);
    return 1;
}

const char *cs_pointer_parse(apr_pool_t *pool, const char *text, apr_size_t len, cs_pointer_reading_t reading,
                             int most, cs_pointer_t *pointer_out)
{
    const char *end = text + len;
    cs_segment_t *segments;
    int count;

    *pointer_out = (cs_pointer_t){0, NULL};
    if (len == 0) {
        return NULL;
    }
    if (*text == '/') {
        text++;
    }
    else if (reading == CS_POINTER_STRICT) {
        return "it does not begin with a slash";
    }
    count = count_slashes(text, (apr_size_t)(end - text)) + 1;
    if (count > most) {
        return "it has too many segments";
    }
    segments = apr_palloc(pool, sizeof(*segments) * (apr_size_t)count);
    for (int i = 0; i < count; i++) {
        const char *slash = memchr(text, '/', (apr_size_t)(end - text));
        apr_size_t size = (apr_size_t)((slash ? slash : end) - text);

        if (!take_segment(pool, text, size, &segments[i])) {
            return "a '~' in it is followed by neither 0 nor 1";
        }
        text += size + 1;
    }
    *pointer_out = (cs_pointer_t){count, segments};
    return NULL;
}

const char *cs_pointer_text(apr_pool_t *pool, const cs_pointer_t *pointer)
{
    apr_size_t len = 1;
    char *text, *at;

    for (int i = 0; i < pointer->count; i++) {
        len += 2 * pointer->segments[i].len + 1;
    }
    text = at = apr_palloc(pool, len);
    for (int i = 0; i < pointer->count; i++) {
        const cs_segment_t *segment = &pointer->segments[i];

        if (i) {
            *at++ = '/';
        }
        for (apr_size_t c = 0; c < segment->len; c++) {
            int special = segment->text[c] == '~' || segment->text[c] == '/';

            if (special) {
                *at++ = '~';
            }
            *at++ = !special ? segment->text[c] : segment->text[c] == '~' ? '0' : '1';
        }
    }
    *at = '\0';
    return text;
}

int cs_pointer_index(const cs_segment_t *segment, int most)
{
    apr_int64_t index = 0;

    if (segment->len == 0 || (segment->len > 1 && segment->text[0] == '0') ||
        strspn(segment->text, "0123456789") != segment->len) {
        return -1;
    }
    for (apr_size_t i = 0; i < segment->len; i++) {
        index = index * 10 + (segment->text[i] - '0');
        if (index > most) {
            return most + 1;
        }
    }
    return (int)index;
}

int cs_pointer_is_end(const cs_segment_t *segment)
{
    return segment->len == 1 && segment->text[0] == '-';
}

int cs_pointer_member(const cs_doc_t *object, const cs_segment_t *segment, cs_pointer_reading_t reading)
{
    for (int i = 0; i < object->count; i++) {
        const cs_member_t *member = &object->members[i];

        if (member->len == segment->len &&
            (memcmp(member->name, segment->text, segment->len) == 0 ||
             (reading == CS_POINTER_LENIENT &&
              cs_text_same(member->name, member->len, segment->text, segment->len)))) {
            return i;
        }
    }
    return -1;
}

const cs_doc_t *cs_pointer_find(const cs_doc_t *doc, const cs_pointer_t *pointer,
                                cs_pointer_reading_t reading)
{
    for (int i = 0; doc && i < pointer->count; i++) {
        const cs_segment_t *segment = &pointer->segments[i];
        int slot = -1;

        if (doc->kind == CS_DOC_OBJECT) {
            slot = cs_pointer_member(doc, segment, reading);
            doc = slot < 0 ? NULL : doc->members[slot].value;
        }
        else {
            slot = doc->kind == CS_DOC_ARRAY ? cs_pointer_index(segment, doc->count) : -1;
            doc = slot < 0 || slot >= doc->count ? NULL : doc->items[slot];
        }
    }
    return doc;
}
