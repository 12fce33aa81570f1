/* base/lang.h -- texts in several languages, and which of them a client reads.
 *
 * A text may hold blocks, US:"Yes";NO:"Ja", of which one entry is shown, and references to resource strings,
 * [SR_NAME].  Languages are the two-letter codes of such blocks, in the order of preference. */
#ifndef CS_BASE_LANG_H
#define CS_BASE_LANG_H

#include <apr_pools.h>

#define CS_LANGUAGES 15 /* that there are */

struct cs_strings_t;

/* An index of the table of languages each; without any the first one is meant, that of the last resort. */
typedef struct cs_languages_t {
    int count;
    signed char order[CS_LANGUAGES];
} cs_languages_t;

/* Reads a list like "nb-NO, de;q=0.8, *;q=0.1": languages and cultures as ISO has them, or codes.  What is no
 * tag is passed over, and so are cultures without a language here; where there are only those, English is
 * meant.  0 when nothing in it names a language. */
int cs_languages_parse(const char *header, cs_languages_t *languages_out);

/* SO-Language that asks for texts as they are stored: "", "*", "x" or "-". */
int cs_languages_cancelled(const char *so_language);

/* The first of them as ISO has it: "no", "en". */
const char *cs_languages_first(const cs_languages_t *languages);

/* Whether all of the text is one block. */
int cs_lang_is_block(const char *text, apr_size_t len);

/* Puts the text in the first of these languages in the place of text and len; strings may be NULL.  A text
 * without blocks and references stays where it is; one that is a single block is pointed into; others are
 * made in the pool. */
void cs_lang_translate(apr_pool_t *pool, const cs_languages_t *languages, const struct cs_strings_t *strings,
                       const char **text, apr_size_t *len);

#endif
