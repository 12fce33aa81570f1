#include "wire/xml.h"

#include "base/hash.h"
#include "base/text.h"
#include "wire/xml_scan.h"

#include <apr_strings.h>
#include <apr_xml.h>
#include <string.h>

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

/* From apr_xml's tree to ours; names and texts stay where the parser put them, in the same pool. */
typedef struct walk_t {
    cs_ctx_t *cx;
    apr_pool_t *scratch; /* gone when the walk is done */
    const apr_array_header_t *namespaces;
} walk_t;

static cs_error_t *fault(const walk_t *walk, cs_code_t code, const apr_xml_elem *elem, const char *what)
{
    return cs_error_make(walk->cx->pool, code, NULL, "the element '%s' %s",
                         cs_text_clean(walk->cx->pool, elem->name, strlen(elem->name), 100), what);
}

/* apr_xml leaves the prefix where it is "xml". */
static const char *local_name(const apr_xml_elem *elem)
{
    const char *colon = strchr(elem->name, ':');

    return colon ? colon + 1 : elem->name;
}

static int is_blank(const apr_text_header *text)
{
    for (const apr_text *piece = text->first; piece; piece = piece->next) {
        if (piece->text[strspn(piece->text, " \t\r\n")]) {
            return 0;
        }
    }
    return 1;
}

static int is_nil(const walk_t *walk, const apr_xml_elem *elem)
{
    for (const apr_xml_attr *attr = elem->attr; attr; attr = attr->next) {
        if (attr->ns >= 0 && strcmp(attr->name, "nil") == 0 &&
            strcmp(APR_XML_GET_URI_ITEM(walk->namespaces, attr->ns), XSI) == 0) {
            return strcmp(attr->value, "true") == 0 || strcmp(attr->value, "1") == 0;
        }
    }
    return 0;
}

static void take_text(const walk_t *walk, const apr_xml_elem *elem, cs_doc_t *doc)
{
    const apr_text *first = elem->first_cdata.first;
    apr_size_t len = 0;
    char *to;

    doc->kind = CS_DOC_STRING;
    doc->untyped = 1;
    for (const apr_text *piece = first; piece; piece = piece->next) {
        len += strlen(piece->text);
    }
    doc->len = len;
    if (!first || !first->next) {
        doc->text = first ? first->text : "";
        return;
    }
    doc->text = to = apr_palloc(walk->cx->pool, len + 1);
    for (const apr_text *piece = first; piece; piece = piece->next) {
        to = apr_cpystrn(to, piece->text, strlen(piece->text) + 1);
    }
}

/* How many elements stand in this one, and which of them is the first whose name came before; NULL: none. */
static const apr_xml_elem *find_twin(const walk_t *walk, const apr_xml_elem *elem, int *count_out,
                                     int *names_out)
{
    apr_hash_t *names = cs_hash_make(walk->scratch);
    const apr_xml_elem *twin = NULL;

    *count_out = 0;
    for (const apr_xml_elem *child = elem->first_child; child; child = child->next) {
        const char *name = local_name(child);

        if (!twin && apr_hash_get(names, name, APR_HASH_KEY_STRING)) {
            twin = child;
        }
        apr_hash_set(names, name, APR_HASH_KEY_STRING, child);
        ++*count_out;
    }
    *names_out = (int)apr_hash_count(names);
    return twin;
}

static cs_error_t *take_element(walk_t *walk, const apr_xml_elem *elem, cs_doc_t **doc_out);

/* Several entities: the root is an array by its name. */
static int is_list(const apr_xml_elem *root)
{
    const char *name = local_name(root);

    return strncasecmp(name, "Array", 5) == 0 && (!name[5] || strncasecmp(name + 5, "Of", 2) == 0);
}

