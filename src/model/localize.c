#include "model/localize.h"

#include "base/lang.h"

void cs_localize_text(cs_writer_t *w, const cs_locale_t *locale, const char *text, apr_size_t len)
{
    if (locale && locale->languages) {
        cs_lang_translate(w->buf->pool, locale->languages, locale->strings, &text, &len);
    }
    w->ops->text(w, text, len);
}

void cs_localize_time(cs_writer_t *w, const cs_locale_t *locale, cs_wall_t stored, cs_stored_t how)
{
    char text[CS_WALL_MAX];

    w->ops->plain(w, text, locale ? cs_clock_print(text, locale, stored, how) : cs_wall_print(text, stored));
}
