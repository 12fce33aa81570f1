#!/usr/bin/perl
# Conditional requests: tags and dates on reads, guarded changes, and many writers of which none overwrites another.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use POSIX qw(strftime setlocale LC_TIME);
use Test::More;
use ChatSession::Test;

setlocale(LC_TIME, 'C');
my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1, conf => "ChatSessionFieldProperties none\nChatSessionPoolQueue 100\nChatSessionPoolWait 5s\nChatSessionTimeout 15s")->run;

sub http_date { return strftime('%a, %d %b %Y %H:%M:%S GMT', gmtime $_[0]) }
sub with { my ($headers) = @_; return (headers => {%$headers}) }

my $made = $t->post($all, {CustomerName => 'Kari', Rating => 1});
my $id = $made->{json}{ChatSessionId};
my $entity = "$all/$id";
my $tag = $made->{headers}{etag};
like($tag, qr/^"1-[0-9a-f]{16}"$/, 'R-17: what was created has a strong tag');
ok($made->{headers}{'last-modified'}, 'COND-8: and a Last-Modified');

# ---------------------------------------------------------------- tags on reads

my $read = $t->get($entity);
is($read->{headers}{etag}, $tag, 'the same representation has the same tag');
is($t->get($entity)->{headers}{etag}, $tag, 'each time');
is($t->request('HEAD', $entity)->{headers}{etag}, $tag, 'COND-12: HEAD too');
is($t->get("$all/default")->{headers}{etag}, undef, 'COND-11: /default has no tag');
is($t->get("$all/default")->{headers}{'last-modified'}, undef, 'COND-11: nor a date');
isnt($t->get("$entity?\$select=Rating")->{headers}{etag}, $tag, 'another selection has another tag');
isnt($t->get($entity, with({Host => 'other.test', Authorization => ChatSession::Test::basic('anna')}))->{headers}{etag}, $tag,
    'and so has one with other links');

for my $case (['the tag', $tag, 304], ['the tag, weak', "W/$tag", 304], ['any', '*', 304], ['a list', "\"x\", $tag", 304],
    ['as mod_deflate marks it', $tag =~ s/"$/-gzip"/r, 304], ['another tag', '"1-0000000000000000"', 200], ['nonsense', 'abc', 200],
    ['nothing', '', 200], ['half a tag', substr($tag, 0, 5), 200]) {
    my ($what, $value, $status) = @$case;
    my $answer = $t->get($entity, with({'If-None-Match' => $value}));
    is($answer->{status}, $status, "R-17: If-None-Match with $what: $status");
    next if $status != 304;
    is($answer->{content}, '', 'COND-4: a 304 has no body');
    is($answer->{headers}{etag}, $tag, 'but the tag');
    ok($answer->{headers}{'last-modified'}, 'COND-11: and Last-Modified');
    is($answer->{headers}{'content-type'}, undef, 'COND-11: and no type');
}
is($t->request('HEAD', $entity, with({'If-None-Match' => $tag}))->{status}, 304, 'HEAD: 304 as well');
is($t->get($entity, with({'If-Match' => $tag}))->{status}, 200, 'R-17: If-Match with the tag: 200');
is($t->get($entity, with({'If-Match' => '*'}))->{status}, 200, 'with any: 200');
is($t->get($entity, with({'If-Match' => "W/$tag"}))->{status}, 412, 'with a weak one: 412');
is($t->get($entity, with({'If-Match' => '"2-0000000000000000"'}))->{status}, 412, 'with another: 412');

# ---------------------------------------------------------------- dates on reads

$t->sql("ALTER TABLE chat_session DISABLE TRIGGER changed; UPDATE chat_session SET changed_at = '2024-03-04 09:30:00.75+00';"
        . 'ALTER TABLE chat_session ENABLE TRIGGER changed');
my $then = 1709544600;
is($t->get($entity)->{headers}{'last-modified'}, 'Mon, 04 Mar 2024 09:30:00 GMT', 'COND-8: Last-Modified in whole seconds');
for my $case ([0, 304], [-1, 200], [1, 304]) {
    my ($later, $status) = @$case;
    is($t->get($entity, with({'If-Modified-Since' => http_date($then + $later)}))->{status}, $status,
        "COND-4, COND-7: If-Modified-Since $later s after the change: $status");
}
is($t->get($entity, with({'If-Modified-Since' => http_date(time + 3600)}))->{status}, 200, 'COND-9: a date to come is ignored');
is($t->get($entity, with({'If-Modified-Since' => $_}))->{status}, 200, "COND-9: '$_' is ignored") for 'yesterday', '', '2024-03-04';
is($t->get($entity, with({'If-Modified-Since' => http_date($then), 'If-None-Match' => '"x"'}))->{status}, 200,
    'a tag counts more than a date');
is($t->get($entity, with({'If-Unmodified-Since' => http_date($then)}))->{status}, 200, 'COND-6: unmodified since: 200');
is($t->get($entity, with({'If-Unmodified-Since' => http_date($then - 1)}))->{status}, 412, 'COND-6: modified since: 412');
my $gone = $t->get($entity, with({'If-Unmodified-Since' => http_date($then - 1)}));
is("$gone->{json}{Code} $gone->{json}{ErrorType}", 'condition.failed SoIllegalOperationException', 'which says so');
is($gone->{headers}{etag}, undef, 'without the tag of what it does not show');

