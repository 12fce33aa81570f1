#!/usr/bin/perl
# A storm of saves: sixteen clients with different rights create and change sessions, each several at once, most of them the
# same few sessions, so that the server does many by one statement.  What each was told is held against what is stored and
# what the events tell: every change that was acknowledged is there once, in the name of who made it, and nothing else is.
# Then once more, while connections break, the database restarts, somebody locks sessions and httpd reloads.
#
#   CS_SEED=1   which        CS_BURSTS=20   how often each client asks for some at once
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time);
use ChatSession::Swarm;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $seed = $ENV{CS_SEED} // time % 100_000_000;
my $bursts = $ENV{CS_BURSTS} // 20;
my @clients = (('admin') x 5, ('mia') x 4, ('otto') x 3, ('anna') x 3, 'nobody');
my %associate = (anna => 1, otto => 2, mia => 3, admin => 4);
my @agents = (2, 3, 4);                     # whose sessions are; anna's would be hers where she only listens
my ($hot, $doomed, $sales) = (6, 10, 9);    # sessions 1 to 6 are everybody's, 7 to 10 an administrator may delete
my $queue = 3;                              # the topic in which all that come wait
my $json = JSON::PP->new;
diag("seed $seed, $bursts bursts of " . @clients . ' clients');

sub settings {
    my ($wait, $statement, $whole) = @_;
    return "ChatSessionPoolMax 2\nChatSessionPoolWait $wait\nChatSessionStatementTimeout $statement\nChatSessionTimeout $whole\nChatSessionConnectTimeout 500ms\n";
}

my %swarm = ChatSession::Swarm::settings();
my $t = ChatSession::Test->new(more => 1, roles => 1, %swarm, conf => $swarm{conf} . settings('20s', '20s', '50s'),
    mpm_conf => "ThreadLimit 256\nStartServers 2\nServerLimit 6\nThreadsPerChild 256\nMaxRequestWorkers 1536\nMinSpareThreads 1\nMaxSpareThreads 1536\n",
    server => "$swarm{server}\nLogLevel chatsession:trace4\nLogFormat \"%D %m %U %s\" took\nCustomLog took.log took")->run;
# Each statement waits as if for a disk, so that requests wait meanwhile.
$t->sql(<<"SQL");
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.003); RETURN NULL; END';
CREATE TRIGGER z_slow AFTER INSERT OR UPDATE ON chat_session FOR EACH STATEMENT EXECUTE FUNCTION slow();
INSERT INTO chat_topic (id, name, welcome_message) VALUES (1, 'Printers', ''), (2, 'Ships', 'Welcome'), ($queue, 'Trains', '');
INSERT INTO chat_topic_user (topic_id, user_id, can_respond, can_listen, manager)
VALUES (1, 3, true, false, false), (2, 2, true, false, false), (1, 1, false, false, true), (2, 1, false, true, false),
       ($queue, 1, false, false, true), ($queue, 2, false, false, true), ($queue, 3, false, false, true);
INSERT INTO sale (sale_id, heading) SELECT n, 'Sale ' || n FROM generate_series(1, $sales) AS n;
INSERT INTO chat_session (topic_id, customer_alias) SELECT 1 + n % 2, 'first' || n FROM generate_series(1, $doomed) AS n;
SQL

sub pick { return $_[int rand @_] }
sub number { my ($sql) = @_; return $t->sql("SELECT $sql") }

# ---------------------------------------------------------------- what is asked

# What these may not change at all, and how they are told so.
my %refused = (mia => {2 => 404}, otto => {1 => 404}, anna => {2 => 403});

# What a save says; the alias is its own, and events tell it.
sub content {
    my ($op, %more) = @_;
    my $sale = pick(1 .. $sales, 999);
    $op->{sale} = $sale == 999 ? '' : "Sale $sale";
    return {CustomerAlias => $op->{alias}, CustomerName => "Name of $op->{alias}", Sale => {SaleId => $sale}, %more};
}

