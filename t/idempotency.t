#!/usr/bin/perl
# Idempotency-Key: the same request again has the same answer and no second effect.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1, conf => "ChatSessionIdempotencyTTL 1h\nChatSessionPoolWait 300ms\nChatSessionRetryAfter 3s")->run;

sub sessions { return $t->sql('SELECT count(*) FROM chat_session') }
sub send_with { my ($key, $body, %option) = @_; return $t->post($all . ($option{query} // ''), $body, user => $option{user} // 'anna',
    headers => {'Idempotency-Key' => $key, %{$option{headers} // {}}}) }

# ---------------------------------------------------------------- again

my $body = {CustomerName => 'Kari', TopicId => 3};
my $first = send_with('k-1', $body);
is($first->{status}, 200, 'R-18: the first has its effect');
for my $round (1 .. 3) {
    my $again = send_with('k-1', $body);
    is($again->{status}, 200, 'the same again');
    is($again->{content}, $first->{content}, 'has the same body, byte for byte');
    is($again->{headers}{$_}, $first->{headers}{$_}, "and the same $_") for qw(content-type etag last-modified content-length cache-control);
}
is(send_with('"k-1"', $body)->{content}, $first->{content}, 'a quoted key is the same key');
is(sessions(), 1, 'one session was made');
$t->put("$all/$first->{json}{ChatSessionId}", {CustomerName => 'Ola'});
is(send_with('k-1', $body)->{content}, $first->{content}, 'also after the session has changed');
$t->del("$all/$first->{json}{ChatSessionId}");
is(send_with('k-1', $body)->{content}, $first->{content}, 'and when it is gone');
ok($t->graceful, 'httpd restarts');
is(send_with('k-1', $body)->{content}, $first->{content}, 'a restart forgets nothing');

# ---------------------------------------------------------------- another

for my $case (['another body', {body => {CustomerName => 'Kari'}}], ['another query', {query => '?$select=Rating'}],
    ['another type', {headers => {'Content-Type' => 'text/json'}}]) {
    my ($what, $option) = @$case;
    my $answer = send_with('k-1', $option->{body} // $body, %$option);
    is($answer->{status}, 422, "R-18: $what with the same key: 422");
    is("$answer->{json}{Code} $answer->{json}{ErrorType}", 'key.reused SoInvalidArgumentException', 'which says so');
}
is(sessions(), 0, 'and nothing was made');
isnt(send_with('k-2', $body)->{content}, $first->{content}, 'another key is another request');
isnt(send_with('k-1', $body, user => 'otto')->{content}, $first->{content}, "another user's key is his own");
is(sessions(), 2, 'with its own effect');
is(send_with('k-1', $body, user => 'nobody')->{status}, 403, 'a user who is not known has none');
is($t->sql("SELECT count(*) FROM idempotency_key WHERE login = 'nobody'"), 0, 'and leaves none behind');

# ---------------------------------------------------------------- what failed had no effect

is(send_with('k-3', {Rating => 'many'})->{status}, 400, 'a faulty request');
is(send_with('k-3', {Rating => 5})->{status}, 200, 'may be mended and sent under the same key');
is(send_with('k-3', {Rating => 5}, headers => {Accept => 'text/json'})->{headers}{'content-type'}, 'application/json; charset=utf-8',
    'what is answered again is what was answered');

for my $case (['empty', ''], ['empty in quotes', '""'], ['a blank', 'a b'], ['not ASCII', "\xc3\xa5"], ['too long', 'k' x 256], ['half quoted', 'a"b']) {
    my ($what, $key) = @$case;
    my $answer = send_with($key, $body, headers => {Host => 'localhost', Authorization => ChatSession::Test::basic('anna')});
    $answer->{json} = eval { JSON::PP::decode_json($answer->{content}) };
    is($answer->{status}, 400, "a key that is $what: 400") or diag($answer->{content});
    is($answer->{json}{Code}, 'key.malformed', 'which says so');
}
is(send_with('k' x 255, $body)->{status}, 200, '255 characters are a key');
is(send_with('"a b"', $body)->{status}, 200, 'in quotes it may hold blanks');
is($t->put("$all/1", $body, headers => {'Idempotency-Key' => ''})->{status}, 404, 'PUT is idempotent by itself: the header is not looked at');

# ---------------------------------------------------------------- at once

my $before = sessions();
my @answers = $t->parallel(10, sub { my $answer = send_with('at-once', {CustomerName => 'Tor'}); return {status => $answer->{status}, content => $answer->{content}} });
is(scalar(grep { $_->{status} == 200 } @answers), 10, 'R-18: ten at once are all answered');
is(scalar(keys %{{map { $_->{content} => 1 } @answers}}), 1, 'alike');
is(sessions(), $before + 1, 'and one session was made');

# ---------------------------------------------------------------- while the first runs

open my $psql, '|-', "psql -X -q -h '" . $t->cluster->socket . "' -U postgres -d empty >/dev/null 2>&1" or die;
$psql->autoflush(1);
print $psql "SET application_name = 'holder'; BEGIN; INSERT INTO chatsession.idempotency_key (login, key, request, expires_at)"
    . " VALUES ('anna', 'slow', 'x', now() + interval '1 hour');\n";
wait_for(10, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND state = 'idle in transaction'") });
my $running = send_with('slow', $body);
is($running->{status}, 409, 'R-18: while the first is running: 409');
is($running->{json}{Code}, 'key.running', 'which says so');
is($running->{headers}{'retry-after'}, 3, 'with Retry-After');
is($t->get("$all/default")->{status}, 200, 'others are served');
print $psql "ROLLBACK;\n";
close $psql;
is(send_with('slow', $body)->{status}, 200, 'when it came to nothing the key is free');

# ---------------------------------------------------------------- its time is over

$t->sql("UPDATE idempotency_key SET expires_at = now() - interval '1 second' WHERE key = 'k-2'");
$before = sessions();
is(send_with('k-2', {CustomerName => 'another'})->{status}, 200, 'a key whose time is over is free again');
is(sessions(), $before + 1, 'and has an effect again');
$t->sql("INSERT INTO idempotency_key (login, key, request, expires_at) SELECT 'old', n::text, 'x', now() - interval '1 day' FROM generate_series(1, 25) AS n");
send_with("sweep-$_", $body) for 1 .. 3;
is($t->sql("SELECT count(*) FROM idempotency_key WHERE login = 'old'"), 0, 'old keys are removed in passing');
like($t->sql("SELECT extract(epoch FROM expires_at - now())::int FROM idempotency_key WHERE key = 'sweep-3'"), qr/^3(?:59|60)\d$/,
    'a key lives as long as the directive says');

# ---------------------------------------------------------------- who is no user any more

is(send_with('retired', $body)->{status}, 200, 'a user sends');
$t->sql('UPDATE associate SET deleted = true WHERE associate_id = 1');
is(join(' ', map { send_with($_, $body)->{json}{Code} } qw(retired new)), 'user.unknown user.unknown', 'R-20: to a retired one no answer of before is repeated');
$t->sql('UPDATE associate SET deleted = false WHERE associate_id = 1');
is(send_with('retired', $body)->{status}, 200, 'when he is back it is');

# ---------------------------------------------------------------- the database goes away

$t->expect_log(qr/CS0201: .* 503 db\./, qr/CS010\d/);
$t->cluster->stop('immediate');
is(send_with('later', $body)->{status}, 503, 'no database: 503');
$t->cluster->start;
ok(wait_for(5, sub { send_with('later', $body)->{status} == 200 }), 'the same again is served when it is back');
is($t->sql("SELECT count(*) FROM idempotency_key WHERE key = 'later'"), 1, 'once');

$t->done;
done_testing;
