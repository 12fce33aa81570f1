/* t/unit/markup.c -- the little HTML of a message: what is left, and what a reader sees. */
#include "model/markup.h"
#include "support.h"
#include "tap.h"

static const struct {
    const char *text, *left;
} reductions[] = {
    {"", ""},
    {"plain", "plain"},
    {"a & b &amp; c", "a & b &amp; c"},
    {"<b>bold</b>", "<b>bold</b>"},
    {"<B>bold</B >", "<b>bold</b>"},
    {"<b class=x onclick='alert(1)'>bold</b>", "<b>bold</b>"},
    {"<ul><li>one<li>two</ul>", "<ul><li>one</li><li>two</li></ul>"},
    {"a<br>b<br/>c<br />d</br>", "a<br>b<br>c<br>d"},
    {"<script>alert(1)</script>", "alert(1)"},
    {"<img src=x onerror=alert(1)>", ""},
    {"<img src=x onerror=alert(1)", "&lt;img src=x onerror=alert(1)"},
    {"<a href='javascript:x'>y</a>", "y"},
    {"<scr<script>ipt>alert(1)", "ipt>alert(1)"},
    {"<<x>script>", "&lt;script>"},
    {"<<b>script>", "&lt;<b>script></b>"},
    {"<b<script>x", "x"},
    {"<b/onclick=x>y", "<b>y</b>"},
    {"<!-- x --><!DOCTYPE y><?z?>w", "w"},
    {"<svg/onload=x><math><style>*</style>", "*"},
    {"1 < 2", "1 < 2"},
    {"x <3 y", "x <3 y"},
    {"a <= b", "a <= b"},
    {"a <", "a &lt;"},
    {"<", "&lt;"},
    {"</", "&lt;/"},
    {"</>", ""},
    {"</ b>", ""},
    {"<>", "&lt;>"},
    {"a > b", "a > b"},
    {"<bb>x</bb>", "x"},
    {"<strong>x</STRONG>", "<strong>x</strong>"},
    {"<b title='>'>x", "<b>'>x</b>"},
    {"</p></b>x", "x"},
    {"x<b>y<i>z", "x<b>y<i>z</i></b>"},
    {"<b><i>x</b>y</i>z", "<b><i>x</i></b>yz"},
    {"<p>one<p>two", "<p>one</p><p>two</p>"},
    {"<p>one<b>two<ul><li>three", "<p>one<b>two</b></p><ul><li>three</li></ul>"},
    {"<ul><li>a<ol><li>b<li>c</ol><li>d</ul>", "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>"},
    {"<li>a<p>b<li>c", "<li>a<p>b</p></li><li>c</li>"},
    {"<blockquote>x</blockquote></blockquote>y", "<blockquote>x</blockquote>y"},
    {"<b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b>"
     "<b>x</b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></"
     "b></b>"
     "</b></b></b></b></b></b></b>y",
     "<b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b>"
     "x</b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></b></"
     "b>"
     "</b></b></b></b></b></b>y"},
    {"\xc3\xa5<i>\xf0\x9f\x98\x80</i>", "\xc3\xa5<i>\xf0\x9f\x98\x80</i>"},
};

static const char *reduced(apr_pool_t *pool, const char *text)
{
    cs_buf_t *out = cs_buf_make(pool, 100000);

    cs_markup_reduce(out, text, strlen(text));
    return cs_buf_text(out, pool);
}

static void test_reductions(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(reductions); i++) {
        const char *left = reduced(pool, reductions[i].text);

        is(left, reductions[i].left, "%s is reduced", reductions[i].text);
        is(reduced(pool, left), left, "%s: once more it does not change", reductions[i].text);
    }
}

static const struct {
    const char *text, *seen;
} plains[] = {
    {"", ""},
    {"plain", "plain"},
    {"<b>bold</b> &lt;b&gt; &amp;amp; &quot;q&quot; &#39;", "bold <b> &amp; \"q\" '"},
    {"one<br>two\r\nthree\n", "one\n  two\n  three\n  "},
    {"1 < 2 & 3 &; &l", "1 < 2 & 3 &; &l"},
    {"<img", "<img"},
};

static void test_plains(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(plains); i++) {
        cs_buf_t *out = cs_buf_make(pool, 1000);

        cs_markup_plain(out, plains[i].text, strlen(plains[i].text), "  ");
        is(cs_buf_text(out, pool), plains[i].seen, "%s as plain text", plains[i].text);
    }
}

static void test_escape(apr_pool_t *pool)
{
    cs_buf_t *out = cs_buf_make(pool, 1000);

    cs_markup_escape(out, "<b>&\"x", 6);
    is(cs_buf_text(out, pool), "&lt;b&gt;&amp;&quot;x", "any text as HTML");
}

/* Twice the length takes twice the time: a million of each does not take minutes. */
static void test_hostile(apr_pool_t *pool)
{
    static const char *const units[] = {"<",   "<a",  "</",   "<!",         "<<>",      "<b>", "&",
                                        "&lt", "<p>", "<li>", "<p><b></p>", "<ul><li>", "</b>"};

    for (size_t i = 0; i < COUNT(units); i++) {
        apr_size_t unit = strlen(units[i]), count = 1000000 / unit;
        char *text = apr_palloc(pool, unit * count);
        cs_buf_t *out = cs_buf_make(pool, unit * count * CS_MARKUP_GROWTH + 1);
        cs_buf_t *plain = cs_buf_make(pool, unit * count * CS_MARKUP_GROWTH + 1);
        apr_time_t start = apr_time_now();

        for (apr_size_t n = 0; n < count; n++) {
            memcpy(text + n * unit, units[i], unit);
        }
        cs_markup_reduce(out, text, unit * count);
        cs_markup_plain(plain, text, unit * count, "");
        ok(!out->full && !plain->full && apr_time_now() - start < apr_time_from_sec(20),
           "a megabyte of %s is read once", units[i]);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_reductions(pool);
    test_plains(pool);
    test_escape(pool);
    test_hostile(pool);
    return done();
}
