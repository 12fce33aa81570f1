#include "query/filter.h"

#include "base/text.h"
#include "query/operator.h"

#include <apr_strings.h>
#include <apr_tables.h>
#include <string.h>

/*      filter   = [ any ]                       any      = all *( "or" all )
 *      all      = primary *( "and" primary )    primary  = "(" any ")" / function / name operator operand
 *      function = name "(" argument *( "," argument ) ")" [ ( "eq" / "=" ) boolean ] */
typedef struct parser_t {
    cs_lex_t lex;
    cs_token_t next; /* behind what is parsed, once it was looked at */
    int terms, values;
} parser_t;

static cs_error_t *syntax(const parser_t *parser, const cs_token_t *token, const char *reason)
{
    return cs_token_error(&parser->lex, CS_E_FILTER_SYNTAX, token, reason);
}

static cs_error_t *too_much(const parser_t *parser, const cs_token_t *token, const char *reason)
{
    return cs_token_error(&parser->lex, CS_E_FILTER_LIMIT, token, reason);
}

/* ---------------- operands */

static cs_error_t *take_value(parser_t *parser, apr_array_header_t *values)
{
    cs_token_t token;

    CS_TRY(cs_lex_next(&parser->lex, CS_LEX_VALUE, &token));
    if (token.kind != CS_TOKEN_WORD && token.kind != CS_TOKEN_QUOTED) {
        return syntax(parser, &token, "a value is expected here");
    }
    if (++parser->values > CS_FILTER_VALUES) {
        return too_much(parser, &token, "there are more than " APR_STRINGIFY(CS_FILTER_VALUES) " values");
    }
    APR_ARRAY_PUSH(values, cs_token_t) = token;
    return NULL;
}

/* "(" value *( "," value ) ")", from behind the "(". */
static cs_error_t *take_values(parser_t *parser, apr_array_header_t *values)
{
    for (;;) {
        cs_token_t token;

        CS_TRY(take_value(parser, values));
        CS_TRY(cs_lex_next(&parser->lex, CS_LEX_VALUE, &token));
        if (token.kind == CS_TOKEN_CLOSE) {
            return NULL;
        }
        if (token.kind != CS_TOKEN_COMMA) {
            return syntax(parser, &token, "\",\" or \")\" is expected here");
        }
    }
}

static cs_error_t *take_list(parser_t *parser, apr_array_header_t *values)
{
    cs_token_t token;

    CS_TRY(cs_lex_next(&parser->lex, CS_LEX_VALUE, &token));
    return token.kind == CS_TOKEN_OPEN ? take_values(parser, values)
                                       : syntax(parser, &token, "\"(\" and a list are expected here");
}

static int is_number(const cs_token_t *token)
{
    apr_int64_t number;

    return token->kind == CS_TOKEN_WORD && cs_text_integer(token->s, token->len, &number);
}

/* A unit; of two numbers the second is it. */
static cs_error_t *take_period(parser_t *parser, apr_array_header_t *values)
{
    const char *before;
    cs_token_t token;

    CS_TRY(take_value(parser, values));
    before = parser->lex.at;
    CS_TRY(cs_lex_next(&parser->lex, CS_LEX_VALUE, &token));
    if (is_number(&APR_ARRAY_IDX(values, 0, cs_token_t)) && is_number(&token)) {
        APR_ARRAY_IDX(values, 0, cs_token_t) = token;
        return NULL;
    }
    parser->lex.at = before;
    return NULL;
}

static cs_error_t *take_operand(parser_t *parser, const cs_term_t *term, apr_array_header_t *values)
{
    switch (term->how->operand) {
    case CS_OPERAND_NONE:
        break;
    case CS_OPERAND_VALUE:
        return take_value(parser, values);
    case CS_OPERAND_LIST:
        return take_list(parser, values);
    case CS_OPERAND_PAIR:
        CS_TRY(take_list(parser, values));
        return values->nelts == 2 ? NULL : syntax(parser, &term->word, "it takes two values: (from, to)");
    case CS_OPERAND_PERIOD:
        return take_period(parser, values);
    case CS_OPERAND_COUNT_PERIOD:
        CS_TRY(take_value(parser, values));
        return take_value(parser, values);
    }
    return NULL;
}

