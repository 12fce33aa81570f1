#!/usr/bin/perl
# Lists that are asked for again: what has not changed is given as it was, by a look at the sessions alone, and whatever
# changes is noticed: a session, who comes and goes, each record that the list shows, however it was changed, what the caller
# may see, and the form of the answer.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1, roles => 1, runner => 1, user => 'mia', server => "LogLevel chatsession:trace4\nChatSessionListMemory 65536",
    mpm_conf => "StartServers 1\nServerLimit 1\nThreadsPerChild 16\nMaxRequestWorkers 16\nMinSpareThreads 1\nMaxSpareThreads 16\n", conf => "ChatSessionPoolMax 1\nChatSessionRunnerInterval 100ms")->run;
$t->sql(<<'SQL');
INSERT INTO chat_topic (id, name) VALUES (1, 'Printers'), (2, 'Ships');
INSERT INTO chat_topic_user (topic_id, user_id, can_listen) SELECT 1, associate_id, true FROM associate WHERE name = 'mia';
INSERT INTO associate (associate_id, name, full_name, person_id) VALUES (16, 'ole', 'Ole', 111), (17, 'per', 'Per', 112), (18, 'eva', 'Eva', 0);
INSERT INTO person (person_id, firstname, lastname, associate_id) SELECT n, 'Kari ' || n, 'Holm', 17 FROM generate_series(101, 112) AS n;
INSERT INTO contact (contact_id, name, associate_id) SELECT n, 'Fjord ' || n, 16 FROM generate_series(201, 205) AS n;
INSERT INTO chat_session (id, topic_id, user_id, customer_id, contact_id, first_message, when_requested)
SELECT n, 1, 16, 100 + n, 200 + n % 5, 'Hello ' || n, '2024-05-01 08:00' FROM generate_series(1, 12) AS n;
INSERT INTO chat_session (id, topic_id, user_id, customer_id) SELECT n, 1, 18, 101 FROM generate_series(21, 24) AS n;
SELECT setval('chat_session_id_seq', 100);
SQL

my $columns = 'chatSessionId,firstMessage,person/fullName,contact/name,associate/fullName,associate/lastName,chatTopic/name,'
    . 'person/personAssociate/fullName,contact/contactAssociate/userName,contact/number';
