#include "db/quota.h"

#include "base/monotonic.h"

#include <apr_file_io.h>
#include <apr_portable.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <fcntl.h>
#include <unistd.h>

#define CRY_LASTS    apr_time_from_msec(200)
#define SERVED_LASTS apr_time_from_msec(50) /* not written more often: all processes share the word */

/* What all processes share; each member is read and written atomically. */
typedef struct shared_t {
    int max;
    apr_time_t served_at;
    apr_time_t cried_at[CS_CRIES]; /* when it was last cried and not heard yet; 0: all is heard */
} shared_t;

struct cs_quota_t {
    int file;
    unsigned char taken[CS_QUOTA_MAX]; /* by this process, which does not see its own locks */
    shared_t *shared;
};

static cs_quota_t *quota_make(apr_pool_t *process, const char **reason_out)
{
    cs_quota_t *quota = apr_pcalloc(process, sizeof(*quota));
    const char *directory;
    char *path;
    apr_file_t *file;
    apr_shm_t *shm;

    if (apr_temp_dir_get(&directory, process) != APR_SUCCESS) {
        *reason_out = "there is no directory for temporary files";
        return NULL;
    }
    path = apr_pstrcat(process, directory, "/chatsession-XXXXXX", NULL);
    if (apr_file_mktemp(&file, path, APR_FOPEN_CREATE | APR_FOPEN_READ | APR_FOPEN_WRITE | APR_FOPEN_EXCL,
                        process)) {
        *reason_out = apr_pstrcat(process, "a temporary file cannot be made in ", directory, NULL);
        return NULL;
    }
    unlink(path);
    if (apr_shm_create(&shm, sizeof(*quota->shared), NULL, process) != APR_SUCCESS) {
        *reason_out = "there is no shared memory";
        return NULL;
    }
    apr_os_file_get(&quota->file, file);
    fcntl(quota->file, F_SETFD, FD_CLOEXEC); /* no program that a child starts has to do with it */
    quota->shared = apr_shm_baseaddr_get(shm);
    __atomic_store_n(&quota->shared->served_at, 0, __ATOMIC_RELAXED);
    for (int i = 0; i < CS_CRIES; i++) {
        __atomic_store_n(&quota->shared->cried_at[i], 0, __ATOMIC_RELAXED);
    }
    return quota;
}

cs_quota_t *cs_quota_open(apr_pool_t *process, const char *key, int max, const char **reason_out)
{
    apr_pool_t *scratch; /* a restart that finds its quota leaves nothing behind */
    void *found = NULL;
    cs_quota_t *quota;
    const char *name;

    apr_pool_create(&scratch, process);
    name = apr_pstrcat(scratch, "mod_chatsession quota ", key, NULL);
    apr_pool_userdata_get(&found, name, process);
    quota = found;
    if (!quota) {
        quota = quota_make(process, reason_out);
        if (quota) {
            apr_pool_userdata_set(quota, name, NULL, process);
        }
    }
    if (quota) {
        __atomic_store_n(&quota->shared->max, max, __ATOMIC_RELAXED);
    }
    apr_pool_destroy(scratch);
    return quota;
}

static int lock_place(const cs_quota_t *quota, int place, short kind)
{
    struct flock lock = {.l_type = kind, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};

    return fcntl(quota->file, F_SETLK, &lock) == 0;
}

/* How many places from `first` on are taken, by this process or another. */
static int taken_from(const cs_quota_t *quota, int first)
{
    int count = 0;

    for (int place = first; place < CS_QUOTA_MAX; place++) {
        count += __atomic_load_n(&quota->taken[place], __ATOMIC_RELAXED);
    }
    while (first < CS_QUOTA_MAX) {
        struct flock lock = {
            .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = first, .l_len = CS_QUOTA_MAX - first};

        if (fcntl(quota->file, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) {
            break;
        }
        count += (int)lock.l_len; /* neighbouring places of one process may come as one */
        first = (int)(lock.l_start + lock.l_len);
    }
    return count;
}

/* Places beyond a limit that was lowered count until they are given back: so many fewer are to be had. */
int cs_quota_take(cs_quota_t *quota)
{
    int max = __atomic_load_n(&quota->shared->max, __ATOMIC_RELAXED);
    int start = max > 0 ? (int)(getpid() % max) : 0; /* spreads the children: most find a place at once */
    int open = max - taken_from(quota, max);

    for (int i = 0; i < max; i++) {
        int place = (start + i) % max;
        unsigned char free_place = 0;

        if (place < open && __atomic_compare_exchange_n(&quota->taken[place], &free_place, 1, 0,
                                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            if (lock_place(quota, place, F_WRLCK)) {
                return place;
            }
            __atomic_store_n(&quota->taken[place], 0, __ATOMIC_RELEASE);
        }
    }
    return -1;
}

/* Unlocked before it may be taken again: the other way round the new owner would lose his lock. */
void cs_quota_give(cs_quota_t *quota, int place)
{
    lock_place(quota, place, F_UNLCK);
    __atomic_store_n(&quota->taken[place], 0, __ATOMIC_RELEASE);
}

void cs_quota_served(cs_quota_t *quota)
{
    apr_time_t now = cs_monotonic_now();

    if (now - cs_quota_served_at(quota) > SERVED_LASTS) {
        __atomic_store_n(&quota->shared->served_at, now, __ATOMIC_RELAXED);
    }
}

apr_time_t cs_quota_served_at(const cs_quota_t *quota)
{
    return __atomic_load_n(&quota->shared->served_at, __ATOMIC_RELAXED);
}

void cs_quota_cry(cs_quota_t *quota, cs_cry_t cry)
{
    __atomic_store_n(&quota->shared->cried_at[cry], cs_monotonic_now(), __ATOMIC_RELAXED);
}

int cs_quota_hear(cs_quota_t *quota, cs_cry_t cry)
{
    apr_time_t cried_at = __atomic_load_n(&quota->shared->cried_at[cry], __ATOMIC_RELAXED);

    return cried_at && cs_monotonic_now() - cried_at < CRY_LASTS &&
           __atomic_compare_exchange_n(&quota->shared->cried_at[cry], &cried_at, 0, 0, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}
