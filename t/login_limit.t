#!/usr/bin/perl
# Who fails to log in too often has to wait: per client and name, and per client; counted over all children.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my %close = (Connection => 'close');

sub try_login {
    my ($t, $user, $password, %more) = @_;
    return $t->get("$all/default", user => undef, headers => {Authorization => ChatSession::Test::basic($user, $password), %more});
}

# The statuses of so many attempts, a connection each; waits until each is counted.
sub statuses { my ($t, $times, @who) = @_; return join ' ', map { try_login($t, @who)->{status} } 1 .. $times }

my $t = ChatSession::Test->new(more => 1, conf => "ChatSessionLoginAttempts 3\nChatSessionLoginWindow 1h",
    modules => ['remoteip'], server => "RemoteIPHeader X-Client\nRemoteIPInternalProxy 127.0.0.1\n"
    . "<Location \"/plain\">\nAuthType Basic\nAuthName plain\nAuthBasicProvider file\nAuthUserFile users\nRequire valid-user\n</Location>\n"
    . "<Location \"/crm/api\">\nChatSession On\nChatSessionDatabase DATABASE\nAuthType Basic\nAuthName crm\nAuthBasicProvider file\nAuthUserFile users\nRequire valid-user\n</Location>\n")->run;

# ---------------------------------------------------------------- a client and a name

is(statuses($t, 3, 'anna', 'wrong'), '401 401 401', 'AUTH-9: as many failures as permitted');
my $asked = () = $t->log_text =~ /AH01617/g;
my $limited = try_login($t, 'anna', 'wrong');
is($limited->{status}, 429, 'one more: 429');
is($limited->{json}{Code}, 'login.limited', 'with its code');
is($limited->{json}{ErrorType}, 'SoSessionException', 'and type');
cmp_ok($limited->{headers}{'retry-after'}, '>', 3500, 'and Retry-After: the rest of the window');
cmp_ok($limited->{headers}{'retry-after'}, '<=', 3600, 'no longer');
is($limited->{headers}{'www-authenticate'}, undef, 'nobody is asked to log in');
is(try_login($t, 'anna')->{status}, 429, 'the right password is not looked at either');
is(try_login($t, 'ANNA', 'anna')->{status}, 429, 'nor is another spelling of the name');
is(scalar(() = $t->log_text =~ /AH01617/g), $asked, 'the provider is not asked');
is(try_login($t, 'mia')->{status}, 200, 'another user of the same client is not concerned');
is(try_login($t, 'anna', 'anna', 'X-Client' => '192.0.2.7')->{status}, 200, 'nor is the same user elsewhere');
is($t->get('/plain', user => undef, headers => {Authorization => ChatSession::Test::basic('anna')})->{status}, 404, 'nor are other sites');
is($t->get('/crm/api/v1/ChatSession/default')->{status}, 200, 'nor is another API');
is($t->get("$all/default", user => undef)->{status}, 401, 'no credentials are no attempt');
is($t->request('GET', '/plain', user => undef, headers => {Authorization => ChatSession::Test::basic('mia', 'x')})->{status}, 401, 'failures of other sites') for 1 .. 5;
is(try_login($t, 'mia')->{status}, 200, 'do not count');

# ---------------------------------------------------------------- success, graceful restart

is(statuses($t, 2, 'otto', 'wrong'), '401 401', 'some failures');
is(try_login($t, 'otto')->{status}, 200, 'then a success');
is(statuses($t, 3, 'otto', 'wrong'), '401 401 401', 'they are forgotten');
is(try_login($t, 'otto')->{status}, 429, 'and counted anew');
$t->graceful;
is(try_login($t, $_)->{status}, 429, "a graceful restart does not help $_") for qw(anna otto);
my $ticket = $t->request('POST', '/api/v1/Ticket', user => 'mia')->{json}{Ticket};
my $with = sub { return $t->get("$all/default", user => undef, headers => {Authorization => "SOTicket $_[0]"})->{status} };
is(join(' ', map { $with->('7T:' . 'A' x 40) } 1 .. 4), '401 401 401 429', 'a ticket that is none: likewise');
is($with->($ticket), 200, 'another one is not concerned');
is($with->("SOTicket x$_"), 401, 'tickets of other forms count') for 1 .. 2;

# ---------------------------------------------------------------- a client with many names

my %elsewhere = ('X-Client' => '192.0.2.99');
my $failed = 0;
for my $number (1 .. 40) {
    $failed++ if try_login($t, "name$number", 'x', %elsewhere)->{status} == 401;
}
is($failed, 30, 'a client that tries many names has ten times as many attempts');
is(try_login($t, 'admin', 'admin', %elsewhere)->{status}, 429, 'then he has to wait with all of them');
is(try_login($t, 'admin')->{status}, 200, 'others do not');
is($t->get("$all/default", user => undef, headers => {Authorization => "SOTicket $ticket", 'X-Client' => "2001:db8::$_"})->{status}, 200, 'IPv6') for 1 .. 2;
is(join(' ', map { try_login($t, 'anna', 'x', 'X-Client' => "2001:db8:1:2::$_")->{status} } 1 .. 4), '401 401 401 429', 'a client of IPv6 is its network, whichever address it takes');
is(try_login($t, 'anna', 'anna', 'X-Client' => '2001:db8:1:3::1')->{status}, 200, 'another network is another client');
$t->expect_log(qr/AH016(?:14|17|18)/)->done;

# ---------------------------------------------------------------- many children; the end of the window; no limit

for my $mpm (qw(prefork event)) {
    $t = ChatSession::Test->new(more => 1, mpm => $mpm, conf => "ChatSessionLoginAttempts 10\nChatSessionLoginWindow 1h")->run;
    my @tries = map { @$_ } $t->parallel(10, sub { [map { try_login($t, 'anna', 'x', %close)->{status} } 1 .. 20] });
    my $refused = grep { $_ == 401 } @tries;
    cmp_ok($refused, '>=', 10, "$mpm: children count together");
    cmp_ok($refused, '<=', 10 + 2 * 16, "$mpm: attempts at the same moment may slip through, no more");
    is(scalar(grep { $_ != 401 && $_ != 429 } @tries), 0, "$mpm: there is no other answer");
    is(try_login($t, 'anna', 'anna', %close)->{status}, 429, "$mpm: every child knows");
    $t->expect_log(qr/AH01617/)->done;
}
$t = ChatSession::Test->new(more => 1, conf => "ChatSessionLoginAttempts 2\nChatSessionLoginWindow 2s")->run;
is(statuses($t, 3, 'anna', 'x'), '401 401 429', 'a short window');
ok(wait_for(10, sub { try_login($t, 'anna')->{status} == 200 }), 'when it is over the right password does');
$t->expect_log(qr/AH01617/)->done;
$t = ChatSession::Test->new(more => 1, conf => 'ChatSessionLoginAttempts 0')->run;
is(statuses($t, 30, 'anna', 'x'), join(' ', (401) x 30), '0: no limit');
$t->expect_log(qr/AH01617/)->done;

done_testing;
