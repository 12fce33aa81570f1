/* t/unit/secret.c -- secrets: digests by known answers, comparison, random texts. */
#include "base/secret.h"
#include "support.h"
#include "tap.h"

#include <apr_escape.h>

/* FIPS 180-4 and NIST's examples. */
static const struct {
    const char *text;
    int times;
    const char *digest;
} digests[] = {
    {"", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrs"
     "t"
     "nopqrstu",
     1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    {"a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
    {"a", 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
    {"a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
};

static void test_digests(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(digests); i++) {
        size_t len = strlen(digests[i].text);
        char *text = apr_palloc(pool, len * (size_t)digests[i].times + 1);

        for (int n = 0; n < digests[i].times; n++) {
            memcpy(text + (size_t)n * len, digests[i].text, len);
        }
        is(cs_secret_digest(pool, text, len * (size_t)digests[i].times), digests[i].digest,
           "TICK-5: SHA-256 of %d times '%.8s'", digests[i].times, digests[i].text);
    }
}

/* RFC 4231, cases 1 and 2, whose keys HMAC pads with zeros; and nothing under no key. */
static const struct {
    int key_len;
    unsigned char key_byte;
    const char *text, *mac;
} macs[] = {
    {20, 0x0B, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {0, 0, "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
};

static void test_mac(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(macs); i++) {
        unsigned char key[CS_DIGEST_BYTES] = {0}, mac[CS_DIGEST_BYTES];

        memset(key, macs[i].key_byte, (size_t)macs[i].key_len);
        cs_secret_sign(pool, key, CS_DIGEST_BYTES, macs[i].text, strlen(macs[i].text), mac);
        is(apr_pescape_hex(pool, mac, sizeof(mac), 0), macs[i].mac, "HMAC-SHA-256 of '%s'", macs[i].text);
    }
    {
        unsigned char key[CS_DIGEST_BYTES] = "Jefe", mac[CS_DIGEST_BYTES];
        const char *text = "what do ya want for nothing?";

        cs_secret_sign(pool, key, CS_DIGEST_BYTES, text, strlen(text), mac);
        is(apr_pescape_hex(pool, mac, sizeof(mac), 0),
           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "HMAC-SHA-256 of '%s'", text);
    }
}

static const struct {
    const char *a, *b;
    int equal;
} pairs[] = {
    {"", "", 1},
    {"a", "a", 1},
    {"7T:abc", "7T:abc", 1},
    {"a", "b", 0},
    {"a", "", 0},
    {"", "a", 0},
    {"a", "A", 0},
    {"abc", "abd", 0},
    {"abc", "xbc", 0},
    {"abc", "ab", 0},
    {"ab", "abc", 0},
    {"abc", "abcabc", 0},
    {"\xC3\xA5", "\xC3\xA5", 1},
    {"\xC3\xA5", "\xC3\xA6", 0},
};

static void test_equal(void)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        is_int(cs_secret_equal(pairs[i].a, strlen(pairs[i].a), pairs[i].b, strlen(pairs[i].b)),
               pairs[i].equal, "XSRF-5: '%s' and '%s'", pairs[i].a, pairs[i].b);
    }
    ok(!cs_secret_equal("a\0b", 3, "a\0c", 3), "XSRF-5: a NUL does not end the comparison");
}

static void test_make(apr_pool_t *pool)
{
    const char *before = "";

    for (int i = 0; i < 200; i++) {
        const char *secret = NULL;
        int for_cookie = i % 2;
        const char *alphabet = for_cookie
                                   ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                                   : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

        is(code_of(cs_secret_make(pool, for_cookie, &secret)), "", "TICK-1: a secret is made");
        is_int((long long)strspn(secret, alphabet), CS_SECRET_CHARS, "TICK-1: of base64 without a rest");
        is_int((long long)strlen(secret), CS_SECRET_CHARS, "TICK-1: as long as it must be");
        ok(strcmp(before, secret) != 0, "TICK-1: and different from the one before");
        before = secret;
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_digests(pool);
    test_mac(pool);
    test_equal();
    test_make(pool);
    return done();
}
