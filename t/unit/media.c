/* t/unit/media.c -- media types: which body is read, how an answer is written. */
#include "support.h"
#include "tap.h"
#include "wire/media.h"

static const char *name_of(apr_pool_t *pool, const cs_media_t *media)
{
    return media ? apr_pstrcat(pool, media->type, "/", media->subtype, NULL) : "-";
}

/* ---------------- bodies */

static const struct {
    const char *content_type;
    const char *media; /* NULL: refused */
} bodies[] = {
    {"application/json", "application/json"},
    {"text/json", "text/json"},
    {"application/json-patch+json", "application/json-patch+json"},
    {"application/merge-patch+json", "application/merge-patch+json"},
    {"Application/JSON", "application/json"},
    {"TEXT/Json", "text/json"},
    {"application/json;charset=utf-8", "application/json"},
    {"application/json; charset=utf-8", "application/json"},
    {"application/json; charset=UTF-8", "application/json"},
    {"application/json ; charset = utf-8", "application/json"},
    {"application/json; charset=\"utf-8\"", "application/json"},
    {"application/json; Charset=utf8", "application/json"},
    {"application/json; version=1", "application/json"},
    {"application/json; version=1; charset=utf-8", "application/json"},
    {"application/json; charset=utf-8; odata=verbose", "application/json"},
    {"application/json; title=\"a;charset=latin1\"", "application/json"},
    {"application/json; title=\"a\\\";charset=latin1\"", "application/json"},
    {"application/json;", "application/json"},
    {"application/json; ;", "application/json"},
    {" application/json ", "application/json"},
    {"\tapplication/json", "application/json"},
    {"application/xml", "application/xml"},
    {"text/xml", "text/xml"},
    {"Text/XML; charset=UTF-8", "text/xml"},
    {"application/x-www-form-urlencoded", "application/x-www-form-urlencoded"},
    {"application/x-www-form-urlencoded; charset=utf-8", "application/x-www-form-urlencoded"},
    {"APPLICATION/X-WWW-FORM-URLENCODED", "application/x-www-form-urlencoded"},
    {"application/xml; charset=iso-8859-1", NULL},
    {"application/x-www-form-urlencoded; charset=latin1", NULL},
    {"application/xhtml+xml", NULL},
    {"application/atom+xml", NULL},
    {"text/xml-external-parsed-entity", NULL},
    {"application/x-www-form", NULL},
    {NULL, NULL},
    {"", NULL},
    {" ", NULL},
    {";", NULL},
    {"/", NULL},
    {"json", NULL},
    {"application", NULL},
    {"application/", NULL},
    {"/json", NULL},
    {"application/json/", NULL},
    {"application/json/x", NULL},
    {"application/jso", NULL},
    {"application/jsonp", NULL},
    {"applications/json", NULL},
    {"application/json5", NULL},
    {"application/json, text/json", NULL},
    {"application/*", NULL},
    {"*/*", NULL},
    {"text/plain", NULL},
    {"text/html", NULL},
    {"text/javascript", NULL},
    {"multipart/form-data; boundary=x", NULL},
    {"application/octet-stream", NULL},
    {"application/problem+json", NULL}, /* an answer's type alone */
    {"application/json; charset=latin1", NULL},
    {"application/json; charset=iso-8859-1", NULL},
    {"application/json; charset=utf-16", NULL},
    {"application/json; charset=utf-8-sig", NULL},
    {"application/json; charset=\"\"", NULL},
    {"application/json; charset=", NULL},
    {"application/json; charset", NULL},
    {"application/json; charset=\"utf-8", NULL},
    {"application/json; x=\"; charset=latin1", "application/json"}, /* the quotes never end */
};

static void test_bodies(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const cs_media_t *media = NULL;
        cs_error_t *error = cs_media_of_body(test_ctx(pool), bodies[i].content_type, &media);
        const char *shown = bodies[i].content_type ? bodies[i].content_type : "nothing";

        if (bodies[i].media) {
            is(error ? error->message : name_of(pool, media), bodies[i].media,
               "IN-1, IN-2: a body of '%s' is read", shown);
            ok(!error && media->decode, "a body of '%s' has somebody to read it", shown);
        }
        else {
            is(code_of(error), "body.media-type", "IN-6, IN-9: a body of '%s' is refused", shown);
        }
    }
}

/* ---------------- patches */

