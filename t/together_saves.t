#!/usr/bin/perl
# Saves that wait for a connection are done by one statement and one commit: each gets its own answer, nothing is done
# twice, and what one of them has to wait for, or fails of, is his alone.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
our $clients = 8;

my $t = ChatSession::Test->new(more => 1, roles => 1, server => 'LogLevel chatsession:trace4', conf => "ChatSessionPoolTogether 16\nChatSessionPoolMax 1\nChatSessionPoolWait 20s\n"
        . "ChatSessionStatementTimeout 20s\nChatSessionTimeout 50s\nChatSessionFieldProperties none")->run;
$t->sql("INSERT INTO chat_topic (id, name) VALUES (1, 'Printers'), (2, 'Ships')");
$t->sql("INSERT INTO chat_topic_user (topic_id, user_id, can_respond) SELECT topic, associate_id, true FROM associate"
        . " JOIN (VALUES ('mia', 1), ('otto', 2)) AS member (name, topic) USING (name)");
$t->sql("INSERT INTO sale (sale_id, heading) SELECT n, 'Sale ' || n FROM generate_series(1, $clients) n");
$t->sql("INSERT INTO chat_session (id, topic_id, user_id, name) SELECT n, 1 + n % 2, associate_id, 'Customer ' || n"
        . " FROM generate_series(1, $clients) n, associate WHERE associate.name = CASE n % 2 WHEN 0 THEN 'mia' ELSE 'otto' END");

sub told { my ($what) = @_; return scalar(() = $t->log_text =~ /$what/g) }
sub number { my ($sql) = @_; return $t->sql("SELECT $sql") }

my $blocked = "FROM pg_stat_activity WHERE usename = 'chatsession' AND wait_event_type = 'Lock'";

# All at once, when each of them waits for the only connection, which a list has; $then happens after it came free.
sub all_at_once {
    my ($ask, $then) = @_;
    my $before = told(qr/waits for a connection/);
    my $psql = $t->hold('LOCK TABLE person');
    my @answers = $t->parallel($clients + 2, sub {
        my ($client) = @_;
        return $t->get("$all?\$select=chatSessionId,person/fullName", user => 'admin')->{status} if $client > $clients + 1;
        wait_for(20, sub { number("count(*) $blocked") }) or die;
        return $ask->($client) if $client <= $clients;
        wait_for(20, sub { told(qr/waits for a connection/) - $before >= $clients }) or die;
        $t->let_go();
        $then->() if $then;
    });
    close $psql;
    is(pop @answers, 200, 'the list that had the connection');
    pop @answers;
    return @answers;
}

sub body { my ($n, %more) = @_; return {TopicId => 1 + $n % 2, CustomerName => "New $n", Sale => {SaleId => $n}, %more} }

