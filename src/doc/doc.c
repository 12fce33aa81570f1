#include "doc/doc.h"

#include "base/text.h"

#include <string.h>

const char *cs_doc_kind_name(cs_doc_kind_t kind)
{
    static const char *const names[] = {
        [CS_DOC_NULL] = "null",       [CS_DOC_BOOL] = "a boolean", [CS_DOC_NUMBER] = "a number",
        [CS_DOC_STRING] = "a string", [CS_DOC_ARRAY] = "an array", [CS_DOC_OBJECT] = "an object",
    };

    return names[kind];
}

const cs_doc_t *cs_doc_find(const cs_doc_t *object, const char *name, int *twice_out)
{
    apr_size_t len = strlen(name);
    const cs_doc_t *found = NULL;
    int count = 0;

    for (int i = 0; i < object->count; i++) {
        const cs_member_t *member = &object->members[i];

        if (cs_text_same(member->name, member->len, name, len)) {
            found = count++ ? found : member->value;
        }
    }
    if (twice_out) {
        *twice_out = count > 1;
    }
    return found;
}
