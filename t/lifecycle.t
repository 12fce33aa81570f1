#!/usr/bin/perl
# The life of a session: the queue, picking up, transferring, starting over; what is overtaken by somebody else. Each line of it is in life.t.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1, conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $all = '/api/v1/ChatSession';
my $unset = '0001-01-01T00:00:00';
$t->sql(<<'SQL');
INSERT INTO chat_topic (id, name, welcome_message) VALUES (1, 'one', 'Hello <b>there</b>'), (2, 'two', ''), (3, 'form', ''), (4, 'nobody', '');
UPDATE chat_topic SET widget_pre_form = true WHERE id = 3;
INSERT INTO chat_topic_user (user_id, topic_id, can_respond, can_listen, manager)
VALUES (1, 1, true, false, false), (2, 1, true, false, false), (3, 1, false, true, true),
       (1, 2, true, false, false), (2, 2, false, true, false), (1, 3, true, false, false), (3, 4, false, false, true);
INSERT INTO chat_presence (associate_id, present) VALUES (1, true), (3, true);
SQL

# A fresh session 7; the others are gone.
sub session {
    my (%set) = @_;
    my %row = (id => 7, topic_id => 1, status => 4, when_requested => q{now() AT TIME ZONE 'Europe/Oslo' - interval '100 seconds'}, %set);
    $t->sql('DELETE FROM chat_session');
    return more(%row);
}

sub more {
    my (%row) = @_;
    $t->sql('INSERT INTO chat_session (' . join(', ', sort keys %row) . ') VALUES (' . join(', ', map { $row{$_} } sort keys %row) . ')');
    return;
}

