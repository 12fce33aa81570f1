#include "db/line.h"

#include "base/monotonic.h"
#include "db/asking.h"

#include <string.h>

/* ---------------- in and out */

void cs_line_make(cs_line_t *line, int lanes)
{
    *line = (cs_line_t){.lanes = lanes};
    line->last = &line->first;
}

void cs_line_join(cs_line_t *line, cs_waiter_t *waiter)
{
    *line->last = waiter;
    line->last = &waiter->next;
    line->asking += waiter->asking != NULL;
}

void cs_line_leave(cs_line_t *line, cs_waiter_t *waiter)
{
    cs_waiter_t **at = &line->first;

    while (*at != waiter) {
        at = &(*at)->next;
    }
    *at = waiter->next;
    if (line->last == &waiter->next) {
        line->last = at;
    }
    line->waiting -= waiter->waiting;
    line->asking -= waiter->asking != NULL;
}

int cs_line_is_full(const cs_line_t *line)
{
    return line->together >= line->lanes;
}

cs_waiter_t *cs_line_next(const cs_line_t *line)
{
    cs_waiter_t *waiter = line->first;

    while (waiter && (waiter->connecting || (waiter->patient && cs_line_is_full(line)))) {
        waiter = waiter->next;
    }
    return waiter;
}

/* ---------------- telling */

static void tell(cs_waiter_t *waiter)
{
    waiter->tellings++;
    sem_post(&waiter->told);
}

void cs_line_tell_all(cs_line_t *line)
{
    for (cs_waiter_t *waiter = line->first; waiter; waiter = waiter->next) {
        tell(waiter);
    }
}

void cs_line_tell_next(cs_line_t *line)
{
    cs_waiter_t *waiter = cs_line_next(line);

    if (waiter) {
        tell(waiter);
    }
}

void cs_line_promise(cs_waiter_t *waiter)
{
    waiter->tellings++;
    __atomic_store_n(&waiter->given, 1, __ATOMIC_RELEASE);
}

void cs_line_keep_promise(cs_waiter_t *waiter)
{
    sem_post(&waiter->told);
}

int cs_line_is_given(const cs_waiter_t *waiter)
{
    return __atomic_load_n(&waiter->given, __ATOMIC_ACQUIRE);
}

/* A waiter is gone as soon as it is told. */
void cs_line_tell_askers(cs_asking_t *first)
{
    cs_asking_t *next = first->next;

    while (next) {
        cs_waiter_t *waiter = next->waiter;

        next = next->next;
        cs_line_promise(waiter);
        cs_line_keep_promise(waiter);
    }
}

void cs_line_hear_all(cs_waiter_t *waiter)
{
    while (waiter->heard < waiter->tellings) {
        waiter->heard += sem_wait(&waiter->told) == 0;
    }
}

/* ---------------- together */

static int is_same_text(const cs_val_t *one, const cs_val_t *other)
{
    return one->len == other->len && memcmp(one->u.s, other->u.s, one->len) == 0;
}

/* Whoever waits less long than the one that asks might have to answer before he can. */
static int fits(const cs_waiter_t *waiter, const cs_asking_t *first)
{
    const cs_asking_t *asking = waiter->asking;

    return asking && asking->stmt == first->stmt && !waiter->connecting &&
           asking->cx->deadline >= first->cx->deadline &&
           (!first->changes || is_same_text(&asking->args[0], &first->args[0]));
}

static void take_along(cs_line_t *line, cs_asking_t *first, int most)
{
    cs_asking_t *last = first;
    cs_waiter_t *next;

    for (cs_waiter_t *waiter = line->first; waiter && most > 1; waiter = next) {
        next = waiter->next;
        if (fits(waiter, first)) {
            most--;
            cs_line_leave(line, waiter);
            waiter->taken = 1;
            last = last->next = waiter->asking;
        }
    }
}

void cs_line_give(cs_line_t *line, cs_waiter_t *waiter, cs_conn_t *conn, int most)
{
    waiter->conn = conn;
    if (waiter->asking) {
        line->together++;
        conn->together = 1;
        take_along(line, waiter->asking, most);
    }
}
