/* query/template.h -- the statements' markers filled from the entities' rows.
 *
 * What a statement says in braces, with an entity's label and an argument:
 *
 *      {record E alias}         ROW(...) of its own cells, then one ROW(...) for each reference
 *      {joins E alias}          the LEFT JOIN of each reference
 *      {columns E}              its writable columns
 *      {values E n}             $n, $n+1, ...: a parameter for each of them
 *      {assignments E n}        column = $n, ...
 *      {known E n}              for each reference, whether parameter $n... is nobody or a record that exists
 *      {all_known E alias}      all of those, joined by AND
 *      {known_record E alias}   all of those as one ROW(...)
 *
 * Columns are named one by one and cast to the type of their row: a migration can add columns or a view take
 * the place of a table, and no value ever comes back as another property's. */
#ifndef CS_QUERY_TEMPLATE_H
#define CS_QUERY_TEMPLATE_H

#include "base/error.h"
#include "model/entity.h"

/* The finished text, in the pool.  INTERNAL for a marker that is none. */
cs_error_t *cs_template_fill(apr_pool_t *pool, const char *text, const char **sql_out) CS_CHECKED;

#endif
