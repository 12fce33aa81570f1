/* t/fuzz/accept.c -- any Accept and Content-Type, a line each: there is always somebody to write the answer.
 */
#include "fuzz.h"
#include "wire/media.h"

/* The same header in other letters; what is quoted has no meaning for us. */
static const char *shouted(apr_pool_t *pool, const char *text)
{
    char *copy = text ? apr_pstrdup(pool, text) : NULL;

    for (char *c = copy; c && *c; c++) {
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - ('a' - 'A') : *c);
    }
    return copy;
}

static void check_answer(apr_pool_t *pool, const char *accept, const char *content_type)
{
    const cs_media_t *problem = NULL, *again = NULL;
    const cs_media_t *media = cs_media_for_answer(accept, content_type, 0, &problem);

    must(media && media->writer && !media->problems_only);
    must(!problem || (problem->writer && problem->problems_only && accept));
    must(cs_media_for_answer(shouted(pool, accept), shouted(pool, content_type), 0, &again) == media);
    must(again == problem);
    must(strstr(cs_media_content_type(pool, media), "; charset=utf-8"));
    if (accept && *accept) {
        /* Once there is an Accept, the request's own type does not count. */
        must(cs_media_for_answer(accept, NULL, 0, &again) == media && again == problem);
    }
}

static void check_body(apr_pool_t *pool, const char *content_type)
{
    const cs_media_t *media = NULL, *again = NULL;
    cs_error_t *error = cs_media_of_body(fuzz_ctx(pool), content_type, &media);
    cs_error_t *error_again = cs_media_of_body(fuzz_ctx(pool), shouted(pool, content_type), &again);

    must((error == NULL) == (error_again == NULL));
    if (error) {
        must(error->code == CS_E_MEDIA_TYPE);
        fuzz_must_be_told(error);
    }
    else {
        must(media->decode && media == again);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);
    const char *end = strchr(text, '\n');
    const char *accept = end ? apr_pstrmemdup(pool, text, (apr_size_t)(end - text)) : text;
    const char *content_type = end ? end + 1 : NULL;

    check_answer(pool, accept, content_type);
    check_answer(pool, NULL, content_type);
    check_answer(pool, NULL, accept);
    check_body(pool, content_type);
    check_body(pool, accept);
    apr_pool_destroy(pool);
    return 0;
}
