#include "api/user_agent.h"

#include "api/call.h"
#include "api/identity.h"
#include "base/text.h"
#include "model/map.h"

#include <string.h>

#define ENTITY (&cs_list_item_entity)

/* Columns: the caller, the user, his group. */
enum { USER = 1, GROUP, COLUMNS };

static int is_word(const char *text, const char *word)
{
    return cs_text_same(text, strlen(text), word, strlen(word));
}

static cs_error_t *read_truth(const cs_call_t *call, const char *name, int needed, int *truth_out)
{
    const char *text;

    CS_TRY(cs_call_parameter(call, name, &text));
    *truth_out = text && (is_word(text, "true") || is_word(text, "1"));
    if (*truth_out || (text && (is_word(text, "false") || is_word(text, "0"))) ||
        (!needed && !(text && *text))) {
        return NULL;
    }
    return cs_error_make(call->cx->pool, CS_E_QUERY_VALUE, name, "%s takes true or false", name);
}

static int same_group(const cs_rows_t *rows, int one, int other)
{
    return cs_rows_get(rows, one)[GROUP].cells[0].u.i == cs_rows_get(rows, other)[GROUP].cells[0].u.i;
}

static void write_groups(cs_writer_t *writer, const cs_rows_t *rows, int count, cs_view_t *view)
{
    for (int i = 0; i < count; i += view->item_count) {
        view->item_count = 1;
        while (i + view->item_count < count && same_group(rows, i, i + view->item_count)) {
            view->item_count++;
        }
        view->items = &cs_rows_get(rows, i)[USER];
        cs_map_entity(writer, ENTITY, &cs_rows_get(rows, i)[GROUP], view);
    }
}

cs_error_t *cs_user_agent_list(cs_call_t *call)
{
    cs_view_t view = {.select = call->select, .locale = call->cx->locale, .item_stride = COLUMNS};
    cs_val_t args[] = {cs_identity_arg(call), cs_val_null(CS_K_BOOL), cs_val_null(CS_K_BOOL)};
    int flat, only_present, count;
    cs_writer_t writer;
    cs_rows_t *rows;

    CS_TRY(read_truth(call, "flat", 1, &flat));
    CS_TRY(read_truth(call, "onlyPresent", 0, &only_present));
    args[1].set = args[2].set = 1;
    args[1].u.i = only_present;
    args[2].u.i = flat;
    CS_TRY(cs_identity_run(call, CS_STMT_USER_AGENTS, args, 3, &rows));
    count = cs_rows_get(rows, 0)[USER].cells[0].set ? cs_rows_count(rows) : 0;
    writer = cs_call_writer(call);
    writer.ops->array_open(&writer, ENTITY->name);
    for (int i = 0; flat && i < count; i++) {
        cs_map_entity(&writer, ENTITY, &cs_rows_get(rows, i)[USER], &view);
    }
    if (!flat) {
        write_groups(&writer, rows, count, &view);
    }
    writer.ops->array_close(&writer);
    return cs_call_finish(call, 200);
}
