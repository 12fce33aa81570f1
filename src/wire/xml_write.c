#include "wire/xml_write.h"

#include "base/num.h"

#include <apr_strings.h>
#include <apr_tables.h>

/*      document   = declaration element                     the root is named after its carrier
 *      object     = *element                                each named after its property
 *      array      = *element                                each named after the type of the items
 *      dictionary = *( "<TKeyValuePair>" "<Key>" text "</Key>" "<Value>" value "</Value>" "</TKeyValuePair>"
 * )
 *
 * What is written without a document around it, to be a ready value later, is the content of its element. */

typedef struct slice_t {
    const char *s;
    apr_size_t len;
} slice_t;

/* An open object, array or dictionary. */
typedef struct level_t {
    slice_t element; /* that it stands in; NULL: none, it is written to be a ready value */
    slice_t name;    /* of the element of the next value */
    slice_t entry;   /* of a dictionary: the type of its entries; else NULL */
} level_t;

typedef struct state_t {
    apr_array_header_t *levels;
    int document;
} state_t;

#define DECLARATION "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
#define XSI         " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
#define PAIR        "KeyValuePair"

#define PUT_LITERAL(buf, literal) cs_buf_put((buf), literal, sizeof(literal) - 1)

static state_t *state_of(cs_writer_t *w)
{
    state_t *state = w->state;

    if (!state) {
        w->state = state = apr_pcalloc(w->buf->pool, sizeof(*state));
        state->levels = apr_array_make(w->buf->pool, 12, sizeof(level_t));
    }
    return state;
}

static level_t *top_of(cs_writer_t *w)
{
    apr_array_header_t *levels = state_of(w)->levels;

    return levels->nelts ? &APR_ARRAY_IDX(levels, levels->nelts - 1, level_t) : NULL;
}

static slice_t slice_of(const char *text)
{
    return (slice_t){text, strlen(text)};
}

static void put_slice(cs_buf_t *buf, slice_t slice)
{
    cs_buf_put(buf, slice.s, slice.len);
}

static void begin_document(cs_writer_t *w)
{
    state_of(w)->document = 1;
    PUT_LITERAL(w->buf, DECLARATION);
}

/* ---------------- elements */

/* Begins the tag of the next value, up to where attributes end; returns its name.  `type` names the root. */
static slice_t begin_tag(cs_writer_t *w, const char *type)
{
    const level_t *level = top_of(w);
    slice_t element = level ? level->name : state_of(w)->document ? slice_of(type) : (slice_t){NULL, 0};

    if (element.s) {
        cs_buf_putc(w->buf, '<');
        put_slice(w->buf, element);
        if (!level) {
            PUT_LITERAL(w->buf, XSI);
        }
    }
    return element;
}

static void end_pair(cs_writer_t *w)
{
    const level_t *level = top_of(w);

    if (level && level->entry.s) {
        PUT_LITERAL(w->buf, "</");
        put_slice(w->buf, level->entry);
        PUT_LITERAL(w->buf, PAIR ">");
    }
}

static slice_t open_element(cs_writer_t *w, const char *type)
{
    slice_t element = begin_tag(w, type);

    if (element.s) {
        cs_buf_putc(w->buf, '>');
    }
    return element;
}

static void close_element(cs_writer_t *w, slice_t element)
{
    if (element.s) {
        PUT_LITERAL(w->buf, "</");
        put_slice(w->buf, element);
        cs_buf_putc(w->buf, '>');
    }
    end_pair(w);
}

static void push(cs_writer_t *w, slice_t element, slice_t name, slice_t entry)
{
    APR_ARRAY_PUSH(state_of(w)->levels, level_t) = (level_t){element, name, entry};
}

static void close_level(cs_writer_t *w)
{
    const level_t *level = apr_array_pop(state_of(w)->levels);

    close_element(w, level->element);
}

static void object_open(cs_writer_t *w, const char *type)
{
    push(w, open_element(w, type), (slice_t){NULL, 0}, (slice_t){NULL, 0});
}

static void array_open(cs_writer_t *w, const char *item_type)
{
    const char *root = top_of(w) ? NULL : apr_pstrcat(w->buf->pool, "ArrayOf", item_type, NULL);

    push(w, open_element(w, root), slice_of(item_type), (slice_t){NULL, 0});
}

static void map_open(cs_writer_t *w, const char *entry_type)
{
    push(w, open_element(w, "Dictionary"), slice_of("Value"), slice_of(entry_type));
}

/* ---------------- texts */

