#!/usr/bin/perl
# Many at once: fifty agents and one session, fifty agents and a queue, twenty writers and a reader.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Swarm;
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1, ChatSession::Swarm::settings(conf => 'ChatSessionTimeZone UTC'))->run;
my $swarm = ChatSession::Swarm->new($t);
my $all = '/api/v1/ChatSession';
my ($agents, $rounds) = (50, 1000);
$t->sql(<<"SQL");
INSERT INTO associate (associate_id, name) SELECT 1000 + n, 'agent' || n FROM generate_series(1, $agents) AS n;
INSERT INTO chat_topic (id, welcome_message) VALUES (1, 'Welcome');
INSERT INTO chat_presence (associate_id, present) VALUES (1001, true);
INSERT INTO chat_topic_user (user_id, topic_id, can_respond) SELECT 1000 + n, 1, true FROM generate_series(1, $agents) AS n;
INSERT INTO chat_session (id, topic_id, status, when_requested) SELECT n, 1, 4, '2024-01-01' FROM generate_series(1, $rounds) AS n;
SQL

sub given { my ($answer) = @_; return $answer->[2] =~ /^\{"ChatSessionId":(\d+)/ ? $1 : $answer->[2] }
sub note_wrong { my ($wrong, $what) = @_; push @$wrong, $what if @$wrong < 10; return }

# ---------------------------------------------------------------- the same session

my (@winners, @wrong);
for my $id (1 .. $rounds) {
    my @answers = $swarm->ask(map { ["agent$_", 'POST', "$all/$id/Pickup"] } 1 .. $agents);
    my @won = grep { $answers[$_ - 1][2] ne 'null' } 1 .. $agents;
    note_wrong(\@wrong, "$id: " . join ' ', map { "$_->[0] " . given($_) } @answers)
        if @won != 1 || given($answers[$won[0] - 1]) ne $id || grep { $_->[0] ne '200' } @answers;
    $winners[$id] = 1000 + ($won[0] // 0);
}
is(join("\n", @wrong), '', "$agents agents pick up the same session, $rounds times: one winner each, null for the others");
is(join(' ', map { /(\d+)\|(\d+)/ && $winners[$1] != $2 ? $_ : () } split /\n/, $t->sql('SELECT id, user_id FROM chat_session ORDER BY id')), '',
    'and it is the winner\'s');
is($t->sql('SELECT count(*), count(DISTINCT session_id), count(DISTINCT (special_type, message)) FROM chat_message'), "$rounds|$rounds|1", 'each is welcomed once');
is($t->sql('SELECT count(*), count(DISTINCT (user_id, rank)), max(version) FROM chat_session WHERE status = 5'), "$rounds|$rounds|2", 'no agent has a rank twice, nobody else changed one');
is($t->sql("SELECT count(*) FROM (SELECT max(rank) - count(*) AS gaps FROM chat_session GROUP BY user_id) AS per WHERE gaps <> 0"), 0, 'nor is a rank left out');

# ---------------------------------------------------------------- the queue

sub queue {
    my ($count) = @_;
    $t->sql("DELETE FROM chat_session; INSERT INTO chat_session (id, topic_id, status, when_requested)"
            . " SELECT $count + 1 - n, 1, 4, timestamp '2024-01-01' + n * interval '1 second' FROM generate_series(1, $count) AS n");
    return;
}

@wrong = ();
for my $queue (1 .. 10) {
    queue(200);
    for my $round (1 .. 5) {
        my @answers = $swarm->ask(map { ["agent$_", 'POST', "$all/Pickup"] } 1 .. $agents);
        my $expected = $round == 5 ? join ' ', ('null') x 50 : join ' ', reverse 201 - 50 * $round .. 250 - 50 * $round;
        my $got = join ' ', sort { $round == 5 ? 0 : $b <=> $a } map { given($_) } @answers;
        note_wrong(\@wrong, "queue $queue, round $round: $got") if $got ne $expected;
    }
}
is(join("\n", @wrong), '', '50 agents at once take the oldest of 200 that wait, each once, until none is left');

# Customers write while they wait: who is worked on is passed over, and neither lost nor given twice.
@wrong = ();
for my $queue (1 .. 5) {
    my %times;
    queue(200);
    for my $round (1 .. 8) {
        my @answers = $swarm->ask((map { ['agent1', 'POST', "$all/" . (201 - $_ - 40 * ($round - 1)) . '/Messages', '{"Message":"x","Type":"ToUser"}'] } 1 .. 10),
            map { ["agent$_", 'POST', "$all/Pickup"] } 1 .. 40);
        $times{given($_)}++ for @answers[10 .. 49];
        note_wrong(\@wrong, "queue $queue, round $round: null while some wait") if $round < 5 && $times{null};
    }
    my $nulls = delete $times{null};
    note_wrong(\@wrong, "queue $queue: $nulls times null, " . scalar(keys %times) . ' given') if $nulls != 120 || keys %times != 200 || grep { $_ != 1 } values %times;
}
is(join("\n", @wrong), '', 'so it is while the customers write');

# Sessions come and go: null means that there was a moment when nobody waited.  Two wait all the time.
queue(2);
my $stop = time + 3;
my @results = $t->parallel(6, sub {
    my ($number) = @_;
    my $mine = ChatSession::Swarm->new($t);
    my ($taken, $nulls) = (0, 0);
    while (time < $stop) {
        my ($answer) = $mine->ask(["agent$number", 'POST', "$all/Pickup"]);
        given($answer) =~ /^\d+$/ ? $taken++ : $nulls++;
        next if $answer->[2] eq 'null';
        $mine->ask(["agent$number", 'POST', "$all/" . given($answer) . '/Reset']);
    }
    return [$taken, $nulls];
});
cmp_ok((grep { $_->[0] } @results), '>', 1, 'sessions that start over are picked up again');
is($t->sql('SELECT count(*) FROM chat_session WHERE status IN (4, 5)'), 2, 'and stay what they are');

# ---------------------------------------------------------------- writers and a reader

$t->sql('DELETE FROM chat_session; INSERT INTO chat_session (id, topic_id, user_id, status) VALUES (7, 1, 1001, 5); UPDATE chat_topic_user SET manager = true');
my ($writers, $lines) = (20, 60);
@results = $t->parallel(2, sub {
    my ($number) = @_;
    my $mine = ChatSession::Swarm->new($t);
    if ($number == 2) {
        return {map { $_->[0] => 1 } map { my $line = $_; $mine->ask(map { ["agent$_", 'POST', "$all/7/Messages", qq({"Message":"$_ $line"})] } 1 .. $writers) } 1 .. $lines};
    }
    my ($after, $end, @seen) = (0, time + 60);
    while (@seen < $writers * $lines && time < $end) {
        my ($answer) = $mine->ask(['agent1', 'GET', "$all/7/Messages?after=$after"]);
        while ($answer->[2] =~ /"ChatMessageId":(\d+).*?"Message":"([^"]*)"/g) {
            push @seen, [$1, $2];
            $after = $1 if $1 > $after;
        }
    }
    return \@seen;
});
is(join(' ', keys %{$results[1]}), '200', "$writers writers at once in one session, $lines times");
is(scalar @{$results[0]}, $writers * $lines, 'R-25: a reader that asks for those after his last gets all');
is(join(' ', map { $_->[0] } @{$results[0]}), join(' ', split /\n/, $t->sql('SELECT id FROM chat_message WHERE session_id = 7 ORDER BY id')), 'R-25: each once, in order');
my %last;
is(scalar(grep { my ($writer, $line) = split / /, $_->[1]; my $next = ($last{$writer} // 0) + 1; $last{$writer} = $line; $line != $next } @{$results[0]}), 0, 'and each writer\'s in his');

$t->done;
