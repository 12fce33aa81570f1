/* doc/merge.h -- JSON Merge Patch (RFC 7396): a document laid over another. */
#ifndef CS_DOC_MERGE_H
#define CS_DOC_MERGE_H

#include "base/ctx.h"
#include "base/error.h"
#include "doc/doc.h"
#include "doc/patch.h"

/* RFC 7396 to the letter; the result shares what does not change.  It cannot fail: the result is no larger
 * and no deeper than both together. */
const cs_doc_t *cs_merge_apply(apr_pool_t *pool, const cs_doc_t *doc, const cs_doc_t *merge);

/* A merge document as operations on an entity (cs_patch_op_t), for cs_patch_run: each member becomes a
 * replace, null a remove, an object the operations of its members (unless rules->whole), and an object where
 * `doc` has an array is appended to it.  Appends to `faults` each name that stands twice in different case.
 * PATCH_SIZE when it takes more than CS_PATCH_OPERATIONS, BODY_SHAPE when it is no object. */
cs_error_t *cs_merge_operations(cs_ctx_t *cx, const cs_patch_rules_t *rules, const cs_doc_t *doc,
                                const cs_doc_t *merge, apr_array_header_t **ops_out,
                                cs_error_t **faults) CS_CHECKED;

#endif
