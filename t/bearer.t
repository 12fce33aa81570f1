#!/usr/bin/perl
# Bearer tokens by mod_auth_openidc, beside Basic and tickets; and the examples of doc/authentication.md.
#
# CS_OPENIDC names mod_auth_openidc.so where it is not among httpd's modules.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use File::Temp ();
use IO::Socket::INET;
use MIME::Base64 qw(encode_base64 encode_base64url);
use ChatSession::Place;
use ChatSession::Test;

my $me = '/api/v1/User/currentPrincipal';
my $doc = slurp(source_path('doc/authentication.md'));
my @apache = $doc =~ /^```apache\n(.*?)^```$/msg;
my @shell = map { [grep { length } split /\n/] } $doc =~ /^```sh\n(.*?)^```$/msg;
is(scalar @apache, 2, 'the document has two configurations');

# A configuration of the document, with the places of this test.
sub from_document {
    my ($t, $text, %place) = @_;
    $text =~ s{"host=/run/postgresql dbname=help_desk user=chatsession"}{'"' . $t->conninfo . '"'}e or die;
    $text =~ s{/etc/apache2/chatsession.users}{$t->{dir}/users} or die;
    $text =~ s{\Q$_\E}{$place{$_}} or die for sort keys %place;
    return $text;
}

# ---------------------------------------------------------------- the commands of the document

my $t = ChatSession::Test->new(more => 1, location => undef);
$t->{server} = from_document($t, $apache[0]);
$t->run;
my %known;
for my $lines (@shell[0, 1, 3]) {
    for my $line (@$lines) {
        my $command = $line =~ s{http://localhost}{$t->base}er;
        $command =~ s{anna:hemmelig}{anna:anna};
        $command =~ s{^curl}{curl --silent --show-error --fail};
        local $ENV{TICKET} = $known{Ticket};
        local $ENV{XSRF} = $known{XsrfToken};
        my $answer = `cd '$t->{dir}' && $command`;
        is($?, 0, $line);
        $known{$1} = $2 while $answer =~ /"(Ticket|XsrfToken)":"([^"]+)"/g;
        like($answer, qr/"Associate":"anna"/, 'answers as the document says') if $line !~ /DELETE/;
    }
}
for my $line (@{$shell[2]}) {
    my $command = $line =~ s{sql/ticket}{source_path('sql/ticket')}er =~ s{-d help_desk}{"-h '" . $t->cluster->socket . "' -U postgres -d empty"}er;
    like(`$command 2>&1`, qr/^7T:|anna|1 revoked/, $line);
}
$t->done;

# ---------------------------------------------------------------- an issuer

my ($openidc) = grep { defined && -e } $ENV{CS_OPENIDC}, make_variable('HTTPD_MODULES') . '/mod_auth_openidc.so';
if (!$openidc) {
    note 'Bearer is not tested: libapache2-mod-auth-openidc is not installed';
    done_testing;
    exit;
}
my $dir = File::Temp::tempdir(CLEANUP => 1);
system("openssl genrsa -out '$dir/$_.key' 2048 2>/dev/null") == 0 or die for qw(issuer other);
my ($modulus) = `openssl rsa -in '$dir/issuer.key' -noout -modulus` =~ /^Modulus=([0-9A-F]+)$/m or die;
my $jwks = json_text({keys => [{kty => 'RSA', kid => 'one', use => 'sig', alg => 'RS256', n => encode_base64url(pack 'H*', $modulus), e => 'AQAB'}]});

# mod_auth_openidc takes keys by https alone.
system("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout '$dir/tls.key' -out '$dir/tls.crt' 2>/dev/null") == 0 or die;
open my $page, '>', "$dir/jwks" or die;
print $page "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: " . length($jwks) . "\r\n\r\n$jwks";
close $page;
my $port = ChatSession::Test::free_port();
my $jwks_url = "https://127.0.0.1:$port/jwks";
my $main = $$;
my $server = fork;
END { kill 'TERM', $server if $server && $$ == $main }
if (!$server) {
    chdir $dir;
    open STDIN,  '<', '/dev/null';
    open STDOUT, '>', 'issuer.log';
    open STDERR, '>&', \*STDOUT;
    exec qw(openssl s_server -HTTP -quiet -key tls.key -cert tls.crt -accept), "127.0.0.1:$port" or POSIX::_exit(127);
}
wait_for(10, sub { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) }) or die 'the issuer does not start';

