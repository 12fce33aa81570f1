#!/usr/bin/perl
# What every resource under /api/v1 has in common and no other file tests: paths, saving, errors, unset values, rights, links, limits.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $t = ChatSession::Test->new(more => 1, conf => 'ChatSessionTimeZone Europe/Oslo')->run;

# ---------------------------------------------------------------- surface

my $made = $t->post("$all/", {CustomerName => 'Kari', ChatSessionId => 4711, Contact => {ContactId => 77}});
is($made->{status}, 200, 'SURF-5: POST to the collection with a slash at its end');
my $id = $made->{json}{ChatSessionId};
isnt($id, 4711, 'CUD-3, R-7: the server gives the id');
my $wanted = $t->get("$all/$id")->{content};
ok($t->get($_)->{content} eq $wanted, "SURF-4, SURF-5: $_ is the same") for "/API/V1/chatsession/$id/", "/api/v1/CHATSESSION/$id";
is($t->get("$all/$id?\$SELECT=customername")->{json}{CustomerName}, 'Kari', 'SURF-6: parameters match in any case');
is($t->get("$all/$id?\$SELECT=customername")->{json}{Rank}, undef, 'and count');
ok($t->get("$all/$id?x=1&\$unknown=%zz&y")->{content} eq $wanted, 'SURF-7: unknown parameters are ignored');
for my $case (['abc', 404], ['1.5', 404], ['0x1', 404], ['99999999999', 400], ['-2147483649', 400], ['0', 404], ['-5', 404], ['2147483647', 404]) {
    is($t->get("$all/$case->[0]")->{status}, $case->[1], "SURF-8: id $case->[0]: $case->[1]");
}
is($t->get("$all/$id")->{reason}, 'OK', 'SURF-11: the standard phrase');
is($t->get("$all/$id?\$select=CustomerName,%20Rank")->{json}{Rank}, 0, 'SURF-13: %20 is a blank');
is($t->get("$all/$id?\$select=CustomerName,+Rank")->{json}{Rank}, 0, 'SURF-13: + is a blank');
is($t->get("$all/$id")->{headers}{'cache-control'}, 'no-store', 'SURF-14, R-16: answers are not stored');

# ---------------------------------------------------------------- create, replace, delete

my $default = $t->get("$all/default")->{json};
is($default->{ChatSessionId}, 0, 'CUD-1: a default has no key');
my $empty = $t->post($all, {})->{json};
is_deeply({map { $_ => $empty->{$_} } grep { !/^(?:ChatSessionId|TableRight|_Links)$/ } keys %$empty},
    {map { $_ => $default->{$_} } grep { !/^(?:ChatSessionId|TableRight|_Links)$/ } keys %$default}, 'CUD-2: {} makes a row of the defaults');
$t->put("$all/$id", {CustomerAlias => 'kv'});
is(join('|', @{$t->get("$all/$id")->{json}}{qw(CustomerName CustomerAlias)}), '|kv', 'CUD-4: PUT replaces the whole');
is($t->put("$all/$id", {ChatSessionId => 999, CustomerName => 'Kari'})->{json}{ChatSessionId}, $id, 'CUD-5: the id in the path decides');
is($t->put("$all/999999", {})->{status}, 404, 'CUD-6: PUT never creates');
my $answer = $t->put("$all/$id", {CustomerName => 'Kari', Contact => {ContactId => 77}});
ok($answer->{content} eq $t->get("$all/$id")->{content}, 'CUD-7: the answer is the entity as stored');
is($t->put("$all/$id", {%{$answer->{json}}, TableRight => {Mask => 'None'}, _Links => undef})->{status}, 200, 'CUD-9, RIGHT-6: what cannot be written is ignored');
my $gone = $t->post($all, {})->{json}{ChatSessionId};
my $deleted = $t->del("$all/$gone");
is("$deleted->{status}|$deleted->{content}", '204|', 'CUD-8: DELETE: 204 with no body');
is($t->del("$all/$gone")->{status}, 404, 'CUD-8: and then 404');

# ---------------------------------------------------------------- errors

