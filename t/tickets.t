#!/usr/bin/perl
# Tickets: issued, used in either header, extended, ended, capped; never in a log; never 401 when the database is away.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use File::Temp ();
use MIME::Base64 qw(encode_base64 decode_base64);
use ChatSession::Cluster;
use ChatSession::Place;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1, conf => 'ChatSessionLoginAttempts 0', modules => ['status', 'log_debug'],
    server => "ExtendedStatus On\n<Location \"/status\">\nSetHandler server-status\nRequire all granted\n</Location>\n"
        . "<Location \"/other/api\">\nChatSession On\nChatSessionDatabase DATABASE\nAuthType Basic\nAuthName other\nAuthBasicProvider file\nAuthUserFile users\nRequire user otto\n</Location>\n"
        . "LogLevel warn chatsession:trace8 auth_basic:trace8 authn_core:trace8 authn_file:trace8 authz_core:trace8 authz_user:trace8")->run;

# The headers that a ticket comes in.
sub ticket { return (user => undef, headers => {Authorization => "SOTicket $_[0]"}) }
sub issue { my ($who) = @_; return $t->request('POST', '/api/v1/Ticket', user => $who // 'anna')->{json}{Ticket} }
sub count { return $t->sql("SELECT count(*) FROM credential") }
my @secrets;

# ---------------------------------------------------------------- issuing

my $issued = $t->request('POST', '/api/v1/Ticket');
is($issued->{status}, 200, 'TICK-4: who authenticates by other means gets a ticket');
my $ticket = $issued->{json}{Ticket};
push @secrets, $ticket;
like($ticket, qr{^7T:[A-Za-z0-9+/]{40}$}, 'TICK-1: it is 7T: and base64');
is(length decode_base64(substr $ticket, 3), 30, 'TICK-1: of 240 random bits, without a user in it');
is($issued->{json}{Associate}, 'anna', 'it says whose it is');
like($issued->{json}{Expires}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, 'and until when it lives unused');
is($issued->{headers}{'cache-control'}, 'no-store', 'the answer is not stored');
is($t->sql("SELECT extract(epoch FROM expires_at - valid_from)::int / 60 FROM credential"), 361, 'TICK-2: six hours, and the minute that a use may go unnoticed');
is($t->sql("SELECT kind, login, octet_length(digest), xsrf IS NULL, valid_from <= last_used AND last_used < expires_at FROM credential"), 'ticket|anna|32|t|t',
    'TICK-5: the row has kind, user, digest, valid-from, valid-to, last-used');
is($t->sql("SELECT digest = sha256('$ticket') FROM credential"), 't', 'TICK-5: the secret is stored as SHA-256');
unlike($t->sql('SELECT * FROM credential'), qr/\Q@{[substr $ticket, 3]}\E/, 'and not as it is');
isnt(issue(), $ticket, 'TICK-3: asking twice may give another');
is($t->request('POST', '/api/v1/Ticket', user => 'nobody')->{status}, 403, 'who is authenticated but not known gets none');
is($t->request('POST', '/api/v1/Ticket', user => undef)->{status}, 401, 'who is not authenticated gets none');
is($t->get('/api/v1/Ticket')->{status}, 405, 'a ticket cannot be read');
is(count(), 2, 'nothing but what was told is stored');

# ---------------------------------------------------------------- using

for my $scheme (qw(SOTicket SoTicket SOTICKET soticket)) {
    my $answer = $t->get("$all/default", user => undef, headers => {Authorization => "$scheme $ticket"});
    is($answer->{status}, 200, "AUTH-1, AUTH-2, AUTH-5: $scheme and the ticket as it is");
}
is($t->get("$all/default", user => undef, headers => {Authorization => "SOTicket    $ticket"})->{status}, 200, 'AUTH-5: after one blank or several');
is($t->get("$all/default", user => undef, headers => {Authorization => 'Basic ' . encode_base64($_, '')})->{status}, 200, 'AUTH-4: as the user of Basic, ' .
    (/:$/ ? 'with an empty password' : /:x/ ? 'with any password' : 'without one'))
    for "$ticket:", "$ticket:x", $ticket;
is($t->get("$all/default", user => undef, headers => {Authorization => 'bAsIc ' . encode_base64("$ticket:a:b", '')})->{status}, 200, 'AUTH-2: the scheme in any case');
ok(wait_for(5, sub { $t->access_log =~ m{GET $all/default 200 session_default - anna} }), 'the access log has the user behind the ticket');
is($t->get('/other/api/v1/ChatSession/default', ticket($ticket))->{status}, 401, 'Require user otto: a ticket of anna does not do');
is($t->get('/other/api/v1/ChatSession/default', ticket(issue('otto')))->{status}, 200, 'one of otto does, also on another site of the same database');
is($t->request('POST', '/api/v1/Ticket', ticket($ticket))->{status}, 200, 'a ticket gets another ticket');

my @bad = (
    ['an unknown ticket', 'SOTicket 7T:' . 'A' x 40], ['a shorter one', 'SOTicket ' . substr($ticket, 0, 42)], ['a longer one', "SOTicket ${ticket}A"],
    ['one in other case', 'SOTicket ' . lc $ticket], ['none', 'SOTicket'], ['an empty one', 'SOTicket '], ['one without prefix', 'SOTicket ' . substr $ticket, 3],
    ['one encoded again', 'SOTicket ' . encode_base64($ticket, '')], ['two', "SOTicket $ticket $ticket"], ['one in quotes', "SOTicket \"$ticket\""],
    ['an unknown one in Basic', 'Basic ' . encode_base64('7T:' . 'A' x 40 . ':', '')], ['7T: alone in Basic', 'Basic ' . encode_base64('7T:', '')],
    ['malformed base64', 'Basic !!!'], ['an unknown scheme', "Ticket $ticket"], ['a scheme alone', 'Basic'], ['a wrong password', ChatSession::Test::basic('anna', 'x')],
    ['a long one', 'SOTicket 7T:' . 'A' x 7000],
);
for my $case (@bad) {
    my ($what, $header) = @$case;
    my $answer = $t->get("$all/999999", user => undef, headers => {Authorization => $header});
    is($answer->{status}, 401, "AUTH-9: $what: 401");
    is($answer->{json}{ErrorType}, 'SoSessionException', "AUTH-10: $what: the type of the error");
    is($answer->{headers}{'www-authenticate'}, 'Basic realm="chat"', "AUTH-10: $what: a challenge that is enabled");
}
is($t->get("$all/1", ticket('7T:' . 'A' x 40))->{json}{Code}, 'credential.invalid', 'a code of its own');
is($t->get("$all/1", user => undef, headers => {Authorization => 'SOTicket 7T:x', Accept => 'application/problem+json'})->{json}{code}, 'credential.invalid',
    'AUTH-10: in the type asked for');
is($t->request('PUT', "$all/999999", user => undef, headers => {Authorization => 'SOTicket 7T:x', 'Content-Type' => 'text/plain'}, content => 'x')->{status}, 401,
    'AUTH-12: before the body, its type and the row');

# ---------------------------------------------------------------- time

my $digest = "digest = sha256('$ticket')";
my $left = sub { return $t->sql("SELECT round(extract(epoch FROM expires_at - now()) / 60) FROM credential WHERE $digest") };
my $version = sub { return $t->sql("SELECT xmin FROM credential WHERE $digest") };
my $before = $version->();
$t->get("$all/default", ticket($ticket)) for 1 .. 5;
is($version->(), $before, 'TICK-2: uses within a minute write nothing');
$t->sql("UPDATE credential SET last_used = now() - interval '2 minutes', expires_at = now() + interval '10 minutes' WHERE $digest");
$before = $version->();
is($t->get("$all/default", ticket($ticket))->{status}, 200, 'a use after it');
isnt($version->(), $before, 'TICK-2: is written');
is($left->(), 361, 'TICK-2: it lives six hours from there');
$t->sql("UPDATE credential SET last_used = now() - interval '2 minutes', expires_at = now() + interval '90 days' WHERE $digest");
$t->get("$all/default", ticket($ticket));
is($left->(), 90 * 24 * 60, 'one that lives longer is not shortened');

$t->sql("UPDATE credential SET last_used = now() - interval '7 hours', expires_at = now() - interval '1 second' WHERE $digest");
is($t->get("$all/default", ticket($ticket))->{status}, 401, 'TICK-2: one last used more than six hours ago: 401') for 1 .. 2;
is($t->sql("SELECT expires_at < now() FROM credential WHERE $digest"), 't', 'TICK-2: and a use does not revive it');
my @raced = $t->parallel(6, sub { [map { $t->get("$all/default", ticket($ticket))->{status} } 1 .. 5] });
is_deeply([map { @$_ } @raced], [(401) x 30], 'TICK-2: nor do many at once');
is($t->request('DELETE', '/api/v1/Ticket', ticket($ticket))->{status}, 401, 'it cannot even be ended');
$t->request('POST', '/api/v1/Ticket');
is($t->sql("SELECT count(*) FROM credential WHERE $digest"), 0, 'the next one that is issued sweeps it away');

# ---------------------------------------------------------------- many at once

$ticket = issue();
push @secrets, $ticket;
$digest = "digest = sha256('$ticket')";
$t->sql("UPDATE credential SET last_used = now() - interval '2 minutes' WHERE $digest");
my @used = $t->parallel(20, sub { [map { $t->get("$all/default", ticket($ticket))->{status} } 1 .. 10] });
is_deeply([map { @$_ } @used], [(200) x 200], 'TICK-3: twenty connections use one ticket at once');
$t->sql("UPDATE credential SET last_used = now() - interval '2 minutes' WHERE $digest");
open my $psql, '|-', "psql -X -q -h '" . $t->cluster->socket . "' -U postgres -d empty >/dev/null 2>&1" or die;
$psql->autoflush(1);
print $psql "SET application_name = 'holder'; BEGIN; SELECT FROM chatsession.credential FOR UPDATE; SELECT pg_sleep(30);\n";
wait_for(5, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND wait_event = 'PgSleep'") });
is($t->get("$all/default", ticket($ticket))->{status}, 200, 'TICK-3: a use does not wait for who holds the row');
$t->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'");
close $psql;

# ---------------------------------------------------------------- ending

is($t->request('DELETE', '/api/v1/Ticket')->{json}{Code}, 'credential.other', 'DELETE ends the ticket of the call: with Basic there is none');
is($t->request('DELETE', '/api/v1/Ticket', ticket($ticket))->{status}, 204, 'with it, it ends');
is($t->get("$all/default", ticket($ticket))->{status}, 401, 'at once');
is($t->sql("SELECT count(*) FROM credential WHERE $digest"), 0, 'and its row is gone');
my $retired = issue('otto');
$t->sql("UPDATE associate SET deleted = true WHERE name = 'otto'");
is($t->get("$all/default", ticket($retired))->{status}, 403, 'R-20: a ticket of a retired associate: 403, as with every other way to log in');
is($t->request('POST', '/api/v1/Ticket', ticket($retired))->{status}, 403, 'it gets no other');
is($t->request('DELETE', '/api/v1/Ticket', ticket($retired))->{status}, 204, 'but it can be ended');
$t->sql("UPDATE associate SET deleted = false WHERE name = 'otto'");

# ---------------------------------------------------------------- graceful restart, nothing in the logs

$ticket = issue();
push @secrets, $ticket;
$t->graceful;
is($t->get("$all/default", ticket($ticket))->{status}, 200, 'a graceful restart ends no ticket');
my $status = $t->request('GET', '/status', user => undef)->{content};
$t->stop;
my $logs = $t->log_text . $t->access_log . slurp($t->cluster->log_file);
for my $secret (@secrets, map { my $s = $_; map { encode_base64("$s$_", '') } '', ':', ':x' } @secrets) {
    for my $part ($secret, substr $secret, 3, 20) {
        is(index($logs, $part), -1, 'no ticket is in a log, whatever the LogLevel');
        is(index($status, $part), -1, 'nor in server-status');
    }
}
is(index($logs, '7T:'), -1, 'nor the beginning of one');
like($logs, qr/auth_basic:|authz_core:trace|authz_core:debug/, 'though the modules that authenticate log everything');
$t->expect_log(qr/AH016(?:14|17|18): /, qr/AH01631|AH01797/)->done;

# ---------------------------------------------------------------- the database away

$t = ChatSession::Test->new(more => 1)->run;
$ticket = issue();
$t->cluster->stop;
for my $headers ({Authorization => "SOTicket $ticket"}, {Authorization => ChatSession::Test::basic($ticket, '')}, {Authorization => 'SOTicket 7T:' . 'A' x 40}) {
    my $answer = $t->get("$all/1", user => undef, headers => $headers);
    is($answer->{status}, 503, 'R-21: no database: 503, never 401');
    is($answer->{headers}{'retry-after'}, 2, 'R-21: with Retry-After');
    like($answer->{json}{Code}, qr/^db\./, 'R-21: and the error of a database');
    is($answer->{json}{ErrorType}, 'SoDbAccessException', 'R-21: with its type');
    is($answer->{headers}{'www-authenticate'}, undef, 'R-21: nobody is asked to log in');
}
is($t->get("$all/1", user => undef, headers => {Authorization => 'SOTicket 7T:x'})->{status}, 401, 'what cannot be a ticket is 401 without asking');
is($t->get("$all/1", user => undef)->{status}, 401, 'no credentials: 401, also now');
$t->cluster->start;
ok(wait_for(10, sub { $t->get("$all/default", ticket($ticket))->{status} == 200 }), 'the database is back: the ticket as well');
$t->expect_log(qr/CS0101|CS0201|CS0203/)->done;

$t = ChatSession::Test->new(more => 1, conf => "ChatSessionTimeout 600ms\nChatSessionStatementTimeout 200ms\nChatSessionPoolWait 100ms\nChatSessionConnectTimeout 200ms")->run;
$ticket = issue();
$t->cluster->freeze;
is($t->get("$all/1", ticket($ticket))->{json}{Code}, 'db.silent', 'R-21: a database that hangs: 503 within ChatSessionTimeout');
$t->cluster->thaw;
ok(wait_for(10, sub { $t->get("$all/default", ticket($ticket))->{status} == 200 }), 'it goes on: the ticket as well');
$t->expect_log(qr/CS0101|CS0201|CS0203/)->done;

# ---------------------------------------------------------------- settings: cap and switches

$t = ChatSession::Test->new(more => 1, conf => "ChatSessionTicketMax 3\nChatSessionTicketTTL 2min")->run;
my @tickets = map { issue() } 1 .. 3;
my $others = issue('mia');
is_deeply([map { $t->get("$all/default", ticket($_))->{status} } @tickets], [200, 200, 200], 'as many as ChatSessionTicketMax says');
push @tickets, issue();
is_deeply([map { $t->get("$all/default", ticket($_))->{status} } @tickets, $others], [401, 200, 200, 200, 200], 'one more: the oldest goes, another user keeps his');
is($t->sql("SELECT max(extract(epoch FROM expires_at - valid_from)::int) FROM credential"), 180, 'ChatSessionTicketTTL');
$t->sql("INSERT INTO credential (kind, login, digest, valid_from, last_used, expires_at) SELECT 'ticket', 'x', sha256(n::text::bytea), now(), now(), now() - interval '1 h' FROM generate_series(1, 250) AS n");
issue('mia');
is($t->sql('SELECT count(*) FROM credential WHERE expires_at <= now()'), 150, 'expired ones go, no more than 100 at a time');
my @many = $t->parallel(10, sub { [map { issue() ? 1 : 0 } 1 .. 5] });
is_deeply([map { @$_ } @many], [(1) x 50], 'issued by many at once');
issue();
is($t->sql("SELECT count(*) FROM credential WHERE login = 'anna' AND expires_at > now()"), 3, 'the cap holds again with the next one');
$t->done;

for my $case (['Username', [401, 200, 200, 401]], ['Ticket', [200, 401, 401, 401]], ['Implicit', [200, 200, 200, 401]]) {
    my ($switch, $expected) = @$case;
    $t = ChatSession::Test->new(more => 1)->run;
    $ticket = issue();
    $t->{conf} = "ChatSessionAuthorizeWith$switch Off";
    $t->write_conf;
    $t->graceful;
    my @headers = (ChatSession::Test::basic('anna'), "SOTicket $ticket", ChatSession::Test::basic($ticket, ''), 'Negotiate YWJj');
    my @answers = map { $t->get("$all/default", user => undef, headers => {Authorization => $_}) } @headers;
    is_deeply([map { $_->{status} } @answers], $expected, "AUTH-7, AUTH-8: AuthorizeWith$switch Off");
    my ($off) = grep { $_->{status} == 401 } @answers[$switch eq 'Implicit' ? 3 : 0 .. 3];
    is($off->{json}{Code}, 'credential.switched-off', "AUTH-8: $switch: the error says so");
    my $none = $t->get("$all/default", user => undef);
    is($none->{status}, 401, 'AUTH-9: no Authorization: 401');
    is($none->{headers}{'www-authenticate'}, $switch eq 'Username' ? 'SOTicket realm="chat"' : 'Basic realm="chat"', 'AUTH-10: the challenge names what is on');
    $t->expect_log(qr/AH01614/)->done;
}

# ---------------------------------------------------------------- other ways to configure httpd

for my $case (['no AuthType', "Require valid-user", 200], ['AuthType None', "AuthType None\nRequire valid-user", 200], ['nobody is asked', "", 401],
    ['two providers', "AuthType Basic\nAuthName chat\nAuthBasicProvider file file\nAuthUserFile users\n<RequireAll>\nRequire valid-user\nRequire ip 127.0.0.1\n</RequireAll>", 200],
    ['another user', "AuthType Basic\nAuthName chat\nAuthBasicProvider file\nAuthUserFile users\nRequire user mia", 401],
    ['this user', "AuthType Basic\nAuthName chat\nAuthBasicProvider file\nAuthUserFile users\nRequire user mia anna", 200]) {
    my ($what, $conf, $expected) = @$case;
    $t = ChatSession::Test->new(more => 1, auth => 0, conf => $conf)->run;
    my $sum = "7T:" . 'B' x 40;
    $t->sql("INSERT INTO credential (kind, login, digest, expires_at) VALUES ('ticket', 'anna', sha256('$sum'), now() + interval '1 h')");
    is($t->get("$all/default", ticket($sum))->{status}, $expected, "R-19: $what: a ticket is $expected");
    my $wrong = $t->get("$all/default", ticket('7T:' . 'C' x 40));
    is($wrong->{status}, 401, "R-19: $what: a wrong one 401");
    $t->expect_log(qr/CS0205|AH01631/)->done;
}

# ---------------------------------------------------------------- prefork; another database

$t = ChatSession::Test->new(more => 1, mpm => 'prefork')->run;
$ticket = issue();
my @children = $t->parallel(8, sub { [map { $t->get("$all/default", user => undef, headers => {Authorization => "SOTicket $ticket", Connection => 'close'})->{status} } 1 .. 10] });
is_deeply([map { @$_ } @children], [(200) x 80], 'prefork: each child knows a ticket that another issued');
my $other = ChatSession::Test->new(more => 1, cluster => $t->cluster, database => 'sample')->run;
is($other->get("$all/default", ticket($ticket))->{status}, 401, 'a ticket of another database is none');
$other->done;
$t->done;

# ---------------------------------------------------------------- SO-AppToken

$t = ChatSession::Test->new(more => 1)->run;
$ticket = issue();
is($t->get("$all/default", user => undef, headers => {Authorization => "SOTicket $ticket", 'SO-AppToken' => 'whatever'})->{status}, 200,
    'APP-1, APP-2: an application token is ignored where none are listed');
my $file = $t->_write('tokens', "# our applications\n\n  first-token  \n" . uc(sprintf '%s', Digest::SHA::sha256_hex('second-token')) . "\na token of words\nlast-token");
chmod 0600, $file;
$t->{conf} = "ChatSessionAppTokenFile tokens";
$t->write_conf;
$t->graceful;
my $with = sub { my ($token) = @_; return $t->get("$all/default", user => undef, headers => {Authorization => "SOTicket $ticket", defined $token ? ('SO-AppToken' => $token) : ()}) };
is($with->($_)->{status}, 200, "APP-2: $_ is listed") for 'first-token', 'second-token', 'a token of words', 'last-token';
for my $token (undef, 'third-token', 'First-token', '# our applications', 'first-token,second-token', Digest::SHA::sha256_hex('second-token')) {
    is($with->($token)->{json}{Code}, 'credential.app-token', 'APP-2: ' . ($token // 'none') . ': 401');
}
is($t->get("$all/default")->{status}, 200, 'APP-2: Basic needs none');
is($t->get("$all/default", user => undef, headers => {Authorization => ChatSession::Test::basic($ticket, '')})->{status}, 401, 'APP-2: a ticket inside of Basic does');
for my $case (['mode', 0644, 'token', qr/may be read or changed by others/], ['empty', 0600, "# nothing\n", qr/holds no token/], ['long', 0600, 'x' x 2000, qr/line 1 is longer/],
    ['missing', undef, undef, qr/cannot be read: No such file/]) {
    my ($name, $mode, $text, $message) = @$case;
    chmod $mode, $t->_write($name, $text) if defined $mode;
    $t->{conf} = "ChatSessionAppTokenFile $name";
    $t->write_conf;
    my ($failed, $output) = $t->httpd('-t');
    isnt($failed, 0, "ChatSessionAppTokenFile: $name is refused");
    like($output, $message, 'with the reason');
}
$t->done;

# ---------------------------------------------------------------- the administrator's command

my $cluster = ChatSession::Cluster->copy;
my @connect = ('-h', $cluster->socket, '-U', 'postgres', '-d', 'sample');
sub command {
    open my $pipe, '-|', '/bin/sh', '-c', 'exec "$@" 2>&1', 'sh', source_path('sql/ticket'), @_ or die;
    my $output = join '', <$pipe>;
    close $pipe;
    return wantarray ? ($? >> 8, $output) : $output;
}
my $by_hand = command('issue', 'Anna', @connect);
like($by_hand, qr{^7T:[A-Za-z0-9+/]{40}\n$}, 'TICK-4: sql/ticket issue shows a ticket');
my $long = command('issue', 'otto', '720', @connect);
is($cluster->sql('sample', 'SELECT string_agg(login || round(extract(epoch FROM expires_at - now()) / 3600), $$ $$ ORDER BY id) FROM credential'), 'anna6 otto720', 'of that user, for so many hours');
like((command('list', @connect))[1], qr/\| ticket \| otto +\|.*\n.*\| ticket \| anna /, 'sql/ticket list');
unlike(scalar command('list', @connect), qr/7T:|[0-9a-f]{64}/, 'without secrets');
$t = ChatSession::Test->new(more => 1, cluster => $cluster, database => 'sample')->run;
chomp($by_hand, $long);
is($t->get("$all/1", ticket($by_hand))->{status}, 200, 'it is as good as any other');
is($t->get("$all/1", ticket($long))->{status}, 200, 'and so is the other');
is(scalar command('revoke', '--user', 'ANNA', @connect), "1 revoked\n", 'sql/ticket revoke --user');
is($t->get("$all/1", ticket($by_hand))->{status}, 401, 'ends it');
is(scalar command('revoke', $cluster->sql('sample', 'SELECT id FROM credential'), @connect), "1 revoked\n", 'sql/ticket revoke ID');
command('issue', $_, @connect) for qw(anna mia);
is(scalar command('revoke', '--all', @connect), "2 revoked\n", 'sql/ticket revoke --all');
is((command('issue', 'eve', @connect))[0], 1, 'a user who is not known gets none');
is((command('issue', "x'; DROP TABLE credential; --", @connect))[0], 1, 'whatever his name');
is((command(@$_))[0], 2, 'wrong: ' . join ' ', @$_) for [], ['issue'], ['issue', 'anna', '0'], ['issue', 'anna', 'soon'], ['revoke'], ['revoke', 'anna'], ['revoke', '--user'], ['other'];
like((command('--help'))[1], qr/^Issues, lists and revokes tickets/, 'it explains itself');
$cluster->sql('sample', 'SELECT count(*) FROM credential', 'chatsession');
like(scalar command('issue', 'anna', '-h', $cluster->socket, '-U', 'chatsession', '-d', 'sample'), qr/^7T:/, 'the run-time role may issue as well');
$t->done;

done_testing;
