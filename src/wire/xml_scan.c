#include "wire/xml_scan.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

/*      document  = [ declaration ] *( comment / instruction / space ) element *( comment / instruction /
 * space ) element   = "<" name *( space attribute ) ( "/>" / ">" content "</" name ">" ) attribute = name "="
 * ( DQUOTE text DQUOTE / "'" text "'" )               text without "<" content   = *( text / element /
 * comment / instruction / "<![CDATA[" characters "]]>" ) text      = *( character / "&" name ";" / "&#"
 * digits ";" / "&#x" hexdigits ";" )
 *
 * Where this and a parser could see different markup in the same bytes, it is refused here: "<" stands only
 * where markup begins, or inside a comment, an instruction or CDATA, whose ends leave nothing open. */

#define LONGEST_NAME      512  /* bytes */
#define LONGEST_ATTRIBUTE 4096 /* bytes of its value */
#define MOST_ATTRIBUTES   100  /* of one element */
#define MOST_NAMESPACES   32   /* declarations in a document: the parser seeks among them one by one */

typedef struct slice_t {
    const char *s;
    apr_size_t len;
} slice_t;

typedef struct scan_t {
    cs_ctx_t *cx;
    const char *bytes, *at, *end;
    slice_t *open; /* names of the open elements */
    int depth;
    int roots;
    int values;     /* elements and attributes */
    int pieces;     /* line ends, references, brackets, other markup: each cuts a text in two */
    int namespaces; /* declarations */
} scan_t;

static cs_error_t *fault(const scan_t *scan, cs_code_t code, const char *at, const char *what)
{
    return cs_error_make(scan->cx->pool, code, NULL, "%s at byte %" APR_SIZE_T_FMT, what,
                         (apr_size_t)(at - scan->bytes));
}

static cs_error_t *too_many(const scan_t *scan, const char *what, int limit)
{
    return cs_error_make(scan->cx->pool, CS_E_XML_LIMIT, NULL,
                         "the XML holds more than %d %s at byte %" APR_SIZE_T_FMT, limit, what,
                         (apr_size_t)(scan->at - scan->bytes));
}

static cs_error_t *unexpected(const scan_t *scan, const char *wanted)
{
    unsigned char c;

    if (scan->at == scan->end) {
        return fault(scan, CS_E_XML_SYNTAX, scan->at,
                     apr_psprintf(scan->cx->pool, "the XML ends where %s should be", wanted));
    }
    c = (unsigned char)*scan->at;
    return fault(scan, CS_E_XML_SYNTAX, scan->at,
                 c > 0x20 && c < 0x7F
                     ? apr_psprintf(scan->cx->pool, "'%c' stands where %s should be", c, wanted)
                     : apr_psprintf(scan->cx->pool, "byte 0x%02X stands where %s should be", c, wanted));
}

static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int next_is(const scan_t *scan, const char *word)
{
    apr_size_t len = strlen(word);

    return (apr_size_t)(scan->end - scan->at) >= len && memcmp(scan->at, word, len) == 0;
}

static int take(scan_t *scan, const char *word)
{
    if (!next_is(scan, word)) {
        return 0;
    }
    scan->at += strlen(word);
    return 1;
}

static void skip_space(scan_t *scan)
{
    while (scan->at < scan->end && is_space(*scan->at)) {
        scan->at++;
    }
}

/* ---------------- characters */

static cs_error_t *count_piece(scan_t *scan)
{
    return ++scan->pieces > scan->cx->limits->values
               ? too_many(scan, "line ends, references, brackets and comments", scan->cx->limits->values)
               : NULL;
}

