#!/usr/bin/perl
# Directives: what they take, where they may stand, what a wrong one is told - by `apachectl configtest` already.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(start_db => 0, more => 1, modules => ['info']);

# The verdict of httpd on a configuration.
sub configtest {
    my (%set) = @_;
    @$t{qw(conf server location auth)} = ('', '', '/api', 1);
    @$t{keys %set} = values %set;
    $t->write_conf;
    my ($status, $output) = $t->httpd('-t');
    $output = "$output\n" . $t->log_text;
    unlink $t->dir . '/error.log';
    return ($status, $output);
}

sub refused {
    my ($set, $message, $name) = @_;
    my ($status, $output) = configtest(ref $set ? %$set : (conf => $set));
    ok($status != 0 && $output =~ $message, $name) or diag("status $status: $output");
    return;
}

sub accepted {
    my ($set, $name) = @_;
    my ($status, $output) = configtest(ref $set ? %$set : (conf => $set));
    is($status, 0, $name) or diag($output);
    return;
}

accepted('', 'a configuration is fine while the database is down');

# ---------------------------------------------------------------- values

my @ranges = (
    [ChatSessionPoolMax => 1, 256, '0', '257', 'x', '1.5', '-1', ''], [ChatSessionPoolTogether => 1, 64, '0', '65', 'all'], [ChatSessionPoolQueue => 0, 10000, '-1', '10001', 'many'],
    [ChatSessionHostMax => 4, 1000, '0', '1001'], [ChatSessionMaxBody => 1024, 67108864, '1023', '67108865', '1M'],
    [ChatSessionMaxDepth => 4, 500, '3', '501'], [ChatSessionMaxValues => 100, 1000000, '99', '1000001'],
    [ChatSessionPoolWait => '1ms', '2s', '0', '61s', 'soon'], [ChatSessionPoolIdle => '1s', '24h', '999ms', '25h'],
    [ChatSessionConnectTimeout => '10ms', '2s', '9ms', '61s'], [ChatSessionStatementTimeout => '10ms', '5s', '9ms', '11min'],
    [ChatSessionTimeout => '8s', '15min', '19ms', '16min'], [ChatSessionSlow => '1ms', '1h', '0', '61min'],
    [ChatSessionKeepAliveWait => '0', '10ms', '11ms', '-1', 'long'],
    [ChatSessionRetryAfter => '1s', '1h', '999ms', '61min'],
    [ChatSessionRunnerInterval => '100ms', '1h', '99ms', '61min', 'often'], [ChatSessionDeadAfter => '0', '720h', '721h', 'soon', '-1'],
    [ChatSessionIdleAfter => '0', '8760h', '8761h'], [ChatSessionPurgeAfter => '0', '8760h', '8761h'],
    [ChatSessionEventKeep => '0', '87600h', '87601h'], [ChatSessionWebhookGiveUp => '1min', '720h', '59s', '721h'],
    [ChatSessionWebhookTimeout => '100ms', '60s', '99ms', '61s'],
);
for my $case (@ranges) {
    my ($name, $low, $high, @bad) = @$case;
    accepted("$name $_", "$name takes $_") for $low, grep { !($name eq 'ChatSessionPoolMax') } $high;
    refused("$name $_", qr/\Q$name\E takes .+ to .+, not '\Q$_\E'/, "$name does not take '$_'") for grep { length } @bad;
}
accepted("$_ On\n$_ off", "$_ is a switch") for qw(ChatSession ChatSessionAutoEnroll ChatSessionRunner);
refused('ChatSessionAutoEnroll perhaps', qr/ChatSessionAutoEnroll must be On or Off/, 'and nothing else');
accepted("ChatSessionReferences $_", "references may be $_") for qw(loose STRICT);
refused('ChatSessionReferences lax', qr/ChatSessionReferences takes one of loose, strict, not 'lax'/, 'not lax');
accepted("ChatSessionFieldProperties $_", "field properties may be $_") for qw(full own none);
refused('ChatSessionFieldProperties all', qr/takes one of full, own, none, not 'all'/, 'not all');
accepted("ChatSessionTimeZone $_", "$_ is a zone") for qw(UTC Europe/Oslo America/Argentina/Ushuaia Etc/GMT+5);
refused("ChatSessionTimeZone $_", qr{takes a zone like Europe/Oslo, not '\Q$_\E'}, "$_ is none")
    for qw(Europe/Atlantis ../../../etc/passwd /etc/localtime zone.tab +01:00);
