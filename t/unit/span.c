/* t/unit/span.c -- times of day: as clocks show them, as durations, and what is neither. */
#include "base/span.h"
#include "support.h"
#include "tap.h"

static const struct {
    const char *text;
    long long seconds, micros;
    const char *printed; /* NULL: the text itself */
} good[] = {
    {"00:00:00", 0, 0, NULL},
    {"08:00:00", 28800, 0, NULL},
    {"16:30:59", 59459, 0, NULL},
    {"23:59:59", 86399, 0, NULL},
    {"24:00:00", 86400, 0, NULL},
    {"08:00", 28800, 0, "08:00:00"},
    {"8:00", 28800, 0, "08:00:00"},
    {"8:05:09", 29109, 0, "08:05:09"},
    {"24:00", 86400, 0, "24:00:00"},
    {"0.08:00:00", 28800, 0, "08:00:00"},
    {"1.00:00:00", 86400, 0, "24:00:00"},
    {"01.00:00", 86400, 0, "24:00:00"},
    {"08:00:00.5", 28800, 500000, NULL},
    {"08:00:00.123456", 28800, 123456, NULL},
    {"08:00:00.1234567", 28800, 123457, "08:00:00.123457"},
    {"08:00:00.12345649999999999999", 28800, 123456, "08:00:00.123456"},
    {"08:00:00.000000", 28800, 0, "08:00:00"},
    {"23:59:59.9999999", 86400, 0, "24:00:00"},
    {"PT0S", 0, 0, "00:00:00"},
    {"PT8H", 28800, 0, "08:00:00"},
    {"PT8H30M", 30600, 0, "08:30:00"},
    {"PT8H30M15S", 30615, 0, "08:30:15"},
    {"PT30M", 1800, 0, "00:30:00"},
    {"PT480M", 28800, 0, "08:00:00"},
    {"PT28800S", 28800, 0, "08:00:00"},
    {"PT1.25S", 1, 250000, "00:00:01.25"},
    {"PT24H", 86400, 0, "24:00:00"},
    {"P1D", 86400, 0, "24:00:00"},
    {"P0DT8H", 28800, 0, "08:00:00"},
    {"P0D", 0, 0, "00:00:00"},
};

static const struct {
    const char *text, *wrong;
} bad[] = {
    {"", "the hour is not 00 to 24"},
    {"8", "the minute is not 00 to 59"},
    {":", "the hour is not 00 to 24"},
    {"08", "the minute is not 00 to 59"},
    {"08:", "the minute is not 00 to 59"},
    {"08:0", "the minute is not 00 to 59"},
    {"08:000", "the minute is not 00 to 59"},
    {"08:60", "the minute is not 00 to 59"},
    {"08:00:", "the second is not 00 to 59"},
    {"08:00:60", "the second is not 00 to 59"},
    {"08:00:00.", "there are no digits behind the point"},
    {"08:00:00,5", "something follows it"},
    {"08:00:00Z", "something follows it"},
    {"08:00 ", "something follows it"},
    {" 08:00", "the hour is not 00 to 24"},
    {"+08:00", "the hour is not 00 to 24"},
    {"-08:00", "the hour is not 00 to 24"},
    {"25:00", "the hour is not 00 to 24"},
    {"008:00", "the hour is not 00 to 24"},
    {"24:00:01", "it is more than 24 hours"},
    {"24:30", "it is more than 24 hours"},
    {"24:00:00.000001", "it is more than 24 hours"},
    {"1.00:00:01", "it is more than 24 hours"},
    {"2.00:00:00", "it is more than 24 hours"},
    {"999999.00:00:00", "it is more than 24 hours"},
    {"9999999.00:00:00", "the hour is not 00 to 24"},
    {"1.2.00:00", "the minute is not 00 to 59"},
    {"08.00", "the minute is not 00 to 59"},
    {"2024-01-01T08:00:00", "the hour is not 00 to 24"},
    {"P", "there is no number in it"},
    {"PT", "there is no number in it"},
    {"P1DT", "there is no number in it"},
    {"PTT8H", "there is no number of at most six digits before a unit"},
    {"PT8", "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone"},
    {"PTH", "there is no number of at most six digits before a unit"},
    {"P8H", "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone"},
    {"PT1D", "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone"},
    {"PT30M8H", "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone"},
    {"PT8H8H", "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone"},
    {"PT8.5H", "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone"},
    {"PT8.H", "there are no digits behind the point"},
    {"P1Y", "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone"},
    {"P1W", "its units are not D, then T and H, M, S in this order, with a fraction of seconds alone"},
    {"-PT8H", "the hour is not 00 to 24"},
    {"PT-8H", "there is no number of at most six digits before a unit"},
    {"pt8h", "the hour is not 00 to 24"},
    {"PT25H", "it is more than 24 hours"},
    {"P2D", "it is more than 24 hours"},
    {"P999999D", "it is more than 24 hours"},
    {"PT1000000S", "there is no number of at most six digits before a unit"},
    {"PT24H0.0000005S", "it is more than 24 hours"},
};

int main(void)
{
    char out[CS_SPAN_MAX];
    cs_span_t span;

    test_start();
    for (size_t i = 0; i < COUNT(good); i++) {
        const char *wrong = cs_span_parse(good[i].text, strlen(good[i].text), &span);

        is(wrong, NULL, "%s is read", good[i].text);
        is_int(span, good[i].seconds * CS_SPAN_SECOND + good[i].micros, "%s: what it means", good[i].text);
        out[cs_span_print(out, span)] = '\0';
        is(out, good[i].printed ? good[i].printed : good[i].text, "%s: how it is written", good[i].text);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        is(cs_span_parse(bad[i].text, strlen(bad[i].text), &span), bad[i].wrong, "'%s' is refused",
           bad[i].text);
    }
    out[cs_span_print(out, -1)] = '\0';
    is(out, "00:00:00", "before midnight is midnight");
    out[cs_span_print(out, CS_SPAN_DAY + 1)] = '\0';
    is(out, "24:00:00", "behind the end of a day is its end");
    is_int((long long)cs_span_print(out, CS_SPAN_DAY - 1), 15, "the longest text is 15 bytes");
    return done();
}
