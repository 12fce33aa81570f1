#!/usr/bin/perl
# Which lists stay prepared on their connection, and what becomes of them when tables change or PostgreSQL restarts.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(database => 'sample', user => 'admin', server => 'ChatSessionListMemory 0', mpm_conf => "StartServers 1\nServerLimit 1\nThreadsPerChild 4\nMaxRequestWorkers 4\nMinSpareThreads 1\nMaxSpareThreads 4\n")->run;
my $all = '/api/v1/ChatSession';
sub escaped { return $_[0] =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger }
sub list { my (%p) = @_; my $user = delete $p{user} // 'admin'; return $t->get("$all?" . join('&', map { '$' . $_ . '=' . escaped($p{$_}) } sort keys %p), user => $user) }
sub ids { my ($answer) = @_; return join ',', map { $_->{PrimaryKey} } @{$answer->{json}{value} // []} }

$t->cluster->sql('postgres', "ALTER SYSTEM SET log_statement = 'all'");
$t->cluster->sql('postgres', 'SELECT pg_reload_conf()');

# The names that lists ran under meanwhile, and what was deallocated.
my $mark = -s $t->cluster->log_file;
sub ran {
    my ($least) = @_;
    my (@names, @gone);
    wait_for(5, sub {
        my $log = substr slurp($t->cluster->log_file), $mark;
        @names = $log =~ /execute (\S+): SELECT list\.key/g;
        @gone = $log =~ /execute <unnamed>: DEALLOCATE (list_\d+)/g;
        return @names >= $least;
    });
    $mark = -s $t->cluster->log_file;
    return (\@names, \@gone);
}
wait_for(5, sub { list(top => 1, filter => 'status eq 1'); my ($names) = ran(1); return @$names });

# ---------------------------------------------------------------- which

my %mine = (filter => 'associateId eq 2', orderBy => 'chatSessionId desc', top => 5, select => 'status,firstMessage,person/fullName');
my $first = list(%mine);
is($first->{status}, 200, 'a list of somebody\'s sessions');
is(ids($first), join(',', split ' ', $t->sql('SELECT id FROM chat_session WHERE user_id = 2 ORDER BY id DESC LIMIT 5')), 'has the newest of them');
list(%mine) for 1 .. 3;
my ($names) = ran(4);
is("@$names", '<unnamed> list_0 list_0 list_0', 'is prepared when it comes the second time');
my $other = list(%mine, filter => 'associateId eq 3');
is(ids($other), join(',', split ' ', $t->sql('SELECT id FROM chat_session WHERE user_id = 3 ORDER BY id DESC LIMIT 5')), 'and has what it has for other values');
($names) = ran(1);
is($names->[0], 'list_0', 'with the same statement');
is(list(%mine)->{content}, $first->{content}, 'and again for the first');
my $topics = $t->sql('SELECT count(*) FROM chat_topic_user');
for my $user ('admin', 'anna') {
    my $seen = $user eq 'admin' ? 'true' : "topic_id IN (SELECT topic_id FROM chat_topic_user u JOIN associate a ON a.associate_id = u.user_id WHERE a.name = '$user')";
    my %p = (%mine, user => $user, top => 50);
    is(ids(list(%p)), join(',', split ' ', $t->sql("SELECT id FROM chat_session WHERE user_id = 2 AND $seen ORDER BY id DESC LIMIT 50")), "$user sees what he may") for 1 .. 2;
}
for my $time (1 .. 3) {
    is_deeply(list(%mine, filter => 'associateId eq 99999')->{json}{value}, [], 'an empty list is a list');
    is(list(%mine, user => 'nobody')->{json}{Code}, 'user.unknown', 'which somebody unknown does not get');
}
ran(1);
for my $filter ('status eq 7', "firstMessage contains 'x'", "whenRequested afterTime '2024-01-01T00:00:00'", 'associateId eq 2 and status eq 7', 'rating ge 2') {
    list(filter => $filter, top => 3, select => 'rating') for 1 .. 3;
}
($names) = ran(15);
is(scalar(grep { $_ ne '<unnamed>' } @$names), 0, 'where values decide where to look, they are planned for');

# ---------------------------------------------------------------- how many

my $wrong = 0;
for my $top (1 .. 100) {
    for (1 .. 2) {
        my $answer = list(%mine, filter => 'getAllRows=true', top => $top, select => 'rating');
        $wrong++ if $answer->{status} != 200 || @{$answer->{json}{value}} != $top;
    }
}
is($wrong, 0, 'a hundred different lists are right');
($names, my $gone) = ran(200);
my %named = map { $_ => 1 } grep { $_ ne '<unnamed>' } @$names;
is(scalar keys %named, 32, 'and a connection keeps no more than 32');
cmp_ok(scalar @$gone, '>=', 100 - 32, 'one goes before another comes');
list(%mine, filter => 'getAllRows=true', top => 1000 + $_, select => 'rating') for 1 .. 100;
($names, $gone) = ran(100);
is(join(',', grep { $_ ne '<unnamed>' } @$names), '', 'what comes once is not prepared');
is("@$gone", '', 'and takes no place');
is(list(%mine)->{content}, $first->{content}, 'the first one is still right') for 1 .. 3;

# ---------------------------------------------------------------- what changes

my $before = list(%mine)->{content};
$t->sql('ALTER TABLE chat_session ALTER first_message TYPE text');
my @after = map { list(%mine) } 1 .. 3;
is($_->{status}, 200, 'a column of another type') for @after;
is($_->{content}, $before, 'changes nothing for whoever asks') for @after;
$t->sql('ALTER TABLE person ADD COLUMN later integer; CREATE INDEX chat_session_other ON chat_session (user_id, id); DROP INDEX chat_session_by_user');
is(list(%mine)->{content}, $before, 'nor does a column more, or an index');
$t->cluster->stop('fast');
$t->cluster->start;
wait_for(20, sub { list(%mine)->{status} == 200 });
is(list(%mine)->{content}, $before, 'PostgreSQL restarts') for 1 .. 3;
$t->expect_log(qr/db\.(?:lost|unavailable)|CS\d+/)->done;
