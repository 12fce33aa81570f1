#!/usr/bin/perl
# Histories: ten agents with random roles do random things with the sessions of two topics, one after the other and at once.
# A model says which answers are permitted; where the outcome is not known, or several did something at once, it holds all
# states that are possible, and each answer leaves those that it fits.  None left: the answer was wrong.
#
#   CS_HISTORIES=2000   how many        CS_SEED=1   which        CS_HISTORY=17   that one alone
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Model;
use ChatSession::Swarm;
use ChatSession::Test;

my $count = $ENV{CS_HISTORIES} // 2000;
my $seed = $ENV{CS_SEED} // time % 100_000_000;
my ($workers, $sessions, $steps) = (6, 3, 14);
diag("seed $seed, $count histories");

# ---------------------------------------------------------------- the world: a row of agents and topics per history

my $t = ChatSession::Test->new(roles => 1, ChatSession::Swarm::settings(conf => "ChatSessionTimeZone UTC\n"))->run;
$t->sql(<<"SQL");
INSERT INTO associate (associate_id, name, is_admin)
SELECT 1000 + 10 * h + a, 'h' || h || 'a' || a, a = 2 FROM generate_series(1, $count) AS h, generate_series(1, 10) AS a;
INSERT INTO chat_presence (associate_id, present) SELECT 1001 + 10 * h, true FROM generate_series(1, $count) AS h;
INSERT INTO chat_topic (id, welcome_message, widget_pre_form, widget_auto_faq, bot_enabled)
SELECT 2 * h + k, CASE k WHEN 0 THEN 'Welcome' ELSE '' END, k = 1 AND h % 3 = 0, k = 1 AND h % 5 = 0, k = 0 AND h % 7 = 0
  FROM generate_series(1, $count) AS h, generate_series(0, 1) AS k;
INSERT INTO chat_topic_user (user_id, topic_id, can_respond, can_listen, notifications, manager)
SELECT 1000 + 10 * h + a, 2 * h + k, part < 4 OR a = 1, part = 4, part = 5, part = 6 OR a = 1
  FROM generate_series(1, $count) AS h, generate_series(1, 10) AS a, generate_series(0, 1) AS k, LATERAL (SELECT (h * 31 + a * 17 + k * 7 + h / 8) % 8 AS part) AS parts
 WHERE a = 1 OR part < 7 AND a <> 2;
ANALYZE;
SQL

sub world {
    my ($h) = @_;
    my (%agents, %topics);
    for my $k (0, 1) {
        $topics{2 * $h + $k} = {welcome => $k ? '' : 'Welcome', form => $k && $h % 3 == 0, answers => $k && $h % 5 == 0, bot => !$k && $h % 7 == 0};
    }
    for my $a (1 .. 10) {
        $agents{$a} = {id => 1000 + 10 * $h + $a, name => "h${h}a$a", admin => $a == 2, roles => {}};
        for my $k ($a == 2 ? () : (0, 1)) {
            my $part = ($h * 31 + $a * 17 + $k * 7 + int($h / 8)) % 8;
            $agents{$a}{roles}{2 * $h + $k} = {respond => $part < 4 || $a == 1, listen => $part == 4, notify => $part == 5, manager => $part == 6 || $a == 1} if $part < 7 || $a == 1;
        }
    }
    return ChatSession::Model->new(agents => \%agents, topics => \%topics);
}

# ---------------------------------------------------------------- what is done

sub pick { return $_[int rand @_] }

my @kinds = map { ($_->[0]) x $_->[1] } [pickup => 12], [first => 6], [offer => 9], [accept => 9], [reject => 5], [reset => 5], [say => 18], [messages => 4], [transcript => 2],
    [get => 6], [status => 12], [save => 9], [put => 4], [delete => 1], [mine => 2];

