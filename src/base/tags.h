/* base/tags.h -- which entity tags were given for what, remembered for a while by one process.
 *
 * An answer's tag holds a digest of its bytes.  While neither what it was made of has changed, which `mark`
 * and `version` tell, nor who asks for it and how, it is the same, and needs not be made again to be known.
 * A table of fixed size; in a full set what was remembered first goes.  Any thread. */
#ifndef CS_BASE_TAGS_H
#define CS_BASE_TAGS_H

#include <apr_pools.h>

typedef struct cs_tags_t cs_tags_t;

/* Whose tag it is: where the answer is given, of which entity, and the checksum of all that the request says
 * about its form. */
typedef struct cs_tag_key_t {
    const void *place;
    apr_int64_t id;
    apr_uint64_t form;
} cs_tag_key_t;

#define CS_TAG_MAX 48 /* bytes of its text, quotes and all, with the end */

typedef struct cs_tag_t {
    char text[CS_TAG_MAX];
    apr_int64_t version;
    apr_int64_t mark; /* of the records, as the database has them */
    int right;        /* what the caller might do */
    unsigned era;     /* of the connections that told the mark */
} cs_tag_t;

/* Room for 128 of each thread, 12.5 KB; lives as long as the pool. */
cs_tags_t *cs_tags_make(apr_pool_t *pool, int threads);

/* 1, or 0 when nothing is remembered. */
int cs_tags_find(cs_tags_t *tags, const cs_tag_key_t *key, cs_tag_t *tag_out);

void cs_tags_keep(cs_tags_t *tags, const cs_tag_key_t *key, const cs_tag_t *tag);

#endif
