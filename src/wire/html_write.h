/* wire/html_write.h -- HTML out: any document as a page to look at, objects as tables, arrays as lists. */
#ifndef CS_WIRE_HTML_WRITE_H
#define CS_WIRE_HTML_WRITE_H

#include "doc/writer.h"

extern const cs_writer_ops_t cs_html_writer;

#endif