static const struct {
    const char *content_type;
    const char *media; /* NULL: refused */
} patches[] = {
    {NULL, "application/json"},
    {"application/json", "application/json"},
    {"text/json; charset=utf-8", "text/json"},
    {"application/json-patch+json", "application/json-patch+json"},
    {"application/merge-patch+json", "application/merge-patch+json"},
    {"application/xml", NULL},
    {"text/xml", NULL},
    {"application/x-www-form-urlencoded", NULL},
    {"application/problem+json", NULL},
    {"application/json; charset=latin1", NULL},
    {"text/plain", NULL},
    {"", NULL},
    {"json", NULL},
};

static void test_patches(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(patches); i++) {
        const cs_media_t *media = NULL;
        cs_error_t *error = cs_media_of_patch(test_ctx(pool), patches[i].content_type, &media);
        const char *shown = patches[i].content_type ? patches[i].content_type : "nothing";

        if (patches[i].media) {
            is(error ? error->message : name_of(pool, media), patches[i].media,
               "IN-3: a patch of '%s' is read", shown);
        }
        else {
            is(code_of(error), "body.media-type", "IN-5: a patch of '%s' is refused", shown);
            ok(error && !strstr(strstr(error->message, "it may be"), "xml") &&
                   !strstr(strstr(error->message, "it may be"), "form"),
               "IN-5: '%s': the message offers JSON alone", shown);
        }
    }
}

static void test_body_messages(apr_pool_t *pool)
{
    const cs_media_t *media;
    char *long_type = apr_palloc(pool, 5000);
    cs_error_t *error = cs_media_of_body(test_ctx(pool), "text/pl\x01\xFFin", &media);

    ok(error && strstr(error->message, "text/pl??in"), "the message shows what was sent, cleaned");
    ok(error && strstr(error->message, "application/json"), "the message says what would be right");
    memset(long_type, 'x', 4999);
    long_type[4999] = '\0';
    error = cs_media_of_body(test_ctx(pool), long_type, &media);
    ok(error && strlen(error->message) < 500, "a long type is cut in the message");
}

/* ---------------- answers */

#define JSON    "application/json"
#define TEXT    "text/json"
#define PATCH   "application/json-patch+json"
#define MERGE   "application/merge-patch+json"
#define PROBLEM "application/problem+json"
#define XML     "application/xml"
#define TEXTXML "text/xml"

