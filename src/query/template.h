/* query/template.h -- the statements' markers filled from the entities' rows.
 *
 * What a statement says in braces, with an entity's label and an argument:
 *
 *      {tables E}               'table', ...: its own, and that of each record it refers to
 *      {layout E}               the mark of those tables' layout, which costs nothing at run time
 *      {references E alias}     each reference as a whole record
 *      {joins E alias}          the LEFT JOIN of each reference
 *      {mark E alias}           a number that is another one when its record, or one of those, is another:
 *                               each change makes a new row, and xmin says which made it.  It is
 *                               another one where the tables are others, too; views have none, and
 *                               of tables whose rows are not all to be seen it is NULL
 *      {cells E alias}          every column that is read
 *      {keys E alias}           the columns that hold the references' ids
 *      {columns E}              its writable columns
 *      {values E n c ...}       $n, $n+1, ...: a parameter for each of them, without the columns c
 *      {assignments E n c ...}  column = $n, ... without the columns c
 *                               both with an alias in the place of n: alias.column
 *      {parameter E n c}        $n... of the column c alone
 *      {known E n}              for each reference, whether parameter $n... is nobody or a record that exists
 *      {all_known E alias}      all of those, joined by AND
 *      {known_record E alias}   all of those as one ROW(...) */
#ifndef CS_QUERY_TEMPLATE_H
#define CS_QUERY_TEMPLATE_H

#include "base/error.h"
#include "model/entity.h"

/* The finished text, in the pool.  INTERNAL for a marker that is none, or whose argument does not fit. */
cs_error_t *cs_template_fill(apr_pool_t *pool, const char *text, const char **sql_out) CS_CHECKED;

#endif
