#!/usr/bin/perl
# What the logs say: one numbered line per request at debug, slow calls at warn, notes for the access log - and no
# value, body or credential anywhere.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(conf => "ChatSessionSlow 300ms\nLogLevel chatsession:trace8")->run;
my $all = '/api/v1/ChatSession';
my $secret = 'Kleingedrucktes-4711';

my $made = $t->post("$all?\$select=$secret", {CustomerName => $secret, SessionKey => $secret, CustomerEmail => "$secret\@example.test"});
my $id = $made->{json}{ChatSessionId} // $t->sql('SELECT max(id) FROM chat_session');
$t->get("$all/$id?x=$secret");
$t->put("$all/$id", {CustomerName => $secret, Status => $secret});
$t->request('POST', $all, headers => {'Content-Type' => 'application/json', Cookie => $secret, 'X-Other' => $secret}, content => "{\"$secret\":");
$t->del("$all/$id");
$t->get("$all/$id");

ok(wait_for(5, sub { $t->access_log =~ /DELETE.*\n.*404/ }), 'the access log is there');
my $request = qr/[0-9a-f]{16}/;
my $ms = qr/\d+\.\d/;
like($t->access_log, qr{^POST $all 200 session_create $id anna $ms $ms $request$}m, 'notes: operation, session, user, milliseconds waiting and in the database');
like($t->access_log, qr{^GET $all/$id 200 session_get $id anna $ms $ms $request$}m, 'for each operation');
like($t->access_log, qr{^DELETE $all/$id 204 session_delete $id anna $ms $ms $request$}m, 'also where there is no content');
like($t->access_log, qr{^GET $all/$id 404 session_get - anna $ms $ms $request$}m, 'also for errors');

my $log = $t->log_text;
like($log, qr/\[chatsession:debug\].* CS0202: request $request: GET session_get: 200 in $ms ms, waiting $ms, database $ms$/m, 'a line per request at debug');
like($log, qr/\[chatsession:debug\].* CS0201: request $request: PUT session_replace: 400 body.invalid, Status value\.name$/m, 'a line per refused request at debug, with its faults');
like($log, qr/\[chatsession:trace1\].* statement session_get$/m, 'the names of statements at trace1');
like($log, qr/\[chatsession:trace4\].* prepare session_get: SELECT asked\.number, caller\.associate_id/, 'their text at trace4');
unlike($log, qr/\Q$secret\E/, 'no value, body, header or query in the log');
unlike($log, qr/Authorization|Basic [A-Za-z0-9]/, 'no credentials');

# ---------------------------------------------------------------- slow calls

open my $psql, '|-', "psql -X -q -h '" . $t->cluster->socket . "' -U postgres -d empty >/dev/null 2>&1" or die;
$psql->autoflush(1);
print $psql "SET application_name = 'holder'; BEGIN; LOCK TABLE chatsession.chat_session;\n";
my $activity = 'FROM pg_stat_activity WHERE';
wait_for(20, sub { $t->sql("SELECT count(*) $activity application_name = 'holder' AND state = 'idle in transaction'") }) or die;
my ($slow) = $t->parallel(2, sub {
    return $t->get("$all/1")->{status} if $_[0] == 1;
    wait_for(20, sub { $t->sql("SELECT count(*) $activity wait_event_type = 'Lock' AND query_start < clock_timestamp() - interval '0.4 s'") });
    return $t->sql("SELECT count(pg_terminate_backend(pid)) $activity application_name = 'holder'");
});
close $psql;
is($slow, 404, 'a slow call gets its answer');
like($t->log_text, qr{\[chatsession:warn\].* CS0203: request $request is slow: GET $all/1 by anna took $ms ms, waiting $ms, database $ms$}m, 'and a warning');
is(scalar(() = $t->log_text =~ /CS0203/g), 1, 'a fast one does not');

# ---------------------------------------------------------------- hostile names

my $evil = "an\x1b[31mna\x01";
$t->get("$all/1", user => undef, headers => {Authorization => ChatSession::Test::basic($evil, 'x')});
$t->get("$all/%1b%5b31m");
unlike($t->log_text . $t->access_log, qr/[^\x20-\x7e\n\xc2-\xf4\x80-\xbf]/, 'no control byte gets into a log');

$t->expect_log(qr/CS0203/, qr/AH01618|AH01617/)->done;
