#include "httpd/keepalive.h"

#include "base/monotonic.h"
#include "httpd/child.h"
#include "httpd/module.h"

#include <ap_mpm.h>
#include <apr_portable.h>
#include <http_core.h>
#include <http_log.h>
#include <poll.h>
#include <scoreboard.h>

APLOG_USE_MODULE(chatsession);

#define REST 16 /* answers to a client that let a thread wait in vain, before it is waited for again */

/* What is known of a connection's client; one thread at a time works for it. */
typedef struct client_t {
    apr_time_t answered;      /* its last request; base/monotonic.h; 0: none yet */
    apr_interval_time_t wait; /* at the end of this request; 0: not at all */
    apr_os_thread_t answerer; /* who is to do so */
    int keeps;                /* a thread; counted in the child's */
    int rest;                 /* answers to come that it is not waited behind */
} client_t;

void cs_keepalive_make(cs_keepalive_t *keepalive, int threads)
{
    int is_async = 0;

    ap_mpm_query(AP_MPMQ_IS_ASYNC, &is_async);
    *keepalive = (cs_keepalive_t){.most = is_async ? threads / 4 : 0};
}

/* ---------------- keeping a thread */

static int keep(client_t *client)
{
    cs_keepalive_t *keepalive = cs_child_keepalive();

    if (!client->keeps) {
        client->keeps = __atomic_add_fetch(&keepalive->kept, 1, __ATOMIC_RELAXED) <= keepalive->most;
        if (!client->keeps) {
            __atomic_sub_fetch(&keepalive->kept, 1, __ATOMIC_RELAXED);
        }
    }
    return client->keeps;
}

static apr_status_t let_go(void *data)
{
    client_t *client = data;

    if (client->keeps) {
        __atomic_sub_fetch(&cs_child_keepalive()->kept, 1, __ATOMIC_RELAXED);
        client->keeps = 0;
    }
    return APR_SUCCESS;
}

/* ---------------- waiting */

/* The socket of a connection with TLS tells of a next request as well, if now and then too early; httpd's
 * buffers may hold one that nothing on the socket tells of, from a client that does not wait for answers: it
 * lets us wait in vain, and that seldom. */
static int comes_in_time(conn_rec *c, apr_interval_time_t wait)
{
    apr_socket_t *connected = ap_get_conn_socket(c);
    struct pollfd readable = {.fd = -1, .events = POLLIN};

    return connected && apr_os_sock_get(&readable.fd, connected) == APR_SUCCESS && readable.fd >= 0 &&
           poll(&readable, 1, (int)apr_time_as_msec(wait)) > 0;
}

/* Another thread, as the listener that ends a connection, has no time for that. */
static apr_status_t end_request(void *data)
{
    conn_rec *c = data;
    client_t *client = ap_get_module_config(c->conn_config, &chatsession_module);
    apr_interval_time_t wait = client->wait;

    client->wait = 0;
    if (!wait || c->aborted || !apr_os_thread_equal(apr_os_thread_current(), client->answerer)) {
        return APR_SUCCESS;
    }
    client->answered = cs_monotonic_now(); /* for the client it was just now: logging is over */
    ap_update_child_status(c->sbh, SERVER_BUSY_KEEPALIVE, NULL);
    ap_log_cerror(APLOG_MARK, APLOG_TRACE4, 0, c, "waits for the client's next request");
    if (!comes_in_time(c, wait)) {
        client->rest = REST;
        let_go(client);
    }
    return APR_SUCCESS;
}

/* ---------------- requests */

void cs_keepalive_begin(request_rec *r)
{
    conn_rec *c = r->connection;
    const cs_keepalive_t *keepalive = cs_child_keepalive();
    client_t *client = ap_get_module_config(c->conn_config, &chatsession_module);

    if (!keepalive || keepalive->most == 0 || r->main || r->prev || c->master) {
        return;
    }
    if (!client) {
        client = apr_pcalloc(c->pool, sizeof(*client));
        ap_set_module_config(c->conn_config, &chatsession_module, client);
        apr_pool_cleanup_register(c->pool, client, let_go, apr_pool_cleanup_null);
    }
    apr_pool_cleanup_register(r->pool, c, end_request, apr_pool_cleanup_null);
}

void cs_keepalive_answered(request_rec *r, apr_time_t arrived, apr_interval_time_t longest)
{
    conn_rec *c = r->connection;
    client_t *client = r->main ? NULL : ap_get_module_config(c->conn_config, &chatsession_module);
    int prompt;

    if (!client) {
        return;
    }
    prompt = longest && client->answered && arrived - client->answered <= longest &&
             c->keepalive == AP_CONN_KEEPALIVE && !c->data_in_output_filters;
    client->answered = cs_monotonic_now();
    client->answerer = apr_os_thread_current();
    if (client->rest > 0) {
        client->rest--;
    }
    else if (prompt && keep(client)) {
        client->wait = longest;
        return;
    }
    let_go(client);
}
