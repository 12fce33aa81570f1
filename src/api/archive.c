#include "api/archive.h"

#include "api/call.h"
#include "query/archive.h"

#include <apr_strings.h>
#include <string.h>

static void put_text(cs_writer_t *w, const char *name, const char *text)
{
    w->ops->name(w, name, strlen(name));
    if (text) {
        w->ops->text(w, text, strlen(text));
    }
    else {
        w->ops->null(w);
    }
}

static void put_truth(cs_writer_t *w, const char *name, int truth)
{
    w->ops->name(w, name, strlen(name));
    w->ops->boolean(w, truth);
}

cs_error_t *cs_archive_names(cs_call_t *call)
{
    cs_writer_t w = cs_call_writer(call);

    w.ops->open(&w, "List");
    put_text(&w, "odata.metadata", apr_pstrcat(call->cx->pool, call->root_url, "/Archive/$metadata", NULL));
    w.ops->name(&w, "value", 5);
    w.ops->array_open(&w, "Archive");
    w.ops->open(&w, "Archive");
    put_text(&w, "name", "ChatSession");
    put_text(&w, "url", apr_pstrcat(call->cx->pool, call->root_url, "/Archive/ChatSession", NULL));
    w.ops->close(&w);
    w.ops->array_close(&w);
    w.ops->close(&w);
    return cs_call_finish(call, 200);
}

/* How clients are told of a column's type: as a restriction, and as what they show. */
static const struct {
    const char *restriction, *display, *width;
} types[CS_BY_COUNT] = {
    [CS_BY_NOTHING] = {"", "string", "10c"},
    [CS_BY_SWITCH] = {"bool", "checkbox", "5c"},
    [CS_BY_BOOL] = {"bool", "checkbox", "5c"},
    [CS_BY_INT] = {"int", "int", "8c"},
    [CS_BY_DECIMAL] = {"decimal", "decimal", "10c"},
    [CS_BY_SPAN] = {"timeSpan", "timeSpan", "8c"},
    [CS_BY_STRING] = {"string", "string", "25%"},
    [CS_BY_POSITIVE] = {"positiveString", "string", "25%"},
    [CS_BY_STRING_OR_KEY] = {"stringorPK", "string", "25%"},
    [CS_BY_LIST] = {"listAny", "listAny", "15c"},
    [CS_BY_USER] = {"ejUser", "ejUser", "15c"},
    [CS_BY_GROUP] = {"userGroup", "userGroup", "15c"},
    [CS_BY_ASSOCIATE] = {"associate", "associate", "15c"},
    [CS_BY_DATE] = {"date", "date", "10c"},
    [CS_BY_DATETIME] = {"datetime", "datetime", "15c"},
};

static void write_column(cs_writer_t *w, const cs_archive_column_t *column, const char *name)
{
    w->ops->open(w, "ArchiveColumnInfo");
    put_text(w, "DisplayName", name);
    put_text(w, "DisplayTooltip", "");
    put_text(w, "DisplayType", types[column->by].display);
    put_truth(w, "CanOrderBy", column->sortable);
    put_text(w, "Name", name);
    put_truth(w, "CanRestrictBy", column->by != CS_BY_NOTHING);
    put_text(w, "RestrictionType", types[column->by].restriction);
    put_text(w, "RestrictionListName", column->words == &cs_session_status ? "chatsessionstatus" : NULL);
    put_truth(w, "IsVisible", column->by != CS_BY_SWITCH);
    put_text(w, "ExtraInfo", "");
    put_text(w, "Width", types[column->by].width);
    put_text(w, "IconHint", "");
    put_text(w, "HeadingIconHint", "");
    w->ops->close(w);
}

cs_error_t *cs_archive_columns(cs_call_t *call)
{
    cs_writer_t w = cs_call_writer(call);

    w.ops->map_open(&w, "ArchiveColumnInfo");
    for (int i = 0; cs_archive_family(i); i++) {
        const cs_archive_family_t *family = cs_archive_family(i);

        for (const cs_archive_column_t *column = family->columns; column->name; column++) {
            const char *name = apr_pstrcat(call->cx->pool, family->prefix, column->name, NULL);

            w.ops->name(&w, name, strlen(name));
            write_column(&w, column, name);
        }
    }
    w.ops->map_close(&w);
    return cs_call_finish(call, 200);
}
