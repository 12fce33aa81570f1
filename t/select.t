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

# ---------------------------------------------------------------- where else an entity is answered

my $topics = '/api/v1/ChatTopic';
$t->sql(<<'SQL');
INSERT INTO chat_topic (id, name) VALUES (1, 'Help');
INSERT INTO chat_topic_user (user_id, topic_id, can_respond, can_listen, manager) VALUES (1, 1, true, true, true);
INSERT INTO chat_session (id, topic_id, status, name, when_requested) SELECT n, 1, 4, 'Kari', now() FROM generate_series(101, 103) AS n;
INSERT INTO chat_message (session_id, message, type) VALUES (101, 'Hello', 2);
SQL
my %agent = (User => {AssociateId => 1}, CanRespond => JSON::PP::true, CanManage => JSON::PP::true);
for my $case (
    ['POST', "$all/101/Pickup", undef, 'TopicId'], ['POST', "$all/Pickup", undef, 'TopicId'], ['POST', "$all/101/TransferTo/anna", undef, 'TopicId'],
    ['POST', "$all/101/AcceptTransfer", undef, 'TopicId'], ['POST', "$all/101/RejectTransfer", undef, 'TopicId'], ['POST', "$all/101/Reset", undef, 'TopicId'],
    ['GET', "$all/ForCurrentUser", undef, 'TopicId'], ['GET', "$all/101/Messages", undef, 'Message'], ['POST', "$all/102/Messages", {Message => 'x'}, 'Message'],
    ['GET', "$topics/ForCurrentUser", undef, 'Name'], ['POST', "$topics/1/Sessions", undef, 'TopicId'], ['GET', "$topics/UserAgents", undef, 'Name', 'flat=true'],
    ['GET', "$topics/1/UserAgent", undef, 'CanListen'], ['PUT', "$topics/1/UserAgent", [\%agent], 'CanListen'], ['POST', "$topics/1/UserAgent", \%agent, 'CanListen'],
    ['GET', "$topics/1/UserAgent/anna", undef, 'CanListen'], ['PUT', "$topics/1/UserAgent/anna", \%agent, 'CanListen'],
    ['GET', '/api/v1/Presence/GetAll', undef, 'Present']) {
    my ($method, $path, $body, $member, $more) = @$case;
    my $answer = $t->request($method, "$path?\$select=" . lc($member) . ($more ? "&$more" : ''), $body ? (json => $body) : ());
    my ($one) = ref $answer->{json} eq 'ARRAY' ? @{$answer->{json}} : $answer->{json};
    is(join(' ', grep { defined $one->{$_} } sort keys %{$one // {}}), $member, "$method $path keeps what is named")
        or diag($answer->{content});
}
for my $path ("$all/101/Pickup", "$all/101/Messages") {
    my $before = $t->sql('SELECT count(*), sum(version) FROM chat_session, chat_message');
    is($t->request('POST', "$path?\$select=%zz", json => {Message => 'x'})->{status}, 400, "POST $path: what cannot be read is refused");
    is($t->sql('SELECT count(*), sum(version) FROM chat_session, chat_message'), $before, 'before anything is done');
}

$t->done;
