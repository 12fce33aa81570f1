#!/usr/bin/perl
# What holds answers against the API's definition: it notices what is wrong, and its definition is the published one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Schema;
use ChatSession::Test;

my $message = '{"ChatMessageId":1,"ChatSessionId":2,"Type":"ToUser","Message":"x","Author":"","ReadByCustomer":0,'
    . '"SpecialType":"None","SpecialParam":"","WhenPosted":"2024-01-15T12:00:00.25Z"}';
is(join("\n", faults('ChatMessage', $message)), '', 'a message that fits');
my @cases = (
    [s => 'null', qr/^is null$/], [s => '[]', qr/is array, not object/], [s => '{', qr/^no JSON/], [s => "$message x", qr/^no JSON/],
    [s => '{}', qr/instead of ChatMessageId ChatSessionId/],
    [r => [qr/"ChatMessageId":1/, '"ChatMessageId":"1"'], qr/^ChatMessage\.ChatMessageId is string, not integer$/],
    [r => [qr/"ChatMessageId":1/, '"ChatMessageId":1.0'], qr/no integer/],
    [r => [qr/"ChatMessageId":1/, '"ChatMessageId":2147483648'], qr/no int32/],
    [r => [qr/"ChatMessageId":1/, '"ChatMessageId":null'], qr/ChatMessageId is null/],
    [r => [qr/"Author":""/, '"Author":null'], qr/Author is null/],
    [r => [qr/"Author":""/, '"author":""'], qr/instead of/],
    [r => [qr/"Author":"",/, ''], qr/instead of/],
    [r => [qr/"Author":""/, '"Author":"","More":1'], qr/instead of/],
    [r => [qr/("Message":"x"),("Author":"")/, sub { "$2,$1" }], qr/instead of/],
    [r => [qr/"Author":""/, '"Author":"","Author":""'], qr/twice/],
    [r => [qr/ToUser/, 'toUser'], qr/Type has no 'toUser'/],
    [r => [qr/"ToUser"/, '2'], qr/Type is number, not string/],
    [r => [qr/2024-01-15T12:00:00.25Z/, '2024-01-15'], qr/no date-time/],
    [r => [qr/\.25Z/, '.50Z'], qr/no date-time/],
    [r => [qr/\.25Z/, '+0100'], qr/no date-time/],
);
for my $case (@cases) {
    my ($kind, $change, $fault) = @$case;
    my $text = $kind eq 's' ? $change : $message;
    $text =~ s/$change->[0]/ref $change->[1] ? $change->[1]->() : $change->[1]/e if $kind eq 'r';
    like(join("\n", faults('ChatMessage', $text)), $fault, "a fault is found: " . substr $text, 0, 60);
}
is(join("\n", faults('ChatMessage', $message =~ s/"Author":""/"Author":null/r, nulls => 1)), '', 'null where $select took the value');
is(join("\n", faults('ChatMessage', 'null', null => 1)), '', 'null where it is wanted');
like(join("\n", faults('ChatMessage', $message, null => 1)), qr/not null/, 'and nothing else then');
like(join("\n", faults('FieldRight', '{"Mask":1,"Reason":""}')), qr/Mask is number/, 'a carrier inside others');
is(scalar operations(), 31 + 17 + 17 + 2 + 1, 'every operation has its answer: methods, sessions, topics, presence, and the transcript by GET');

# ---------------------------------------------------------------- as published, where that is at hand

# A definition without its prose, with names of carriers cut to their last word.
sub reduced {
    my ($schema) = @_;
    my %as = map { $_->[0] => $_->[1] } @{$schema->[1]};
    my $last = sub { (split /\./, $_[0])[-1] };
    return '{"$ref":"' . $last->($as{'$ref'}[1]) . '"}' if $as{'$ref'};
    my @members = map { qq("$_":) . _scalar($as{$_}) } grep { $as{$_} } qw(type format enum);
    push @members, qq("$_":) . reduced($as{$_}) for grep { $as{$_} } qw(items additionalProperties);
    push @members, '"properties":{' . join(',', map { qq("$_->[0]":) . reduced($_->[1]) } @{$as{properties}[1]}) . '}' if $as{properties};
    return '{' . join(',', @members) . '}';
}

sub _scalar {
    my ($value) = @_;
    return $value->[0] eq 'array' ? '[' . join(',', map { _scalar($_) } @{$value->[1]}) . ']' : qq("$value->[1]");
}

my $ours = slurp(source_path('t/data/schema/chat.json'));
for my $family (qw(ChatAgent ChatSession ChatTopic)) {
    my $file = corpus_path('spec', 'openapi', "Swagger-v1-$family.json");
SKIP: {
        skip "the API definition of $family is not beside this checkout", 1 if !$file;
        my $whole = ChatSession::Schema::parse(slurp($file));
        my ($definitions) = map { $_->[1] } grep { $_->[0] eq 'definitions' } @{$whole->[1]};
        my @missing = grep { index($ours, $_) < 0 } map { '"' . (split /\./, $_->[0])[-1] . '": ' . reduced($_->[1]) } @{$definitions->[1]};
        is(join("\n", @missing), '', "every carrier of $family is the published one");
        my ($paths) = map { $_->[1] } grep { $_->[0] eq 'paths' } @{$whole->[1]};
        my %have = map { $_ => 1 } operations();
        my @operations = map { my $path = $_; map { uc($_->[0]) . " $path->[0]" } @{$path->[1][1]} } @{$paths->[1]};
        is(join(' ', grep { !$have{$_} } @operations), '', 'and so is every operation');
    }
}