/* One character that XML 1.0 has a place for. */
static cs_error_t *scan_character(scan_t *scan)
{
    unsigned char c = (unsigned char)*scan->at;
    apr_size_t step = 1;

    if (c == 0) {
        return fault(scan, CS_E_TEXT_NUL, scan->at, "a text holds U+0000, which cannot be stored,");
    }
    if (c == '\n' || c == '\r' || c == ']') {
        CS_TRY(count_piece(scan)); /* the parser cuts a text there */
        scan->at += c == '\r' && next_is(scan, "\r\n");
    }
    else if (c < 0x20 && c != '\t') {
        return unexpected(scan, "a character that XML has");
    }
    if (c >= 0x80) {
        step = cs_utf8_step(scan->at, (apr_size_t)(scan->end - scan->at));
        if (step == 0) {
            return fault(scan, CS_E_XML_ENCODING, scan->at, "a byte that is no UTF-8 stands");
        }
        if (next_is(scan, "\xEF\xBF\xBE") || next_is(scan, "\xEF\xBF\xBF")) {
            return fault(scan, CS_E_XML_SYNTAX, scan->at,
                         "U+FFFE or U+FFFF, which XML does not have, stands");
        }
    }
    scan->at += step;
    return NULL;
}

static int is_xml_character(unsigned code)
{
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xD7FF) ||
           (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

/* After "&#". */
static cs_error_t *scan_number(scan_t *scan, const char *start)
{
    int base = take(scan, "x") ? 16 : 10;
    unsigned code = 0;
    int digits = 0;

    for (; scan->at < scan->end; scan->at++, digits++) {
        int digit = cs_text_hex(*scan->at);

        if (digit < 0 || digit >= base) {
            break;
        }
        code = code > 0x10FFFF ? code : code * (unsigned)base + (unsigned)digit;
    }
    if (!digits || !take(scan, ";")) {
        return unexpected(scan, digits ? "';'" : "a digit");
    }
    if (code == 0) {
        return fault(scan, CS_E_TEXT_NUL, start, "a text holds U+0000, which cannot be stored,");
    }
    return is_xml_character(code) ? NULL
                                  : fault(scan, CS_E_XML_SYNTAX, start,
                                          "a reference to a character that XML does not have stands");
}

static cs_error_t *scan_reference(scan_t *scan)
{
    static const char *const names[] = {"amp;", "lt;", "gt;", "quot;", "apos;"};
    const char *start = scan->at++;

    CS_TRY(count_piece(scan));
    if (take(scan, "#")) {
        return scan_number(scan, start);
    }
    for (apr_size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (take(scan, names[i])) {
            return NULL;
        }
    }
    return fault(scan, CS_E_XML_SYNTAX, start, "'&' begins none of &amp; &lt; &gt; &quot; &apos; &#...;");
}

/* ---------------- markup besides elements */

/* Up to `closing`, and over it. */
static cs_error_t *scan_until(scan_t *scan, const char *closing)
{
    CS_TRY(count_piece(scan));
    while (!take(scan, closing)) {
        if (scan->at == scan->end) {
            return unexpected(scan, closing);
        }
        CS_TRY(scan_character(scan));
    }
    return NULL;
}

/* Where the value of `encoding` stands in the declaration; len 0: it names none. */
static slice_t find_encoding(const char *text, const char *end)
{
    static const char word[] = "encoding";
    slice_t value = {end, 0};

    for (; (apr_size_t)(end - text) > sizeof(word); text++) {
        if (memcmp(text, word, sizeof(word) - 1) == 0) {
            text += sizeof(word) - 1;
            while (text < end && (is_space(*text) || *text == '=')) {
                text++;
            }
            if (text < end && (*text == '"' || *text == '\'')) {
                const char *closing = memchr(text + 1, *text, (apr_size_t)(end - text - 1));

                value = (slice_t){text + 1, (apr_size_t)((closing ? closing : end) - text - 1)};
            }
            break;
        }
    }
    return value;
}

static cs_error_t *scan_declaration(scan_t *scan)
{
    const char *start = scan->at;
    slice_t encoding;

    CS_TRY(scan_until(scan, "?>"));
    encoding = find_encoding(start, scan->at);
    if (encoding.len && !cs_text_same(encoding.s, encoding.len, "utf-8", 5)) {
        return cs_error_make(scan->cx->pool, CS_E_XML_ENCODING, NULL,
                             "the XML declares the encoding '%s'; it may be utf-8",
                             cs_text_clean(scan->cx->pool, encoding.s, encoding.len, 40));
    }
    return NULL;
}

static cs_error_t *scan_exclamation(scan_t *scan)
{
    static const char *const declarations[] = {"DOCTYPE", "ENTITY", "ELEMENT", "ATTLIST", "NOTATION"};
    const char *start = scan->at;

    if (take(scan, "<!--")) {
        return scan_until(scan, "-->");
    }
    if (scan->depth > 0 && take(scan, "<![CDATA[")) {
        return scan_until(scan, "]]>");
    }
    scan->at += 2;
    for (apr_size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]); i++) {
        apr_size_t len = strlen(declarations[i]);

        if ((apr_size_t)(scan->end - scan->at) >= len && cs_text_same(scan->at, len, declarations[i], len)) {
            return fault(scan, CS_E_XML_DTD, start,
                         "a document type or an entity, which are not taken, is declared");
        }
    }
    return unexpected(scan, scan->depth > 0 ? "'--' or '[CDATA['" : "'--'");
}

