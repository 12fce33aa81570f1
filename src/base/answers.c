#include "base/answers.h"

#include "base/checksum.h"

#include <apr_strings.h>
#include <pthread.h>

#define PER_SLOT 512 /* bytes of the ring, at least, for each way to find one: about the shortest answers */
#define WAYS     4
#define LONGEST  4             /* an answer takes at most so large a part of the ring, */
#define COPIED   (1024 * 1024) /* and so many bytes, because it is copied while others wait */
#define ALIGN    16

/* Stands before the key, the moment with its end, and the body in the ring. */
typedef struct entry_t {
    cs_given_t given; /* without the moment */
    apr_size_t key_len, moment_len, body_len;
} entry_t;

/* Bytes are numbered from the first that was ever written: what lies further behind than the ring is long has
 * been overwritten. */
typedef struct slot_t {
    apr_uint64_t sum; /* the checksum of the key */
    apr_uint64_t at;  /* the number of the entry's first byte; 0: empty */
} slot_t;

struct cs_answers_t {
    pthread_mutex_t mutex;
    char *ring;
    apr_size_t size;
    apr_uint64_t end; /* the number of the next byte */
    slot_t *slots;
    apr_size_t sets; /* of WAYS slots each; a power of two */
};

cs_answers_t *cs_answers_make(apr_pool_t *pool, apr_size_t bytes)
{
    cs_answers_t *answers;

    if (bytes < CS_ANSWERS_LEAST) {
        return NULL;
    }
    answers = apr_pcalloc(pool, sizeof(*answers));
    pthread_mutex_init(&answers->mutex, NULL);
    answers->size = (bytes < CS_ANSWERS_MOST ? bytes : CS_ANSWERS_MOST) / ALIGN * ALIGN;
    answers->end = answers->size;                    /* so that no entry begins at 0 */
    answers->ring = apr_palloc(pool, answers->size); /* not touched before it is written */
    for (answers->sets = 1; answers->sets * WAYS * PER_SLOT * 2 <= answers->size; answers->sets *= 2) {
    }
    answers->slots = apr_pcalloc(pool, answers->sets * WAYS * sizeof(slot_t));
    return answers;
}

/* ---------------- finding */

static entry_t *entry_at(const cs_answers_t *answers, const slot_t *slot)
{
    int lost = slot->at == 0 || slot->at + answers->size < answers->end;

    return lost ? NULL : (entry_t *)(void *)(answers->ring + slot->at % answers->size);
}

static char *key_of(entry_t *entry)
{
    return (char *)(entry + 1);
}

static char *moment_of(entry_t *entry)
{
    return key_of(entry) + entry->key_len;
}

static char *body_of(entry_t *entry)
{
    return moment_of(entry) + entry->moment_len;
}

static slot_t *set_of(const cs_answers_t *answers, apr_uint64_t sum)
{
    return &answers->slots[(sum & (answers->sets - 1)) * WAYS];
}

static entry_t *find(const cs_answers_t *answers, apr_uint64_t sum, const cs_answer_key_t *key)
{
    const slot_t *set = set_of(answers, sum);

    for (int i = 0; i < WAYS; i++) {
        entry_t *entry = set[i].sum == sum ? entry_at(answers, &set[i]) : NULL;

        if (entry && entry->key_len == key->len && memcmp(key_of(entry), key->bytes, key->len) == 0) {
            return entry;
        }
    }
    return NULL;
}

cs_given_t cs_answers_find(cs_answers_t *answers, const cs_answer_key_t *key, apr_pool_t *pool)
{
    apr_uint64_t sum = cs_checksum(0, key->bytes, key->len);
    cs_given_t given = {.known = CS_KNOWN_NOT};
    entry_t *entry;

    pthread_mutex_lock(&answers->mutex);
    entry = find(answers, sum, key);
    if (entry) {
        given = entry->given;
        given.moment = entry->moment_len ? apr_pmemdup(pool, moment_of(entry), entry->moment_len) : NULL;
    }
    pthread_mutex_unlock(&answers->mutex);
    return given;
}

/* Not the mark alone: of records that note their changes it says nothing, and who read them earlier may have
 * kept his answer later. */
