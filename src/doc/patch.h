/* doc/patch.h -- JSON Patch (RFC 6902): operations on a document, which give a new one.
 *
 * Documents never change: what an operation changes is copied along its path, the rest is shared.  Without
 * rules it is the RFC to the letter.  Rules make it the API's PATCH of an entity: names match in any case,
 * the first slash of a path may be missing, a removed member becomes null and stays, what is set below null
 * comes into being, and an array that is added to an array appends its items.
 *
 * Bounds: CS_PATCH_OPERATIONS; limits->depth for what is set; limits->values for what all copy operations
 * together may add; CS_PATCH_WORK for all that is copied on the way. */
#ifndef CS_DOC_PATCH_H
#define CS_DOC_PATCH_H

#include "base/ctx.h"
#include "base/error.h"
#include "doc/doc.h"
#include "doc/pointer.h"

#include <apr_tables.h>

#define CS_PATCH_OPERATIONS 1000    /* in one patch */
#define CS_PATCH_WORK       1000000 /* members and items that may be copied or counted while it is applied */

typedef enum cs_patch_kind_t {
    CS_PATCH_ADD,
    CS_PATCH_REMOVE,
    CS_PATCH_REPLACE,
    CS_PATCH_MOVE,
    CS_PATCH_COPY,
    CS_PATCH_TEST,
    CS_PATCH_KINDS
} cs_patch_kind_t;

typedef struct cs_patch_op_t {
    cs_patch_kind_t kind;
    cs_pointer_t path, from;
    const cs_doc_t *value; /* NULL: the operation takes none */
    const char *place;     /* "3": which of the patch; NULL: it was a member of a merge document */
    int ignored;           /* the judge said so */
} cs_patch_op_t;

/* What may be done with what a path leads to. */
typedef enum cs_patch_use_t {
    CS_PATCH_MAY_SET,
    CS_PATCH_MAY_READ, /* with test, and as what copy copies */
    CS_PATCH_IGNORED   /* the operation does nothing */
} cs_patch_use_t;

typedef struct cs_patch_rules_t {
    void *self;       /* for the functions */
    unsigned refused; /* operations that are not taken: 1u << CS_PATCH_MOVE */

    /* Asked for each path of each operation, in order and before any is applied; `path` is op->path or
     * op->from.  The fault's field is `field`, or the name of the property. */
    cs_error_t *(*judge)(cs_ctx_t *cx, void *self, const cs_patch_op_t *op, const cs_pointer_t *path,
                         const char *field, cs_patch_use_t *use_out);

    /* Whether `current`, found at the path, is what a test wants; NULL: there is nothing. */
    int (*same)(cs_ctx_t *cx, void *self, const cs_pointer_t *path, const cs_doc_t *current,
                const cs_doc_t *wanted);

    /* Whether an object of a merge document is there a value of its own, whose members name no properties. */
    int (*whole)(void *self, const cs_pointer_t *path);
} cs_patch_rules_t;

/* Applies a patch document, an array; rules NULL: RFC 6902.  All that is wrong with the operations themselves
 * is found before the first is applied: BODY_INVALID with a fault each, whose field is "3/path", "3/op", ...
 * Then PATCH_PATH, PATCH_TEST or PATCH_SIZE for the first operation that fails. */
cs_error_t *cs_patch_apply(cs_ctx_t *cx, const cs_patch_rules_t *rules, const cs_doc_t *doc,
                           const cs_doc_t *patch, const cs_doc_t **doc_out) CS_CHECKED;

/* The same with operations that somebody else read (cs_patch_op_t), and the faults that he found. */
cs_error_t *cs_patch_run(cs_ctx_t *cx, const cs_patch_rules_t *rules, const cs_doc_t *doc,
                         apr_array_header_t *ops, cs_error_t *faults, const cs_doc_t **doc_out) CS_CHECKED;

/* The field that a fault with that part of an operation ("op", "path", "from", "value") is reported with. */
const char *cs_patch_field(apr_pool_t *pool, const cs_patch_op_t *op, const char *part);

/* A path, fit for a message. */
const char *cs_patch_shown(apr_pool_t *pool, const cs_pointer_t *path);

#endif