accepted("ChatSessionZoneCode $_", "$_ is a zone code") for 'AU-WA 0 Australia/Perth', 'no 261 Europe/Oslo', "X1 2147483647 UTC\nChatSessionZoneCode X1 7 UTC";
refused("ChatSessionZoneCode $_", qr{ChatSessionZoneCode takes}, "$_ is none")
    for 'AU-WA 0 Australia/Nowhere', 'AU-WA 0 ../../etc/passwd', 'AU-WA -1 UTC', 'AU-WA 2147483648 UTC', 'AU-WA x UTC', '12 0 UTC',
    'A,B 0 UTC', 'includeTZOffset 0 UTC', 'A 0 UTC', 'AU-WA UTC', 'AU-WA 0';
$t->_write('good.txt', "# fine\nSR_YES US:\"Yes\"\n");
$t->_write('bad.txt', "# comment\n\nSR_YES US: \"Yes\"\n");
accepted("ChatSessionStrings $_", "$_ is a file of strings") for 'good.txt', "good.txt\nChatSessionStrings good.txt", source_path('conf/strings.txt');
refused('ChatSessionStrings bad.txt', qr/ChatSessionStrings takes a file of resource strings, not 'bad.txt': line 3: the name is not followed/, 'a faulty line is named');
refused("ChatSessionStrings $_", qr/ChatSessionStrings takes a file of resource strings, not '\Q$_\E': there is no such file/, "$_ is none")
    for 'nowhere.txt', '/dev/zero', '/';