# ---------------------------------------------------------------- every operation of REST, once

my $t = ChatSession::Test->new(roles => 1, more => 1, conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my ($sessions, $topics) = map { "/api/v1/$_" } qw(ChatSession ChatTopic);
$t->sql(<<'SQL');
INSERT INTO chat_topic (id, name, welcome_message) VALUES (1, 'one', 'Hello');
INSERT INTO chat_presence (associate_id, present) SELECT associate_id, true FROM associate;
INSERT INTO chat_topic_user (user_id, topic_id, can_respond) VALUES (1, 1, true), (2, 1, true), (4, 1, true);
SELECT setval(pg_get_serial_sequence('chat_topic', 'id'), 100);
SQL

# An answer of that user's request, which must be what the definition says.
sub held {
    my ($user, $method, $path, $body, %option) = @_;
    my $answer = $t->request($method, $path, user => $user, defined $body ? (json => $body) : ());
    answer_ok($answer, $method, $path, "$method $path", %option);
    return $answer->{json};
}

held('anna', 'GET', "$sessions/default");
held('anna', 'GET', $sessions);
my $id = held('anna', 'POST', $sessions, {CustomerName => 'Kari', Status => 'InQueue', TopicId => 1})->{ChatSessionId};
held('anna', 'GET', "$sessions/$id");
held('anna', 'GET', "$sessions/$id?\$select=Rating", undef, nulls => 1);
held('anna', 'PUT', "$sessions/$id", {CustomerName => 'Kari', Status => 'InQueue', TopicId => 1, Ticket => {TicketId => 5}, Contact => {ContactId => 7}});
held('anna', 'PATCH', "$sessions/$id", {Rating => 5});
held('anna', 'GET', "$sessions/ForCurrentUser");
held('anna', 'POST', "$sessions/$id/Pickup");
held('anna', 'POST', "$sessions/$id/Pickup", undef, null => 1);
held('anna', 'POST', "$sessions/Pickup", undef, null => 1);
held('anna', 'POST', "$sessions/$id/Messages", {Type => 'ToCustomer', Message => 'Hi'});
held('anna', 'GET', "$sessions/$id/Messages");
held('anna', $_, "$sessions/$id/Transcript?html=true") for qw(GET POST);
held('anna', 'POST', "$sessions/$id/TransferTo/otto");
held('otto', 'POST', "$sessions/$id/RejectTransfer");
held('anna', 'POST', "$sessions/$id/TransferTo/2");
held('otto', 'POST', "$sessions/$id/AcceptTransfer");
held('otto', 'POST', "$sessions/$id/Reset");
held('anna', 'POST', "$sessions/Pickup");
held('admin', 'DELETE', "$sessions/$id");

held('admin', 'GET', "$topics/default");
my $topic = held('admin', 'POST', $topics, {Name => 'two', OpeningHoursEnabled => JSON::PP::true, OpeningHours => {MonEnabled => JSON::PP::true, MonStart => '08:00'}, Language => {Id => 3}})->{ChatTopicId};
held('admin', 'GET', "$topics/$topic");
held('admin', 'PUT', "$topics/$topic", {Name => 'two'});
held('admin', 'PATCH', "$topics/$topic", {Description => 'second'});
held('anna', 'GET', "$topics/ForCurrentUser");
held('admin', 'GET', "$topics/$topic/IsOpen");
held('admin', 'POST', "$topics/$topic/Sessions");
held('admin', 'GET', "$topics/$topic/Sessions");
held('admin', 'POST', "$topics/$topic/UserAgent", {User => {AssociateId => 1}, CanRespond => JSON::PP::true});
held('admin', 'PUT', "$topics/$topic/UserAgent", [{User => {AssociateId => 1}}, {User => {AssociateId => 2}}]);
held('admin', 'GET', "$topics/$topic/UserAgent");
held('admin', 'GET', "$topics/$topic/UserAgent/anna");
held('admin', 'PUT', "$topics/$topic/UserAgent/1", {CanManage => JSON::PP::true});
held('admin', 'DELETE', "$topics/$topic/UserAgent/otto");
held('anna', 'GET', "$topics/UserAgents?flat=$_") for qw(true false);
held('admin', 'DELETE', "$topics/$topic");
my $presence = held('admin', 'GET', '/api/v1/Presence/GetAll');
held('admin', 'POST', '/api/v1/Presence/SaveAll', $presence);

my %seen = map { $_ => 1 } operations_seen();
is(join(', ', grep { !m{/Agents/} && !$seen{$_} } operations()), '', 'all of them were held against the definition');
$t->done;

# Records of all kinds, as other systems leave them.
$t = ChatSession::Test->new(database => 'sample', more => 1, user => 'admin')->run;
answer_ok($t->get("$sessions/$_"), 'GET', "$sessions/$_", "session $_ of the sample") for split /\n/, $t->sql('SELECT id FROM chat_session ORDER BY id LIMIT 20');
answer_ok($t->get("$topics/$_"), 'GET', "$topics/$_", "topic $_ of the sample") for split /\n/, $t->sql('SELECT id FROM chat_topic ORDER BY id LIMIT 20');
$t->done;
done_testing;
