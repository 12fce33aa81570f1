#!/usr/bin/perl
# Time-driven work: done by one process of all servers of a database, whichever dies; its limits are directives.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $holders = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid <> 0";
my $t = ChatSession::Test->new(more => 1, runner => 1, conf => "ChatSessionDeadAfter 60s\nChatSessionIdleAfter 10min\nChatSessionPurgeAfter 1h\nChatSessionEventKeep 30min\n",
    mpm_conf => "StartServers 3\nMinSpareThreads 96\n");
$t->sql("INSERT INTO chat_topic (id, name, warning_new_chat, manager_warning_new_chat, warning_chat_message) VALUES (1, 'Help', 5, 15, 3), (2, 'Calm', 0, 0, 0)");

# A session with times so many minutes ago; its id.
sub session {
    my (%value) = @_;
    my %set = (topic_id => 2, %value);
    return $t->sql('INSERT INTO chat_session (' . join(', ', sort keys %set) . ') VALUES (' . join(', ', map { $set{$_} } sort keys %set) . ') RETURNING id');
}
sub ago   { my ($minutes) = @_; return "(now() AT TIME ZONE 'UTC') - interval '$minutes minutes'" }
sub state { my ($id) = @_; return $t->sql("SELECT concat_ws(' ', status, when_ended IS NOT NULL, alert_level) FROM chat_session WHERE id = $id") }
sub comes { my ($query, $expected, $name) = @_; wait_for(20, sub { $t->sql($query) eq $expected }); return is($t->sql($query), $expected, $name) }

# ---------------------------------------------------------------- each piece of work

my %dead = map { $_ => session(status => $_, customer_fetch => ago(2)) } 1 .. 6;
my $there = session(status => 4, customer_fetch => ago(0));
my $never = session(status => 4);
my $made = session(status => 4, when_requested => ago(2), customer_fetch => ago(2));
my %idle = map { $_ => session(status => $_, idle => ago(11), when_started => ago(20)) } 4 .. 7;
my $lively = session(status => 5, idle => ago(9), when_started => ago(30));
my $picked = session(status => 5, idle => ago(60), when_started => ago(1));
my %waits = map { $_ => session(topic_id => 1, status => 4, when_requested => ago($_)) } 1, 6, 16;
my $unanswered = session(topic_id => 1, status => 5, idle => ago(4), when_started => ago(4));
my $answered = session(topic_id => 1, status => 6, idle => ago(4), when_started => ago(4), alert_level => 2);
my $calm = session(status => 4, when_requested => ago(600));
my $marked = session(status => 8);
my $fresh = session(status => 8);
$t->sql("INSERT INTO chat_message (session_id) VALUES ($marked); ALTER TABLE chat_session DISABLE TRIGGER changed; UPDATE chat_session SET changed_at = now() - interval '2 hours' WHERE id = $marked; ALTER TABLE chat_session ENABLE TRIGGER changed");
$t->sql("INSERT INTO credential (kind, login, digest, expires_at) SELECT 'ticket', 'anna', sha256(n::text::bytea), now() + make_interval(mins => n) FROM generate_series(-250, 5) AS n WHERE n <> 0");
$t->sql("INSERT INTO idempotency_key (login, key, request, expires_at) SELECT 'anna', n::text, 'x', now() + make_interval(mins => n) FROM generate_series(-250, 5) AS n WHERE n <> 0");
$t->sql("UPDATE event SET happened_at = now() - interval '31 minutes' WHERE entity_id IN ($never, $there) AND entity = 1");
$t->run;

comes("SELECT string_agg(status::text, ',' ORDER BY id) FROM chat_session WHERE id IN (" . join(',', @dead{1 .. 6}) . ')', '7,7,7,11,5,6',
    'lifecycle 8: customers whose client is gone are gone from the queue (11), or have ended (7); talks go on');
