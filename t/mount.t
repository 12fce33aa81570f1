#!/usr/bin/perl
# The API under any path, on any virtual host, behind a proxy; and beside other sites.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

sub links { my ($answer) = @_; return join ' ', map { $answer->{json}{_Links}{$_} // '-' } qw(Self Archive) }

# ---------------------------------------------------------------- any path; all three ways to write it

my $cluster = ChatSession::Cluster->copy;

for my $location ('/', '/api', '/api/', '/API/v1', '/Cust12345', '/Cust12345/api', '/a/b/c/api/v1/') {
    my $t = ChatSession::Test->new(location => $location, more => 1, cluster => $cluster)->run;
    my $base = $location =~ s{/(?:api(?:/v1)?)?/?$}{}ir;
    my $spelled = $location =~ /API/ ? 'API' : 'api';
    my $made = $t->post("$base/api/v1/ChatSession", {CustomerName => 'x'});
    is($made->{status}, 200, "<Location \"$location\"> serves $base/api/v1");
    my $url = $t->base . "$base/$spelled/v1/ChatSession";
    is(links($made), "$url/$made->{json}{ChatSessionId} $url", 'and links there');
    is($t->get("$base/api/v1/ChatSession/$made->{json}{ChatSessionId}")->{status}, 200, 'where the session is');
    my $other = $t->get('/index.html');
    is($other->{content}, "another site\n", 'what else is there is left alone') if $location !~ /^\/$/;
    is($t->get('/index.html')->{content}, "another site\n", 'even below it') if $location eq '/';
    $t->done;
}

# ---------------------------------------------------------------- spelling

my $t = ChatSession::Test->new(more => 1, cluster => $cluster,
    conf => "</Location>\n<Location \"/api/v1/ChatSession/default\">\nRequire user otto")->run;
my $id = $t->post('/api/v1/ChatSession/', {CustomerName => 'x'})->{json}{ChatSessionId};
my $wanted = $t->get("/api/v1/ChatSession/$id");
for my $path ("/API/V1/chatsession/$id/", "/Api/v1/CHATSESSION/$id", "/api/v1/ChatSession/$id//", "/api//v1/./ChatSession/x/../$id",
    "/%61pi/v1/ChatSession/$id") {
    my $answer = $t->get($path);
    is("$answer->{status} $answer->{content}", "200 $wanted->{content}", "$path is the same");
}
is($t->get($_)->{status}, 401, "$_ does not get around a <Location>")
    for '/api/v1/ChatSession/default', '/api/v1/chatsession/DEFAULT', '/API/V1/ChatSession/default/', '/api/v1/ChatSession//default';
is($t->get('/API/v1/chatSession/Default', user => 'otto')->{status}, 200, 'who is let in gets in');
is($t->get('/api/v1/ChatSession/default', user => undef)->{status}, 401, 'who is not known does not');
$t->expect_log(qr/AH01631: user anna: authorization failure/)->done;

$t = ChatSession::Test->new(more => 1, cluster => $cluster,
    conf => "</Location>\n<Location \"/api/v1/ChatSession/$id\">\nRequire user otto")->run;
is($t->request($_->[0], "/api/v1/ChatSession/$_->[1]")->{status}, 401, "$_->[0] $_->[1] does not get around it either")
    for map { my $path = $_; map { [$_, $path] } qw(GET HEAD DELETE) } $id, "0$id", "00000000000000000000000$id", "-0$id" =~ s/-//r, "$id/", "0$id/";
is($t->get("/api/v1/ChatSession/0$id", user => 'otto')->{json}{ChatSessionId}, $id, 'zeros before a number are no other number');
is($t->get('/api/v1/ChatSession/-0')->{status}, 404, 'nor is -0');
$t->expect_log(qr/AH01631: user anna: authorization failure/)->done;

# ---------------------------------------------------------------- switched off, and settings that would be lost

for my $case (
    ['in a virtual host', "<VirtualHost *>\nServerName x.test\n<Location /api>\nChatSession Off\n</Location>\n</VirtualHost>\n<VirtualHost *>\nServerName y.test\n</VirtualHost>"],
    ['later', "<Location /api>\nChatSession Off\n</Location>"], ['further in', "<Location /api/v1>\nChatSession Off\n</Location>"]) {
    my ($what, $server) = @$case;
    # What stands in `server` comes before the test's own <Location>, so that one is written here.
    my $api = "<Location /api>\nChatSession On\nChatSessionDatabase DATABASE\nInclude users.conf\n</Location>\n";
    my $off = ChatSession::Test->new(more => 1, cluster => $cluster, location => undef, server => "$api$server");
    $off->_write('users.conf', $off->auth_conf);
    $off->run;
    my @as = (headers => {Host => 'x.test', Authorization => ChatSession::Test::basic('anna')});
    is($off->get('/api/v1/ChatSession/default', @as)->{status}, 404, "ChatSession Off $what switches off");
    is($off->get('/api/v1/ChatSession/default', headers => {Host => 'y.test', Authorization => ChatSession::Test::basic('anna')})->{status}, 200,
        'there alone') if $what =~ /virtual/;
    $off->done;
}
for my $case (['/api/v1/ChatSession', 'ChatSessionMaxBody 2000', qr{part of the API at /api/v1}], ['/api/v1/ChatSession', 'ChatSession On', qr{<Location> around the whole API}],
    ['/api/v1/x', 'ChatSession Off', qr{part of the API at /api/v1}]) {
    my ($path, $line, $message) = @$case;
    my $wrong = ChatSession::Test->new(more => 1, cluster => $cluster, server => "<Location \"$path\">\n$line\n</Location>")->write_conf;
    my ($status, $output) = $wrong->httpd('-t');
    isnt($status, 0, "$line in <Location $path> is refused");
    like($output . $wrong->log_text, $message, 'with what would be right');
}
$t = ChatSession::Test->new(more => 1, cluster => $cluster, location => '/', server => "<Location /api/v1>\nChatSessionMaxBody 2000\n</Location>")->run;
is($t->post('/api/v1/ChatSession', {CustomerName => 'x' x 3000})->{status}, 413, 'settings of a <Location> around the API hold, however it is written');
$t->done;

# ---------------------------------------------------------------- beside other modules

$t = ChatSession::Test->new(more => 1, cluster => $cluster, server => 'Alias "/" "/nonexistent/"')->run;
is($t->get('/api/v1/ChatSession/default')->{status}, 200, 'an Alias of everything leaves the API alone');
$t->done;

# ---------------------------------------------------------------- virtual hosts, and settings of each

$t = ChatSession::Test->new(more => 1, cluster => $cluster, location => undef, server => <<'CONF');
ChatSessionDatabase DATABASE
ChatSessionMaxBody 2000
<VirtualHost *>
    ServerName one.test
    ChatSessionMaxBody 3000
    <Location "/one">
        ChatSession On
        Include users.conf
    </Location>
    <Location "/two">
        ChatSession On
        ChatSessionMaxBody 4000
        ChatSessionPublicURL https://chat.example.com:8443
        ChatSessionFieldProperties none
        Include users.conf
    </Location>
</VirtualHost>
<VirtualHost *>
    ServerName two.test
    <Location "/">
        ChatSessionMaxBody 5000
        ChatSessionFieldProperties own
    </Location>
    <Location "/deep/down/api">
        ChatSession On
        Include users.conf
    </Location>
</VirtualHost>
CONF
$t->_write('users.conf', $t->auth_conf);
$t->run;
for my $case (['one.test', '/one', 3000, 'http://one.test', 'full'], ['one.test', '/two', 4000, 'https://chat.example.com:8443', 'none'],
    ['two.test', '/deep/down', 5000, 'http://two.test', 'own']) {
    my ($host, $base, $limit, $url, $properties) = @$case;
    my $api = "$base/api/v1/ChatSession";
    my %on = (headers => {Host => $host});
    my $fits = $t->post($api, {CustomerName => 'x', y => 'y' x ($limit - 80), Person => {PersonId => 3}}, %on);
    is($fits->{status}, 200, "$host$base takes what is below its limit");
    is($t->post($api, {y => 'y' x $limit}, %on)->{status}, 413, 'and nothing beyond');
    like(links($fits), qr{^\Q$url$api\E/\d+ \Q$url$api\E$}, "links begin with $url");
    is(scalar keys %{$fits->{json}{FieldProperties}}, $properties eq 'none' ? 0 : 31, "field properties: $properties");
    is(scalar keys %{$fits->{json}{Person}{FieldProperties}}, $properties eq 'full' ? 41 : 0, 'of a carrier as well');
}
isnt($t->get('/deep/down/api/v1/ChatSession/default', headers => {Host => 'one.test'})->{status}, 200, 'what one host serves, another does not');
$t->done;

done_testing;
