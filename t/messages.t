#!/usr/bin/perl
# What is said in a session: what a message does to it, its numbers, the transcript, many writers at once.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1, conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $all = '/api/v1/ChatSession';
$t->sql("INSERT INTO chat_topic (id, name) VALUES (1, 'one');"
        . " INSERT INTO chat_topic_user (user_id, topic_id, can_respond, can_listen) VALUES (1, 1, true, false), (2, 1, false, true), (3, 1, true, false)");

sub session {
    my (%set) = @_;
    my %row = (id => 7, topic_id => 1, user_id => 1, status => 5, name => "'Kari Vik'", %set);
    $t->sql('DELETE FROM chat_session; INSERT INTO chat_session (' . join(', ', sort keys %row) . ') VALUES (' . join(', ', map { $row{$_} } sort keys %row) . ')');
    return;
}
sub say { my ($message, @option) = @_; return $t->post("$all/7/Messages", $message, @option) }
sub stored { my ($columns) = @_; return $t->sql("SELECT $columns FROM chat_session WHERE id = 7") }
sub said { return $t->get("$all/7/Messages" . ($_[0] // ''))->{json} }

# ---------------------------------------------------------------- one message

session(flags => 1);
my $said = say({Message => 'Hello <b onclick="x">you</b><script>', ChatMessageId => 99, ChatSessionId => 98});
is($said->{status}, 200, 'a message is said');
my $message = $said->{json};
is(join(' ', sort keys %$message), 'Author ChatMessageId ChatSessionId Message ReadByCustomer SpecialParam SpecialType Type WhenPosted', 'with nine properties');
is("$message->{ChatSessionId} $message->{Type} $message->{SpecialType} $message->{ReadByCustomer}", '7 ToCustomer None 0', 'the path names its session; without a type it is for the customer');
isnt($message->{ChatMessageId}, 99, 'its number is the server\'s');
is($message->{Message}, 'Hello <b>you</b>', 'of HTML simple tags stay');
is($message->{Author}, 'Anna Vik', 'signed by its agent');
is($t->sql('SELECT created_by FROM chat_message'), 1, 'and stored as his');
is($t->sql("SELECT abs(extract(epoch FROM when_posted - now() AT TIME ZONE 'UTC')) < 30 FROM chat_message"), 't', 'posted now, in UTC');
is($t->sql("SELECT abs(extract(epoch FROM idle - now() AT TIME ZONE 'Europe/Oslo')) < 30 FROM chat_session"), 't', 'WhenIdle is now, in the base zone');
is(stored('status, first_message, last_message, flags'), '6|Hello <b>you</b>|Hello <b>you</b>|0', 'the customer is next; first, last; nobody types');
is_deeply(said(), [$message], 'and it is read as it was answered');

my $reply = say({Message => 'Thanks', Type => 'ToUser'})->{json};
is("$reply->{Author} " . stored('status, first_message, last_message, customer_fetch IS NOT NULL'), 'Kari Vik 5|Hello <b>you</b>|Thanks|t', 'the customer\'s is signed by him, and the agent is next');
is($t->sql('SELECT created_by FROM chat_message ORDER BY id DESC LIMIT 1'), -1, 'and stored as his');
my $special = say({Message => 'ignored', Type => 'Special', SpecialType => 'ClosedByUser', SpecialParam => 'p', Author => 'Somebody'})->{json};
is("$special->{SpecialType} $special->{SpecialParam} $special->{Author} " . stored('status, last_message'), 'ClosedByUser p Somebody 5|Thanks', 'a special one changes no state');
is_deeply([map { $_->{ChatMessageId} } @{said("?after=$message->{ChatMessageId}")}], [map { $_->{ChatMessageId} } $reply, $special], 'after a message: those behind it');
is(scalar @{said($_)}, 3, "all of them with '$_'") for '', '?after=', '?after=0', '?AFTER=0', '?after=-1';
is($t->get("$all/7/Messages?after=$_")->{json}{Code}, 'query.malformed', "after=$_ is none") for 'x', '1.5', '99999999999';

session(first_message => "''");
say({Message => $_->[0], Type => $_->[1], SpecialType => $_->[2]}) for ['one', 'Special', 'None'], ['two', 'ToCustomer', 'Welcome'], ['three', 'ToUser', 'None'], ['four', 'ToUser', 'None'];
is(stored('first_message, last_message'), 'three|four', 'R-23: FirstMessage is neither a special one nor the welcome');
say({Message => 'å' x 2000});
is(stored('length(last_message)'), 1024, 'LastMessage is cut');

# ---------------------------------------------------------------- states

my %after = (ToCustomer => [0, 6, 6, 3, 6, 6, 6, 7, 8, 9, 10, 11], ToUser => [0, 1, 2, 3, 4, 5, 5, 5, 8, 9, 10, 11], Special => [0 .. 11]);
for my $type (sort keys %after) {
    for my $status (0 .. 11) {
        session(status => $status, when_ended => "'2024-01-01'");
        say({Message => 'x', Type => $type});
        is(stored('status'), $after{$type}[$status], "$type in status $status");
        is(stored('when_ended IS NULL'), $type eq 'ToUser' && $status == 7 ? 't' : 'f', 'and when it ended') if $status == 7;
    }
}
session(status => 4, user_id => -1);
say({Message => 'x'});
is(stored('status, when_started IS NOT NULL'), '6|t', 'a word to a waiting customer starts the talk');

# ---------------------------------------------------------------- when

session();
is(say({Message => 'x', WhenPosted => '2030-01-15T12:00:00Z'})->{json}{WhenPosted}, '2030-01-15T13:00:00', 'a time that is given stands, shown in the base zone');
is($t->sql('SELECT when_posted FROM chat_message'), '2030-01-15 12:00:00', 'and is stored as UTC');
is(say({Message => 'y', WhenPosted => '2030-01-15T12:30:00'})->{json}{WhenPosted}, '2030-01-15T12:30:00', 'without a zone it is one of the base zone');
is(join(' ', map { $_->{Message} } @{said()}), 'y x', 'messages come in the order of posting');

# ---------------------------------------------------------------- faults

session();
is(say({Message => 'x' x 65536})->{json}{Fields}[0]{Code}, 'value.length', 'too long');
is(say({Message => 5, Type => 'Nonsense', SpecialType => 4})->{json}{Message} =~ s/:.*//r, '3 properties cannot be saved', 'all faults at once');
for my $nothing ({}, {Message => ''}, {Message => undef}, {Message => " \t\r\n"}, {Message => '<script></script>'}, {Type => 'ToUser', Author => 'Kari'}) {
    my $refused = say($nothing);
    is("$refused->{status} $refused->{json}{Code} " . join(' ', map { "$_->{Field} $_->{Code}" } @{$refused->{json}{Fields}}), '400 body.invalid Message value.missing',
        'who says nothing is told so');
}
my $wrapped = $t->post('/api/v1/Agents/Chat/AddChatMessage', {ChatSessionId => 7, Message => {Type => 'ToUser'}});
is("$wrapped->{status} $wrapped->{json}{Fields}[0]{Field}", '400 Message/Message', 'also in the RPC style');
is(say({Message => '', %$_})->{status}, 200, 'a special one needs no text') for {SpecialType => 'ClickedOption', SpecialParam => '2'}, {Type => 'Special', SpecialType => 'ClosedByUser'};
session();
is($t->request('POST', "$all/7/Messages", content => '')->{json}{Code}, 'body.empty', 'nothing is no message');
is($t->post("$all/8/Messages", {Message => 'x'})->{status}, 404, 'R-26: an unknown session is 404');
is($t->get("$all/8/$_")->{status}, 404, "R-26: $_ of an unknown session is 404") for qw(Messages Transcript);
is(say({Message => 'x'}, user => $_->[0])->{status}, $_->[1], "R-22: $_->[0] writes: $_->[1]") for [otto => 403], [mia => 403], [admin => 200], [anna => 200];
is($t->get("$all/7/Messages", user => $_)->{status}, 200, "R-22: $_ reads") for qw(otto mia admin);
$t->sql('DELETE FROM chat_topic_user WHERE user_id = 2');
is($t->request($_->[0], "$all/7/$_->[1]", $_->[0] eq 'POST' ? (json => {Message => 'x'}) : (), user => 'otto')->{status}, 404, "R-22: who has no role: $_->[0] $_->[1] is 404")
    for ['GET', 'Messages'], ['POST', 'Messages'], ['GET', 'Transcript'], ['POST', 'Transcript'];
is($t->sql('SELECT count(*) FROM chat_message'), 2, 'only what was permitted is stored');
my @twice = map { say({Message => 'once'}, headers => {'Idempotency-Key' => 'm-1'})->{content} } 1, 2;
is($twice[0], $twice[1], 'R-18: a message that is sent twice is answered twice');
is($t->sql("SELECT count(*) FROM chat_message WHERE message = 'once'"), 1, 'and said once');

# ---------------------------------------------------------------- transcript

session();
is($t->get("$all/7/Transcript")->{json}, '', 'nothing was said');
say({Message => "Hello <b>you</b> &lt;3\nover", Author => "An <i>na</i>\nx", WhenPosted => '2024-07-01T10:00:00.5Z'});
say({Type => 'Special', SpecialType => 'Url', WhenPosted => '2024-07-01T10:00:01Z'});
say({Message => 'Hi', Type => 'ToUser', WhenPosted => '2024-07-01T10:00:02Z'});
$t->sql("UPDATE chat_message SET message = message || '<script>' WHERE message = 'Hi'");
for my $method (qw(GET POST)) {
    like($t->request($method, "$all/7/Transcript")->{json},
        qr/\A2024-07-01 12:00:00 An <i>na<\/i>\S*x: Hello you <3\n    over\n2024-07-01 12:00:02 Kari Vik: Hi\n\z/, "R-14: $method: as text, special ones left out, no line can be forged");
    is($t->request($method, "$all/7/Transcript?html=true")->{json}, "<p>2024-07-01 12:00:00 <b>An &lt;i&gt;na&lt;/i&gt;\nx</b>:</p><blockquote>Hello <b>you</b> &lt;3\nover</blockquote>\n"
            . "<p>2024-07-01 12:00:02 <b>Kari Vik</b>:</p><blockquote>Hi</blockquote>\n", "R-14: $method: as HTML, whatever was stored");
}
session();
say({Message => 'Hi</b></p></blockquote><p>2024-07-01 12:00:09 <b>Otto Lind</b>:<ul><li>you are <b>rich', WhenPosted => '2024-07-01T10:00:00Z'});
is($t->get("$all/7/Transcript?html=true")->{json}, "<p>2024-07-01 12:00:00 <b>Anna Vik</b>:</p><blockquote>Hi<p>2024-07-01 12:00:09 <b>Otto Lind</b>:</p>"
        . "<ul><li>you are <b>rich</b></li></ul></blockquote>\n", 'R-14: a message stays inside its own part of the HTML');
is($t->get("$all/7/Transcript?html=$_")->{status}, 400, "html=$_ is neither") for 'yes', 2;
is($t->get("$all/7/Transcript?html=$_")->{status}, 200, "html=$_") for 'True', 0, 1, '';

# ---------------------------------------------------------------- more than one answer holds

session();
$t->sql("INSERT INTO chat_message (session_id, message, when_posted, type, author) SELECT 7, 'm' || n, timestamp '2024-07-01' + (25000 - n) * interval '1 s', 1, 'a'"
        . " FROM generate_series(1, 25000) AS n");
my ($next, @numbers) = "$all/7/Messages";
while ($next) {
    my $page = $t->get($next);
    push @numbers, map { $_->{Message} } @{$page->{json}};
    ($next) = ($page->{headers}{link} // '') =~ m{^<https?://[^/]+(/.*)>; rel="next"$};
}
is(scalar @numbers, 25000, 'messages come 10,000 at a time, and a link names the rest');
is(scalar keys %{{map { $_ => 1 } @numbers}}, 25000, 'each once');
my @lines = split /\n/, $t->get("$all/7/Transcript")->{json};
is(join(' ', scalar @lines, $lines[0] =~ /(m\d+)$/, $lines[-1] =~ /(m\d+)$/), '25000 m25000 m1', 'a transcript has all, by time');

# Long ones: fewer at a time, so that a page fits an answer in each format; special ones do not count for a transcript.
my $client = $t->lean_client;
for my $case ([3, qq{repeat('x', 65535)}], [3, qq{repeat('\\"', 65535)}], [1, 'repeat(chr(1), 65535)'], [1, qq{repeat('&', 65535)}]) {
    my ($type, $text) = @$case;
    session();
    $t->sql("INSERT INTO chat_message (session_id, message, when_posted, type, author, special_param) SELECT 7, $text, timestamp '2024-07-01' + n * interval '1 s', $type, 'a',"
            . " repeat(chr(2), 255) FROM generate_series(1, 100) AS n");
    for my $accept (qw(application/json application/xml)) {
        my ($pages, $from, @ids) = (0, "$all/7/Messages");
        while ($from && $pages++ < 50) {
            my ($status, $head, $page) = $client->('GET', $from, "Accept: $accept\r\n");
            is($status, 200, "a page of $text as $accept") or last;
            push @ids, $page =~ /ChatMessageId\W+(\d+)/g;
            ($from) = $head =~ m{^Link: <https?://[^/]+(/.*)>; rel="next"\r?$}m;
        }
        is(join(' ', @ids), join(' ', split /\n/, $t->sql('SELECT id FROM chat_message ORDER BY id')), "$text: all of them, each once, in $pages pages");
    }
}
session();
$t->sql("INSERT INTO chat_message (session_id, message, when_posted, type) SELECT 7, repeat('x', 65535), now(), CASE WHEN n % 20 = 0 THEN 1 ELSE 3 END FROM generate_series(1, 1000) AS n");
my ($status, undef, $talk) = $client->('GET', "$all/7/Transcript", '');
is("$status " . (() = $talk =~ /: x{60000}x/g), '200 50', 'many long special messages leave a transcript as it is');

# ---------------------------------------------------------------- many at once

session();
my @results = $t->parallel(21, sub {
    my ($number) = @_;
    if ($number > 1) {
        my $client = $t->lean_client;    # httpd closes kept connections when many come
        return [map { ($client->('POST', "$all/7/Messages", '', json_text({Message => "$number $_"})))[0] } 1 .. 10];
    }
    my ($after, @seen) = (0);
    for (1 .. 3000) {
        my $new = said("?after=$after");
        push @seen, map { $_->{ChatMessageId} } @$new;
        $after = (sort { $b <=> $a } $after, map { $_->{ChatMessageId} } @$new)[0];
        last if @seen >= 200;
    }
    return \@seen;
});
my $seen = shift @results;
is(join(' ', grep { $_ ne '200' } map { ref eq 'ARRAY' ? @$_ : %$_ } @results), '', '20 writers in one session');
is(scalar @$seen, 200, 'R-25: a reader that asks for those after his last gets all');
is(join(' ', @$seen), join(' ', split /\n/, $t->sql('SELECT id FROM chat_message WHERE session_id = 7 ORDER BY id')), 'R-25: each once, in order');
is($t->sql('SELECT count(*) FROM (SELECT row_number() OVER (PARTITION BY split_part(message, \' \', 1) ORDER BY id) AS place, split_part(message, \' \', 2)::int AS said'
        . ' FROM chat_message WHERE session_id = 7) AS m WHERE place <> said'), 0, 'and each writer\'s in his');

# ---------------------------------------------------------------- more than an answer takes

session();
my $mib = 1048576;
$t->sql("DELETE FROM chat_message; INSERT INTO chat_message (session_id, message, type, author) SELECT 7, repeat('x', $mib - 100), 1, 'Anna' FROM generate_series(1, 15)");
is(length $t->get("$all/7/Transcript")->{json}, 15 * ($mib - 100 + length "0001-01-01 00:00:00 Anna: \n"), 'a transcript of 15 MiB');
for my $case (["repeat('x', $mib)", 2, 'longer messages'], ["repeat('\"', 600000)", 0, 'one that is longer as JSON'], ["repeat('&', 100)", 50000, 'many messages']) {
    my ($text, $more, $name) = @$case;
    $t->sql("DELETE FROM chat_message WHERE id > (SELECT min(id) + 14 FROM chat_message); INSERT INTO chat_message (session_id, message, type, author) SELECT 7, $text, 1, 'Anna' FROM generate_series(0, $more)");
    for my $answer ($t->get("$all/7/Transcript"), $t->get("$all/7/Transcript?html=true"), $t->post('/api/v1/Agents/Chat/GetChatTranscript', {ChatSessionId => 7})) {
        is("$answer->{status} " . ($answer->{json}{Code} // ''), '422 answer.too-long', "$name: not beyond 16 MiB");
        like($answer->{json}{Message}, qr/^the transcript is longer than 16777216 bytes; .* messages/, 'and what else to do');
    }
}

$t->done;
