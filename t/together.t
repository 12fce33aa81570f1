#!/usr/bin/perl
# Requests that wait for a connection are asked for by one statement: each gets its own answer, whatever becomes of the
# others.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $clients = 12;

my $t = ChatSession::Test->new(more => 1, roles => 1, server => 'LogLevel chatsession:trace4', conf => "ChatSessionPoolTogether 8\nChatSessionPoolMax 1\nChatSessionPoolWait 20s\n"
        . "ChatSessionStatementTimeout 20s\nChatSessionTimeout 50s\nChatSessionFieldProperties none")->run;
$t->sql("INSERT INTO chat_topic (id, name) VALUES (1, 'Printers'), (2, 'Ships')");
$t->sql("INSERT INTO chat_topic_user (topic_id, user_id, can_respond) SELECT topic, associate_id, true FROM associate"
        . " JOIN (VALUES ('mia', 1), ('otto', 2)) AS member (name, topic) USING (name)");
$t->sql("INSERT INTO sale (sale_id, heading) SELECT n, 'Sale ' || n FROM generate_series(1, $clients) n");
$t->sql("INSERT INTO chat_session (id, topic_id, sale_id, name, first_message)"
        . " SELECT n, 1 + n % 2, n, 'Customer ' || n, repeat('x', n) FROM generate_series(1, $clients) n");

sub told { my ($what) = @_; return scalar(() = $t->log_text =~ /$what/g) }

my $blocked = "FROM pg_stat_activity WHERE usename = 'chatsession' AND wait_event_type = 'Lock'";