# One operation, likely to make sense in that state.
sub operation {
    my ($h, $state, $number, $on) = @_;
    my $kind = pick(@kinds);
    my $session = $state->{$on} // {user => 0, to => 0, version => 0};
    my $by = 1 + int rand 10;
    my $agent_of = sub { my ($id) = @_; return $id ? $id - 1000 - 10 * $h : $by };
    $by = $agent_of->($kind eq 'accept' || $kind eq 'reject' ? $session->{to} : $session->{user}) if rand() < 0.6;
    my %op = (op => $kind, by => $by, on => $on);
    delete $op{on} if $kind eq 'first' || $kind eq 'mine';
    $op{to} = 1 + int rand 10 if $kind eq 'offer';
    if ($kind eq 'say') {
        @op{qw(type special text)} = (@{pick([1, 0], [1, 0], [1, 16], [1, 1], [2, 0], [2, 0], [2, 0], [3, 0], [3, 10], [3, 11])}, "m$number");
    }
    $op{op} = 'patch' if $kind eq 'status' || $kind eq 'save';
    $op{set} = {status => int rand 12} if $kind eq 'status';
    $op{set} = {status => pick(4, 5, 6, 7)} if $kind eq 'status' && rand() < 0.6;
    $op{set} = pick({name => "n$number"}, {user => 1000 + 10 * $h + 1 + int rand 10}, {to => 0}, {flags => 1}, {topic => 2 * $h + int rand 2},
        {status => 7, name => "n$number"}, {status => 5, user => 1000 + 10 * $h + $by}) if $kind eq 'save';
    $op{match} = $session->{version} - int rand 2 if $op{op} eq 'patch' && rand() < 0.3;
    $op{set} = {topic => 2 * $h + int rand 2, status => pick(0, 4, 5, 6, 7, 11), user => pick(0, 1000 + 10 * $h + $by)} if $kind eq 'put';
    return \%op;
}