# What a user gets, as one line.
sub line {
    my ($got) = @_;
    my $entity = $got->{json};
    return "$got->{status} " . ($entity->{Code} // join ' ', map { $_ // '-' } $entity->{CustomerName}, $entity->{Sale}{Title});
}
sub put { my ($user, $n, %more) = @_; my $headers = delete $more{headers} // {}; return line($t->put("$all/$n", body($n, %more), user => $user, headers => $headers)) }
sub saved { my ($n) = @_; return "200 New $n Sale $n" }

# ---------------------------------------------------------------- PUT: each his own

is(put('admin', 1), saved(1), 'alone');
is(told(qr/statement session_replace$/m), 1, 'by the statement for one');
my @answers = all_at_once(sub { my ($n) = @_; return put('admin', $n) });
is_deeply(\@answers, [map { saved($_) } 1 .. $clients], 'each gets what he saved');
is(told(qr/statement session_replace_together for $clients requests/), 1, 'all of them were saved by one statement');
is(number("count(DISTINCT xmin::text) FROM chat_session"), 1, 'and by one commit');
is(number("string_agg(version::text, ' ' ORDER BY id) FROM chat_session"), join(' ', 3, (2) x ($clients - 1)), 'each once');
is(number("count(*) FROM event JOIN associate USING (associate_id) WHERE associate.name = 'admin' AND event.name = 'chatsession.transfer'"), $clients,
    'and told in the name of who did it');

# Who may in topic 1, in topic 2, everywhere, and who is not known: only one caller's saves are together.
my @user = ('mia', 'otto', 'admin', 'nobody');
my %refused = (2 => '404 session.unknown', 5 => '404 session.unknown', 3 => '403 user.unknown', 7 => '403 user.unknown');
@answers = all_at_once(sub { my ($n) = @_; return put($user[$n == 5 ? 0 : $n == 2 ? 1 : $n % 4], $n, CustomerName => "Again $n") });
is_deeply(\@answers, [map { $refused{$_} // "200 Again $_ Sale $_" } 1 .. $clients], 'each is saved in the name of his own, or refused') or diag(explain(\@answers));
is(number("string_agg(id::text, ' ' ORDER BY id) FROM chat_session WHERE name LIKE 'Again%'"), '1 4 6 8', 'and nothing else');
is(number("string_agg(DISTINCT associate.name || entity_id, ' ' ORDER BY associate.name || entity_id) FROM event JOIN associate USING (associate_id) WHERE event.name = 'chatsession.updated'"),
    'admin6 mia4 mia8 otto1', 'in the name of who did it');

# ---------------------------------------------------------------- what is one's alone

my %etag = map { $_ => $t->get("$all/$_", user => 'admin')->{headers}{etag} } 1 .. $clients;
@answers = all_at_once(sub { my ($n) = @_; return put('admin', $n, headers => {'If-Match' => $etag{$n == 3 ? 4 : $n}}) });
is_deeply(\@answers, [map { $_ == 3 ? '412 condition.failed' : saved($_) } 1 .. $clients], 'a condition that is not met') or diag(explain(\@answers));

for my $fault (['P0001', '500 db.failed'], ['53100', '503 db.busy']) {
    my ($state, $told) = @$fault;
    $t->sql("CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION SQLSTATE ''$state''; END';"
            . " CREATE TRIGGER a_fault BEFORE UPDATE ON chat_session FOR EACH ROW WHEN (NEW.id = 5) EXECUTE FUNCTION fault()");
    @answers = all_at_once(sub { my ($n) = @_; return put('admin', $n, CustomerName => "Third $n") });
    is_deeply(\@answers, [map { $_ == 5 ? $told : "200 Third $_ Sale $_" } 1 .. $clients], "a fault of the database ($state)") or diag(explain(\@answers));
    $t->sql("DROP TRIGGER a_fault ON chat_session; DROP FUNCTION fault()");
}

@answers = all_at_once(sub { my ($n) = @_; return put('admin', 6, CustomerName => "Client $n", headers => {'If-Match' => $etag{6}}) });
is_deeply([sort @answers], [('412 condition.failed') x $clients], 'an old version of one session is nobody\'s to save');
my $etag = $t->get("$all/6", user => 'admin')->{headers}{etag};
@answers = all_at_once(sub { my ($n) = @_; return put('admin', 6, CustomerName => "Client $n", headers => {'If-Match' => $etag}) });
is(scalar(grep { /^200/ } @answers), 1, 'of those who saved the same version of one session one did') or diag(explain(\@answers));
is(scalar(grep { $_ eq '412 condition.failed' } @answers), $clients - 1, 'and the others know that they did not');
like((grep { /^200/ } @answers)[0], qr/\Q${\number("name FROM chat_session WHERE id = 6")}\E/, 'he whose name it has');

# ---------------------------------------------------------------- POST

my $new = sub { my ($n, $user) = @_; return $t->post($all, {TopicId => 1, Status => 'InQueue', CustomerName => "Guest $n", Sale => {SaleId => $n}}, user => $user // 'admin') };
$t->sql("SELECT setval('chat_session_id_seq', 100)");
is($new->(1)->{json}{InitialQueuePos}, 1, 'a new session is the first that waits');
@answers = all_at_once(sub { my ($n) = @_; my $got = $new->($n); return join ' ', line($got), $got->{json}{ChatSessionId}, $got->{json}{InitialQueuePos}, length $got->{json}{SessionKey} });
is(told(qr/statement session_create_together for $clients requests/), 1, 'several were created by one statement');
is(scalar(grep { $answers[$_ - 1] =~ /^200 Guest $_ Sale $_ \d+ \d+ \d+$/ } 1 .. $clients), $clients, 'each is his own') or diag(explain(\@answers));
is_deeply([sort map { (split ' ')[6] } @answers], [2 .. $clients + 1], 'each has a place of his own in the queue');
is_deeply([map { my ($id) = (split ' ')[5]; number("name FROM chat_session WHERE id = $id") } @answers], [map { "Guest $_" } 1 .. $clients], 'and each is stored under the id that was answered');
is(number("count(DISTINCT session_key) FROM chat_session WHERE name LIKE 'Guest%'"), $clients + 1, 'each has a key of its own');
is(number("count(DISTINCT entity_id) FROM event WHERE event.name = 'chatsession.created' AND number = 1 AND entity = 1 AND entity_id > 100"), $clients + 1, 'and each is told once');

# One after the other, to two queues: a sort by the queue alone would not keep their order.
{
    local $clients = 10;
    my @topic = (undef, 1, 1, 2, 1, 2, 1, 1, 2, 2, 1);
    my $waited = told(qr/waits for a connection/);
    @answers = all_at_once(sub {
        my ($n) = @_;
        wait_for(20, sub { told(qr/waits for a connection/) - $waited >= $n - 1 }) or die;
        return $t->post($all, {TopicId => $topic[$n], Status => 'InQueue', CustomerName => 'Queue'}, user => 'admin')->{json}{InitialQueuePos};
    });
    is(told(qr/statement session_create_together for $clients requests/), 1, 'who come one after the other to two queues');
    for my $topic (1, 2) {
        my @place = map { $answers[$_ - 1] } grep { $topic[$_] == $topic } 1 .. $clients;
        is_deeply(\@place, [map { $place[0] + $_ } 0 .. $#place], "have their places in $topic as they came") or diag(explain(\@place));
    }
    $t->sql("DELETE FROM chat_session WHERE name = 'Queue'");
}

@answers = all_at_once(sub { my ($n) = @_; my $got = $new->($n, $n % 2 ? 'mia' : 'otto'); return $got->{status} });
is_deeply(\@answers, [(200, 403) x ($clients / 2)], 'who may not create there creates none') or diag(explain(\@answers));
is(number("count(*) FROM chat_session WHERE name LIKE 'Guest%'"), 1 + $clients + $clients / 2, 'nothing is left of them');

@answers = all_at_once(sub { my ($n) = @_; return $t->post($all, {TopicId => 1, User => {AssociateId => 2}, Status => 'UserLast', CustomerName => "Talk $n"}, user => 'admin')->{json}{Rank} });
is_deeply([sort @answers], [1 .. $clients], 'those who talk with one agent have each a rank of their own') or diag(explain(\@answers));

# ---------------------------------------------------------------- the connection breaks while they are saved

# A save that cannot end: what became of it nobody knows, so everybody is told so, and nothing is done once more.
$t->sql("CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS"
        . " 'BEGIN PERFORM set_config(''lock_timeout'', ''0'', true); PERFORM pg_advisory_xact_lock(42); RETURN NULL; END';"
        . " CREATE TRIGGER z_stuck AFTER UPDATE ON chat_session FOR EACH ROW WHEN (NEW.name LIKE 'Stuck%') EXECUTE FUNCTION stuck()");
my $before = told(qr/statement session_replace/);
my $owner = $t->hold('SELECT pg_advisory_lock(42)', 'owner');
@answers = all_at_once(sub { my ($n) = @_; return put('admin', $n, CustomerName => "Stuck $n") }, sub {
    wait_for(20, sub { number("count(*) FROM pg_stat_activity WHERE usename = 'chatsession' AND wait_event = 'advisory'") }) or die;
    number("count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
});
$t->let_go('owner');
close $owner;
is_deeply(\@answers, [('503 db.lost') x $clients], 'when the connection of many breaks, each knows that he does not know') or diag(explain(\@answers));
is(told(qr/statement session_replace/) - $before, $clients + 1, 'nobody tries once more');
is(number("count(*) FROM chat_session WHERE name LIKE 'Stuck%'"), 0, 'what was not committed is not there');
$t->sql("DROP TRIGGER z_stuck ON chat_session; DROP FUNCTION stuck()");
is(put('admin', 1), saved(1), 'afterwards all is as before');
$t->expect_log(qr/CS0201: .* 500 db\.failed/, qr/CS0201: .* 503 db\.(?:lost|busy)/, qr/CS010[123]: /)->done;

# ---------------------------------------------------------------- a session that somebody holds

$t = ChatSession::Test->new(more => 1, server => 'LogLevel chatsession:trace4', conf => "ChatSessionPoolMax 2\nChatSessionPoolWait 20s\nChatSessionStatementTimeout 20s\nChatSessionTimeout 50s")->run;
$t->post($all, {CustomerName => "Customer $_"}) for 1 .. $clients;
$owner = $t->hold('SELECT FROM chat_session WHERE id = 5 FOR UPDATE', 'owner');
@answers = $t->parallel($clients + 1, sub {
    my ($n) = @_;
    return line($t->put("$all/$n", {CustomerName => "New $n"})) if $n <= $clients;
    wait_for(20, sub { number("count(*) FROM chat_session WHERE name LIKE 'New%'") == $clients - 1 }) or die;
    return $t->let_go('owner');
});
close $owner;
is_deeply([@answers[0 .. $clients - 1]], [map { "200 New $_ -" } 1 .. $clients], 'who saves a session that is held waits, and nobody else') or diag(explain(\@answers));
is($answers[-1], 1, 'for as long as it is held');
$t->done;
done_testing();
