#include "wire/form.h"

#include "base/hash.h"
#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

/*      form = [ pair *( "&" pair ) ]       pair = key [ "=" value ]       both with "+" and %XX
 *      key  = name *( "." name / "[" name "]" )                           once it is decoded
 *
 * Every node of the tree stands in one table by its path, so a key is found in the time that it takes to read
 * it, however many there are. */

#define LONGEST_KEY 1024 /* bytes; what is longer nobody knows */

typedef struct node_t {
    const char *name;
    apr_size_t len;
    const char *value; /* NULL: it has members, or is only now being made */
    apr_size_t value_len;
    struct node_t *first, *last, *next; /* members, in the order of their first mention */
    int count;
} node_t;

typedef struct form_t {
    cs_ctx_t *cx;
    apr_pool_t *scratch; /* gone when the document is made */
    apr_hash_t *nodes;   /* by path: lower case, names joined by '.' */
    node_t root;
    const char *bytes; /* as sent: for offsets in messages */
} form_t;

static cs_error_t *fault(const form_t *form, cs_code_t code, const char *at, const char *what)
{
    return cs_error_make(form->cx->pool, code, NULL, "%s at byte %" APR_SIZE_T_FMT, what,
                         (apr_size_t)(at - form->bytes));
}

/* ---------------- keys */

/* A key on its way to its node. */
typedef struct path_t {
    char text[LONGEST_KEY];  /* as it was spelled, names joined by '.' */
    char lower[LONGEST_KEY]; /* what it is found by */
    apr_ssize_t len;         /* -1: it is no path */
    const char *kept;        /* a copy of `lower` for the table, once it is needed */
} path_t;

/* The member of `parent` that the path names with its bytes from start to end. */
static cs_error_t *find_or_make(form_t *form, node_t *parent, path_t *path, apr_ssize_t start,
                                apr_ssize_t end, node_t **node_out)
{
    node_t *node = apr_hash_get(form->nodes, path->lower, end);

    *node_out = node;
    if (node) {
        return NULL;
    }
    if ((int)apr_hash_count(form->nodes) == form->cx->limits->values) {
        return cs_error_make(form->cx->pool, CS_E_FORM_LIMIT, NULL, "the form has more than %d keys",
                             form->cx->limits->values);
    }
    if (!path->kept) {
        path->kept = apr_pmemdup(form->scratch, path->lower, (apr_size_t)path->len);
    }
    *node_out = node = apr_pcalloc(form->scratch, sizeof(*node));
    node->len = (apr_size_t)(end - start);
    node->name = apr_pstrmemdup(form->cx->pool, path->text + start, node->len);
    apr_hash_set(form->nodes, path->kept, end, node);
    if (parent->last) {
        parent->last->next = node;
    }
    else {
        parent->first = node;
    }
    parent->last = node;
    parent->count++;
    return NULL;
}

/* Rewrites "a[b].c" as "a.b.c": its length, or -1 when it is no path. */
static apr_ssize_t plain_path(const char *key, apr_size_t len, char *path)
{
    char *to = path;
    int name = 0, bracket = 0, closed = 0; /* in a name; in brackets; right after them */

    for (apr_size_t i = 0; i < len; i++) {
        char c = key[i];

        if ((c == '.' || c == '[') && !bracket && (name || closed)) {
            *to++ = '.';
            bracket = c == '[';
            name = closed = 0;
        }
        else if (c == ']' && bracket && name) {
            bracket = name = 0;
            closed = 1;
        }
        else if (closed || c == '.' || c == '[' || c == ']') {
            return -1;
        }
        else {
            *to++ = c;
            name = 1;
        }
    }
    return bracket || (!name && !closed) ? -1 : to - path;
}

