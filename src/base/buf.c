#include "base/buf.h"

#include "base/num.h"

#define PIECE_SIZE \
    8000             /* one holds a session with all its carriers; with its header it fits APR's 8 KB node */
#define LINK_MIN 512 /* below this a copy is cheaper than a piece of its own */

static cs_piece_t *piece_add(cs_buf_t *buf, const char *data, apr_size_t len, int constant)
{
    cs_piece_t *piece = apr_palloc(buf->pool, sizeof(*piece));

    piece->data = data;
    piece->len = len;
    piece->constant = constant;
    piece->next = NULL;
    if (buf->last) {
        buf->last->next = piece;
    }
    else {
        buf->first = piece;
    }
    buf->last = piece;
    return piece;
}

/* The next own bytes go to `at`, in a piece of their own. */
static void piece_open(cs_buf_t *buf, char *at, apr_size_t room)
{
    piece_add(buf, at, 0, 0);
    buf->at = at;
    buf->room = room;
}

cs_buf_t *cs_buf_make(apr_pool_t *pool, apr_size_t ceiling)
{
    cs_buf_t *buf = apr_pcalloc(pool, sizeof(*buf));

    buf->pool = pool;
    buf->ceiling = ceiling;
    piece_open(buf, apr_palloc(pool, PIECE_SIZE), PIECE_SIZE);
    return buf;
}

void cs_buf_grow_put(cs_buf_t *buf, const char *data, apr_size_t len)
{
    apr_size_t size = len > PIECE_SIZE ? len : PIECE_SIZE;

    if (len > buf->ceiling - buf->length) {
        buf->full = 1;
        buf->ceiling = buf->length; /* nothing that comes later fits either, however short */
        return;
    }
    piece_open(buf, apr_palloc(buf->pool, size), size);
    cs_buf_put(buf, data, len);
}

void cs_buf_link(cs_buf_t *buf, const char *data, apr_size_t len)
{
    char *at = buf->at;
    apr_size_t room = buf->room;

    if (len < LINK_MIN || len > buf->ceiling - buf->length) {
        cs_buf_put(buf, data, len);
        return;
    }
    piece_add(buf, data, len, 1);
    buf->length += len;
    piece_open(buf, at, room);
}

void cs_buf_append(cs_buf_t *buf, const cs_buf_t *other)
{
    char *at = buf->at;
    apr_size_t room = buf->room;

    if (other->full || other->length > buf->ceiling - buf->length) {
        buf->full = 1;
        buf->ceiling = buf->length;
        return;
    }
    buf->last->next = other->first;
    buf->last = other->last;
    buf->length += other->length;
    piece_open(buf, at, room);
}

const char *cs_buf_text(const cs_buf_t *buf, apr_pool_t *pool)
{
    char *text = apr_palloc(pool, buf->length + 1);
    char *at = text;

    for (const cs_piece_t *piece = buf->first; piece; piece = piece->next) {
        memcpy(at, piece->data, piece->len);
        at += piece->len;
    }
    *at = '\0';
    return text;
}

const char *cs_buf_bytes(const cs_buf_t *buf, apr_pool_t *pool)
{
    return buf->first->next ? cs_buf_text(buf, pool) : buf->first->data;
}

void cs_buf_put_listed(cs_buf_t *buf, apr_int64_t number)
{
    char digits[CS_NUM_MAX];

    cs_buf_puts(buf, buf->length ? "," : "");
    cs_buf_put(buf, digits, cs_num_print_int(digits, number));
}
