/* t/unit/address.c -- LocalizedAddress: the lines of each country's layout. */
#include "model/address.h"
#include "support.h"
#include "tap.h"
#include "wire/json_write.h"

static cs_val_t street[8], postal[8];

/* The cells of a structured address, in the order of its rows. */
static void prepare(void)
{
    static const char *const street_texts[] = {"S1",      "S2",     "S3",   "SCity",
                                               "SCounty", "SState", "SZip", "SFormatted"};
    static const char *const postal_texts[] = {"P1",      "P2",     "P3",   "PCity",
                                               "PCounty", "PState", "PZip", "PFormatted"};

    for (int i = 0; i < 8; i++) {
        street[i] = cs_val_text(street_texts[i], strlen(street_texts[i]));
        postal[i] = cs_val_text(postal_texts[i], strlen(postal_texts[i]));
    }
}

static const char *written(apr_pool_t *pool, cs_val_t layout, const cs_val_t *from, const cs_val_t *also)
{
    cs_writer_t w = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, 64 * 1024)};

    cs_address_write_lines(&w, NULL, &layout, from, also);
    return cs_buf_text(w.buf, pool);
}

/* "StreetAddress1=S1 | StreetZipcode=SZip StreetCity=SCity": a bar between lines. */
static const char *lines_of(apr_pool_t *pool, const char *json)
{
    const cs_doc_t *doc = test_doc(test_ctx(pool), json);
    const char *text = "";

    for (int i = 0; i < doc->count; i++) {
        const cs_doc_t *line = doc->items[i];

        text = apr_pstrcat(pool, text, i ? " | " : "", NULL);
        for (int j = 0; j < line->count; j++) {
            text = apr_pstrcat(pool, text, j ? " " : "", cs_doc_find(line->items[j], "Name", NULL)->text, "=",
                               cs_doc_find(line->items[j], "Value", NULL)->text, NULL);
        }
    }
    return text;
}

#define CONTINENTAL                                                                  \
    "StreetAddress1=S1 | StreetZipcode=SZip StreetCity=SCity | PostalAddress1=P1 | " \
    "PostalZipcode=PZip PostalCity=PCity"
#define BRITISH                                                                          \
    "StreetAddress1=S1 | StreetAddress2=S2 | StreetAddress3=S3 | StreetCity=SCity | "    \
    "StreetCounty=SCounty StreetZipcode=SZip | PostalAddress1=P1 | PostalAddress2=P2 | " \
    "PostalAddress3=P3 | PostalCity=PCity | PostalCounty=PCounty PostalZipcode=PZip"

static const struct {
    apr_int64_t layout;
    const char *lines;
    const char *what;
} layouts[] = {
    {0, CONTINENTAL, "the layout of most countries"},
    {1, BRITISH, "the British layout"},
    {2, CONTINENTAL, "the first number without a layout"},
    {-1, CONTINENTAL, "a negative number"},
    {2147483647, CONTINENTAL, "the largest number"},
    {-2147483648LL, CONTINENTAL, "the smallest number"},
};

static void test_layouts(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(layouts); i++) {
        is(lines_of(pool, written(pool, cs_val_int(layouts[i].layout), street, postal)), layouts[i].lines,
           "%s", layouts[i].what);
    }
    is(written(pool, cs_val_null(CS_K_INT), street, postal), "[]", "without a layout there are no lines");
    is(written(pool, cs_val_null(CS_K_INT), NULL, NULL), "[]", "nor does it need cells then");
}

static void test_field(apr_pool_t *pool)
{
    const cs_doc_t *doc = test_doc(test_ctx(pool), written(pool, cs_val_int(0), street, postal));

    is(test_described(pool, doc->items[0]->items[0]),
       "{Name='StreetAddress1' Value='S1' Tooltip='' Label='[SR_AL_STREET]' ValueLength=#80 "
       "AddressType='Street' TableRight=null FieldProperties={}}",
       "a field of the street");
    is(test_described(pool, doc->items[3]->items[0]),
       "{Name='PostalZipcode' Value='PZip' Tooltip='' Label='[SR_AL_POSTCODECITY]' ValueLength=#9 "
       "AddressType='Postal' TableRight=null FieldProperties={}}",
       "a field of the postal address");
    is(test_described(pool, doc->items[1]->items[1]),
       "{Name='StreetCity' Value='SCity' Tooltip='' Label='' ValueLength=#30 AddressType='Street' "
       "TableRight=null FieldProperties={}}",
       "the second field of a line has no label");
}

static void test_values(apr_pool_t *pool)
{
    cs_val_t empty[8] = {{CS_K_OTHER}};
    cs_val_t odd[8];

    memcpy(odd, street, sizeof(odd));
    odd[0] = cs_val_text("Karl \"K\" Johans gate 1 and more", 20);
    is(lines_of(pool, written(pool, cs_val_int(0), empty, empty)),
       "StreetAddress1= | StreetZipcode= StreetCity= | PostalAddress1= | PostalZipcode= PostalCity=",
       "what is not set is an empty text, its place stays");
    ok(strstr(lines_of(pool, written(pool, cs_val_int(0), odd, empty)),
              "StreetAddress1=Karl \"K\" Johans gate | "),
       "a value is as long as its cell says, and escaped");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    prepare();
    test_layouts(pool);
    test_field(pool);
    test_values(pool);
    return done();
}
