#include "config.h"

#include "hook/sender.h"

#include "base/monotonic.h"
#include "base/secret.h"
#include "hook/allow.h"

#include <apr_encode.h>
#include <apr_strings.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define AT_ONCE     64    /* POSTs on their way */
#define ANSWER_MAX  65536 /* bytes of an answer that are read, to be thrown away */
#define CONNECT_MAX 5000L /* ms for finding and reaching a receiver */

typedef struct post_t {
    const cs_sender_t *sender;
    apr_pool_t *pool;
    apr_int64_t id;
    CURL *easy;
    CURLU *url;
    struct curl_slist *headers;
    apr_time_t start;
    apr_size_t received;
    int refused; /* an address that is not allowed */
    int ended;
    CURLcode result;
} post_t;

struct cs_sender_t {
    apr_pool_t *pool;
    const apr_array_header_t *allow;
    apr_interval_time_t timeout;
    CURLM *multi;
    int count;
    post_t *posts[AT_ONCE];
};

int cs_sender_begin(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

void cs_sender_end(void)
{
    curl_global_cleanup();
}

/* ---------------- what curl asks */

static int is_allowed(const cs_sender_t *sender, const struct curl_sockaddr *to)
{
    cs_address_t address;

    if (to->family == AF_INET) {
        struct sockaddr_in ipv4;

        memcpy(&ipv4, &to->addr, sizeof(ipv4));
        address = cs_address_of_ipv4((const unsigned char *)&ipv4.sin_addr);
    }
    else if (to->family == AF_INET6 && to->addrlen >= sizeof(struct sockaddr_in6)) {
        const struct sockaddr_in6 *ipv6 = (const void *)&to->addr;

        address = cs_address_of_ipv6((const unsigned char *)&ipv6->sin6_addr);
    }
    else {
        return 0;
    }
    return cs_allow_address(sender->allow, &address);
}

/* The address is looked at where it is used: no second look-up of a name can lead elsewhere. */
static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
    post_t *post = data;

    if (purpose != CURLSOCKTYPE_IPCXN || !is_allowed(post->sender, to)) {
        post->refused = 1;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* The answer's status is all that counts. */
static size_t drop_answer(char *bytes, size_t size, size_t count, void *data)
{
    post_t *post = data;

    (void)bytes;
    post->received += size * count;
    return post->received <= ANSWER_MAX ? size * count : 0;
}

/* ---------------- one POST */

static void add_header(post_t *post, const char *line)
{
    struct curl_slist *longer = curl_slist_append(post->headers, line);

    post->headers = longer ? longer : post->headers;
}

/* The registration's own, of which none can end the line. */
static void add_lines(post_t *post, const char *lines)
{
    char *rest = apr_pstrdup(post->pool, lines), *line;

    while ((line = apr_strtok(rest, "\n", &rest))) {
        if (strchr(line, ':') && !strchr(line, '\r')) {
            add_header(post, line);
        }
    }
}

static const char *signature(apr_pool_t *pool, const cs_parcel_t *parcel)
{
    unsigned char mac[CS_DIGEST_BYTES];

    cs_secret_sign(pool, parcel->secret, strlen(parcel->secret), parcel->body, parcel->len, mac);
    return apr_pencode_base64_binary(pool, mac, sizeof(mac), APR_ENCODE_NONE, NULL);
}

static void add_headers(post_t *post, const cs_parcel_t *parcel)
{
    apr_pool_t *pool = post->pool;

    add_header(post, "Content-Type: application/json; charset=utf-8");
    add_header(post, "User-Agent: NetServer-Webhook/" PACKAGE_VERSION);
    add_header(post, "Expect:"); /* the body is short */
    add_header(post, apr_pstrcat(pool, "X-Superoffice-Event: ", parcel->event, NULL));
    add_header(post, apr_pstrcat(pool, "X-Superoffice-Eventid: ", parcel->guid, NULL));
    add_header(post, apr_psprintf(pool, "X-Superoffice-Retry: %d", parcel->retry));
    add_header(post, apr_psprintf(pool, "X-Chatsession-Number: %" APR_INT64_T_FMT, parcel->number));
    if (*parcel->secret) {
        add_header(post, apr_pstrcat(pool, "X-Superoffice-Signature: ", signature(pool, parcel), NULL));
    }
    add_lines(post, parcel->headers);
}

/* Any proxy of the environment would be asked for addresses that we may not reach. */
static void set_options(post_t *post, const cs_parcel_t *parcel)
{
    CURL *easy = post->easy;

    curl_easy_setopt(easy, CURLOPT_CURLU, post->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)parcel->len);
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, parcel->body);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, post->headers);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, post);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, post);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MAX);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)apr_time_as_msec(post->sender->timeout));
    curl_easy_setopt(easy, CURLOPT_PRIVATE, post);
}

