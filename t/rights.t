#!/usr/bin/perl
# R-22: who may do what with a session, cell by cell: a row per role, a column per operation.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1)->run;
my $all = '/api/v1/ChatSession';
$t->sql("INSERT INTO chat_topic (id, name) VALUES (1, 'one'), (2, 'two')");

# What otto is; the session's topic is 1 and its agent anna, where the row does not say otherwise.
my %role = (
    administrator => ["UPDATE associate SET is_admin = true WHERE associate_id = 2"],
    manager       => ["INSERT INTO chat_topic_user (user_id, topic_id, manager) VALUES (2, 1, true)"],
    agent         => ["INSERT INTO chat_topic_user (user_id, topic_id, notifications) VALUES (2, 1, true)", user_id => 2],
    free          => ["INSERT INTO chat_topic_user (user_id, topic_id, can_respond) VALUES (2, 1, true)", user_id => -1],
    responder     => ["INSERT INTO chat_topic_user (user_id, topic_id, can_respond) VALUES (2, 1, true)"],
    listener      => ["INSERT INTO chat_topic_user (user_id, topic_id, can_listen) VALUES (2, 1, true)"],
    notified      => ["INSERT INTO chat_topic_user (user_id, topic_id, notifications) VALUES (2, 1, true)"],
    offered       => ["INSERT INTO chat_topic_user (user_id, topic_id, can_listen) VALUES (2, 1, true)", transfer_to => 2],
    former        => ["SELECT 1", user_id => 2, transfer_to => 2],
    none          => ["INSERT INTO chat_topic_user (user_id, topic_id, can_respond, notifications, can_listen, manager) VALUES"
            . " (2, 2, true, true, true, true)"],
    empty         => ["INSERT INTO chat_topic_user (user_id, topic_id) VALUES (2, 1)"],
    no_topic      => ["INSERT INTO chat_topic_user (user_id, topic_id, can_respond, manager) VALUES (2, 1, true, true)",
        topic_id => 99, user_id => 2, transfer_to => 2],
    no_topic_admin => ["UPDATE associate SET is_admin = true WHERE associate_id = 2", topic_id => 99],
);

my $stored;

sub session {
    my ($role) = @_;
    my ($sql, %set) = @{$role{$role}};
    my %row = (topic_id => 1, user_id => 1, transfer_to => 'NULL', status => 5, %set);
    $stored = $t->sql("DO \$\$ BEGIN DELETE FROM chat_session; DELETE FROM chat_topic_user; UPDATE associate SET is_admin = associate_id = 4; "
            . ($sql =~ /^SELECT/ ? '' : "$sql;") . " END \$\$; INSERT INTO chat_session (id, " . join(', ', sort keys %row) . ') VALUES (7, '
            . join(', ', map { $row{$_} } sort keys %row) . ') RETURNING chat_session');
    return \%row;
}

