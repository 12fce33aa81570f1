#!/usr/bin/perl
# A storm on remembered lists: clients with different rights ask for a few lists again and again, so that most come from
# memory, while writers change whatever the lists show, in every way that PostgreSQL knows.  Now and then a client keeps all
# from committing, and holds lists as they are remembered against the same lists under URLs that nobody has used before,
# which are always read: both must be the same to the byte.
#
#   CS_SEED=1   which        CS_ROUNDS=400   how often each client does that
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use IPC::Open2 qw(open2);
use POSIX ();
use Test::More;
use Time::HiRes qw(time);
use ChatSession::Swarm;
use ChatSession::Test;

my $seed = $ENV{CS_SEED} // time % 100_000_000;
my $rounds = $ENV{CS_ROUNDS} // 400;
my ($clients, $writers) = (4, 5);
my @users = qw(mia mia mia otto otto anna anna);
my ($sessions, $persons, $contacts, $topics) = (48, 8, 6, 4);   # 1 and on, 101 and on, 201 and on, 1 and on
my @agents = (11 .. 14);                                        # associates, with persons 101 and on; 15 and 16 own others
diag("seed $seed, $rounds rounds of $clients clients");

sub pick { return $_[int rand @_] }

my %swarm = ChatSession::Swarm::settings();
my $t = ChatSession::Test->new(more => 1, roles => 1, %swarm, conf => "$swarm{conf}ChatSessionPoolMax 4\n",
    mpm_conf => "ThreadLimit 32\nStartServers 1\nServerLimit 3\nThreadsPerChild 32\nMaxRequestWorkers 64\nMinSpareThreads 1\nMaxSpareThreads 64\n",
    server => "$swarm{server}\nLogLevel chatsession:trace4\nChatSessionListMemory 262144")->run;
$t->sql(<<"SQL");
CREATE TABLE gate ();
INSERT INTO chat_topic (id, name) SELECT n, 'Topic ' || n FROM generate_series(1, $topics) AS n;
INSERT INTO chat_topic_user (topic_id, user_id, can_listen) SELECT topic.id, user_id, true FROM chat_topic AS topic, generate_series(1, 3) AS user_id WHERE (topic.id + user_id) % 3 > 0;
INSERT INTO associate (associate_id, name, full_name, person_id) SELECT n, 'agent' || n, 'Agent ' || n, 90 + n FROM generate_series(11, 16) AS n;
INSERT INTO person (person_id, firstname, lastname, associate_id) SELECT 100 + n, 'Kari ' || n, 'Holm', 11 + n % 6 FROM generate_series(1, $persons) AS n;
INSERT INTO contact (contact_id, name, department, associate_id) SELECT 200 + n, 'Fjord ' || n, 'Sea', 11 + n % 6 FROM generate_series(1, $contacts) AS n;
INSERT INTO chat_session (id, topic_id, user_id, customer_id, contact_id, first_message, when_requested)
SELECT n, 1 + n % $topics, 11 + n / 2 % 4, 101 + n % $persons, 201 + n % $contacts, 'Hello ' || n, '2024-05-01 08:00' FROM generate_series(1, $sessions) AS n;
SQL

# ---------------------------------------------------------------- what is asked

my $session = 'chatSessionId,firstMessage,lastMessage,rating,associateId';
my $person = 'chatSessionId,person/fullName,person/email,person/personAssociate/fullName';
my $contact = 'chatSessionId,contact/name,contact/department,contact/number,contact/contactAssociate/userName';
my $agent = 'chatSessionId,agent,associateId,associate/fullName,associate/lastName,associate/userName';
my $topic = 'chatSessionId,chatTopic/name,chatTopic/description,contactId';
my ($entity, $archive, $in) = ('/api/v1/ChatSession', '/api/v1/Archive/ChatSession', '/api/v1/ChatTopic');

sub lists_of {
    my ($path, @parts) = @_;
    return map { my $part = $_; $path . '?' . join '&', map { "\$$_=" . $part->{$_} =~ s/ /%20/gr } sort keys %$part } @parts;
}