accepted("ChatSessionPublicURL $_", "$_ is a public URL") for qw(https://crm.example.com http://a:8080 https://[::1]:444 http://a/);
refused("ChatSessionPublicURL $_", qr/takes scheme, host and port/, "$_ is none")
    for qw(crm.example.com ftp://a http://a/b http://u:p@a http:// http://a?x), 'https://a#b';

accepted("ChatSessionWebhookAllow $_", "webhooks may go to $_") for 'hooks.example.com', '*.example.com 10.0.0.0/8', '::1 2001:db8::/32 192.0.2.1';
refused("ChatSessionWebhookAllow $_", qr/takes host names, \*\.domain, addresses and networks, like .*: '\Q$_\E'/, "not to $_")
    for '*', 'http://example.com', 'example.com:80', '10.0.0.1/8', '10.0.0.0/33', '*.*', '127.1';

# ---------------------------------------------------------------- places

my $on = "ChatSession On\nChatSessionDatabase service=chat\n";
my $nowhere = sub { return {location => undef, server => $_[0]} };
refused($nowhere->("ChatSession On"), qr/ChatSession not allowed here|belongs into the <Location/, 'ChatSession needs a <Location>');
refused($nowhere->("<$_>\n${on}</" . (split ' ')[0] . '>'), qr/not allowed|belongs into|cannot occur/i, "not <$_>")
    for 'LocationMatch "^/api"', 'Location ~ "^/api"', 'Location "/a*"', 'Directory "/"', 'Files "x"', 'If "true"';
refused($nowhere->("<$_>\nChatSessionPoolMax 3\n</" . (split ' ')[0] . '>'), qr/not allowed|belongs into|cannot occur/i,
    "no other directive in <$_>") for 'LocationMatch "^/api"', 'Directory "/"', 'Files "x"';
accepted($nowhere->("ChatSessionPoolMax 3\n<VirtualHost *>\nChatSessionPoolMax 4\n</VirtualHost>"), 'settings may stand in the server and virtual hosts');
accepted($nowhere->("ChatSessionListMemory 0"), 'a setting of the whole server');
refused($nowhere->("<$_>\nChatSessionListMemory 65536\n</" . (split ' ')[0] . '>'), qr/not allowed|cannot occur/, "not in <$_>") for 'VirtualHost *', 'Location "/api"';
refused($nowhere->("ChatSessionListMemory $_"), qr/ChatSessionListMemory takes 0 \(nothing is remembered\) to 16777216 bytes, not '\Q$_\E'/, "nor $_") for '-1', '16777217', '64k';
accepted({location => undef}, 'a server that serves no sessions is fine');

# ---------------------------------------------------------------- what must fit together

refused({location => undef, server => "<Location \"/crm\">\nChatSession On\n</Location>"},
    qr/CS0001: <Location "\/crm"> of localhost: ChatSessionDatabase is missing/, 'a database is needed');
refused("ChatSessionPoolMax 9\nChatSessionHostMax 8", qr/ChatSessionPoolMax 9 is more than ChatSessionHostMax 8/, 'a child has no more connections than the host');
refused('ChatSessionTimeout 5s', qr/ChatSessionTimeout is 5000ms; it must be at least .* which is 8000ms/, 'the whole lasts longer than its parts');
refused({location => undef, server => "ChatSessionStatementTimeout 30s\n<VirtualHost *>\nServerName a.test\n<Location \"/\">\n$on</Location>\n</VirtualHost>"},
    qr/<Location "\/"> of a.test: ChatSessionTimeout is 10000ms; it must be at least/, 'also across server, host and location');

my $two = sub { my ($one, $other) = @_; return {location => undef, server => "<Location \"/a\">\n$on$one\n</Location>\n<Location \"/b\">\n$on$other\n</Location>"} };
$t->{runner} = 1;
accepted($two->($_, $_), "the same time-driven work twice: $_") for 'ChatSessionDeadAfter 1min', 'ChatSessionWebhookAllow a.example 10.0.0.0/8', 'ChatSessionTimeZone Europe/Oslo';
refused($two->('', $_), qr/<Location "\/b"> .*the time-driven work on this database has other settings elsewhere/, "what differs is told: $_")
    for 'ChatSessionDeadAfter 1min', 'ChatSessionWebhookAllow a.example', 'ChatSessionTimeZone Europe/Oslo', 'ChatSessionEventKeep 1h';
accepted($two->('', "ChatSessionDeadAfter 1min\nChatSessionRunner Off"), 'but not of one that leaves it to the other');
$t->{runner} = 0;

# ---------------------------------------------------------------- no secret in the configuration

for my $secret ('host=x password=hush', 'postgresql://anna:hush@host/db', 'host=x sslpassword=hush', 'postgresql://host/db?password=hush') {
    my ($status, $output) = configtest(conf => "ChatSessionDatabase \"$secret\"");
    isnt($status, 0, 'a password is refused');
    like($output, qr/must not hold a (?:ssl)?password.*passfile=/s, 'with advice');
}
refused("ChatSessionDatabase \"$_->[0]\"", $_->[1], "$_->[0] is refused")
    for ['host=x options=-cgeqo=off', qr/must not hold options/], ['host=a,b dbname=x', qr/must name one host/];
refused({location => undef, server => join '', map { "<Location \"/$_->[0]\">\n$on" . "ChatSessionDatabase \"$_->[1]\"\nChatSessionHostMax $_->[2]\n</Location>\n" }
    ['a', 'host=/s dbname=x', 8], ['b', 'dbname=x host=/s', 9]}, qr/ChatSessionHostMax 9 is 8 elsewhere for the same database/,
    'two limits for one database are refused, however it is spelled');
refused('ChatSessionDatabase "host=\'x"', qr/is no libpq connection string/, 'a malformed connection string is refused');
refused('ChatSessionDatabase "nonsense=1"', qr/is no libpq connection string/, 'an unknown word in it as well');
accepted("ChatSessionDatabase \"$_\"", "$_ is fine") for 'service=chat', 'host=/run/postgresql dbname=x passfile=/etc/x', 'postgresql:///x?host=/run';
(undef, my $dump) = configtest(conf => 'ChatSessionDatabase "host=db.test dbname=x passfile=/etc/chat.pass"');
(undef, $dump) = $t->httpd('-t', '-D', 'DUMP_CONFIG');
like($dump, qr/ChatSessionDatabase "host=db.test dbname=x passfile=\/etc\/chat.pass"/, 'the configuration can be shown');

# ---------------------------------------------------------------- .htaccess

@$t{qw(conf server)} = ('', "<Directory \"$t->{dir}/htdocs\">\nAllowOverride All\n</Directory>");
$t->run;
for my $line ('ChatSession On', 'ChatSessionDatabase service=x', 'ChatSessionPoolMax 3', 'ChatSessionReferences strict',
    'ChatSessionAutoEnroll On', 'ChatSessionTimeZone UTC', 'ChatSessionPublicURL http://x', 'ChatSessionMaxBody 2000',
    'ChatSessionZoneCode AU-WA 0 UTC', 'ChatSessionStrings good.txt', 'ChatSessionRunner Off', 'ChatSessionWebhookAllow a.example') {
    my ($name) = $line =~ /^(\w+)/;
    $t->_write('htdocs/.htaccess', "$line\n");
    is($t->get('/index.html')->{status}, 500, "$name is not for .htaccess");
    like($t->log_text, qr/\.htaccess: \Q$name\E not allowed here/, 'and httpd says so');
}
unlink "$t->{dir}/htdocs/.htaccess";
is($t->get('/index.html')->{status}, 200, 'other sites are served while the database is down');
is($t->get('/api/v1/ChatSession/default')->{status}, 503, 'sessions are not');
$t->expect_log(qr/\.htaccess: \w+ not allowed here/, qr/CS0101: .*does not serve/, qr/CS0201: .* db\.unavailable/)->done;

done_testing;