# Each asks once, as otto, and answers the status.
my %operation = (
    get    => sub { $t->get("$all/7", user => 'otto') },
    put    => sub { $t->put("$all/7", {TopicId => $_[0]{topic_id}, CustomerName => 'changed'}, user => 'otto') },
    patch  => sub { $t->request('PATCH', "$all/7", json => {CustomerName => 'changed'}, user => 'otto') },
    move   => sub { $t->request('PATCH', "$all/7", json => {TopicId => 2}, user => 'otto') },
    create => sub { $t->post($all, {TopicId => $_[0]{topic_id}}, user => 'otto') },
    delete => sub { $t->del("$all/7", user => 'otto') },
);
for my $action (qw(Pickup TransferTo/otto AcceptTransfer RejectTransfer Reset)) {
    $operation{$action} = sub { $t->request('POST', "$all/7/$action", user => 'otto') };
}
$operation{messages} = sub { $t->get("$all/7/Messages", user => 'otto') };
$operation{transcript} = sub { $t->get("$all/7/Transcript", user => 'otto') };
$operation{write} = sub { $t->post("$all/7/Messages", {Message => 'x'}, user => 'otto') };
my %json_patch = (headers => {'Content-Type' => 'application/json-patch+json'});
$operation{html} = sub { $t->request('POST', "$all/7/Transcript?html=true", user => 'otto') };
$operation{jpatch} = sub { $t->request('PATCH', "$all/7", json => [{op => 'replace', path => '/CustomerName', value => 'changed'}], user => 'otto', %json_patch) };
$operation{match} = sub { $t->put("$all/7", {TopicId => $_[0]{topic_id}, CustomerName => 'changed'}, user => 'otto', headers => {'If-Match' => '"1-0"'}) };
$operation{stale} = sub { $t->put("$all/7", {TopicId => $_[0]{topic_id}, CustomerName => 'changed'}, user => 'otto', headers => {'If-Match' => '"9-0"'}) };
$operation{pstale} = sub { $t->request('PATCH', "$all/7", json => {CustomerName => 'changed'}, user => 'otto', headers => {'If-Match' => '"9-0"'}) };
$operation{dstale} = sub { $t->del("$all/7", user => 'otto', headers => {'If-Match' => '"9-0"'}) };
my @operations = qw(messages transcript write get put patch move create delete Pickup TransferTo/otto AcceptTransfer RejectTransfer Reset html jpatch match stale pstale dstale);

my %cells = (
    #                  messages transcript write get  put  patch move create delete pickup transfer accept reject reset html jpatch match stale pstale dstale
    administrator  => [200, 200, 200, 200, 200, 200, 200, 200, 204, 200, 200, 200, 200, 200, 200, 200, 200, 412, 412, 412],
    manager        => [200, 200, 200, 200, 200, 200, 403, 200, 403, 200, 200, 200, 200, 200, 200, 200, 200, 412, 412, 403],
    agent          => [200, 200, 200, 200, 200, 200, 403, 403, 403, 403, 200, 200, 200, 200, 200, 200, 200, 412, 412, 403],
    free           => [200, 200, 200, 200, 200, 200, 403, 200, 403, 200, 403, 200, 200, 200, 200, 200, 200, 412, 412, 403],
    responder      => [200, 200, 403, 200, 403, 403, 403, 200, 403, 200, 403, 200, 200, 403, 200, 403, 403, 403, 403, 403],
    listener       => [200, 200, 403, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403, 403],
    notified       => [200, 200, 403, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403, 403],
    offered        => [200, 200, 403, 200, 403, 403, 403, 403, 403, 403, 403, 200, 200, 403, 200, 403, 403, 403, 403, 403],
    none           => [404, 404, 404, 404, 404, 404, 404, 403, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404],
    former         => [404, 404, 404, 404, 404, 404, 404, 403, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404],
    empty          => [404, 404, 404, 404, 404, 404, 404, 403, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404],
    no_topic       => [404, 404, 404, 404, 404, 404, 404, 403, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404],
    no_topic_admin => [200, 200, 200, 200, 200, 200, 200, 200, 204, 200, 200, 200, 200, 200, 200, 200, 200, 412, 412, 412],
);
my %mask = (
    (map { $_ => 'Select, Update, Insert, Delete' } qw(administrator no_topic_admin)),
    (map { $_ => 'Select, Update, Insert' } qw(manager agent free)),
    (map { $_ => 'Select' } qw(responder listener notified offered)),
);

