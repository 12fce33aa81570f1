/* t/unit/quota.c -- how many connections a host may have: between threads, processes and generations; and
 * what makes two connection strings the same database. */
#include "db/conninfo.h"
#include "db/quota.h"
#include "support.h"
#include "tap.h"

#include <apr_thread_proc.h>
#include <sys/wait.h>
#include <unistd.h>

static cs_quota_t *quota_of(apr_pool_t *pool, const char *key, int max)
{
    const char *reason = "";
    cs_quota_t *quota = cs_quota_open(pool, key, max, &reason);

    ok(quota != NULL, "a quota of %d for %s %s", max, key, reason);
    return quota;
}

static int take_all(cs_quota_t *quota, int *places)
{
    int count = 0;

    while (count < CS_QUOTA_MAX && (places[count] = cs_quota_take(quota)) >= 0) {
        count++;
    }
    return count;
}

/* How many another process can take while ours are held. */
static int others_take(cs_quota_t *quota)
{
    int places[CS_QUOTA_MAX], status = 0;
    pid_t child = fork();

    if (child == 0) {
        _exit(take_all(quota, places));
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_limit(apr_pool_t *pool)
{
    cs_quota_t *quota = quota_of(pool, "limit", 5);
    int places[CS_QUOTA_MAX];

    is_int(others_take(quota), 5, "another process may have all");
    is_int(take_all(quota, places), 5, "what a process held is free when it has ended");
    is_int(others_take(quota), 0, "no process gets more");
    cs_quota_give(quota, places[2]);
    is_int(others_take(quota), 1, "what is given back may be taken by another");
    is_int(cs_quota_take(quota), places[2], "or by ourselves");
    ok(cs_quota_open(pool, "limit", 5, &(const char *){NULL}) == quota, "the same key is the same quota");
}

/* Another process that takes all places, gives those below `first` back, and holds the others until *hold is
 * closed. */
static pid_t holder(cs_quota_t *quota, int first, int *hold)
{
    int places[CS_QUOTA_MAX], ready[2], end[2];
    char byte = 0;
    pid_t child;

    if (pipe(ready) != 0 || pipe(end) != 0) {
        printf("Bail out! no pipe\n");
        exit(1);
    }
    child = fork();
    if (child == 0) {
        int count = take_all(quota, places);

        for (int i = 0; i < count; i++) {
            if (places[i] < first) {
                cs_quota_give(quota, places[i]);
            }
        }
        close(end[1]);
        _exit(write(ready[1], &byte, 1) != 1 || read(end[0], &byte, 1) != 0);
    }
    is_int((int)read(ready[0], &byte, 1), 1, "another process holds places from %d on", first);
    close(end[0]);
    *hold = end[1];
    return child;
}

/* Old and new children live side by side for a while. */
static void test_changed_limit(apr_pool_t *pool)
{
    cs_quota_t *quota = quota_of(pool, "changed", 6);
    int places[CS_QUOTA_MAX], hold;
    pid_t child = holder(quota, 4, &hold);

    quota = quota_of(pool, "changed", 4);
    is_int(take_all(quota, places), 2, "the limit is lowered: what lies beyond the new one counts");
    close(hold);
    waitpid(child, NULL, 0);
    is_int(take_all(quota, places + 2), 2, "until it is given back");
    is_int(others_take(quota), 0, "for the old children, too");
    quota = quota_of(pool, "changed", 6);
    is_int(others_take(quota), 2, "the limit is raised again");
}

enum { ROUNDS = 20000, THREADS = 3, PLACES = 2 };

typedef struct race_t {
    cs_quota_t *quota;
    int owners[PLACES];
    int twice;
} race_t;

static void *APR_THREAD_FUNC take_and_give(apr_thread_t *thread, void *data)
{
    race_t *race = data;

    (void)thread;
    for (int i = 0; i < ROUNDS; i++) {
        int place = cs_quota_take(race->quota);

        if (place >= 0) {
            if (__atomic_add_fetch(&race->owners[place], 1, __ATOMIC_SEQ_CST) > 1) {
                __atomic_store_n(&race->twice, 1, __ATOMIC_SEQ_CST);
            }
            __atomic_sub_fetch(&race->owners[place], 1, __ATOMIC_SEQ_CST);
            cs_quota_give(race->quota, place);
        }
    }
    return NULL;
}

static void test_threads(apr_pool_t *pool)
{
    race_t race = {.quota = quota_of(pool, "threads", PLACES)};
    apr_thread_t *threads[THREADS];
    apr_status_t status;

    for (int i = 0; i < THREADS; i++) {
        apr_thread_create(&threads[i], NULL, take_and_give, &race, pool);
    }
    for (int i = 0; i < THREADS; i++) {
        apr_thread_join(&status, threads[i]);
    }
    is_int(race.twice, 0, "no place has two owners");
    is_int(others_take(race.quota), PLACES, "and all are given back");
}

static void test_cries(apr_pool_t *pool)
{
    cs_quota_t *quota = quota_of(pool, "cries", 1);

    ok(!cs_quota_hear(quota, CS_CRY_HUNGER), "nobody has cried");
    cs_quota_cry(quota, CS_CRY_HUNGER);
    ok(!cs_quota_hear(quota, CS_CRY_MORE), "who is hungry does not cry for more");
    ok(cs_quota_hear(quota, CS_CRY_HUNGER), "a cry is heard");
    ok(!cs_quota_hear(quota, CS_CRY_HUNGER), "once");
    is_int(cs_quota_served_at(quota), 0, "nobody was served");
    cs_quota_served(quota);
    ok(cs_quota_served_at(quota) > 0, "it is known when somebody was");
}

/* ---------------- connection strings */

static const struct {
    const char *conninfo;
    const char *wrong; /* a part of what is said; NULL: it is fine */
} strings[] = {
    {"dbname=x", NULL},
    {"", NULL},
    {"service=chat", NULL},
    {"host=/run/postgresql dbname=help_desk user=www-data", NULL},
    {"postgresql://anna@db.example:5433/help_desk?connect_timeout=3", NULL},
    {"passfile=/etc/pass dbname='a b'", NULL},
    {"application_name='one, two'", NULL},
    {"password=secret", "passfile="},
    {"postgresql://anna:secret@db.example/x", "passfile="},
    {"sslpassword=secret", "service"},
    {"options='-c work_mem=1MB'", "ALTER ROLE"},
    {"postgresql:///x?options=-cgeqo%3Doff", "ALTER ROLE"},
    {"host=a,b dbname=x", "one host"},
    {"postgresql://a,b/x", "one host"},
    {"hostaddr=127.0.0.1,127.0.0.2", "one address"},
    {"nonsense", "no libpq connection string"},
    {"dbname='x", "no libpq connection string"},
    {"passwort=secret", "no libpq connection string"},
};

static const struct {
    const char *a, *b;
    int same;
} pairs[] = {
    {"host=h dbname=x user=u", "user=u   dbname='x' host=h", 1},
    {"postgresql://u@h/x", "host=h user=u dbname=x", 1},
    {"host=h dbname=x", "host=h dbname=y", 0},
    {"host=h dbname=x", "dbname=x", 0},
    {"dbname='x user=3:abc'", "dbname=x user=abc", 0},
    {"service=a", "service=b", 0},
};

static void test_strings(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(strings); i++) {
        const char *wrong = cs_conninfo_check(pool, strings[i].conninfo);

        ok(strings[i].wrong ? wrong && strstr(wrong, strings[i].wrong) : !wrong, "'%s': %s",
           strings[i].conninfo, wrong ? wrong : "fine");
        ok(!wrong || !strstr(wrong, "secret"), "'%s': what is said repeats no secret", strings[i].conninfo);
    }
    for (size_t i = 0; i < COUNT(pairs); i++) {
        is_int(strcmp(cs_conninfo_key(pool, pairs[i].a), cs_conninfo_key(pool, pairs[i].b)) == 0,
               pairs[i].same, "'%s' and '%s'", pairs[i].a, pairs[i].b);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_limit(pool);
    test_changed_limit(pool);
    test_threads(pool);
    test_cries(pool);
    test_strings(pool);
    return done();
}