static const struct {
    const char *accept, *content_type;
    const char *media;
    const char *problem;
} answers[] = {
    /* nothing is asked for */
    {NULL, NULL, JSON, "-"},
    {"", NULL, JSON, "-"},
    /* no Accept: the type of the request */
    {NULL, "application/json", JSON, "-"},
    {NULL, "text/json", TEXT, "-"},
    {NULL, "TEXT/JSON; charset=utf-8", TEXT, "-"},
    {NULL, "application/json-patch+json", PATCH, "-"},
    {NULL, "application/merge-patch+json; charset=utf-8", MERGE, "-"},
    {"", "text/json", TEXT, "-"},
    {NULL, "text/plain", JSON, "-"},
    {NULL, "application/x-www-form-urlencoded", JSON, "-"},
    {NULL, "application/problem+json", JSON, "-"},
    {NULL, "*/*", JSON, "-"},
    {NULL, "", JSON, "-"},
    {NULL, "json", JSON, "-"},
    /* Accept wins over it */
    {"application/json", "text/json", JSON, "-"},
    {"text/json", "application/json", TEXT, "-"},
    {"image/png", "text/json", JSON, "-"},
    /* one type */
    {"application/json", NULL, JSON, "-"},
    {"text/json", NULL, TEXT, "-"},
    {"application/json-patch+json", NULL, PATCH, "-"},
    {"application/merge-patch+json", NULL, MERGE, "-"},
    {"Text/JSON", NULL, TEXT, "-"},
    {" text/json ", NULL, TEXT, "-"},
    {"text/json;charset=utf-8", NULL, TEXT, "-"},
    {"text/json; charset=latin1", NULL, TEXT, "-"},
    /* ranges */
    {"*/*", NULL, JSON, "-"},
    {"application/*", NULL, JSON, "-"},
    {"text/*", NULL, TEXT, "-"},
    {"TEXT/*", NULL, TEXT, "-"},
    {"text/*, */*;q=0.1", NULL, TEXT, "-"},
    {"text/html, */*", NULL, JSON, "-"},
    {"text/html,application/xhtml+xml,image/webp,*/*;q=0.8", NULL, JSON, "-"},
    /* XML; JSON comes before it where both fit equally well */
    {"application/xml", NULL, XML, "-"},
    {"text/xml", NULL, TEXTXML, "-"},
    {"Text/XML", "application/json", TEXTXML, "-"},
    {NULL, "application/xml", XML, "-"},
    {NULL, "text/xml; charset=utf-8", TEXTXML, "-"},
    {"application/xml, application/json;q=0.5", NULL, XML, "-"},
    {"application/xml, application/json", NULL, JSON, "-"},
    {"text/xml, text/json", NULL, TEXT, "-"},
    {"text/xml, application/json;q=0.999", NULL, TEXTXML, "-"},
    {"application/xml;q=0.5, */*;q=0.5", NULL, XML, "-"},
    {"application/*, application/xml;q=0.9", NULL, JSON, "-"},
    {"text/xml, text/*", NULL, TEXTXML, "-"},
    {"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", NULL, XML, "-"},
    {"application/xml;q=0", NULL, JSON, "-"},
    {"application/xml, application/problem+json", NULL, XML, PROBLEM},
    /* a form is never an answer */
    {"application/x-www-form-urlencoded", NULL, JSON, "-"},
    {"application/x-www-form-urlencoded", "application/xml", JSON, "-"},
    {"application/x-www-form-urlencoded, text/xml;q=0.1", NULL, TEXTXML, "-"},
    /* weights */
    {"application/json;q=0.5, text/json", NULL, TEXT, "-"},
    {"text/json;q=0.5, application/json;q=0.4", NULL, TEXT, "-"},
    {"text/json;q=0.5,application/json;q=0.501", NULL, JSON, "-"},
    {"text/json;q=0.5,application/json;q=0.51", NULL, JSON, "-"},
    {"text/json;Q=0.5,application/json;q=0.6", NULL, JSON, "-"},
    {"text/json; q = 0.5 , application/json;q=0.6", NULL, JSON, "-"},
    {"text/json;q=\"0.5\",application/json;q=0.6", NULL, JSON, "-"},
    {"text/json;q=1.000,application/json;q=0.999", NULL, TEXT, "-"},
    {"text/json;q=1,application/json;q=1.000", NULL, JSON, "-"},
    {"application/json;q=0, text/json", NULL, TEXT, "-"},
    {"application/json;q=0, */*", NULL, TEXT, "-"},
    {"application/json;q=0.0, application/*", NULL, PATCH, "-"},
    {"application/json;q=0.000, */*;q=0.1", NULL, TEXT, "-"},
    {"application/*;q=0, */*", NULL, TEXT, "-"},
    {"application/json;q=0.001, text/json;q=0", NULL, JSON, "-"},
    {"application/json;q=0", NULL, JSON, "-"}, /* nothing is left: the default all the same */
    {"*/*;q=0", NULL, JSON, "-"},
    {"*/*, application/json;q=0.1", NULL, TEXT, "-"},          /* the exact range decides, not the best */
    {"application/*;q=0.9, text/json;q=0.9", NULL, TEXT, "-"}, /* of equal weight the exact one */
    {"application/*, application/merge-patch+json", NULL, MERGE, "-"},
    {"text/json, application/json", NULL, JSON, "-"}, /* of equals the first of the table */
    /* weights that are none count as 1 */
    {"text/json;q=0.9, application/json;q=x", NULL, JSON, "-"},
    {"text/json;q=0.9, application/json;q=", NULL, JSON, "-"},
    {"text/json;q=0.9, application/json;q", NULL, JSON, "-"},
    {"text/json;q=0.9, application/json;q=-1", NULL, JSON, "-"},
    {"text/json;q=0.9, application/json;q=.5", NULL, JSON, "-"},
    {"text/json;q=0.9, application/json;q=0,5", NULL, TEXT, "-"},
    {"text/json;q=0.9, application/json;q=0.1234", NULL, JSON, "-"},
    {"text/json;q=0.9, application/json;q=2", NULL, JSON, "-"},
    {"text/json;q=1.5, application/json", NULL, JSON, "-"}, /* no more than 1 */
    /* nothing that we have */
    {"image/png", NULL, JSON, "-"},
    {"application/xhtml+xml", NULL, JSON, "-"},
    {"*/json", NULL, JSON, "-"},
    {"text/html, image/*", NULL, JSON, "-"},
    /* malformed */
    {",", NULL, JSON, "-"},
    {",,text/json,,", NULL, TEXT, "-"},
    {"text/json,", NULL, TEXT, "-"},
    {"json", NULL, JSON, "-"},
    {"*", NULL, JSON, "-"},
    {"text", NULL, JSON, "-"},
    {"/", NULL, JSON, "-"},
    {"text/", NULL, JSON, "-"},
    {"/json", NULL, JSON, "-"},
    {"text/json/x", NULL, JSON, "-"},
    {";q=1", NULL, JSON, "-"},
    {"text/json;;;q=0.5;;", NULL, TEXT, "-"},
    {"text/json;x=\",\";q=0.1, application/json;q=0.2", NULL, JSON, "-"},
    {"text/json;x=\"\\\",\";q=0.1, application/json;q=0.2", NULL, JSON, "-"},
    {"text/json;x=\"never ends, application/json;q=0.5", NULL, TEXT, "-"},
    {"text/json;x=\"", NULL, TEXT, "-"},
    {"text/json;x=\"\\", NULL, TEXT, "-"},
    {"text/\xFF, text/json", NULL, TEXT, "-"},
    /* errors as problems */
    {"application/problem+json", NULL, JSON, PROBLEM},
    {"Application/Problem+JSON", NULL, JSON, PROBLEM},
    {"application/problem+json, text/json", NULL, TEXT, PROBLEM},
    {"text/json, application/problem+json;q=0.1", NULL, TEXT, PROBLEM},
    {"application/problem+json;q=0.001, */*", NULL, JSON, PROBLEM},
    {"application/problem+json;q=0", NULL, JSON, "-"},
    {"application/problem+json;q=0, */*", NULL, JSON, "-"},
    {"application/*", "application/problem+json", JSON, "-"},
    {"application/problem", NULL, JSON, "-"},
    {"text/problem+json", NULL, JSON, "-"},
    {"application/problem+json", "text/json", JSON, PROBLEM},
};

