#include "api/about.h"

#include "config.h"

#include "api/call.h"

#include <apr_strings.h>
#include <string.h>

static void write_member(cs_writer_t *w, const char *name, const char *text)
{
    w->ops->name(w, name, strlen(name));
    w->ops->text(w, text, strlen(text));
}

cs_error_t *cs_about_api(cs_call_t *call)
{
    /* The names are those that clients of the original look for; the values are ours. */
    static const struct {
        const char *name, *text;
    } members[] = {
        {"Version", "v1"},
        {"NetServerVersion", PACKAGE_VERSION},
        {"NetServerAssembly", PACKAGE_NAME},
        {"NetServerDate", ""},
        {"NetServerLabel", ""},
        {"NetServer", PACKAGE_STRING},
        {"Services", ""},
        {"ServicesCurrent", ""},
    };
    cs_writer_t w = cs_call_writer(call);

    w.ops->open(&w, "Api");
    write_member(&w, "v1", call->root_url);
    for (apr_size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        write_member(&w, members[i].name, members[i].text);
    }
    write_member(&w, "Documentation", call->root_url);
    w.ops->close(&w);
    return cs_call_finish(call, 200);
}

/* "https://host/api/v1/ChatSession/{id}" */
static const char *url_of(const cs_call_t *call, const cs_route_t *route)
{
    return apr_pstrcat(call->cx->pool, call->root_url, strcmp(route->pattern, "/") == 0 ? "" : route->pattern,
                       NULL);
}

static int was_listed(int number)
{
    for (int before = 0; before < number; before++) {
        if (strcmp(cs_route_row(before)->pattern, cs_route_row(number)->pattern) == 0) {
            return 1;
        }
    }
    return 0;
}

static void write_methods(cs_writer_t *w, const char *pattern)
{
    w->ops->map_open(w, "String");
    for (int i = 0; cs_route_row(i); i++) {
        const cs_route_t *route = cs_route_row(i);

        if (strcmp(route->pattern, pattern) == 0) {
            write_member(w, cs_method_name(route->method), route->summary);
        }
    }
    w->ops->map_close(w);
}

cs_error_t *cs_about_operations(cs_call_t *call)
{
    cs_writer_t w = cs_call_writer(call);

    w.ops->map_open(&w, "Operations");
    for (int i = 0; cs_route_row(i); i++) {
        const cs_route_t *route = cs_route_row(i);

        if (*route->pattern && !was_listed(i)) {
            const char *url = url_of(call, route);

            w.ops->name(&w, url, strlen(url));
            write_methods(&w, route->pattern);
        }
    }
    w.ops->map_close(&w);
    return cs_call_finish(call, 200);
}
