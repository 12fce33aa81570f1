#!/usr/bin/perl
# sql/migrate: from nothing, again, by several at once; what the two roles may do; the sample data.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use POSIX ();
use IO::Handle;
use ChatSession::Cluster;
use ChatSession::Place;

my $cluster = ChatSession::Cluster->copy;
my $migrate = source_path('sql/migrate');
my @connect = ('-h', $cluster->socket, '-U', 'postgres', '-d');

sub run {
    my @command = @_;
    open my $pipe, '-|', '/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', @command or die;
    my $output = join '', <$pipe>;
    close $pipe;
    return ($? >> 8, $output);
}

# Whether the run-time role may do it.
sub may {
    my ($sql, $database) = @_;
    open my $saved, '>&', \*STDERR;
    open STDERR, '>', '/dev/null';
    my $fine = eval { $cluster->sql($database // 'sample', "BEGIN; $sql; ROLLBACK", 'chatsession'); 1 };
    open STDERR, '>&', $saved;
    return $fine ? 'may' : 'may not';
}
my @files = map { m{([^/]+)\.sql$} } sort glob source_path('sql/schema/*.sql');

# ---------------------------------------------------------------- from nothing, again, at once

$cluster->sql('postgres', 'CREATE DATABASE fresh');
my ($status, $output) = run($migrate, @connect, 'fresh');
is($status, 0, 'a new database is migrated') or diag($output);
is($output, join('', map { "applied $_\n" } @files) . 'database fresh is at version ' . @files . ", for chatsession\n",
    'each migration is named, and where, and for whom');
my $dump = sub { return (run('pg_dump', '-s', @connect[0 .. 3], $_[0]))[1] =~ s/^\\(?:un)?restrict .*$//mgr };
my $before = $dump->('fresh');
($status, $output) = run($migrate, @connect, 'fresh');
is("$status $output", '0 database fresh is at version ' . @files . ", for chatsession\n", 'a second time there is nothing to do');
ok($dump->('fresh') eq $before, 'and nothing changes');
is($cluster->sql('fresh', 'SELECT version, name FROM chatsession.schema_migration ORDER BY version'),
    join("\n", map { sprintf '%d|%s', /^(\d+)/, $_ } @files), 'the version can be read by SQL');

$cluster->sql('fresh', 'SET search_path = chatsession; DELETE FROM schema_migration WHERE version = 19;'
    . ' DROP INDEX person_found, contact_found; ALTER TABLE person RENAME TO crm_person; CREATE VIEW person AS TABLE crm_person');
($status, $output) = run($migrate, @connect, 'fresh');
is($status, 0, 'a view in the place of a person is left as it is') or diag($output);
is($cluster->sql('fresh', "SELECT count(to_regclass('chatsession.person_found')), count(to_regclass('chatsession.contact_found'))"),
    '0|1', 'and has no index of ours');

$cluster->sql('postgres', 'CREATE DATABASE many');
my @pids = map {
    my $pid = fork;
    if (!$pid) {
        my ($failed) = run($migrate, @connect, 'many');
        POSIX::_exit($failed);
    }
    $pid;
} 1 .. 4;
is(join(' ', map { waitpid $_, 0; $? >> 8 } @pids), '0 0 0 0', 'several at once do no harm');
is($cluster->sql('many', 'SELECT count(*) FROM chatsession.schema_migration'), scalar @files, 'each migration was applied once');

$cluster->sql('postgres', 'CREATE DATABASE broken');
$cluster->sql('broken', 'CREATE SCHEMA chatsession AUTHORIZATION chatsession_owner; CREATE TABLE chatsession.associate (x int)');
($status, $output) = run($migrate, @connect, 'broken');
isnt($status, 0, 'a migration that cannot be applied fails');
like($output, qr/relation "associate" already exists/, 'and says why');
is($cluster->sql('broken', 'SELECT max(version) FROM chatsession.schema_migration'), 1, 'it stops there, whole migrations behind it');
is($cluster->sql('broken', "SELECT count(*) FROM pg_class WHERE relname = 'person'"), 0, 'half a migration is none');
is((run($migrate, '-h', '/nonexistent', '-d', 'x'))[0] > 0, 1, 'no database, no success');
like((run($migrate, '--help'))[1], qr/^Brings the chatsession schema/, 'it explains itself');

# ---------------------------------------------------------------- roles of other names

{
    local $ENV{CHATSESSION_OWNER} = 'tenant "a" owner';
    local $ENV{CHATSESSION_RUNTIME} = "tenant 'a'";
    $cluster->sql('postgres', 'CREATE DATABASE tenant');
    is((run($migrate, @connect, 'tenant'))[0], 0, 'an installation chooses its roles');
    is($cluster->sql('tenant', "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'chatsession'"), 'tenant "a" owner', 'all belongs to the owner');
    is($cluster->sql('tenant', 'SELECT count(*) FROM chatsession.chat_session', "tenant 'a'"), 0, 'the other may work');
    is(may('SELECT 1 FROM chatsession.chat_session', 'tenant'), 'may not', 'a role of another tenant may not');
}

# ---------------------------------------------------------------- rights at every run

$cluster->sql('fresh', 'REVOKE ALL ON chatsession.person, chatsession.chat_session FROM chatsession; GRANT INSERT ON chatsession.associate TO chatsession');
{
    local $ENV{CHATSESSION_RUNTIME} = 'www-data';
    ($status, $output) = run($migrate, @connect, 'fresh');
    is("$status $output", '0 database fresh is at version ' . @files . ", for chatsession, www-data\n", 'a second role may be named later');
}
is($cluster->sql('fresh', 'SELECT count(*) FROM chatsession.person', $_), 0, "$_ may read again") for 'www-data', 'chatsession';
is($cluster->sql('fresh', "SELECT has_table_privilege('chatsession', 'chatsession.associate', 'INSERT')"), 'f', 'what was too much is taken away');
$cluster->sql('fresh', 'REVOKE ALL ON chatsession.person FROM "www-data"');
is((run($migrate, @connect, 'fresh'))[0], 0, 'an update that names nobody');
is($cluster->sql('fresh', 'SELECT count(*) FROM chatsession.person', 'www-data'), 0, 'does no harm: every role that had rights has them');

# Indexes of words are to make some lists faster: what is wrong with them keeps nobody from his rights.
my $words = "SELECT string_agg(indexname, ' ' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'chatsession' AND indexname ~ '_(?:parts|words)\$'";
my $all_words = $cluster->sql('fresh', $words);
like($all_words, qr/^chat_session_first_message_words chat_session_last_message_words contact_name_parts person_full_name_parts$/, 'words are indexed');
$cluster->sql('fresh', 'DROP INDEX chatsession.chat_session_first_message_words, chatsession.contact_name_parts;'
    . ' CREATE INDEX chat_session_first_message_parts ON chatsession.chat_session (first_message)');
is((run($migrate, @connect, 'fresh'))[0], 0, 'one old index of two is left');
is($cluster->sql('fresh', $words), $all_words, 'it is gone, and what was missing is there');
# Whoever locks a session, and then saves it, while indexes are built and the old ones wait to be dropped.
$cluster->sql('fresh', 'DROP INDEX chatsession.chat_session_first_message_words; INSERT INTO chatsession.chat_session (id) VALUES (7);'
    . ' CREATE INDEX chat_session_first_message_parts ON chatsession.chat_session (first_message)');
open my $psql, '|-', "psql -X -q -v ON_ERROR_STOP=1 -h '" . $cluster->socket . "' -U postgres -d fresh >/dev/null 2>&1" or die;
$psql->autoflush(1);
print $psql "SET search_path = chatsession; BEGIN; SELECT FROM chat_session WHERE id = 7 FOR UPDATE; SELECT 1;\n";
my $waits = sub { my ($what, $where) = (@_, 'fresh'); for (1 .. 100) { return 1 if $cluster->sql('fresh', "SELECT count(*) FROM pg_stat_activity WHERE datname = '$where' AND $what"); select undef, undef, undef, 0.1 } return 0 };
ok($waits->("state = 'idle in transaction'"), 'a session is locked');
my $migrating = fork // die;
POSIX::_exit((run($migrate, @connect, 'fresh'))[0]) if !$migrating;
ok($waits->("wait_event_type = 'Lock' AND query ~* 'index'"), 'the old index waits for its holder');
print $psql "UPDATE chat_session SET name = 'saved' WHERE id = 7; COMMIT;\n";
is(close $psql, 1, 'who saves it meanwhile');
waitpid $migrating, 0;
is($?, 0, 'and the migration do not wait for each other');
is($cluster->sql('fresh', $words), $all_words, 'which is complete');
$cluster->sql('fresh', 'DROP INDEX chatsession.contact_name_parts; ALTER TABLE chatsession.contact OWNER TO postgres');
is((run($migrate, @connect, 'fresh'))[0], 0, 'a table that is somebody else\'s');
is($cluster->sql('fresh', $words), $all_words =~ s/contact_name_parts //r, 'has no index of ours');
$cluster->sql('fresh', 'ALTER TABLE chatsession.contact OWNER TO chatsession_owner');
# Tables that somebody writes into: who waits to put a trigger there keeps no other writer waiting, and not for ever.
my $triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'chatsession.contact'::regclass AND tgname ~ '^reference_change'";
is($cluster->sql('fresh', $triggers), 2, 'companies note their changes');
$cluster->sql('fresh', 'DROP TRIGGER reference_change ON chatsession.contact');
open $psql, '|-', "psql -X -q -v ON_ERROR_STOP=1 -h '" . $cluster->socket . "' -U postgres -d fresh >/dev/null 2>&1" or die;
$psql->autoflush(1);
print $psql "BEGIN; INSERT INTO chatsession.contact (name) VALUES ('Writer'); SELECT 1;\n";
ok($waits->("state = 'idle in transaction'"), 'somebody writes a company, and takes his time');
pipe my $reader, my $writer or die;
$migrating = fork // die;
if (!$migrating) {
    my ($result, $told) = run($migrate, @connect, 'fresh');
    print $writer $told;
    close $writer;
    POSIX::_exit($result);
}
close $writer;
ok($waits->("wait_event_type = 'Lock' AND query ~ 'watch_reference'"), 'the trigger waits for him');
is($cluster->sql('fresh', "SET statement_timeout = 5000; INSERT INTO chatsession.contact (name) VALUES ('Other'); SELECT 'written'"), 'written', 'another writer does not');
my $told = do { local $/; <$reader> };
waitpid $migrating, 0;
is($?, 0, 'in the end the migration goes on');
like($told, qr/WARNING: +not done, because a table is in use: PERFORM watch_reference\('contact'\); until sql\/migrate was run again/, 'and tells of it');
like($told, qr/WARNING: .*: PERFORM index_text\('contact_name_parts'\);/, 'as of the index');
like($told, qr/^database fresh is at version/m, 'with what comes behind');
print $psql "COMMIT;\n";
close $psql;
is((run($migrate, @connect, 'fresh'))[0], 0, 'once more');
is($cluster->sql('fresh', $triggers), 2, 'and companies note their changes again');
is($cluster->sql('fresh', $words), $all_words, 'and have their words indexed');

# A migration itself waits for seconds, and is not made by half.
$cluster->sql('many', "DELETE FROM chatsession.schema_migration WHERE version = 19; DROP INDEX chatsession.person_found, chatsession.contact_found");
open $psql, '|-', "psql -X -q -v ON_ERROR_STOP=1 -h '" . $cluster->socket . "' -U postgres -d many >/dev/null 2>&1" or die;
$psql->autoflush(1);
print $psql "BEGIN; INSERT INTO chatsession.contact (name) VALUES ('Writer'); SELECT 1;\n";
ok($waits->("state = 'idle in transaction'", 'many'), 'a writer again');
($status, $output) = run($migrate, @connect, 'many');
isnt($status, 0, 'a migration that would have to wait for him ends');
like($output, qr/ERROR: +canceling statement due to lock timeout/, 'and says why');
is($cluster->sql('many', "SELECT count(to_regclass('chatsession.person_found'))"), 0, 'without having done anything');
print $psql "COMMIT;\n";
close $psql;
$cluster->sql('many', "ALTER ROLE postgres SET statement_timeout = 1; ALTER ROLE postgres SET lock_timeout = 1");
($status, $output) = run($migrate, @connect, 'many');
$cluster->sql('many', "SET statement_timeout = 0; ALTER ROLE postgres RESET ALL");
is($status, 0, 'the second time it is done, whatever limits the role has') or diag($output);

# What everybody may in most databases, the run-time role must.
$cluster->sql('postgres', 'CREATE DATABASE strict');
$cluster->sql('strict', 'ALTER DEFAULT PRIVILEGES FOR ROLE chatsession_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC');
($status, $output) = run($migrate, @connect, 'strict');
is($status, 0, 'a database without rights for everybody') or diag($output);
is($cluster->sql('strict', "SELECT count(*) FROM chatsession.caller('anna')", 'chatsession'), 0, 'the functions may be called');
is($cluster->sql('strict', "SELECT has_function_privilege('chatsession', 'chatsession.note_reference_change()', 'EXECUTE')"), 'f', 'but for those of triggers');
$cluster->sql('many', 'REVOKE USAGE ON SEQUENCE chatsession.chat_session_id_seq FROM chatsession;'
    . q{ CREATE OR REPLACE FUNCTION chatsession.index_text(wanted name) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$});
($status, $output) = run($migrate, @connect, 'many');
isnt($status, 0, 'indexes that cannot be made are told of');
is($cluster->sql('many', "SELECT has_sequence_privilege('chatsession', 'chatsession.chat_session_id_seq', 'USAGE')"), 't', 'and all rights are given nevertheless');

# ---------------------------------------------------------------- the database is named, roles are the cluster's

{
    local @ENV{qw(PGDATABASE PGSERVICE)};
    delete @ENV{qw(PGDATABASE PGSERVICE)};
    ($status, $output) = run($migrate, @connect[0 .. 3]);
    is("$status $output", "2 sql/migrate: name the database: sql/migrate -d help_desk\n", 'without a database nothing is done');
    is((run($migrate, @connect[0 .. 3], 'fresh'))[0], 0, 'it may be the first word');
    is((run($migrate, "host=$connect[1] user=postgres dbname=fresh"))[0], 0, 'or a connection string');
    local $ENV{PGDATABASE} = 'fresh';
    is((run($migrate, @connect[0 .. 3]))[0], 0, 'or stand in the environment');
}
is($cluster->sql('postgres', "SELECT count(*) FROM pg_namespace WHERE nspname = 'chatsession'"), 0, 'the database postgres is left alone');
{
    local @ENV{qw(CHATSESSION_OWNER CHATSESSION_RUNTIME)} = qw(new_owner new_role);
    $cluster->sql('postgres', "CREATE DATABASE new_$_") for 1 .. 4;
    my @new = map {
        my $database = "new_$_";
        my $pid = fork;
        if (!$pid) {
            my ($failed, $said) = run($migrate, @connect, $database);
            diag($said) if $failed;
            POSIX::_exit($failed);
        }
        $pid;
    } 1 .. 4;
    is(join(' ', map { waitpid $_, 0; $? >> 8 } @new), '0 0 0 0', 'databases that are made at once share their new roles');
}

# ---------------------------------------------------------------- what the run-time role may do: exactly its work

my %rights = (
    (map { $_ => 'SELECT INSERT UPDATE DELETE' } qw(chat_session chat_topic chat_topic_user idempotency_key)), chat_presence => 'SELECT INSERT UPDATE', chat_message => 'SELECT INSERT', credential => 'SELECT INSERT DELETE',
    (map { $_ => 'SELECT' } qw(associate person contact project sale ticket cust_lang ej_category ticket_priority kb_category reply_template usergroup tzlocation schema_migration)),
    event => 'SELECT INSERT DELETE', reference_change => 'SELECT DELETE', (map { $_ => 'SELECT INSERT UPDATE DELETE' } qw(event_series webhook_delivery)), webhook => 'SELECT',
);
my %try = (SELECT => 'SELECT FROM %s', INSERT => 'INSERT INTO %s DEFAULT VALUES', UPDATE => 'UPDATE %s SET %s = %s', DELETE => 'DELETE FROM %s',
    TRUNCATE => 'TRUNCATE %s CASCADE');
for my $table (sort keys %rights) {
    my $given = join ' ', grep { $cluster->sql('sample', "SELECT has_table_privilege('chatsession', 'chatsession.$table', '$_')") eq 't' }
        qw(SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER);
    is($given, $rights{$table}, "chatsession on $table: " . ($rights{$table} || 'nothing'));
}
is($cluster->sql('sample', "SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute WHERE attrelid = 'chatsession.associate'::regclass"
    . " AND has_column_privilege('chatsession', attrelid, attnum, 'INSERT')"), 'full_name name username', 'it enrolls nobody as an administrator');
is($cluster->sql('sample', "SELECT count(*) FROM pg_tables WHERE schemaname = 'chatsession'"), scalar keys %rights, 'there is no other table');
is(may('SELECT count(*) FROM chat_session'), 'may', 'it reads sessions');
is(may($_), 'may not', "it may not: $_") for 'CREATE TABLE chatsession.x (a int)', 'DROP TABLE chat_session', 'DELETE FROM associate', "UPDATE credential SET login = 'admin'", "UPDATE webhook SET target_url = 'http://x/'",
    "INSERT INTO webhook (name, events, target_url) VALUES ('x', event_names(), 'http://x/')", "UPDATE event SET number = 0", "UPDATE credential SET digest = sha256('x')",
    'TRUNCATE chat_session', 'UPDATE schema_migration SET version = 99', 'DELETE FROM chat_message', 'SET ROLE chatsession_owner',
    'ALTER TABLE chat_session DISABLE TRIGGER ALL', 'CREATE SCHEMA x', 'CREATE TABLE public.x (a int)';
is($cluster->sql('sample', "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = 'chatsession'"), 'f|f|f|f',
    'it is no special role');
is($cluster->sql('sample', "SELECT count(*) FROM pg_class WHERE relowner = 'chatsession'::regrole"), 0, 'it owns nothing');
is($cluster->sql('sample', "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'chatsession_owner'"), 'f', 'nobody logs in as the owner');

# ---------------------------------------------------------------- every column of the original tables is there

my %columns = (
    chat_session => 'id topic_id user_id customer_id customer_alias status when_requested when_started when_ended idle customer_fetch'
        . ' session_key initial_queue_pos customer_host alert_level rank name company_name email phone first_message last_message flags'
        . ' project_id sale_id ticket_id contact_id transfer_to consented chatbot_isactive country rating version changed_at status_before',
    chat_message => 'id session_id message when_posted special_type special_param read_by_customer type author created_by',
    chat_topic_user => 'id user_id topic_id can_respond notifications can_listen manager',
);
for my $table (sort keys %columns) {
    is($cluster->sql('sample', "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'chatsession.$table'::regclass AND attnum > 0"),
        $columns{$table}, "$table has its columns");
}
is($cluster->sql('sample', "SELECT count(*) FROM pg_attribute WHERE attrelid = 'chatsession.chat_topic'::regclass AND attnum > 0"), 86 + 9, 'chat_topic has its 86, and nine of ours');

# ---------------------------------------------------------------- sample data

is($cluster->sql('sample', 'SELECT count(*) FROM chat_topic'), 3, 'three topics');
is($cluster->sql('sample', 'SELECT count(*), count(DISTINCT status) FROM chat_session'), '200|12', '200 sessions in all 12 states');
is($cluster->sql('sample', "SELECT string_agg(name, ' ' ORDER BY associate_id) FROM associate WHERE associate_id <= 4"), 'anna otto mia admin', 'four users');
is($cluster->sql('sample', "SELECT count(*) FROM $_"), $_ eq 'person' ? 120 : $_ eq 'contact' ? 40 : $_ eq 'ticket' ? 60 : $_ eq 'sale' ? 20 : 8, "some of each $_")
    for qw(person contact ticket sale project);
is($cluster->sql('sample', 'SELECT count(*) FROM chat_session s WHERE customer_id > 0 AND NOT EXISTS (SELECT FROM person WHERE person_id = customer_id)'), 0,
    'no customer is missing');
my $rows = $cluster->sql('sample', 'SELECT count(*) FROM chat_message');
cmp_ok($rows, '>', 500, 'many messages');
my ($again) = run('psql', '-X', '-q', @connect, 'sample', '-f', source_path('sql/sample/help-desk.sql'));
is($again, 0, 'loading the sample twice is no mistake');
is($cluster->sql('sample', 'SELECT count(*) FROM chat_message'), $rows, 'and changes nothing');
cmp_ok($cluster->sql('sample', 'INSERT INTO chat_session DEFAULT VALUES RETURNING id'), '>', 200, 'new sessions follow those of the sample');

done_testing;