static void test_answers(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        const cs_media_t *problem = cs_media_default();
        const cs_media_t *media =
            cs_media_for_answer(answers[i].accept, answers[i].content_type, 0, &problem);
        const char *shown = answers[i].accept ? answers[i].accept : "nothing";

        is(name_of(pool, media), answers[i].media,
           "OUT-2, OUT-3, OUT-4, OUT-5, FORM-3: Accept '%s', Content-Type '%s'", shown,
           answers[i].content_type ? answers[i].content_type : "nothing");
        is(name_of(pool, problem), answers[i].problem, "Accept '%s': how an error is written", shown);
        ok(media && media->writer && !media->problems_only, "Accept '%s': somebody can write it", shown);
    }
}

static void test_kinds(apr_pool_t *pool)
{
    static const struct {
        const char *accept;
        int kind;
        const char *media;
    } kinds[] = {
        {"application/atom+xml", CS_MEDIA_LIST, "application/atom+xml"},
        {"application/atom+xml", 0, JSON},
        {"application/atom+xml", CS_MEDIA_PAGE, JSON},
        {"application/atom+xml, application/xml;q=0.9", CS_MEDIA_LIST, "application/atom+xml"},
        {"application/atom+xml, application/xml;q=0.9", 0, "application/xml"},
        {"text/html", CS_MEDIA_LIST, JSON},
        {"text/html", CS_MEDIA_PAGE | CS_MEDIA_LIST, "text/html"},
        {"*/*;q=0.5, application/*", CS_MEDIA_LIST, JSON},
    };

    for (size_t i = 0; i < COUNT(kinds); i++) {
        const cs_media_t *none;

        is(name_of(pool, cs_media_for_answer(kinds[i].accept, NULL, kinds[i].kind, &none)), kinds[i].media,
           "8.7: Accept '%s', kind %d", kinds[i].accept, kinds[i].kind);
    }
}

static void test_content_type(apr_pool_t *pool)
{
    const cs_media_t *problem, *text = cs_media_for_answer("text/json", NULL, 0, &problem);

    is(cs_media_content_type(pool, cs_media_default()), "application/json; charset=utf-8",
       "the default names its charset");
    is(cs_media_content_type(pool, text), "text/json; charset=utf-8", "so does any other type");
    cs_media_for_answer("application/problem+json", NULL, 0, &problem);
    is(problem ? cs_media_content_type(pool, problem) : NULL, "application/problem+json; charset=utf-8",
       "so does a problem");
    ok(problem && problem->writer, "somebody can write a problem");
}

static void test_formats(void)
{
    for (int format = 0; format < CS_FORMAT_COUNT; format++) {
        ok(cs_media_writer((cs_format_t)format) != NULL, "OUT-1: format %d has a writer", format);
    }
    ok(cs_media_writer(cs_media_default()->format) == cs_media_default()->writer,
       "prepared parts of the default are written as its answers are");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_bodies(pool);
    test_patches(pool);
    test_body_messages(pool);
    test_answers(pool);
    test_kinds(pool);
    test_content_type(pool);
    test_formats();
    return done();
}