my @lists = (
    lists_of($entity,
        (map { +{filter => "associateId eq 11", select => $_, orderBy => 'chatSessionId desc', top => 6} } $session, $person, $contact, $agent, "$topic,rating"),
        (map { +{filter => "associateId eq $_", select => "$session,person/fullName,contact/name,chatTopic/name"} } 12, 13),
        {filter => 'associateId eq 14', select => 'chatSessionId'}, {filter => 'associateId eq 14', select => 'chatSessionId,rating', top => 2, skip => 2},
        {filter => 'personId eq 103', select => $person}, {filter => 'contactId eq 202', select => $contact}, {filter => 'chatTopic/chatTopicId eq 2', select => "$session,agent", top => 5},
        (map { +{select => $_, orderBy => 'chatSessionId desc', top => 5} } $session, $person, $contact, $agent, $topic, 'chatSessionId'),
        (map { +{filter => "associateId eq 15", select => $_} } $person, $contact, "$session,person/fullName"), {filter => 'personId eq 109', select => $contact},
        {select => "$session,person/fullName", orderBy => 'rating', top => 5}, {select => $person, orderBy => 'person/fullName desc', top => 6}, {select => $contact, orderBy => 'contact/name', top => 6},
        {select => 'chatSessionId', orderBy => 'person/fullName', top => 4}, {select => 'chatSessionId', orderBy => 'agent desc', top => 4}, {orderBy => 'chatSessionId', top => 2, select => $session, skip => 3}),
    lists_of($archive, {select => "$person,contact/name", orderBy => 'chatSessionId desc', top => 5}, {filter => 'associateId eq 12', select => $agent}, {orderBy => 'chatTopic/name', select => $topic, top => 7}),
    (map { lists_of("$in/$_/Sessions", {select => $session, top => 5}, {select => "$person,contact/name,agent", orderBy => 'chatSessionId desc'}) } 1 .. 3),
);
# Each has a few callers; which are asked for changes all the while, for all clients together.
srand $seed;
my @asked = map { my $list = $_; my %by = map { $_ => 1 } 'admin', pick(@users), pick(@users); map { [$_, 'GET', $list] } sort keys %by } @lists;
push @asked, ['nobody', 'GET', $lists[0]];
my @hot = map { [map { pick(@asked) } 1 .. 10] } 0 .. $rounds / 8;

# ---------------------------------------------------------------- a psql that stays

package Psql {
    sub new {
        my ($class) = @_;
        my $self = bless {count => 0}, $class;
        local $ENV{PGOPTIONS} = '-c search_path=chatsession';
        $self->{pid} = IPC::Open2::open2($self->{out}, $self->{in}, "exec psql -X -q -A -t -h '" . $t->cluster->socket . "' -U postgres -d empty 2>>'" . $t->dir . "/psql.log'");
        return $self;
    }

    # Rows as text, of whatever did not fail.
    sub ask {
        my ($self, $sql) = @_;
        my $end = 'end ' . ++$self->{count};
        my $rows = '';
        print {$self->{in}} "$sql;\n\\echo $end\n";
        $self->{in}->flush;
        while (defined(my $line = readline $self->{out})) {
            return $rows if $line eq "$end\n";
            $rows .= $line;
        }
        die "psql has ended: $sql";
    }
}

# ---------------------------------------------------------------- what is changed

# Nobody commits while somebody judges.  Who keeps readers waiting must not wait for one who judges: he enters first.
my $enter = 'SET LOCAL lock_timeout = 0; LOCK TABLE gate IN ROW EXCLUSIVE MODE; SET LOCAL lock_timeout = 100';
my @watched = (['person', 'person_id', 100 + $persons, 'lastname', 'email'], ['contact', 'contact_id', 200 + $contacts, 'name', 'department'], ['associate', 'associate_id', 16, 'full_name', 'username']);
my $text = 0;

