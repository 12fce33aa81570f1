#include "db/kept.h"

#include "base/checksum.h"

#include <stddef.h>
#include <string.h>

#define SLOW    apr_time_from_msec(50) /* longer than any list that is worth keeping takes */
#define PAUSE   16                     /* uses, doubled with each further slow one */
#define STRIKES 12
#define FORGET  64 /* answers in a row that were not slow, after which the slow ones are forgotten */

typedef struct place_t {
    apr_uint64_t hash, used;
    apr_size_t len;         /* of the key; 0: there is none */
    int occupied;           /* the server holds some statement of this name */
    int there;              /* it is this one */
    int strikes, pause;     /* slow answers, uses that are left of the pause */
    int quick;              /* answers since that were not slow */
    char key[CS_KEPT_TEXT]; /* a byte for each argument's kind, then the text */
} place_t;

struct cs_kept_t {
    apr_uint64_t uses;
    int seen_next;
    apr_uint64_t seen[CS_KEPT_SEEN];
    place_t places[CS_KEPT_MAX];
};

/* The keys are left as they come: what is not used is never touched. */
cs_kept_t *cs_kept_make(apr_pool_t *pool)
{
    cs_kept_t *kept = apr_palloc(pool, sizeof(*kept));

    kept->uses = 0;
    kept->seen_next = 0;
    memset(kept->seen, 0, sizeof(kept->seen));
    for (int i = 0; i < CS_KEPT_MAX; i++) {
        memset(&kept->places[i], 0, offsetof(place_t, key));
    }
    return kept;
}

static int is_seen(cs_kept_t *kept, apr_uint64_t hash)
{
    for (int i = 0; i < CS_KEPT_SEEN; i++) {
        if (kept->seen[i] == hash) {
            return 1;
        }
    }
    kept->seen[kept->seen_next] = hash;
    kept->seen_next = (kept->seen_next + 1) % CS_KEPT_SEEN;
    return 0;
}

static int find_place(const cs_kept_t *kept, apr_uint64_t hash, const char *kinds, int count,
                      const char *text, apr_size_t len)
{
    for (int i = 0; i < CS_KEPT_MAX; i++) {
        const place_t *place = &kept->places[i];

        if (place->hash == hash && place->len == len + (apr_size_t)count &&
            memcmp(place->key, kinds, (apr_size_t)count) == 0 && memcmp(place->key + count, text, len) == 0) {
            return i;
        }
    }
    return -1;
}

static int find_oldest(const cs_kept_t *kept)
{
    int oldest = 0;

    for (int i = 1; i < CS_KEPT_MAX; i++) {
        oldest = kept->places[i].used < kept->places[oldest].used ? i : oldest;
    }
    return oldest;
}

cs_keeping_t cs_kept_find(cs_kept_t *kept, const char *text, const cs_val_t *args, int count, int *place_out)
{
    apr_size_t len = strlen(text);
    char kinds[CS_KEPT_TEXT];
    apr_uint64_t hash;
    place_t *place;
    int found;

    if (len == 0 || len + (apr_size_t)count > sizeof(kinds)) {
        return CS_KEPT_NOT;
    }
    for (int i = 0; i < count; i++) {
        kinds[i] = (char)args[i].kind;
    }
    hash = cs_checksum(cs_checksum(0, kinds, (apr_size_t)count), text, len);
    found = find_place(kept, hash, kinds, count, text, len);
    if (found < 0 && !is_seen(kept, hash)) {
        return CS_KEPT_NOT;
    }
    *place_out = found < 0 ? find_oldest(kept) : found;
    place = &kept->places[*place_out];
    place->used = ++kept->uses;
    if (found >= 0) {
        if (place->pause > 0) {
            place->pause--;
            return CS_KEPT_PAUSED;
        }
        return place->there ? CS_KEPT_THERE : CS_KEPT_NEW;
    }
    place->hash = hash;
    place->len = len + (apr_size_t)count;
    place->there = place->strikes = place->pause = place->quick = 0;
    memcpy(place->key, kinds, (apr_size_t)count);
    memcpy(place->key + count, text, len);
    return CS_KEPT_NEW;
}

int cs_kept_occupied(const cs_kept_t *kept, int place)
{
    return kept->places[place].occupied;
}

void cs_kept_set(cs_kept_t *kept, int place, int there)
{
    kept->places[place].occupied = kept->places[place].there = there;
}

void cs_kept_took(cs_kept_t *kept, int number, apr_interval_time_t time)
{
    place_t *place = &kept->places[number];

    if (time < SLOW) {
        place->strikes = ++place->quick < FORGET ? place->strikes : 0;
        return;
    }
    place->pause = PAUSE << place->strikes;
    place->strikes += place->strikes < STRIKES;
    place->quick = 0;
}
