#!/usr/bin/perl
# Requests that must not harm: a file of cases, sent as they stand.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use MIME::Base64 qw(decode_base64);
use Time::HiRes qw(time);
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new->run;
my $all = '/api/v1/ChatSession';
my $authorization = 'Authorization: ' . ChatSession::Test::basic('anna') . "\r\n";
my $id = $t->post($all, {CustomerName => 'untouched', FirstMessage => 'x'})->{json}{ChatSessionId};

sub value_of {
    my ($case) = @_;
    return decode_base64($case->{value_b64}) if defined $case->{value_b64};
    if ($case->{repeat}) {
        my ($head, $unit, $count, $tail) = @{$case->{repeat}};
        return $head . $unit x $count . $tail;
    }
    my $value = $case->{value};
    utf8::encode($value) if utf8::is_utf8($value);
    return $value;
}

# The bytes of the request that a case describes.
sub request_of {
    my ($case) = @_;
    my $value = value_of($case);
    my $get = sub { return "GET $_[0] HTTP/1.1\r\nHost: x\r\nConnection: close\r\n$_[1]\r\n" };
    return $get->("$all?$1=$value", $authorization) if $case->{slot} =~ /^query\.(.+)/;
    return $get->("$all/$value", $authorization) if $case->{slot} eq 'path.id';
    if ($case->{slot} =~ /^header\.(.+)/) {
        my $name = $1;
        my $body = $name =~ /^Content-Type$/i ? '{}' : '';
        my $others = $name =~ /^Authorization$/i ? '' : $authorization;
        return $get->("$all/$id", "$others$name: $value\r\n") if $body eq '';
        return "POST $all HTTP/1.1\r\nHost: x\r\nConnection: close\r\n$others$name: $value\r\nContent-Length: 2\r\n\r\n{}";
    }
    my ($type) = $case->{slot} =~ /^body\.(.+)/ or die "a slot that is not known: $case->{slot}";
    return "POST $all HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${authorization}Content-Type: $type\r\nContent-Length: "
        . length($value) . "\r\n\r\n$value";
}

sub memory {
    my $sum = 0;
    for my $child ($t->children) {
        $sum += slurp("/proc/$child/status") =~ /^VmRSS:\s+(\d+)/m ? $1 : 0;
    }
    return $sum;
}

my @cases = (
    {id => 'own-1', slot => 'path.id', value => "1'%20or%20'1'='1", expect => 'reject'},
    {id => 'own-2', slot => 'path.id', value => '%00', expect => 'inert'},
    {id => 'own-3', slot => 'header.Accept', value => 'a' x 7000, expect => 'inert'},
    {id => 'own-4', slot => 'header.X-Forwarded-Host', value => 'evil.example', expect => 'inert'},
    {id => 'own-5', slot => 'header.Content-Length', value => '-1', expect => 'reject'},
    {id => 'own-6', slot => 'header.Transfer-Encoding', value => 'chunked, identity', expect => 'inert'},
    {id => 'own-7', slot => 'body.application/json', value => '{"CustomerName":"\'; drop table chat_session; --"}', expect => 'inert'},
    {id => 'own-8', slot => 'body.application/json', repeat => ['{"CustomerName":"', '\\u0041', 200000, '"}'], expect => 'reject'},
    {id => 'own-9', slot => 'body.application/json', repeat => ['{', '"a":[', 10000, ''], expect => 'reject'},
    {id => 'own-10', slot => 'query.$select', repeat => ['', 'Contact/', 900, ''], expect => 'inert'},
    {id => 'own-11', slot => 'body.application/json', repeat => ['{"x":[', '1,', 19000, '1]}'], expect => 'inert'},
    {id => 'own-13', slot => 'body.application/x-www-form-urlencoded', value => "CustomerName='; drop table chat_session; --", expect => 'inert'},
    {id => 'own-14', slot => 'body.application/x-www-form-urlencoded', repeat => ['TopicId=1', '&a.b.c.d.e.f.g=%41', 50000, ''], expect => 'inert'},
    {id => 'own-15', slot => 'body.application/x-www-form-urlencoded', repeat => ['', '[', 1000000, ''], expect => 'reject'},
    {id => 'own-16', slot => 'body.text/xml', repeat => ['<ChatSessionEntity><x>', '<![CDATA[]]>', 80000, '</x></ChatSessionEntity>'], expect => 'reject'},
    {id => 'own-17', slot => 'body.text/xml', repeat => ['<!DOCTYPE a [', '<!ENTITY a "&a;&a;">', 50000, ']><a>&a;</a>'], expect => 'reject'},
    {id => 'own-12', slot => 'header.Host', value => "evil.example\"><script>", expect => 'inert'},
);
my $file = corpus_path('corpora', 'hostile-requests', 'cases.json');
SKIP: {
    skip 'the corpus of hostile requests is not beside this checkout', 1 if !$file;
    my $more = JSON::PP->new->utf8->decode(slurp($file));
    cmp_ok(scalar @$more, '>', 100, 'the corpus of hostile requests is there');
    push @cases, @$more;
}

my $leak = qr/SELECT |INSERT |SQLSTATE|libpq|PQ[a-z]+|\/etc\/|\/tmp\/|\/work\/|0x[0-9a-f]{8}|\bsrc\/|syntax error at or near/;
my @children = sort $t->children;
# Each of httpd's threads keeps some memory for its next request; it is measured when all have what they keep.
my $memory = 0;
for my $pass (1 .. 12) {
    my $before = $memory;
    $t->raw(request_of($_)) for @cases;
    $memory = memory();
    last if $memory < $before * 1.02;
}
for my $case (@cases) {
    my $start = time;
    my $answer = $t->raw(request_of($case), seconds => 5);
    my $took = time - $start;
    my ($status) = $answer =~ m{^HTTP/1\.[01] (\d{3})};
    my @bad;
    push @bad, 'no answer' if !$status;
    $status //= 0;
    push @bad, "status $status" if $status >= 500 && $status !~ /^50[15]$/;
    push @bad, "status $status for what must be refused" if $case->{expect} eq 'reject' && ($status < 400 || $status >= 500);
    push @bad, sprintf 'took %.1f s', $took if $took >= 2;
    push @bad, "tells of the inside: $&" if $answer =~ $leak;
    push @bad, 'a header was smuggled in' if $answer =~ /^(?:X-Evil|Set-Cookie|X-Injected)/im;
    push @bad, 'the Host of somebody else was believed' if $answer =~ /evil\.example/ && $case->{slot} ne 'header.Host';
    is(join('; ', @bad), '', "$case->{id} $case->{slot}") or diag(substr $answer, 0, 500);
}
is_deeply([sort $t->children], \@children, 'no child died');
cmp_ok(memory(), '<', $memory * 1.1, 'the memory is back where it was');
my $row = $t->get("$all/$id")->{json};
is("$row->{CustomerName} $row->{FirstMessage}", 'untouched x', 'the session that was there is as it was');
unlike($t->log_text, qr/[^\x20-\x7e\n]/, 'the error log holds no raw control byte');
is($t->get("$all/default")->{status}, 200, 'and the server serves');
$t->expect_log(qr/\[(?:core|auth_basic|http):error\]/)->done;