sub word { return "'w$_[0]." . ++$text . q(') }
sub id { my ($id, $from) = @{$_[0]}[1, 2]; return "$id = " . ($from - int rand 6) }
sub one_change { my ($by, $table) = @_; return "UPDATE $table->[0] SET $table->[pick(3, 4)] = " . word($by) . ' WHERE ' . id($table) }
sub on { my ($table) = @_; return "ALTER TABLE $table ENABLE ALWAYS TRIGGER reference_change, ENABLE REPLICA TRIGGER reference_change_replicated" }

my %insert = (
    person => sub { return '(person_id, firstname, lastname, associate_id) VALUES (' . join(', ', 101 + int rand $persons, word($_[0]), "'Vik'", 11 + int rand 6) . ')' },
    contact => sub { return '(contact_id, name, associate_id) VALUES (' . join(', ', 201 + int rand $contacts, word($_[0]), 11 + int rand 6) . ')' },
    associate => sub { my $id = 11 + int rand 6; return '(associate_id, name, full_name, person_id) VALUES (' . join(', ', $id, "'agent$id'", word($_[0]), 101 + int rand $persons) . ')' },
);
sub session_id { return 1 + int rand $sessions }
sub new_session {
    my ($by, $id) = @_;
    return "INSERT INTO chat_session (id, topic_id, user_id, customer_id, contact_id, first_message, rating) SELECT n, " . join(', ', 1 + int rand $topics, pick(@agents), 101 + int rand $persons,
        201 + int rand $contacts, word($by), int rand 9) . " FROM generate_series($id, $id + " . pick(0, 1, 3) . ') AS n ON CONFLICT (id) DO UPDATE SET last_message = excluded.first_message, user_id = excluded.user_id';
}

# By name: how often, and the statements, of which those that a `!` begins keep readers waiting.
my %change = (
    session => [10, sub { return 'UPDATE chat_session SET ' . pick(qw(first_message last_message)) . ' = ' . word($_[0]) . ', rating = ' . int(rand 9) . ' WHERE id = ' . session_id() }],
    sessions => [5, sub { return 'UPDATE chat_session SET last_message = ' . word($_[0]) . ' WHERE user_id = ' . pick(@agents) }],
    all_sessions => [2, sub { return 'UPDATE chat_session SET rating = (rating + 1) % 9' }],
    session_gone => [8, sub { return 'DELETE FROM chat_session WHERE id = ' . session_id() }],
    newest_gone => [6, sub { return 'DELETE FROM chat_session WHERE id IN (SELECT id FROM chat_session WHERE user_id = ' . pick(@agents) . ' ORDER BY id DESC LIMIT ' . pick(1, 1, 2) . ')' }],
    session_new => [9, sub { return new_session($_[0], session_id()) }],
    rare => [4, sub {                              # lists that are empty mostly
        return pick('UPDATE chat_session SET user_id = 15, customer_id = 109 WHERE id = ' . session_id(), map { 'UPDATE chat_session SET user_id = 11, customer_id = 101 WHERE user_id = 15 OR customer_id = 109' } 1, 2);
    }],
    session_anew => [3, sub { my $id = session_id(); return "DELETE FROM chat_session WHERE id = $id; " . new_session($_[0], $id) }],
    session_swap => [4, sub {
        my ($one, $other) = (session_id(), session_id());
        return "UPDATE chat_session AS a SET user_id = b.user_id, topic_id = b.topic_id, customer_id = b.customer_id FROM chat_session AS b WHERE (a.id, b.id) IN (($one, $other), ($other, $one))";
    }],
    record => [12, sub { return one_change($_[0], pick(@watched)) }],
    record_gone => [4, sub { my $table = pick(@watched); return "DELETE FROM $table->[0] WHERE " . id($table) }],
    record_new => [8, sub { my $table = pick(@watched); return "INSERT INTO $table->[0] " . $insert{$table->[0]}->($_[0]) . " ON CONFLICT ($table->[1]) DO UPDATE SET $table->[3] = excluded.$table->[3]" }],
    record_swap => [3, sub {
        my $table = pick(@watched);
        return "UPDATE $table->[0] AS a SET $table->[3] = b.$table->[3] FROM $table->[0] AS b WHERE a." . id($table) . ' AND b.' . id($table);
    }],
    owner => [3, sub { my $table = pick(@watched[0, 1]); return "UPDATE $table->[0] SET associate_id = " . (11 + int rand 6) . ' WHERE ' . id($table) }],
    agent_person => [2, sub { return 'UPDATE associate SET person_id = ' . (101 + int rand $persons) . ' WHERE associate_id = ' . pick(@agents) }],
    topic => [4, sub { return 'UPDATE chat_topic SET ' . pick(qw(name description)) . ' = ' . word($_[0]) . ' WHERE id = ' . (1 + int rand $topics) }],
    topic_anew => [1, sub { my $id = 1 + int rand $topics; return "DELETE FROM chat_topic WHERE id = $id; INSERT INTO chat_topic (id, name) VALUES ($id, " . word($_[0]) . ')' }],
    right => [4, sub { return 'INSERT INTO chat_topic_user (topic_id, user_id, can_listen) VALUES (' . join(', ', 1 + int rand $topics, 1 + int rand 3) . ', true) ON CONFLICT (topic_id, user_id) DO UPDATE SET can_listen = '
            . pick('true', 'NOT chat_topic_user.can_listen') }],
    right_gone => [1, sub { return 'DELETE FROM chat_topic_user WHERE topic_id = ' . (1 + int rand $topics) . ' AND user_id = ' . (1 + int rand 3) }],
    caller => [1, sub { return 'UPDATE associate SET ' . pick('deleted = true WHERE associate_id = 2', ('deleted = false WHERE associate_id = 2') x 4, 'is_admin = NOT is_admin WHERE associate_id = 1', "name = 'mia' WHERE associate_id = 3") }],
    nothing => [2, sub { return "UPDATE project SET name = 'x'; SELECT pg_current_xact_id()" }],
    untold => [5, sub { my $table = pick(@watched); return "ALTER TABLE $table->[0] DISABLE TRIGGER " . pick('ALL', 'reference_change') . '; ' . one_change($_[0], $table) . '; ' . on($table->[0]) }],
    truncate => [2, sub { return '!TRUNCATE contact' . pick('', '; INSERT INTO contact (contact_id, name, associate_id) SELECT n, ' . word($_[0]) . " || n, 11 + n % 6 FROM generate_series(201, 200 + $contacts) AS n") }],
    truncate_untold => [1, sub { return '!ALTER TABLE contact DISABLE TRIGGER ALL; TRUNCATE contact; INSERT INTO contact (contact_id, name) SELECT n, ' . word($_[0]) . " || n FROM generate_series(201, 200 + $contacts) AS n; " . on('contact') }],
    rewrite => [2, sub { return '!ALTER TABLE contact ALTER COLUMN number2 TYPE varchar(49) USING ' . word($_[0]) }],
    rename => [4, sub { return '!ALTER TABLE contact RENAME COLUMN name TO swap; ALTER TABLE contact RENAME COLUMN department TO name; ALTER TABLE contact RENAME COLUMN swap TO department' }],
);
my @changes = map { ($_) x $change{$_}[0] } sort keys %change;

package Writer {
    sub new {
        my ($class, $number) = @_;
        srand($seed + 1000 + $number);
        open my $pace, '<', $t->dir . '/pace' or die "pace: $!";
        my $self = bless {number => $number, pace => $pace, psql => Psql->new, done => {}, going => 1}, $class;
        $self->{psql}->ask('SET deadlock_timeout = 20; SET lock_timeout = 100; SET synchronous_commit = off');
        return $self;
    }

    # The clients tell when there is time for another.
    sub wait {
        my ($self, $count) = @_;
        for (1 .. $count) {
            $self->{going} = 0 if !sysread $self->{pace}, my $byte, 1;
        }
        return;
    }

    sub change {
        my ($self) = @_;
        my $name = main::pick(@changes);
        my $sql = $change{$name}[1]->($self->{number});
        $self->{entered} = 1 if $sql =~ s/^!/$enter; /;
        $self->{done}{$name}++;
        return $sql;
    }

    # Each statement goes by itself, and time passes between some.
    sub transaction {
        my ($self) = @_;
        my $psql = $self->{psql};
        $self->{entered} = 0;
        $psql->ask('BEGIN' . main::pick('', '', '', ' ISOLATION LEVEL REPEATABLE READ'));
        $psql->ask('SET LOCAL session_replication_role = replica') if rand() < 0.12;
        for (1 .. main::pick(1, 1, 1, 2, 3)) {
            my $save = rand() < 0.3;
            $psql->ask('SAVEPOINT before') if $save;
            $psql->ask($self->change);
            $self->wait(main::pick(1, 2, 4)) if !$self->{entered} && rand() < 0.35;
            $psql->ask(main::pick('ROLLBACK TO SAVEPOINT before', 'RELEASE SAVEPOINT before')) if $save && rand() < 0.8;
        }
        $psql->ask(rand() < 0.12 ? 'ROLLBACK' : "$enter; COMMIT");
        $self->{transactions}++;
        return;
    }

    # A trigger is off while others work.
    sub unwatched {
        my ($self) = @_;
        my $table = main::pick(@watched);
        $self->{psql}->ask("BEGIN; ALTER TABLE $table->[0] DISABLE TRIGGER reference_change; $enter; COMMIT");
        for (1 .. 2) {
            $self->wait(2);
            $self->{psql}->ask('BEGIN; ' . main::one_change($self->{number}, $table) . '; ' . $change{rare}[1]->() . "; $enter; COMMIT");
        }
        $self->wait(2);
        main::wait_for(60, sub {
            $self->{psql}->ask('BEGIN; ' . main::on($table->[0]) . "; $enter; COMMIT");
            $self->{psql}->ask("SELECT count(*) FROM pg_trigger WHERE tgrelid = '$table->[0]'::regclass AND tgname LIKE 'reference_change%' AND tgenabled IN ('A', 'R')") == 2;
        }) or die "the triggers of $table->[0] stay off";
        $self->{done}{unwatched}++;
        return;
    }

    sub kill { my ($self) = @_; $self->{done}{kill}++; return $self->{psql}->ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'chatsession' LIMIT 1") }
    sub reload { my ($self) = @_; $self->{done}{reload}++; $t->graceful or die 'httpd does not reload'; return }
}

sub write_all {
    my ($number) = @_;
    my $writer = Writer->new($number);
    for (my $turn = 1; $writer->{going}; $turn++) {
        $number == 1 && $turn % 8 == 0 ? $writer->unwatched : $writer->transaction;
        $writer->kill if $number == 2 && $turn % 40 == 0;
        $writer->reload if $number == 3 && $turn == 30;
        $writer->wait(pick(1, 2, 4));
    }
    return {map { $_ => $writer->{$_} } qw(done transactions)};
}

# ---------------------------------------------------------------- who asks, and who judges

package Client {
    sub new {
        my ($class, $number) = @_;
        srand($seed + $number);
        open my $pace, '>', $t->dir . '/pace' or die "pace: $!";
        $pace->autoflush(1);
        return bless {number => $number, swarm => ChatSession::Swarm->new($t), psql => Psql->new, pace => $pace, count => 0, judged => [], wrong => [], odd => {}}, $class;
    }

    sub fresh { my ($self, $asked) = @_; return [@$asked[0, 1], "$asked->[2]&_=$self->{number}0" . ++$self->{count}] }

    sub note {
        my ($self, $answer) = @_;
        $self->{odd}{$answer->[0]}++ if $answer->[0] ne '200';
        return;
    }

    # On connections of their own, by which the log tells how each was answered.
    sub judge {
        my ($self, @asked) = @_;
        my $swarm = ChatSession::Swarm->new($t);
        $self->{psql}->ask("BEGIN; LOCK TABLE gate IN SHARE MODE; SELECT 'held'") eq "held\n" or die 'the gate is open';
        my @remembered = $swarm->ask(@asked);
        my @ports = map { $_ ? $_->sockport : 0 } @{$swarm->{sockets}}[0 .. $#asked];
        my @read = $self->{swarm}->ask(map { $self->fresh($_) } @asked);
        $self->{psql}->ask('COMMIT');
        for my $i (0 .. $#asked) {
            my ($one, $other) = ($remembered[$i], $read[$i]);
            $self->note($_) for $one, $other;
            next if grep { $_->[0] =~ /^(?:0|503)$/ } $one, $other;
            push @{$self->{judged}}, [$ports[$i], "$asked[$i][0] $asked[$i][2]"];
            next if $one->[0] eq $other->[0] && ($one->[0] ne '200' || $one->[2] eq $other->[2] =~ s/&_=\d+//gr);
            push @{$self->{wrong}}, [$ports[$i], "$asked[$i][0] $asked[$i][2]", "$one->[0] $one->[2]", "$other->[0] $other->[2]"];
        }
        return;
    }

    sub ask {
        my ($self, @asked) = @_;
        $self->note($_) for $self->{swarm}->ask(@asked);
        return;
    }
}

sub ask_all {
    my ($number) = @_;
    my $client = Client->new($number);
    local $SIG{PIPE} = 'IGNORE';
    for my $round (0 .. $rounds - 1) {
        my @now = @{$hot[$round / 8]};
        for (1 .. 6) {
            $client->ask(map { pick(@now) } 1 .. pick(1, 3, 5));
        }
        print {$client->{pace}} 'x' x 2;
        $client->judge(map { pick(@now) } 1 .. 4);
    }
    return {map { $_ => $client->{$_} } qw(judged wrong odd)};
}

# ---------------------------------------------------------------- the storm

POSIX::mkfifo($t->dir . '/pace', 0600) or die "pace: $!";
my $begin = time;
my @results = $t->parallel($clients + $writers, sub { my ($number) = @_; return $number <= $clients ? ask_all($number) : write_all($number - $clients) });
note(sprintf '%.1f s', time - $begin);
is(join('; ', map { $_->{error} // () } @results), '', 'clients and writers end');

my ($transactions, %done, %odd, @judged, @wrong) = (0);
for my $result (@results) {
    $transactions += $result->{transactions} // 0;
    $done{$_} += $result->{done}{$_} for keys %{$result->{done} // {}};
    $odd{$_} += $result->{odd}{$_} for keys %{$result->{odd} // {}};
    push @judged, @{$result->{judged} // []};
    push @wrong, @{$result->{wrong} // []};
}
# How each was answered: by which statements on its connection.
my %how;
for (split /\n/, $t->log_text) {
    my ($port, $sql) = /\[client 127\.0\.0\.1:(\d+)\] query [^:]*: SELECT (list\..*?) FROM caller\(/ or next;
    push @{$how{$port}}, $sql =~ /^list\.mark$/ ? 'mark' : $sql =~ /list\.mark/ ? 'marked' : 'rows';
}
sub how { my ($port) = @_; return join ' ', @{$how{$port} // ['nothing']} }

my %count;
$count{how($_->[0])}++ for @judged;
my %seen = map { $_->[1] => 1 } grep { how($_->[0]) eq 'mark' } @judged;
note(@judged . ' lists were judged: ' . join ', ', map { "$_ $count{$_}" } sort keys %count);
note("$transactions transactions: " . join ', ', map { "$_ $done{$_}" } sort keys %done);
note('other answers: ' . join ', ', map { "$_ $odd{$_}" } sort keys %odd);
sub differ { my ($one, $other) = @_; my $at = 0; $at++ while $at < length $one && substr($one, $at, 1) eq substr($other, $at, 1); $at = $at > 60 ? $at - 60 : 0; return map { substr $_, $at, 160 } $one, $other }
is(scalar @wrong, 0, "what is remembered is what is there (seed $seed)")
    or diag(join "\n", map { ("$_->[1]: " . how($_->[0]), differ(@$_[2, 3])) } @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]);
diag('wrong by how: ' . join ', ', map { how($_->[0]) } @wrong) if @wrong;
cmp_ok(scalar @judged, '>', 0.9 * 4 * $rounds * $clients, 'nearly all could be judged');
cmp_ok($count{mark} // 0, '>', 0.1 * @judged, 'of which many came from memory');
my %hot = map { ("$_->[0] $_->[2]" => 1) } map { @$_ } @hot;
cmp_ok(scalar keys %seen, '>', 0.6 * keys %hot, "of most lists (of @{[scalar keys %hot]})");
cmp_ok($transactions, '>', $rounds, 'there was much to notice');
is(join(' ', sort keys %odd), join(' ', grep { /^(?:0|403|404|503)$/ } sort keys %odd), 'no answer was strange');

# ---------------------------------------------------------------- afterwards

my $swarm = ChatSession::Swarm->new($t);
my @late;
for my $asked (@asked) {
    my ($one, $other) = map { ($swarm->ask($_))[0] } $asked, [@$asked[0, 1], "$asked->[2]&_=0"];
    push @late, "$asked->[0] $asked->[2]" if $one->[0] ne $other->[0] || ($one->[0] eq '200' && $one->[2] ne $other->[2] =~ s/&_=0//r);
}
is(join('; ', @late), '', 'and so it is afterwards');
$t->expect_log(qr/CS010[1-4]: /, qr/CS0201: .* 503 db\./)->done;
done_testing();
