/* api/principal.h -- the caller, as he is known here: "who am I", and a check of credentials. */
#ifndef CS_API_PRINCIPAL_H
#define CS_API_PRINCIPAL_H

#include "base/error.h"

struct cs_call_t;

/* GET /User/currentPrincipal */
cs_error_t *cs_principal_get(struct cs_call_t *call) CS_CHECKED;

#endif