# ---------------------------------------------------------------- guarded changes

sub change { my ($method, $headers) = @_; return $t->request($method, $entity, with($headers), $method eq 'PUT' ? (json => {Rating => 2}) : ()) }
sub rating { return $t->sql("SELECT rating FROM chat_session WHERE id = $id") }
my $version = sub { $t->sql("SELECT version FROM chat_session WHERE id = $id") };
for my $method (qw(PUT DELETE)) {
    my $now = $version->();
    my $rating = rating();
    for my $case (['If-Match' => '"99-0000000000000000"'], ['If-Match' => 'nonsense'], ['If-Match' => "W/\"$now-0\""], ['If-None-Match' => '*'],
        ['If-None-Match' => "\"$now-0\""], ['If-None-Match' => "W/\"$now-0\""], ['If-Unmodified-Since' => http_date($then - 1)],
        ['If-Match' => '"99999999999999999999999-0", "-5-1", "1x-2"']) {
        my ($header, $value) = @$case;
        my $answer = change($method, {$header => $value});
        is($answer->{status}, 412, "COND-5, R-17: $method with $header: $value: 412");
        like($answer->{json}{Message}, qr/$header/, 'which names the header');
        is($version->(), $now, 'and changes nothing');
        is(rating(), $rating, 'nothing at all');
    }
    is($t->request($method, "$all/999999", with({'If-Match' => '"1-0"'}), json => {})->{status}, 404, "COND-10: 404 wins over 412 ($method)");
    is($t->request($method, "$all/999999", with({'If-None-Match' => '*'}), json => {})->{status}, 404, 'also for If-None-Match');
}
is($t->request('PUT', $entity, with({'If-Match' => '"99-0"'}), json => {Rating => 'x'})->{status}, 400, 'IN-10: 400 wins over 412');
is(change('PUT', {'If-Match' => '"99-0", ' . $tag})->{status}, 200, 'one of several tags is enough');
is(change('PUT', {'If-Match' => $tag})->{status}, 412, 'the tag of before is worth no more');
is(change('PUT', {'If-Match' => '*'})->{status}, 200, 'any version: saved');
is(change('PUT', {'If-Unmodified-Since' => http_date(time + 5)})->{status}, 200, 'unmodified since a moment to come: saved');
is(change('PUT', {'If-Unmodified-Since' => 'yesterday'})->{status}, 200, 'COND-9: no date: ignored');
is(change('PUT', {'If-Match' => $t->get($entity)->{headers}{etag}, 'If-Unmodified-Since' => http_date($then)})->{status}, 200,
    'a tag counts more than a date');
is(change('PUT', {'If-None-Match' => '"1-0"'})->{status}, 200, 'none of the others: saved');
is(change('DELETE', {'If-Match' => $t->get("$entity?\$select=Rating")->{headers}{etag}})->{status}, 204,
    'the tag of a selection names the version as well');
is(change('DELETE', {'If-Match' => '*'})->{status}, 404, 'what is gone is not there');

# ---------------------------------------------------------------- many writers

my ($clients, $increments) = (20, $ENV{CS_INCREMENTS} // 500);
my $counter = $t->post($all, {Rank => 0})->{json}{ChatSessionId};
my @results = $t->parallel($clients, sub {
    my ($done, $lost, $other, $late) = (0, 0, 0, 0);
    my $send = $t->lean_client;
    while ($done < $increments && $other < 10) {
        # Who came too late does something else first, and longer each time: else nineteen of twenty always do.
        $send->('GET', '/index.html', '') for 1 .. rand 2**(2 + $late);
        my ($status, $head, $content) = $send->('GET', "$all/$counter?\$select=Rank", '');
        my ($rank) = $content =~ /"Rank":(\d+)/;
        my ($etag) = $head =~ /^ETag: (.+?)\r?$/m;
        ($status) = $send->('PUT', "$all/$counter?\$select=Rank", "If-Match: $etag\r\n", '{"Rank":' . ($rank + 1) . '}') if $status == 200;
        $late = $status == 200 ? 0 : $late < 6 ? $late + 1 : 6;
        $status == 200 ? $done++ : $status == 412 ? $lost++ : $other++;
    }
    return {done => $done, lost => $lost, other => $other};
});
my %sum;
for my $result (@results) {
    $sum{$_} += $result->{$_} // 0 for qw(done lost other);
}
is($sum{done}, $clients * $increments, "R-17: $clients clients made $increments increments each");
is($sum{other}, 0, 'with no answer but 200 and 412');
is($t->sql("SELECT rank FROM chat_session WHERE id = $counter"), $clients * $increments, 'and none was lost');
is($t->sql("SELECT version FROM chat_session WHERE id = $counter"), 1 + $clients * $increments, 'each is a version');
note("$sum{lost} attempts came too late");

$t->done;
done_testing;
