/* t/fuzz/replay.c -- runs a fuzz target over files, without a fuzzer.
 *
 *      replay [file or folder]...      without one: the target's own seeds
 *
 * An invariant that does not hold ends the process; the last line then names the file. */
#include "fuzz.h"
#include "support.h"
#include "tap.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_tables.h>

#define SEEDS "t/fuzz/seeds"

/* The bytes stand in memory of their own size, so that a sanitizer sees a read beyond them. */
static int run_file(apr_pool_t *pool, const char *path)
{
    apr_file_t *file;
    apr_finfo_t info;
    uint8_t *bytes;
    size_t size;

    printf("# %s\n", path);
    fflush(stdout);
    if (apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_BINARY, APR_FPROT_OS_DEFAULT, pool) !=
            APR_SUCCESS ||
        apr_file_info_get(&info, APR_FINFO_SIZE, file) != APR_SUCCESS) {
        return 0;
    }
    size = (size_t)info.size;
    bytes = malloc(size ? size : 1);
    must(bytes);
    if (size && apr_file_read_full(file, bytes, size, NULL) != APR_SUCCESS) {
        free(bytes);
        return 0;
    }
    apr_file_close(file);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    return 1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The files of a folder in the order of their names; a file is itself. */
static apr_array_header_t *files_of(apr_pool_t *pool, const char *path)
{
    apr_array_header_t *files = apr_array_make(pool, 100, sizeof(const char *));
    apr_finfo_t info;
    apr_dir_t *dir;

    if (apr_dir_open(&dir, path, pool) != APR_SUCCESS) {
        APR_ARRAY_PUSH(files, const char *) = path;
        return files;
    }
    while (apr_dir_read(&info, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (*info.name != '.') {
            APR_ARRAY_PUSH(files, const char *) = apr_pstrcat(pool, path, "/", info.name, NULL);
        }
    }
    apr_dir_close(dir);
    qsort(files->elts, (size_t)files->nelts, sizeof(const char *), by_name);
    return files;
}

static void replay(const char *path)
{
    apr_pool_t *pool = fuzz_pool();
    const apr_array_header_t *files = files_of(pool, path);
    int run = 0;

    for (int i = 0; i < files->nelts; i++) {
        run += run_file(pool, APR_ARRAY_IDX(files, i, const char *));
    }
    ok(run > 0 && run == files->nelts, "%s: %d of %d inputs keep every invariant", path, run, files->nelts);
    apr_pool_destroy(pool);
}

/* The seeds stand in a folder that is named like the program. */
static void replay_own(const char *program)
{
    const char *slash = strrchr(program, '/');
    apr_pool_t *pool = fuzz_pool();

    replay(test_source(pool, apr_pstrcat(pool, SEEDS "/", slash ? slash + 1 : program, NULL)));
    apr_pool_destroy(pool);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        replay_own(argv[0]);
    }
    for (int i = 1; i < argc; i++) {
        replay(argv[i]);
    }
    return done();
}