static void read_path(const char *key, apr_size_t len, path_t *path)
{
    path->kept = NULL;
    path->len = len <= LONGEST_KEY ? plain_path(key, len, path->text) : -1;
    for (apr_ssize_t i = 0; i < path->len; i++) {
        char c = path->text[i];

        path->lower[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
}

static cs_error_t *conflict(const form_t *form, const path_t *path, apr_ssize_t len)
{
    return cs_error_make(form->cx->pool, CS_E_FORM_CONFLICT, NULL, "'%s' has a value and members",
                         cs_text_clean(form->cx->pool, path->text, (apr_size_t)len, 100));
}

/* The node of a key, which may get a value; NULL: the key is no path. */
static cs_error_t *find_key(form_t *form, const char *key, apr_size_t len, const char *at, node_t **node_out)
{
    path_t path;
    node_t *node = &form->root;
    int depth = 0;

    *node_out = NULL;
    read_path(key, len, &path);
    for (apr_ssize_t start = 0; start < path.len;) {
        const char *dot = memchr(path.text + start, '.', (apr_size_t)(path.len - start));
        apr_ssize_t end = dot ? dot - path.text : path.len;

        if (++depth > form->cx->limits->depth) {
            return cs_error_make(form->cx->pool, CS_E_FORM_DEPTH, NULL,
                                 "a key has more than %d names at byte %" APR_SIZE_T_FMT,
                                 form->cx->limits->depth, (apr_size_t)(at - form->bytes));
        }
        CS_TRY(find_or_make(form, node, &path, start, end, &node));
        if (dot ? node->value != NULL : node->first != NULL) {
            return conflict(form, &path, end);
        }
        start = end + 1;
    }
    if (path.len > 0) {
        *node_out = node;
    }
    return NULL;
}

/* ---------------- pairs */

/* Decodes a key or a value, in place. */
static cs_error_t *decode_text(form_t *form, const char *at, char *text, apr_size_t *len)
{
    apr_ssize_t decoded = cs_text_unescape(text, *len, text);

    if (decoded < 0) {
        return fault(form, CS_E_FORM_SYNTAX, at,
                     "a '%' without two hexadecimal digits behind it stands in what begins");
    }
    *len = (apr_size_t)decoded;
    if (memchr(text, '\0', *len)) {
        return fault(form, CS_E_TEXT_NUL, at, "a text holds U+0000, which cannot be stored, in what begins");
    }
    return cs_utf8_valid(text, *len, NULL)
               ? NULL
               : fault(form, CS_E_FORM_ENCODING, at, "a byte that is no UTF-8 stands in what begins");
}

/* `pair` is a copy that may be written to; `at` is where the same stands as it was sent. */
static cs_error_t *take_pair(form_t *form, const char *at, char *pair, apr_size_t len)
{
    char *equals = memchr(pair, '=', len);
    apr_size_t key_len = equals ? (apr_size_t)(equals - pair) : len;
    apr_size_t value_len = len - key_len - (equals != NULL);
    char *value = pair + len - value_len;
    node_t *node;

    CS_TRY(decode_text(form, at + (value - pair), value, &value_len));
    CS_TRY(decode_text(form, at, pair, &key_len));
    CS_TRY(find_key(form, pair, key_len, at, &node));
    if (node) {
        node->value = value;
        node->value_len = value_len;
    }
    return NULL;
}

static cs_error_t *take_pairs(form_t *form, apr_size_t len)
{
    char *copy = apr_pstrmemdup(form->cx->pool, form->bytes, len);

    for (apr_size_t start = 0; start < len;) {
        const char *end = memchr(form->bytes + start, '&', len - start);
        apr_size_t pair_len = end ? (apr_size_t)(end - form->bytes) - start : len - start;

        if (pair_len) {
            CS_TRY(take_pair(form, form->bytes + start, copy + start, pair_len));
        }
        start += pair_len + 1;
    }
    return NULL;
}

/* Recursion is as deep as the longest path, which is bounded. */
static cs_doc_t *doc_from(const form_t *form, const node_t *node)
{
    cs_doc_t *doc = apr_pcalloc(form->cx->pool, sizeof(*doc));
    cs_member_t *member;

    if (node->value) {
        doc->kind = CS_DOC_STRING;
        doc->untyped = 1;
        doc->text = node->value;
        doc->len = node->value_len;
        return doc;
    }
    doc->kind = CS_DOC_OBJECT;
    doc->count = node->count;
    doc->members = member = apr_palloc(form->cx->pool, sizeof(*member) * (apr_size_t)doc->count);
    for (const node_t *child = node->first; child; child = child->next) {
        *member++ = (cs_member_t){child->name, child->len, doc_from(form, child)};
    }
    return doc;
}

cs_error_t *cs_form_decode(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out)
{
    form_t form = {.cx = cx, .bytes = bytes};
    cs_error_t *error;

    apr_pool_create(&form.scratch, cx->pool);
    form.nodes = cs_hash_make(form.scratch);
    error = take_pairs(&form, len);
    if (!error) {
        *doc_out = doc_from(&form, &form.root);
    }
    apr_pool_destroy(form.scratch);
    return error;
}
