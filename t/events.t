#!/usr/bin/perl
# Events: one row for each change worth telling, whoever writes; numbered per session without gaps in the order of commits.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1, roles => 1);
$t->sql("INSERT INTO chat_topic (id, name, welcome_message) VALUES (1, 'Help', 'Hello'), (2, 'Sales', '');"
    . " INSERT INTO chat_topic_user (user_id, topic_id, can_respond, can_listen, manager) VALUES (1, 1, true, true, true), (2, 1, true, true, false)");
$t->run;

# Events that came since the last look, as "name associate ...".
my $seen = 0;
sub news {
    my ($columns) = @_;
    $columns = $columns ? ", $columns" : '';
    my $rows = $t->sql("SELECT concat_ws(' ', name, associate_id$columns) FROM event WHERE id > $seen ORDER BY id");
    $seen = $t->sql('SELECT coalesce(max(id), 0) FROM event');
    return join ', ', split /\n/, $rows;
}
my $gapless = "SELECT count(*) FROM (SELECT number, row_number() OVER (PARTITION BY entity, entity_id ORDER BY number) AS place FROM event) AS n WHERE number <> place";

is(news(), 'chattopic.created 0, chattopic.created 0, chattopic.agents 0, chattopic.agents 0', 'topics and who serves them, by an administrator');

# ---------------------------------------------------------------- each kind of change, one row

my $made = $t->post($all, {TopicId => 1, CustomerAlias => 'Kari', Status => 'InQueue'});
is($made->{status}, 200, 'a session is made');
my $id = $made->{json}{ChatSessionId};
is(news("entity, entity_id = $id, number, status, topic_id, customer_alias"), 'chatsession.created 1 1 t 1 4 1 Kari', 'created, by the caller');
is($t->post("$all/$id/Pickup", undef)->{status}, 200, 'it is picked up');
is(news('number, status_before, status, user_before, user_id'), 'chatsession.changed 1 2 4 5 -1 1, chatsession.message 1 3 5 1',
    'a change of status with the agent, and the welcome; the average of waits is no event');
is($t->post("$all/$id/Messages", {Message => 'How can I help?', Type => 'ToCustomer'})->{status}, 200, 'the agent writes');
is(news('status, message_id = (SELECT max(id) FROM chat_message)'), 'chatsession.changed 1 6, chatsession.message 1 6 t',
    'a message moves the status: two changes, two events');
$t->post("$all/$id/Messages", {Message => 'And you?', Type => 'ToCustomer'});
is(news(), 'chatsession.message 1', 'one that moves nothing is one event, its copies in the session are none');
is($t->post("$all/$id/TransferTo/otto", undef)->{status}, 200, 'it is offered to another');
my $offered = news('user_id');
is($offered, 'chatsession.transfer 1 1', 'a transfer is offered');
$t->request('POST', "$all/$id/AcceptTransfer", user => 'otto');
is(news('user_before, user_id'), 'chatsession.transfer 2 1 2, chatsession.message 2 2', 'and accepted, by the other');
is($t->request('PATCH', "$all/$id", user => 'otto', headers => {'Content-Type' => 'application/merge-patch+json'}, content => '{"CustomerName": "Kari Holm"}')->{status}, 200, 'a name is patched');
is(news(), 'chatsession.updated 2', 'any other property: updated');
is($t->request('PATCH', "$all/$id", user => 'otto', headers => {'Content-Type' => 'application/merge-patch+json'}, content => '{"CustomerName": "Kari Holm"}')->{status}, 200, 'and again the same');
is(news(), '', 'what changes nothing is no event');
is($t->request('PATCH', "$all/$id", user => 'otto', headers => {'Content-Type' => 'application/merge-patch+json'}, content => '{"LastMessage": "Bye"}')->{status}, 200, 'a copy of a message is patched');
is(news(), 'chatsession.updated 2', 'by itself it is told');
$t->sql("UPDATE chat_session SET alert_level = 1 WHERE id = $id");
is(news('alert_level'), 'chatsession.alert 0 1', 'an alert, by nobody');
$t->sql("UPDATE chat_session SET idle = now(), customer_fetch = now(), flags = 3 WHERE id = $id");
is(news(), '', 'when it was fetched, that somebody types: no events');
is($t->del("$all/$id", user => 'admin')->{status}, 204, 'an administrator deletes it');
is(news('number, status'), "chatsession.deleted 4 13 6", 'deleted, with the number that comes next');
is($t->sql("SELECT count(DISTINCT guid) = count(*) FROM event"), 't', 'each has an id of its own');
is($t->sql($gapless), 0, 'no series has a gap');

