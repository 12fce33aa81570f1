#!/usr/bin/perl
# If-None-Match: what has not changed is neither brought nor written to find that out, and whatever changes is noticed:
# the session, each record that its answer shows, what the caller may do, and the form of the answer.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $url = "$all/1";

my $t = ChatSession::Test->new(more => 1, roles => 1, user => 'mia', server => 'LogLevel chatsession:trace1', mpm_conf => "StartServers 1\nServerLimit 1\nThreadsPerChild 16\nMaxRequestWorkers 16\nMinSpareThreads 1\nMaxSpareThreads 16\n",
    conf => "ChatSessionPoolMax 1")->run;
$t->sql("INSERT INTO chat_topic (id, name) VALUES (1, 'Printers'); INSERT INTO chat_topic_user (topic_id, user_id, can_listen) SELECT 1, associate_id, true FROM associate WHERE name = 'mia'");
$t->sql("INSERT INTO person (person_id, firstname) VALUES (11, 'Kari'); INSERT INTO contact (contact_id, name) VALUES (12, 'Fjord'); INSERT INTO project (project_id, name) VALUES (13, 'Ship');"
    . " INSERT INTO sale (sale_id, heading) VALUES (14, 'Paint'); INSERT INTO ticket (id, title) VALUES (15, 'Leak');"
    . " INSERT INTO associate (associate_id, name, full_name) VALUES (16, 'ole', 'Ole'), (17, 'per', 'Per')");
$t->sql("INSERT INTO chat_session (id, topic_id, user_id, customer_id, contact_id, project_id, sale_id, ticket_id, transfer_to, name, when_requested)"
    . " SELECT n, 1, 16, 11, 12, 13, 14, 15, 17, 'Customer ' || n, '2024-05-01 08:00' FROM generate_series(1, 20) n");