/* ---------------- terms */

static cs_node_t *make_node(parser_t *parser, cs_node_kind_t kind, cs_node_t *left, cs_node_t *right)
{
    cs_node_t *node = apr_pcalloc(parser->lex.pool, sizeof(*node));

    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

static cs_error_t *make_term(parser_t *parser, const cs_token_t *name, cs_node_t **node_out)
{
    cs_node_t *node = make_node(parser, CS_NODE_TERM, NULL, NULL);

    node->term = apr_pcalloc(parser->lex.pool, sizeof(*node->term));
    node->term->name = *name;
    *node_out = node;
    return ++parser->terms > CS_FILTER_TERMS
               ? too_much(parser, name, "there are more than " APR_STRINGIFY(CS_FILTER_TERMS) " terms")
               : NULL;
}

static void keep_values(cs_term_t *term, const apr_array_header_t *values)
{
    term->values = (const cs_token_t *)values->elts;
    term->count = values->nelts;
}

/* An answer to a function: "eq true" says nothing, "eq false" the opposite. */
static cs_error_t *take_truth(parser_t *parser, cs_term_t *term)
{
    const char *before = parser->lex.at;
    cs_token_t token;

    CS_TRY(cs_lex_next(&parser->lex, CS_LEX_OPERATOR, &token));
    if (!cs_token_is(&token, "eq") && !cs_token_is(&token, "=")) {
        parser->lex.at = before;
        return NULL;
    }
    CS_TRY(cs_lex_next(&parser->lex, CS_LEX_VALUE, &token));
    if (cs_token_is(&token, "false") || cs_token_is(&token, "0")) {
        term->negated = 1;
        return NULL;
    }
    return cs_token_is(&token, "true") || cs_token_is(&token, "1")
               ? NULL
               : syntax(parser, &token, "true or false is expected here");
}

/* Puts the column first: in "substringof" it is the second argument, unless the first is no quoted text. */
static void find_column(const cs_function_t *function, apr_array_header_t *arguments)
{
    cs_token_t *list = (cs_token_t *)arguments->elts;
    int second = arguments->nelts == 2 && list[1].kind == CS_TOKEN_WORD &&
                 (list[0].kind == CS_TOKEN_QUOTED || (function->text_first && list[1].kind == CS_TOKEN_WORD));
    cs_token_t column = list[second];

    if (second) {
        list[1] = list[0];
        list[0] = column;
    }
}

static cs_error_t *take_function(parser_t *parser, const cs_token_t *name, cs_node_t **node_out)
{
    const cs_function_t *function = cs_function_find(name);
    apr_array_header_t *arguments = apr_array_make(parser->lex.pool, 3, sizeof(cs_token_t));
    cs_term_t *term;

    if (!function) {
        return cs_token_error(&parser->lex, CS_E_FILTER_OPERATOR, name,
                              apr_psprintf(parser->lex.pool, "there is no such function; there are %s",
                                           cs_function_names(parser->lex.pool)));
    }
    CS_TRY(take_values(parser, arguments));
    if (arguments->nelts != function->arguments) {
        return syntax(parser, name,
                      apr_psprintf(parser->lex.pool, "it takes %d arguments: %s", function->arguments,
                                   function->syntax));
    }
    if (function->how.operand == CS_OPERAND_VALUE) {
        find_column(function, arguments);
    }
    CS_TRY(make_term(parser, &APR_ARRAY_IDX(arguments, 0, cs_token_t), node_out));
    term = (*node_out)->term;
    if (term->name.kind != CS_TOKEN_WORD) {
        return syntax(parser, &term->name, "a column is expected here");
    }
    term->word = *name;
    term->how = &function->how;
    keep_values(term, arguments);
    term->values++;
    term->count--;
    return take_truth(parser, term);
}

/* Behind a column's name. */
static cs_error_t *take_comparison(parser_t *parser, const cs_token_t *name, const cs_token_t *word,
                                   cs_node_t **node_out)
{
    apr_array_header_t *values = apr_array_make(parser->lex.pool, 2, sizeof(cs_token_t));
    cs_term_t *term;

    CS_TRY(make_term(parser, name, node_out));
    term = (*node_out)->term;
    term->word = *word;
    if (word->kind != CS_TOKEN_WORD) {
        return syntax(parser, word, "an operator is expected here");
    }
    term->how = cs_operator_find(word);
    if (!term->how) {
        return cs_token_error(&parser->lex, CS_E_FILTER_OPERATOR, word,
                              cs_token_is(name, "not") ? "there is no \"not\": use an operator like ne"
                                                       : "there is no such operator");
    }
    CS_TRY(take_operand(parser, term, values));
    keep_values(term, values);
    return NULL;
}

/* ---------------- the tree */

static cs_error_t *take_any(parser_t *parser, int depth, cs_node_t **node_out);

static cs_error_t *take_primary(parser_t *parser, int depth, cs_node_t **node_out)
{
    cs_token_t name, word;

    CS_TRY(cs_lex_next(&parser->lex, CS_LEX_NAME, &name));
    if (name.kind == CS_TOKEN_OPEN) {
        if (depth >= CS_FILTER_DEPTH) {
            return too_much(
                parser, &name,
                "there are more than " APR_STRINGIFY(CS_FILTER_DEPTH) " parentheses in each other");
        }
        CS_TRY(take_any(parser, depth + 1, node_out));
        return parser->next.kind == CS_TOKEN_CLOSE
                   ? NULL
                   : syntax(parser, &parser->next, "\"and\", \"or\" or \")\" is expected here");
    }
    if (name.kind != CS_TOKEN_WORD) {
        return syntax(parser, &name, "a column, a function or \"(\" is expected here");
    }
    CS_TRY(cs_lex_next(&parser->lex, CS_LEX_OPERATOR, &word));
    return word.kind == CS_TOKEN_OPEN ? take_function(parser, &name, node_out)
                                      : take_comparison(parser, &name, &word, node_out);
}

/* Leaves in parser->next what stands behind it. */
static cs_error_t *take_all(parser_t *parser, int depth, cs_node_t **node_out)
{
    CS_TRY(take_primary(parser, depth, node_out));
    for (;;) {
        cs_node_t *right;

        CS_TRY(cs_lex_next(&parser->lex, CS_LEX_OPERATOR, &parser->next));
        if (!cs_token_is(&parser->next, "and")) {
            return NULL;
        }
        CS_TRY(take_primary(parser, depth, &right));
        *node_out = make_node(parser, CS_NODE_AND, *node_out, right);
    }
}

static cs_error_t *take_any(parser_t *parser, int depth, cs_node_t **node_out)
{
    CS_TRY(take_all(parser, depth, node_out));
    while (cs_token_is(&parser->next, "or")) {
        cs_node_t *right;

        CS_TRY(take_all(parser, depth, &right));
        *node_out = make_node(parser, CS_NODE_OR, *node_out, right);
    }
    return NULL;
}

cs_error_t *cs_filter_parse(apr_pool_t *pool, const char *text, cs_node_t **node_out)
{
    parser_t parser = {.lex = {.pool = pool, .text = text, .at = text, .what = "$filter"}};

    *node_out = NULL;
    if (strlen(text) > CS_FILTER_LENGTH) {
        return cs_error_make(pool, CS_E_FILTER_LIMIT, "$filter", "$filter is longer than %d bytes",
                             CS_FILTER_LENGTH);
    }
    CS_TRY(cs_lex_next(&parser.lex, CS_LEX_NAME, &parser.next));
    if (parser.next.kind == CS_TOKEN_END) {
        return NULL;
    }
    parser.lex.at = text;
    CS_TRY(take_any(&parser, 0, node_out));
    return parser.next.kind == CS_TOKEN_END
               ? NULL
               : syntax(&parser, &parser.next, "\"and\", \"or\" or the end is expected here");
}