static cs_error_t *take_children(walk_t *walk, const apr_xml_elem *elem, cs_doc_t *doc)
{
    int names, next = 0;
    const apr_xml_elem *twin = find_twin(walk, elem, &doc->count, &names);
    int array = twin && names == 1 && (elem->parent || is_list(elem));

    if (twin && !array) {
        return fault(walk, CS_E_XML_DUPLICATE, twin,
                     apr_pstrcat(walk->cx->pool, "stands twice in '",
                                 cs_text_clean(walk->cx->pool, elem->name, strlen(elem->name), 100), "'",
                                 NULL));
    }
    doc->kind = array ? CS_DOC_ARRAY : CS_DOC_OBJECT;
    if (array) {
        doc->items = apr_palloc(walk->cx->pool, sizeof(*doc->items) * (apr_size_t)doc->count);
    }
    else {
        doc->members = apr_palloc(walk->cx->pool, sizeof(*doc->members) * (apr_size_t)doc->count);
    }
    for (const apr_xml_elem *child = elem->first_child; child; child = child->next, next++) {
        cs_doc_t *value = NULL;

        if (!is_blank(&child->following_cdata)) {
            return fault(walk, CS_E_XML_CONTENT, elem, "holds text beside elements");
        }
        CS_TRY(take_element(walk, child, &value));
        if (array) {
            doc->items[next] = value;
        }
        else {
            doc->members[next] = (cs_member_t){local_name(child), strlen(local_name(child)), value};
        }
    }
    return NULL;
}

/* Recursion is as deep as the document, which the scan has bounded. */
static cs_error_t *take_element(walk_t *walk, const apr_xml_elem *elem, cs_doc_t **doc_out)
{
    cs_doc_t *doc = *doc_out = apr_pcalloc(walk->cx->pool, sizeof(*doc));

    if (is_nil(walk, elem)) {
        return elem->first_child || !is_blank(&elem->first_cdata)
                   ? fault(walk, CS_E_XML_CONTENT, elem, "is nil and has content")
                   : NULL;
    }
    if (!elem->first_child) {
        take_text(walk, elem, doc);
        return NULL;
    }
    if (!is_blank(&elem->first_cdata)) {
        return fault(walk, CS_E_XML_CONTENT, elem, "holds text beside elements");
    }
    return take_children(walk, elem, doc);
}

/* The root is the entity: an object even when nothing is in it. */
static cs_error_t *take_root(walk_t *walk, const apr_xml_elem *root, cs_doc_t **doc_out)
{
    cs_doc_t *doc;

    CS_TRY(take_element(walk, root, doc_out));
    doc = *doc_out;
    if (doc->kind == CS_DOC_NULL) {
        return NULL;
    }
    if (doc->kind == CS_DOC_STRING) {
        if (!is_blank(&root->first_cdata)) {
            return fault(walk, CS_E_XML_CONTENT, root, "holds text where elements should be");
        }
        *doc = (cs_doc_t){.kind = CS_DOC_OBJECT};
    }
    doc->text = local_name(root);
    doc->len = strlen(doc->text);
    return NULL;
}

/* apr_xml_parser_feed() takes all at once, so that no token is begun twice. */
static cs_error_t *parse(cs_ctx_t *cx, const char *bytes, apr_size_t len, apr_xml_doc **xml_out)
{
    apr_xml_parser *parser = apr_xml_parser_create(cx->pool);
    apr_status_t status = apr_xml_parser_feed(parser, bytes, len);
    char reason[200] = "";

    if (status == APR_SUCCESS) {
        status = apr_xml_parser_done(parser, xml_out);
    }
    if (status == APR_SUCCESS) {
        return NULL;
    }
    apr_xml_parser_geterror(parser, reason, sizeof(reason));
    return cs_error_make(cx->pool, CS_E_XML_SYNTAX, NULL, "the XML cannot be read: %s",
                         cs_text_clean(cx->pool, reason, strlen(reason), sizeof(reason)));
}

cs_error_t *cs_xml_decode(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out)
{
    walk_t walk = {.cx = cx};
    apr_xml_doc *xml = NULL;
    cs_error_t *error;

    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    CS_TRY(cs_xml_scan(cx, bytes, len));
    CS_TRY(parse(cx, bytes, len, &xml));
    walk.namespaces = xml->namespaces;
    apr_pool_create(&walk.scratch, cx->pool);
    error = take_root(&walk, xml->root, doc_out);
    apr_pool_destroy(walk.scratch);
    return error;
}
