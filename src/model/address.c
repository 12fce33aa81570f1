#include "model/address.h"

#include "model/localize.h"

#include <string.h>

/* Cells of a structured address. */
enum { ADDRESS1, ADDRESS2, ADDRESS3, CITY, COUNTY, STATE, ZIPCODE };

/* One field on one line. */
typedef struct place_t {
    int line;
    int postal; /* from the postal address, else from the street's */
    int cell;
    const char *name;
    const char *label;
    int length;
} place_t;

static const place_t continental[] = {
    {1, 0, ADDRESS1, "StreetAddress1", "[SR_AL_STREET]", 80},
    {2, 0, ZIPCODE, "StreetZipcode", "[SR_AL_POSTCODECITY]", 9},
    {2, 0, CITY, "StreetCity", "", 30},
    {3, 1, ADDRESS1, "PostalAddress1", "[SR_AL_POBOX]", 80},
    {4, 1, ZIPCODE, "PostalZipcode", "[SR_AL_POSTCODECITY]", 9},
    {4, 1, CITY, "PostalCity", "", 30},
    {0},
};

static const place_t british[] = {
    {1, 0, ADDRESS1, "StreetAddress1", "[SR_AL_STREET]", 80},
    {2, 0, ADDRESS2, "StreetAddress2", "", 80},
    {3, 0, ADDRESS3, "StreetAddress3", "", 80},
    {4, 0, CITY, "StreetCity", "", 30},
    {5, 0, COUNTY, "StreetCounty", "", 29},
    {5, 0, ZIPCODE, "StreetZipcode", "", 9},
    {6, 1, ADDRESS1, "PostalAddress1", "[SR_AL_POBOX]", 80},
    {7, 1, ADDRESS2, "PostalAddress2", "", 80},
    {8, 1, ADDRESS3, "PostalAddress3", "", 80},
    {9, 1, CITY, "PostalCity", "", 30},
    {10, 1, COUNTY, "PostalCounty", "", 29},
    {10, 1, ZIPCODE, "PostalZipcode", "", 9},
    {0},
};

/* By the number in contact.address_layout; an unknown one is laid out as the first. */
static const place_t *const layouts[] = {continental, british};

#define WRITE_NAME(w, literal)    (w)->ops->property((w), literal, sizeof(literal) - 1)
#define WRITE_LITERAL(w, literal) (w)->ops->text((w), literal, sizeof(literal) - 1)

static void write_place(cs_writer_t *w, const cs_locale_t *locale, const place_t *place,
                        const cs_val_t *value)
{
    w->ops->open(w, "LocalizedField");
    WRITE_NAME(w, "Name");
    w->ops->plain(w, place->name, strlen(place->name));
    WRITE_NAME(w, "Value");
    cs_localize_text(w, locale, value->set ? value->u.s : "", value->set ? value->len : 0);
    WRITE_NAME(w, "Tooltip");
    WRITE_LITERAL(w, "");
    WRITE_NAME(w, "Label");
    cs_localize_text(w, locale, place->label, strlen(place->label));
    WRITE_NAME(w, "ValueLength");
    w->ops->integer(w, place->length);
    WRITE_NAME(w, "AddressType");
    w->ops->plain(w, place->postal ? "Postal" : "Street", 6);
    WRITE_NAME(w, "TableRight");
    w->ops->null(w);
    WRITE_NAME(w, "FieldProperties");
    w->ops->map_open(w, "FieldPropertyDictionary");
    w->ops->map_close(w);
    w->ops->close(w);
}

void cs_address_write_lines(cs_writer_t *w, const cs_locale_t *locale, const cs_val_t *layout,
                            const cs_val_t *street, const cs_val_t *postal)
{
    apr_int64_t known = (apr_int64_t)(sizeof(layouts) / sizeof(layouts[0]));
    const place_t *place = NULL;
    int line = 0;

    w->ops->array_open(w, "ArrayOfLocalizedField");
    if (layout->set) {
        place = layouts[layout->u.i >= 0 && layout->u.i < known ? layout->u.i : 0];
    }
    for (; place && place->line; place++) {
        if (place->line != line) {
            if (line) {
                w->ops->array_close(w);
            }
            w->ops->array_open(w, "LocalizedField");
            line = place->line;
        }
        write_place(w, locale, place, place->postal ? &postal[place->cell] : &street[place->cell]);
    }
    if (line) {
        w->ops->array_close(w);
    }
    w->ops->array_close(w);
}