static int is_given(entry_t *entry, const cs_given_t *given)
{
    apr_size_t len = given->moment ? strlen(given->moment) + 1 : 0;

    return entry->given.known >= CS_KNOWN_FICKLE && entry->given.mark == given->mark &&
           entry->given.era == given->era && entry->moment_len == len &&
           (len == 0 || memcmp(moment_of(entry), given->moment, len) == 0);
}

int cs_answers_take(cs_answers_t *answers, const cs_answer_key_t *key, const cs_given_t *given,
                    cs_buf_t *into)
{
    apr_uint64_t sum = cs_checksum(0, key->bytes, key->len);
    entry_t *entry;
    int same;

    pthread_mutex_lock(&answers->mutex);
    entry = find(answers, sum, key);
    same = entry && is_given(entry, given);
    if (same) {
        cs_buf_put(into, body_of(entry), entry->body_len);
    }
    pthread_mutex_unlock(&answers->mutex);
    return same;
}

/* ---------------- keeping */

/* One that is lost, or else the one that is so first. */
static slot_t *slot_for(const cs_answers_t *answers, apr_uint64_t sum, const entry_t *old)
{
    slot_t *set = set_of(answers, sum), *found = set;

    for (int i = 0; i < WAYS; i++) {
        if (old && entry_at(answers, &set[i]) == old) {
            return &set[i];
        }
        found = set[i].at < found->at ? &set[i] : found;
    }
    return found;
}

/* An entry lies in one piece: where it does not fit before the ring's end, at its beginning. */
static entry_t *append(cs_answers_t *answers, slot_t *slot, apr_uint64_t sum, apr_size_t len)
{
    apr_size_t rest = answers->size - answers->end % answers->size;

    answers->end += len > rest ? rest : 0;
    *slot = (slot_t){.sum = sum, .at = answers->end};
    answers->end += len;
    return (entry_t *)(void *)(answers->ring + slot->at % answers->size);
}

static void copy_body(char *to, const cs_buf_t *body)
{
    for (const cs_piece_t *piece = body ? body->first : NULL; piece; piece = piece->next) {
        memcpy(to, piece->data, piece->len);
        to += piece->len;
    }
}

/* Over what is there when it is as long. */
static void write_entry(cs_answers_t *answers, entry_t made, const cs_answer_key_t *key, const cs_buf_t *body)
{
    apr_uint64_t sum = cs_checksum(0, key->bytes, key->len);
    apr_size_t room = sizeof(entry_t) + made.key_len + made.moment_len + made.body_len;
    const char *moment = made.given.moment;
    entry_t *entry = find(answers, sum, key);

    if (!entry || entry->moment_len != made.moment_len || entry->body_len != made.body_len) {
        entry = append(answers, slot_for(answers, sum, entry), sum, (room + ALIGN - 1) / ALIGN * ALIGN);
    }
    made.given.moment = NULL;
    *entry = made;
    memcpy(key_of(entry), key->bytes, key->len);
    memcpy(moment_of(entry), moment ? moment : "", made.moment_len);
    copy_body(body_of(entry), made.body_len ? body : NULL);
}

void cs_answers_keep(cs_answers_t *answers, const cs_answer_key_t *key, const cs_given_t *given,
                     const cs_buf_t *body)
{
    apr_size_t most = answers->size / LONGEST < COPIED ? answers->size / LONGEST : COPIED;
    apr_size_t longest = most - sizeof(entry_t);
    entry_t made = {.given = *given,
                    .key_len = key->len,
                    .moment_len = given->moment ? strlen(given->moment) + 1 : 0,
                    .body_len = body ? body->length : 0};

    if (key->len > longest) {
        return;
    }
    if (made.moment_len > longest - key->len || made.body_len > longest - key->len - made.moment_len) {
        made = (entry_t){.given = {.known = CS_KNOWN_UNFIT, .era = given->era}, .key_len = key->len};
    }
    pthread_mutex_lock(&answers->mutex);
    write_entry(answers, made, key, body);
    pthread_mutex_unlock(&answers->mutex);
}