# All states behind all orders in which operations that were sent at once may have happened.
sub behind {
    my ($model, $states, $ops, $answers) = @_;
    my (%after, $place);
    my @touched = map { my $i = $_; +{map { $_ != $i && $ops->[$_]{op} ne 'mine' ? ($ops->[$_]{on} // '*' => 1) : () } 0 .. $#$ops} } 0 .. $#$ops;
    $place = sub {
        my ($state, @left) = @_;
        if (!@left) {
            $after{ChatSession::Model::key($state)} = $state;
            return;
        }
        for my $i (@left) {
            my @rest = grep { $_ != $i } @left;
            $place->($state, @rest) if !defined $answers->[$i];
            for my $outcome ($model->outcomes($state, $ops->[$i], @$ops > 1 ? $touched[$i] : undef)) {
                $place->($outcome->[1], @rest) if !defined $answers->[$i] || $outcome->[0] eq $answers->[$i];
            }
        }
        return;
    };
    $place->($_, 0 .. $#$ops) for @$states;
    undef $place;
    return values %after;
}

sub text_of { my ($op) = @_; return join ' ', map { "$_=" . (ref $op->{$_} ? '{' . text_of($op->{$_}) . '}' : $op->{$_}) } sort keys %$op }

# ---------------------------------------------------------------- one history

# Undef, or how it went until its first wrong answer.
sub history {
    my ($swarm, $h, $told) = @_;
    my $model = world($h);
    my (%ids, @log);
    my @states = ({});
    my $number = 0;
    srand($seed + $h);

    # Sends, compares; the number of answers that did not come, or undef for a wrong one.
    my $step = sub {
        my @ops = @_;
        my @raw = $swarm->ask(map { [$model->request($_, \%ids)] } @ops);
        my @answers = map { $raw[$_][0] =~ /^(?:0|503)$/ ? undef : $model->answer($ops[$_], @{$raw[$_]}) } 0 .. $#ops;
        $model->learn(\%ids, $_->[2]) for @raw;
        $told->{requests} += @ops;
        push @log, join "\n", map { (@ops > 1 ? '  | ' : '    ') . text_of($ops[$_]) . "\n      -> " . ($answers[$_] // "unknown ($raw[$_][0])") } 0 .. $#ops;
        my @after = behind($model, \@states, \@ops, \@answers);
        if (!@after) {
            my %permitted = map { $_->[0] => 1 } map { my $state = $_; map { $model->outcomes($state, $_) } @ops } @states;
            push @log, "permitted, alone:\n" . join '', map { "      $_\n" } sort keys %permitted;
            push @log, 'states before: ' . @states . "\n" . join "\n\n", map { ChatSession::Model::key($_) } @states[0 .. ($#states < 3 ? $#states : 3)];
            return;
        }
        @states = @after;
        $told->{widest} = @states if @states > $told->{widest};
        return scalar grep { !defined } @answers;
    };
    # What there is, asked for until it is answered.
    my $look = sub {
        for my $op ({op => 'mine', by => 1}, map { my $on = $_; ({op => 'get', by => 1, on => $on}, {op => 'messages', by => 1, on => $on}) } map { "s$_" } 1 .. $sessions) {
            my $unknown = 1;
            wait_for(60, sub { $unknown = $step->($op); !defined $unknown || $unknown == 0 });
            return 0 if !defined $unknown || $unknown;
        }
        return 1;
    };
    my $run = sub {
        my $unknown = $step->(@_) // return 0;
        $told->{unknown} += $unknown;
        return !$unknown || $look->();
    };

    for my $s (1 .. $sessions) {
        $run->({op => 'create', by => 1, on => "s$s", topic => 2 * $h + int rand 2, status => pick(0, 4), number => ++$number}) or return join "\n", @log;
    }
    for (1 .. $steps) {
        my $size = pick(1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4);
        my $on = 's' . (1 + int rand $sessions);
        my @ops = map { operation($h, $states[0], ++$number, rand() < 0.8 ? $on : 's' . (1 + int rand $sessions)) } 1 .. $size;
        $run->(@ops) or return join "\n", @log;
    }
    $look->() or return join "\n", @log;
    return;
}

sub work {
    my ($from, $to) = @_;
    my @results = $t->parallel($workers, sub {
        my ($worker) = @_;
        my %told = (requests => 0, unknown => 0, widest => 0, histories => 0, wrong => []);
        my $swarm = ChatSession::Swarm->new($t);
        for my $h (grep { $_ % $workers == $worker - 1 } $from .. $to) {
            my $wrong = history($swarm, $h, \%told);
            $told{histories}++;
            next if !$wrong;
            push @{$told{wrong}}, "CS_SEED=$seed CS_HISTORIES=$count CS_HISTORY=$h\n$wrong";
            last;
        }
        return \%told;
    });
    my %sum = (widest => 0, error => join "\n", map { $_->{error} // () } @results);
    for my $told (grep { !$_->{error} } @results) {
        $sum{$_} += $told->{$_} for qw(requests unknown histories);
        $sum{widest} = $told->{widest} if $told->{widest} > $sum{widest};
        push @{$sum{wrong}}, @{$told->{wrong}};
    }
    return \%sum;
}

sub report {
    my ($name, $sum) = @_;
    is($sum->{error}, '', "$name: the workers end");
    is(scalar @{$sum->{wrong} // []}, 0, "$name: no answer that the model forbids") or diag(join "\n\n", @{$sum->{wrong}});
    note("$name: $sum->{histories} histories, $sum->{requests} requests, $sum->{unknown} of unknown outcome, at most $sum->{widest} states at once");
    return;
}

# ---------------------------------------------------------------- all of them

if (my $only = $ENV{CS_HISTORY}) {
    $workers = 1;
    report('one history', work($only, $only));
    $t->done;
    exit;
}

my $quiet = int($count * 0.7);
my $sum = work(1, $quiet);
report('undisturbed', $sum);
is($sum->{histories}, $quiet, "$quiet histories");
is($sum->{unknown}, 0, 'every request is answered');

my $disturber = fork;
if (!$disturber) {
    my $over = 0;
    local $SIG{TERM} = sub { $over = 1 };
    my $highest = sub { return $t->sql('SELECT coalesce(max(id), 0) FROM chat_session') };
    for (my $round = 1; !$over; $round++) {
        my $seen = $highest->();
        wait_for(60, sub { $over || $highest->() > $seen + 90 });
        last if $over;
        $round % 2 ? $t->cluster->restart(qw(immediate fast)[$round / 2 % 2]) : $t->graceful;
    }
    POSIX::_exit(0);
}
$sum = work($quiet + 1, $count);
kill 'TERM', $disturber;
waitpid $disturber, 0;
report('with restarts of the database and reloads of httpd', $sum);
is($sum->{histories}, $count - $quiet, $count - $quiet . ' histories');
cmp_ok($sum->{unknown}, '>', 0, 'the server said when it could not');

is($t->sql("SELECT count(*) FROM chat_session WHERE status NOT BETWEEN 0 AND 11 OR status NOT IN (5, 6) AND rank > 0"), 0, 'no session is in a state that there is not');
is($t->sql('SELECT count(*) FROM (SELECT FROM chat_session WHERE rank > 0 AND user_id > 0 GROUP BY user_id, rank HAVING count(*) > 1) AS twice'), 0, 'no agent has a rank twice');
$t->expect_log(qr/CS0201: .* 503 db\./, qr/CS010[13]: /)->done;
