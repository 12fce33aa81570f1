#!/usr/bin/perl
# What the API tells of itself: GET /api without a user, GET /api/v1, as JSON, XML and a page.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(more => 1)->run;
my $browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

for my $path ('/api', '/api/', '/API') {
    my $about = $t->get($path, user => undef);
    is($about->{status}, 200, "SURF-2: GET $path needs no user");
    is_deeply([sort keys %{$about->{json}}], [sort qw(v1 Version NetServerVersion NetServerAssembly NetServerDate NetServerLabel NetServer Services ServicesCurrent Documentation)],
        'it has the members of the original');
    is($about->{json}{Version}, 'v1', 'SURF-1: there is one version');
    is($about->{json}{v1}, $t->base . '/api/v1', 'and where it is');
}
is($t->get('/api', user => undef, headers => {Accept => $browser})->{headers}{'content-type'}, 'text/html; charset=utf-8', 'SURF-2: a browser gets a page');
like($t->get('/api', user => undef, headers => {Accept => 'application/xml'})->{content}, qr{<v1>http://[^<]+/api/v1</v1>}, 'XML for who wants it');
is($t->get('/api', user => undef, headers => {Authorization => ChatSession::Test::basic('anna', 'wrong')})->{status}, 200, 'credentials are not looked at');
is($t->request('POST', '/api', user => undef, json => {})->{status}, 401, 'nothing else is open');
is($t->request('POST', '/api', json => {})->{headers}{allow}, 'GET, HEAD, OPTIONS', 'SURF-12: 405 with Allow');
is($t->get('/api/v2')->{status}, 404, 'SURF-1: there is no other version');

for my $path ('/api/v1', '/api/v1/') {
    is($t->get($path, user => undef)->{status}, 401, "GET $path needs a user");
    my $operations = $t->get($path)->{json};
    my $all = $t->base . '/api/v1/ChatSession';
    is(join(' ', sort keys %{$operations->{"$all/{id}"}}), 'DELETE GET PATCH PUT', 'SURF-3: each URL has its methods');
    like($operations->{$all}{POST}, qr/creates/i, 'with what they do');
    is(scalar(grep { !m{^http://[^ ]+/api/v1\b} } keys %$operations), 0, 'and is a whole URL');
}
my $page = $t->get('/api/v1', headers => {Accept => $browser});
is($page->{headers}{'content-type'}, 'text/html; charset=utf-8', 'SURF-3: a browser gets a page');
like($page->{content}, qr{^<!DOCTYPE html>.*<a href="http://[^"]+/ChatSession/default">.*<th>http://[^<]+/ChatSession/\{id\}</th>.*</html>\n\z}s, 'to look at and to follow');
is((() = $page->{content} =~ /<(?:tr|table|td|th|li|ol)>/g) - (() = $page->{content} =~ m{</(?:tr|table|td|th|li|ol)>}g), 0, 'whose tags are closed');
is($t->get('/api/v1/ChatSession/default', headers => {Accept => $browser})->{headers}{'content-type'}, 'application/xml; charset=utf-8', 'a page is offered of nothing else');
$t->done;

# ---------------------------------------------------------------- where the <Location> does not reach

$t = ChatSession::Test->new(more => 1, location => '/crm/api/v1')->run;
is($t->get('/crm/api')->{status}, 404, 'what lies outside of the <Location> is not ours');
is($t->get('/crm/api/v1')->{status}, 200, 'what lies inside is');
$t->done;
$t = ChatSession::Test->new(more => 1, location => '/crm', conf => 'ChatSessionPublicURL https://crm.example.com')->run;
is($t->get('/crm/api', user => undef)->{json}{v1}, 'https://crm.example.com/crm/api/v1', 'SURF-9, SURF-10: the URL is the public one, under any path');
is($t->get('/crm', user => undef)->{status}, 401, 'the rest of the <Location> is as it was');
$t->done;

done_testing;
