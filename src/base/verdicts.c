#include "base/verdicts.h"

#include <apr_general.h>
#include <apr_shm.h>
#include <apr_siphash.h>
#include <string.h>

#define SETS 1024 /* a power of two */
#define WAYS 8

/* Words are read and written one by one, by anybody at any time.  `check` is the third word of the key,
 * changed by `asked`: an entry whose words come from two writers is nobody's, and no instant can be moved to
 * another key.  `renewed` is when somebody last took it upon him to ask again; whose entry it was does not
 * matter. */
typedef struct entry_t {
    apr_uint64_t first, second, check, asked, renewed;
} entry_t;

struct cs_verdicts_t {
    /* The children inherit them; they are not in the shared memory. */
    unsigned char secrets[CS_VERDICT_WORDS][APR_SIPHASH_KSIZE];
    entry_t (*sets)[WAYS];
};

cs_verdicts_t *cs_verdicts_open(apr_pool_t *pconf)
{
    cs_verdicts_t *verdicts = apr_pcalloc(pconf, sizeof(*verdicts));
    apr_size_t size = SETS * WAYS * sizeof(entry_t);
    apr_shm_t *shm;

    if (apr_generate_random_bytes(verdicts->secrets[0], sizeof(verdicts->secrets)) != APR_SUCCESS ||
        apr_shm_create(&shm, size, NULL, pconf) != APR_SUCCESS) {
        return NULL;
    }
    verdicts->sets = apr_shm_baseaddr_get(shm);
    memset(verdicts->sets, 0, size);
    return verdicts;
}

/* A tenth of the time of HMAC-SHA-256, and as good where the keys never leave the process: each request with
 * a password needs it. */
cs_verdict_key_t cs_verdicts_key(const cs_verdicts_t *verdicts, const void *question, apr_size_t len)
{
    cs_verdict_key_t key;

    for (int i = 0; i < CS_VERDICT_WORDS; i++) {
        key.words[i] = apr_siphash48(question, len, verdicts->secrets[i]);
    }
    return key;
}

static apr_uint64_t load(const apr_uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static void store(apr_uint64_t *word, apr_uint64_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELAXED);
}

static entry_t *set_of(const cs_verdicts_t *verdicts, const cs_verdict_key_t *key)
{
    return verdicts->sets[key->words[3] & (SETS - 1)];
}

static int is_of(const entry_t *entry, const cs_verdict_key_t *key)
{
    return load(&entry->first) == key->words[0] && load(&entry->second) == key->words[1];
}

/* The key's own entry, or NULL. */
static entry_t *find(const cs_verdicts_t *verdicts, const cs_verdict_key_t *key)
{
    entry_t *set = set_of(verdicts, key);

    for (int i = 0; i < WAYS; i++) {
        if (is_of(&set[i], key)) {
            return &set[i];
        }
    }
    return NULL;
}

/* How old the answer is, in microseconds; negative when there is none that counts. */
static apr_interval_time_t age_of(const entry_t *entry, const cs_verdict_key_t *key, apr_time_t now)
{
    apr_uint64_t asked = entry ? load(&entry->asked) : 0;

    return entry && load(&entry->check) == (key->words[2] ^ asked) ? now - (apr_time_t)asked : -1;
}

int cs_verdicts_has(const cs_verdicts_t *verdicts, const cs_verdict_key_t *key, apr_interval_time_t ttl,
                    apr_time_t now)
{
    apr_interval_time_t age = age_of(find(verdicts, key), key, now);

    return age >= 0 && age < ttl;
}

int cs_verdicts_due(cs_verdicts_t *verdicts, const cs_verdict_key_t *key, apr_interval_time_t ttl,
                    apr_time_t now)
{
    entry_t *entry = find(verdicts, key);
    apr_uint64_t renewed;

    if (age_of(entry, key, now) < ttl - ttl / 4) {
        return 0;
    }
    renewed = load(&entry->renewed);
    return (renewed == 0 || (apr_time_t)renewed > now || now - (apr_time_t)renewed >= ttl / 4) &&
           __atomic_compare_exchange_n(&entry->renewed, &renewed, (apr_uint64_t)now, 0, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

void cs_verdicts_forget(cs_verdicts_t *verdicts, const cs_verdict_key_t *key)
{
    entry_t *entry = find(verdicts, key);

    if (entry) {
        store(&entry->check, ~key->words[2]);
        store(&entry->asked, 0);
    }
}

/* The key's own entry, a free one, or the oldest. */
static entry_t *place_for(const cs_verdicts_t *verdicts, const cs_verdict_key_t *key)
{
    entry_t *set = set_of(verdicts, key), *oldest = set;

    for (int i = 0; i < WAYS; i++) {
        if (is_of(&set[i], key)) {
            return &set[i];
        }
        if (load(&set[i].asked) < load(&oldest->asked)) {
            oldest = &set[i];
        }
    }
    return oldest;
}

void cs_verdicts_keep(cs_verdicts_t *verdicts, const cs_verdict_key_t *key, apr_time_t asked)
{
    entry_t *entry = place_for(verdicts, key);

    store(&entry->first, key->words[0]);
    store(&entry->second, key->words[1]);
    store(&entry->asked, (apr_uint64_t)asked);
    store(&entry->check, key->words[2] ^ (apr_uint64_t)asked);
}
