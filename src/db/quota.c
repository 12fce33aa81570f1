#include "db/quota.h"

#include <apr_file_io.h>
#include <apr_portable.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <fcntl.h>
#include <unistd.h>

#define CRY_LASTS apr_time_from_msec(200)

struct cs_quota_t {
    int max;
    int file;
    unsigned char *taken;   /* of max places, by this process: a process does not see its own locks */
    apr_uint64_t *cried_at; /* shared by all: the microsecond of the last cry */
};

static cs_quota_t *quota_make(apr_pool_t *process, int max, const char **reason_out)
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
    if (apr_shm_create(&shm, sizeof(*quota->cried_at), NULL, process) != APR_SUCCESS) {
        *reason_out = "there is no shared memory";
        return NULL;
    }
    apr_os_file_get(&quota->file, file);
    fcntl(quota->file, F_SETFD, FD_CLOEXEC); /* no program that a child starts has to do with it */
    quota->cried_at = apr_shm_baseaddr_get(shm);
    __atomic_store_n(quota->cried_at, 0, __ATOMIC_RELAXED);
    quota->taken = apr_pcalloc(process, (apr_size_t)max);
    quota->max = max;
    return quota;
}

cs_quota_t *cs_quota_open(apr_pool_t *process, const char *key, int max, const char **reason_out)
{
    apr_pool_t *scratch; /* a restart that finds its quota leaves nothing behind */
    void *found = NULL;
    const char *name;

    apr_pool_create(&scratch, process);
    name = apr_psprintf(scratch, "mod_chatsession quota %d %s", max, key);
    apr_pool_userdata_get(&found, name, process);
    if (!found) {
        found = quota_make(process, max, reason_out);
        if (found) {
            apr_pool_userdata_set(found, name, NULL, process);
        }
    }
    apr_pool_destroy(scratch);
    return found;
}

static int lock_place(const cs_quota_t *quota, int place, short kind)
{
    struct flock lock = {.l_type = kind, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};

    return fcntl(quota->file, F_SETLK, &lock) == 0;
}

int cs_quota_take(cs_quota_t *quota)
{
    int start = (int)(getpid() % quota->max); /* spreads the children, so that most find a place at once */

    for (int i = 0; i < quota->max; i++) {
        int place = (start + i) % quota->max;

        if (!quota->taken[place] && lock_place(quota, place, F_WRLCK)) {
            quota->taken[place] = 1;
            return place;
        }
    }
    return -1;
}

void cs_quota_give(cs_quota_t *quota, int place)
{
    lock_place(quota, place, F_UNLCK);
    quota->taken[place] = 0;
}

void cs_quota_cry(cs_quota_t *quota)
{
    __atomic_store_n(quota->cried_at, (apr_uint64_t)apr_time_now(), __ATOMIC_RELAXED);
}

int cs_quota_wanted(const cs_quota_t *quota)
{
    apr_time_t cried_at = (apr_time_t)__atomic_load_n(quota->cried_at, __ATOMIC_RELAXED);

    return cried_at && apr_time_now() - cried_at < CRY_LASTS;
}