enum { PLAIN, AMP, LT, GT, CR, DROP, MAYBE };

/* What becomes of each byte: what XML 1.0 has no place for is dropped, even escaped. */
static const char fates[256] = {
    DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP,        PLAIN,      PLAIN,      DROP,
    DROP, CR,   DROP, DROP, DROP, DROP, DROP, DROP, DROP,        DROP,       DROP,       DROP,
    DROP, DROP, DROP, DROP, DROP, DROP, DROP, DROP, ['&'] = AMP, ['<'] = LT, ['>'] = GT, [0xEF] = MAYBE,
};

static const slice_t replacements[] = {
    [AMP] = {"&amp;", 5}, [LT] = {"&lt;", 4}, [GT] = {"&gt;", 4}, [CR] = {"&#13;", 5}, [DROP] = {"", 0},
};

/* U+FFFE and U+FFFF. */
static int is_no_character(const char *text, const char *end)
{
    return end - text >= 3 && (unsigned char)text[1] == 0xBF && (unsigned char)text[2] >= 0xBE;
}

void cs_xml_escape(cs_buf_t *buf, const char *text, apr_size_t len)
{
    const char *end = text + len;
    const char *run = text;

    while (text < end) {
        char fate = fates[(unsigned char)*text];
        apr_size_t step = 1;

        if (fate == MAYBE && is_no_character(text, end)) {
            fate = DROP;
            step = 3;
        }
        if (fate == PLAIN || fate == MAYBE) {
            text++;
            continue;
        }
        cs_buf_put(buf, run, (apr_size_t)(text - run));
        put_slice(buf, replacements[(int)fate]);
        text += step;
        run = text;
    }
    cs_buf_put(buf, run, (apr_size_t)(end - run));
}

/* ---------------- values */

static void name_value(cs_writer_t *w, const char *name, apr_size_t len)
{
    level_t *level = top_of(w);

    if (!level) {
        return; /* nothing is open that names could stand in */
    }
    if (!level->entry.s) {
        level->name = (slice_t){name, len};
        return;
    }
    cs_buf_putc(w->buf, '<');
    put_slice(w->buf, level->entry);
    PUT_LITERAL(w->buf, PAIR "><Key>");
    cs_xml_escape(w->buf, name, len);
    PUT_LITERAL(w->buf, "</Key>");
}

static void null_value(cs_writer_t *w)
{
    if (begin_tag(w, "Value").s) {
        PUT_LITERAL(w->buf, " xsi:nil=\"true\"/>");
    }
    end_pair(w);
}

static void text_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    slice_t element = open_element(w, "Value");

    cs_xml_escape(w->buf, text, len);
    close_element(w, element);
}

static void plain_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    slice_t element = open_element(w, "Value");

    cs_buf_put(w->buf, text, len);
    close_element(w, element);
}

static void boolean_value(cs_writer_t *w, int truth)
{
    plain_value(w, truth ? "true" : "false", truth ? 4 : 5);
}

static void integer_value(cs_writer_t *w, apr_int64_t number)
{
    char digits[CS_NUM_MAX];

    plain_value(w, digits, cs_num_print_int(digits, number));
}

/* Infinity and NaN are nil here because they are null in JSON. */
static void real_value(cs_writer_t *w, double number)
{
    char digits[CS_NUM_MAX];
    apr_size_t len = cs_num_print_real(digits, number);

    if (len) {
        plain_value(w, digits, len);
    }
    else {
        null_value(w);
    }
}

/* A list of XML Schema: the names stand with a blank between them, without the comma. */
static void flags_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    const char *end = text + len;
    slice_t element = open_element(w, "Value");

    while (text < end) {
        const char *comma = memchr(text, ',', (apr_size_t)(end - text));

        cs_buf_put(w->buf, text, (apr_size_t)((comma ? comma : end) - text));
        text = comma ? comma + 1 : end;
    }
    close_element(w, element);
}

static void ready_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    slice_t element = open_element(w, "Value");

    cs_buf_link(w->buf, text, len);
    close_element(w, element);
}

const cs_writer_ops_t cs_xml_writer = {
    .begin = begin_document,
    .open = object_open,
    .close = close_level,
    .array_open = array_open,
    .array_close = close_level,
    .map_open = map_open,
    .map_close = close_level,
    .name = name_value,
    .property = name_value,
    .null = null_value,
    .boolean = boolean_value,
    .integer = integer_value,
    .real = real_value,
    .text = text_value,
    .plain = plain_value,
    .flags = flags_value,
    .ready = ready_value,
};
