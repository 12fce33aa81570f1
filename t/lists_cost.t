#!/usr/bin/perl
# What lists cost: where they look, how long a deep page takes, how much memory a long one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use List::Util qw(min);
use Time::HiRes qw(time);
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(database => 'empty', user => 'admin', mpm_conf => "StartServers 1\nServerLimit 1\nThreadsPerChild 4\nMaxRequestWorkers 4\nMinSpareThreads 1\nMaxSpareThreads 4\n")->run;
my $all = '/api/v1/ChatSession';
sub escaped { return $_[0] =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger }
sub list {
    my (%p) = @_;
    my $user = delete $p{user};
    return $t->get("$all?" . join('&', map { '$' . $_ . '=' . escaped($p{$_}) } sort keys %p), $user ? (user => $user) : ());
}

$t->sql("UPDATE associate SET is_admin = name = 'admin'; INSERT INTO chat_topic (id, name) SELECT n, 'Topic ' || n FROM generate_series(1, 200) n; INSERT INTO chat_topic_user (topic_id, user_id, can_listen) SELECT n, 1, true FROM generate_series(1, 5) n;"
    . " INSERT INTO person (person_id, firstname, lastname) SELECT n, 'P' || md5(n::text), 'Holm' FROM generate_series(1, 9000) n; INSERT INTO contact (contact_id, name) SELECT n, 'C' || md5(n::text) FROM generate_series(1, 5000) n;"
    . " INSERT INTO chat_session (id, topic_id, user_id, customer_id, contact_id, status, rating, first_message, last_message, when_requested, when_started, when_ended)"
    . " SELECT n, 1 + n % 200, 1 + n % 300, 1 + n % 9000, 1 + n % 5000, CASE WHEN n % 500 = 0 THEN 4 ELSE 7 END, n % 6, 'Hello, ' || md5(n::text) || ' does not print', 'Thank you ' || md5((-n)::text),"
    . " timestamp '2020-01-01' + n * interval '15 minutes', timestamp '2020-01-01' + n * interval '15 minutes', timestamp '2020-01-01' + n * interval '16 minutes' FROM generate_series(1, 100000) n;"
    . " ANALYZE");

# ---------------------------------------------------------------- plans

$t->cluster->stop('fast');
$t->cluster->start(session_preload_libraries => 'auto_explain', 'auto_explain.log_min_duration' => 0, 'auto_explain.log_analyze' => 1, 'auto_explain.log_timing' => 0);
wait_for(20, sub { list(top => 1)->{status} == 200 });
sub plan_of {
    my (%p) = @_;
    my $start = -s $t->cluster->log_file;
    my $rows = $p{inlineCount} ? $t->get("/api/v1/Archive/ChatSession?\$top=50&\$inlineCount=$p{inlineCount}") : list(select => 'rating', top => 50, %p);
    my $plan = '';
    wait_for(5, sub { $plan = substr slurp($t->cluster->log_file), $start; $plan =~ /Query Text: SELECT list\.key.*?\n(?:.*\n)*?.*chat_session/ });
    return ($rows, $plan);
}
my $trgm = $t->sql("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'");
my ($person) = $t->sql("SELECT full_name FROM person WHERE person_id = 77") =~ /^(.{12})/;
my ($contact) = $t->sql("SELECT name FROM contact WHERE contact_id = 77") =~ /^(.{12})/;
my $word = $t->sql("SELECT substr(md5('4711'), 1, 8)");
my @filters = ('status eq 4', 'status eq InQueue and chatTopic/chatTopicId eq 100', 'chatTopic/chatTopicId eq 17', 'agent eq 33', 'associateId associateIsOneOf (33)', 'personId eq 700', 'contactId oneOf (700,701)',
    "whenRequested date '2020-05-05'", "date between ('2020-05-05','2020-05-06')", "whenStarted date '2020-05-05'", "whenEnded afterTime '2022-11-01T00:00:00'", 'chatSessionId gt 99900', 'person/personId eq 700', 'contact/contactId eq 700',
    'chatTopic/chatTopicId eq 3 and rating eq 2');
