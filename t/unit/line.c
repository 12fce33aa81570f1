/* t/unit/line.c -- who waits for a connection: in which order, for how long, and who is asked for by whom. */
#include "db/line.h"

#include "db/asking.h"
#include "support.h"
#include "tap.h"

#define MOST 4

typedef struct guest_t {
    cs_ctx_t cx;
    cs_asking_t asking;
    cs_waiter_t waiter;
} guest_t;

/* One who asks for a statement that may be asked together (stmt < 0: who wants a connection for himself). */
static cs_waiter_t *come(cs_line_t *line, guest_t *guest, int stmt, apr_time_t deadline)
{
    *guest = (guest_t){.cx = {.deadline = deadline}};
    guest->asking = (cs_asking_t){.cx = &guest->cx, .stmt = (cs_stmt_id_t)stmt, .waiter = &guest->waiter};
    guest->waiter.asking = stmt < 0 ? NULL : &guest->asking;
    sem_init(&guest->waiter.told, 0, 0);
    cs_line_join(line, &guest->waiter);
    return &guest->waiter;
}

static void test_order(void)
{
    cs_line_t line;
    guest_t guests[3];

    cs_line_make(&line, 2);
    ok(!cs_line_next(&line), "nobody is the next of nobody");
    for (int i = 0; i < 3; i++) {
        come(&line, &guests[i], -1, 0);
    }
    ok(cs_line_next(&line) == &guests[0].waiter, "who came first is the next");
    guests[0].waiter.connecting = 1;
    ok(cs_line_next(&line) == &guests[1].waiter, "past who tries a new connection");
    cs_line_leave(&line, &guests[1].waiter);
    ok(cs_line_next(&line) == &guests[2].waiter, "past who left");
    cs_line_leave(&line, &guests[2].waiter);
    ok(!cs_line_next(&line), "who tries is alone");
    come(&line, &guests[1], -1, 0);
    ok(cs_line_next(&line) == &guests[1].waiter, "who comes back is at the end");
    cs_line_leave(&line, &guests[0].waiter);
    cs_line_leave(&line, &guests[1].waiter);
    come(&line, &guests[2], -1, 0);
    ok(cs_line_next(&line) == &guests[2].waiter, "a line that was empty begins anew");
}

static void test_patience(void)
{
    cs_line_t line;
    cs_conn_t conns[2] = {{.db = NULL}};
    guest_t guests[4];

    cs_line_make(&line, 1);
    come(&line, &guests[0], 1, 9);
    cs_line_leave(&line, &guests[0].waiter);
    cs_line_give(&line, &guests[0].waiter, &conns[0], MOST);
    ok(cs_line_is_full(&line) && conns[0].together,
       "one statement runs, which is as many as there are lanes");
    come(&line, &guests[1], 1, 9)->patient = 1;
    ok(!cs_line_next(&line), "who is patient takes no connection");
    come(&line, &guests[2], -1, 9);
    ok(cs_line_next(&line) == &guests[2].waiter, "who came later, and cannot be asked for, does");
    line.together = 0;
    ok(cs_line_next(&line) == &guests[1].waiter, "when the statement has ended it is his turn");
}

static void test_together(void)
{
    cs_line_t line;
    cs_conn_t conn = {.db = NULL};
    guest_t guests[9];

    cs_line_make(&line, 1);
    come(&line, &guests[0], 1, 50);
    come(&line, &guests[1], 1, 60);
    come(&line, &guests[2], 2, 60);
    come(&line, &guests[3], -1, 60);
    come(&line, &guests[4], 1, 49);
    come(&line, &guests[5], 1, 60)->connecting = 1;
    come(&line, &guests[6], 1, 50);
    come(&line, &guests[7], 1, 60);
    come(&line, &guests[8], 1, 60);
    is_int(line.asking, 8, "all but one could be asked for");
    for (int i = 0; i < 9; i++) {
        guests[i].waiter.waiting = 1;
        line.waiting++;
    }
    cs_line_leave(&line, &guests[0].waiter);
    cs_line_give(&line, &guests[0].waiter, &conn, MOST);
    is_int(cs_asking_count(&guests[0].asking), MOST, "one asks for as many as may be");
    ok(guests[1].waiter.taken, "for who came next");
    ok(!guests[2].waiter.taken, "not for who wants another statement");
    ok(!guests[3].waiter.taken, "nor for who wants the connection");
    ok(!guests[4].waiter.taken, "nor for who has less time than he");
    ok(!guests[5].waiter.taken, "nor for who makes a connection of his own");
    ok(guests[6].waiter.taken && guests[7].waiter.taken, "but for those behind them");
    ok(!guests[8].waiter.taken, "until they are as many as may be");
    ok(guests[0].asking.next == &guests[1].asking && guests[1].asking.next == &guests[6].asking &&
           guests[6].asking.next == &guests[7].asking && !guests[7].asking.next,
       "in their order");
    is_int(line.waiting, 5, "who is asked for waits for no connection");
    is_int(line.asking, 4, "and asks for none");
    ok(cs_line_next(&line) == &guests[2].waiter, "the others keep their places");
}

/* One who wants to change something. */
static cs_waiter_t *come_to_change(cs_line_t *line, guest_t *guest, const cs_val_t *caller)
{
    cs_waiter_t *waiter = come(line, guest, 1, 50);

    guest->asking.args = caller;
    guest->asking.count = 1;
    guest->asking.changes = 1;
    return waiter;
}

static void test_one_caller(void)
{
    const char again[] = "anna";
    const cs_val_t anna = cs_val_text("anna", 4), ann = cs_val_text("anna", 3), mia = cs_val_text("mia", 3),
                   same = cs_val_text(again, 4);
    const cs_val_t *callers[] = {&anna, &ann, &mia, &same};
    cs_line_t line;
    cs_conn_t conn = {.db = NULL};
    guest_t guests[4];

    cs_line_make(&line, 1);
    for (int i = 0; i < 4; i++) {
        come_to_change(&line, &guests[i], callers[i]);
    }
    cs_line_leave(&line, &guests[0].waiter);
    cs_line_give(&line, &guests[0].waiter, &conn, MOST);
    ok(!guests[1].waiter.taken && !guests[2].waiter.taken, "no change is made in another's name");
    ok(guests[0].asking.next == &guests[3].asking && !guests[3].asking.next, "the same caller's is");
}

static void test_telling(void)
{
    cs_line_t line;
    guest_t guests[2];
    cs_waiter_t *first;

    cs_line_make(&line, 1);
    first = come(&line, &guests[0], 1, 9);
    come(&line, &guests[1], 1, 9);
    cs_line_tell_next(&line);
    cs_line_tell_all(&line);
    is_int(first->tellings, 2, "the first was told to look, and then everybody");
    is_int(guests[1].waiter.tellings, 1, "the second with everybody alone");
    ok(!cs_line_is_given(first), "neither was given anything");
    cs_line_leave(&line, first);
    cs_line_promise(first);
    ok(cs_line_is_given(first), "a promise is seen at once");
    cs_line_keep_promise(first);
    cs_line_hear_all(first);
    is_int(first->heard, 3, "and who goes has heard all that he was told");
}

int main(void)
{
    test_order();
    test_patience();
    test_together();
    test_one_caller();
    test_telling();
    return done();
}