is(join(' ', sort keys %cells), join(' ', sort keys %role), 'every role has its row');
for my $role (sort keys %cells) {
    for my $i (0 .. $#operations) {
        my ($name, $expected) = ($operations[$i], $cells{$role}[$i]);
        my $row = session($role);
        my $before = $stored;
        my $answer = $operation{$name}->($row);
        is($answer->{status}, $expected, "R-22: $role, $name: $expected");
        is($answer->{json}{Code}, 'access.denied', "$role, $name: and says why") if $expected == 403;
        is($t->sql('SELECT chat_session FROM chat_session'), $before, "$role, $name: nothing is changed") if $expected > 400 || $name =~ /^(?:get|messages|transcript|html)$/;
        if ($expected == 404) {
            $t->sql('DELETE FROM chat_session');
            my $missing = $operation{$name}->($row);
            my @bodies = map { my %body = %{$_->{json}}; delete $body{RequestId}; \%body } $answer, $missing;
            is_deeply(@bodies, "$role, $name: as if there were none");
        }
        if ($name ne 'get' && $expected == 200 && ref $answer->{json} eq 'HASH' && $answer->{json}{TableRight}) {
            my $now = $t->get("$all/$answer->{json}{ChatSessionId}", user => 'otto')->{json};
            is_deeply([@{$answer->{json}}{qw(TableRight FieldProperties)}], [@$now{qw(TableRight FieldProperties)}], "R-22: $role, $name: the rights in the answer are those that he has now");
        }
        if ($name eq 'get' && $expected == 200) {
            is($answer->{json}{TableRight}{Mask}, $mask{$role}, "R-22: $role: TableRight tells it");
            is($answer->{json}{FieldProperties}{CustomerName}{FieldRight}{Mask}, $mask{$role} eq 'Select' ? 'Read' : 'Update',
                "R-22: $role: FieldProperties as well");
        }
    }
}

# ---------------------------------------------------------------- what depends on two things

session('free');
$t->sql('INSERT INTO chat_topic_user (user_id, topic_id, can_respond) VALUES (2, 2, true)');
is($t->request('PATCH', "$all/7", json => {TopicId => 2}, user => 'otto')->{status}, 200, 'who responds in both topics moves a session');
is($t->sql('SELECT topic_id FROM chat_session'), 2, 'and it is moved');

session('free');
my $given = $t->request('PATCH', "$all/7", json => {User => {AssociateId => 1}}, user => 'otto');
is($given->{status}, 200, 'who gives his session away gets it once more');
is($given->{json}{TableRight}{Mask}, 'Select', 'with the rights that are left to him');
is($t->request('PATCH', "$all/7", json => {CustomerName => 'x'}, user => 'otto')->{status}, 403, 'and no more');

session('responder');
my $denied = $t->put("$all/7", {TopicId => 1}, user => 'otto', headers => {'If-Match' => '"99-0"'});
is($denied->{status}, 403, 'a right comes before a condition');
session('none');
is($t->del("$all/7", user => 'otto', headers => {'If-Match' => '"99-0"'})->{status}, 404, 'what one may not read does not fail a condition');
session('administrator');
is($t->put("$all/7", {TopicId => 1}, user => 'otto', headers => {'If-Match' => '"99-0"'})->{status}, 412, 'who may is told of the condition');

for my $case (['nobody', 'none' => 'Select, Update, Insert'], ['a listener', 'listener' => 'Select'], ['an administrator', 'administrator' => 'Select, Update, Insert'],
    ['an agent without a role', 'agent' => 'Select']) {
    session($case->[1]);
    is($t->get("$all/default", user => 'otto')->{json}{TableRight}{Mask}, $case->[2], "a default tells $case->[0] whether he may create one");
}

# ---------------------------------------------------------------- R-24: what a save makes of the times and the rank

sub saved { return $t->sql('SELECT status, rank, when_started IS NOT NULL, when_ended IS NOT NULL FROM chat_session WHERE id = 7') }
session('administrator');
for my $status (qw(Finished Closed RequestPosted ClosedFromQueue)) {
    $t->sql('UPDATE chat_session SET status = 5, rank = 3, when_ended = NULL');
    my $saved = $t->request('PATCH', "$all/7", json => {Status => $status}, user => 'otto')->{json};
    isnt($saved->{WhenEnded}, '0001-01-01T00:00:00', "R-24: $status sets WhenEnded");
    is($saved->{Rank}, 0, "R-24: $status ends the rank");
}
$t->sql('UPDATE chat_session SET status = 5, when_ended = NULL');
is($t->request('PATCH', "$all/7", json => {Status => 'Finished', WhenEnded => '2024-05-05T01:02:03'}, user => 'otto')->{json}{WhenEnded},
    '2024-05-05T01:02:03', 'R-24: what the body says stands');
