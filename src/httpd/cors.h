/* httpd/cors.h -- pages of other origins: what their browsers may do here (the Fetch standard's CORS
 * protocol). */
#ifndef CS_HTTPD_CORS_H
#define CS_HTTPD_CORS_H

#include "httpd/claim.h"

/* Sets the headers of any answer, errors included. */
void cs_cors_allow(request_rec *r, const cs_claim_t *claim);

/* Sets those of the answer to OPTIONS: what a preflight asks. */
void cs_cors_preflight(request_rec *r, const cs_claim_t *claim);

#endif
