#!/usr/bin/perl
# ChatSessionReferences strict: what a session refers to must exist.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(database => 'sample', user => 'admin', conf => 'ChatSessionReferences strict')->run;
my $all = '/api/v1/ChatSession';
my %known = (TopicId => 1, User => {AssociateId => 1}, TransferTo => {AssociateId => 2}, map { $_ => {"${_}Id" => 1} } qw(Person Contact Project Sale Ticket));
my $count = $t->sql('SELECT count(*) FROM chat_session');

my $made = $t->post($all, \%known);
is($made->{status}, 200, 'known records are taken');
is($made->{json}{Person}{PersonId}, 1, 'and come back');
like($made->{json}{Person}{FullName}, qr/\w/, 'filled');
is($t->post($all, {})->{status}, 200, 'no reference is a fine reference');
is($t->post($all, {User => undef, Person => {}, Contact => {ContactId => 0}, TopicId => 0})->{status}, 200, 'however it is written');

my %unknown = (TopicId => 99999, User => {AssociateId => 99999}, TransferTo => {AssociateId => 99999},
    map { $_ => {"${_}Id" => 99999} } qw(Person Contact Project Sale Ticket));
for my $method (qw(POST PUT)) {
    my $path = $method eq 'POST' ? $all : "$all/$made->{json}{ChatSessionId}";
    my $refused = $t->request($method, $path, json => \%unknown);
    is("$refused->{status} $refused->{json}{Code}", '400 reference.unknown', "JSON-19: $method: unknown records are refused");
    is(join(' ', sort map { $_->{Field} } @{$refused->{json}{Fields}}), 'Contact Person Project Sale Ticket TopicId TransferTo User', 'all of them are named');
    is((grep { $_->{Field} eq 'Ticket' } @{$refused->{json}{Fields}})[0]{Message}, 'Ticket names a Ticket that does not exist', 'with the reason');
    for my $name (sort keys %unknown) {
        my $one = $t->request($method, $path, json => {%known, $name => $unknown{$name}});
        is(join(' ', map { $_->{Field} } @{$one->{json}{Fields} // []}), $name, "$method: $name alone is named");
    }
}
is($t->sql('SELECT count(*) FROM chat_session'), $count + 3, 'nothing was stored');
is_deeply($t->get("$all/$made->{json}{ChatSessionId}")->{json}, $made->{json}, 'nothing was changed');
is($t->put("$all/999999", \%known)->{status}, 404, 'a missing session is still missing');
is($t->put("$all/999999", \%unknown)->{status}, 400, 'after its body was judged');
$t->done;
