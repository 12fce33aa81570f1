#include "query/lex.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

/*      name     = ( letter / digit / "_" ) *( letter / digit / "_" / "-" / "/" / "." / ":" )
 *      operator = name / 1*( "=" / "!" / "<" / ">" )
 *      value    = quoted / encoded / bare
 *      quoted   = "'" *( any-but-quote / "''" / "\'" / "\\" ) "'"
 *      encoded  = "[" *any-but-"]" "]"
 *      bare     = 1*( any but white space, ",", "(", ")" ) */

#define BLANKS " \t\r\n\f\v"

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static int is_inner(char c)
{
    return is_letter(c) || c == '-' || c == '/' || c == '.' || c == ':';
}

static int is_symbol(char c)
{
    return c == '=' || c == '!' || c == '<' || c == '>';
}

int cs_token_is(const cs_token_t *token, const char *word)
{
    return token->kind == CS_TOKEN_WORD && cs_text_same(token->s, token->len, word, strlen(word));
}

cs_error_t *cs_token_error(const cs_lex_t *lex, cs_code_t code, const cs_token_t *token, const char *reason)
{
    const char *shown =
        token->kind == CS_TOKEN_END
            ? "its end"
            : apr_pstrcat(lex->pool, "'", cs_text_clean(lex->pool, token->s, token->len, 60), "'", NULL);

    return cs_error_make(lex->pool, code, lex->what, "%s, character %d, %s: %s", lex->what, token->at, shown,
                         reason);
}

/* From behind the opening quote. */
static cs_error_t *take_quoted(cs_lex_t *lex, cs_token_t *token)
{
    char *out = apr_palloc(lex->pool, strlen(lex->at) + 1);

    token->kind = CS_TOKEN_QUOTED;
    token->s = out;
    for (;;) {
        char c = *lex->at++;

        if (c == '\0') {
            lex->at--;
            token->s = "'";
            token->len = 1;
            return cs_token_error(lex, CS_E_FILTER_SYNTAX, token, "the text that begins here is not closed");
        }
        if (c == '\'' && *lex->at != '\'') {
            break;
        }
        if (c == '\'' || (c == '\\' && (*lex->at == '\'' || *lex->at == '\\'))) {
            c = *lex->at++;
        }
        *out++ = c;
    }
    *out = '\0';
    token->len = (apr_size_t)(out - token->s);
    return NULL;
}

static cs_error_t *take_value(cs_lex_t *lex, cs_token_t *token)
{
    const char *end;

    if (*lex->at == '\'') {
        lex->at++;
        return take_quoted(lex, token);
    }
    end = *lex->at == '[' ? strchr(lex->at, ']') : lex->at + strcspn(lex->at, BLANKS ",()") - 1;
    if (!end) {
        token->kind = CS_TOKEN_STRANGE;
        token->len = 1;
        return cs_token_error(lex, CS_E_FILTER_SYNTAX, token,
                              "the value that begins here is not closed by ]");
    }
    token->kind = CS_TOKEN_WORD;
    token->len = (apr_size_t)(end + 1 - lex->at);
    lex->at = end + 1;
    return NULL;
}

static void take_word(cs_lex_t *lex, cs_lex_mode_t mode, cs_token_t *token)
{
    int symbol = mode == CS_LEX_OPERATOR && is_symbol(*lex->at);
    int (*goes_on)(char c) = symbol ? is_symbol : is_inner;

    token->kind = symbol || is_letter(*lex->at) ? CS_TOKEN_WORD : CS_TOKEN_STRANGE;
    if (token->kind == CS_TOKEN_WORD) {
        while (goes_on(lex->at[token->len])) {
            token->len++;
        }
    }
    else {
        apr_size_t step = cs_utf8_step(lex->at, strlen(lex->at));

        token->len = step ? step : 1;
    }
    lex->at += token->len;
}

cs_error_t *cs_lex_next(cs_lex_t *lex, cs_lex_mode_t mode, cs_token_t *token_out)
{
    static const char marks[] = "(),";
    const char *mark;

    lex->at += strspn(lex->at, BLANKS);
    memset(token_out, 0, sizeof(*token_out));
    token_out->s = lex->at;
    token_out->at = (int)(lex->at - lex->text) + 1;
    if (*lex->at == '\0') {
        token_out->kind = CS_TOKEN_END;
        return NULL;
    }
    mark = strchr(marks, *lex->at);
    if (mark) {
        token_out->kind = (cs_token_kind_t)((int)CS_TOKEN_OPEN + (int)(mark - marks));
        token_out->len = 1;
        lex->at++;
        return NULL;
    }
    if (mode == CS_LEX_VALUE) {
        return take_value(lex, token_out);
    }
    take_word(lex, mode, token_out);
    return NULL;
}
