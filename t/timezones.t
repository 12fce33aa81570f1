#!/usr/bin/perl
# SO-TimeZone: times out and in, in the caller's zone; the answer's header; codes that an administrator adds.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(conf => "ChatSessionTimeZone Europe/Oslo\nChatSessionZoneCode AU-WA 0 Australia/Perth\n"
        . "ChatSessionZoneCode X-JP 9001 Asia/Tokyo\n", server => "ChatSessionZoneCode AU-WA 77 Asia/Tokyo\n")->run;
my $all = '/api/v1/ChatSession';

sub in_zone { my ($zone) = @_; return (headers => {defined $zone ? ('SO-TimeZone' => $zone) : ()}) }

# ---------------------------------------------------------------- out

my $id = $t->post($all, {WhenRequested => '2024-07-01T12:00:00', WhenStarted => '2024-01-15T12:00:00.25',
        WhenEnded => '9999-12-31T23:59:59', WhenIdle => '2024-10-27T02:30:00'})->{json}{ChatSessionId};
sub shown { my ($zone, $name) = @_; return $t->get("$all/$id", in_zone($zone))->{json}{$name // 'WhenRequested'} }

my @vectors = (
    ['TZ-3', undef, '2024-07-01T12:00:00', undef], ['TZ-4', 'NO', '2024-07-01T12:00:00', 'NO'], ['TZ-4', '261', '2024-07-01T12:00:00', 'NO'],
    ['TZ-4', 'US-NY', '2024-07-01T06:00:00', 'US-NY'],
    ['TZ-6', 'us-ny, includetzoffset', '2024-07-01T06:00:00-04:00', 'US-NY,includeTZOffset'],
    ['TZ-6', 'UTC,includeTZOffset', '2024-07-01T10:00:00Z', 'UTC,includeTZOffset'],
    ['TZ-7', 'includeTZOffset', '2024-07-01T12:00:00+02:00', 'Europe/Oslo,includeTZOffset'],
    ['TZ-7', 'INCLUDETZOFFSET', '2024-07-01T12:00:00+02:00', 'Europe/Oslo,includeTZOffset'],
    ['TZ-4', 'asia/kathmandu', '2024-07-01T15:45:00', 'Asia/Kathmandu'], ['TZ-4', 'Europe/Oslo', '2024-07-01T12:00:00', 'Europe/Oslo'],
    ['TZ-4', '460', '2024-07-01T06:00:00', 'US-NY'], ['TZ-4', 'se', '2024-07-01T12:00:00', 'SE'],
    ['TZ-4', 'au-wa', '2024-07-01T18:00:00', 'AU-WA'], ['TZ-4', '77', '2024-07-01T19:00:00', 'AU-WA'],
    ['TZ-4', '9001', '2024-07-01T19:00:00', 'X-JP'], ['TZ-3', '', '2024-07-01T12:00:00', undef],
);
for my $case (@vectors) {
    my ($rule, $zone, $expected, $header) = @$case;
    my $answer = $t->get("$all/$id", in_zone($zone));
    is($answer->{json}{WhenRequested}, $expected, "$rule: out with " . ($zone // 'no header'));
    is($answer->{headers}{'so-timezone'}, $header, 'TZ-13: and the answer names its zone');
}
is($t->get("$all/$id", headers => {'so-tImEzOnE' => 'US-NY'})->{json}{WhenRequested}, '2024-07-01T06:00:00', 'TZ-4: the name of the header has no case');
is(shown('US-NY, includeTZOffset', 'WhenStarted'), '2024-01-15T06:00:00.25-05:00', 'TZ-11: each value has the offset of its day');
is(shown('UTC', 'WhenIdle'), '2024-10-27T00:30:00', 'TZ-11: of two readings the first counts');
is(shown('US-NY', 'WhenEnded'), '9999-12-31T23:59:59', 'TZ-8: no end is never moved');
is(shown('US-NY,includeTZOffset', 'WhenEnded'), '9999-12-31T23:59:59-05:00', 'TZ-8: only suffixed');
is(shown('US-NY', 'WhenFetched'), '0001-01-01T00:00:00', 'TZ-8: no date is never moved');
is(shown('NO,includeTZOffset', 'WhenFetched'), '0001-01-01T00:00:00Z', 'TZ-8: and suffixed with Z');
is($t->get("$all/default", in_zone('includeTZOffset'))->{json}{WhenRequested}, '0001-01-01T00:00:00Z', 'TZ-8: nor that of a default');

$t->sql("INSERT INTO project (project_id, name, updated, startdate) VALUES (7, 'x', '2024-07-01 10:00', '2024-07-01 10:00')");
my $other = $t->post($all, {Project => {ProjectId => 7}})->{json}{ChatSessionId};
for my $case ([undef, '2024-07-01T12:00:00', '2024-07-01T10:00:00'], ['US-NY', '2024-07-01T10:00:00', '2024-07-01T04:00:00'],
    ['US-NY,includeTZOffset', '2024-07-01T10:00:00Z', '2024-07-01T04:00:00-04:00']) {
    my $project = $t->get("$all/$other", in_zone($case->[0]))->{json}{Project};
    is($project->{Updated}, $case->[1], 'TZ-9: a UTC stamp of a nested carrier with ' . ($case->[0] // 'no header'));
    is($project->{StartDate}, $case->[2], 'TZ-4: and its other times');
}

# ---------------------------------------------------------------- in

sub stored {
    my ($zone, $value, $method) = @_;
    my $answer = $t->request($method // 'PUT', "$all/$id", json => {WhenRequested => $value}, in_zone($zone));
    return $answer->{status} == 200 ? $t->sql("SELECT coalesce(when_requested::text, 'none') FROM chat_session WHERE id = $id")
        : "$answer->{status} $answer->{json}{Code}";
}
for my $case (
    ['TZ-3', undef, '2024-01-15T12:00:00', '2024-01-15 12:00:00'], ['TZ-5', undef, '2024-01-15T12:00:00Z', '2024-01-15 13:00:00'],
    ['TZ-4', 'US-NY', '2024-01-15T12:00:00', '2024-01-15 18:00:00'], ['TZ-5', 'US-NY', '2024-01-15T12:00:00Z', '2024-01-15 13:00:00'],
    ['TZ-5', 'US-NY', '2024-01-15T12:00:00-0500', '2024-01-15 18:00:00'], ['TZ-4', 'us-ny,includetzoffset', '2024-01-15T12:00', '2024-01-15 18:00:00'],
    ['TZ-4', 'US-NY', '2024-01-15', '2024-01-15 06:00:00'], ['TZ-7', 'includeTZOffset', '2024-01-15T12:00:00', '2024-01-15 12:00:00'],
    ['TZ-11', 'US-NY', '2024-03-10T02:30:00', '2024-03-10 08:30:00'], ['TZ-11', 'US-NY', '2024-11-03T01:30:00', '2024-11-03 06:30:00'],
    ['TZ-11', 'UTC', '2024-03-31T01:30:00', '2024-03-31 03:30:00'], ['TZ-4', 'NO', '2024-03-31T02:30:00', '2024-03-31 02:30:00'],
    ['TZ-8', 'US-NY', '0001-01-01T00:00:00', 'none'], ['TZ-8', 'US-NY', '0001-01-01T00:00:00Z', 'none'], ['TIME-3', 'US-NY', '', 'none'],
    ['TZ-8', 'Asia/Tokyo', '9999-12-31T23:59:59', '9999-12-31 23:59:59'], ['TZ-8', 'Asia/Tokyo', '9999-12-31T23:59:59+09:00', '9999-12-31 23:59:59'],
    ['TIME-3', undef, '2024-01-15T12:00:00.123Z', '2024-01-15 13:00:00.123'], ['TIME-4 as R-15 has it', undef, '2024-01-15T12:00:00.1234567', '2024-01-15 12:00:00.123457'],
    ['TIME-3', undef, '15.1.2024', '400 body.invalid'], ['TZ-4', 'Asia/Tokyo', '0001-01-01T00:30:00', '400 body.invalid'],
) {
    is(stored($case->[1], $case->[2]), $case->[3], "$case->[0]: in, '$case->[2]' with " . ($case->[1] // 'no header'));
}
my $made = $t->post($all, {WhenRequested => '2024-03-10T02:30:00'}, in_zone('US-NY,includeTZOffset'));
is($made->{json}{WhenRequested}, '2024-03-10T03:30:00-04:00', 'TZ-14: POST reads and answers in the zone');
is($t->sql("SELECT when_requested FROM chat_session WHERE id = $made->{json}{ChatSessionId}"), '2024-03-10 08:30:00', 'TZ-1, TZ-2: and stores in the base zone');
is($t->sql('SHOW timezone') ? 1 : 0, 1, 'TZ-1: whatever the zone of the database is');
my $early = $t->post($all, {WhenRequested => '0001-06-01T12:00:00'})->{json};
is($early->{WhenRequested}, '0001-06-01T12:00:00', 'TIME-1: the first year is a year');
is($t->get("$all/$early->{ChatSessionId}", in_zone('UTC,includeTZOffset'))->{json}{WhenRequested}, '0001-06-01T11:17:00Z', 'TZ-11: with the offset of its day');
is($t->get("$all/$early->{ChatSessionId}", in_zone('US-NY'))->{json}{WhenRequested}, '0001-06-01T06:20:58', 'TZ-11: to the second');
my $whole = $t->get("$all/$id", in_zone('US-NY,includeTZOffset'))->{json};
is_deeply($t->put("$all/$id", $whole, in_zone('US-NY,includeTZOffset'))->{json}, $whole, 'TZ-5: an answer sent back changes nothing');
is_deeply($t->put("$all/$id", $whole)->{json}, $t->get("$all/$id")->{json}, 'TZ-5: nor does it without the header');

# ---------------------------------------------------------------- what is no zone, and when that is told

for my $zone ('XX-YY', '4711', 'NO,US-NY', 'NO;includeTZOffset', '+01:00', '../../etc/passwd', 'A' x 500) {
    my $answer = $t->get("$all/$id", in_zone($zone));
    is("$answer->{status} $answer->{json}{Code} $answer->{json}{ErrorType}", '400 header.time-zone ArgumentException', 'TZ-12: no zone is ' . substr $zone, 0, 30);
    is($answer->{headers}{'so-timezone'}, undef, 'TZ-13: and no zone was used');
}
is($t->get("$all/$id", in_zone('XX'), user => undef)->{status}, 401, 'IN-10: no user comes first');
is($t->request('PATCH', '/api/v1/ChatSession', in_zone('XX'))->{status}, 405, 'IN-10: then the method');
is($t->get('/api/v1/nonsense', in_zone('XX'))->{status}, 404, 'IN-10: and the path');
my $typed = $t->request('PUT', "$all/$id", headers => {'SO-TimeZone' => 'XX', 'Content-Type' => 'text/plain'}, content => 'x');
is("$typed->{status} $typed->{json}{Code}", '400 header.time-zone', 'IN-10: then the zone, before the body');
is($t->get("$all/999999", in_zone('XX'))->{status}, 400, 'IN-10: and before the record');
is($t->get("$all/$id", headers => {'SO-Browser-TZ-Offset' => '-120'})->{json}{WhenRequested}, $t->get("$all/$id")->{json}{WhenRequested}, 'TZ-16: the offset of a browser has no effect');
my $gone = $t->del("$all/$other", headers => {'SO-TimeZone' => 'XX-YY', 'Accept-Language' => 'nb'});
is("$gone->{status} " . ($gone->{headers}{'so-timezone'} // '') . ($gone->{headers}{'content-language'} // ''), '204 ', 'OUT-9: DELETE has no use for these headers');

$t->done;
