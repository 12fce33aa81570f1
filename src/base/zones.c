#include "base/zones.h"

#include "base/text.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

#define COUNTRIES_FILE CS_TZ_ROOT "/zone.tab"
#define LINE_MAX_BYTES 1024
#define DEEPEST        4 /* folders in folders */

struct cs_zones_t {
    apr_hash_t *zones;         /* cs_zone_t by name in lower case, code or id */
    apr_array_header_t *names; /* IANA names alone */
    const cs_zones_t *behind;  /* asked for what is not found here; or NULL */
};

/* The codes whose ids are documented; what tzdata calls them. */
static const struct {
    const char *id, *code, *name;
} codes[] = {
    {"1", "UTC", "UTC"},
    {"36", "AU-ACT", "Australia/Sydney"},
    {"50", "BD", "Asia/Dhaka"},
    {"114", "CA-QC", "America/Toronto"},
    {"140", "DK", "Europe/Copenhagen"},
    {"156", "FR", "Europe/Paris"},
    {"261", "NO", "Europe/Oslo"},
    {"425", "US-CA", "America/Los_Angeles"},
    {"433", "US-HI", "Pacific/Honolulu"},
    {"460", "US-NY", "America/New_York"},
};

/* ---------------- finding */

/* The key of a name: in lower case, an id without leading zeros.  Its length, or 0 when no name is so long.
 */
static apr_ssize_t key_of(const char *name, apr_size_t len, char key[CS_ZONE_NAME_MAX])
{
    while (len > 1 && name[0] == '0' && name[1] >= '0' && name[1] <= '9') {
        name++;
        len--;
    }
    if (len > CS_ZONE_NAME_MAX) {
        return 0;
    }
    for (apr_size_t i = 0; i < len; i++) {
        key[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + ('a' - 'A') : name[i]);
    }
    return (apr_ssize_t)len;
}

const cs_zone_t *cs_zones_find(const cs_zones_t *zones, const char *name, apr_size_t len)
{
    char key[CS_ZONE_NAME_MAX];
    apr_ssize_t key_len = key_of(name, len, key);
    const cs_zone_t *zone = NULL;

    for (; key_len && zones && !zone; zones = zones->behind) {
        zone = apr_hash_get(zones->zones, key, key_len);
    }
    return zone;
}

const apr_array_header_t *cs_zones_names(const cs_zones_t *zones)
{
    while (zones->behind) {
        zones = zones->behind;
    }
    return zones->names;
}

static void put(cs_zones_t *zones, apr_pool_t *pool, const char *key, const cs_zone_t *zone)
{
    char lower[CS_ZONE_NAME_MAX];
    apr_ssize_t len = key_of(key, strlen(key), lower);

    if (len) {
        apr_hash_set(zones->zones, apr_pmemdup(pool, lower, (apr_size_t)len), len, zone);
    }
}

static cs_zones_t *make(apr_pool_t *pool, const cs_zones_t *behind)
{
    cs_zones_t *zones = apr_pcalloc(pool, sizeof(*zones));

    zones->zones = apr_hash_make(pool);
    zones->behind = behind;
    return zones;
}

/* ---------------- what the system has */

/* Loading: many names have the same file, which is decoded once. */
typedef struct load_t {
    cs_zones_t *zones;
    apr_pool_t *pool, *scratch;
    apr_hash_t *decoded; /* cs_tz_t by the bytes of its file */
} load_t;

static void add_zone(load_t *load, const char *name)
{
    const void *bytes;
    apr_size_t len;
    const cs_tz_t *tz;
    cs_zone_t *zone;

    if (cs_tz_read(load->scratch, name, &bytes, &len)) {
        return;
    }
    tz = apr_hash_get(load->decoded, bytes, (apr_ssize_t)len);
    if (!tz) {
        const char *reason;

        tz = cs_tz_decode(load->pool, bytes, len, &reason);
        if (!tz) {
            return; /* zone.tab and other files that are no zones */
        }
        apr_hash_set(load->decoded, bytes, (apr_ssize_t)len, tz);
    }
    zone = apr_palloc(load->pool, sizeof(*zone));
    *zone = (cs_zone_t){apr_pstrdup(load->pool, name), tz};
    put(load->zones, load->pool, name, zone);
    APR_ARRAY_PUSH(load->zones->names, const char *) = zone->name;
}

/* The same zones under other rules, and the machine's own, which are no names of IANA's. */
static int is_no_zone(const char *name)
{
    static const char *const none[] = {"posix", "right", "posixrules", "localtime"};

    for (apr_size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        if (strcmp(name, none[i]) == 0) {
            return 1;
        }
    }
    return *name == '.';
}