/* ---------------- elements */

static cs_error_t *count_value(scan_t *scan)
{
    return ++scan->values > scan->cx->limits->values
               ? too_many(scan, "elements and attributes", scan->cx->limits->values)
               : NULL;
}

/* "name" or "prefix:name": the parser, which takes ":" for a letter, would make empty names of others. */
static int is_qualified(slice_t name)
{
    const char *colon = memchr(name.s, ':', name.len);
    const char *end = name.s + name.len;

    return !colon || (colon > name.s && colon + 1 < end && !strchr(":-.0123456789", colon[1]) &&
                      !memchr(colon + 1, ':', (apr_size_t)(end - colon - 1)));
}

/* Which characters make a name is the parser's business; here it is what stands before the next mark. */
static cs_error_t *scan_name(scan_t *scan, slice_t *name_out)
{
    const char *start = scan->at;

    while (scan->at < scan->end && !is_space(*scan->at) && !strchr("<>/='\"&", *scan->at)) {
        CS_TRY(scan_character(scan));
        if (scan->at - start > LONGEST_NAME) {
            return too_many(scan, "bytes in a name", LONGEST_NAME);
        }
    }
    if (scan->at < scan->end && *scan->at == '\0') {
        return scan_character(scan);
    }
    *name_out = (slice_t){start, (apr_size_t)(scan->at - start)};
    if (!name_out->len) {
        return unexpected(scan, "a name");
    }
    return is_qualified(*name_out)
               ? NULL
               : fault(scan, CS_E_XML_SYNTAX, start, "a name with a colon out of place stands");
}

static cs_error_t *scan_attribute_value(scan_t *scan)
{
    const char *start = scan->at + 1;
    char quote = scan->at < scan->end ? *scan->at : '\0';

    if (quote != '"' && quote != '\'') {
        return unexpected(scan, "'\"' or \"'\"");
    }
    for (scan->at++; scan->at < scan->end && *scan->at != quote;) {
        if (*scan->at == '<') {
            return unexpected(scan, "the end of an attribute");
        }
        CS_TRY(*scan->at == '&' ? scan_reference(scan) : scan_character(scan));
        if (scan->at - start > LONGEST_ATTRIBUTE) {
            return too_many(scan, "bytes in an attribute", LONGEST_ATTRIBUTE);
        }
    }
    if (scan->at == scan->end) {
        return unexpected(scan, "the end of an attribute");
    }
    scan->at++;
    return NULL;
}

