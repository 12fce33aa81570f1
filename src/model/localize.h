/* model/localize.h -- texts and times on their way into an answer, as this caller wants them. */
#ifndef CS_MODEL_LOCALIZE_H
#define CS_MODEL_LOCALIZE_H

#include "base/clock.h"
#include "base/ctx.h"
#include "doc/writer.h"

/* Without a locale, or without languages in it, the text is written as it is stored. */
void cs_localize_text(cs_writer_t *w, const cs_locale_t *locale, const char *text, apr_size_t len);

/* Without a locale, the time is written as it is stored. */
void cs_localize_time(cs_writer_t *w, const cs_locale_t *locale, cs_wall_t stored, cs_stored_t how);

#endif