my @faults = ({Rating => 'many'}, {Status => 'Nowhere'}, {CustomerPhone => '1' x 33}, {Rank => 1e12}, {User => {AssociateId => 'me'}});

# Each takes the client and the operation, which it completes: method, path, body, headers, and the codes that may come.
my %kind = (
    create => sub {
        my ($client, $op) = @_;
        my $topic = pick(1, 2);
        my $agent = pick(@agents);
        my %how = (queue => [$queue, Status => 'InQueue'], talk => [$topic, Status => 'UserLast', User => {AssociateId => $agent}], start => [$topic], stored => [0]);
        my ($in, %more) = @{$how{$op->{how} = pick(qw(queue queue talk talk talk start stored))}};
        @$op{qw(method path body topic)} = ('POST', $all, content($op, TopicId => $in, %more), $in);
        my %may = (admin => {0 => 1, 1 => 1, 2 => 1}, mia => {1 => 1}, otto => {2 => 1}, anna => {1 => 1});
        $op->{codes} = $in == $queue || $may{$op->{user}}{$in} ? '200' : '403';
        $op->{key} = "key $op->{alias}" if rand() < 0.2;
    },
    replace => sub {
        my ($client, $op) = @_;
        $client->target($op);
        @$op{qw(method body)} = ('PUT', content($op, TopicId => $op->{topic}, Status => pick(qw(InQueue InQueue CustomerLast UserLast Finished)),
                rand() < 0.4 ? (User => {AssociateId => pick(@agents)}) : ()));
        $client->condition($op);
    },
    patch => sub {
        my ($client, $op) = @_;
        $client->target($op);
        @$op{qw(method body)} = ('PATCH', content($op, rand() < 0.5 ? (Status => pick(qw(InQueue CustomerLast UserLast Finished))) : (),
                rand() < 0.3 ? (User => {AssociateId => pick(@agents)}) : ()));
        $op->{key} = "key $op->{alias}" if rand() < 0.2;
        $client->condition($op);
    },
    move => sub {                                   # nobody but an administrator might create where it should go
        my ($client, $op) = @_;
        $client->target($op);
        @$op{qw(method body)} = ('PUT', content($op, TopicId => 3 - $op->{topic}));
        if ($op->{user} eq 'admin') { $op->{body}{TopicId} = $op->{topic} }
        else { $op->{codes} = '403|404' }
    },
    pickup => sub {
        my ($client, $op) = @_;
        $client->target($op);
        @$op{qw(method alias)} = ('POST', '');
        $op->{path} .= '/Pickup';
    },
    pickup_first => sub {
        my ($client, $op) = @_;
        @$op{qw(method path alias codes)} = ('POST', "$all/Pickup", '', '200');
    },
    remove => sub {
        my ($client, $op) = @_;
        $client->target($op, 1);
        @$op{qw(method alias)} = ('DELETE', '');
        $op->{codes} = $op->{user} eq 'admin' ? '204|404' : '403|404';
    },
    get => sub {
        my ($client, $op) = @_;
        $client->target($op);
        @$op{qw(method alias)} = ('GET', '');
        $op->{codes} =~ s/^403/200/;
        $op->{codes} =~ s/\|403//;
    },
    fault => sub {
        my ($client, $op) = @_;
        my $new = rand() < 0.4;
        $client->target($op);
        @$op{qw(method path)} = ('POST', $all) if $new;
        @$op{qw(method body codes)} = ($op->{method} // 'PUT', content($op, TopicId => 1, %{pick(@faults)}), '400');
    },
    nowhere => sub {
        my ($client, $op) = @_;
        @$op{qw(method path body codes)} = (pick(qw(PUT PATCH)), "$all/2000000000", content($op), '404');
    },
);
my @kinds = map { ($_->[0]) x $_->[1] } [create => 24], [replace => 34], [patch => 10], [move => 3], [pickup => 5], [pickup_first => 4], [remove => 3], [get => 9], [fault => 5], [nowhere => 2];

# ---------------------------------------------------------------- a client

package Client {
    sub new {
        my ($class, $number, $phase) = @_;
        srand($seed + 1000 * $phase + $number);
        return bless {name => "c$phase.$number", user => $clients[$number - 1], own => [], etag => {}, count => 0, done => [], headers => $phase == 2 ? "Connection: close\r\n" : '',
            phase => $phase, swarm => ChatSession::Swarm->new($t), wrong => [], unknown => 0}, $class;
    }

    # One of the hot sessions, of one's own, or of those that may go.
    sub target {
        my ($self, $op, $remove) = @_;
        my $own = @{$self->{own}} && rand() < 0.35 ? main::pick(@{$self->{own}}) : undef;
        my $id = $own ? $own->[0] : $remove || rand() < 0.1 ? $hot + 1 + int rand($doomed - $hot) : 1 + int rand $hot;
        my $topic = $own ? $own->[1] : 1 + $id % 2;
        @$op{qw(id path topic)} = ($id, "$all/$id", $topic);
        my $refused = $refused{$op->{user}}{$topic};
        $op->{codes} = $refused // ($op->{user} =~ /mia|otto/ ? '200|403' : '200');
        $op->{codes} .= '|404' if $id > $hot;       # it may be gone
        return;
    }

    sub condition {
        my ($self, $op) = @_;
        my $etag = $self->{etag}{$op->{id}};
        return if !$etag || rand() < 0.55;
        ($op->{match}) = $etag =~ /^"(\d+)-/;
        $op->{headers} = "If-Match: $etag\r\n";
        $op->{codes} .= '|412';
        return;
    }

    sub operation {
        my ($self) = @_;
        my $kind = main::pick(@kinds);
        my $op = {kind => $kind, user => $self->{user}, alias => $self->{name} . '.' . ++$self->{count}, headers => ''};
        $kind{$kind}->($self, $op);
        $op->{codes} = '403' if $op->{user} eq 'nobody' && $kind ne 'fault';
        $op->{headers} .= "Idempotency-Key: \"$op->{key}\"\r\n" if $op->{key};
        return $op;
    }

    sub wrong { my ($self, $op, $why) = @_; push @{$self->{wrong}}, "$op->{user} $op->{method} $op->{path} $op->{alias}: $why"; return }

    sub send {
        my ($self, @ops) = @_;
        my $start = main::time();
        my @answers = $self->{swarm}->ask(map { [@$_{qw(user method path)}, $_->{body} ? main::json_text($_->{body}) : undef, $_->{headers} . $self->{headers}] } @ops);
        my $took = main::time() - $start;
        $self->{longest} = $took if $took > ($self->{longest} // 0);
        return @answers;
    }

    # What the answer is worth; a refusal must be one that is permitted.
    sub judge {
        my ($self, $op, $answer) = @_;
        my ($status, $head, $content) = @$answer;
        my $entity = $content =~ /^[{n]/ ? eval { JSON::PP->new->utf8->allow_nonref->decode($content) } : undef;
        $op->{status} = $status;
        if ($self->{phase} == 2 && $status eq '503') {
            $self->{unknown}++;
            $self->wrong($op, '503 ' . ($entity->{Code} // $content)) if ($entity->{Code} // '') !~ /^db\./ || $head !~ /^Retry-After: /mi;
            return;
        }
        return $self->wrong($op, "$status, not $op->{codes}: " . substr $content, 0, 300) if $status !~ /^(?:$op->{codes})$/;
        return if $status ne '200';
        ($op->{version}) = $head =~ /^ETag: "(\d+)-/mi;
        return $self->judge_pickup($op, $entity) if $op->{kind} =~ /^pickup/;
        $self->wrong($op, "no version: $head") if !$op->{version};
        $op->{seen} = $entity->{CustomerAlias};
        $op->{id} //= $entity->{ChatSessionId};
        $self->wrong($op, "session $entity->{ChatSessionId}") if $entity->{ChatSessionId} != $op->{id};
        ($self->{etag}{$op->{id}}) = $head =~ /^ETag: ([^\r]+)/mi if rand() < 0.7;
        return if $op->{kind} eq 'get';
        my $shown = join '|', @$entity{qw(CustomerAlias CustomerName TopicId)}, $entity->{Sale} ? $entity->{Sale}{Title} // '' : '';
        my $asked = join '|', $op->{alias}, "Name of $op->{alias}", $op->{topic}, $op->{sale};
        $self->wrong($op, "answered $shown instead of $asked") if $shown ne $asked;
        $self->wrong($op, "version $op->{version} after $op->{match}") if $op->{match} && $op->{version} != $op->{match} + 1;
        $self->judge_new($op, $entity) if $op->{kind} eq 'create';
        return;
    }

    sub judge_pickup {
        my ($self, $op, $entity) = @_;
        return if !$entity;
        $op->{id} //= $entity->{ChatSessionId};
        $op->{picked} = 1;
        $self->wrong($op, "picked up $entity->{ChatSessionId} $entity->{Status} for $entity->{User}{AssociateId}")
            if $entity->{ChatSessionId} != $op->{id} || $entity->{Status} ne 'CustomerLast' || $entity->{User}{AssociateId} != $associate{$op->{user}};
        return;
    }

    sub judge_new {
        my ($self, $op, $entity) = @_;
        push @{$self->{own}}, [$op->{id}, $op->{topic}] if $op->{topic} =~ /^[12]$/;
        $op->{place} = $entity->{InitialQueuePos};
        $self->wrong($op, "version $op->{version}") if $op->{version} != 1;
        $self->wrong($op, "rank $entity->{Rank}") if ($entity->{Rank} > 0) != ($op->{how} eq 'talk');
        $self->wrong($op, "place $op->{place}") if ($op->{place} > 0) != ($op->{how} =~ /queue|start/ ? 1 : 0);
        $self->wrong($op, "key '$entity->{SessionKey}'") if ($op->{topic} > 0) != (length $entity->{SessionKey} > 0);
        return;
    }

    # With a key: asked for until it is known, and once more.
    sub insist {
        my ($self, $op, $answer) = @_;
        main::wait_for(20, sub { $answer->[0] =~ /^(?:503|409)$/ ? do { ($answer) = $self->send($op); 0 } : 1 });
        my ($again) = $answer->[0] eq '200' ? $self->send($op) : undef;
        return $answer if !$again || $again->[0] =~ /^(?:503|409)$/ || ($again->[0] eq '200' && $again->[2] eq $answer->[2]);
        $self->wrong($op, "once more: $again->[0] " . substr $again->[2], 0, 200);
        return $answer;
    }

    sub burst {
        my ($self) = @_;
        my @ops = map { $self->operation } 1 .. main::pick(1, 2, 4, 6, 8);
        my @answers = $self->send(@ops);
        for my $i (0 .. $#ops) {
            $answers[$i] = $self->insist($ops[$i], $answers[$i]) if $ops[$i]{key};
            $self->judge($ops[$i], $answers[$i]);
            delete @{$ops[$i]}{qw(headers body)};
        }
        push @{$self->{done}}, @ops;
        return;
    }
}

# ---------------------------------------------------------------- what is stored

# Says what is wrong with each session that was told of, by its events: the n-th that tells of the session itself made its
# version n.
sub judge_sessions {
    my ($phase, @ops) = @_;
    my (%told, %made, @wrong);
    for (split /\n/, $t->sql("SELECT entity_id, number, name, associate_id, customer_alias, coalesce(status, -1), coalesce(status_before, -1) FROM event WHERE entity = 1 ORDER BY entity_id, number")) {
        my %event;
        @event{qw(id number name by alias status before)} = split /\|/;
        my $series = $told{$event{id}} //= {changes => [], last => 0, alias => ''};
        push @wrong, "session $event{id}: event $event{number} after $series->{last}" if $event{number} != ++$series->{last};
        next if $event{name} eq 'chatsession.message';
        push @wrong, "session $event{id}: $event{alias} once more" if $event{alias} ne '' && $made{$event{alias}} && $series->{alias} ne $event{alias};
        $made{$event{alias}} //= \%event if $event{name} ne 'chatsession.deleted';
        $series->{alias} = $event{alias};
        push @{$series->{changes}}, \%event;
    }
    my %stored = map { my ($id, @row) = split /\|/; $id => \@row } split /\n/, $t->sql('SELECT id, version, customer_alias FROM chat_session');
    push @wrong, judge_changes(\%told, \%made, \%stored, @ops);
    push @wrong, judge_counts($phase, \%told, \%stored, @ops);
    return @wrong;
}

# What each was told, held against the event of it.
sub judge_changes {
    my ($told, $made, $stored, @ops) = @_;
    my @wrong;
    for my $op (@ops) {
        my $what = "$op->{user} $op->{method} $op->{path} $op->{alias}: $op->{status}";
        my $event = $op->{alias} ne '' ? $made->{$op->{alias}} : undef;
        my $at = $op->{id} && $op->{version} ? $told->{$op->{id}}{changes}[$op->{version} - 1] : undef;
        if ($op->{kind} eq 'get') {
            push @wrong, "$what: version $op->{version} was never '$op->{seen}'" if $op->{status} eq '200' && (!$at || $at->{alias} ne $op->{seen});
        }
        elsif ($op->{kind} eq 'remove') {
            my $last = $told->{$op->{id}}{changes}[-1];
            push @wrong, "$what, but it was not deleted by him" if $op->{status} eq '204'
                && ($stored->{$op->{id}} || $last->{name} ne 'chatsession.deleted' || $last->{by} != $associate{$op->{user}});
        }
        elsif ($op->{alias} eq '') {
            next;
        }
        elsif ($op->{status} eq '200') {
            push @wrong, "$what, but version " . ($op->{version} // '') . ' is another' if !$at || !$event || $at != $event || $at->{by} != $associate{$op->{user}};
        }
        elsif ($event) {
            push @wrong, "$what, but it was done by $event->{by}" if $op->{status} ne '503' || $event->{by} != ($associate{$op->{user}} // 0);
        }
        push @wrong, "$what, but nobody changed it since version $op->{match}" if $op->{status} eq '412' && @{$told->{$op->{id}}{changes}} <= $op->{match};
    }
    return @wrong;
}

# How often each session changed, held against how many know that they changed it.
sub judge_counts {
    my ($phase, $told, $stored, @ops) = @_;
    my (%sure, %unsure, @wrong);
    for my $op (@ops) {
        my $changes = $op->{kind} =~ /^pickup/ ? $op->{picked} : $op->{kind} ne 'get' && $op->{status} =~ /^20[04]$/;
        $sure{$op->{id}}++ if $changes;
        $unsure{$op->{id} // '*'}++ if $op->{status} eq '503' && $op->{kind} ne 'get';
    }
    for my $id (sort { $a <=> $b } keys %$told) {
        my $changes = @{$told->{$id}{changes}};
        my $gone = $told->{$id}{changes}[-1]{name} eq 'chatsession.deleted' ? 1 : 0;
        my $from = ($sure{$id} // 0) + ($id <= $doomed ? 1 : 0);
        my $to = $from + ($unsure{$id} // 0) + ($unsure{'*'} // 0);
        push @wrong, "session $id: $changes changes, of which between $from and $to are known" if $changes < $from || $changes > $to;
        push @wrong, "session $id: " . ($gone ? 'deleted, but there' : 'not there') if $gone != !$stored->{$id};
        push @wrong, "session $id: version $stored->{$id}[0] after $changes changes" if $stored->{$id} && $stored->{$id}[0] != $changes;
        push @wrong, "session $id: $stored->{$id}[1], told $told->{$id}{alias}" if $stored->{$id} && $stored->{$id}[1] ne $told->{$id}{alias};
    }
    push @wrong, map { "session $_ was never told" } grep { !$told->{$_} } keys %$stored;
    return @wrong;
}

sub none { my ($name, @wrong) = @_; is(scalar @wrong, 0, $name) or diag(join "\n", @wrong[0 .. ($#wrong < 14 ? $#wrong : 14)]); return }

sub judge_all {
    my ($name, $phase, $before, @results) = @_;
    none("$name: the clients end", map { $_->{error} // () } @results);
    my @ops = map { @{$_->{done} // []} } @results;
    none("$name: no wrong answer", map { @{$_->{wrong} // []} } @results);
    none("$name: what is stored and told is what was acknowledged", judge_sessions($phase, @$before, @ops));
    my @places = map { $_->{place} } grep { $_->{kind} eq 'create' && $_->{status} eq '200' && $_->{how} eq 'queue' } @ops;
    my %places = map { $_ => 1 } @places;
    is(scalar keys %places, scalar @places, "$name: no place in the queue was given twice");
    my $waiting = "FROM chat_session WHERE topic_id = $queue";
    is(number("count(DISTINCT initial_queue_pos) || ' ' || coalesce(max(initial_queue_pos), 0) $waiting"), join(' ', (number("count(*) $waiting")) x 2), "$name: nor left out");
    is(number("count(*) FROM (SELECT FROM chat_session WHERE rank > 0 AND user_id > 0 AND status IN (5, 6) GROUP BY user_id, rank HAVING count(*) > 1) AS twice"), 0,
        "$name: no agent has a rank twice");
    is(number("count(*) FROM (SELECT FROM chat_session WHERE session_key <> '' GROUP BY session_key HAVING count(*) > 1) AS twice"), 0, "$name: no key twice");
    is(number("count(*) FROM event JOIN chat_message AS said ON said.id = event.message_id WHERE said.created_by <> event.associate_id"), 0, "$name: messages are told in the name of who made them");
    is(number("count(*) FROM pg_locks WHERE NOT granted"), 0, "$name: nobody waits any more");
    note("$name: " . @ops . ' requests, ' . (grep { $_->{status} eq '200' } @ops) . ' acknowledged, longest ' . (sort { $b <=> $a } map { $_->{longest} // 0 } @results)[0]);
    return @ops;
}

# How many statements did this for several since then, and the most.
sub together {
    my ($what) = @_;
    my @counts = sort { $b <=> $a } grep { $_ > 1 } $t->log_text =~ /statement session_${what}_together for (\d+) requests/g;
    note("$what: " . @counts . ' statements for several, at most ' . ($counts[0] // 0) . '; alone ' . (() = $t->log_text =~ /statement session_$what$/mg));
    return scalar @counts;
}

# ---------------------------------------------------------------- undisturbed

my @before = judge_all('undisturbed', 1, [], $t->parallel(scalar @clients, sub {
    my $client = Client->new($_[0], 1);
    $client->burst for 1 .. $bursts;
    return {map { $_ => $client->{$_} } qw(wrong done longest)};
}));
cmp_ok(together($_), '>', 5, "several were done together: $_") for qw(create replace);
is(scalar(() = $t->log_text =~ /CS0201: .* 50\d db\./g), 0, 'nobody was told that the database does not serve');

unlike(ChatSession::Place::slurp($t->cluster->log_file), qr/deadlock detected/, 'no two waited for each other');

# ---------------------------------------------------------------- with a database that fails

# Does it in the database as soon as there is somebody to do it to.
sub once {
    my ($whom, $what, $first) = @_;
    return $t->sql('DO $$DECLARE victim integer; BEGIN ' . ($first // '') . " FOR round IN 1..300 LOOP SELECT pid INTO victim FROM pg_stat_activity WHERE usename = 'chatsession' AND $whom LIMIT 1;"
            . " IF FOUND THEN $what; EXIT; END IF; PERFORM pg_stat_clear_snapshot(), pg_sleep(0.002); END LOOP; END\$\$");
}

# Whoever terminates, locks, restarts and reloads.
sub disturb {
    my %count;
    my $kill = 'PERFORM pg_terminate_backend(victim)';
    my $lock = sub { return 'PERFORM FROM chat_session WHERE id IN (' . join(', ', map { 1 + int rand $hot } 1, 2) . ') ORDER BY id FOR UPDATE;' };
    my $waits = sub { return "wait_event_type = 'Lock' AND clock_timestamp() - state_change > interval '$_[0] ms'" };
    my %step = (
        kill => sub { once("state = 'active' AND query LIKE 'WITH asked AS MATERIALIZED%'", $kill) },      # while it saves for several
        kill_any => sub { once("state = 'active'", $kill) },
        kill_all => sub { number("count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'") },
        lock => sub { once($waits->(pick(20, 60, 150)), 'NULL', $lock->()) },
        lock_long => sub { once($waits->(1020), 'NULL', $lock->()) },
        lock_kill => sub { once($waits->(1), $kill, $lock->()) },
        lose => sub {                                                       # what is committed, but not yet answered
            for my $standby ('nobody', '') {
                $t->sql("ALTER SYSTEM SET synchronous_standby_names = '$standby'");
                number('pg_reload_conf()');
                once("wait_event = 'SyncRep' AND query LIKE 'WITH asked AS MATERIALIZED%'", 'PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = \'SyncRep\'') if $standby;
            }
        },
        restart => sub { $t->cluster->stop('immediate'); $t->cluster->start },
        reload => sub { $t->graceful },
    );
    srand($seed);
    for my $what (qw(lock kill lose kill_any lock_kill), 'restart', qw(lock kill lock_kill lose lock_long kill_all), 'reload', qw(kill lock lose kill_any kill lose)) {
        $step{$what}->();
        $count{$what}++;
    }
    $t->_write('disturbed', '');
    return \%count;
}

$t->{conf} = $swarm{conf} . settings('1s', '1s', '3s');
$t->write_conf;
ok($t->graceful, 'with short time limits');
$t->_write('took.log', '');
my @results = $t->parallel(@clients + 1, sub {
    my ($number) = @_;
    return disturb() if $number > @clients;
    my $client = Client->new($number, 2);
    for (my $end = time + 100; time < $end && !-e $t->dir . '/disturbed';) {
        $client->burst;
    }
    return {map { $_ => $client->{$_} } qw(wrong done longest unknown)};
});
my $disturbed = pop @results;
is($disturbed->{error} // '', '', 'the disturber ends');
is(join(' ', map { $disturbed->{$_} // 0 } qw(restart reload)), '1 1', 'PostgreSQL restarted, httpd reloaded');
judge_all('disturbed', 2, \@before, @results);
my $unknown = 0;
$unknown += $_->{unknown} // 0 for @results;
cmp_ok($unknown, '>', 0, "the server said when it could not ($unknown)");
my ($longest) = sort { $b <=> $a } map { /^(\d+)/ ? $1 / 1e6 : () } split /\n/, ChatSession::Place::slurp($t->dir . '/took.log');
cmp_ok($longest, '<', 5, 'nobody waited longer than he may');

# ---------------------------------------------------------------- afterwards

my $swarm = ChatSession::Swarm->new($t);
ok(wait_for(10, sub { ($swarm->ask(['admin', 'GET', "$all/1"]))[0][0] eq '200' }), 'afterwards all is as before');
my @last = $swarm->ask(map { ['admin', 'PUT', "$all/$_", qq({"TopicId":1,"CustomerAlias":"last $_"})] } 1 .. $hot);
is(join(' ', map { $_->[0] . ' ' . ($json->decode($_->[2])->{CustomerAlias} // '') } @last), join(' ', map { "200 last $_" } 1 .. $hot), 'each saves his own');
cmp_ok(number("count(*) FROM pg_stat_activity WHERE usename = 'chatsession'"), '<=', 8, 'no connection is left behind');
$t->expect_log(qr/CS0201: .* 503 db\./, qr/CS010[123]: /)->done;
done_testing();
