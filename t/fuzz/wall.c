/* t/fuzz/wall.c -- any text as a time, any number as a wall clock: what is printed reads back. */
#include "base/clock.h"
#include "base/wall.h"
#include "fuzz.h"

static void check_print(apr_pool_t *pool, cs_wall_t wall)
{
    cs_wall_t expected = wall < CS_WALL_UNSET ? CS_WALL_UNSET : wall > CS_WALL_LAST ? CS_WALL_LAST : wall;
    char out[CS_WALL_MAX];
    apr_size_t len = cs_wall_print(out, wall);
    cs_stamp_t stamp;

    must(len >= strlen("YYYY-MM-DDTHH:MM:SS") && len < sizeof(out));
    must(cs_wall_parse(out, len, &stamp) == NULL);
    must(stamp.wall == expected && !stamp.zoned && stamp.offset == 0);
    /* With a zone behind it the clock shows the same. */
    must(cs_wall_parse(apr_pstrcat(pool, apr_pstrmemdup(pool, out, len), "-03:30", NULL), len + 6, &stamp) ==
         NULL);
    must(stamp.wall == expected && stamp.zoned && stamp.offset == -12600);
}

static void check_parse(apr_pool_t *pool, const char *text, size_t len)
{
    cs_stamp_t stamp;
    const char *wrong = cs_wall_parse(text, len, &stamp);

    if (wrong) {
        must(*wrong);
        return;
    }
    must(stamp.wall >= CS_WALL_UNSET && stamp.wall <= CS_WALL_LAST);
    must(stamp.offset >= -14 * 3600 && stamp.offset <= 14 * 3600 && stamp.offset % 60 == 0);
    must(stamp.zoned || stamp.offset == 0);
    check_print(pool, stamp.wall);
}

/* A zone's clocks are never far from Greenwich, and never go back by more than they were put forward. */
static void check_zone(cs_wall_t utc)
{
    cs_wall_t wall = cs_tz_wall(fuzz_zone(), utc);

    must(wall - utc >= 0 && wall - utc <= 2 * 3600 * CS_WALL_SECOND);
    must((wall - utc) % CS_WALL_SECOND == 0);
    must(cs_tz_wall(fuzz_zone(), utc + CS_WALL_DAY) > wall);
}

/* The way back leads to the first instant at which the clocks show that, or to one that they leap to. */
static void check_back(cs_wall_t wall)
{
    cs_wall_t utc = cs_tz_utc(fuzz_zone(), wall);
    cs_wall_t shown = cs_tz_wall(fuzz_zone(), utc);

    must(shown >= wall && shown - wall <= 2 * 3600 * CS_WALL_SECOND);
    must(shown == wall || cs_tz_wall(fuzz_zone(), utc - (shown - wall)) < wall);
    must(cs_tz_wall(fuzz_zone(), utc - 3600 * CS_WALL_SECOND) != wall);
}

/* What a caller is shown with its offset is stored as the same again. */
static void check_shown(cs_wall_t wall, const cs_tz_t *zone)
{
    cs_locale_t locale = {.base_zone = fuzz_zone(), .zone = zone, .offsets = 1};
    cs_wall_t real = cs_tz_wall(fuzz_zone(), cs_tz_utc(fuzz_zone(), wall));
    char out[CS_WALL_MAX];
    apr_size_t len = cs_clock_print(out, &locale, wall, CS_STORED_LOCAL);
    cs_stamp_t stamp;

    must(len < sizeof(out) && cs_wall_parse(out, len, &stamp) == NULL && stamp.zoned);
    must(cs_clock_store(&locale, &stamp) == (wall == CS_WALL_UNSET || wall >= CS_WALL_NO_END ? wall : real));
    locale.offsets = 0;
    len = cs_clock_print(out, &locale, wall, CS_STORED_LOCAL);
    must(cs_wall_parse(out, len, &stamp) == NULL && !stamp.zoned);
    must((stamp.wall == CS_WALL_UNSET) == (wall == CS_WALL_UNSET));
}

static const cs_tz_t *far_zone(void)
{
    static const cs_tz_t *zone;
    const char *reason;

    zone = zone ? zone : cs_tz_load(fuzz_pool(), "America/Juneau", &reason);
    must(zone);
    return zone;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    cs_wall_t number = 0;

    check_parse(pool, (const char *)data, size);
    memcpy(&number, data, size < sizeof(number) ? size : sizeof(number));
    check_print(pool, number);
    number = CS_WALL_UNSET + (cs_wall_t)((uint64_t)number % (uint64_t)(CS_WALL_LAST - CS_WALL_UNSET + 1));
    check_print(pool, number);
    check_zone(number);
    check_back(number);
    check_shown(number, NULL);
    check_shown(number, far_zone());
    apr_pool_destroy(pool);
    return 0;
}
