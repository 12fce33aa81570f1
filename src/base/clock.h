/* base/clock.h -- stored times as the caller's clock shows them, and the way back.
 *
 * Stored times show the clock of the base zone; stamps that are UTC by definition, that of Greenwich.  "No
 * date" and "no end" are the same in every zone. */
#ifndef CS_BASE_CLOCK_H
#define CS_BASE_CLOCK_H

#include "base/ctx.h"
#include "base/wall.h"

typedef enum cs_stored_t { CS_STORED_LOCAL, CS_STORED_UTC } cs_stored_t;

/* What the caller is shown, with the suffix that he asked for; returns the length. */
apr_size_t cs_clock_print(char out[CS_WALL_MAX], const cs_locale_t *locale, cs_wall_t stored,
                          cs_stored_t how);

/* What is stored for a time that the caller wrote: with a suffix it is an instant, without one a time of his
 * zone.  CS_WALL_UNSET for no date; beyond the years 1 to 9999 where the conversion leads there. */
cs_wall_t cs_clock_store(const cs_locale_t *locale, const cs_stamp_t *stamp);

/* The same for a stamp that is UTC by definition; without a suffix it is read as cs_clock_print writes one.
 */
cs_wall_t cs_clock_store_utc(const cs_locale_t *locale, const cs_stamp_t *stamp);

#endif
