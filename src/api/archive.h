/* api/archive.h -- what can be listed, and by which columns. */
#ifndef CS_API_ARCHIVE_H
#define CS_API_ARCHIVE_H

#include "base/error.h"

struct cs_call_t;

/* GET /Archive */
cs_error_t *cs_archive_names(struct cs_call_t *call) CS_CHECKED;

/* GET .../$metadata: a dictionary of the columns. */
cs_error_t *cs_archive_columns(struct cs_call_t *call) CS_CHECKED;

#endif
