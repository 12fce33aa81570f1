#include "base/attempts.h"

#include <apr_general.h>
#include <apr_shm.h>
#include <apr_siphash.h>

#define SETS 2048 /* a power of two */
#define WAYS 8
#define NAME "mod_chatsession attempts"

/* A way = tag: 24 bits of the key | second of the first failure, since the table was made: 30 bits |
 * failures: 10 bits; 0: free. */
#define TAG_SHIFT   40
#define START_SHIFT 10
#define START_MASK  0x3FFFFFFF
#define COUNT_MASK  0x3FF

typedef struct table_t {
    unsigned char key[APR_SIPHASH_KSIZE];
    apr_time_t made;
    apr_uint64_t sets[SETS][WAYS];
} table_t;

struct cs_attempts_t {
    table_t *table;
};

cs_attempts_t *cs_attempts_open(apr_pool_t *process)
{
    cs_attempts_t *attempts;
    void *found = NULL;
    apr_shm_t *shm;

    apr_pool_userdata_get(&found, NAME, process);
    if (found) {
        return found;
    }
    attempts = apr_pcalloc(process, sizeof(*attempts));
    if (apr_shm_create(&shm, sizeof(table_t), NULL, process) != APR_SUCCESS) {
        return NULL;
    }
    attempts->table = apr_shm_baseaddr_get(shm);
    memset(attempts->table, 0, sizeof(table_t));
    attempts->table->made = apr_time_now();
    if (apr_generate_random_bytes(attempts->table->key, sizeof(attempts->table->key)) != APR_SUCCESS) {
        return NULL;
    }
    apr_pool_userdata_setn(attempts, NAME, NULL, process);
    return attempts;
}

apr_uint64_t cs_attempts_key(const cs_attempts_t *attempts, const char *text, apr_size_t len)
{
    return apr_siphash24(text, len, attempts->table->key);
}

/* ---------------- ways */

static apr_uint64_t tag_of(apr_uint64_t key)
{
    apr_uint64_t tag = key >> TAG_SHIFT;

    return tag ? tag : 1; /* no way that is taken is 0 */
}

static apr_uint64_t *set_of(const cs_attempts_t *attempts, apr_uint64_t key)
{
    return attempts->table->sets[key & (SETS - 1)];
}

static apr_int64_t second(const cs_attempts_t *attempts, apr_time_t now)
{
    return apr_time_sec(now - attempts->table->made) & START_MASK;
}

static apr_int64_t age(const cs_attempts_t *attempts, apr_uint64_t way, apr_time_t now)
{
    return (second(attempts, now) - (apr_int64_t)(way >> START_SHIFT & START_MASK)) & START_MASK;
}

static int count_of(apr_uint64_t way)
{
    return (int)(way & COUNT_MASK);
}

static apr_uint64_t *find(const cs_attempts_t *attempts, apr_uint64_t key, apr_uint64_t *way_out)
{
    apr_uint64_t *set = set_of(attempts, key);

    for (int i = 0; i < WAYS; i++) {
        *way_out = __atomic_load_n(&set[i], __ATOMIC_RELAXED);
        if (*way_out >> TAG_SHIFT == tag_of(key)) {
            return &set[i];
        }
    }
    return NULL;
}

/* A free way, one whose window is over, or that of who has failed least. */
static apr_uint64_t *make_room(const cs_attempts_t *attempts, apr_uint64_t key, int window, apr_time_t now,
                               apr_uint64_t *way_out)
{
    apr_uint64_t *set = set_of(attempts, key), *best = set;
    int least = COUNT_MASK + 1;

    for (int i = 0; i < WAYS; i++) {
        apr_uint64_t way = __atomic_load_n(&set[i], __ATOMIC_RELAXED);
        int count = way && age(attempts, way, now) < window ? count_of(way) : 0;

        if (count < least) {
            least = count;
            best = &set[i];
            *way_out = way;
        }
    }
    return best;
}

static int exchange(apr_uint64_t *at, apr_uint64_t expected, apr_uint64_t way)
{
    return __atomic_compare_exchange_n(at, &expected, way, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* ---------------- counting */

int cs_attempts_wait(const cs_attempts_t *attempts, apr_uint64_t key, int limit, int window, apr_time_t now)
{
    apr_uint64_t way;
    apr_int64_t gone;

    if (!find(attempts, key, &way) || count_of(way) < limit) {
        return 0;
    }
    gone = age(attempts, way, now);
    return gone < window ? window - (int)gone : 0;
}

/* Another child that changes the same way makes us look again; a few times are enough to count all but a
 * storm. */
void cs_attempts_fail(cs_attempts_t *attempts, apr_uint64_t key, int window, apr_time_t now)
{
    for (int attempt = 0; attempt < 16; attempt++) {
        apr_uint64_t way = 0;
        apr_uint64_t *at = find(attempts, key, &way);
        apr_uint64_t fresh =
            tag_of(key) << TAG_SHIFT | (apr_uint64_t)second(attempts, now) << START_SHIFT | 1;

        if (!at) {
            at = make_room(attempts, key, window, now, &way);
        }
        else if (age(attempts, way, now) < window) {
            fresh = count_of(way) < CS_ATTEMPTS_MAX ? way + 1 : way;
        }
        if (exchange(at, way, fresh)) {
            return;
        }
    }
}

void cs_attempts_forget(cs_attempts_t *attempts, apr_uint64_t key)
{
    apr_uint64_t way;
    apr_uint64_t *at = find(attempts, key, &way);

    if (at) {
        exchange(at, way, 0);
    }
}