static void add_folder(load_t *load, const char *folder, int depth)
{
    const char *path = apr_pstrcat(load->scratch, CS_TZ_ROOT "/", folder, NULL);
    apr_finfo_t info;
    apr_dir_t *dir;

    if (depth > DEEPEST || apr_dir_open(&dir, path, load->scratch) != APR_SUCCESS) {
        return;
    }
    while (apr_dir_read(&info, APR_FINFO_NAME | APR_FINFO_TYPE, dir) == APR_SUCCESS) {
        const char *name = apr_pstrcat(load->scratch, folder, *folder ? "/" : "", info.name, NULL);

        if (is_no_zone(name) || *info.name == '.') {
            continue;
        }
        if (info.filetype == APR_DIR) {
            add_folder(load, name, depth + 1);
        }
        else {
            add_zone(load, name);
        }
    }
    apr_dir_close(dir);
}

/* ---------------- countries and codes */

/* The country with this zone, "NO +5955+01045 Europe/Oslo", is known by its letters until a second one comes.
 */
static void add_country(load_t *load, apr_hash_t *countries, char *line)
{
    char *state = NULL;
    const char *country = apr_strtok(line, "\t\n", &state);
    const char *zone, *known;

    apr_strtok(NULL, "\t\n", &state); /* coordinates */
    zone = apr_strtok(NULL, "\t\n", &state);
    if (!country || *country == '#' || strlen(country) != 2 || !zone) {
        return;
    }
    known = apr_hash_get(countries, country, 2);
    apr_hash_set(countries, apr_pstrdup(load->scratch, country), 2,
                 known ? "" : apr_pstrdup(load->scratch, zone));
}

static void add_alias(load_t *load, const char *code, const char *id, const char *name)
{
    const cs_zone_t *zone = cs_zones_find(load->zones, name, strlen(name));
    cs_zone_t *alias;

    if (!zone) {
        return;
    }
    alias = apr_palloc(load->pool, sizeof(*alias));
    *alias = (cs_zone_t){apr_pstrdup(load->pool, code), zone->tz};
    put(load->zones, load->pool, code, alias);
    if (id) {
        put(load->zones, load->pool, id, alias);
    }
}

static void add_countries(load_t *load)
{
    apr_hash_t *countries = apr_hash_make(load->scratch);
    char line[LINE_MAX_BYTES];
    apr_file_t *file;

    if (apr_file_open(&file, COUNTRIES_FILE, APR_FOPEN_READ | APR_FOPEN_BUFFERED, APR_FPROT_OS_DEFAULT,
                      load->scratch) != APR_SUCCESS) {
        return;
    }
    while (apr_file_gets(line, sizeof(line), file) == APR_SUCCESS) {
        add_country(load, countries, line);
    }
    apr_file_close(file);
    for (apr_hash_index_t *i = apr_hash_first(load->scratch, countries); i; i = apr_hash_next(i)) {
        const char *zone = apr_hash_this_val(i);

        if (*zone && !cs_zones_find(load->zones, apr_hash_this_key(i), 2)) {
            add_alias(load, apr_hash_this_key(i), NULL, zone);
        }
    }
}

cs_zones_t *cs_zones_load(apr_pool_t *pool)
{
    load_t load = {.zones = make(pool, NULL), .pool = pool};

    apr_pool_create(&load.scratch, pool);
    load.decoded = apr_hash_make(load.scratch);
    load.zones->names = apr_array_make(pool, 700, sizeof(const char *));
    add_folder(&load, "", 0);
    add_countries(&load);
    for (apr_size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        add_alias(&load, codes[i].code, codes[i].id, codes[i].name);
    }
    apr_pool_destroy(load.scratch);
    return load.zones;
}

const cs_zones_t *cs_zones_add(apr_pool_t *pool, const cs_zones_t *zones, const apr_array_header_t *added)
{
    cs_zones_t *all;

    if (!added || added->nelts == 0) {
        return zones;
    }
    all = make(pool, zones);
    for (int i = 0; i < added->nelts; i++) {
        const cs_zone_code_t *code = &APR_ARRAY_IDX(added, i, const cs_zone_code_t);

        put(all, pool, code->zone.name, &code->zone);
        if (code->id) {
            put(all, pool, apr_itoa(pool, code->id), &code->zone);
        }
    }
    return all;
}

const char *cs_zone_code_check(const char *code)
{
    apr_size_t len = strlen(code);

    if (len < 2 || len > 20 || !strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", *code) ||
        strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != len) {
        return "a code has 2 to 20 letters, digits and hyphens and begins with a letter, like AU-WA";
    }
    return cs_text_same(code, len, "includeTZOffset", 15) ? "that is a word of the header itself" : NULL;
}