# What a user gets, as one line.
sub answer {
    my ($user, $number) = @_;
    my $got = $t->request('GET', "$all/$number", user => $user);
    my $entity = $got->{json};
    return "$got->{status} " . ($entity->{Code} // join ' ', $entity->{ChatSessionId}, $entity->{CustomerName}, length $entity->{FirstMessage}, $entity->{Sale}{Title});
}

# All at once, when each of them but the first waits for the only connection; $then happens before it comes free.
sub all_at_once {
    my ($user, $then) = @_;
    my $before = told(qr/waits for a connection/);
    my $psql = $t->hold('LOCK TABLE chat_session', 'holder');
    my @answers = $t->parallel($clients + 1, sub {
        my ($number) = @_;
        return answer($user->($number), $number) if $number <= $clients;
        wait_for(20, sub { $t->sql("SELECT count(*) $blocked") }) or die;
        wait_for(20, sub { told(qr/waits for a connection/) - $before >= $clients - 1 }) or die;
        $then->();
        return $t->let_go('holder');
    });
    close $psql;
    pop @answers;
    return @answers;
}

sub entity { my ($n) = @_; return "200 $n Customer $n $n Sale $n" }

# ---------------------------------------------------------------- each his own

my %user = (0 => 'mia', 1 => 'otto', 2 => 'admin', 3 => 'nobody');
my $expected = sub {
    my ($number) = @_;
    my $user = $user{$number % 4};
    return '403 user.unknown' if $user eq 'nobody';
    return entity($number) if $user eq 'admin' || $user eq ($number % 2 ? 'otto' : 'mia');
    return '404 session.unknown';
};
is($t->request('GET', "$all/1", user => $_)->{status}, $_ eq 'nobody' ? 403 : $_ eq 'mia' ? 404 : 200, "$_ alone") for values %user;
my @answers = all_at_once(sub { $user{$_[0] % 4} }, sub { });
is_deeply(\@answers, [map { $expected->($_) } 1 .. $clients], 'each gets what he would get alone');
is(told(qr/statement session_get for 8 requests/), 1, 'eight of those that waited were asked for by one statement');
is(told(qr/statement session_get for 3 requests/),  1, 'the others by the next');
ok(told(qr/statement session_get$/m) >= $clients, 'the log names the statement for each of them');

# ---------------------------------------------------------------- one of them fails

my $grant = "GRANT SELECT ON sale TO chatsession";
$t->sql("ALTER TABLE sale RENAME TO kept_sale; CREATE VIEW sale AS SELECT * FROM kept_sale WHERE 1 / (sale_id - 5) IS NOT NULL; $grant");
is(answer('admin', 5), '500 db.failed', 'a record that cannot be read');
is(answer('admin', 6), entity(6), 'beside others that can');
@answers = all_at_once(sub { 'admin' }, sub { });
is_deeply(\@answers, [map { $_ == 5 ? '500 db.failed' : entity($_) } 1 .. $clients], 'what fails for one fails for him alone');
$t->sql("DROP VIEW sale; ALTER TABLE kept_sale RENAME TO sale");

# ---------------------------------------------------------------- their connection breaks

my $cut = sub {
    $t->sql("SELECT count(pg_terminate_backend(pid)) $blocked");
    my $first = wait_for(20, sub { $t->sql("SELECT pid $blocked") });
    $t->sql("SELECT pg_terminate_backend($first)");
    wait_for(20, sub { ($t->sql("SELECT pid $blocked") || $first) ne $first }) or die;
};
@answers = all_at_once(sub { 'admin' }, $cut);
is_deeply(\@answers, [map { entity($_) } 1 .. $clients], 'when the connection of many breaks, all are asked for again');

# ---------------------------------------------------------------- and one row for each

$t->sql("ALTER TABLE sale RENAME TO kept_sale; CREATE VIEW sale AS SELECT * FROM kept_sale UNION ALL SELECT * FROM kept_sale WHERE sale_id = 7; $grant");
@answers = all_at_once(sub { 'admin' }, sub { });
is_deeply(\@answers, [map { entity($_) } 1 .. $clients], 'a record that is there twice disturbs nobody');
like($t->log_text, qr/CS0105: statement session_get brought \d+ rows where \d+ was expected/, 'and is told');
$t->expect_log(qr/CS0201: .* 500 db\.failed/, qr/CS0105: /, qr/CS0103: /, qr/CS0101: /)->done;

# ---------------------------------------------------------------- a database that does not answer

$t = ChatSession::Test->new(more => 1, server => 'LogLevel chatsession:trace4', conf => "ChatSessionPoolMax 1\nChatSessionPoolWait 5s\nChatSessionTimeout 20s\n"
        . "ChatSessionStatementTimeout 1s\nChatSessionConnectTimeout 1s")->run;
my $id = $t->post($all, {CustomerName => 'Kari'})->{json}{ChatSessionId};
my $psql = $t->hold('LOCK TABLE chat_session', 'holder');
@answers = $t->parallel(12, sub { my $got = $t->get("$all/$id"); return "$got->{status} $got->{json}{Code}" });
$t->let_go('holder');
close $psql;
is(scalar(grep { $_ eq '503 db.timeout' } @answers), 12, 'those who were asked for together share its silence') or diag(explain(\@answers));
cmp_ok(told(qr/statement session_get for \d+ requests/), '<=', 4, 'and nobody asks once more for himself');
is($t->get("$all/$id")->{status}, 200, 'afterwards all is as before');
$t->expect_log(qr/CS0201: .* 503 db\./, qr/CS010[13]: /)->done;

# ---------------------------------------------------------------- one of two connections does not answer

# Two are answered; the others are asked for by statements that wait for the next holder; one of those is told no more.
$t = ChatSession::Test->new(more => 1, server => 'LogLevel chatsession:trace4', conf => "ChatSessionPoolTogether 8\nChatSessionPoolMax 2\n"
        . "ChatSessionPoolWait 10s\nChatSessionConnectTimeout 500ms\nChatSessionStatementTimeout 4s\nChatSessionTimeout 15s")->run;
$t->sql("INSERT INTO chat_session (id, name) SELECT n, 'Customer ' || n FROM generate_series(1, $clients) n");

sub stop_one_for_several {
    my ($waited) = @_;
    wait_for(20, sub { $t->sql("SELECT count(*) $blocked") && told(qr/waits for a connection/) - $waited >= $clients - 2 }) or die 'nobody waits';
    my $next = $t->hold('LOCK TABLE chat_session', 'next');
    my $then = $t->sql('SELECT clock_timestamp()');
    $t->let_go('holder');
    my $stalled = wait_for(4, sub { $t->sql("SELECT pid $blocked AND query_start > '$then' ORDER BY query_start LIMIT 1") }) or die 'nothing waits';
    kill 'STOP', $stalled or die "kill: $!";
    $t->let_go('next');
    return $stalled;
}

sub told_to {
    my ($number) = @_;
    my ($start, $got) = (time, $t->get("$all/$number"));
    my ($entity, $seconds) = ($got->{json}, time - $start);
    return {code => "$got->{status} " . ($entity->{Code} // "$entity->{ChatSessionId} $entity->{CustomerName}"), seconds => $seconds,
        after => $got->{headers}{'retry-after'}};
}

$t->parallel(8, sub { $t->get("$all/$_") for 1 .. 10; 1 }); # both connections have the statement prepared
my ($waited, $several) = (told(qr/waits for a connection/), told(qr/statement session_get for [2-8] requests/));
$psql = $t->hold('LOCK TABLE chat_session', 'holder');
@answers = $t->parallel($clients + 1, sub {
    my ($number) = @_;
    return told_to($number) if $number <= $clients;
    my $pid = stop_one_for_several($waited);
    return {%{told_to(1)}, stalled => $pid, silent => told(qr/db\.silent/)};
});
close $psql;
my $later = pop @answers;
my @unheard = grep { $_->{code} =~ /^503/ } @answers;
my $served = grep { my $n = $_ + 1; $answers[$_]{code} eq "200 $n Customer $n" } 0 .. $#answers;
cmp_ok(told(qr/statement session_get for [2-8] requests/), '>', $several, 'a statement for several');
cmp_ok(scalar(@unheard), '>=', 1, 'who asked by the connection that stands still hears nothing');
cmp_ok(scalar(@unheard), '<=', 8, 'nobody else') or diag(explain(\@answers));
is($served, $clients - @unheard, 'all others are served') or diag(explain(\@answers));
is(scalar(grep { $_->{code} =~ /^503 db\.(?:silent|timeout)$/ && $_->{after} } @unheard), scalar(@unheard), 'it is told as it is, with Retry-After')
    or diag(explain(\@unheard));
cmp_ok((sort { $b <=> $a } map { $_->{seconds} } @answers)[0], '<', 15, 'within the time of a request');
is($later->{code}, '200 1 Customer 1', 'who comes later is served');
SKIP: {
    skip('statements for several run one after the other', 1) if `nproc` < 2;
    is($later->{silent}, 0, 'and need not wait until it is given up');
}
is($t->get("$all/$_")->{status}, 200, 'nor afterwards is anything amiss') for 1 .. 3;
kill 'CONT', $later->{stalled} if $later->{stalled};
$t->expect_log(qr/CS0201: .* 503 db\./, qr/CS010[13]: /, qr/CS0203: /)->done;

# ---------------------------------------------------------------- each by himself

$t = ChatSession::Test->new(server => 'LogLevel chatsession:trace4', conf => "ChatSessionPoolTogether 1\nChatSessionPoolMax 1\nChatSessionPoolWait 3s")->run;
$id = $t->post($all, {CustomerName => 'Kari'})->{json}{ChatSessionId};
@answers = $t->parallel(8, sub { return $t->get("$all/$id")->{status} });
is_deeply(\@answers, [(200) x 8], 'where nobody is asked for by others');
is(told(qr/statement session_get for ([2-9]|\d\d) requests/), 0, 'each asks for himself');
$t->done;