static cs_error_t *scan_attribute(scan_t *scan)
{
    slice_t name;

    CS_TRY(count_value(scan));
    CS_TRY(scan_name(scan, &name));
    if (name.len >= 5 && memcmp(name.s, "xmlns", 5) == 0 && ++scan->namespaces > MOST_NAMESPACES) {
        return too_many(scan, "namespaces", MOST_NAMESPACES);
    }
    skip_space(scan);
    if (!take(scan, "=")) {
        return unexpected(scan, "'='");
    }
    skip_space(scan);
    return scan_attribute_value(scan);
}

static cs_error_t *open_element(scan_t *scan, slice_t name)
{
    if (scan->depth == 0 && scan->roots++) {
        return fault(scan, CS_E_XML_SYNTAX, name.s, "a second root element stands");
    }
    if (scan->depth == scan->cx->limits->depth) {
        return cs_error_make(scan->cx->pool, CS_E_XML_DEPTH, NULL,
                             "the XML is nested deeper than %d at byte %" APR_SIZE_T_FMT,
                             scan->cx->limits->depth, (apr_size_t)(name.s - scan->bytes));
    }
    scan->open[scan->depth++] = name;
    return NULL;
}

/* After "<". */
static cs_error_t *scan_start_tag(scan_t *scan)
{
    slice_t name;
    int attributes = 0;

    CS_TRY(count_value(scan));
    CS_TRY(scan_name(scan, &name));
    CS_TRY(open_element(scan, name));
    for (;;) {
        skip_space(scan);
        if (take(scan, ">")) {
            return NULL;
        }
        if (take(scan, "/>")) {
            scan->depth--;
            return NULL;
        }
        if (scan->at == scan->end) {
            return unexpected(scan, "'>'");
        }
        if (++attributes > MOST_ATTRIBUTES) {
            return too_many(scan, "attributes in one element", MOST_ATTRIBUTES);
        }
        CS_TRY(scan_attribute(scan));
    }
}

/* After "</". */
static cs_error_t *scan_end_tag(scan_t *scan)
{
    const char *start = scan->at;
    const slice_t *open = scan->depth > 0 ? &scan->open[scan->depth - 1] : NULL;
    slice_t name;

    CS_TRY(scan_name(scan, &name));
    skip_space(scan);
    if (!take(scan, ">")) {
        return unexpected(scan, "'>'");
    }
    if (!open || open->len != name.len || memcmp(open->s, name.s, name.len) != 0) {
        return fault(scan, CS_E_XML_SYNTAX, start, "an element ends that is not the last one begun,");
    }
    scan->depth--;
    return NULL;
}

/* ---------------- the whole */

static cs_error_t *scan_markup(scan_t *scan)
{
    if (next_is(scan, "<!")) {
        return scan_exclamation(scan);
    }
    if (take(scan, "<?")) {
        return scan_until(scan, "?>");
    }
    if (take(scan, "</")) {
        return scan_end_tag(scan);
    }
    scan->at++;
    return scan_start_tag(scan);
}

static cs_error_t *scan_document(scan_t *scan)
{
    if (next_is(scan, "<?xml") && scan->end - scan->at > 5 && is_space(scan->at[5])) {
        CS_TRY(scan_declaration(scan));
    }
    while (scan->at < scan->end) {
        if (*scan->at == '<') {
            CS_TRY(scan_markup(scan));
        }
        else if (scan->depth == 0 && *scan->at && !is_space(*scan->at)) {
            return unexpected(scan, scan->roots ? "the end" : "an element");
        }
        else {
            CS_TRY(*scan->at == '&' ? scan_reference(scan) : scan_character(scan));
        }
    }
    if (scan->depth > 0) {
        return unexpected(scan, "the end of an element");
    }
    return scan->roots ? NULL : unexpected(scan, "an element");
}

cs_error_t *cs_xml_scan(cs_ctx_t *cx, const char *bytes, apr_size_t len)
{
    scan_t scan = {.cx = cx, .bytes = bytes, .at = bytes, .end = bytes + len};

    scan.open = apr_palloc(cx->pool, sizeof(*scan.open) * (apr_size_t)cx->limits->depth);
    return scan_document(&scan);
}