my $error = $t->get("$all/999999");
is($error->{json}{Error}, JSON::PP::true, 'ERR-1: an error is an object that says so');
ok($error->{json}{$_}, "ERR-1: with $_") for qw(ErrorType ErrorMessage ErrorSource);
is($error->{json}{Message}, $error->{json}{ErrorMessage}, 'ERR-2: both spellings of the message');
for my $framework ($t->get('/api/v1/nothing'), $t->request('POST', "$all/1", json => {}), $t->request('PUT', "$all/1", headers => {'Content-Type' => 'text/plain'}, content => 'x'),
    $t->request('PUT', "$all/1", headers => {'Content-Type' => 'application/json'}, content => '{')) {
    is(join(' ', map { exists $framework->{json}{$_} ? 1 : 0 } qw(Message MessageDetail)), '1 0', "ERR-3: one shape for all ($framework->{status})");
    unlike($framework->{content}, qr/SELECT|libpq|\.c:\d|0x[0-9a-f]{6}|\/src\//, 'ERR-5: which tells nothing of the inside');
}

# ---------------------------------------------------------------- unset values

is($empty->{CustomerName}, '', 'NULL-1: a text that is not set is empty');
is($t->get("$all/$id")->{json}{Contact}{Name}, '', 'NULL-1: in a carrier as well');
is($t->get("$all/$id")->{json}{Contact}{ContactId}, 77, 'NULL-2, R-8: a reference without its row keeps its id');
is($t->request('POST', $all, headers => {'Content-Type' => 'application/json'}, content => '{"CustomerName":"a\\u0000b"}')->{status}, 400, 'NULL-4: U+0000: 400');

# ---------------------------------------------------------------- rights

my $entity = $t->get("$all/$id")->{json};
is_deeply($entity->{TableRight}, {Mask => 'Select, Update, Insert, Delete', Reason => ''}, 'RIGHT-1, RIGHT-2: single names, and no reason');
is($default->{TableRight}{Mask}, 'Select, Update, Insert', 'RIGHT-7: a default cannot be deleted');
is_deeply($entity->{FieldProperties}{CustomerName}, {FieldRight => {Mask => 'Update', Reason => ''}, FieldType => 'System.String', FieldLength => 255}, 'RIGHT-4: a writable property');
is($entity->{FieldProperties}{ChatSessionId}{FieldRight}{Mask}, 'Read', 'RIGHT-4: one that is not');
is(scalar(grep { !exists $entity->{$_} } keys %{$entity->{FieldProperties}}), 0, 'RIGHT-3: keys are the names of properties');
is($entity->{Contact}{TableRight}{Mask}, 'Select', 'RIGHT-8, R-27: a nested carrier has its own pair');
ok($entity->{Contact}{FieldProperties}{Name}, 'RIGHT-8: with its dictionary');

# ---------------------------------------------------------------- links

my ($raw) = $t->get("$all/$id")->{content} =~ /"_Links":(.*)\}\z/s;
is($raw, '{"Self":"' . $t->base . "$all/$id\",\"Archive\":\"" . $t->base . "$all\"}", 'LINK-1, LINK-2, LINK-3: absolute, at the end, without a slash at theirs');
ok(!exists $default->{_Links} && !exists $entity->{Contact}{_Links}, 'LINK-1: not in a default, not in a carrier');
is($t->get("/API/V1/CHATSESSION/$id")->{json}{_Links}{Self}, $t->base . "$all/$id", 'LINK-6: in the canonical spelling');
my $as = $t->get("$all/$id", headers => {Host => 'chat.example.com:8443', Authorization => ChatSession::Test::basic('anna')});
like($as->{content}, qr{"Self":"http://chat\.example\.com:8443/api/v1/ChatSession/$id"}, 'LINK-4: host and port as the client sees them');
is(join(' ', sort keys %{$entity->{_Links}}), 'Archive Self', 'LINK-5: those that are documented');

# ---------------------------------------------------------------- limits and strangers

my @many = map { $t->get("$all/$id?\$select=Rank")->{status} } 1 .. 50;
is(scalar(grep { $_ != 200 } @many), 0, 'LIM-3: there is no limit of requests');
is($t->post($all, {CustomerName => 'x' x 2_000_000})->{status}, 413, 'LIM-4: a body has its limit: 413');
ok(!defined $t->get("$all/$id")->{headers}{$_}, "LIM-5: no $_") for qw(x-db-stats x-powered-by);
is($t->get("$all/$id", headers => {'User-Agent' => 'x', 'SO_UNIQUE_ID' => 'y', 'SO-Browser-TZ-Offset' => '60'})->{status}, 200, 'LIM-6, TZ-16: other headers are ignored');
my $long = join ',', map { "contact/name$_" } 1 .. 500;
$t->done;
$t = ChatSession::Test->new(more => 1, server => "LimitRequestLine 32000\nLimitRequestFieldSize 32000", cluster => $t->cluster)->run;
is($t->get("$all/default?\$select=$long,Rank")->{json}{Rank}, 0, 'LIM-7: a long query is served, where httpd lets it in');
is($t->get("$all/default?\$select=" . 'x' x 40000)->{status}, 414, 'LIM-7: beyond it: 414');
$t->done;

done_testing;
