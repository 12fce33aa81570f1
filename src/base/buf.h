/* base/buf.h -- a growing text with a ceiling, in pieces that never move.
 *
 * Text is appended to pieces taken from the pool; long constant text is linked in without a copy and must
 * outlive the reply.  When the ceiling is reached the buffer is `full`: what is appended then is dropped, and
 * the maker checks the flag once, at the end. */
#ifndef CS_BASE_BUF_H
#define CS_BASE_BUF_H

#include <apr_pools.h>
#include <string.h>

typedef struct cs_piece_t {
    const char *data;
    apr_size_t len;
    int constant; /* linked in, not ours: may be sent as it stands */
    struct cs_piece_t *next;
} cs_piece_t;

typedef struct cs_buf_t {
    apr_pool_t *pool;
    cs_piece_t *first, *last;
    char *at;           /* where the next byte goes */
    apr_size_t room;    /* bytes left there */
    apr_size_t length;  /* of all that was appended */
    apr_size_t ceiling; /* bytes */
    int full;
} cs_buf_t;

cs_buf_t *cs_buf_make(apr_pool_t *pool, apr_size_t ceiling);

/* The slow way of cs_buf_put: opens a new piece. */
void cs_buf_grow_put(cs_buf_t *buf, const char *data, apr_size_t len);

/* Where so many bytes may be written, to be taken afterwards; NULL: put them one by one. */
static inline char *cs_buf_room(const cs_buf_t *buf, apr_size_t len)
{
    return len > buf->room || len > buf->ceiling - buf->length ? NULL : buf->at;
}

static inline void cs_buf_take(cs_buf_t *buf, apr_size_t len)
{
    buf->at += len;
    buf->room -= len;
    buf->length += len;
    buf->last->len += len;
}

static inline void cs_buf_put(cs_buf_t *buf, const char *data, apr_size_t len)
{
    if (len > buf->room || len > buf->ceiling - buf->length) {
        cs_buf_grow_put(buf, data, len);
        return;
    }
    memcpy(buf->at, data, len);
    cs_buf_take(buf, len);
}

static inline void cs_buf_putc(cs_buf_t *buf, char c)
{
    cs_buf_put(buf, &c, 1);
}

static inline void cs_buf_puts(cs_buf_t *buf, const char *text)
{
    cs_buf_put(buf, text, strlen(text));
}

/* Links text that outlives the buffer; short text is copied, because a piece costs more than a copy. */
void cs_buf_link(cs_buf_t *buf, const char *data, apr_size_t len);

/* Moves all of the other behind what is there; the other must not be written any more. */
void cs_buf_append(cs_buf_t *buf, const cs_buf_t *other);

/* All of it as one terminated string in the pool. */
const char *cs_buf_text(const cs_buf_t *buf, apr_pool_t *pool);

/* All of it, not terminated: in place when it is one piece, else copied into the pool. */
const char *cs_buf_bytes(const cs_buf_t *buf, apr_pool_t *pool);

/* The number in decimal, with a comma before it unless it is the first in the buffer. */
void cs_buf_put_listed(cs_buf_t *buf, apr_int64_t number);

#endif
