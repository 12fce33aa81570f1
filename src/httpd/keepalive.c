#include "httpd/keepalive.h"

#include "base/monotonic.h"
#include "httpd/child.h"
#include "httpd/module.h"

#include <ap_mpm.h>
#include <apr_portable.h>
#include <http_core.h>
#include <poll.h>

#define REST 16 /* answers to a client that let a thread wait in vain, before it is waited for again */

/* What is known of a connection's client; one thread at a time works for it. */
typedef struct client_t {
    apr_time_t answered; /* its last request; base/monotonic.h; 0: none yet */
    apr_interval_time_t longest;
    int rest;
} client_t;

void cs_keepalive_make(cs_keepalive_t *keepalive, int threads)
{
    int is_async = 0;

    ap_mpm_query(AP_MPMQ_IS_ASYNC, &is_async);
    *keepalive = (cs_keepalive_t){.most = is_async ? threads / 4 : 0};
}

static client_t *client_of(conn_rec *c)
{
    client_t *client = ap_get_module_config(c->conn_config, &chatsession_module);

    if (!client) {
        client = apr_pcalloc(c->pool, sizeof(*client));
        ap_set_module_config(c->conn_config, &chatsession_module, client);
    }
    return client;
}

/* The socket of a connection with TLS tells of a next request as well, if now and then too early; httpd's
 * buffers may hold one that nothing on the socket tells of, from a client that does not wait for answers: it
 * lets us wait in vain, and that seldom. */
static int comes_in_time(conn_rec *c, apr_interval_time_t longest)
{
    apr_socket_t *client = ap_get_conn_socket(c);
    struct pollfd socket = {.events = POLLIN};

    return client && apr_os_sock_get(&socket.fd, client) == APR_SUCCESS &&
           poll(&socket, 1, (int)apr_time_as_msec(longest)) > 0;
}

static apr_status_t wait_for_next(void *data)
{
    conn_rec *c = data;
    client_t *client = client_of(c);
    cs_keepalive_t *keepalive = cs_child_keepalive();

    client->answered = cs_monotonic_now();
    if (__atomic_add_fetch(&keepalive->waiting, 1, __ATOMIC_RELAXED) <= keepalive->most &&
        !comes_in_time(c, client->longest)) {
        client->rest = REST;
    }
    __atomic_sub_fetch(&keepalive->waiting, 1, __ATOMIC_RELAXED);
    return APR_SUCCESS;
}

void cs_keepalive_wait(request_rec *r, apr_time_t arrived, apr_interval_time_t longest)
{
    conn_rec *c = r->connection;
    const cs_keepalive_t *keepalive = cs_child_keepalive();
    client_t *client;
    int prompt;

    if (!keepalive || keepalive->most == 0 || longest == 0 || c->master || c->aborted ||
        c->keepalive != AP_CONN_KEEPALIVE || c->data_in_output_filters) {
        return;
    }
    client = client_of(c);
    prompt = client->answered && arrived - client->answered <= longest;
    client->answered = cs_monotonic_now();
    client->longest = longest;
    if (client->rest > 0) {
        client->rest--;
    }
    else if (prompt) {
        apr_pool_cleanup_register(r->pool, c, wait_for_next, apr_pool_cleanup_null);
    }
}
