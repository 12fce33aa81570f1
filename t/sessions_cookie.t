#!/usr/bin/perl
# Web sessions: a cookie that counts only beside its XSRF value, on every method; login, logout, expiry.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1, server => "LogLevel warn chatsession:trace8 auth_basic:trace8 authn_core:trace8 authz_core:trace8")->run;

# The two cookies of an answer: name, value, attributes.
sub cookies {
    my ($answer) = @_;
    my $lines = $answer->{headers}{'set-cookie'} // return {};
    return {map { /^([\w-]+)=([^;]*)(.*)$/ ? ($1 => {value => $2, attributes => $3}) : () } ref $lines ? @$lines : $lines};
}

sub login {
    my $answer = $t->request('POST', '/api/v1/Session', @_);
    my $cookies = cookies($answer);
    return ($cookies->{chatsession}{value}, $answer->{json}{XsrfToken}, $answer, $cookies);
}

sub in_session {
    my ($session, $xsrf, %more) = @_;
    return (user => undef, headers => {Cookie => "a=b; chatsession=$session; XSRF-TOKEN=" . ($xsrf // ''), defined $xsrf ? ('X-XSRF-TOKEN' => $xsrf) : (), %more});
}

# ---------------------------------------------------------------- login

my ($session, $xsrf, $answer, $cookies) = login();
is($answer->{status}, 200, 'who authenticates by other means may open a session');
like($session, qr/^[\w-]{40}$/, 'its cookie is random, and needs no quotes');
like($xsrf, qr/^[\w-]{40}$/, 'XSRF-1: and so is the value bound to it');
isnt($session, $xsrf, 'they are not the same');
is($cookies->{'XSRF-TOKEN'}{value}, $xsrf, 'XSRF-2: the value is a cookie, too');
is($cookies->{chatsession}{attributes}, '; Path=/api/v1; HttpOnly; SameSite=Lax', 'the session is for the API alone, and no script reads it');
is($cookies->{'XSRF-TOKEN'}{attributes}, '; Path=/; SameSite=Lax', 'XSRF-2: scripts read the value, on any page of this host');
is($answer->{json}{Associate}, 'anna', 'whose it is');
like($answer->{json}{Expires}, qr/Z$/, 'and until when it lives unused');
is($t->sql("SELECT kind, login, digest = sha256('$session'), xsrf = sha256('$xsrf') FROM credential"), 'session|anna|t|t', 'TICK-5: digests are stored, secrets not');
is($t->request('POST', '/api/v1/Session', user => undef)->{status}, 401, 'nobody opens no session');
is($t->request('POST', '/api/v1/Session', user => 'nobody')->{status}, 403, 'nor does who is not known');
is(cookies($t->request('POST', '/api/v1/Session', user => 'nobody'))->{chatsession}, undef, 'he gets no cookie');

# ---------------------------------------------------------------- every method

my $id = $t->post($all, {CustomerName => 'Kari'}, in_session($session, $xsrf))->{json}{ChatSessionId};
ok($id, 'XSRF-3: POST with cookie and header: 200');
my @calls = (['GET', "$all/$id", 200], ['HEAD', "$all/$id", 200], ['GET', "$all/default", 200], ['PUT', "$all/$id", 200, json => {CustomerName => 'Kari'}],
    ['POST', $all, 200, json => {CustomerName => 'x'}], ['DELETE', "$all/$id", 204]);
for my $call (@calls) {
    my ($method, $path, $expected, @body) = @$call;
    for my $wrong ([undef, 'without the header'], ['', 'with an empty one'], ['A' x 40, 'with another value'], [lc $xsrf, 'in other case'], [substr($xsrf, 0, 39), 'cut'], ["${xsrf}A", 'longer'],
        [$session, 'with the session in it']) {
        my ($value, $what) = @$wrong;
        my $refused = $t->request($method, $path, in_session($session, $value), @body);
        is($refused->{status}, 401, "XSRF-1, XSRF-3, XSRF-5: $method $what: 401");
    }
    my @only = (user => undef, headers => {'X-XSRF-TOKEN' => $xsrf, Cookie => "XSRF-TOKEN=$xsrf"});
    is($t->request($method, $path, @only, @body)->{status}, 401, "XSRF-1: $method with the value but no session: 401");
    is($t->request($method, $path, in_session($session, $xsrf), @body)->{status}, $expected, "XSRF-3: $method with both: $expected");
}
my $refused = $t->get("$all/1", in_session($session));
is($refused->{json}{Code}, 'credential.xsrf', 'a code of its own');
is($refused->{json}{ErrorType}, 'SoSessionException', 'AUTH-10: its type');
is($refused->{headers}{'www-authenticate'}, 'Basic realm="chat"', 'AUTH-10: and a challenge');
is($refused->{headers}{'set-cookie'}, undef, 'a forged request does not end the session');
my ($second, $second_xsrf) = login();
is($t->get("$all/default", in_session($session, $second_xsrf))->{status}, 401, 'XSRF-1: the value of another session does not do');
is($t->get("$all/default", in_session($second, $second_xsrf))->{status}, 200, 'a user may have several');

# ---------------------------------------------------------------- beside Authorization

for my $value (undef, $xsrf, 'wrong') {
    my %headers = (Cookie => "chatsession=$session", Authorization => ChatSession::Test::basic('mia'), defined $value ? ('X-XSRF-TOKEN' => $value) : ());
    my $both = $t->request('POST', '/api/v1/Ticket', user => undef, headers => \%headers);
    is($both->{json}{Associate}, 'mia', 'AUTH-11, XSRF-6: with Authorization it decides, whatever X-XSRF-TOKEN says');
}
is($t->get("$all/default", user => undef, headers => {Cookie => "chatsession=$session", 'X-XSRF-TOKEN' => $xsrf, Authorization => ChatSession::Test::basic('anna', 'wrong')})->{status}, 401,
    'AUTH-11: and a wrong one is not helped by a session');
my $ticket = $t->request('POST', '/api/v1/Ticket', in_session($session, $xsrf))->{json}{Ticket};
like($ticket, qr/^7T:/, 'a session gets a ticket');
is($t->get("$all/default", user => undef, headers => {Authorization => "SOTicket $session"})->{status}, 401, 'a session is no ticket');
is($t->get("$all/default", in_session(substr($ticket, 3) =~ tr{+/}{-_}r, $xsrf))->{status}, 401, 'nor a ticket a session');

# ---------------------------------------------------------------- time

$t->sql("UPDATE credential SET last_used = now() - interval '2 minutes', expires_at = now() + interval '10 minutes' WHERE kind = 'session'");
my $left = sub { return $t->sql("SELECT round(extract(epoch FROM expires_at - now()) / 60) FROM credential WHERE digest = sha256('$session')") };
$t->get("$all/default", in_session($session, $_)) for undef, 'A' x 40;
is($left->(), 10, 'a request without the right value does not extend the session');
$t->get("$all/default", in_session($session, $xsrf));
is($left->(), 361, 'one with it does');
$t->sql("UPDATE credential SET expires_at = now() - interval '1 s' WHERE digest = sha256('$second')");
my $expired = $t->get("$all/default", in_session($second, $second_xsrf));
is($expired->{status}, 401, 'an expired one: 401');
is($expired->{json}{Code}, 'credential.invalid', 'with its code');
like(cookies($expired)->{$_}{attributes}, qr/; Max-Age=0$/, "and the browser forgets $_") for qw(chatsession XSRF-TOKEN);
is($t->get("$all/default", in_session($_, $xsrf))->{status}, 401, 'no session: 401') for '', 'x', 'A' x 40, 'A' x 4000;

# ---------------------------------------------------------------- logout

is($t->request('DELETE', '/api/v1/Session', in_session($session))->{status}, 401, 'logout needs the value as well');
is($t->request('DELETE', '/api/v1/Session')->{json}{Code}, 'credential.other', 'with Basic there is no session to end');
my $out = $t->request('DELETE', '/api/v1/Session', in_session($session, $xsrf));
is($out->{status}, 204, 'logout');
like(cookies($out)->{chatsession}{attributes}, qr{^; Path=/api/v1; .*; Max-Age=0$}, 'clears the session');
like(cookies($out)->{'XSRF-TOKEN'}{attributes}, qr{^; Path=/; .*; Max-Age=0$}, 'and the value');
is($t->sql("SELECT count(*) FROM credential WHERE digest = sha256('$session')"), 0, 'the row is gone');
is($t->get("$all/default", in_session($session, $xsrf))->{status}, 401, 'XSRF-4: the value dies with the session');
my $log = $t->log_text . $t->access_log;
is(index($log, $_), -1, 'nothing of it is in a log') for $session, $xsrf, $second;

# ---------------------------------------------------------------- the database away

($session, $xsrf) = login();
$t->cluster->stop;
$answer = $t->get("$all/default", in_session($session, $xsrf));
is($answer->{status}, 503, 'R-21: no database: 503, never 401');
is($answer->{headers}{'set-cookie'}, undef, 'R-21: and the browser keeps its session');
ok($answer->{headers}{'retry-after'}, 'R-21: with Retry-After');
$t->cluster->start;
ok(wait_for(10, sub { $t->get("$all/default", in_session($session, $xsrf))->{status} == 200 }), 'the database is back: the session as well');
$t->expect_log(qr/AH01617|CS0101|CS0201/)->done;

# ---------------------------------------------------------------- Secure; another mount

$t = ChatSession::Test->new(more => 1, location => '/crm', conf => 'ChatSessionPublicURL https://crm.example.test')->run;
$cookies = cookies($t->request('POST', '/crm/api/v1/Session'));
is($cookies->{chatsession}{attributes}, '; Path=/crm/api/v1; HttpOnly; SameSite=Lax; Secure', 'where clients come by https cookies are Secure');
is($cookies->{'XSRF-TOKEN'}{attributes}, '; Path=/; SameSite=Lax; Secure', 'XSRF-2: both');
$t->done;

done_testing;
