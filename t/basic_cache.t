#!/usr/bin/perl
# AuthBasicProvider chatsession: right passwords are remembered for a while, by all children; nothing else is.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use ChatSession::Place;
use ChatSession::Test;

my $default = '/api/v1/ChatSession/default';
my @lines = (qr/AH016(?:14|17|18)/);

# A Location with a provider of ours; the password files lie beside the configuration, where we write them.
sub place {
    my ($path, %in) = @_;
    return "<Location \"$path\">\nChatSession On\nChatSessionDatabase DATABASE\nAuthType Basic\nAuthName \"chat\"\nAuthBasicProvider "
        . ($in{basic} // 'chatsession') . "\n" . ($in{provider} // 'ChatSessionAuthProvider file') . "\n"
        . 'AuthUserFile ' . ($in{file} // 'people') . "\nRequire valid-user\n" . ($in{more} // '') . "\n</Location>\n";
}

sub sha { return '{SHA}' . ChatSession::Test::_sha1_base64($_[0]) }

sub users {
    my ($t, $file, %password) = @_;
    $t->_write($file, join '', map { "$_:$password{$_}\n" } sort keys %password);
    chmod 0644, $t->dir . "/$file";
    return;
}

sub made {
    my (%option) = @_;
    my $t = ChatSession::Test->new(more => 1, location => undef, auth => 0, %option);
    users($t, 'people', anna => sha('right'), otto => sha('otto'));
    return $t->run;
}

sub try_login {
    my ($t, $user, $password, $path) = @_;
    return $t->get($path // $default, user => undef,
        headers => {Authorization => ChatSession::Test::basic($user, $password), Connection => 'close'})->{status};
}

# ---------------------------------------------------------------- right, wrong, changed, removed

my $t = made(server => place('/api', more => "ChatSessionAuthCacheTTL 3s\nChatSessionLoginAttempts 0"));
is(try_login($t, 'anna', 'right'), 200, 'the right password');
is(try_login($t, 'anna', 'right'), 200, 'again');
is(try_login($t, 'anna', 'wrong'), 401, 'a wrong one beside it is refused');
is(try_login($t, 'anna', $_), 401, "what is nearly right is wrong ('$_')") for 'righ', 'right ', 'Right', '', 'right:', ':right';
is(try_login($t, $_, 'right'), 401, "and is another's ('$_')") for 'otto', 'Anna', 'anna ', 'ann', '', 'nobody';
is(try_login($t, 'ann', "aright"), 401, 'name and password are two things');
users($t, 'people', anna => sha('changed'), otto => sha('otto'));
my $changed = time;
is(try_login($t, 'anna', 'changed'), 200, 'a new password holds at once');
is(try_login($t, 'otto', 'otto'), 200, 'who has none kept is asked about');
my $old = try_login($t, 'anna', 'right');
is($old, time - $changed < 1 ? 200 : $old, 'the old one is remembered');
ok(wait_for(6, sub { try_login($t, 'anna', 'right') == 401 }), 'for its time');
cmp_ok(time - $changed, '<', 5, 'and no longer, however often it is used');
is(try_login($t, 'anna', 'right'), 401, 'then it stays refused');
users($t, 'people', otto => sha('otto'));
ok(wait_for(6, sub { try_login($t, 'anna', 'changed') == 401 }), 'a removed user is refused when the time is over');
users($t, 'people', otto => sha('otto'), anna => sha('late'));
is(try_login($t, 'anna', 'late'), 200, 'a failure is not remembered');

# ---------------------------------------------------------------- restart, graceful restart

is(try_login($t, 'otto', 'otto'), 200, 'somebody is known');
users($t, 'people', anna => sha('late'));
is($t->graceful, 1, 'a graceful restart');
ok(wait_for(3, sub { try_login($t, 'otto', 'otto') == 401 }), 'forgets at once who was removed');
is(try_login($t, 'anna', 'late'), 200, 'and asks about the others');
users($t, 'people', otto => sha('otto'));
$t->stop;
$t->run;
is(try_login($t, 'anna', 'late'), 401, 'so does a restart');
is(try_login($t, 'otto', 'otto'), 200, 'and asks');
my $log = $t->log_text . $t->access_log;
unlike($log, qr/\b(?:right|changed|late|wrong)\b/, 'the logs hold no password');
unlike($log, qr/[0-9a-f]{32}|\{SHA\}/, 'and no digest');
$t->expect_log(@lines, qr/AH0009[45]|AH00489/)->done;

# ---------------------------------------------------------------- many children know together; wrong ones do not push out right ones

$t = made(mpm => 'prefork', server => place('/api', more => "ChatSessionAuthCacheTTL 1h\nChatSessionLoginAttempts 0"));
is(try_login($t, 'anna', 'right'), 200, 'prefork: one child has asked');
users($t, 'people');
my @all = map { @$_ } $t->parallel(8, sub { return [map { try_login($t, 'anna', 'right') } 1 .. 15] });
is(scalar(grep { $_ == 200 } @all), 120, 'prefork: every child knows');
my @flood = map { @$_ } $t->parallel(4, sub { my $n = shift; return [map { try_login($t, "anna", "wrong$n-$_") } 1 .. 150] });
is(scalar(grep { $_ == 401 } @flood), 600, 'prefork: a flood of wrong ones is refused');
is(try_login($t, 'anna', 'right'), 200, 'prefork: and pushes nothing out');
is(try_login($t, 'otto', 'otto'), 401, 'prefork: who was never asked about is not known');
$t->expect_log(@lines)->done;

# ---------------------------------------------------------------- places with files of their own

my $aliases = "<AuthnProviderAlias file first>\nAuthUserFile people\n</AuthnProviderAlias>\n<AuthnProviderAlias file second>\nAuthUserFile others\n</AuthnProviderAlias>\n";
$t = made(modules => [qw(setenvif authn_dbm)], server => "ChatSessionLoginAttempts 0\nChatSessionAuthCacheTTL 1h\n$aliases"
        . place('/api') . place('/crm/api', file => 'others') . place('/off/api', more => 'ChatSessionAuthCacheTTL 0')
        . place('/one/api', provider => 'ChatSessionAuthProvider first') . place('/two/api', provider => 'ChatSessionAuthProvider second')
        . place('/both/api', provider => "ChatSessionAuthProvider first second") . place('/plain/api', provider => '')
        . place('/broken/api', file => 'nothing-there') . place('/chain/api', basic => 'chatsession second')
        . "<Location \"/api/v1/Ticket\">\nAuthUserFile others\n</Location>\n<LocationMatch \"ChatSession|Ticket\">\nSetEnvIf X-None . NONE\n</LocationMatch>\n"
        . "<If \"%{HTTP:X-Other} == '1'\">\nAuthUserFile others\n</If>\n"
        . "<VirtualHost 127.0.0.1:*>\nServerName other\n" . place('/host/api', file => 'others') . "</VirtualHost>\n");
users($t, 'others', mia => sha('mia'), anna => sha('other'));
is(try_login($t, 'anna', 'right', "$_$default"), 200, "$_: its own file") for '', '/one', '/both', '/plain', '/off', '/chain';
is(try_login($t, 'anna', 'other', "$_$default"), 200, "$_: its own file") for '/crm', '/two';
is(try_login($t, 'mia', 'mia', "/chain$default"), 200, 'another provider may come behind it');
is(try_login($t, 'anna', 'other', "$_$default"), 401, "$_: and none of another's") for '', '/one', '/both', '/plain', '/off';
is(try_login($t, 'anna', 'right', "$_$default"), 401, "$_: and none of another's") for '/crm', '/two';
is(try_login($t, 'mia', 'mia', "/both$default"), 200, 'several providers are asked in their order');
is(try_login($t, 'anna', 'right', '/api/v1/Ticket'), 401, 'a Location inside of the API with a file of its own shares nothing');
is(try_login($t, 'anna', 'other', '/api/v1/Ticket'), 405, 'but has it (405: there is no GET)');
is(try_login($t, 'anna', 'other'), 401, 'nor does the API share its own');
my $if = sub { return $t->get($default, user => undef, headers => {Authorization => ChatSession::Test::basic('anna', $_[0]), 'X-Other' => $_[1]})->{status} };
is(join(' ', map { $if->(@$_) } ['right', 0], ['right', 1], ['other', 1], ['other', 0]), '200 401 200 401', 'what an <If> says shares nothing either');
is(try_login($t, 'anna', 'right', "/broken$default"), 500, 'a provider that fails is no answer');
users($t, 'nothing-there', anna => sha('right'));
is(try_login($t, 'anna', 'right', "/broken$default"), 200, 'and nothing is remembered of it');
users($t, $_) for qw(people others nothing-there);
is(try_login($t, 'anna', 'right', "/off$default"), 401, 'switched off, every log-in asks');
is(try_login($t, 'anna', 'right', "$_$default"), 200, "$_: others remember") for '', '/one', '/both', '/plain', '/broken';
$t->stop;
my $text = $t->log_text;
$t->expect_log(@lines, qr/AH01620|AH00548|CS0206/)->done;

# ---------------------------------------------------------------- a vhost; outside of the API; an alias that asks itself

$t = made(server => "<VirtualHost *:*>\nServerName localhost\n<Location \"/\">\nAuthUserFile people\n</Location>\n</VirtualHost>\n<VirtualHost *:*>\nServerName other\n<Location \"/\">\nAuthUserFile others\n</Location>\n</VirtualHost>\n"
        . "<AuthnProviderAlias chatsession loop>\nAuthUserFile people\n</AuthnProviderAlias>\n"
        . "<Location \"/docs\">\nAuthType Basic\nAuthName docs\nAuthBasicProvider chatsession\nAuthUserFile people\nRequire valid-user\n</Location>\n"
        . place('/api') =~ s/AuthUserFile people\n//r . place('/loop/api', provider => 'ChatSessionAuthProvider loop'));
users($t, 'others', anna => sha('other'));
my $at = sub {
    my ($host, $password) = @_;
    return $t->get($default, user => undef, headers => {Host => $host, Authorization => ChatSession::Test::basic('anna', $password)})->{status};
};
is(join(' ', map { $at->(@$_) } (['localhost', 'right'], ['other', 'right'], ['other', 'other'], ['localhost', 'other']) x 2), join(' ', ('200 401 200 401') x 2),
    'virtual hosts with one Location and two files share nothing');
is(try_login($t, 'anna', 'right', '/docs/none'), 404, 'it serves other places');
users($t, 'people', otto => sha('otto'));
is(try_login($t, 'anna', 'right', '/docs/none'), 401, 'but remembers nothing for them');
is(try_login($t, 'anna', 'right', "/loop$default"), 500, 'who asks himself gets an error');
is(try_login($t, 'otto', 'otto'), 200, 'and nothing worse');
like($t->log_text, qr/CS0207: the provider 'loop' asks itself/, 'the log says why');
$t->expect_log(@lines, qr/CS020[67]|AH00548/)->done;

# ---------------------------------------------------------------- failures are limited in rate, remembered or not

$t = made(server => place('/api', more => "ChatSessionLoginAttempts 2\nChatSessionLoginWindow 1h"));
is(try_login($t, 'anna', 'right'), 200, 'AUTH-9: who is remembered');
is(join(' ', map { try_login($t, 'anna', 'wrong') } 1 .. 3), '401 401 429', 'may fail as often as others');
is(try_login($t, 'anna', 'right'), 429, 'and waits as they do');
$t->expect_log(@lines)->done;

# ---------------------------------------------------------------- what configtest says

$t = ChatSession::Test->new(more => 1, location => undef, auth => 0, start_db => 0);
for my $case (
    ['ChatSessionAuthProvider nosuch', qr/ChatSessionAuthProvider takes providers .*, not 'nosuch': there is no such provider/],
    ['ChatSessionAuthProvider chatsession', qr/not 'chatsession': it cannot ask itself/],
    ['ChatSessionAuthProvider ChatSession', qr/it cannot ask itself/],
    ['ChatSessionAuthProvider file dbm', qr/not 'dbm': there is no such provider/],
    ['ChatSessionAuthProvider', qr/ChatSessionAuthProvider requires at least one argument/],
    ['ChatSessionAuthCacheTTL 2h', qr/ChatSessionAuthCacheTTL takes 0 \(off\) to 1h, not '2h'/],
    ['ChatSessionAuthCacheTTL -1', qr/ChatSessionAuthCacheTTL takes/],
    ['ChatSessionAuthCacheTTL soon', qr/ChatSessionAuthCacheTTL takes/],
) {
    my ($line, $message) = @$case;
    $t->{server} = place('/api', provider => $line);
    $t->write_conf;
    my ($status, $output) = $t->httpd('-t');
    isnt($status, 0, "$line: refused");
    like($output, $message, 'the message says what would be right');
}
$t->{server} = place('/api', provider => 'ChatSessionAuthProvider FILE');
$t->write_conf;
is(($t->httpd('-t'))[0], 0, 'names match in any case');
undef $t;

done_testing;