push @filters, "firstMessage begins 'hello, $word'", "firstMessage contains '$word'", "lastMessage contains '$word'", "text begins 'Hello, $word'", "startswith(firstMessage,'Hello, $word')", "person/fullName begins '$person'", "contact/name contains '$contact'" if $trgm;
ok($trgm, 'pg_trgm is there') or diag('filters on texts are not looked at');
for my $filter (@filters) {
    my ($rows, $plan) = plan_of(filter => $filter);
    is($rows->{status}, 200, "$filter is answered");
    unlike($plan, qr/Seq Scan on chat_session/, 'without reading all of the table') or diag($plan);
}
if ($trgm) {
    for my $id (4711, 4500) {
        my ($rows, $plan) = plan_of(select => 'chatSessionId', filter => "firstMessage contains '" . $t->sql("SELECT substr(md5('$id'), 1, 12)") . "'");
        is_deeply([map { $_->{chatSessionId} } @{$rows->{json}{value}}], [$id], $id == 4711 ? 'a word of a talk that has ended' : 'a word of one that goes on');
        like($plan, qr/chat_session_first_message_words/, 'is looked up where the words of ended talks are');
        like($plan, qr/Scan on chat_session_(?:by_status|going)/, 'and in those that go on') or diag($plan);
    }
}
my ($rows, $plan) = plan_of(filter => 'chatTopic/chatTopicId eq 4', user => 'anna');
unlike($plan, qr/Seq Scan on chat_session/, 'nor for somebody who may see some topics alone');
is(scalar @{$rows->{json}{value}}, 50, 'who has a page of them');
like($plan, qr/Scan on chat_topic_user held .*\(actual rows=5 loops=1\)/, 'and whose topics are found once');
(undef, $plan) = plan_of(filter => 'associateId eq 33', select => 'person/fullName,contact/name');
like($plan, qr/using ${_}_found on $_ .*\(actual rows=1 loops=50\)/, "whom a session is with is found by a hash: $_") for qw(person contact);
($rows, $plan) = plan_of(inlineCount => 'True');
is($rows->{json}{'odata.count'}, 100000, 'PAGE-8: a page with the number of all');
like($plan, qr/count\(\*\)/, 'which is counted');
unlike($plan, qr/SubPlan/, 'once, and not for each row of the page');

# ---------------------------------------------------------------- a deep page

sub took { my ($code) = @_; my $start = time; $code->(); return time - $start }
my $first = list(select => 'rating', top => 1000, orderBy => 'whenRequested');
$t->cluster->sql('empty', 'SELECT 1');
my ($link, $pages) = ("$all?" . '$select=rating&$orderBy=whenRequested', 1);
my $row = $t->sql("SELECT (extract(epoch FROM when_requested + interval '1969 years') * 0)::text FROM chat_session WHERE id = 1");
for (1 .. 98) {
    my $page = $t->get($link);
    last if $page->{status} != 200 || !$page->{json}{'odata.nextLink'};
    $link = $page->{json}{'odata.nextLink'} =~ s{^http://[^/]+}{}r;
    $pages++;
}
is($pages, 99, 'pages of a thousand');
my ($near, $deep) = (1e9, 1e9);    # the quickest of each, in turns: other tests run as well
for (1 .. 15) {
    $near = min($near, took(sub { $t->get("$all?" . '$select=rating&$orderBy=whenRequested') }));
    $deep = min($deep, took(sub { $t->get($link) }));
}
cmp_ok($deep, '<', 2 * $near, sprintf 'PAGE-7: page 99 of 1,000 rows costs what the first costs: %.1f and %.1f ms', $deep * 1000, $near * 1000);

# ---------------------------------------------------------------- a long page

sub resident { my ($pid) = @_; return slurp("/proc/$pid/status") =~ /^VmHWM:\s+(\d+) kB/m ? $1 : 0 }
my ($parent) = slurp($t->dir . '/run/httpd.pid') =~ /(\d+)/;
my ($child) = split ' ', slurp("/proc/$parent/task/$parent/children");
list(top => 100) for 1 .. 3;
my $before = resident($child);
my $long = list(top => 10000);
is(scalar @{$long->{json}{value}}, 10000, 'ten thousand rows of all own columns');
my $grown = resident($child) - $before;
cmp_ok($grown, '<=', 8 * 1024, sprintf 'cost at most 8 MB in the child: %d kB for an answer of %d', $grown, length($long->{content}) / 1024);
$t->expect_log(qr/db\.(?:lost|unavailable)|CS\d+/)->done;
