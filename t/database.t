#!/usr/bin/perl
# The database goes away, hangs, comes back, is slow, is too old: true answers, in time, and other sites never notice.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $expected_503 = qr/CS0201: request \w+: \w+ \w+: 503 db\./;

sub code { my ($answer) = @_; return join ' ', $answer->{status}, $answer->{json}{Code} // '' }
sub timed { my ($work) = @_; my $start = time; my $value = $work->(); return (time - $start, $value) }

# A transaction in the background that holds a lock until told to end.
sub hold {
    my ($t, $sql) = @_;
    open my $psql, '|-', "psql -X -q -h '" . $t->cluster->socket . "' -U postgres -d empty >/dev/null 2>&1" or die;
    $psql->autoflush(1);
    print $psql "SET application_name = 'holder'; BEGIN; $sql;\n";
    wait_for(10, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND state = 'idle in transaction'") }) or die;
    return sub {
        return if !$psql;
        print $psql "ROLLBACK;\n";
        close $psql;
        undef $psql;
    };
}

my $t = ChatSession::Test->new(more => 1, conf => "ChatSessionRetryAfter 7s")->run;
my $id = $t->post($all, {CustomerName => 'Kari'})->{json}{ChatSessionId};

# ---------------------------------------------------------------- stopped and started

for my $mode (qw(immediate fast)) {
    $t->cluster->stop($mode);
    my ($first, $answer) = timed(sub { $t->get("$all/$id") });
    is($answer->{status}, 503, "stopped ($mode): 503");
    is($answer->{headers}{'retry-after'}, 7, 'with Retry-After');
    is($answer->{json}{ErrorType}, 'SoDbAccessException', 'and the type of a database error');
    unlike($answer->{content}, qr/socket|postgres|host=|libpq|server closed/i, 'which tells nothing of the inside');
    for my $case (['GET', "$all/$id"], ['GET', "$all/999999"], ['GET', "$all/default"], ['DELETE', "$all/$id"], ['POST', $all, {}],
        ['PUT', "$all/$id", {}]) {
        my ($method, $path, $body) = @$case;
        my ($took, $down) = timed(sub { $t->request($method, $path, $body ? (json => $body) : ()) });
        is(code($down), '503 db.unavailable', "$method $path is 503, never 401, 403, 404");
        cmp_ok($took, '<', 0.25, 'at once');
    }
    is($t->get("$all/default", user => 'nobody')->{status}, 503, 'nor is an unknown user judged');
    is($t->get("$all/default", user => undef)->{status}, 401, 'httpd still asks who it is');
    is($t->get('/api/v1/nonsense')->{status}, 404, 'what needs no database is answered');
    is($t->request('POST', $all, headers => {'Content-Type' => 'application/json'}, content => '{')->{status}, 400, 'as before');
    is($t->get('/index.html')->{status}, 200, 'another site is served');
    $t->cluster->start;
    my ($back, $served) = timed(sub { wait_for(5, sub { $t->get("$all/$id")->{status} == 200 }) });
    ok($served, 'started again: served again');
    cmp_ok($back, '<', 2, 'within two seconds, without a restart of httpd');
}
is($t->get("$all/$id")->{json}{CustomerName}, 'Kari', 'with what was stored');

# ---------------------------------------------------------------- connections that break between requests

for (1 .. 3) {
    $t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
    is($t->get("$all/$id")->{status}, 200, 'a connection that was cut is replaced before anybody notices');
    $t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
    is($t->post($all, {})->{status}, 200, 'also for a write');
}
$t->cluster->restart('immediate');
ok(wait_for(3, sub { $t->put("$all/$id", {CustomerName => 'Ola'})->{status} == 200 }), 'a restarted database is used again');

# ---------------------------------------------------------------- connections that break in the middle

my $blocked = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'chatsession' AND wait_event_type = 'Lock'";
for my $case (['GET', 200, 'a read is done again on another connection'], ['PUT', 503, 'a write is not: its outcome is not known']) {
    my ($method, $status, $name) = @$case;
    $t->put("$all/$id", {}) for 1 .. 3;    # prepared: what breaks next is its execution
    my $end = hold($t, 'LOCK TABLE chatsession.chat_session');
    my ($answer) = $t->parallel(1, sub {
        my $pid = fork;
        if (!$pid) {
            wait_for(5, sub { $t->sql($blocked) });
            $t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession' AND wait_event_type = 'Lock'");
            wait_for(5, sub { $method eq 'PUT' || $t->sql($blocked) });
            $end->();
            POSIX::_exit(0);
        }
        my $got = $t->request($method, "$all/$id", $method eq 'PUT' ? (json => {}) : ());
        waitpid $pid, 0;
        return {status => $got->{status}, code => $got->{json}{Code}};
    });
    is($answer->{status}, $status, $name);
    is($answer->{code}, 'db.lost', 'and the error says so') if $status == 503;
    eval { $end->() };
}
like($t->log_text, qr/CS0101: .*connection to server/, "the log has PostgreSQL's or libpq's own words");
unlike($t->log_text, qr/CS\d{4}: .*(?:\\n|\\t)/, 'in one line, without a sign for the end of another');
$t->expect_log($expected_503, qr/CS0101: database ".*" does not serve: /, qr/CS0103: /);
$t->done;

# ---------------------------------------------------------------- slow, or hanging

$t = ChatSession::Test->new(more => 1, conf => "ChatSessionStatementTimeout 400ms\nChatSessionPoolWait 200ms\n"
        . "ChatSessionConnectTimeout 500ms\nChatSessionTimeout 1200ms\nChatSessionPoolMax 2\nChatSessionPoolQueue 3")->run;
$id = $t->post($all, {})->{json}{ChatSessionId};
my $end = hold($t, 'LOCK TABLE chatsession.chat_session');
my ($took, $slow) = timed(sub { $t->get("$all/$id") });
is(code($slow), '503 db.timeout', 'a statement that takes too long is broken off');
cmp_ok($took, '<', 0.9, 'in time');
is($t->get("$all/default")->{status}, 200, 'what does not need the table is served meanwhile');
my @answers = $t->parallel(12, sub { my ($seconds, $answer) = timed(sub { $t->get("$all/$id") }); return [$seconds, code($answer)] });
is(scalar(grep { $_->[1] =~ /^503 db\.(?:timeout|busy)$/ } @answers), 12, 'with all connections busy the others are told so');
cmp_ok(scalar(grep { $_->[1] eq '503 db.busy' } @answers), '>=', 5, 'when the queue is full');
cmp_ok((sort { $b <=> $a } map { $_->[0] } @answers)[0], '<', 1.2, 'nobody waits for long');
$end->();
my $after = $t->get("$all/$id");
is(code($after), '200 ', 'afterwards all is as before') or diag($t->log_text);

$t->cluster->freeze;
my @both = $t->parallel(14, sub {
    my ($number) = @_;
    my ($seconds, $answer) = timed(sub { $t->get($number % 2 ? '/index.html' : "$all/$id") });
    return [$number % 2, $seconds, $answer->{status}];
});
my @site = grep { $_->[0] } @both;
my @api  = grep { !$_->[0] } @both;
is(scalar(grep { $_->[2] == 503 } @api), 7, 'a database that hangs: 503');
cmp_ok((sort { $b <=> $a } map { $_->[1] } @api)[0], '<', 1.7, 'within half a second of the time limit');
is(scalar(grep { $_->[2] == 200 && $_->[1] < 0.5 } @site), 7, 'while another site is served at once');
ok(wait_for(3, sub { (timed(sub { $t->get("$all/$id") }))[0] < 0.05 }), 'soon it is known to hang');
($took, my $known) = timed(sub { $t->get("$all/$id") });
is(code($known), '503 ' . $known->{json}{Code}, 'then the answer is still 503');
cmp_ok($took, '<', 0.25, 'at once');
$t->cluster->thaw;
my ($back, $served) = timed(sub { wait_for(5, sub { $t->get("$all/$id")->{status} == 200 }) });
ok($served && $back < 2, 'when it goes on, it is served again within two seconds') or diag("$back s");
$t->expect_log($expected_503, qr/CS0101: /, qr/CS0103: /)->done;

# ---------------------------------------------------------------- not the database that it should be

$t = ChatSession::Test->new(more => 1, server => <<"CONF", location => '/good/api')->run;
<Location "/missing/api">
    ChatSession On
    ChatSessionDatabase "host=/nonexistent dbname=x"
</Location>
CONF
ok(wait_for(5, sub { $t->get("/good/api/v1/ChatSession/default")->{status} == 200 }), 'a good database serves beside a missing one');
$t->expect_log(qr/CS0205|AH00027|AH00025/);
$t->sql("DELETE FROM schema_migration WHERE version >= 2");
$t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
is(code($t->get('/good/api/v1/ChatSession/default')), '503 db.schema', 'a database with an older schema is not used');
like($t->log_text, qr/CS0101: .*its schema is at version 1, migration 002-references is missing: run sql\/migrate/, 'the log names what is missing');
$t->sql("INSERT INTO schema_migration (version, name) SELECT n, 'x' FROM generate_series(3, 21) AS n");
ok(wait_for(4, sub { my $known = () = $t->log_text =~ /its schema is at version 1, migration 002/g; code($t->get('/good/api/v1/ChatSession/default')) eq '503 db.schema' && $known }),
    'a later version does not make up for one that is missing');
$t->sql('REVOKE USAGE ON SCHEMA chatsession FROM chatsession');
ok(wait_for(4, sub { $t->log_text =~ /CS0101: .*there is no schema chatsession in it, or this role may not use it: run sql\/migrate with CHATSESSION_RUNTIME=chatsession/ }),
    'a role without its rights is told how to get them');
$t->sql("GRANT USAGE ON SCHEMA chatsession TO chatsession; DELETE FROM schema_migration WHERE version > 1");
$t->sql("INSERT INTO schema_migration (version, name) SELECT n, 'x' FROM generate_series(2, 21) AS n UNION SELECT 99, 'later'");
ok(wait_for(3, sub { $t->get('/good/api/v1/ChatSession/default')->{status} == 200 }), 'when it is there, the database is used without a restart');
$t->sql('ALTER DATABASE empty SET default_transaction_read_only = on');
$t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
is($t->get('/good/api/v1/ChatSession/default')->{status}, 200, 'a read-only database can be read');
is(code($t->post('/good/api/v1/ChatSession', {})), '503 db.refused', 'a write is refused truthfully');
$t->cluster->sql('postgres', 'ALTER DATABASE empty RESET default_transaction_read_only');
$t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
$t->sql('REVOKE SELECT ON person FROM chatsession');
is(code($t->get('/good/api/v1/ChatSession/1')), '503 db.refused', 'a right that is missing is the server\'s fault');
like($t->log_text, qr/SQLSTATE 42501: permission denied for table person/, 'the log says which');
$t->sql('GRANT SELECT ON person TO chatsession');
$t->sql('ALTER TABLE person RENAME TO people');
is(code($t->get('/good/api/v1/ChatSession/1')), '503 db.schema', 'so is a table');
$t->sql('CREATE VIEW person AS SELECT person_number, lastname, firstname, person_id::bigint, '
        . join(', ', split(' ', $t->sql("SELECT string_agg(attname, ' ') FROM pg_attribute WHERE attrelid = 'people'::regclass AND attnum > 0"
            . " AND attname NOT IN ('person_number', 'lastname', 'firstname', 'person_id')"))) . ' FROM people;'
        . 'GRANT SELECT ON person TO chatsession;'
        . "INSERT INTO people (person_id, firstname, lastname, person_number) VALUES (5, 'Kari', 'Vik', 'P-5')");
my $answer = $t->post('/good/api/v1/ChatSession', {Person => {PersonId => 5}});
my $person = $answer->{json}{Person} // {};
is(join('|', @$person{qw(PersonId Firstname Lastname PersonNumber FullName)}), '5|Kari|Vik|P-5|Kari Vik',
    'a view may take its place, in any order of columns');

# ---------------------------------------------------------------- tables that change while they are used

my $good = '/good/api/v1/ChatSession';
$t->sql("INSERT INTO contact (contact_id, name, department) VALUES (6, 'Vik', 'Oslo'); INSERT INTO sale (sale_id, heading, amount) VALUES (7, 'Oven', 1500)");
my $session = $t->post($good, {Contact => {ContactId => 6}, Sale => {SaleId => 7}, Person => {PersonId => 5}})->{json}{ChatSessionId};
my $seen = sub { my $got = $t->get("$good/$session")->{json}; return join '|', $got->{Contact}{Name} // '', $got->{Contact}{Department} // '', $got->{Sale}{Amount} // '' };
is($seen->(), 'Vik|Oslo|1500', 'records are shown');
$t->sql('ALTER TABLE contact ADD COLUMN more text; ALTER TABLE contact DROP COLUMN kananame CASCADE; ALTER TABLE contact ADD COLUMN kananame varchar(219)');
is($seen->(), 'Vik|Oslo|1500', 'columns that come, go and move do not disturb');
is($t->put("$good/$session", {Contact => {ContactId => 6}, Sale => {SaleId => 7}})->{status}, 200, 'nor do they disturb a write');
$t->sql('ALTER TABLE contact RENAME name TO other; ALTER TABLE contact RENAME department TO name; ALTER TABLE contact RENAME other TO department');
ok(wait_for(3, sub { $seen->() eq 'Oslo|Vik|1500' }), 'columns that change their names are noticed');
$t->sql('ALTER TABLE sale ALTER COLUMN amount DROP DEFAULT; ALTER TABLE sale DROP COLUMN weighted_amount; ALTER TABLE sale ADD COLUMN weighted_amount float4;'
    . 'ALTER TABLE sale ALTER COLUMN probability TYPE bigint');
is($seen->(), 'Oslo|Vik|1500', 'a related type will do');
$t->sql('ALTER TABLE sale ALTER COLUMN amount TYPE numeric');
ok(wait_for(3, sub { code($t->get("$good/$session")) eq '503 db.schema' }), 'another one will not');
like($t->log_text, qr/CS0101: .*column sale.amount must be of type double precision or real/, 'and the log says what would');
$t->sql('ALTER TABLE sale ALTER COLUMN amount TYPE float8; ALTER TABLE ticket DROP COLUMN author');
ok(wait_for(3, sub { $t->log_text =~ /CS0101: .*table ticket lacks column author/ || !$t->get("$good/$session") }), 'a column that is missing is named');
is(code($t->get("$good/$session")), '503 db.schema', 'and missed');
$t->sql("ALTER TABLE ticket ADD COLUMN author varchar(255) NOT NULL DEFAULT ''");
ok(wait_for(3, sub { $seen->() eq 'Oslo|Vik|1500' }), 'when all is there again it is served, without a restart');
$t->expect_log($expected_503, qr/CS0101: /, qr/CS0103: /)->done;

done_testing;
