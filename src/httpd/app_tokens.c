#include "httpd/app_tokens.h"

#include "base/secret.h"

#include <apr_file_io.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <string.h>

#define DIRECTIVE "ChatSessionAppTokenFile "
#define LONGEST   1024

static int is_digest(const char *line)
{
    return strlen(line) == CS_DIGEST_CHARS && strspn(line, "0123456789abcdefABCDEF") == CS_DIGEST_CHARS;
}

/* Secrets that others may read, or change, are none. */
static const char *judge(apr_pool_t *pool, apr_file_t *file, const char *path)
{
    apr_finfo_t info;

    if (apr_file_info_get(&info, APR_FINFO_PROT | APR_FINFO_TYPE, file) != APR_SUCCESS ||
        info.filetype != APR_REG) {
        return apr_pstrcat(pool, DIRECTIVE, path, " is no file", NULL);
    }
    if (info.protection & (APR_FPROT_WREAD | APR_FPROT_WWRITE | APR_FPROT_GWRITE)) {
        return apr_pstrcat(
            pool, DIRECTIVE, path,
            " may be read or changed by others than its owner: chmod 600 it; the server reads it as "
            "the user that starts it",
            NULL);
    }
    return NULL;
}

/* The line without white space around it. */
static char *trimmed(char *line)
{
    char *end = line + strlen(line);

    while (apr_isspace(*line)) {
        line++;
    }
    while (end > line && apr_isspace(end[-1])) {
        *--end = '\0';
    }
    return line;
}

static const char *digest_of(apr_pool_t *pool, char *token)
{
    if (!is_digest(token)) {
        return cs_secret_digest(pool, token, strlen(token));
    }
    ap_str_tolower(token);
    return apr_pstrdup(pool, token);
}

static const char *read_lines(apr_pool_t *pool, apr_file_t *file, const char *path,
                              apr_array_header_t *tokens)
{
    char line[LONGEST];
    int number = 0;

    while (apr_file_gets(line, sizeof(line), file) == APR_SUCCESS) {
        char *token;

        number++;
        if (strlen(line) == sizeof(line) - 1) {
            return apr_psprintf(pool, DIRECTIVE "%s: line %d is longer than a token may be", path, number);
        }
        token = trimmed(line);
        if (*token && *token != '#') {
            APR_ARRAY_PUSH(tokens, const char *) = digest_of(pool, token);
        }
    }
    return tokens->nelts ? NULL : apr_pstrcat(pool, DIRECTIVE, path, " holds no token", NULL);
}

const char *cs_app_tokens_read(apr_pool_t *pool, const char *name, const apr_array_header_t **tokens_out)
{
    apr_array_header_t *tokens = apr_array_make(pool, 4, sizeof(const char *));
    const char *path = ap_server_root_relative(pool, name), *wrong;
    apr_status_t status;
    apr_file_t *file;
    char reason[120];

    if (!path) {
        return apr_pstrcat(pool, DIRECTIVE "takes the name of a file, not '", name, "'", NULL);
    }
    status = apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_BUFFERED, APR_FPROT_OS_DEFAULT, pool);
    if (status != APR_SUCCESS) {
        return apr_pstrcat(pool, DIRECTIVE, path,
                           " cannot be read: ", apr_strerror(status, reason, sizeof(reason)), NULL);
    }
    wrong = judge(pool, file, path);
    wrong = wrong ? wrong : read_lines(pool, file, path, tokens);
    apr_file_close(file);
    *tokens_out = tokens;
    return wrong;
}