sub list_url { my (%p) = @_; my $where = delete $p{at} // $all; return "$where?" . join '&', map { ($_ =~ /^_/ ? $_ : "\$$_") . '=' . $p{$_} =~ s/ /%20/gr } sort keys %p }
my %mine = (filter => 'associateId eq 16', orderBy => 'chatSessionId desc', top => 8, select => $columns);
my $mine = list_url(%mine);

# How a list is answered, and by which statements: of rows, of rows with marks, of the mark alone.
sub by {
    my ($url, %more) = @_;
    my $before = length $t->log_text;
    my $method = delete $more{method} // 'GET';
    my $got = $t->request($method, $url, user => $more{user} // 'mia', %more);
    my @sent = substr($t->log_text, $before) =~ /\] query [^:]*: SELECT (list\..*?) FROM caller\(/g;
    return ($got, join ' ', $got->{status}, map { /^list\.mark/ ? 'mark' : /list\.mark/ ? 'marked' : 'rows' } @sent);
}
sub how { my ($url, %more) = @_; return (by($url, %more))[1] }

my $fresh = 0;
sub rows_now { my ($url, %more) = @_; my ($got, $how) = by($url . '&_new=' . ++$fresh, %more); die "$how" if $how !~ /^\d+ rows$/; return $got }

# A list that is remembered.
sub learn { my ($url, %more) = @_; how($url, %more) for 1 .. 3; return how($url, %more) }

# ---------------------------------------------------------------- nothing changes

my ($first, $how) = by($mine);
is($how, '200 rows', 'a list');
is(scalar @{$first->{json}{value}}, 8, 'of eight');
is($first->{json}{value}[0]{'person/fullName'}, 'Kari 112 Holm', 'with what it shows');
(my $got, $how) = by($mine);
is($how, '200 marked', 'the second time it comes with marks');
is($got->{content}, $first->{content}, 'and is the same');
for my $time (3 .. 5) {
    ($got, $how) = by($mine);
    is($how, '200 mark', "time $time the mark alone is asked for");
    is($got->{content}, $first->{content}, 'the answer is the same');
    is($got->{headers}{'content-type'}, $first->{headers}{'content-type'}, 'and of the same kind');
}
is(how($mine, method => 'HEAD'), '200 mark', 'and so for its head');

# ---------------------------------------------------------------- something does

sub replayed { my ($sql) = @_; return "SET session_replication_role = replica; $sql; RESET session_replication_role" }
my @changes = (
    ['a session', "UPDATE chat_session SET first_message = 'Good morning' WHERE id = 12"],
    ['one that is gone', 'DELETE FROM chat_session WHERE id = 11'],
    ['one that comes', "INSERT INTO chat_session (id, topic_id, user_id, customer_id) VALUES (30, 1, 16, 101)"],
    ['two that were made by one transaction, one for the other', "UPDATE chat_session SET user_id = 18 - 2 * (id - 22) WHERE id IN (22, 23); UPDATE chat_session SET user_id = 34 - user_id WHERE id IN (22, 23)"],
    ['one that is somebody else\'s', 'UPDATE chat_session SET user_id = 18 WHERE id = 30'],
    ['a customer', "UPDATE person SET lastname = 'Vik' WHERE person_id = 110"],
    ['his company', "UPDATE contact SET name = 'Fjorden' WHERE contact_id = 202"],
    ['the agent', "UPDATE associate SET full_name = 'Ole Lie' WHERE associate_id = 16"],
    ['the agent\'s person', "UPDATE person SET lastname = 'Lie' WHERE person_id = 111"],
    ['the customer\'s own associate', "UPDATE associate SET full_name = 'Per Lie' WHERE associate_id = 17"],
    ['the company\'s', "UPDATE associate SET username = 'ole\@lie' WHERE associate_id = 16"],
    ['the topic', "UPDATE chat_topic SET name = 'Scanners' WHERE id = 1"],
    ['a customer who is gone', 'DELETE FROM person WHERE person_id = 109'],
    ['and has come', "INSERT INTO person (person_id, firstname) VALUES (109, 'Ida')"],
    ['a company instead of another', "DELETE FROM contact WHERE contact_id = 203; INSERT INTO contact (contact_id, name) VALUES (203, 'Skerry')"],
    ['companies that are all gone', 'TRUNCATE contact'],
    ['and have come', "INSERT INTO contact (contact_id, name) SELECT n, 'New ' || n FROM generate_series(200, 205) AS n"],
    ['what is replicated', replayed("UPDATE person SET lastname = 'Moe' WHERE person_id = 108")],
    ['what no trigger saw', "ALTER TABLE person DISABLE TRIGGER ALL; UPDATE person SET lastname = 'Dal' WHERE person_id = 108; ALTER TABLE person ENABLE ALWAYS TRIGGER reference_change, ENABLE REPLICA TRIGGER reference_change_replicated"],
    ['what was changed under another name', "ALTER TABLE person RENAME TO other; UPDATE other SET lastname = 'Lid' WHERE person_id = 108; ALTER TABLE other RENAME TO person"],
    ['a column that is written anew', "ALTER TABLE contact ALTER COLUMN number2 TYPE varchar(49) USING 'N' || contact_id"],
    ['a column under another\'s name', "ALTER TABLE contact RENAME COLUMN name TO swap; ALTER TABLE contact RENAME COLUMN department TO name; ALTER TABLE contact RENAME COLUMN swap TO department"],
    ['and back', "ALTER TABLE contact RENAME COLUMN name TO swap; ALTER TABLE contact RENAME COLUMN department TO name; ALTER TABLE contact RENAME COLUMN swap TO department"],
    ['what the caller may see', 'UPDATE chat_session SET topic_id = 2 WHERE id = 10; UPDATE chat_topic_user SET topic_id = 2'],
    ['and no more', 'UPDATE chat_topic_user SET topic_id = 1'],
);
for my $change (@changes) {
    my ($what, $sql) = @$change;
    my $before = (by($mine))[0]{content};
    is(learn($mine), '200 mark', "$what: before");
    $t->sql($sql);
    ($got, $how) = by($mine);
    is($how, '200 mark marked', 'is noticed') or diag($sql);
    is_deeply($got->{json}, rows_now($mine)->{json}, 'and answered as it is');
    isnt($got->{content}, $before, 'which is another');
    is(how($mine), '200 marked', 'after a change the list is read at once');
    is(how($mine), '200 mark', 'until it has stayed the same');
}

# ---------------------------------------------------------------- who changes something meanwhile

$t->hold("UPDATE person SET lastname = 'Ek' WHERE person_id = 108");
is(how($mine), '200 mark', 'what is not committed is not there');
is(how(list_url(%mine, top => 7)), $_, 'for whom it is new neither') for '200 rows', '200 marked', '200 mark';
$t->let_go;
is(how($mine), '200 mark', 'nor is what never was');
my $late = $t->hold("UPDATE person SET lastname = 'Ek' WHERE person_id = 108");
is(learn(list_url(%mine, top => 6)), '200 mark', 'a list that was read while somebody changed it');
print $late "COMMIT;\n";
close $late;
for my $top (8, 6, 7) {
    ($got, $how) = by(list_url(%mine, top => $top));
    is($how, '200 mark marked', 'is another when that is committed');
    is((grep { $_->{chatSessionId} == 8 } @{$got->{json}{value}})[0]{'person/fullName'}, 'Kari 108 Ek', 'and says so') if $top > 6;
}
is(learn($mine), '200 mark', 'when somebody writes beside it');
$t->sql("UPDATE project SET name = 'x'; UPDATE chat_session SET rating = 5 WHERE user_id = 18; INSERT INTO chat_message (session_id, message) VALUES (12, 'Hi')");
is(how($mine), '200 mark', 'it stays the same');

# ---------------------------------------------------------------- who asks, and how

is(learn($mine, user => 'otto'), '200 mark', 'whom nothing is shown to');
is_deeply((by($mine, user => 'otto'))[0]{json}{value}, [], 'is shown nothing');
is((by($mine))[0]{json}{value}[0]{chatSessionId}, 22, 'which changes nothing for who may see');
is(how($mine, user => 'nobody'), $_, 'who is nobody is told so') for '403 rows', '403 marked', '403 marked';
$t->sql("UPDATE associate SET deleted = true WHERE name = 'mia'");
is(how($mine), '403 mark', 'and who is no more');
$t->sql("UPDATE associate SET deleted = false WHERE name = 'mia'");
learn($mine);
for my $form ([{Accept => 'application/xml'}, 'rows'], [{'SO-TimeZone' => 'JP'}], [{'Accept-Language' => 'de'}], [{Host => 'other.example'}]) {
    my ($headers, $stays) = @$form;
    my $name = join ' ', %$headers;
    is(how($mine, headers => $headers), '200 rows', "$name: another form is another answer");
    ($got, $how) = by($mine, headers => $headers) for 1 .. 2;
    is($how, '200 ' . ($stays // 'mark'), 'remembered by itself' . ($stays ? ', or not at all' : ''));
    is($got->{content}, (by("$mine&_new=" . ++$fresh, headers => $headers))[0]{content}, 'and right') if !$stays;
}
is(how($mine), '200 mark', 'which is remembered beside them');
for my $never (['with figures', list_url(%mine, select => 'GroupBy(status):Header,CountAll(rating)')], ['with a count', list_url(%mine, at => '/api/v1/Archive/ChatSession', inlineCount => 'True')],
               ['of what somebody else finds', list_url(%mine, select => 'person/correspondingAssociate/fullName')], ['of what is found elsewhere', list_url(%mine, select => 'person/supportAssociate')],
               ['whose values decide where to look', list_url(%mine, filter => 'status eq 0')]) {
    my ($what, $url) = @$never;
    my @how = map { how($url) } 1 .. 3;
    is("@how", '200 rows 200 rows 200 rows', "a list $what is read each time");
}

# ---------------------------------------------------------------- pages, a topic's list, the archive

for my $url (list_url(at => '/api/v1/Archive/ChatSession', %mine), list_url(at => '/api/v1/ChatTopic/1/Sessions', select => $columns), list_url(select => 'chatSessionId,rating', orderBy => 'rating', top => 3),
             list_url(filter => 'associateId eq 99', select => 'chatSessionId')) {
    is(learn($url), '200 mark', "$url: is remembered");
    my $now = rows_now($url)->{content} =~ s/&_new=\d+//gr;
    is((by($url))[0]{content}, $now, 'as it is');
    $t->sql('INSERT INTO chat_session (topic_id, user_id, rating, customer_id) VALUES (1, 16, -3, 101), (1, 99, 1, 101)');
    is(how($url), '200 mark marked', 'until one comes');
}
is(learn(list_url(at => '/api/v1/ChatTopic/1/Sessions')), '200 mark', 'the list of a topic');
$t->sql("DELETE FROM chat_topic_user; INSERT INTO chat_topic_user (topic_id, user_id, can_listen) SELECT 2, associate_id, true FROM associate WHERE name = 'mia'");
is(how(list_url(at => '/api/v1/ChatTopic/1/Sessions')), '404 mark marked', 'is none for who may no more know it');
$t->sql('UPDATE chat_topic_user SET topic_id = 1');

$t->sql("INSERT INTO chat_session (topic_id, user_id, customer_id, first_message) SELECT 1, 77, 101, repeat('x', 1000) FROM generate_series(1, 400)");
my %long = (filter => 'associateId eq 77', select => 'chatSessionId,firstMessage', top => 290);
my @how = map { how(list_url(%long)) } 1 .. 4;
is("@how", '200 rows 200 marked 200 rows 200 rows', 'what is too long is not remembered, nor tried again');
is(learn(list_url(%long, top => 10)), '200 mark', 'what is not is');

# ---------------------------------------------------------------- other tables, another connection

is(learn($mine), '200 mark', 'a list');
$t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
ok(wait_for(10, sub { how($mine) =~ /^200 (?:marked|mark marked)$/ }), 'over a new connection nothing is taken for known');
is(learn($mine), '200 mark', 'but learned anew');
for my $table (['another table', 'CREATE TABLE more_people () INHERITS (person)', 'DROP TABLE more_people; ANALYZE person'],
               ['rows that not everybody sees', "ALTER TABLE person ENABLE ROW LEVEL SECURITY; CREATE POLICY most ON person USING (person_id <> 108)", 'DROP POLICY most ON person; ALTER TABLE person DISABLE ROW LEVEL SECURITY'],
               ['a table below another', 'CREATE TABLE beings (LIKE person); ALTER TABLE person INHERIT beings', 'ALTER TABLE person NO INHERIT beings; DROP TABLE beings'],
               ['a view', 'ALTER TABLE person RENAME TO kept; CREATE VIEW person AS SELECT * FROM kept; GRANT SELECT ON person TO chatsession', 'DROP VIEW person; ALTER TABLE kept RENAME TO person'],
               ['triggers that are on as any other', 'ALTER TABLE person DISABLE TRIGGER ALL, ENABLE TRIGGER ALL', "SELECT watch_reference('person')"],
               ['no trigger', 'DROP TRIGGER reference_change ON person', "SELECT watch_reference('person')"]) {
    my ($what, $sql, $back) = @$table;
    my $remembered = list_url(%mine, _table => $what);
    is(learn($remembered), '200 mark', "$what: before");
    $t->sql($sql);
    is(how($remembered), '200 mark marked', 'may be another');
    is(how($remembered), '200 rows', 'and is read each time') for 1 .. 2;
    my $empty = list_url(%mine, filter => 'associateId eq 66', _table => $what);
    is_deeply((by($empty))[0]{json}{value}, [], 'and one that was empty') for 1 .. 4;
    $t->sql('INSERT INTO chat_session (topic_id, user_id, customer_id) VALUES (1, 66, 101)');
    is(scalar @{(by($empty))[0]{json}{value}}, 1, 'is no more');
    $t->sql('DELETE FROM chat_session WHERE user_id = 66');
    $t->sql($back);
    is(learn(list_url(%mine, _table => "$what, no more")), '200 mark', 'until there is none any more');
}
$t->sql('ALTER TABLE chat_session RENAME TO kept; CREATE VIEW chat_session AS SELECT * FROM kept; GRANT SELECT ON chat_session TO chatsession');
is(how($mine), '200 mark rows', 'sessions that are a view have no marks');
is(how($mine), '200 rows', 'and are not asked for any') for 1 .. 2;
$t->sql('DROP VIEW chat_session; ALTER TABLE kept RENAME TO chat_session');

# ---------------------------------------------------------------- what the sessions' rows do not tell

$t->stop; # for a while it would not ask for marks
$t->run;

my $ordered = list_url(orderBy => 'person/kanaFirstName', top => 20, select => 'person/kanaFirstName');
$t->sql("UPDATE person SET kanafname = (ARRAY['a', 'B', 'c', 'D'])[1 + person_id % 4]");
is(learn($ordered), '200 mark', 'an order');
$t->sql('ALTER TABLE person ALTER kanafname TYPE varchar(99) COLLATE "en-x-icu"');
($got, $how) = by($ordered);
is($how, '200 mark marked', 'is another by another collation');
is($got->{content}, rows_now($ordered)->{content} =~ s/&_new=\d+//gr, 'as it is');
is(learn($mine), '200 mark', 'what may be read');
$t->sql('REVOKE SELECT ON contact FROM chatsession; GRANT SELECT (contact_id, associate_id) ON contact TO chatsession');
is($t->get($mine, user => 'mia')->{status}, 503, 'may be no more');
$t->sql('GRANT SELECT ON contact TO chatsession');
$t->stop;
$t->run;

is(learn($mine), '200 mark', 'notes');
$t->sql('REVOKE SELECT ON reference_change FROM chatsession');
is(how($mine), '200 mark rows', 'that may not be read');
is(how($mine), '200 rows', 'are not asked for') for 1 .. 2;
$t->sql('GRANT SELECT ON reference_change TO chatsession');
$t->stop;
$t->run;
$t->sql('ALTER TABLE person ENABLE ROW LEVEL SECURITY');
is(learn($mine), '200 rows', 'what cannot be remembered');
$t->sql("ALTER TABLE person DISABLE ROW LEVEL SECURITY; SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
ok(wait_for(10, sub { how($mine) eq '200 mark' }), 'can some time later');

my $standby = $t->cluster->standby;
is($standby->sql('empty', "SELECT pg_is_in_recovery(), mark_seed('{person}', 'chat_session') IS NULL, mark_seed('{}', 'chat_session') IS NULL"), 't|t|f',
    'a standby does not know who is at work: there no list is remembered that notes tell of');
is($t->sql("SELECT pg_is_in_recovery(), mark_seed('{person}', 'chat_session') IS NULL, mark_seed('{}', 'chat_session') IS NULL"), 'f|f|f', 'others are');
undef $standby;

# Two sessions that one transaction made and another changes: no change of both may undo itself in the list's mark.
is($t->sql("SELECT count(*) - count(DISTINCT hash_record_extended(ROW('793'::xid), hashint8extended(id, 7)) # hash_record_extended(ROW('794'::xid), hashint8extended(id, 7)))"
    . " FROM generate_series(1, 200000) AS id"), 0, 'no two sessions change their marks alike');

$t->sql("INSERT INTO person (person_id, firstname) SELECT n, 'x' FROM generate_series(2001, 7000) AS n; ANALYZE person");
$late = $t->hold("COMMIT; BEGIN ISOLATION LEVEL SERIALIZABLE; UPDATE person SET lastname = 'Aa' WHERE person_id = 2001");
is($t->sql("BEGIN ISOLATION LEVEL SERIALIZABLE; UPDATE person SET lastname = 'Bb' WHERE person_id = 7000; COMMIT; SELECT lastname FROM person WHERE person_id = 7000"), 'Bb', 'who writes serializable');
print $late "COMMIT;\n";
close $late;
is($t->sql('SELECT lastname FROM person WHERE person_id = 2001'), 'Aa', 'depends on nobody who changes another');
is($t->sql("SELECT has_function_privilege('chatsession', 'note_reference_change()', 'EXECUTE')"), 'f', 'and notes are nobody\'s but the triggers\'');

# ---------------------------------------------------------------- by many at once

learn($mine);
my @seen = $t->parallel(6, sub {
    my ($n) = @_;
    my @wrong;
    for my $time (1 .. 25) {
        my $name = "n$n.$time";
        my ($table, $member, $sql) = @{([person => 'person/fullName', "UPDATE person SET firstname = '', lastname = '$name' WHERE person_id = 100 + $n"],
            [contact => 'contact/name', "UPDATE contact SET name = '$name' WHERE contact_id = 200 + $n % 5"],
            [chat_session => 'firstMessage', "UPDATE chat_session SET first_message = '$name' WHERE id = $n"])[$time % 3]};
        $t->sql($sql);
        my @rows = @{$t->get(list_url(%mine, top => 20), user => 'mia')->{json}{value} // []};
        my ($row) = grep { $_->{chatSessionId} == $n } @rows;
        push @wrong, "$name: $row->{$member}" if $row->{$member} ne $name && ($table ne 'contact' || $row->{$member} !~ /^n\d/);
    }
    return \@wrong;
});
is(join('; ', map { @$_ } @seen), '', 'whoever has changed something finds it');

# ---------------------------------------------------------------- notes that are gone

sub transactions { my ($count) = @_; $t->sql("DO \$\$ BEGIN FOR i IN 1 .. $count LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END \$\$") }
$t->stop;
$t->run;
is(learn($mine), '200 mark', 'after a start');
$t->sql("UPDATE project SET name = 'y'");
is(how($mine), '200 mark', 'a change of what it does not show is none');
transactions(49_900);
is(how($mine), '200 mark', 'a list is remembered for some fifty thousand changes of anything');
transactions(200);
is(how($mine), '200 mark marked', 'and no longer');
is(how($mine), $_, 'but then again') for '200 marked', '200 mark';
$t->sql("UPDATE person SET lastname = 'By' WHERE person_id = 108");
cmp_ok($t->sql('SELECT count(*) FROM reference_change'), '>', 0, 'notes are kept');
transactions(100_100);
ok(wait_for(10, sub { $t->sql('SELECT count(*) FROM reference_change') == 0 }), 'as long as anybody may ask for them');
$t->sql("INSERT INTO reference_change VALUES ('99999999999', 'person')");
ok(wait_for(10, sub { $t->sql('SELECT count(*) FROM reference_change') == 0 }), 'and none of another cluster');
is($t->sql("BEGIN; UPDATE person SET lastname = 'By'; UPDATE person SET lastname = 'Bye'; UPDATE contact SET name = 'x'; SELECT count(*) FROM reference_change; ROLLBACK"), 2, 'a transaction notes each table once');

# ---------------------------------------------------------------- no memory

$t->stop;
$t->{server} = $t->{server} =~ s/ListMemory \d+/ListMemory 0/r;
$t->run;
@how = map { how($mine) } 1 .. 4;
is("@how", '200 rows 200 rows 200 rows 200 rows', 'without memory every list is read');
$t->expect_log(qr/CS010[1234]: |permission denied for table (?:contact|reference_change)|CS024[24]: time-driven work /)->done;
done_testing();
