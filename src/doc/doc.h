/* doc/doc.h -- the neutral document: what a body says, whatever format it came in.
 *
 * A tree in a pool, complete when a decoder returns it and never changed after.  Numbers keep the text they
 * were written with, so nothing is lost before somebody knows which type is wanted. */
#ifndef CS_DOC_DOC_H
#define CS_DOC_DOC_H

#include <apr_pools.h>

typedef enum cs_doc_kind_t {
    CS_DOC_NULL,
    CS_DOC_BOOL,   /* truth */
    CS_DOC_NUMBER, /* text, len: as in JSON */
    CS_DOC_STRING, /* text, len: UTF-8 without U+0000, terminated */
    CS_DOC_ARRAY,  /* items, count */
    CS_DOC_OBJECT  /* members, count; no name twice; text, len: the name that a whole document bears in a
                      format that names it (XML's root), else NULL */
} cs_doc_kind_t;

typedef struct cs_member_t cs_member_t;

typedef struct cs_doc_t {
    cs_doc_kind_t kind;
    int truth;
    int untyped; /* a string in a format that has no types: it may stand for a number, a boolean, a time */
    int count;
    apr_size_t len;
    const char *text;
    struct cs_doc_t **items;
    cs_member_t *members;
} cs_doc_t;

struct cs_member_t {
    const char *name; /* terminated */
    apr_size_t len;
    cs_doc_t *value;
};

/* "an object", "a string": for messages. */
const char *cs_doc_kind_name(cs_doc_kind_t kind);

/* The member of that name without regard to case, or NULL.  *twice_out tells that there are several, in
 * different case; the first of them is the answer.  It may be NULL. */
const cs_doc_t *cs_doc_find(const cs_doc_t *object, const char *name, int *twice_out);

#endif
