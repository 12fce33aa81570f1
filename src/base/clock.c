#include "base/clock.h"

#include "base/tz.h"

#define SUFFIX_MOST (14 * 3600) /* seconds: what cs_wall_parse reads */

static int never_moved(cs_wall_t wall)
{
    return wall <= CS_WALL_UNSET || wall >= CS_WALL_NO_END;
}

/* The offset as a suffix can say it: whole minutes, at most 14 hours (RFC 3339 writes the nearest). */
static int suffix_offset(cs_wall_t seconds)
{
    int offset = (int)(seconds < 0 ? (seconds - 30) / 60 : (seconds + 30) / 60) * 60;

    return offset < -SUFFIX_MOST ? -SUFFIX_MOST : offset > SUFFIX_MOST ? SUFFIX_MOST : offset;
}

static apr_size_t print_zulu(char *out, cs_wall_t wall)
{
    apr_size_t len = cs_wall_print(out, wall);

    out[len++] = 'Z';
    return len;
}

static apr_size_t print_with_offset(char *out, cs_wall_t wall, int offset)
{
    apr_size_t len = cs_wall_print(out, wall);
    int minutes = (offset < 0 ? -offset : offset) / 60;

    out[len++] = offset < 0 ? '-' : '+';
    out[len++] = (char)('0' + minutes / 600);
    out[len++] = (char)('0' + minutes / 60 % 10);
    out[len++] = ':';
    out[len++] = (char)('0' + minutes % 60 / 10);
    out[len++] = (char)('0' + minutes % 10);
    return len;
}

/* With the zone's suffix: the time and its offset together always are that instant. */
static apr_size_t print_suffixed(char *out, const cs_tz_t *zone, cs_wall_t utc)
{
    cs_wall_t offset = suffix_offset((cs_tz_wall(zone, utc) - utc) / CS_WALL_SECOND);
    cs_wall_t wall = utc + offset * CS_WALL_SECOND;

    if (cs_tz_is_utc(zone) || never_moved(wall)) {
        return print_zulu(out, utc);
    }
    return print_with_offset(out, wall, (int)offset);
}

/* "No date" is Greenwich's; "no end" gets the suffix of the zone's clocks on that day. */
static apr_size_t print_end(char *out, const cs_tz_t *zone, cs_wall_t wall)
{
    if (wall <= CS_WALL_UNSET || cs_tz_is_utc(zone)) {
        return print_zulu(out, wall);
    }
    return print_with_offset(out, wall, suffix_offset((wall - cs_tz_utc(zone, wall)) / CS_WALL_SECOND));
}

static apr_size_t print_utc_stamp(char *out, const cs_locale_t *locale, cs_wall_t utc)
{
    if (locale->offsets) {
        return print_zulu(out, utc);
    }
    return cs_wall_print(out, locale->zone || never_moved(utc) ? utc : cs_tz_wall(locale->base_zone, utc));
}

apr_size_t cs_clock_print(char out[CS_WALL_MAX], const cs_locale_t *locale, cs_wall_t stored, cs_stored_t how)
{
    const cs_tz_t *zone = locale->zone ? locale->zone : locale->base_zone;
    cs_wall_t utc, wall;

    if (how == CS_STORED_UTC && locale->base_zone) {
        return print_utc_stamp(out, locale, stored);
    }
    if (!locale->offsets && (zone == locale->base_zone || never_moved(stored))) {
        return cs_wall_print(out, stored);
    }
    if (never_moved(stored)) {
        return print_end(out, zone, stored);
    }
    utc = cs_tz_utc(locale->base_zone, stored);
    if (locale->offsets) {
        return never_moved(utc) ? print_end(out, locale->base_zone, stored) : print_suffixed(out, zone, utc);
    }
    wall = cs_tz_wall(zone, utc);
    return cs_wall_print(out, never_moved(wall) ? stored : wall);
}

cs_wall_t cs_clock_store(const cs_locale_t *locale, const cs_stamp_t *stamp)
{
    cs_wall_t utc = stamp->wall - stamp->offset * CS_WALL_SECOND;

    if (stamp->wall == CS_WALL_UNSET || (stamp->zoned && utc == CS_WALL_UNSET)) {
        return CS_WALL_UNSET;
    }
    if (stamp->wall >= CS_WALL_NO_END) {
        return stamp->wall;
    }
    if (stamp->zoned) {
        return cs_tz_wall(locale->base_zone, utc);
    }
    if (!locale->zone || locale->zone == locale->base_zone) {
        return stamp->wall;
    }
    return cs_tz_wall(locale->base_zone, cs_tz_utc(locale->zone, stamp->wall));
}

cs_wall_t cs_clock_store_utc(const cs_locale_t *locale, const cs_stamp_t *stamp)
{
    if (stamp->wall == CS_WALL_UNSET || stamp->wall >= CS_WALL_NO_END) {
        return stamp->wall;
    }
    if (stamp->zoned) {
        return stamp->wall - stamp->offset * CS_WALL_SECOND;
    }
    return locale->zone || !locale->base_zone ? stamp->wall : cs_tz_utc(locale->base_zone, stamp->wall);
}