sub token {
    my (%change) = @_;
    my ($key, $head) = (delete $change{key} // 'issuer', delete $change{head} // {alg => 'RS256', typ => 'JWT', kid => 'one'});
    my %claims = (iss => 'https://login.example.com', aud => 'chat', sub => 'x-17', preferred_username => 'anna', iat => time, exp => time + 3600, %change);
    delete $claims{$_} for grep { !defined $claims{$_} } keys %claims;
    my $text = encode_base64url(json_text($head)) . '.' . encode_base64url(json_text(\%claims));
    open my $file, '>', "$dir/text" or die;
    print $file $text;
    close $file;
    return "$text." if $head->{alg} eq 'none';
    return "$text." . encode_base64url(scalar `openssl dgst -sha256 -sign '$dir/$key.key' '$dir/text'`);
}

# ---------------------------------------------------------------- tokens

$t = ChatSession::Test->new(more => 1, location => undef);
$t->{server} = "LoadModule auth_openidc_module $openidc\nOIDCOAuthSSLValidateServer Off\n" . from_document($t, $apache[1], 'https://login.example.com/jwks' => $jwks_url);
$t->run;
my $with = sub { return $t->get($me, user => undef, headers => {Authorization => "$_[1] $_[0]"}) };
my $good = token();
is($with->($good, 'Bearer')->{json}{Associate}, 'anna', 'AUTH-1, AUTH-6: a token that the issuer signed: the user in it');
is($with->($good, $_)->{status}, 200, "AUTH-2: $_") for qw(bearer BEARER);
is($with->(token(preferred_username => 'mia'), 'Bearer')->{json}{Associate}, 'mia', 'R-19: another user');
my $unknown = $with->(token(preferred_username => 'eve'), 'Bearer');
is($unknown->{status}, 403, 'R-20: a user who is not known here: 403');
is($unknown->{json}{Code}, 'user.unknown', 'which is told');
my @bad = (
    ['expired', token(exp => time - 100, iat => time - 4000)], ['signed by another', token(key => 'other')], ['for another audience', token(aud => 'mail')], ['of another issuer', token(iss => 'https://evil.test')],
    ['for nobody', token(aud => undef)], ['not signed', token(head => {alg => 'none', typ => 'JWT'})], ['of an unknown key', token(head => {alg => 'RS256', kid => 'two'}, key => 'other')],
    ['changed', $good =~ s/\.([^.]+)\./'.' . encode_base64url(json_text({iss => 'https:\/\/login.example.com', aud => 'chat', preferred_username => 'admin', exp => time + 99})) . '.'/er],
    ['cut', substr $good, 0, 100], ['opaque', '8A:Cust.abcdef'], ['nothing', ''], ['a ticket', '7T:' . 'A' x 40],
);
for my $case (@bad) {
    my ($what, $token) = @$case;
    my $answer = $with->($token, 'Bearer');
    is($answer->{status}, 401, "AUTH-6, AUTH-9: a token $what: 401");
    is($answer->{json}{ErrorType}, 'SoSessionException', "AUTH-10: a token $what: in the error object");
    ok($answer->{headers}{'www-authenticate'}, "AUTH-10: a token $what: with a challenge");
}
is($t->get($me)->{json}{Associate}, 'anna', 'AUTH-3: Basic on the same Location');
is($t->get($me, user => undef, headers => {Authorization => ChatSession::Test::basic('anna', 'x')})->{status}, 401, 'with the right password');
my $ticket = $t->request('POST', '/api/v1/Ticket', user => undef, headers => {Authorization => "Bearer $good"})->{json}{Ticket};
is($with->($ticket, 'SOTicket')->{json}{Associate}, 'anna', 'TICK-4: a token gets a ticket, which does as well');
my $login = $t->request('POST', '/api/v1/Session', user => undef, headers => {Authorization => "Bearer $good"});
my ($cookie) = map { /^(chatsession=[^;]+)/ ? $1 : () } @{$login->{headers}{'set-cookie'}};
is($t->get($me, user => undef, headers => {Cookie => $cookie, 'X-XSRF-TOKEN' => $login->{json}{XsrfToken}})->{json}{Associate}, 'anna', 'XSRF-1: or a session');
is($t->get($me, user => undef)->{status}, 401, 'AUTH-9: nothing: 401');
my $log = $t->log_text . $t->access_log;
is(index($log, $_), -1, 'no token or ticket is in a log') for $good, $ticket;

# AuthType oauth20 alone: tickets are ours before anybody else sees them.
$t->{server} =~ s/AuthType Basic\n.*?Require valid-user\n.*?<If.*?>\n(.*?)<\/If>\n/$1/s or die;
$t->write_conf;
$t->graceful;
is($with->($good, 'Bearer')->{status}, 200, 'without Basic: a token');
is($with->($ticket, 'SOTicket')->{status}, 401, 'a ticket has no claims, and is refused where they are required');
$t->{server} =~ s/<RequireAll>.*<\/RequireAll>/Require valid-user/s or die;
$t->write_conf;
$t->graceful;
is($with->($ticket, 'SOTicket')->{status}, 200, 'R-19: with Require valid-user a ticket does');
my $wrong = $with->('7T:' . 'A' x 40, 'SOTicket');
is($wrong->{status}, 401, 'R-19: a wrong one does not');
like($wrong->{headers}{'www-authenticate'}, qr/^(?:SOTicket|Bearer) realm=/, 'AUTH-10: the challenge names what is enabled');
kill 'TERM', $server;
waitpid $server, 0;
$t->expect_log(qr/auth_openidc:(?:warn|error)\]|AH016(?:14|17|31)|AH01797|AH00571/)->done;

done_testing;
