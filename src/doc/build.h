/* doc/build.h -- a writer that makes a document instead of bytes.
 *
 * For what is read again at once: the entity that a patch is applied to.  Texts are copied into the pool.
 * What another format wrote before ("ready") is not read: it becomes null. */
#ifndef CS_DOC_BUILD_H
#define CS_DOC_BUILD_H

#include "doc/doc.h"
#include "doc/writer.h"

/* A writer whose document lives in the pool. */
cs_writer_t cs_build_writer(apr_pool_t *pool);

/* What was written: complete when every object and array is closed; NULL when nothing was written. */
const cs_doc_t *cs_build_doc(const cs_writer_t *w);

#endif