sub told { my ($what) = @_; return scalar(() = $t->log_text =~ /statement $what$/mg) }
sub ask { my ($tag, %more) = @_; return $t->get($more{url} // $url, user => $more{user} // 'mia', headers => {'If-None-Match' => $tag, %{$more{headers} // {}}}) }

# How a request with the tag is answered, and by which statements.
sub by {
    my ($tag, %more) = @_;
    my @names = qw(session_check session_get_marked session_get);
    my %before = map { $_ => told($_) } @names;
    my $got = ask($tag, %more);
    return ($got, join ' ', $got->{status}, grep { told($_) > $before{$_} } @names);
}
sub how { my ($tag, %more) = @_; return (by($tag, %more))[1] }

# ---------------------------------------------------------------- nothing changes

my $full = $t->get($url);
my $tag = $full->{headers}{etag};
is(how($tag), '304 session_get_marked', 'the first time the answer is made to know its tag');
my ($got, $how) = by($tag);
is($how, '304 session_check', 'then the database is asked whether anything is another');
is($got->{headers}{etag}, $tag, 'the answer has the tag');
is($got->{headers}{'last-modified'}, $full->{headers}{'last-modified'}, 'and when it was changed last');
is($got->{content}, '', 'and nothing else');
is(how($_), '304 session_check', "as $_") for '*', "W/$tag", qq("1-0", $tag), $tag =~ s/"$/-gzip"/r;
is(how('"1-0000000000000000"'), '200 session_get_marked', 'with another tag all of it is sent, at once');
is(how($tag), '304 session_check', 'and it is still known');
is(how($tag, headers => {'If-Match' => '"9-0"'}), '412 session_check', 'what else is demanded counts before it');
is($t->get($url)->{headers}{etag}, $tag, 'who does not ask gets all of it');

# ---------------------------------------------------------------- something does

my @changes = (
    ['the session', "UPDATE chat_session SET name = 'Somebody' WHERE id = 1"],
    ['its agent', "UPDATE associate SET full_name = 'Ole Vik' WHERE associate_id = 16"],
    ['its customer', "UPDATE person SET firstname = 'Karin' WHERE person_id = 11"],
    ['his company', "UPDATE contact SET name = 'Fjorden' WHERE contact_id = 12"],
    ['the project', "UPDATE project SET name = 'Ships' WHERE project_id = 13"],
    ['the sale', "UPDATE sale SET heading = 'Paints' WHERE sale_id = 14"],
    ['the ticket', "UPDATE ticket SET title = 'Leaks' WHERE id = 15"],
    ['to whom it is offered', "UPDATE associate SET full_name = 'Per Vik' WHERE associate_id = 17"],
    ['a record that is gone', "DELETE FROM sale WHERE sale_id = 14"],
    ['one that has come', "INSERT INTO sale (sale_id, heading) VALUES (14, 'Paint')"],
    ['one that came in the place of another', "DELETE FROM ticket WHERE id = 15; INSERT INTO ticket (id, title) VALUES (15, 'Flood')"],
    ['a column in the place of another', "ALTER TABLE person DROP COLUMN title; ALTER TABLE person ADD COLUMN title varchar(239) NOT NULL DEFAULT 'Captain'"],
    ['what the caller may do', "UPDATE chat_topic_user SET manager = true"],
    ['and no more', "UPDATE chat_topic_user SET manager = false"],
);
for my $change (@changes) {
    my ($what, $sql) = @$change;
    $t->sql($sql);
    my ($new, $how) = by($tag);
    is($how, '200 session_check session_get_marked', "$what: is sent anew") or diag($sql);
    isnt($new->{headers}{etag}, $tag, 'with a tag of its own');
    is_deeply($new->{json}, $t->get($url)->{json}, 'as it is');
    $tag = $new->{headers}{etag};
    is(how($tag), '304 session_check', 'until it changes again');
}
$t->sql("UPDATE person SET firstname = firstname; UPDATE chat_topic_user SET can_listen = can_listen");
is(how($tag), '304 session_check session_get_marked', 'a record that was saved as it is: the answer is the same');
is(how($tag), '304 session_check', 'and known again');

# ---------------------------------------------------------------- who asks, and how

is(how($tag, user => 'otto'), '404 session_check session_get_marked', 'whom it does not exist for is told so');
is(how($tag, user => 'nobody'), '403 session_check', 'and who is nobody');
is(how($tag), '304 session_check', 'which changes nothing for who may');
for my $form ([{Accept => 'application/xml'}], [{'SO-TimeZone' => 'JP'}], [{'SO-TimeZone' => 'NO,includeTZOffset'}], [{Host => 'other.example'}], [{}, "$url?\$select=CustomerName"]) {
    my ($headers, $where) = @$form;
    my %more = (headers => $headers, url => $where // $url);
    my $name = join ' ', %$headers, $where // ();
    my ($new, $how) = by($tag, %more);
    is($how, '200 session_get_marked', "$name: another form is another answer");
    is(how($new->{headers}{etag}, %more), '304 session_check', 'with its own tag');
    is(how($new->{headers}{etag}), '200 session_get_marked', 'which is not that of the first');
}
is(how($tag), '304 session_check', 'which is known still');
my %english = (headers => {'Accept-Language' => 'en'});
is(how($tag, %english), '304 session_get_marked', 'the same text in another language has the same tag');
is(how($tag, %english), '304 session_check', 'and is known by its language');

# ---------------------------------------------------------------- by many

my %tags = map { $_ => $t->get("$all/$_")->{headers}{etag} } 1 .. 20;
ask($tags{$_}, url => "$all/$_") for 1 .. 20;
$t->sql("UPDATE chat_session SET name = 'New ' || id WHERE id % 3 = 0");
my @answers = $t->parallel(8, sub { my ($n) = @_; return [map { ask($tags{$_}, url => "$all/$_")->{status} } 1 .. 20] });
is_deeply(\@answers, [([map { $_ % 3 ? 304 : 200 } 1 .. 20]) x 8], 'each is told of his own');

# ---------------------------------------------------------------- saves, removal

my $saved = $t->put($url, {TopicId => 1, CustomerName => 'Kari'}, user => 'admin');
is(how($tag), '200 session_check session_get_marked', 'a save is seen at once');
my $admin = $t->get($url, user => 'admin')->{headers}{etag};
is($saved->{headers}{etag}, $admin, 'who saved has the tag of what he saved');
is(how($admin, user => 'admin'), '304 session_get_marked', 'and gets no more');
is(how($admin, user => 'admin'), '304 session_check', 'again');
is($t->del($url, user => 'admin')->{status}, 204, 'when it is removed');
is(how($admin, user => 'admin'), '404 session_check session_get_marked', 'it is not there any more');

# ---------------------------------------------------------------- another connection, a view

$url = "$all/2";
$tag = $t->get($url)->{headers}{etag};
ask($tag);
is(how($tag), '304 session_check', 'another session');
$t->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'chatsession'");
ok(wait_for(10, sub { how($tag) eq '304 session_get_marked' || how($tag) eq '304 session_check' }), 'over a new connection nothing is taken for known');
is(how($tag), '304 session_check', 'but learned anew');

# Whose mark would not tell all: a table with others below it, rows that not everybody sees.
for my $case (['another table', 'CREATE TABLE more_sales () INHERITS (sale)', 'DROP TABLE more_sales; ANALYZE sale'],
               ['row security', 'ALTER TABLE sale ENABLE ROW LEVEL SECURITY; CREATE POLICY all_of_it ON sale USING (true)', 'DROP POLICY all_of_it ON sale; ALTER TABLE sale DISABLE ROW LEVEL SECURITY']) {
    my ($what, $sql, $back) = @$case;
    ask($tag) for 1 .. 2; # the first makes a connection
    is(how($tag), '304 session_check', "$what: before");
    $t->sql($sql);
    is(how($tag), $_, 'the answer is made to know its tag') for '304 session_check session_get_marked', '304 session_get';
    $t->sql("UPDATE sale SET heading = '$what' WHERE sale_id = 14");
    ($got, $how) = by($tag);
    is($got->{status}, 200, 'and what changes is told');
    $tag = $got->{headers}{etag};
    $t->sql($back);
    $t->stop;
    $t->run;
}
ask($tag) for 1 .. 2;
is(how($tag), '304 session_check', 'without them the database tells');

$t->sql("ALTER TABLE sale RENAME TO kept_sale; CREATE VIEW sale AS SELECT * FROM kept_sale; GRANT SELECT ON sale TO chatsession");
($got, $how) = by($tag);
is($got->{status}, 304, 'a view in the place of a table: unchanged as it is') or diag($how);
is(how($tag), '304 session_get', 'found out without marks');
$t->sql("UPDATE kept_sale SET heading = 'Varnish'");
is(how($tag), '200 session_get', 'and so is what changes in it');
$t->expect_log(qr/CS010[1234]: /)->done;
done_testing();
