#!/usr/bin/perl
# The life of a session line by line (lifecycle.md, sections 2 to 7, 9 and 14): a row per line that says what it makes of
# the stored session and of the talk.  What a row does not name stays as it was.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1, conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $all = '/api/v1/ChatSession';
$t->sql(<<'SQL');
INSERT INTO chat_topic (id, name, welcome_message, widget_pre_form, widget_auto_faq, bot_enabled)
VALUES (1, 'greets', 'Welcome', false, false, false), (2, 'plain', '', false, false, false), (3, 'form', '', true, false, false),
       (4, 'nobody', '', true, true, false), (5, 'answers', '', false, true, false), (6, 'both', '', true, true, false),
       (7, 'bot', '', false, false, true), (8, 'bot without agents', '', false, false, true), (9, 'bot and form', '', true, false, true);
INSERT INTO chat_topic_user (user_id, topic_id, can_respond) SELECT 1, id, id NOT IN (4, 8) FROM chat_topic;
INSERT INTO chat_topic_user (user_id, topic_id, can_respond, manager) SELECT 2, id, id NOT IN (4, 8), true FROM chat_topic;
INSERT INTO chat_presence (associate_id, present) VALUES (1, true);
SQL

# ---------------------------------------------------------------- what there is

# The session, the talk, as {column => text}; times that are now are 'now', those of old 'old'.
sub state_of {
    my ($id) = @_;
    my @times = qw(when_requested when_started when_ended idle customer_fetch);
    my ($row, @lines) = split /\n/, $t->sql(<<"SQL");
SELECT line FROM (
SELECT 0 AS part, 0 AS n, to_jsonb(s)::text AS line FROM chat_session AS s WHERE id = $id UNION ALL
SELECT 1, n, coalesce(abs(extract(epoch FROM now() AT TIME ZONE 'Europe/Oslo' - t)) < 60, false)::text
  FROM chat_session, unnest(ARRAY[@{[join ', ', @times]}]) WITH ORDINALITY AS times (t, n) WHERE id = $id UNION ALL
SELECT 2, id, type || ' ' || special_type || ' ' || author || ' ' || created_by || ' ' || read_by_customer::int || ' '
       || CASE WHEN abs(extract(epoch FROM when_posted - now() AT TIME ZONE 'UTC')) < 60 THEN 'now' ELSE 'then' END || ' ' || message
  FROM chat_message WHERE session_id = $id) AS lines ORDER BY part, n
SQL
    my $state = JSON::PP->new->decode($row);
    my @now = splice @lines, 0, scalar @times;
    delete @$state{qw(version changed_at status_before country)};
    for my $i (0 .. $#times) {
        $state->{$times[$i]} = $now[$i] eq 'true' ? 'now' : !defined $state->{$times[$i]} ? '' : $state->{$times[$i]} =~ /^2024-01-01T12:00:00$/ ? 'old' : $state->{$times[$i]};
    }
    return ({map { $_ => ref $state->{$_} ? ($state->{$_} ? 't' : 'f') : $state->{$_} // '' } keys %$state}, join '; ', @lines);
}

sub differences {
    my ($before, $after) = @_;
    return join ' ', map { "$_=$after->{$_}" } grep { ($before->{$_} // 'none') ne ($after->{$_} // 'none') } sort keys %$after;
}

sub sorted { return join ' ', sort { $a cmp $b } split / (?=[a-z_]+=)/, $_[0] }

# ---------------------------------------------------------------- where a session begins

my %born = (topic_id => 0, user_id => -1, customer_id => -1, status => 0, initial_queue_pos => 0, chatbot_isactive => 'f', consented => 'f',
    map { $_ => 0 } qw(alert_level rank flags rating));
for my $case (
    ['3: in a topic', {TopicId => 2}, 'customer_host=127.0.0.1 idle=now initial_queue_pos=1 status=4 topic_id=2 when_requested=now'],
    ['3, 14: of those that wait in the topic it is the last', {TopicId => 2}, 'customer_host=127.0.0.1 idle=now initial_queue_pos=4 status=4 topic_id=2 when_requested=now', 3],
    ['2: a form before the talk, for who is not known', {TopicId => 3}, 'customer_host=127.0.0.1 idle=now initial_queue_pos=1 status=1 topic_id=3 when_requested=now'],
    ['2: none for who is', {TopicId => 3, Person => {PersonId => 5}}, 'customer_host=127.0.0.1 customer_id=5 idle=now initial_queue_pos=1 status=4 topic_id=3 when_requested=now'],
    ['2: nobody responds', {TopicId => 4}, 'customer_host=127.0.0.1 idle=now initial_queue_pos=1 status=3 topic_id=4 when_requested=now', 0, 'otto'],
    ['2: proposed answers', {TopicId => 5}, 'customer_host=127.0.0.1 idle=now initial_queue_pos=1 status=2 topic_id=5 when_requested=now'],
    ['2: behind the form', {TopicId => 6}, 'customer_host=127.0.0.1 idle=now initial_queue_pos=1 status=1 topic_id=6 when_requested=now'],
    ['3, 9: a bot is there', {TopicId => 7}, 'chatbot_isactive=t customer_host=127.0.0.1 idle=now initial_queue_pos=1 status=4 topic_id=7 when_requested=now'],
    ['2: a bot counts as present', {TopicId => 8}, 'chatbot_isactive=t customer_host=127.0.0.1 idle=now initial_queue_pos=1 status=4 topic_id=8 when_requested=now', 0, 'otto'],
    ['2: and still has a form', {TopicId => 9}, 'chatbot_isactive=t customer_host=127.0.0.1 idle=now initial_queue_pos=1 status=1 topic_id=9 when_requested=now'],
    ['3: what is said stands', {TopicId => 2, Status => 'PreChatForm', WhenRequested => '2024-01-01T12:00:00', WhenIdle => '2024-01-01T12:00:00', SessionKey => 'mine',
            CustomerHost => 'there', InitialQueuePos => 9}, 'customer_host=there idle=old initial_queue_pos=9 session_key=mine status=1 topic_id=2 when_requested=old'],
    ['3: which status it may be', {TopicId => 7, Status => 'Finished'}, 'customer_host=127.0.0.1 idle=now status=7 topic_id=7 when_requested=now'],
    ['R-24: an agent\'s session takes a rank', {TopicId => 2, Status => 'UserLast', User => {AssociateId => 1}, Rank => 0},
        'customer_host=127.0.0.1 idle=now rank=1 status=6 topic_id=2 user_id=1 when_requested=now'],
    ['R-8: a topic that there is not begins nothing', {TopicId => 99}, 'topic_id=99', 0, 'admin'],
    ['CUD-2: nor does none', {}, '', 0, 'admin'],
) {
    my ($name, $body, $expected, $waiting, $user) = @$case;
    $t->sql('DELETE FROM chat_session; INSERT INTO chat_session (topic_id, status) SELECT 2, 4 FROM generate_series(1, ' . ($waiting // 0) . ')');
    my $made = $t->post($all, $body, user => $user // 'anna');
    my ($state, $said) = state_of($made->{json}{ChatSessionId} // 0);
    my $key = delete $state->{session_key};
    delete $state->{id};
    $key eq 'mine' ? $state->{session_key} = $key : is(length $key, $expected =~ /when_requested=now/ ? 40 : 0, "$name: its key");
    is(differences({%born, map { $_ => '' } grep { !exists $born{$_} } keys %$state}, $state), sorted($expected), $name);
    is($made->{json}{Status}, (qw(Invalid PreChatForm Faq OfflineForm InQueue x UserLast Finished))[$state->{status}], "$name: and it is answered so") if $made->{status} == 200;
}
my %keys = map { $t->post($all, {TopicId => 2})->{json}{SessionKey} => 1 } 1 .. 3;
is(scalar keys %keys, 3, '3: no key comes twice');

# ---------------------------------------------------------------- what happens to it

my $old = "'2024-01-01 12:00:00'";
my %waits = (status => 4, when_requested => $old, idle => $old, customer_fetch => $old, initial_queue_pos => 2, name => "'Kari'");
my %talks = (%waits, status => 5, user_id => 1, rank => 2, when_started => $old, first_message => "'Hi'", last_message => "'Hi'");
my %ended = (%talks, status => 7, rank => 0, when_ended => $old);
my %offered = (%talks, transfer_to => 2);
my ($said, $typed) = ({Message => 'a <b>b</b>'}, {%talks, flags => 1});

sub act { return ['POST', "7/$_[0]"] }
sub say { my (%message) = @_; return ['POST', '7/Messages', {Message => 'x', %message}] }
sub save { my (%change) = @_; return ['PATCH', '7', \%change] }
my @anna = ('Anna Vik 1 0 now ');

for my $case (
    # rule, the session before, who does what, what it makes of the session, what is said then
    ['4: pickup, with a welcome', {%waits, topic_id => 1, flags => 1, chatbot_isactive => 'true'}, anna => act('Pickup'),
        'status=5 user_id=1 when_started=now idle=now rank=1 last_message=Welcome', '1 1 Anna Vik 1 0 now Welcome'],
    ['4: pickup, without one', \%waits, anna => act('Pickup'), 'status=5 user_id=1 when_started=now rank=1', ''],
    ['4: pickup of one that was started once', {%waits, when_started => $old}, anna => act('Pickup'), 'status=5 user_id=1 when_started=now rank=1', ''],
    (map { ["4: pickup in status $_", {%talks, status => $_}, otto => act('Pickup'), '', ''] } 0 .. 3, 5 .. 11),

    ['5: to the customer', $typed, anna => say(%$said), 'status=6 idle=now last_message=a <b>b</b> flags=0', '1 0 Anna Vik 1 0 now a <b>b</b>'],
    ['5: the first', {%talks, first_message => "''"}, anna => say(%$said), 'status=6 idle=now first_message=a <b>b</b> last_message=a <b>b</b>', '1 0 Anna Vik 1 0 now a <b>b</b>'],
    ['5: without a type', \%talks, anna => say(Type => 'Invalid'), 'status=6 idle=now last_message=x', '1 0 Anna Vik 1 0 now x'],
    ['5: signed', \%talks, anna => say(Author => 'The bot', SpecialType => 'BotMessage'), 'status=6 idle=now last_message=x', '1 16 The bot 1 0 now x'],
    ['5: later', \%talks, anna => say(WhenPosted => '2099-01-01T00:00:00Z'), 'status=6 idle=now last_message=x', '1 0 Anna Vik 1 0 then x'],
    (map { ["2, 5: from $_ a bot goes to 6", {%waits, status => $_, chatbot_isactive => 'true'}, anna => say(), 'status=6 idle=now first_message=x last_message=x', '1 0 Anna Vik 1 0 now x'] } 1, 2),
    ['2: a word to who waits', \%waits, anna => say(), 'status=6 idle=now when_started=now first_message=x last_message=x', '1 0 Anna Vik 1 0 now x'],
    (map { ["5: to the customer in status $_", {%talks, status => $_, rank => 0}, anna => say(), 'idle=now last_message=x', '1 0 Anna Vik 1 0 now x'] } 0, 3, 7 .. 11),

    ['5: of the customer', {%talks, status => 6, flags => 1}, anna => say(Type => 'ToUser'), 'status=5 idle=now customer_fetch=now last_message=x', '2 0 Kari -1 0 now x'],
    ['5: of one without a name', {%talks, name => "''", customer_alias => "'k'"}, anna => say(Type => 'ToUser'), 'idle=now customer_fetch=now last_message=x', '2 0 k -1 0 now x'],
    ['5: of the customer who waits', \%waits, anna => say(Type => 'ToUser'), 'idle=now customer_fetch=now first_message=x last_message=x', '2 0 Kari -1 0 now x'],
    ['2, 14: of one who comes back', \%ended, anna => say(Type => 'ToUser'), 'status=5 rank=1 when_ended= idle=now customer_fetch=now last_message=x', '3 14 Kari -1 0 now ; 2 0 Kari -1 0 now x'],
    ['2: of one who comes back and is nobody\'s', {%ended, user_id => -1}, anna => say(Type => 'ToUser'), 'status=5 when_ended= idle=now customer_fetch=now last_message=x',
        '3 14 Kari -1 0 now ; 2 0 Kari -1 0 now x'],
    (map { ["5: of the customer in status $_", {%ended, status => $_}, anna => say(Type => 'ToUser'), 'idle=now customer_fetch=now last_message=x', '2 0 Kari -1 0 now x'] } 0 .. 3, 8 .. 11),
    ['5: a special one', \%talks, anna => say(Type => 'Special', SpecialType => 'ClosedByUser'), 'idle=now', '3 10 Anna Vik 1 0 now x'],
    ['R-23: a special one is not the first', {%talks, first_message => "''"}, anna => say(Type => 'Special'), 'idle=now', '3 0 Anna Vik 1 0 now x'],
    ['R-23: nor is a welcome', {%talks, first_message => "''"}, anna => say(SpecialType => 'Welcome'), 'status=6 idle=now last_message=x', '1 1 Anna Vik 1 0 now x'],

    ['6: an offer', \%talks, anna => act('TransferTo/otto'), 'transfer_to=2', ''],
    ['6: by its number', \%talks, anna => act('TransferTo/2'), 'transfer_to=2', ''],
    ['6: to another', \%offered, anna => act('TransferTo/admin'), 'transfer_to=4', ''],
    ['6: to oneself', \%offered, anna => act('TransferTo/anna'), '', ''],
    ['6: to nobody', \%talks, anna => act('TransferTo/nobody'), '', ''],
    (map { ["6: in status $_", {%talks, status => $_, rank => 0}, anna => act('TransferTo/otto'), '', ''] } 0 .. 4, 7 .. 11),
    ['6: of nobody\'s session', {%talks, user_id => -1}, otto => act('TransferTo/anna'), '', ''],
    ['6: by a manager', \%talks, otto => act('TransferTo/otto'), 'transfer_to=2', ''],
    ['6: accepted', \%offered, otto => act('AcceptTransfer'), 'transfer_to= user_id=2 rank=1', '3 6 Otto Lind 2 0 now '],
    ['6: accepted by its agent', \%offered, anna => act('AcceptTransfer'), '', ''],
    ['6: accepted without an offer', \%talks, otto => act('AcceptTransfer'), '', ''],
    ['6: rejected', \%offered, otto => act('RejectTransfer'), 'transfer_to=', '3 13 Otto Lind 2 0 now '],
    ['6: rejected by its agent', \%offered, anna => act('RejectTransfer'), '', ''],
    ['6: rejected without an offer', \%talks, otto => act('RejectTransfer'), '', ''],
    (map { my $status = $_; map { ["6: $_ in status $status", {%offered, status => $status}, otto => act($_), '', ''] } qw(AcceptTransfer RejectTransfer) } 4, 7),
    ['6: taken back', \%offered, anna => save(TransferTo => undef), 'transfer_to=', ''],

    ['7: its agent ends it', {%offered, flags => 1}, anna => save(Status => 'Finished'), 'status=7 when_ended=now rank=0 transfer_to= flags=0', '3 10 Anna Vik 1 0 now '],
    ['7: another ends it', {%talks, status => 6}, otto => save(Status => 'Finished'), 'status=7 when_ended=now rank=0', '3 10 Otto Lind 2 0 now '],
    ['R-24: ended at a time', \%talks, anna => save(Status => 'Finished', WhenEnded => '2024-01-01T12:00:00'), 'status=7 when_ended=old rank=0', '3 10 Anna Vik 1 0 now '],
    ['7: ended again, after a time of old', {%talks, when_ended => $old}, anna => save(Status => 'Finished'), 'status=7 when_ended=now rank=0', '3 10 Anna Vik 1 0 now '],
    ['R-24: a rank that is said stands', \%talks, anna => save(Status => 'Finished', Rank => 9), 'status=7 when_ended=now rank=9', '3 10 Anna Vik 1 0 now '],
    ['7: the queue is left', \%waits, anna => save(Status => 'ClosedFromQueue'), 'status=11 when_ended=now', ''],
    ['7: a request was made of it', {%waits, flags => 1}, anna => save(Status => 'RequestPosted', Ticket => {TicketId => 5}), 'status=10 when_ended=now ticket_id=5 flags=0', ''],
    ['7: closed', \%talks, anna => save(Status => 'Closed'), 'status=9 when_ended=now rank=0', ''],
    ['7: marked for removal', \%talks, anna => save(Status => 'Deleted'), 'status=8 rank=0', '3 8 Anna Vik 1 0 now '],
    ['7: marked when it had ended', \%ended, anna => save(Status => 'Deleted'), 'status=8', '3 8 Anna Vik 1 0 now '],
    ['7: from one end to another', \%ended, anna => save(Status => 'Closed'), 'status=9', ''],
    (map { ["2: from $_ to the end", {%waits, status => $_}, anna => save(Status => 'Finished'), 'status=7 when_ended=now', ''] } 1 .. 4),
    ['7: all that was read, with another status', \%offered, anna => ['PUT', '7', {TopicId => 2, Status => 'Finished', User => {AssociateId => 1}, TransferTo => {AssociateId => 2}, Rank => 2,
                CustomerName => 'Kari', FirstMessage => 'Hi', LastMessage => 'Hi', InitialQueuePos => 2, map { $_ => '2024-01-01T12:00:00' } qw(WhenRequested WhenStarted WhenIdle WhenFetched)}],
        'status=7 when_ended=now rank=0 transfer_to=', '3 10 Anna Vik 1 0 now '],

    ['R-24: taken by a save', \%waits, anna => save(Status => 'CustomerLast', User => {AssociateId => 1}), 'status=5 user_id=1 rank=1 when_started=now', ''],
    ['R-24: started at a time', \%waits, anna => save(Status => 'UserLast', WhenStarted => '2024-01-01T12:00:00'), 'status=6 when_started=old', ''],
    ['R-24: given away', \%talks, anna => save(User => {AssociateId => 2}), 'user_id=2 rank=1', ''],
    ['R-24: put back', \%offered, anna => save(Status => 'InQueue'), 'status=4 rank=0 transfer_to=', ''],
    ['2: opened again', \%ended, anna => save(Status => 'UserLast'), 'status=6 rank=1 when_ended=', ''],
    ['2: opened again, ended as it is said', \%ended, anna => save(Status => 'UserLast', WhenEnded => '2024-02-01T12:00:00'), 'status=6 rank=1 when_ended=2024-02-01T12:00:00', ''],
    ['2: what is the same is no change', \%ended, anna => save(Status => 'Finished'), '', ''],

    ['9: reset', {%offered, flags => 1, chatbot_isactive => 'true', when_ended => $old}, anna => act('Reset'),
        'status=4 user_id=-1 transfer_to= rank=0 when_started= when_ended= flags=0 chatbot_isactive=f initial_queue_pos=1', ''],
    ['9: reset of an ended one', \%ended, anna => act('Reset'), 'status=4 user_id=-1 when_started= when_ended= initial_queue_pos=1', ''],
    ['9: reset to the form', {%talks, topic_id => 3}, anna => act('Reset'), 'status=1 user_id=-1 rank=0 when_started= initial_queue_pos=1', ''],
    ['9: reset where nobody responds', {%talks, topic_id => 4, user_id => 2, customer_id => 5}, otto => act('Reset'), 'status=3 user_id=-1 rank=0 when_started= initial_queue_pos=1', ''],
    ['9: a bot hands over', {%talks, topic_id => 8, user_id => 2}, otto => act('Reset'), 'status=3 user_id=-1 rank=0 when_started= initial_queue_pos=1', ''],
    ['14: a customer\'s client asks', \%talks, anna => ['GET', '7/Messages'], '', ''],
) {
    my ($name, $before, $user, $request, $changes, $talk) = @$case;
    my %row = (id => 7, topic_id => 2, %$before);
    $t->sql('DELETE FROM chat_session; INSERT INTO chat_session (' . join(', ', sort keys %row) . ') VALUES (' . join(', ', map { $row{$_} } sort keys %row) . ')');
    my ($was) = state_of(7);
    my $answer = $t->request($request->[0], "$all/$request->[1]", user => $user, $request->[2] ? (json => $request->[2]) : ());
    my ($is, $talked) = state_of(7);
    is(differences($was, $is), sorted($changes), $name);
    is($talked, $talk, "$name: the talk");
}

# ---------------------------------------------------------------- who ended it is said once

$t->sql("DELETE FROM chat_session; INSERT INTO chat_session (id, topic_id, user_id, status) VALUES (7, 2, 1, 6)");
for my $kind (qw(ClosedByUser ClosedByCustomer ClosedByIdle)) {
    $t->sql('DELETE FROM chat_message; UPDATE chat_session SET status = 6');
    $t->post("$all/7/Messages", {Type => 'Special', SpecialType => $kind});
    $t->request('PATCH', "$all/7", json => {Status => 'Finished'});
    is($t->sql('SELECT count(*) FROM chat_message'), 1, "7: who says $kind himself is not repeated");
}

# ---------------------------------------------------------------- the former agent listens

$t->sql("DELETE FROM chat_session; INSERT INTO chat_session (id, topic_id, user_id, status, transfer_to) VALUES (7, 2, 1, 5, 2)");
is($t->request('POST', "$all/7/AcceptTransfer", user => 'otto')->{json}{User}{Name}, 'otto', 'a session changes its agent');
is($t->get("$all/7$_")->{status}, 200, "6: the former one reads '$_'") for '', '/Messages', '/Transcript';
is($t->post("$all/7/Messages", {Message => 'x'})->{status}, 403, '6: and does not write any more');
is($t->request('PATCH', "$all/7", json => {Status => 'Finished'})->{status}, 403, '6: nor end it');

# ---------------------------------------------------------------- ranks

$t->sql('DELETE FROM chat_session; INSERT INTO chat_session (id, topic_id, user_id, status, rank) SELECT 10 + n, 2, 1, 5, n FROM generate_series(1, 4) AS n;'
        . ' INSERT INTO chat_session (id, topic_id, user_id, status, transfer_to, rank) VALUES (7, 2, 2, 6, 1, 1)');
my @free = (
    [sub { $t->request('PATCH', "$all/12", json => {Status => 'Finished'}) }, 12 => 0, 'what ends has none'],
    [sub { $t->request('POST', "$all/7/AcceptTransfer") }, 7 => 2, 'a session that is taken over takes the lowest free one'],
    [sub { $t->request('PATCH', "$all/12", json => {Status => 'UserLast'}) }, 12 => 5, 'one that goes on takes the next'],
    [sub { $t->request('POST', "$all/11/Reset") }, 11 => 0, 'one that starts over has none'],
    [sub { $t->request('POST', "$all/11/Pickup") }, 11 => 1, 'until it is picked up'],
    [sub { $t->post("$all/11/Messages", {Message => 'x'}) }, 11 => 1, 'and keeps it while the talk goes on'],
);
for my $case (@free) {
    $case->[0]->();
    is($t->sql("SELECT rank FROM chat_session WHERE id = $case->[1]"), $case->[2], "14: $case->[3]");
}

$t->done;
