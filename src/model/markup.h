/* model/markup.h -- the little HTML that a chat message may hold.
 *
 * Text goes out of here with tags out of a short list, without attributes, each of them closed, and with
 * nothing else that a browser could take for markup; done once more it does not change. */
#ifndef CS_MODEL_MARKUP_H
#define CS_MODEL_MARKUP_H

#include "base/buf.h"

/* What is left of the text; at most CS_MARKUP_GROWTH times as long. */
#define CS_MARKUP_GROWTH 4
void cs_markup_reduce(cs_buf_t *out, const char *text, apr_size_t len);

/* What a reader sees of it: without tags, references resolved, line ends followed by `indent`. */
void cs_markup_plain(cs_buf_t *out, const char *text, apr_size_t len, const char *indent);

/* Any text as HTML. */
void cs_markup_escape(cs_buf_t *out, const char *text, apr_size_t len);

#endif
