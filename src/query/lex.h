/* query/lex.h -- the words of a $filter, and of lists of names. */
#ifndef CS_QUERY_LEX_H
#define CS_QUERY_LEX_H

#include "base/error.h"

/* What the parser looks for decides how the text is cut: "a=1" is a name, an operator and a value. */
typedef enum cs_lex_mode_t { CS_LEX_NAME, CS_LEX_OPERATOR, CS_LEX_VALUE } cs_lex_mode_t;

typedef enum cs_token_kind_t {
    CS_TOKEN_END,
    CS_TOKEN_OPEN,  /* ( */
    CS_TOKEN_CLOSE, /* ) */
    CS_TOKEN_COMMA,
    CS_TOKEN_WORD,   /* a name, an operator or a bare value */
    CS_TOKEN_QUOTED, /* s, len: without its quotes and escapes */
    CS_TOKEN_STRANGE /* what fits nowhere here */
} cs_token_kind_t;

typedef struct cs_token_t {
    cs_token_kind_t kind;
    const char *s;
    apr_size_t len;
    int at; /* the byte where it begins, from 1 */
} cs_token_t;

typedef struct cs_lex_t {
    apr_pool_t *pool;
    const char *text;
    const char *at;
    const char *what; /* the parameter, for messages: "$filter" */
} cs_lex_t;

/* The next token, which is consumed.  FILTER_SYNTAX when a quote or a bracket is not closed. */
cs_error_t *cs_lex_next(cs_lex_t *lex, cs_lex_mode_t mode, cs_token_t *token_out) CS_CHECKED;

/* Whether a word, in any case, is that. */
int cs_token_is(const cs_token_t *token, const char *word);

/* An error at a token: "$filter, character 12, 'xx': <reason>". */
cs_error_t *cs_token_error(const cs_lex_t *lex, cs_code_t code, const cs_token_t *token, const char *reason);

#endif