static apr_status_t end_post(void *data)
{
    post_t *post = data;

    if (post->easy) {
        curl_multi_remove_handle(post->sender->multi, post->easy);
        curl_easy_cleanup(post->easy);
    }
    curl_slist_free_all(post->headers);
    curl_url_cleanup(post->url);
    return APR_SUCCESS;
}

/* The host as curl itself reads it. */
static const char *check_url(const post_t *post, const char *url)
{
    char *scheme = NULL, *host = NULL;
    const char *wrong = "the URL is not one of http or https";

    if (curl_url_set(post->url, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
        curl_url_get(post->url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(post->url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0)) {
        wrong = cs_allow_host(post->sender->allow, host)
                    ? NULL
                    : "the URL's host is not listed in ChatSessionWebhookAllow";
    }
    curl_free(scheme);
    curl_free(host);
    return wrong;
}

static const char *start(cs_sender_t *sender, post_t *post, const cs_parcel_t *parcel)
{
    const char *wrong = post->url ? check_url(post, parcel->url) : "out of memory";

    if (wrong) {
        return wrong;
    }
    post->easy = curl_easy_init();
    if (!post->easy) {
        return "out of memory";
    }
    add_headers(post, parcel);
    set_options(post, parcel);
    if (curl_multi_add_handle(sender->multi, post->easy) != CURLM_OK) {
        return "out of memory";
    }
    return NULL;
}

const char *cs_sender_post(cs_sender_t *sender, const cs_parcel_t *parcel)
{
    apr_pool_t *pool;
    post_t *post;
    const char *wrong;

    if (sender->count == AT_ONCE) {
        return "too many are on their way";
    }
    apr_pool_create(&pool, sender->pool);
    post = apr_pcalloc(pool, sizeof(*post));
    *post = (post_t){.sender = sender, .pool = pool, .id = parcel->id, .start = cs_monotonic_now()};
    post->url = curl_url();
    apr_pool_cleanup_register(pool, post, end_post, apr_pool_cleanup_null);
    wrong = start(sender, post, parcel);
    if (wrong) {
        apr_pool_destroy(pool);
        return wrong;
    }
    sender->posts[sender->count++] = post;
    return NULL;
}

/* ---------------- all of them */

void cs_sender_wait(cs_sender_t *sender, apr_interval_time_t limit)
{
    CURLMsg *message;
    int running, left;

    if (limit) {
        curl_multi_poll(sender->multi, NULL, 0, (int)apr_time_as_msec(limit), NULL);
    }
    curl_multi_perform(sender->multi, &running);
    while ((message = curl_multi_info_read(sender->multi, &left))) {
        post_t *post = NULL;

        if (message->msg == CURLMSG_DONE) {
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&post);
            post->result = message->data.result;
            post->ended = 1;
        }
    }
}

/* What was answered counts, even when the rest of the answer did not come. */
static void judge(const post_t *post, apr_pool_t *pool, cs_receipt_t *receipt_out)
{
    long status = 0;

    curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
    *receipt_out =
        (cs_receipt_t){.id = post->id, .status = (int)status, .took = cs_monotonic_now() - post->start};
    if (status >= 200 && status < 300) {
        return;
    }
    if (status >= 300 && status < 400) {
        receipt_out->error = apr_psprintf(pool, "answered %ld, and redirects are not followed", status);
    }
    else if (status) {
        receipt_out->error = apr_psprintf(pool, "answered %ld", status);
    }
    else if (post->refused) {
        receipt_out->error =
            "its address is not public: ChatSessionWebhookAllow must list it, or its network, as well";
    }
    else {
        receipt_out->error = post->result == CURLE_OK ? "no answer" : curl_easy_strerror(post->result);
    }
}

int cs_sender_take(cs_sender_t *sender, apr_pool_t *pool, cs_receipt_t *receipt_out)
{
    for (int i = 0; i < sender->count; i++) {
        post_t *post = sender->posts[i];

        if (post->ended) {
            judge(post, pool, receipt_out);
            sender->posts[i] = sender->posts[--sender->count];
            apr_pool_destroy(post->pool);
            return 1;
        }
    }
    return 0;
}

void cs_sender_drop(cs_sender_t *sender)
{
    while (sender->count) {
        apr_pool_destroy(sender->posts[--sender->count]->pool);
    }
}

static apr_status_t end_sender(void *data)
{
    cs_sender_t *sender = data;

    cs_sender_drop(sender);
    curl_multi_cleanup(sender->multi);
    return APR_SUCCESS;
}

cs_sender_t *cs_sender_make(apr_pool_t *pool, const apr_array_header_t *allow, apr_interval_time_t timeout)
{
    cs_sender_t *sender = apr_pcalloc(pool, sizeof(*sender));

    sender->pool = pool;
    sender->allow = allow;
    sender->timeout = timeout;
    sender->multi = curl_multi_init();
    if (!sender->multi) {
        return NULL;
    }
    apr_pool_pre_cleanup_register(pool, sender, end_sender);
    return sender;
}
