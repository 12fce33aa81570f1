/* api/transaction.h -- work that is done as a whole or not at all. */
#ifndef CS_API_TRANSACTION_H
#define CS_API_TRANSACTION_H

#include "api/call.h"

/* Runs `work` with call->transaction set; commits when it succeeds, rolls back otherwise.  Within another
 * transaction it is a part of that one.  The work's error, or DB_... of the beginning or the end. */
cs_error_t *cs_transaction_run(cs_call_t *call, cs_error_t *(*work)(cs_call_t *call)) CS_CHECKED;

#endif
