#!/usr/bin/perl
# httpd says who is asking; the module finds the associate.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1)->run;

# ---------------------------------------------------------------- without a user

for my $case (['no credentials', undef], ['a wrong password', ChatSession::Test::basic('anna', 'wrong')],
    ['an unknown name', ChatSession::Test::basic('eve', 'eve')], ['no base64', 'Basic !!!'], ['another scheme', 'Bearer abc']) {
    my ($what, $credentials) = @$case;
    my $answer = $t->get("$all/1", user => undef, headers => {$credentials ? (Authorization => $credentials) : ()});
    is($answer->{status}, 401, "$what: 401");
    is($answer->{headers}{'www-authenticate'}, 'Basic realm="chat"', 'httpd asks for credentials');
    is($answer->{json}{Code}, 'user.missing', 'in the error object of the API');
    is($answer->{json}{ErrorType}, 'SoSessionException', 'with its type');
    is($answer->{headers}{'cache-control'}, 'no-store', 'not to be stored');
}
is($t->get("$all/1", user => undef, headers => {Accept => 'application/problem+json'})->{json}{status}, 401,
    'or as a problem document');
is($t->request('HEAD', "$all/1", user => undef)->{status}, 401, 'HEAD as well');
is($t->request('PUT', "$all/999999", user => undef, headers => {'Content-Type' => 'text/plain'}, content => 'x')->{status}, 401,
    'whatever else is wrong');

# ---------------------------------------------------------------- known, unknown, retired

is($t->get("$all/default", user => $_)->{status}, 200, "$_ is known") for qw(anna otto mia admin);
is($t->get("$all/default", user => 'ANNA', headers => {Authorization => ChatSession::Test::basic('ANNA', 'anna')})->{status}, 200,
    'a login name is known in any case');
my $unknown = $t->get("$all/default", user => 'nobody');
is($unknown->{status}, 403, 'a user without an associate: 403');
is($unknown->{json}{Code}, 'user.unknown', 'which is told');
like($unknown->{json}{Message}, qr/no active associate has this login name/, 'with the reason');
is($t->post($all, {}, user => 'nobody')->{status}, 403, 'he cannot create');
my $id = $t->post($all, {CustomerName => 'Kari'})->{json}{ChatSessionId};
is($t->get("$all/$id", user => 'nobody')->{status}, 403, 'nor read');
is($t->put("$all/$id", {}, user => 'nobody')->{status}, 403, 'nor replace');
is($t->del("$all/$id", user => 'nobody')->{status}, 403, 'nor delete');
is($t->get("$all/999999", user => 'nobody')->{status}, 403, 'nor learn what is not there');
is($t->get("$all/$id")->{json}{CustomerName}, 'Kari', 'nothing has changed');
is($t->sql('SELECT count(*) FROM chat_session'), 1, 'nothing was made');
is($t->sql("SELECT count(*) FROM associate WHERE name = 'nobody'"), 0, 'and he is not enrolled');

$t->sql("UPDATE associate SET deleted = true WHERE name = 'otto'");
is($t->get("$all/default", user => 'otto')->{status}, 403, 'a retired associate is not known any more, at once');
$t->sql("UPDATE associate SET deleted = false WHERE name = 'otto'");
is($t->get("$all/default", user => 'otto')->{status}, 200, 'and known again, at once');
$t->expect_log(qr/AH016(?:14|17|18): /)->done;

# ---------------------------------------------------------------- enrolling

$t = ChatSession::Test->new(conf => 'ChatSessionAutoEnroll On', more => 1)->run;
$t->sql("INSERT INTO chat_topic (id) VALUES (1);"
        . " INSERT INTO chat_topic_user (user_id, topic_id, can_respond) SELECT id, 1, true FROM generate_series(101, 200) AS id");
my @answers = $t->parallel(8, sub { [map { $t->post($all, {CustomerName => 'x', TopicId => 1}, user => 'nobody')->{status} } 1 .. 5] });
is_deeply([map { @$_ } @answers], [(200) x 40], 'with ChatSessionAutoEnroll an unknown user is served');
is($t->sql("SELECT count(*), min(name), bool_or(is_admin) FROM associate WHERE lower(name) = 'nobody'"), '1|nobody|f',
    'he is enrolled once, also by many requests at once, as no administrator');
is($t->sql('SELECT count(*) FROM chat_session'), 40, 'and each request was carried out once');
$t->sql("UPDATE associate SET deleted = true WHERE name = 'nobody'");
is($t->get("$all/default", user => 'nobody')->{status}, 403, 'who is retired does not enroll himself again');
$t->done;

# ---------------------------------------------------------------- a server that forgot to ask

$t = ChatSession::Test->new(auth => 0, more => 1)->run;
my $open = $t->get("$all/default", user => undef);
is($open->{status}, 401, 'without authentication in the configuration nobody is served');
is($open->{json}{Code}, 'user.missing', 'and the error says why');
is($t->post($all, {}, user => undef)->{status}, 401, 'nothing is stored');
is($t->sql('SELECT count(*) FROM chat_session'), 0, 'indeed');
$t->expect_log(qr/CS0205: request \w+ came without a user: "Require valid-user" and an AuthType are missing for \/api\/v1/);
like($t->log_text, qr/CS0205/, 'the log tells the administrator');
$t->done;

done_testing;
