/* model/address.h -- LocalizedAddress: an address as lines of fields, laid out as its country does it. */
#ifndef CS_MODEL_ADDRESS_H
#define CS_MODEL_ADDRESS_H

#include "base/ctx.h"
#include "base/val.h"
#include "doc/writer.h"

/* Texts, labels among them, go out as the locale wants them (NULL: as stored).  layout is the contact's
 * column; street and postal point to the cells of the two structured addresses in the order of their rows
 * (model/contact.c).  An unset layout writes no lines. */
void cs_address_write_lines(cs_writer_t *w, const cs_locale_t *locale, const cs_val_t *layout,
                            const cs_val_t *street, const cs_val_t *postal);

#endif
