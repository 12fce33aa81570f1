/* wire/json_write.h -- JSON out: compact, UTF-8, nothing escaped that need not be. */
#ifndef CS_WIRE_JSON_WRITE_H
#define CS_WIRE_JSON_WRITE_H

#include "doc/writer.h"

extern const cs_writer_ops_t cs_json_writer;

#endif
