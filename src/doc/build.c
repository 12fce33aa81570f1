#include "doc/build.h"

#include "base/num.h"

#include <apr_strings.h>
#include <apr_tables.h>
#include <string.h>

#define UNUSED_CEILING 256 /* nothing is put into the buffer; writers lend its pool */
#define FIRST_ROOM     8   /* members or items that a container begins with room for */

/* A container that is still open. */
typedef struct frame_t {
    struct frame_t *outer;
    cs_doc_t *doc;
    apr_array_header_t *parts; /* cs_member_t of an object, cs_doc_t * of an array */
    const char *name;          /* of the next member */
    apr_size_t name_len;
} frame_t;

typedef struct build_t {
    apr_pool_t *pool;
    frame_t *open; /* the innermost */
    cs_doc_t *whole;
} build_t;

static build_t *build_of(const cs_writer_t *w)
{
    return w->state;
}

/* A new value in its place. */
static cs_doc_t *put(const cs_writer_t *w, cs_doc_kind_t kind)
{
    build_t *build = build_of(w);
    cs_doc_t *doc = apr_pcalloc(build->pool, sizeof(*doc));
    frame_t *frame = build->open;

    doc->kind = kind;
    if (!frame) {
        build->whole = doc;
    }
    else if (frame->doc->kind == CS_DOC_ARRAY) {
        APR_ARRAY_PUSH(frame->parts, cs_doc_t *) = doc;
    }
    else {
        cs_member_t *member = apr_array_push(frame->parts);

        *member = (cs_member_t){frame->name, frame->name_len, doc};
    }
    return doc;
}

static void put_text(const cs_writer_t *w, cs_doc_kind_t kind, const char *text, apr_size_t len)
{
    cs_doc_t *doc = put(w, kind);

    doc->text = apr_pstrmemdup(build_of(w)->pool, text, len);
    doc->len = len;
}

/* ---------------- containers */

static void begin(const cs_writer_t *w, cs_doc_kind_t kind, apr_size_t part)
{
    build_t *build = build_of(w);
    frame_t *frame = apr_pcalloc(build->pool, sizeof(*frame));

    frame->doc = put(w, kind);
    frame->parts = apr_array_make(build->pool, FIRST_ROOM, (int)part);
    frame->outer = build->open;
    build->open = frame;
}

static void end(cs_writer_t *w)
{
    build_t *build = build_of(w);
    frame_t *frame = build->open;

    frame->doc->count = frame->parts->nelts;
    if (frame->doc->kind == CS_DOC_ARRAY) {
        frame->doc->items = (cs_doc_t **)frame->parts->elts;
    }
    else {
        frame->doc->members = (cs_member_t *)frame->parts->elts;
    }
    build->open = frame->outer;
}

static void object_open(cs_writer_t *w, const char *type)
{
    (void)type;
    begin(w, CS_DOC_OBJECT, sizeof(cs_member_t));
}

static void array_open(cs_writer_t *w, const char *item_type)
{
    (void)item_type;
    begin(w, CS_DOC_ARRAY, sizeof(cs_doc_t *));
}

static void member_name(cs_writer_t *w, const char *name, apr_size_t len)
{
    frame_t *frame = build_of(w)->open;

    frame->name = apr_pstrmemdup(build_of(w)->pool, name, len);
    frame->name_len = len;
}

/* ---------------- values */

static void null_value(cs_writer_t *w)
{
    put(w, CS_DOC_NULL);
}

static void boolean_value(cs_writer_t *w, int truth)
{
    put(w, CS_DOC_BOOL)->truth = truth;
}

static void integer_value(cs_writer_t *w, apr_int64_t number)
{
    char text[CS_NUM_MAX];

    put_text(w, CS_DOC_NUMBER, text, cs_num_print_int(text, number));
}

/* Infinity and NaN are no numbers of a document, as in JSON. */
static void real_value(cs_writer_t *w, double number)
{
    char text[CS_NUM_MAX];
    apr_size_t len = cs_num_print_real(text, number);

    if (len == 0) {
        put(w, CS_DOC_NULL);
        return;
    }
    put_text(w, CS_DOC_NUMBER, text, len);
}

static void text_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    put_text(w, CS_DOC_STRING, text, len);
}

static void ready_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    (void)text;
    (void)len;
    put(w, CS_DOC_NULL);
}

static const cs_writer_ops_t ops = {
    .open = object_open,
    .close = end,
    .array_open = array_open,
    .array_close = end,
    .map_open = object_open,
    .map_close = end,
    .name = member_name,
    .property = member_name,
    .null = null_value,
    .boolean = boolean_value,
    .integer = integer_value,
    .real = real_value,
    .text = text_value,
    .plain = text_value,
    .flags = text_value,
    .ready = ready_value,
};

cs_writer_t cs_build_writer(apr_pool_t *pool)
{
    build_t *build = apr_pcalloc(pool, sizeof(*build));
    cs_writer_t w = {.ops = &ops, .buf = cs_buf_make(pool, UNUSED_CEILING), .state = build};

    build->pool = pool;
    return w;
}

const cs_doc_t *cs_build_doc(const cs_writer_t *w)
{
    return build_of(w)->whole;
}
