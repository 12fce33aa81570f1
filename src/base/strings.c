#include "base/strings.h"

#include "base/lang.h"
#include "base/text.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

#define FILE_MAX_BYTES (1024 * 1024)
#define LINE_MAX_BYTES 4000
#define NAMES_MAX      10000

typedef struct block_t {
    const char *s;
    apr_size_t len;
} block_t;

struct cs_strings_t {
    apr_hash_t *blocks; /* block_t by name */
};

/* ---------------- lines
 *
 *      line = name 1*blank block        name = "SR_" 1*( letter / digit / "_" )
 */
static apr_size_t name_length(const char *line)
{
    apr_size_t len = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    return len > 3 && len <= CS_STRING_NAME_MAX && strncmp(line, "SR_", 3) == 0 ? len : 0;
}

static int holds_control(const char *line, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < 0x20 && line[i] != '\t') {
            return 1;
        }
    }
    return 0;
}

static const char *take_line(apr_pool_t *pool, cs_strings_t *strings, const char *line, apr_size_t len)
{
    apr_size_t name = name_length(line);
    apr_size_t blanks;
    block_t *block;

    if (len > LINE_MAX_BYTES) {
        return apr_psprintf(pool, "it is longer than %d bytes", LINE_MAX_BYTES);
    }
    if (!cs_utf8_valid(line, len, NULL) || holds_control(line, len)) {
        return "it is not UTF-8, or holds a control character";
    }
    if (name == 0) {
        return "it does not begin with a name like SR_YES, of at most 64 letters, digits and underscores";
    }
    blanks = strspn(line + name, " \t");
    if (!blanks || name + blanks >= len || !cs_lang_is_block(line + name + blanks, len - name - blanks)) {
        return "the name is not followed by texts in quotes like US:\"Yes\";NO:\"Ja\"";
    }
    if (apr_hash_get(strings->blocks, line, (apr_ssize_t)name)) {
        return "its name has been there before";
    }
    if (apr_hash_count(strings->blocks) >= NAMES_MAX) {
        return apr_psprintf(pool, "it is one more than %d names", NAMES_MAX);
    }
    block = apr_palloc(pool, sizeof(*block));
    *block = (block_t){line + name + blanks, len - name - blanks};
    apr_hash_set(strings->blocks, line, (apr_ssize_t)name, block);
    return NULL;
}

static cs_strings_t *make(apr_pool_t *pool)
{
    cs_strings_t *strings = apr_palloc(pool, sizeof(*strings));

    strings->blocks = apr_hash_make(pool);
    return strings;
}

const cs_strings_t *cs_strings_parse(apr_pool_t *pool, const char *text, apr_size_t len,
                                     const char **reason_out)
{
    cs_strings_t *strings = make(pool);
    const char *end = text + len;
    int number = 0;

    text += len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (text < end) {
        const char *line_end = memchr(text, '\n', (apr_size_t)(end - text));
        const char *next = line_end ? line_end + 1 : end;
        const char *wrong = NULL;

        line_end = line_end ? line_end : end;
        while (line_end > text && strchr(" \t\r", line_end[-1])) {
            line_end--;
        }
        number++;
        if (line_end > text && *text != '#') {
            wrong = take_line(pool, strings, text, (apr_size_t)(line_end - text));
        }
        if (wrong) {
            *reason_out = apr_psprintf(pool, "line %d: %s", number, wrong);
            return NULL;
        }
        text = next;
    }
    return strings;
}

const cs_strings_t *cs_strings_load(apr_pool_t *pool, const char *path, const char **reason_out)
{
    apr_size_t len = 0;
    apr_finfo_t info;
    apr_file_t *file;
    apr_status_t status;
    char *text;

    *reason_out = "there is no such file, or it may not be read";
    if (apr_stat(&info, path, APR_FINFO_TYPE | APR_FINFO_SIZE, pool) != APR_SUCCESS ||
        info.filetype != APR_REG ||
        apr_file_open(&file, path, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS) {
        return NULL;
    }
    if (info.size > FILE_MAX_BYTES) {
        apr_file_close(file);
        *reason_out = "it is longer than 1 MiB";
        return NULL;
    }
    text = apr_pcalloc(pool, (apr_size_t)info.size + 1);
    status = apr_file_read_full(file, text, (apr_size_t)info.size, &len);
    apr_file_close(file);
    return status == APR_SUCCESS ? cs_strings_parse(pool, text, len, reason_out) : NULL;
}

/* ---------------- using them */

const cs_strings_t *cs_strings_join(apr_pool_t *pool, const apr_array_header_t *tables)
{
    cs_strings_t *all;

    if (!tables || tables->nelts == 0) {
        return NULL;
    }
    if (tables->nelts == 1) {
        return APR_ARRAY_IDX(tables, 0, const cs_strings_t *);
    }
    all = make(pool);
    for (int i = 0; i < tables->nelts; i++) {
        all->blocks =
            apr_hash_overlay(pool, APR_ARRAY_IDX(tables, i, const cs_strings_t *)->blocks, all->blocks);
    }
    return all;
}

const char *cs_strings_find(const cs_strings_t *strings, const char *name, apr_size_t len,
                            apr_size_t *block_len_out)
{
    const block_t *block = apr_hash_get(strings->blocks, name, (apr_ssize_t)len);

    *block_len_out = block ? block->len : 0;
    return block ? block->s : NULL;
}
