#include "base/tags.h"

#include <pthread.h>

#define WAYS       4
#define THREAD_HAS 32 /* sets */

typedef struct entry_t {
    cs_tag_key_t key; /* place NULL: empty */
    cs_tag_t tag;
} entry_t;

typedef struct set_t {
    entry_t ways[WAYS];
    int next; /* which goes next */
} set_t;

struct cs_tags_t {
    pthread_mutex_t mutex;
    set_t *sets;
    apr_size_t count; /* a power of two */
};

cs_tags_t *cs_tags_make(apr_pool_t *pool, int threads)
{
    cs_tags_t *tags = apr_pcalloc(pool, sizeof(*tags));

    pthread_mutex_init(&tags->mutex, NULL);
    for (tags->count = THREAD_HAS; tags->count < (apr_size_t)threads * THREAD_HAS; tags->count *= 2) {
    }
    tags->sets = apr_pcalloc(pool, tags->count * sizeof(set_t));
    return tags;
}

static int is_same(const cs_tag_key_t *one, const cs_tag_key_t *other)
{
    return one->place == other->place && one->id == other->id && one->form == other->form;
}

static set_t *set_of(const cs_tags_t *tags, const cs_tag_key_t *key)
{
    apr_uint64_t spread = (key->form ^ (apr_uint64_t)key->id) * 0x9E3779B97F4A7C15u;

    return &tags->sets[(spread >> 32) & (tags->count - 1)];
}

static entry_t *find(set_t *set, const cs_tag_key_t *key)
{
    for (int i = 0; i < WAYS; i++) {
        if (is_same(&set->ways[i].key, key)) {
            return &set->ways[i];
        }
    }
    return NULL;
}

int cs_tags_find(cs_tags_t *tags, const cs_tag_key_t *key, cs_tag_t *tag_out)
{
    const entry_t *entry;

    pthread_mutex_lock(&tags->mutex);
    entry = find(set_of(tags, key), key);
    if (entry) {
        *tag_out = entry->tag;
    }
    pthread_mutex_unlock(&tags->mutex);
    return entry != NULL;
}

void cs_tags_keep(cs_tags_t *tags, const cs_tag_key_t *key, const cs_tag_t *tag)
{
    set_t *set = set_of(tags, key);
    entry_t *entry;

    pthread_mutex_lock(&tags->mutex);
    entry = find(set, key);
    if (!entry) {
        entry = &set->ways[set->next];
        set->next = (set->next + 1) % WAYS;
    }
    entry->key = *key;
    entry->tag = *tag;
    pthread_mutex_unlock(&tags->mutex);
}