# ---------------------------------------------------------------- what fails leaves nothing

$made = $t->post($all, {TopicId => 1});
$id = $made->{json}{ChatSessionId};
news();
is($t->put("$all/$id", {TopicId => 1, Status => 'Nonsense'})->{status}, 400, 'a faulty change');
is($t->request('PUT', "$all/$id", json => {TopicId => 1, CustomerName => 'X'}, headers => {'If-Match' => '"none"'})->{status}, 412, 'a change under a condition');
is($t->request('PUT', "$all/$id", user => 'mia', json => {TopicId => 1, CustomerName => 'X'})->{status}, 404, 'one who may not');
$t->sql("BEGIN; UPDATE chat_session SET name = 'x' WHERE id = $id; INSERT INTO chat_message (session_id) VALUES ($id); ROLLBACK");
is(news(), '', 'nothing was done, nothing is told');
is($t->request('POST', $all, json => {TopicId => 1}, headers => {'Idempotency-Key' => 'once'})->{status}, 200, 'a request with a key') for 1, 2;
is(news(), 'chatsession.created 1', 'sent twice, done once, told once');

# ---------------------------------------------------------------- other writers

$t->sql("RESET search_path; UPDATE chatsession.chat_session SET status = 4 WHERE id = $id");
is(news('status'), 'chatsession.changed 0 4', 'a writer with another search path');
$t->sql("RESET search_path; UPDATE chatsession.chat_session SET status = 5, user_id = 2 WHERE id = $id");
is(news('user_id'), 'chatsession.changed 0 2', 'also when it gives the session a rank');
$t->sql("INSERT INTO chat_message (session_id, message, created_by) VALUES ($id, 'hello', 3)");
is(news(), 'chatsession.message 3', 'a message says by itself who wrote it');
$t->sql("UPDATE chat_topic SET name = 'Support' WHERE id = 1");
$t->sql("UPDATE chat_topic SET last_accept = now(), seconds_pr_accept = 5 WHERE id = 1");
$t->sql("UPDATE chat_topic_user SET manager = NOT manager WHERE topic_id = 1 AND user_id = 2");
$t->sql("DELETE FROM chat_topic_user WHERE topic_id = 1 AND user_id = 2");
is(news('number'), 'chattopic.changed 0 4, chattopic.agents 0 5, chattopic.agents 0 6', 'a topic has a series of its own');
$t->sql("INSERT INTO chat_topic_user (user_id, topic_id, can_listen) VALUES (2, 2, true)");
news();
$t->sql("DELETE FROM chat_topic WHERE id = 2");
is(news('number'), 'chattopic.deleted 0 3', 'one that goes takes its members along');
$t->sql("SELECT event_tell(3, 1, 'presence.changed', true)");
is(news('entity, entity_id, number, present'), 'presence.changed 0 3 1 1 t', 'so has the presence of an agent');

# ---------------------------------------------------------------- many at once

my $before = $t->sql("SELECT max(number) FROM event WHERE entity = 1 AND entity_id = $id");
my @done = $t->parallel(8, sub {
    my ($number) = @_;
    for my $i (1 .. 12) {
        $i % 3 == 0 ? $t->sql("BEGIN; INSERT INTO chat_message (session_id, message) VALUES ($id, 'no'); UPDATE chat_session SET rating = rating + 1 WHERE id = $id; ROLLBACK")
            : $i % 3 == 1 ? $t->sql("BEGIN; INSERT INTO chat_message (session_id, message) VALUES ($id, 'yes'); SELECT pg_sleep(0.005); COMMIT")
            : $t->sql("UPDATE chat_session SET rating = rating + 1 WHERE id = $id");
    }
    return 1;
});
is("@done", '1 ' x 7 . '1', 'eight writers, a third of them give up');
is($t->sql("SELECT max(number) - $before FROM event WHERE entity = 1 AND entity_id = $id"), 64, 'each change that was made has its number');
is($t->sql($gapless), 0, 'without a gap');

# ---------------------------------------------------------------- numbers go on when old events are gone

my $last = $t->sql("SELECT max(number) FROM event WHERE entity = 1 AND entity_id = $id");
$t->sql("INSERT INTO event_series SELECT entity, entity_id, max(number) FROM event WHERE entity = 1 GROUP BY 1, 2; DELETE FROM event");
$seen = 0;
$t->sql("UPDATE chat_session SET rating = 0 WHERE id = $id");
is(news("number - $last"), 'chatsession.updated 0 1', 'the next number is the next');

$t->done;
done_testing;
