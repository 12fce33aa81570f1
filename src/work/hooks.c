#include "work/hooks.h"

#include "base/buf.h"
#include "base/monotonic.h"
#include "hook/pause.h"
#include "hook/payload.h"
#include "hook/sender.h"

#include <apr_strings.h>
#include <string.h>

#define FLIGHTS    64 /* on their way at once, */
#define OF_ONE     8  /* to one webhook, */
#define OF_FAILING 1  /* to one that failed last */
#define LOOKED_AT  64 /* pending ones of a webhook at a time */
#define TURN       apr_time_from_msec(1000)
#define WAIT       apr_time_from_msec(50)
#define LOOK_PAUSE apr_time_from_msec(250) /* when there was nothing to send */
#define TOO_MANY   3                       /* the state of a webhook that is given up */

/* A delivery that is on its way. */
typedef struct flight_t {
    apr_int64_t id, hook;
    int tries;    /* before this one */
    int failures; /* of the webhook, in a row, before this one */
    char name[256];
} flight_t;

struct cs_hooks_t {
    const cs_chores_t *chores;
    const cs_log_t *log;
    int (*ending)(void);
    cs_sender_t *sender;
    flight_t flights[FLIGHTS];
    int count;
    apr_time_t look_at; /* again for what is due */
};

cs_hooks_t *cs_hooks_make(apr_pool_t *pool, const cs_chores_t *chores, const cs_log_t *log,
                          int (*ending)(void))
{
    cs_hooks_t *hooks = apr_pcalloc(pool, sizeof(*hooks));

    hooks->chores = chores;
    hooks->log = log;
    hooks->ending = ending;
    hooks->sender = cs_sender_make(pool, chores->allow, chores->hook_timeout);
    return hooks->sender ? hooks : NULL;
}

void cs_hooks_drop(cs_hooks_t *hooks)
{
    cs_sender_drop(hooks->sender);
    hooks->count = 0;
    hooks->look_at = 0;
}

/* ---------------- back to the database */

static cs_val_t text_of(const char *text)
{
    return text ? cs_val_text(text, strlen(text)) : cs_val_null(CS_K_TEXT);
}

/* One that no later attempt could mend is tried again as well: the registration may be mended. */
static cs_error_t *note(cs_ctx_t *cx, const cs_hooks_t *hooks, cs_solo_t *solo, const flight_t *flight,
                        const cs_receipt_t *receipt)
{
    apr_interval_time_t pause = cs_pause_of_delivery(flight->tries + 1);
    apr_interval_time_t rest = cs_pause_of_receiver(flight->failures + 1);
    cs_val_t args[] = {
        text_of(apr_psprintf(cx->pool, "%" APR_INT64_T_FMT, flight->id)),
        receipt->status ? cs_val_int(receipt->status) : cs_val_null(CS_K_INT),
        text_of(receipt->error),
        cs_val_int(apr_time_as_msec(receipt->took)),
        receipt->error ? cs_val_int(apr_time_as_msec(pause)) : cs_val_null(CS_K_INT),
        cs_val_int(apr_time_as_msec(rest)),
        cs_val_int(apr_time_sec(hooks->chores->hook_give_up)),
        cs_val_int(flight->failures),
    };
    cs_rows_t *rows;

    CS_TRY(cs_solo_run(cx, solo, CS_STMT_HOOK_TOLD, args, sizeof(args) / sizeof(args[0]), &rows));
    if (!receipt->error) {
        return NULL;
    }
    cs_log(hooks->log, CS_LOG_INFO, CSNO(240), "webhook \"%s\", delivery %" APR_INT64_T_FMT ", try %d: %s",
           flight->name, flight->id, flight->tries + 1, receipt->error);
    if (cs_rows_number(rows, 0) == TOO_MANY) {
        cs_log(hooks->log, CS_LOG_WARNING, CSNO(241),
               "webhook \"%s\" is stopped: for %" APR_TIME_T_FMT " s nothing could be delivered to it",
               flight->name, apr_time_sec(hooks->chores->hook_give_up));
    }
    return NULL;
}

static cs_error_t *note_all(cs_ctx_t *cx, cs_hooks_t *hooks, cs_solo_t *solo, int *noted_out)
{
    cs_receipt_t receipt;

    *noted_out = 0;
    while (cs_sender_take(hooks->sender, cx->pool, &receipt)) {
        for (int i = 0; i < hooks->count; i++) {
            flight_t flight = hooks->flights[i];

            if (flight.id == receipt.id) {
                hooks->flights[i] = hooks->flights[--hooks->count];
                *noted_out = 1;
                CS_TRY(note(cx, hooks, solo, &flight, &receipt));
                break;
            }
        }
    }
    return NULL;
}

/* ---------------- from the database */

/* The columns of hook_due. */
enum { ID, HOOK, FAILURES, TRIES, NAME, URL, SECRET, HEADERS, EVENT, VALUES, PRESENT };

/* The cells of its EVENT. */
enum { GUID, HAPPENED_AT, EVENT_NAME, ENTITY, ENTITY_ID, NUMBER, ASSOCIATE };

static const char *text_at(apr_pool_t *pool, cs_val_t cell)
{
    return cell.set ? apr_pstrmemdup(pool, cell.u.s, cell.len) : "";
}

static int may_go(const cs_hooks_t *hooks, apr_int64_t hook, int failures)
{
    int there = 0;

    for (int i = 0; i < hooks->count; i++) {
        there += hooks->flights[i].hook == hook;
    }
    return hooks->count < FLIGHTS && there < (failures ? OF_FAILING : OF_ONE);
}

