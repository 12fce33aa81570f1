#include "work/runner.h"

#include "base/monotonic.h"
#include "db/solo.h"
#include "work/hooks.h"

#include <apr_strings.h>
#include <stddef.h>
#include <string.h>

#define LEAD_PAUSE apr_time_from_msec(2000) /* between attempts to connect, or to get the lock */
#define HARM_PAUSE apr_time_from_sec(60)    /* for a step that failed */
#define REASON_MAX 256

/* What is done, a guarded statement each.  Its arguments, where it has them: the limit, and the clock of the
 * sessions' times; with a clock the limit is the time on it before which something is over, else seconds. */
typedef struct step_t {
    cs_stmt_id_t stmt;
    size_t limit; /* the member of cs_chores_t; 0: none */
    int has_clock;
    int batch; /* so many mean that there are more */
} step_t;

#define LIMIT(member) offsetof(cs_chores_t, member)

static const step_t steps[] = {
    {CS_STMT_WORK_DEAD, LIMIT(dead_after), 1, 100},
    {CS_STMT_WORK_IDLE, LIMIT(idle_after), 1, 100},
    {CS_STMT_WORK_ALERT, 0, 1, 100},
    {CS_STMT_WORK_PURGE, LIMIT(purge_after), 0, 100},
    {CS_STMT_WORK_CREDENTIALS, 0, 0, 100},
    {CS_STMT_WORK_KEYS, 0, 0, 100},
    {CS_STMT_WORK_EVENTS, LIMIT(keep_events), 0, 500},
    {CS_STMT_WORK_CHANGES, 0, 0, 1000},
    {CS_STMT_HOOK_SWEEP, LIMIT(keep_events), 0, 500},
    {CS_STMT_HOOK_GIVE_UP, LIMIT(hook_give_up), 0, 100},
};
#define STEPS (int)(sizeof(steps) / sizeof(steps[0]))

struct cs_runner_t {
    const cs_chores_t *chores;
    const cs_log_t *log;
    int (*ending)(void);
    cs_solo_t *solo;
    cs_hooks_t *hooks;
    int leads; /* the lock is this connection's */
    apr_time_t try_at;
    apr_time_t hooks_at; /* not before */
    apr_time_t due[STEPS];
    char trouble[REASON_MAX];     /* "" : the database serves */
    char harm[STEPS][REASON_MAX]; /* why each step failed last */
};

cs_runner_t *cs_runner_make(apr_pool_t *pool, const cs_chores_t *chores, const cs_log_t *log,
                            int (*ending)(void))
{
    cs_runner_t *runner = apr_pcalloc(pool, sizeof(*runner));

    runner->chores = chores;
    runner->log = log;
    runner->ending = ending;
    runner->solo = cs_solo_make(pool, chores->db, ending);
    runner->hooks = cs_hooks_make(pool, chores, log, ending);
    return runner->hooks ? runner : NULL;
}

/* ---------------- troubles are told once */

static const char *reason_of(const cs_error_t *error)
{
    return error->detail ? error->detail : error->message;
}

/* Whether the text is another one than before. */
static int is_new(char *before, const char *text)
{
    char copy[REASON_MAX];

    apr_cpystrn(copy, text, sizeof(copy));
    if (strcmp(before, copy) == 0) {
        return 0;
    }
    memcpy(before, copy, sizeof(copy));
    return 1;
}

/* From now on the same trouble is another one. */
static void end_trouble(cs_runner_t *runner)
{
    runner->trouble[0] = '\0';
}

static void pause_work(cs_runner_t *runner, const cs_error_t *error)
{
    if (is_new(runner->trouble, reason_of(error))) {
        cs_log(runner->log, CS_LOG_WARNING, CSNO(242), "time-driven work on database \"%s\" waits: %s",
               runner->chores->db->conninfo, runner->trouble);
    }
    runner->try_at = cs_monotonic_now() + LEAD_PAUSE;
}

/* The lock is lost with its connection, and so is the right to go on. */
static void notice_loss(cs_runner_t *runner)
{
    if (!cs_solo_is_open(runner->solo)) {
        runner->leads = 0;
        cs_hooks_drop(runner->hooks);
    }
}

/* ---------------- the lock */

static void lead(cs_runner_t *runner)
{
    cs_log(runner->log, CS_LOG_INFO, CSNO(243), "this process does the time-driven work on database \"%s\"",
           runner->chores->db->conninfo);
    runner->leads = 1;
    memset(runner->due, 0, sizeof(runner->due));
}

