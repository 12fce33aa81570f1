/* doc/same.h -- whether two values are the same (RFC 6902, section 4.6): numbers by what they are worth,
 * strings by their characters, objects whatever the order of their members. */
#ifndef CS_DOC_SAME_H
#define CS_DOC_SAME_H

#include "doc/doc.h"

/* Takes a scratch from the pool for large objects; the time is that of the smaller value and a sort. */
int cs_doc_same(apr_pool_t *pool, const cs_doc_t *a, const cs_doc_t *b);

/* Two decimal numbers, of any size and precision: 1, 1.0, 10e-1 and +1 are the same, and so are 0 and -0. */
int cs_doc_same_number(const char *a, apr_size_t a_len, const char *b, apr_size_t b_len);

#endif
