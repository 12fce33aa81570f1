/* t/fuzz/span.c -- any text as a time of day: refused with a reason, or read back as it is written. */
#include "base/span.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char out[CS_SPAN_MAX];
    cs_span_t span = -1, again = -1;
    const char *wrong = cs_span_parse((const char *)data, size, &span);

    if (wrong) {
        must(*wrong);
        return 0;
    }
    must(span >= 0 && span <= CS_SPAN_DAY);
    must(cs_span_parse(out, cs_span_print(out, span), &again) == NULL && again == span);
    return 0;
}