is(state($dead{4}), '11 t 0', 'WhenEnded is set');
is(state($made), '4 f 0', 'one that nobody has fetched since it was made stays');
is($t->sql("SELECT count(*) FROM chat_message WHERE special_type = 12 AND type = 3 AND session_id IN ($dead{1}, $dead{2}, $dead{3}, $dead{4})"), 4, 'with the message ClosedByIdle, one each');
is($t->sql("SELECT string_agg(name, ',' ORDER BY number) FROM event WHERE entity_id = $dead{4} AND entity = 1"), 'chatsession.created,chatsession.changed,chatsession.message', 'and events');
comes("SELECT string_agg(status::text, ',' ORDER BY id) FROM chat_session WHERE id IN (" . join(',', @idle{4 .. 7}) . ')', '4,7,7,7', 'lifecycle 7: idle talks end');
is($t->sql("SELECT rank FROM chat_session WHERE id = $idle{5}"), 0, 'lifecycle 14: without a rank');
comes("SELECT string_agg(alert_level::text, ',' ORDER BY id) FROM chat_session WHERE id IN (" . join(',', @waits{1, 6, 16}, $unanswered, $answered, $calm) . ')', '0,1,2,1,0,0',
    'lifecycle 10: alerts for agents, then managers; an answer ends them; a topic without limits has none');
comes("SELECT count(*) FROM chat_session WHERE id IN ($marked, $fresh)", 1, 'lifecycle 2: what was marked as deleted goes when its time is over');
is($t->sql("SELECT count(*) FROM chat_message WHERE session_id = $marked"), 0, 'with its messages');
comes('SELECT count(*) FROM credential', 5, 'expired tickets are removed, batch by batch');
comes('SELECT count(*) FROM idempotency_key', 5, 'R-18: and so are keys of requests');
comes("SELECT count(*) FROM event WHERE entity_id IN ($never, $there) AND entity = 1", 0, 'old events are removed');
is($t->sql("SELECT last FROM event_series WHERE entity_id = $never AND entity = 1"), 1, 'how far their series came is kept');
$t->sql("UPDATE chat_session SET rating = 1 WHERE id = $never");
is($t->sql("SELECT number FROM event WHERE entity_id = $never AND entity = 1"), 2, 'and goes on');
is(state($_), '4 f 0', 'who fetches, or never did, is left alone') for $there, $never;
is(state($_), '5 f 0', 'nor is a talk that is not idle, or was picked up a moment ago') for $lively, $picked;

# ---------------------------------------------------------------- one of all children, and another when it dies

is($t->sql($holders), 1, 'one connection has the lock');
my @leaders = $t->log_text =~ /pid (\d+).*CS0243/g;
is(scalar @leaders, 1, 'one child does the work');
cmp_ok(scalar($t->children), '>', 1, 'of several');
for my $round (1 .. 2) {
    my ($leader) = ($t->log_text =~ /pid (\d+).*CS0243/g)[-1];
    $t->expect_log(qr/child pid $leader exit signal Killed/);
    kill 'KILL', $leader;
    my $id = session(status => 6, idle => ago(12), when_started => ago(20));
    comes("SELECT status FROM chat_session WHERE id = $id", 7, "kill $round: another child goes on");
    isnt(($t->log_text =~ /pid (\d+).*CS0243/g)[-1], $leader, 'it is another one');
}
is($t->sql($holders), 1, 'there is one lock');

# ---------------------------------------------------------------- two servers on one database

my $other = ChatSession::Test->new(more => 1, runner => 1, cluster => $t->cluster, conf => "ChatSessionDeadAfter 60s\nChatSessionIdleAfter 10min\n")->run;
my $batch = sub { $t->sql("INSERT INTO chat_session (status, topic_id, idle, when_started) SELECT 6, 2, " . ago(11) . ', ' . ago(20) . " FROM generate_series(1, 250)") };
my $open = "SELECT count(*) FROM chat_session WHERE status = 6 AND idle < " . ago(10);
$batch->();
comes($open, 0, 'two servers: all idle talks end');
is($t->sql('SELECT count(*) FROM (SELECT session_id FROM chat_message WHERE special_type = 12 GROUP BY session_id HAVING count(*) > 1) AS twice'), 0, 'none twice');
is($t->sql($holders), 1, 'one of the two has the lock');
is(() = $other->log_text =~ /CS0243/g, 0, 'the first keeps it');
$t->stop;
$batch->();
comes($open, 0, 'the other server goes on when the first one stops');
like($other->log_text, qr/CS0243/, 'it says so');
$t->run;
ok($other->graceful, 'a graceful restart');
$batch->();
comes($open, 0, 'the work goes on');
is($t->sql('SELECT count(*) FROM (SELECT session_id FROM chat_message WHERE special_type = 12 GROUP BY session_id HAVING count(*) > 1) AS twice'), 0, 'none twice');
is($t->sql($holders), 1, 'one has the lock');

