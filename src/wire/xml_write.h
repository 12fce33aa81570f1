/* wire/xml_write.h -- XML out: compact, UTF-8, no namespace but that of xsi:nil. */
#ifndef CS_WIRE_XML_WRITE_H
#define CS_WIRE_XML_WRITE_H

#include "doc/writer.h"

extern const cs_writer_ops_t cs_xml_writer;

/* Text as the content of an element: what XML has no place for is dropped. */
void cs_xml_escape(cs_buf_t *buf, const char *text, apr_size_t len);

#endif
