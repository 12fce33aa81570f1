/* tap.h -- what a test program found, as TAP: a line for each promise, the plan at the end.
 *
 * For programs of one source file: the counters belong to the file that includes this.  A failed promise says
 * what it got, what it expected and where it stands; done() is what main() returns. */
#ifndef CS_T_TAP_H
#define CS_T_TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct {
    int count, failed;
} tap;

/* One line whatever is in it: what could be taken for the end of a line or for a directive is written as
 * \xNN, and so is all that is not ASCII. */
static inline void tap_put(const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x20 || c > 0x7E || c == '#') {
            printf("\\x%02X", c);
        }
        else {
            putchar(c);
        }
    }
}

static inline int tap_line(int truth, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static inline int tap_line(int truth, const char *format, va_list args)
{
    char name[1000];

    vsnprintf(name, sizeof(name), format, args);
    tap.failed += !truth;
    printf("%s %d - ", truth ? "ok" : "not ok", ++tap.count);
    tap_put(name);
    putchar('\n');
    return truth;
}

static inline void tap_where(const char *file, int line)
{
    printf("# at %s:%d\n", file, line);
}

static inline void tap_text(const char *what, const char *text)
{
    printf("# %-9s ", what);
    if (text) {
        putchar('\'');
        tap_put(text);
        putchar('\'');
    }
    else {
        printf("nothing");
    }
    putchar('\n');
}

static inline int tap_ok(const char *file, int line, int truth, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static inline int tap_is(const char *file, int line, const char *got, const char *expected,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));
static inline int tap_is_int(const char *file, int line, long long got, long long expected,
                             const char *format, ...) __attribute__((format(printf, 5, 6)));

static inline int tap_ok(const char *file, int line, int truth, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tap_line(truth, format, args);
    va_end(args);
    if (!truth) {
        tap_where(file, line);
    }
    return truth;
}

static inline int tap_is(const char *file, int line, const char *got, const char *expected,
                         const char *format, ...)
{
    int truth = got && expected ? strcmp(got, expected) == 0 : got == expected;
    va_list args;

    va_start(args, format);
    tap_line(truth, format, args);
    va_end(args);
    if (!truth) {
        tap_text("got:", got);
        tap_text("expected:", expected);
        tap_where(file, line);
    }
    return truth;
}

static inline int tap_is_int(const char *file, int line, long long got, long long expected,
                             const char *format, ...)
{
    int truth = got == expected;
    va_list args;

    va_start(args, format);
    tap_line(truth, format, args);
    va_end(args);
    if (!truth) {
        printf("# got:      %lld\n# expected: %lld\n", got, expected);
        tap_where(file, line);
    }
    return truth;
}

/* Each takes the name of the promise last, as printf does, and returns whether it was kept. */
#define ok(truth, ...)             tap_ok(__FILE__, __LINE__, (truth) != 0, __VA_ARGS__)
#define is(got, expected, ...)     tap_is(__FILE__, __LINE__, got, expected, __VA_ARGS__)
#define is_int(got, expected, ...) tap_is_int(__FILE__, __LINE__, got, expected, __VA_ARGS__)

/* A promise that cannot be tested here. */
static inline void skip(const char *reason)
{
    printf("ok %d # SKIP %s\n", ++tap.count, reason);
}

/* The plan, and the program's exit status. */
static inline int done(void)
{
    printf("1..%d\n", tap.count);
    return tap.failed ? 1 : 0;
}

#endif