static cs_error_t *seek_lead(cs_ctx_t *cx, cs_runner_t *runner)
{
    cs_rows_t *rows;

    if (!cs_solo_is_open(runner->solo)) {
        CS_TRY(cs_solo_open(cx, runner->solo));
    }
    CS_TRY(cs_solo_run(cx, runner->solo, CS_STMT_WORK_LEAD, NULL, 0, &rows));
    end_trouble(runner);
    if (cs_rows_number(rows, 0)) {
        lead(runner);
    }
    runner->try_at = cs_monotonic_now() + LEAD_PAUSE;
    return NULL;
}

/* ---------------- the steps */

static cs_val_t time_of(cs_wall_t wall)
{
    return (cs_val_t){.kind = CS_K_TIME, .set = 1, .u.i = wall};
}

static apr_interval_time_t limit_of(const cs_runner_t *runner, const step_t *step)
{
    return *(const apr_interval_time_t *)(const void *)((const char *)runner->chores + step->limit);
}

/* Never shorter than it was said. */
static cs_val_t seconds_of(apr_interval_time_t limit)
{
    return cs_val_int(apr_time_sec(limit + APR_USEC_PER_SEC - 1));
}

static cs_error_t *take_step(cs_ctx_t *cx, cs_runner_t *runner, const step_t *step, int *more_out)
{
    const cs_tz_t *zone = runner->chores->zone;
    cs_wall_t utc = cs_wall_of_time(apr_time_now());
    cs_val_t args[2];
    int count = 0;
    cs_rows_t *rows;

    if (step->limit) {
        apr_interval_time_t limit = limit_of(runner, step);

        args[count++] =
            step->has_clock ? time_of(cs_tz_wall_before(zone, utc, limit)) : seconds_of(limit);
    }
    if (step->has_clock) {
        args[count++] = time_of(cs_tz_wall(zone, utc));
    }
    CS_TRY(cs_solo_run(cx, runner->solo, step->stmt, args, count, &rows));
    *more_out = cs_rows_number(rows, 0) >= step->batch;
    return NULL;
}

/* One that the database refuses is left alone for a while, and holds none of the others. */
static void complain(cs_runner_t *runner, int number, const cs_error_t *error)
{
    if (is_new(runner->harm[number], reason_of(error))) {
        cs_log(runner->log, CS_LOG_WARNING, CSNO(244), "time-driven work on database \"%s\": %s fails: %s",
               runner->chores->db->conninfo, cs_stmt_table[steps[number].stmt].name, runner->harm[number]);
    }
    runner->due[number] = cs_monotonic_now() + HARM_PAUSE;
}

static void take_steps(cs_ctx_t *cx, cs_runner_t *runner)
{
    for (int i = 0; i < STEPS && runner->leads && !runner->ending(); i++) {
        apr_time_t now = cs_monotonic_now();
        cs_error_t *error;
        int more = 0;

        if (now < runner->due[i] || (steps[i].limit && limit_of(runner, &steps[i]) == 0)) {
            continue;
        }
        error = take_step(cx, runner, &steps[i], &more);
        runner->due[i] = more ? 0 : now + runner->chores->every;
        notice_loss(runner);
        if (error && !runner->leads) {
            pause_work(runner, error);
        }
        else if (error) {
            complain(runner, i, error);
        }
        else {
            runner->harm[i][0] = '\0';
        }
    }
}

/* ---------------- a turn */

void cs_runner_turn(cs_runner_t *runner, apr_pool_t *pool)
{
    cs_ctx_t cx = {.pool = pool, .log = runner->log};
    cs_error_t *error = NULL;

    if (runner->ending()) {
        cs_solo_close(runner->solo); /* another process goes on at once */
    }
    else if (!runner->leads && cs_monotonic_now() >= runner->try_at) {
        error = seek_lead(&cx, runner);
    }
    notice_loss(runner);
    if (!error && runner->leads) {
        take_steps(&cx, runner);
    }
    if (!error && runner->leads && cs_monotonic_now() >= runner->hooks_at) {
        error = cs_hooks_turn(&cx, runner->hooks, runner->solo);
        runner->hooks_at = error ? cs_monotonic_now() + LEAD_PAUSE : 0;
        notice_loss(runner);
        if (!error) {
            end_trouble(runner);
        }
    }
    if (error) {
        pause_work(runner, error);
    }
}
