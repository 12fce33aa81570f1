#!/usr/bin/perl
# $select: what is not asked for is null.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new->run;
my $all = '/api/v1/ChatSession';
$t->sql("INSERT INTO contact (contact_id, name, street_city) VALUES (77, 'Vik Bakeri', 'Oslo')");
my $session = {TopicId => 12, CustomerName => 'Kari', Rating => 4, CustomerConsented => JSON::PP::true, Contact => {ContactId => 77}};
my $id = $t->post($all, $session)->{json}{ChatSessionId};

sub chosen {
    my ($select, $path) = @_;
    return $t->get(($path // "$all/$id") . "?$select");
}

# Members that are not null, and in carriers theirs.
sub kept {
    my ($value) = @_;
    return $value if ref $value ne 'HASH';
    return {map { defined $value->{$_} ? ($_ => kept($value->{$_})) : () } keys %$value};
}

my $some = chosen('$select=topicid,%20contact/name%20,CustomerConsented');
is_deeply(kept($some->{json}), {TopicId => 12, CustomerConsented => JSON::PP::true, Contact => {Name => 'Vik Bakeri'}},
    'what is asked for keeps its value, in any case, with blanks');
is(scalar keys %{$some->{json}}, 34, 'everything else stays as null');
is(scalar keys %{$some->{json}{Contact}}, 26, 'in a carrier as well');
like($some->{content}, qr/^\{"ChatSessionId":null,"TopicId":12,"User":null,/, 'in the same order');
like($some->{content}, qr/"TableRight":null,"FieldProperties":null,"_Links":null\}$/, 'rights and links included');

is_deeply(kept(chosen('$select=contact')->{json}), {Contact => kept($t->get("$all/$id")->{json}{Contact})}, 'a carrier alone is whole');
is_deeply(kept(chosen('$select=contact/address/street/city,contact/Contactid')->{json}),
    {Contact => {ContactId => 77, Address => {Street => {City => 'Oslo'}}}}, 'paths reach into parts of a carrier');
is_deeply(kept(chosen('$select=contact/name,contact')->{json}{Contact}), kept($t->get("$all/$id")->{json}{Contact}),
    'the whole wins over a part of it');
is_deeply(kept(chosen('$select=contact,contact/name')->{json}{Contact}), kept($t->get("$all/$id")->{json}{Contact}), 'in either order');
is_deeply(kept(chosen('$select=name,department,category/id')->{json}), {}, 'names that do not exist are ignored');
is_deeply(kept(chosen('$select=user/fullname')->{json}), {}, 'a carrier that is null stays null');
is_deeply([sort keys %{kept(chosen('$select=TableRight/Mask,_links/self,FieldProperties/Rating')->{json})}],
    ['FieldProperties', 'TableRight', '_Links'], 'a path into something that is no carrier chooses it whole');
for my $everything ('$select=', '$select=*', '$select=Rating,*', '$select', '$select=,,', 'x=1', '') {
    is(chosen($everything)->{content}, $t->get("$all/$id")->{content}, "everything for \"$everything\"");
}
is(chosen($_)->{content}, chosen('$select=Rating')->{content}, "$_ is the same parameter")
    for '%24select=Rating', '$SELECT=rating', 'x=1&$select=Rating', '$select=TopicId&$select=Rating', '$select=%52ating';

is_deeply(kept(chosen('$select=Status', "$all/default")->{json}), {Status => 'Invalid'}, 'it is accepted for a default');
my $made = $t->post("$all?\$select=ChatSessionId,Rating", {%$session, Rating => 3})->{json};
is_deeply([sort keys %{kept($made)}], ['ChatSessionId', 'Rating'], 'for a new session');
is_deeply(kept($t->put("$all/$id?\$select=CustomerName", $session)->{json}), {CustomerName => 'Kari'}, 'for a replaced one');
is($t->get("$all/$made->{ChatSessionId}")->{json}{CustomerName}, 'Kari', 'and changes nothing of what is stored');

$t->done;
