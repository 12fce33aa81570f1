#!/usr/bin/perl
# Pages of other origins, and what may be asked without a user.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $cluster = ChatSession::Cluster->copy;
my ($one, $two) = ('https://crm.example.com', 'http://localhost:3000');
my @cors = map { "access-control-allow-$_" } qw(origin credentials methods headers);

sub preflight { my ($t, $origin, $method) = @_; return $t->request('OPTIONS', "$all/1", user => undef, headers => {Origin => $origin, 'Access-Control-Request-Method' => $method // 'PUT'}) }

# ---------------------------------------------------------------- not configured

my $t = ChatSession::Test->new(more => 1, cluster => $cluster)->run;
my $answer = $t->get("$all/default", headers => {Origin => $one});
is($answer->{status}, 200, 'CORS-3: the request itself is not refused');
is(scalar(grep { defined $answer->{headers}{$_} } @cors, 'vary'), 0, 'CORS-1: without configuration there is no CORS header');
$answer = $t->request('OPTIONS', "$all/1", user => undef);
is("$answer->{status} $answer->{headers}{allow}", '204 GET, HEAD, PUT, PATCH, DELETE, OPTIONS', 'COND-13: OPTIONS needs no user');
is($answer->{headers}{'cache-control'}, 'no-store', 'R-16: nor does it make a cache keep it');
is($t->request('OPTIONS', '/api/v1/nonsense', user => undef)->{status}, 401, 'but there must be something to ask about');
is($t->request($_, "$all/1", user => undef)->{status}, 401, "$_ needs one") for qw(GET HEAD PUT PATCH DELETE POST);
$t->done;

# ---------------------------------------------------------------- origins

$t = ChatSession::Test->new(more => 1, cluster => $cluster, conf => "ChatSessionCORSOrigin $one $two")->run;
for my $origin ($one, $two) {
    for my $case (['an answer', $t->get("$all/default", headers => {Origin => $origin})], ['a 404', $t->get("$all/999", headers => {Origin => $origin})],
        ['a 401 of httpd', $t->get("$all/1", user => undef, headers => {Origin => $origin})]) {
        my ($what, $got) = @$case;
        is($got->{headers}{'access-control-allow-origin'}, $origin, "CORS-2: $what names the origin");
        is($got->{headers}{'access-control-allow-credentials'}, 'true', 'which may send credentials');
        is($got->{headers}{vary}, 'Origin', 'and caches are told');
        like($got->{headers}{'access-control-expose-headers'}, qr/\bETag\b/, 'and scripts may read the tag');
    }
    my $pre = preflight($t, $origin);
    is($pre->{status}, 204, 'CORS-2: a preflight needs no user');
    is($pre->{headers}{'access-control-allow-methods'}, 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS', 'it is told the methods');
    like($pre->{headers}{'access-control-allow-headers'}, qr/\bAuthorization\b.*\bIf-Match\b.*\bIdempotency-Key\b/, 'and the headers');
}
for my $origin ('https://crm.example.com.evil.test', 'http://crm.example.com', 'https://CRM.example.com', 'https://crm.example.com:443', 'null', 'https://evil.test') {
    my $got = $t->get("$all/default", headers => {Origin => $origin});
    is($got->{headers}{'access-control-allow-origin'}, undef, "CORS-3: $origin is none of them");
    is("$got->{status} $got->{headers}{vary}", '200 Origin', 'its request is served all the same');
    is(preflight($t, $origin)->{headers}{'access-control-allow-methods'}, undef, 'its preflight is told nothing');
}
$t->done;
$t = ChatSession::Test->new(more => 1, cluster => $cluster, conf => 'ChatSessionCORSOrigin *')->run;
$answer = $t->get("$all/default", headers => {Origin => 'https://any.test'});
is($answer->{headers}{'access-control-allow-origin'}, '*', 'every origin');
is($answer->{headers}{'access-control-allow-credentials'}, undef, 'CORS-2: but none with credentials');
$t->done;
for my $wrong ('example.com', 'https://*.example.com', 'https://example.com/', 'https://example.com/path', 'http://localhost*', 'ftp://x') {
    my $bad = ChatSession::Test->new(more => 1, cluster => $cluster, conf => "ChatSessionCORSOrigin $wrong")->write_conf;
    my ($status, $output) = $bad->httpd('-t');
    isnt($status, 0, "'$wrong' is refused");
    like($output, qr/ChatSessionCORSOrigin takes origins as browsers send them/, 'with what would be right');
}

# ---------------------------------------------------------------- who is kept out stays out

$t = ChatSession::Test->new(more => 1, cluster => $cluster, auth => 0, conf => "Require ip 192.0.2.1")->run;
is($t->request('OPTIONS', "$all/1", user => undef)->{status}, 403, 'an address that may not ask may not ask for methods either');
is($t->get('/api', user => undef)->{status}, 403, 'nor what the API is');
$t->expect_log(qr/AH01630: client denied/)->done;

done_testing;