sub ask { my ($path, $user) = @_; return $t->request('POST', "$all/$path", user => $user // 'anna') }
sub stored { my ($columns) = @_; return $t->sql("SELECT $columns FROM chat_session WHERE id = 7") }
sub messages { return $t->sql('SELECT type, special_type, message, author, created_by FROM chat_message WHERE session_id = 7 ORDER BY id') }

# ---------------------------------------------------------------- pickup

session();
my $picked = ask('7/Pickup');
is($picked->{status}, 200, 'a waiting session is picked up');
is($picked->{json}{Status}, 'CustomerLast', 'R-23: status 5, also with a welcome');
is($picked->{json}{User}{Name}, 'anna', 'it is the caller\'s');
is($picked->{json}{Rank}, 1, 'with the lowest free rank');
isnt($picked->{json}{WhenStarted}, $unset, 'WhenStarted is set');
isnt($picked->{json}{WhenIdle}, $unset, 'WhenIdle goes with the welcome');
is($picked->{json}{LastMessage}, 'Hello <b>there</b>', 'LastMessage too');
is($picked->{json}{FirstMessage}, '', 'R-23: FirstMessage does not');
ok(!exists $picked->{json}{_Links}, 'an action answers without links');
is($picked->{json}{TableRight}{Mask}, 'Select, Update, Insert', 'and with the rights that he has now');
is(messages(), '1|1|Hello <b>there</b>|Anna Vik|1', 'the welcome is sent');
is($t->sql("SELECT last_accept IS NOT NULL, seconds_pr_accept BETWEEN 99 AND 130 FROM chat_topic WHERE id = 1"), 't|t', 'the topic counts it, in the base zone');
is($t->sql("SELECT abs(extract(epoch FROM when_started - now() AT TIME ZONE 'Europe/Oslo')) < 30 FROM chat_session"), 't', 'times are those of the base zone');
for my $user (qw(anna otto)) {
    my $late = ask('7/Pickup', $user);
    is("$late->{status} $late->{content}", '200 null', "R-26: $user comes too late: null");
}
is(stored('user_id'), 1, 'and changes nothing');
for my $status (0 .. 3, 5 .. 11) {
    session(status => $status);
    is(ask('7/Pickup')->{content}, 'null', "R-26: one of status $status does not wait");
    is(stored('status, version'), "$status|1", 'and stays as it is');
}
session(topic_id => 2);
is(ask('7/Pickup')->{json}{LastMessage}, '', 'a topic without a welcome');
is(messages(), '', 'sends none');
is(ask('7/Pickup', 'otto')->{status}, 403, 'R-22: who only listens does not pick up');
is(ask('7/Pickup', 'mia')->{status}, 404, 'R-22: who has no role does not see it');
is(ask('8/Pickup')->{status}, 404, 'R-26: an unknown id is 404');

session();
more(id => $_, topic_id => 1, status => 5, user_id => 1, rank => $_ - 10) for 11, 12, 14;
is(ask('7/Pickup')->{json}{Rank}, 3, 'a gap in the ranks is filled');

# ---------------------------------------------------------------- the first

session(when_requested => "'2024-01-01 12:00:02'");
more(id => 8, topic_id => 1, status => 4, when_requested => "'2024-01-01 12:00:01'");
more(id => 9, topic_id => 2, status => 4, when_requested => "'2024-01-01 12:00:01'");
more(id => 10, topic_id => 4, status => 4, when_requested => "'2024-01-01 12:00:00'");
is(join(' ', map { ask('Pickup', $_)->{json}{ChatSessionId} // 'none' } qw(anna otto anna anna)), '8 7 9 none',
    'the longest waiting of the topics where one responds, then by id');
is(ask('Pickup', 'mia')->{content}, 'null', 'who manages and does not respond gets none');
is(ask('Pickup', 'admin')->{content}, 'null', 'nor does an administrator without a role');

# ---------------------------------------------------------------- transfer

session(status => 5, user_id => 1, rank => 4, when_started => "'2024-01-01'");
my $offered = ask('7/TransferTo/OTTO');
is($offered->{json}{TransferTo}{Name}, 'otto', 'a session is offered by login name, in any case');
is("$offered->{json}{Status} $offered->{json}{User}{Name}", 'CustomerLast anna', 'and stays where it is');
is(ask("7/TransferTo/$_->[0]")->{json}{TransferTo}{Name}, $_->[1], "offered to $_->[0]") for [3 => 'mia'], [2 => 'otto'], [4 => 'admin'], ['mia' => 'mia'], [2 => 'otto'];
is(ask("7/TransferTo/$_")->{json}{Code}, 'reference.unknown', "there is no $_ to offer it to") for 'nobody', 99, 0, -1, '99999999999', '%ff', 'x' x 300, "a'b";
is(stored('transfer_to'), 2, 'which changes nothing');
is(ask('7/TransferTo/otto', 'otto')->{status}, 403, 'R-22: a responder does not transfer another\'s');
is(ask('7/TransferTo/3', 'mia')->{json}{TransferTo}{Name}, 'mia', 'R-22: a manager does');
is(ask('7/TransferTo/otto')->{json}{TransferTo}{Name}, 'otto', 'its agent offers it once more');
is(ask('7/TransferTo/anna')->{json}{TransferTo}{Name}, 'otto', 'not to himself: nothing happens');
is(ask("8/TransferTo/otto")->{status}, 404, 'R-26: an unknown session is 404');
is(ask('7/TransferTo/')->{status}, 404, 'nobody is no path');
is($t->get("$all/7/TransferTo/otto")->{status}, 405, 'it is no reading');

is(ask('7/AcceptTransfer')->{json}{User}{Name}, 'anna', 'who is not offered it accepts nothing');
is(ask('7/RejectTransfer', 'mia')->{json}{TransferTo}{Name}, 'otto', 'nor rejects it');
my $accepted = ask('7/AcceptTransfer', 'otto');
is($accepted->{json}{User}{Name}, 'otto', 'who is offered it accepts it');
is($accepted->{json}{TransferTo}, undef, 'the offer is over');
is("$accepted->{json}{Rank} $accepted->{json}{Status} $accepted->{json}{WhenStarted}", '1 CustomerLast 2024-01-01T00:00:00', 'rank anew, all else as it was');
is(messages(), '3|6||Otto Lind|2', 'and the talk says so');
is(ask('7/AcceptTransfer', 'otto')->{json}{User}{Name}, 'otto', 'accepting twice does nothing more');
is(messages(), '3|6||Otto Lind|2', 'nor says more');
ask('7/TransferTo/anna', 'otto');
my $rejected = ask('7/RejectTransfer');
is("$rejected->{json}{User}{Name} " . ($rejected->{json}{TransferTo} // 'none'), 'otto none', 'a rejected one stays with its agent');
is(messages(), "3|6||Otto Lind|2\n3|13||Anna Vik|1", 'and the talk says so');
for my $status (0 .. 4, 7 .. 11) {
    session(status => $status, user_id => 1);
    is(ask('7/TransferTo/otto')->{json}{TransferTo}, undef, "a session of status $status is not transferred");
}

# ---------------------------------------------------------------- reset

my %busy = (status => 6, user_id => 1, transfer_to => 2, rank => 3, when_started => "'2024-01-01'", when_ended => "'2024-01-02'", flags => 1, chatbot_isactive => 'true');
session(%busy);
more(id => $_, topic_id => 1, status => 4) for 11, 12;
more(id => 13, topic_id => 2, status => 4);
my $reset = ask('7/Reset')->{json};
is("$reset->{Status} $reset->{Rank} $reset->{InitialQueuePos} $reset->{Flags}", 'InQueue 0 3 CustomerIsTyping', 'reset: back in the queue, at its end');
is($reset->{$_}, undef, "$_ is none") for qw(User TransferTo);
is($reset->{$_}, $unset, "$_ is unset") for qw(WhenStarted WhenEnded);
isnt($reset->{WhenRequested}, $unset, 'WhenRequested stays');
ok(!$reset->{ChatbotIsActive}, 'the bot is out');
is(ask('Pickup', 'otto')->{json}{ChatSessionId}, 7, 'and it can be picked up');
session(%busy, topic_id => 3);
is(ask('7/Reset')->{json}{Status}, 'PreChatForm', 'an unknown customer starts with the form before the talk');
session(%busy, topic_id => 3, customer_id => 5);
is(ask('7/Reset')->{json}{Status}, 'InQueue', 'a known one does not');
session(%busy, topic_id => 4, user_id => 3);
is(ask('7/Reset', 'mia')->{json}{Status}, 'OfflineForm', 'where nobody responds there is the form for that');
$t->sql('UPDATE chat_presence SET present = false WHERE associate_id = 1');
session(%busy);
is(ask('7/Reset')->{json}{Status}, 'OfflineForm', 'and where nobody who does is there');
$t->sql('UPDATE chat_presence SET present = true WHERE associate_id = 1');
session(%busy, topic_id => 99);
is(ask('7/Reset', 'admin')->{json}{Status}, 'InQueue', 'without a topic: the queue');
is(ask('7/Reset')->{status}, 404, 'R-22: which is an administrator\'s alone');
session(%busy);
is(ask('7/Reset', 'otto')->{status}, 403, 'R-22: another\'s is not reset');

# ---------------------------------------------------------------- for the current user

session();
more(id => 20 + $_, topic_id => 1 + $_ % 4, status => $_) for 0 .. 11;
my %mine = map { my $user = $_; ($user => $t->get("$all/ForCurrentUser", user => $user)) } qw(anna otto mia admin);
is(join(' ', map { $_->{ChatSessionId} } @{$mine{anna}{json}}), '7 20 21 22 24 25 26', 'what goes on where anna has a role');
is(join(' ', map { $_->{ChatSessionId} } @{$mine{mia}{json}}), '7 20 23 24', 'and mia');
is($mine{admin}{content}, '[]', 'who has no role is a member of nothing');
is(join('/', sort keys %{{map { $_->{TableRight}{Mask} => 1 } @{$mine{otto}{json}}}}), 'Select/Select, Update, Insert', 'each with the rights on it');
ok(!exists $mine{anna}{json}[0]{_Links}, 'without links');

# As many of the newest as fit an answer, however large they are.
$t->sql("DELETE FROM chat_session; INSERT INTO contact (contact_id) VALUES (5); INSERT INTO person (person_id) VALUES (5); INSERT INTO project (project_id) VALUES (5);"
        . " INSERT INTO sale (sale_id) VALUES (5); INSERT INTO ticket (id) VALUES (5);"
        . " INSERT INTO chat_session (id, topic_id, user_id, status, contact_id, customer_id, project_id, sale_id, ticket_id, transfer_to, first_message, last_message)"
        . " SELECT 2000 + i, 1, 1, 5, 5, 5, 5, 5, 5, 1, repeat('\"', 1024), repeat(chr(1), 1024) FROM generate_series(1, 500) AS i");
for my $case (['application/json', qr/"ChatSessionId":(\d+),"TopicId"/], ['application/xml', qr/<ChatSessionId>(\d+)</]) {
    my ($status, undef, $list) = $t->lean_client->('GET', "$all/ForCurrentUser", "Accept: $case->[0]\r\n");
    my @found = $list =~ /$case->[1]/g;
    is("$status " . ($found[-1] // ''), '200 2500', "large ones as $case->[0], up to the newest");
    is($found[0], 2501 - @found, 'none is left out in between');
    cmp_ok(length($list) / @found * (@found + 1), '>', @found == 400 ? 0 : 16 * 1024 * 1024, 'as many as fit');
}

# ---------------------------------------------------------------- once for its key

session(status => 4);
my @twice = map { $t->request('POST', "$all/7/Pickup", headers => {'Idempotency-Key' => 'p-1'}) } 1, 2;
is($twice[0]{content}, $twice[1]{content}, 'R-18: a pickup that is sent twice is answered twice');
is($t->request('POST', "$all/7/Pickup")->{content}, 'null', 'without its key it is late');

# ---------------------------------------------------------------- overtaken by somebody else's change

# What is answered by those that wait while somebody else changes the session.
sub overtaken {
    my ($change, @asks) = @_;
    open my $psql, '|-', "psql -X -q -h '" . $t->cluster->socket . "' -U postgres -d empty >/dev/null 2>&1" or die;
    $psql->autoflush(1);
    print $psql "SET application_name = 'holder'; SET search_path = chatsession; BEGIN; SELECT FROM chat_session WHERE id = 7 FOR UPDATE; $change;\n";
    wait_for(10, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND state = 'idle in transaction'") }) or die;
    my @answers = $t->parallel(1 + @asks, sub {
        my ($number) = @_;
        if ($number <= @asks) {
            my $answer = $asks[$number - 1]->();
            return {status => $answer->{status}, json => $answer->{json}};
        }
        wait_for(4, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'chatsession' AND wait_event_type = 'Lock'") == @asks });
        print $psql "COMMIT;\n";
        return {};
    });
    close $psql;
    pop @answers;
    return @answers;
}
my %late = (
    patch    => sub { $t->request('PATCH', "$all/7", json => {CustomerName => 'x'}) },
    put      => sub { $t->put("$all/7", {TopicId => 1}, headers => {'If-Match' => '"1-0"'}) },
    message  => sub { $t->post("$all/7/Messages", {Message => 'x'}) },
    keyed    => sub { $t->post("$all/7/Messages", {Message => 'x'}, headers => {'Idempotency-Key' => 'late'}) },
    transfer => sub { ask('7/TransferTo/otto') },
    reset    => sub { ask('7/Reset') },
    accept   => sub { ask('7/AcceptTransfer') },
    reject   => sub { ask('7/RejectTransfer') },
);
for my $case (['UPDATE chat_session SET user_id = 2 WHERE id = 7', 403, [qw(patch put message keyed)], [qw(transfer reset)]],
    ['UPDATE chat_session SET topic_id = 4 WHERE id = 7', 404, [qw(patch put message keyed)], [qw(transfer reset accept reject)]],
    ['DELETE FROM chat_session WHERE id = 7', 404, [qw(patch put message keyed)], [qw(transfer reset accept reject)]]) {
    my ($change, $expected, @rounds) = @$case;
    for my $names (@rounds) {
        session(status => 5, user_id => 1, transfer_to => 1);
        my @answers = overtaken($change, @late{@$names});
        is($answers[$_]{status}, $expected, "R-22: $names->[$_] that waited for '$change': $expected") for 0 .. $#$names;
        is($t->sql('SELECT count(*) FROM chat_message') . ($expected == 403 ? stored('name, transfer_to') : ''), $expected == 403 ? '0|1' : '0', 'and nothing is done');
    }
}
sub seen { return join ' ', map { ($_->{json}{User}{Name} // '') . '/' . ($_->{json}{TransferTo}{Name} // '') . '/' . $_->{json}{Status} } @_ }
my %twice = (AcceptTransfer => 'otto//CustomerLast', RejectTransfer => 'anna//CustomerLast');
for my $action (sort keys %twice) {
    session(status => 5, user_id => 1, transfer_to => 2);
    is(seen(overtaken('SELECT 1', (sub { ask("7/$action", 'otto') }) x 2)), "$twice{$action} $twice{$action}", "$action twice at once: both see what it came to");
    is($t->sql('SELECT count(*) FROM chat_message'), 1, 'and it is said once');
}
session(status => 5, user_id => 1);
is(seen(overtaken('UPDATE chat_session SET status = 7 WHERE id = 7', $late{transfer})), 'anna//Finished', 'a session that ends meanwhile is shown so, and not transferred');

$t->done;
