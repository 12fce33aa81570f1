#include "doc/same.h"

#include <stdlib.h>
#include <string.h>

/* ---------------- numbers
 *
 * A number is 0.DIGITS times ten to the power of `exponent` + `point`, where DIGITS neither begins nor ends
 * with a zero.  Nothing is converted, so nothing is rounded. */
typedef struct number_t {
    const char *first, *last; /* the first and the last digit that is not 0; NULL: the number is 0 */
    const char *exponent;     /* its digits */
    const char *end;
    apr_int64_t point;
    int negative, exponent_negative;
} number_t;

static void take_exponent(number_t *number, const char *at)
{
    number->exponent_negative = at < number->end && *at == '-';
    if (at < number->end && (*at == '-' || *at == '+')) {
        at++;
    }
    while (at < number->end && *at == '0') {
        at++;
    }
    number->exponent = at;
}

static number_t number_from(const char *text, apr_size_t len)
{
    number_t number = {.end = text + len, .negative = len > 0 && *text == '-'};
    const char *at = text + (len > 0 && (*text == '-' || *text == '+'));
    int fraction = 0;

    for (; at < number.end && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.') {
            fraction = 1;
            continue;
        }
        if (*at != '0') {
            number.first = number.first ? number.first : at;
            number.last = at;
        }
        number.point += fraction ? -!number.first : number.first != NULL;
    }
    take_exponent(&number, at < number.end ? at + 1 : at);
    return number;
}

/* Digits that are the same, a decimal point between them not counted. */
static int same_digits(const number_t *a, const number_t *b)
{
    const char *x = a->first, *y = b->first;

    while (x <= a->last && y <= b->last) {
        x += *x == '.';
        y += *y == '.';
        if (*x++ != *y++) {
            return 0;
        }
    }
    return x > a->last && y > b->last;
}

static int digit_at(const number_t *number, apr_int64_t place)
{
    apr_int64_t index = number->end - number->exponent - 1 - place;
    int digit = index < 0 ? 0 : number->exponent[index] - '0';

    return number->exponent_negative ? -digit : digit;
}

/* Exponents may have any number of digits; their difference is worked out from the front, and once it is
 * beyond what the places of a text can make up for, it stays there. */
static int same_size(const number_t *a, const number_t *b)
{
    apr_int64_t a_places = a->end - a->exponent, b_places = b->end - b->exponent;
    apr_int64_t difference = 0;

    for (apr_int64_t place = (a_places > b_places ? a_places : b_places) - 1; place >= 0; place--) {
        difference = difference * 10 + digit_at(a, place) - digit_at(b, place);
        if (difference > APR_INT64_C(1000000000000) || difference < -APR_INT64_C(1000000000000)) {
            return 0;
        }
    }
    return difference == b->point - a->point;
}

int cs_doc_same_number(const char *a, apr_size_t a_len, const char *b, apr_size_t b_len)
{
    number_t x = number_from(a, a_len), y = number_from(b, b_len);

    if (!x.first || !y.first) {
        return !x.first && !y.first;
    }
    return x.negative == y.negative && same_digits(&x, &y) && same_size(&x, &y);
}

/* ---------------- the rest */

static int same_objects(apr_pool_t *pool, const cs_doc_t *a, const cs_doc_t *b);

static int same_items(apr_pool_t *pool, const cs_doc_t *a, const cs_doc_t *b)
{
    for (int i = 0; i < a->count; i++) {
        if (!cs_doc_same(pool, a->items[i], b->items[i])) {
            return 0;
        }
    }
    return 1;
}

int cs_doc_same(apr_pool_t *pool, const cs_doc_t *a, const cs_doc_t *b)
{
    if (a->kind != b->kind) {
        return 0;
    }
    switch (a->kind) {
    case CS_DOC_NULL:
        return 1;
    case CS_DOC_BOOL:
        return !a->truth == !b->truth;
    case CS_DOC_NUMBER:
        return cs_doc_same_number(a->text, a->len, b->text, b->len);
    case CS_DOC_STRING:
        return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
    case CS_DOC_ARRAY:
        return a->count == b->count && same_items(pool, a, b);
    case CS_DOC_OBJECT:
        return a->count == b->count && same_objects(pool, a, b);
    }
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const cs_member_t *x = *(const cs_member_t *const *)a, *y = *(const cs_member_t *const *)b;

    if (x->len != y->len) {
        return x->len < y->len ? -1 : 1;
    }
    return memcmp(x->name, y->name, x->len);
}

static const cs_member_t **sorted(apr_pool_t *pool, const cs_doc_t *object)
{
    const cs_member_t **members = apr_palloc(pool, sizeof(*members) * (apr_size_t)object->count);

    for (int i = 0; i < object->count; i++) {
        members[i] = &object->members[i];
    }
    qsort(members, (apr_size_t)object->count, sizeof(*members), by_name);
    return members;
}

/* No name stands twice, so with as many members on both sides it is enough that they pair. */
static int same_objects(apr_pool_t *pool, const cs_doc_t *a, const cs_doc_t *b)
{
    const cs_member_t **x, **y;

    if (a->count == 0) {
        return 1;
    }
    x = sorted(pool, a);
    y = sorted(pool, b);
    for (int i = 0; i < a->count; i++) {
        if (by_name(&x[i], &y[i]) != 0 || !cs_doc_same(pool, x[i]->value, y[i]->value)) {
            return 0;
        }
    }
    return 1;
}
