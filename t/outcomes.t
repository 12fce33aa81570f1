#!/usr/bin/perl
# What PostgreSQL says is what the client is told: nothing that failed is acknowledged, nothing that was done is denied,
# and every value stands under its name.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use ChatSession::Test;
use ChatSession::Wire;

my $all = '/api/v1/ChatSession';
my $limits = "ChatSessionStatementTimeout 800ms\nChatSessionPoolWait 300ms\nChatSessionConnectTimeout 400ms\nChatSessionTimeout 2s\n";
sub code { my ($answer) = @_; return join ' ', $answer->{status}, $answer->{json}{Code} // '' }

my $t = ChatSession::Test->new(more => 1)->run;
my $count = sub { return $t->sql("SELECT count(*) FROM chat_session WHERE name = '$_[0]'") };
my $cut = sub { $t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'") };

# ---------------------------------------------------------------- at the commit

$t->sql(q{CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused at commit'; END $$;
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON chat_session DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()});
my $refused = $t->post($all, {CustomerName => 'late'});
is(code($refused), '500 db.failed', 'a commit that fails is not acknowledged');
like($refused->{json}{Message}, qr/the request was not carried out/, 'and nothing was done');
is(code($t->post($all, {CustomerName => 'late'}, headers => {'Idempotency-Key' => 'k1'})), '500 db.failed', 'nor in a transaction');
is($count->('late'), 0, 'indeed');
$t->sql('DROP TRIGGER refuse ON chat_session; ALTER DATABASE empty SET default_transaction_isolation = serializable');
$cut->();
my @writes = $t->parallel(6, sub { return {map { $t->post($all, {CustomerName => 'serial'})->{status} => 1 } 1 .. 20} });
is(join(' ', map { keys %$_ } @writes), join(' ', (200) x 6), 'the level of isolation is the module\'s, whatever the database says');
is($count->('serial'), 120, 'each write counts');
$t->sql('ALTER DATABASE empty RESET default_transaction_isolation');

# ---------------------------------------------------------------- tables that change

my $id = $t->post($all, {CustomerName => 'Kari', SessionKey => 'key', CustomerCompanyName => 'Acme'})->{json}{ChatSessionId};
my $pair = sub { my ($answer) = @_; return join '|', $answer->{status}, map { $answer->{json}{$_} // '' } qw(CustomerCompanyName SessionKey) };
my $swap = 'ALTER TABLE chat_session RENAME company_name TO other; ALTER TABLE chat_session RENAME session_key TO company_name;'
    . ' ALTER TABLE chat_session RENAME other TO session_key; UPDATE chat_session SET company_name = session_key, session_key = company_name';
for my $round (1 .. 4) {
    $t->put("$all/$id", {SessionKey => 'key', CustomerCompanyName => 'Acme'}) for 1 .. 3;
    $t->sql("BEGIN; $swap; COMMIT");
    is($pair->($t->get("$all/$id")), '200|Acme|key', "columns that swap their names: at once each value is under its own ($round)") if $round % 2;
    is($pair->($t->put("$all/$id", {SessionKey => 'key', CustomerCompanyName => 'Acme'})), '200|Acme|key', 'also of a write');
    is($t->sql("SELECT company_name || '|' || session_key FROM chat_session WHERE id = $id"), 'Acme|key', 'and in the table');
}
# A statement that waits for the table's lock began before the change, and reads what is after it.
{
    $t->get("$all/$id");
    open my $psql, '|-', "psql -X -q -h '" . $t->cluster->socket . "' -U postgres -d empty >/dev/null 2>&1" or die;
    $psql->autoflush(1);
    print $psql "SET application_name = 'holder'; SET search_path = chatsession; BEGIN; $swap;\n";
    wait_for(10, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND state = 'idle in transaction'") });
    my @both = $t->parallel(2, sub {
        return $pair->($t->get("$all/$id")) if $_[0] == 1;
        wait_for(5, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'chatsession' AND wait_event_type = 'Lock'") });
        print $psql "COMMIT;\n";
        return '';
    });
    close $psql;
    is($both[0], '200|Acme|key', 'a read that waited for the change reads what it left');
}
for my $change ('ADD COLUMN extra1 text', 'ADD COLUMN extra2 text', 'DROP COLUMN extra1', 'ALTER COLUMN rank TYPE bigint') {
    $t->post($all, {}) for 1 .. 2;
    $t->sql("ALTER TABLE chat_session $change");
    my $made = $t->post($all, {CustomerName => $change, Rank => 7});
    is("$made->{status} $made->{json}{Rank} " . $count->($change), '200 7 1', "after $change a write is done once, and said to be");
}
$t->sql('ALTER TABLE chat_session ALTER COLUMN rank TYPE smallint');

# What was saved when the tables had changed, and then cannot be read because the database does not say how they lie now.
$t->sql(q{CREATE SEQUENCE asked START 2; GRANT USAGE ON asked TO chatsession; ALTER FUNCTION layout_columns RENAME TO layout_known;
    CREATE FUNCTION layout_columns(VARIADIC relations text[])
    RETURNS TABLE (relation text, record bigint, name text, type bigint, mark bigint) LANGUAGE plpgsql AS $$ BEGIN
    IF current_query() LIKE '%relation, record%' AND nextval('asked') = 1 THEN RAISE EXCEPTION 'not now'; END IF;
    RETURN QUERY SELECT * FROM layout_known(VARIADIC relations); END $$});
$t->post($all, {}) for 1 .. 2;
$t->sql("SELECT setval('asked', 1, false); ALTER TABLE chat_session DROP COLUMN extra2");
is(code($t->post($all, {CustomerName => 'unread'})), '503 db.lost', 'whoever saved and cannot be answered is told that nobody knows');
is($count->('unread'), 1, 'and it is not done twice');
$t->sql('DROP FUNCTION layout_columns; ALTER FUNCTION layout_known RENAME TO layout_columns; DROP SEQUENCE asked');

# ---------------------------------------------------------------- views with a key twice

$t->sql("INSERT INTO person (person_id, lastname) VALUES (5, 'Vik'); ALTER TABLE person RENAME TO people;"
    . 'CREATE VIEW person AS SELECT * FROM people UNION ALL SELECT * FROM people; GRANT SELECT ON person TO chatsession');
my $twice = $t->post($all, {CustomerName => 'twice', Person => {PersonId => 5}});
is("$twice->{status} $twice->{json}{Person}{Lastname} " . $count->('twice'), '200 Vik 1', 'a view that holds a key twice: a write is done once');
is($t->put("$all/$twice->{json}{ChatSessionId}", {CustomerName => 'twice', Person => {PersonId => 5}})->{status}, 200, 'a replacement as well');
is($t->get("$all/$twice->{json}{ChatSessionId}")->{json}{Person}{Lastname}, 'Vik', 'and it can be read');
like($t->log_text, qr/CS0105: statement session_create brought 2 rows where 1 was expected/, 'the log tells the administrator');
my $columns = $t->sql("SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = 'people'::regclass AND attnum > 0 AND attname <> 'rank'");
for my $case (['(person_id::bigint * 1000000000000)::smallint', '500 db.failed', 'a value of the view\'s own that is out of range'],
    ['lastname::smallint', '500 db.failed', 'or cannot be read'], ['away()', '503 db.unavailable', 'or whose server is away']) {
    my ($expression, $expected, $what) = @$case;
    $t->sql("DROP VIEW person; CREATE OR REPLACE FUNCTION away() RETURNS smallint LANGUAGE plpgsql AS "
        . "\$\$ BEGIN RAISE EXCEPTION 'could not connect to server \"crm\"' USING ERRCODE = '08001'; END \$\$;"
        . "CREATE VIEW person AS SELECT $columns, $expression AS rank FROM people; GRANT SELECT ON person TO chatsession");
    is(code($t->get("$all/$twice->{json}{ChatSessionId}")), $expected, "$what is not the client's fault");
}
unlike($t->log_text, qr/SQLSTATE 22.*(?:Vik|smallint)/, 'the log quotes no value');
my $backends = sub { $t->sql("SELECT string_agg(pid::text, ' ' ORDER BY pid) FROM pg_stat_activity WHERE usename = 'chatsession'") };
my $before = $backends->();
$t->get("$all/$twice->{json}{ChatSessionId}") for 1 .. 10;
is($backends->(), $before, 'our own connection stays');
$t->sql('DROP VIEW person; ALTER TABLE people RENAME TO person');

$t->sql("ALTER TABLE associate RENAME TO users; CREATE VIEW associate AS SELECT * FROM users; GRANT SELECT ON associate TO chatsession;"
    . "DROP INDEX associate_login; INSERT INTO users (associate_id, name) VALUES (77, 'ANNA')");
is(code($t->post($all, {CustomerName => 'whose'})), '403 user.unknown', 'a login name of two associates is nobody\'s');
is($t->del("$all/$id")->{status}, 403, 'for no operation');
is($count->('whose'), 0, 'nothing is made twice');
is($t->get("$all/$id", user => 'otto')->{status}, 200, 'others are served');
$t->expect_log(qr/CS0105: /, qr/CS0201: .* 50[03] db\.(?:failed|unavailable|lost)/)->done;

# ---------------------------------------------------------------- answers that do not come

my $cluster = ChatSession::Cluster->copy;
my $wire = ChatSession::Wire->new($cluster);
$t = ChatSession::Test->new(more => 1, cluster => $cluster, conf => "ChatSessionDatabase \"host=" . $wire->directory . " user=chatsession dbname=empty\"\n$limits")->run;
$id = $t->post($all, {CustomerName => 'Kari'})->{json}{ChatSessionId};
$t->put("$all/$id", {}) for 1 .. 2;
$wire->mode('withhold Z');
my $start = time;
my $silent = $t->put("$all/$id", {CustomerName => 'Ola'});
is(code($silent), '503 db.silent', 'an answer without its end is none');
cmp_ok(time - $start, '<', 1.8, 'and is not waited for for ever');
like($silent->{json}{Message}, qr/it is not known whether the change was made\. /, 'what is not known is not said');
$wire->mode('');
ok(wait_for(3, sub { $t->get("$all/$id")->{status} == 200 }), 'the database is used again');
is($t->sql("SELECT name FROM chat_session WHERE id = $id"), 'Ola', 'the change had been made');
$wire->mode('withhold Z');
like($t->post($all, {}, headers => {'Idempotency-Key' => 'k2'})->{json}{Message}, qr/sent again with its Idempotency-Key it is made once/, 'who may ask again is told')
    ;
$wire->mode('');
ok(wait_for(3, sub { $t->get("$all/$id")->{status} == 200 }), 'and again');
$cut->();
$wire->mode('break describe session_get');
is(code($t->get("$all/$id")), '500 db.failed', 'an error while a statement is prepared');
$wire->mode('');
is($t->get("$all/$id")->{status}, 200, 'does not poison the connection') for 1 .. 3;
$t->expect_log(qr/CS0201: .* 50[03] db\.(?:silent|failed|unavailable)/, qr/CS010[13]: /)->done;

done_testing;