# ---------------------------------------------------------------- a database that goes and comes, a step that fails

$_->expect_log(qr/CS0242|CS0101|CS0102/) for $t, $other;
$t->cluster->restart;
$batch->();
comes($open, 0, 'after a restart of the database the work goes on');
$_->expect_log(qr/CS0244: .* work_idle fails/) for $t, $other;
$t->sql("ALTER TABLE chat_message ADD CONSTRAINT no_message CHECK (special_type <> 12) NOT VALID");
my $stuck = session(status => 6, idle => ago(11), when_started => ago(20));
my $mark = session(status => 4, topic_id => 1, when_requested => ago(20));
comes("SELECT alert_level FROM chat_session WHERE id = $mark", 2, 'a step that fails holds none of the others');
is(state($stuck), '6 f 0', 'and does nothing by halves');
ok(wait_for(5, sub { ($t->log_text . $other->log_text) =~ /CS0244/ }), 'it is told');
is(() = ($t->log_text . $other->log_text) =~ /CS0244/g, 1, 'once');

# The same trouble after a time without is told again: a webhook that may not be sent anywhere shows when there is none.
my $told = sub { return scalar(() = ($t->log_text . $other->log_text) =~ /CS0242.*permission denied for table webhook/g) };
$_->expect_log(qr/CS0244: .* permission denied for table webhook/) for $t, $other;
for my $round (1, 2) {
    $t->sql('REVOKE SELECT ON webhook FROM chatsession');
    ok(wait_for(10, sub { $told->() >= $round }), "trouble $round is told");
    $t->sql('GRANT SELECT ON webhook TO chatsession');
    $t->sql("INSERT INTO webhook (name, events, target_url) VALUES ('round $round', event_names(), 'http://nowhere.example/')");
    session(status => 4);
    comes("SELECT count(*) > 0 FROM webhook_delivery JOIN webhook ON webhook.id = webhook_id WHERE name = 'round $round' AND tries > 0", 't', 'and ends');
}
is($told->(), 2, 'each once');

# A row that somebody holds holds up nothing else.
$t->sql("ALTER TABLE chat_message DROP CONSTRAINT no_message");
$other->stop;
$t->stop;
my ($held, $free) = map { session(status => 4, customer_fetch => ago(2)) } 1, 2;
open my $psql, '|-', "psql -X -q -h '" . $t->cluster->socket . "' -U postgres -d empty >/dev/null 2>&1" or die;
$psql->autoflush(1);
print $psql "SET application_name = 'holder'; BEGIN; SELECT FROM chatsession.chat_session WHERE id = $held FOR UPDATE; SELECT pg_sleep(60);\n";
wait_for(5, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND wait_event = 'PgSleep'") });
$t->run;
comes("SELECT status FROM chat_session WHERE id = $free", 11, 'a session that somebody holds is passed over');
is(state($held), '4 f 0', 'and waits for its turn');
$t->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'");
close $psql;
comes("SELECT status FROM chat_session WHERE id = $held", 11, 'which comes');
$other->done;
$t->done;

# ---------------------------------------------------------------- off, and with prefork

$t = ChatSession::Test->new(more => 1)->run;
my $left = session(status => 6, idle => ago(60 * 48), when_started => ago(60 * 48));
is($t->get('/api/v1/ChatSession/default')->{status}, 200, 'ChatSessionRunner Off: the API is served');
is($t->sql($holders), 0, 'no time-driven work');
is(state($left), '6 f 0', 'nothing ends by itself');
$t->stop;
@$t{qw(mpm runner)} = ('prefork', 1);
$t->run;
comes("SELECT status FROM chat_session WHERE id = $left", 7, 'prefork: default limits, one of many children');
is($t->sql($holders), 1, 'with one lock');
my ($leader) = $t->log_text =~ /pid (\d+).*CS0243/;
$t->expect_log(qr/child pid $leader exit signal Killed/);
kill 'KILL', $leader;
$left = session(status => 6, idle => ago(60 * 48), when_started => ago(60 * 48));
comes("SELECT status FROM chat_session WHERE id = $left", 7, 'prefork: another child goes on');
$t->done;
done_testing;
