#include "db/stmt.h"

#include <stddef.h>

const cs_stmt_t cs_stmt_table[CS_STMT_COUNT] = {
#define CS_STMT(id, name, rows, repeatable, carries_values, together, several, text) \
    {name, rows, repeatable, carries_values, together, CS_STMT_##several, text},
#include "db/stmt_list.h"
#undef CS_STMT
};

static const struct {
    int version;
    const char *name;
} migrations[] = {
#define CS_MIGRATION(version, name) {version, name},
#include "db/migration_list.h" /* made from the names in sql/schema/ */
#undef CS_MIGRATION
};
#define MIGRATIONS (int)(sizeof(migrations) / sizeof(migrations[0]))

const int cs_schema_needed = MIGRATIONS;

const char *cs_schema_migration(int version)
{
    for (int i = 0; i < MIGRATIONS; i++) {
        if (migrations[i].version == version) {
            return migrations[i].name;
        }
    }
    return NULL;
}