static cs_parcel_t pack(apr_pool_t *pool, const cs_record_t *row)
{
    const cs_val_t *event = row[EVENT].cells;
    cs_news_t news = {
        .guid = event[GUID],
        .at = event[HAPPENED_AT].u.i,
        .name = event[EVENT_NAME],
        .entity = (int)event[ENTITY].u.i,
        .entity_id = event[ENTITY_ID].u.i,
        .number = event[NUMBER].u.i,
        .associate = event[ASSOCIATE].u.i,
        .values = row[VALUES].cells,
        .present = *row[PRESENT].cells,
    };
    cs_parcel_t parcel = {
        .id = row[ID].cells->u.i,
        .url = text_at(pool, *row[URL].cells),
        .secret = text_at(pool, *row[SECRET].cells),
        .headers = text_at(pool, *row[HEADERS].cells),
        .event = text_at(pool, news.name),
        .guid = text_at(pool, news.guid),
        .number = news.number,
        .retry = (int)row[TRIES].cells->u.i,
    };

    parcel.len = cs_payload_write(pool, &news, *row[NAME].cells, &parcel.body);
    return parcel;
}

static cs_error_t *launch(cs_ctx_t *cx, cs_hooks_t *hooks, cs_solo_t *solo, const cs_record_t *row)
{
    cs_parcel_t parcel = pack(cx->pool, row);
    flight_t flight = {.id = parcel.id,
                       .hook = row[HOOK].cells->u.i,
                       .tries = parcel.retry,
                       .failures = (int)row[FAILURES].cells->u.i};
    cs_receipt_t unsent = {.id = parcel.id};

    apr_cpystrn(flight.name, text_at(cx->pool, *row[NAME].cells), sizeof(flight.name));
    unsent.error = cs_sender_post(hooks->sender, &parcel);
    if (unsent.error) {
        return note(cx, hooks, solo, &flight, &unsent);
    }
    hooks->flights[hooks->count++] = flight;
    return NULL;
}

/* "{17,23}": those that are on their way. */
static cs_val_t on_their_way(apr_pool_t *pool, const cs_hooks_t *hooks)
{
    cs_buf_t *buf = cs_buf_make(pool, FLIGHTS * 24);

    cs_buf_putc(buf, '{');
    for (int i = 0; i < hooks->count; i++) {
        cs_buf_puts(buf, apr_psprintf(pool, "%s%" APR_INT64_T_FMT, i ? "," : "", hooks->flights[i].id));
    }
    cs_buf_putc(buf, '}');
    return cs_val_text(cs_buf_text(buf, pool), buf->length);
}

static int is_among(const apr_array_header_t *hooks, apr_int64_t hook)
{
    for (int i = 0; i < hooks->nelts; i++) {
        if (APR_ARRAY_IDX(hooks, i, apr_int64_t) == hook) {
            return 1;
        }
    }
    return 0;
}

/* A webhook of which one could not even be sent has to wait, as the database has noted. */
static cs_error_t *look(cs_ctx_t *cx, cs_hooks_t *hooks, cs_solo_t *solo, int *found_out)
{
    const cs_val_t args[] = {on_their_way(cx->pool, hooks), cs_val_int(LOOKED_AT),
                             cs_val_int(apr_time_sec(hooks->chores->hook_give_up))};
    apr_array_header_t *failed = apr_array_make(cx->pool, 2, sizeof(apr_int64_t));
    cs_rows_t *rows;

    CS_TRY(cs_solo_run(cx, solo, CS_STMT_HOOK_DUE, args, 3, &rows));
    *found_out = 0;
    for (int i = 0; i < cs_rows_count(rows); i++) {
        const cs_record_t *row = cs_rows_get(rows, i);
        apr_int64_t hook = row[HOOK].cells->u.i;
        int before = hooks->count;

        if (!is_among(failed, hook) && may_go(hooks, hook, (int)row[FAILURES].cells->u.i)) {
            CS_TRY(launch(cx, hooks, solo, row));
            *found_out = 1;
            if (hooks->count == before) {
                APR_ARRAY_PUSH(failed, apr_int64_t) = hook;
            }
        }
    }
    return NULL;
}

/* ---------------- a turn */

static cs_error_t *work(cs_ctx_t *cx, cs_hooks_t *hooks, cs_solo_t *solo, int *busy_out)
{
    apr_time_t now = cs_monotonic_now();
    int noted, found = 0;

    cs_sender_wait(hooks->sender, hooks->count ? WAIT : 0);
    CS_TRY(note_all(cx, hooks, solo, &noted));
    if (noted || now >= hooks->look_at) {
        CS_TRY(look(cx, hooks, solo, &found));
        hooks->look_at = found ? 0 : now + LOOK_PAUSE;
    }
    *busy_out = noted || found || hooks->count;
    return NULL;
}

cs_error_t *cs_hooks_turn(cs_ctx_t *cx, cs_hooks_t *hooks, cs_solo_t *solo)
{
    apr_time_t end = cs_monotonic_now() + TURN;
    cs_ctx_t scratch = *cx;
    cs_error_t *error = NULL;
    int busy = 1;

    apr_pool_create(&scratch.pool, cx->pool);
    while (!error && busy && !hooks->ending() && cs_monotonic_now() < end) {
        apr_pool_clear(scratch.pool);
        error = work(&scratch, hooks, solo, &busy);
    }
    return error; /* in a pool that ends with the turn's */
}
