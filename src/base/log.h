/* base/log.h -- where messages go, without knowing the server.
 *
 * httpd hands in a cs_log_t; tests hand in their own.  A sink may be called from any thread.  From debug up a
 * message bears its own number, CSNO(n), given once and never reused (t/rooms.t checks it). */
#ifndef CS_BASE_LOG_H
#define CS_BASE_LOG_H

typedef enum cs_level_t {
    CS_LOG_ERR,     /* an administrator must act */
    CS_LOG_WARNING, /* degraded */
    CS_LOG_NOTICE,  /* start, stop, reconnect */
    CS_LOG_INFO,
    CS_LOG_DEBUG,  /* one line per request */
    CS_LOG_TRACE1, /* statement names */
    CS_LOG_TRACE4  /* SQL text */
} cs_level_t;

typedef struct cs_log_t {
    int (*wants)(const struct cs_log_t *log, cs_level_t level);
    void (*write)(const struct cs_log_t *log, cs_level_t level, const char *line);
    const void *sink; /* what the two functions work on */
} cs_log_t;

#define CSNO(number)    number
#define CS_LOG_LINE_MAX 2048

/* `number` is CSNO(n), or 0 for the trace levels.  A longer line is cut at CS_LOG_LINE_MAX bytes. */
void cs_log(const cs_log_t *log, cs_level_t level, int number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
