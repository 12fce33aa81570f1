/* api/about.h -- what the API tells of itself. */
#ifndef CS_API_ABOUT_H
#define CS_API_ABOUT_H

#include "base/error.h"

struct cs_call_t;

/* GET /api, without a user: where the API is, and whose it is. */
cs_error_t *cs_about_api(struct cs_call_t *call) CS_CHECKED;

/* GET /api/v1: each URL with its methods and what they do. */
cs_error_t *cs_about_operations(struct cs_call_t *call) CS_CHECKED;

#endif
