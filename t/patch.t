#!/usr/bin/perl
# PATCH: JSON Patch and merge patch through the server: all of it or nothing, under the row's lock.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1, conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $made = $t->post($all, {CustomerName => 'Kari', Status => 'InQueue', TopicId => 12, Rank => 7, Contact => {ContactId => 77},
    WhenRequested => '2024-07-01T12:00:00.123456'})->{json};
my $id = $made->{ChatSessionId};
my $entity = "$all/$id";

sub patch { my ($patch, %option) = @_; return $t->request('PATCH', $option{path} // $entity, headers => $option{headers} // {}, json => $patch) }
sub row { return $t->sql("SELECT name, rank, status, contact_id, when_requested, version FROM chat_session WHERE id = $id") }
sub code { my ($answer) = @_; return join ' ', $answer->{status}, $answer->{json}{Code} // '', map { "$_->{Field} $_->{Code}" } @{$answer->{json}{Fields} // []} }

# ---------------------------------------------------------------- both forms, whatever the type says

my @types = ('application/json', 'text/json', 'application/json-patch+json', 'application/merge-patch+json; charset=utf-8');
for my $type (@types, undef) {
    # Without a type by bytes of our own, for the client would say one.
    my $headers = $type ? {'Content-Type' => $type} : {Host => $t->base =~ s{^http://}{}r, Authorization => ChatSession::Test::basic('anna')};
    my $name = 'N' . int rand 1e9;
    my $shown = $type // 'no type';
    my $send = sub { my $got = $t->request('PATCH', $entity, headers => {%$headers}, content => $_[0]); $got->{json} = JSON::PP::decode_json($got->{content}); return $got };
    my $answer = $send->(qq([{"op":"replace","path":"customername","value":"$name"}]));
    is("$answer->{status} " . ($answer->{json}{CustomerName} // ''), "200 $name", "IN-3, PATCH-1, PATCH-21: a JSON Patch as $shown");
    $answer = $send->(qq({"CustomerName":"$name!"}));
    is("$answer->{status} " . ($answer->{json}{CustomerName} // ''), "200 $name!", "a merge patch as $shown");
    is($answer->{json}{Rank}, 7, 'PATCH-9: what is not named stays');
    is($answer->{json}{WhenRequested}, '2024-07-01T12:00:00.123456', 'to the microsecond');
}
for my $type ('application/xml', 'text/xml', 'application/x-www-form-urlencoded', 'text/plain', 'application/json; charset=latin1') {
    is(code($t->request('PATCH', $entity, headers => {'Content-Type' => $type, Accept => 'application/json'}, content => '{}')), '415 body.media-type', "IN-5: $type is none of a patch");
}
for my $case (['', 'body.empty'], ['null', 'body.shape'], ['"x"', 'body.shape'], ['7', 'body.shape'], ['[', 'json.syntax'], [' ', 'json.syntax']) {
    is(code($t->request('PATCH', $entity, headers => {'Content-Type' => 'application/json'}, content => $case->[0])), "400 $case->[1]", "PATCH-1: '$case->[0]' is no patch");
}

# ---------------------------------------------------------------- nothing, and what is not there

my $before = row();
is(patch([])->{status}, 200, 'PATCH-19: no operation: 200');
is(patch({})->{json}{ChatSessionId}, $id, 'PATCH-19: no member: the entity');
is(patch([{op => 'replace', path => '/Rank', value => 7}])->{status}, 200, 'what it is already: 200');
is(row(), $before, 'nothing was changed, not even the version');
is(code(patch([], path => "$all/999999")), '404 session.unknown', 'PATCH-17: no such session: 404');
is(patch([{op => 'test', path => '/Rank', value => 0}], path => "$all/999999")->{status}, 404, 'whatever the patch says');

# ---------------------------------------------------------------- all or nothing

is(code(patch([{op => 'replace', path => '/Rank', value => 8}, {op => 'test', path => '/status', value => 'Closed'}])), '409 patch.test 1/path patch.test',
    'PATCH-8: a test that fails: 409');
is(row(), $before, 'PATCH-9: and nothing is changed');
my $faulty = patch([{op => 'replace', path => '/Rank', value => 'x'}, {op => 'replace', path => '/Department', value => 1}, {op => 'frob', path => '/Rank'}]);
is(join(', ', $faulty->{status}, sort map { "$_->{Field} $_->{Code}" } @{$faulty->{json}{Fields}}), '400, 0/value value.type, 1/path patch.path, 2/op patch.operation',
    'R-6, PATCH-2, PATCH-5: all faults at once');
is(row(), $before, 'and nothing is changed');
my $answer = patch([{op => 'test', path => '/status', value => 'InQueue'}, {op => 'replace', path => 'customerName', value => 'Kari Vik-Lund'},
    {op => 'replace', path => '/Contact/ContactId', value => 78}, {op => 'remove', path => 'TopicId'}, {op => 'add', path => '/Project', value => {ProjectId => 5}}]);
is($answer->{status}, 200, 'several operations are one change');
is(join(' ', @{$answer->{json}}{qw(CustomerName TopicId)}, $answer->{json}{Contact}{ContactId}, $answer->{json}{Project}{ProjectId}), 'Kari Vik-Lund 0 78 5',
    'PATCH-3, PATCH-4, PATCH-6, PATCH-7, PATCH-10: each of them');
is($t->sql("SELECT version FROM chat_session WHERE id = $id"), (split /\|/, $before)[5] + 1, 'and one version');
is(patch({Contact => undef, Project => {ProjectId => 6}, Rank => undef})->{json}{Rank}, 0, 'PATCH-12, PATCH-13: null resets');
is($t->get($entity)->{json}{Contact}, undef, 'a reference as well');
is(patch({Contact => {ContactId => 80}})->{json}{Contact}{ContactId}, 80, 'PATCH-14: what is null can be set');
is(code(patch([{op => 'replace', path => '/Contact/Name', value => 'x'}])), '400 body.invalid 0/path patch.path', "PATCH-11: another record's property cannot be set");
is(code(patch({ChatSessionId => $id + 1})), '400 body.invalid ChatSessionId patch.path', 'PATCH-16: the key cannot be changed');
is(patch({ChatSessionId => $id, TableRight => {Mask => 'None'}, FieldProperties => undef, _Links => {}})->{status}, 200, 'PATCH-16: what it is may be said, and the rest is ignored');
my $got = $t->get($entity)->{json};
is(patch($got)->{status}, 200, 'what GET gave can be sent back');

$t->put($entity, {CustomerName => 'Kari', CustomerAlias => '', WhenRequested => '2024-10-27T02:30:00', Contact => {ContactId => 77}});
$answer = patch([{op => 'move', from => '/CustomerName', path => '/CustomerAlias'}, {op => 'copy', from => 'whenrequested', path => '/WhenStarted'}])->{json};
is(join('|', @{$answer}{qw(CustomerName CustomerAlias WhenRequested WhenStarted)}), '|Kari|2024-10-27T02:30:00|2024-10-27T02:30:00', 'move and copy, beyond PATCH-2');
is(code(patch([{op => 'copy', from => '/Contact', path => '/Project'}])), '400 body.invalid 0/path patch.path', 'but not between what cannot be the same');

# ---------------------------------------------------------------- select, zones, conditions, keys

$t->put($entity, {CustomerName => 'Kari', Contact => {ContactId => 80}, Project => {ProjectId => 6}, WhenRequested => '2024-07-01T12:00:00.123456'});
$answer = patch({Rank => 3}, path => "$entity?\$select=rank");
is(join(' ', $answer->{json}{Rank}, $answer->{json}{CustomerName} // 'null'), '3 null', 'PATCH-20: $select shapes the answer');
$answer = patch([{op => 'test', path => '/WhenRequested', value => '2024-07-01T06:00:00.123456'}, {op => 'replace', path => '/WhenStarted', value => '2024-01-15T12:00:00'}],
    headers => {'SO-TimeZone' => 'US-NY'});
is($answer->{json}{WhenStarted}, '2024-01-15T12:00:00', "PATCH-20: dates are read and written on the caller's clock");
is($t->sql("SELECT when_started FROM chat_session WHERE id = $id"), '2024-01-15 18:00:00', 'and stored on that of the base zone');
is(patch([{op => 'test', path => '/WhenRequested', value => '2024-07-01T10:00:00.123456Z'}])->{status}, 200, 'PATCH-8: instants are compared as instants');
$t->sql("ALTER TABLE chat_session DISABLE TRIGGER changed; UPDATE chat_session SET changed_at = '2024-03-04 09:31:00+00' WHERE id = $id; ALTER TABLE chat_session ENABLE TRIGGER changed");
is(code(patch({Rank => 4}, headers => {'If-Unmodified-Since' => 'Mon, 04 Mar 2024 09:30:00 GMT'})), '412 condition.failed', 'PATCH-18: changed since: 412');
is(code(patch([{op => 'test', path => '/Rank', value => 999}], headers => {'If-Match' => '"1-0"'})), '412 condition.failed', 'COND-10: 412 before 409');
is(patch({Rank => 4}, headers => {'If-Unmodified-Since' => 'Mon, 04 Mar 2024 09:31:00 GMT'})->{status}, 200, 'not changed since: 200');
my $tag = $t->get($entity)->{headers}{etag};
is(patch({Rank => 5}, headers => {'If-Match' => $tag})->{status}, 200, 'R-17: If-Match with the tag: 200');
is(patch({Rank => 6}, headers => {'If-Match' => $tag})->{status}, 412, 'with that of before: 412');
is(patch({Rank => 5}, headers => {'If-Match' => '*'})->{headers}{etag}, $t->get($entity)->{headers}{etag}, 'the tag of the answer is that of the entity');
my @same = map { $t->request('PATCH', $entity, headers => {'Idempotency-Key' => 'p-1', 'Content-Type' => 'application/json'}, content => '{"Rank":9}') } 1 .. 2;
ok($same[0]{status} == 200 && $same[0]{content} eq $same[1]{content}, 'R-18: the same patch with the same key is answered alike');
is(code(patch([{op => 'replace', path => '/Rank', value => 10}], headers => {'Idempotency-Key' => 'p-1'})), '422 key.reused', 'another patch is refused');

# ---------------------------------------------------------------- at once: test and replace are one

$t->put($entity, {Rank => 0});
my @results = $t->parallel(8, sub {
    my $send = $t->lean_client;
    my $done = 0;
    while ($done < 25) {
        my (undef, undef, $content) = $send->('GET', "$entity?\$select=Rank", '');
        my ($rank) = $content =~ /"Rank":(\d+)/;
        my ($status) = $send->('PATCH', "$entity?\$select=Rank", '', "[{\"op\":\"test\",\"path\":\"/Rank\",\"value\":$rank},{\"op\":\"replace\",\"path\":\"/Rank\",\"value\":" . ($rank + 1) . '}]');
        $status == 200 ? $done++ : $status == 409 ? 0 : return {failed => $status};
    }
    return {done => $done};
});
is(join(' ', map { $_->{done} // "failed: $_->{failed}" } @results), join(' ', (25) x 8), 'PATCH-8: eight clients at once count by test and replace');
is($t->sql("SELECT rank FROM chat_session WHERE id = $id"), 200, 'and none is lost');

$t->done;
done_testing;