for my $status (qw(CustomerLast UserLast)) {
    $t->sql('UPDATE chat_session SET status = 4, rank = 0, when_started = NULL, when_ended = NULL');
    my $saved = $t->request('PATCH', "$all/7", json => {Status => $status}, user => 'otto')->{json};
    isnt($saved->{WhenStarted}, '0001-01-01T00:00:00', "R-24: from the queue to $status sets WhenStarted");
    is($saved->{WhenEnded}, '0001-01-01T00:00:00', 'and not WhenEnded');
    is($saved->{Rank}, 1, 'and a rank');
}
is($t->request('PATCH', "$all/7", json => {Status => $_}, user => 'otto')->{json}{Status}, $_, "R-24: a save may set $_")
    for qw(Invalid PreChatForm Faq OfflineForm InQueue CustomerLast UserLast Finished Deleted Closed RequestPosted ClosedFromQueue);

# ---------------------------------------------------------------- what one may not see answers as fast as what there is not

session('none');
$t->sql("UPDATE chat_session SET first_message = repeat('x', 1024), last_message = repeat('y', 1024), name = repeat('z', 255);"
        . " INSERT INTO chat_message (session_id, message) SELECT 7, repeat('m', 500) FROM generate_series(1, 5000)");

# The medians of the two, asked for in turn.
sub medians {
    my ($ask) = @_;
    my @times = ([], []);
    for my $n (1 .. 150) {
        for my $i (0, 1) {
            my $start = time;
            is($ask->((7, 8)[$i])->{status}, 404, 'nothing to see') if $n == 1;
            $ask->((7, 8)[$i]) if $n > 1;
            push @{$times[$i]}, time - $start;
        }
    }
    return map { (sort { $a <=> $b } @$_)[@$_ / 2] } @times;
}
for my $case (['GET', ''], ['GET', '/Messages'], ['GET', '/Transcript'], ['POST', '/Pickup'], ['POST', '/AcceptTransfer'], ['POST', '/Messages', {Message => 'x'}],
    ['PATCH', '', {CustomerName => 'x'}], ['PUT', '', {TopicId => 1}]) {
    my ($method, $rest, $body) = @$case;
    my ($hidden, $missing) = medians(sub { $t->request($method, "$all/$_[0]$rest", user => 'otto', $body ? (json => $body) : ()) });
    my $ratio = $hidden / $missing;
    ok($ratio > 0.6 && $ratio < 1.6, "R-22: $method$rest of a hidden one takes as long as of a missing one")
        or diag(sprintf 'medians %.0f and %.0f us', $hidden * 1e6, $missing * 1e6);
}

# Nor does he wait for somebody who works on it.
my $holder = fork;
if (!$holder) {
    open STDERR, '>', '/dev/null';    # it is ended from outside
    eval { $t->sql("BEGIN; SELECT FROM chat_session WHERE id = 7 FOR UPDATE; SELECT pg_sleep(60); COMMIT") };
    POSIX::_exit(0);
}
ok(wait_for(20, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") }), 'somebody holds the session');
my %waits = map { my $start = time; my $status = $operation{$_}->({topic_id => 1})->{status}; time - $start > 1 || $status != 404 ? ($_ => $status) : () } grep { $_ ne 'create' } @operations;
is_deeply(\%waits, {}, 'R-22: who may not see it waits for nobody');
$t->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
waitpid $holder, 0;

$t->done;
