#!/usr/bin/perl
# The RPC style: POST /api/v1/Agents/Chat/<Method>.  What it does is what REST does; here is how it is called and what it
# answers, in every format.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Schema;
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1, conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $agent = '/api/v1/Agents/Chat';
$t->sql(<<'SQL');
INSERT INTO chat_topic (id, name, welcome_message) VALUES (1, 'one', 'Hello'), (2, 'two', '');
INSERT INTO chat_presence (associate_id, present) SELECT associate_id, true FROM associate;
INSERT INTO chat_topic_user (user_id, topic_id, can_respond, can_listen, manager)
VALUES (1, 1, true, false, false), (2, 1, true, false, false), (3, 1, false, true, true), (1, 2, true, false, false);
INSERT INTO chat_session (id, topic_id, status, user_id, transfer_to, first_message)
VALUES (1, 1, 4, -1, 0, 'first'), (2, 1, 5, 1, 0, ''), (3, 1, 5, 2, 1, ''), (4, 1, 5, 2, 1, ''), (5, 1, 4, -1, 0, ''), (6, 1, 7, 1, 0, ''), (7, 1, 6, 1, 0, '');
INSERT INTO chat_message (id, session_id, type, message, author, created_by) VALUES (1, 2, 2, 'Hi', 'Kari', -1), (2, 2, 1, 'Yes?', 'Anna', 1);
SELECT setval(pg_get_serial_sequence('chat_session', 'id'), 100), setval(pg_get_serial_sequence('chat_message', 'id'), 100),
       setval(pg_get_serial_sequence('chat_topic', 'id'), 100);
SQL

# A method with the structure that its body is; undef: none.
sub call {
    my ($method, $body, @option) = @_;
    return $t->request('POST', "$agent/$method", defined $body ? (json => $body) : (), @option);
}

# The same, and its answer is what the definition says.
sub good {
    my ($method, $body, @option) = @_;
    my $answer = call($method, $body, @option);
    answer_ok($answer, 'POST', "$agent/$method", "$method answers as it should");
    return $answer->{json};
}

sub is_null {
    my ($method, $body, $name) = @_;
    my $answer = call($method, $body);
    return is("$answer->{status} $answer->{content}", '200 null', "R-26: $method: $name");
}

# Status, code and the fields at fault.
sub refused {
    my ($answer) = @_;
    my $error = $answer->{json} // {};
    return join ' ', $answer->{status}, $error->{Code} // '-', map { "$_->{Field}:$_->{Code}" } @{$error->{Fields} // []};
}

# ---------------------------------------------------------------- chat sessions

my $default = good('CreateDefaultChatSessionEntity');
is($default->{ChatSessionId}, 0, 'a default session has no id');
my $saved = good('SaveChatSessionEntity', {%$default, TopicId => 1, CustomerName => 'Kari', Status => 'InQueue'});
my $id = $saved->{ChatSessionId};
cmp_ok($id, '>', 100, 'the id 0 creates');
ok(!exists $saved->{_Links}, 'without links');
$saved = good('SaveChatSessionEntity', {chatSessionId => $id, topicId => 1, customerName => 'Ola', status => 4});
is_deeply([@$saved{qw(ChatSessionId CustomerName)}], [$id, 'Ola'], 'any other id saves that session; names match in any case');
is(good("GetChatSessionEntity?$_=$id")->{CustomerName}, 'Ola', "GetChatSessionEntity?$_")
    for qw(chatSessionEntityId ChatSessionEntityId CHATSESSIONENTITYID chatSessionEntity%49d);
my $rest = $t->get("/api/v1/ChatSession/$id")->{content};
is(call("GetChatSessionEntity?chatSessionEntityId=$id")->{content}, $rest =~ s/,"_Links":\{[^}]*\}\}$/}/r, 'REST answers the same, but for its links');
is(scalar grep({ $_->{ChatSessionId} == $id } @{good('ChatSessionsForUser')}), 1, 'it is among the caller\'s');

my $offered = good('TransferChatSession', {chatSessionId => 2, toAssociate => 'otto'});
is($offered->{TransferTo}{Name}, 'otto', 'offered by login name');
is(good('TransferChatSession', {chatSessionId => '7', toAssociate => '2'})->{TransferTo}{Name}, 'otto', 'or by id');
is(good('AcceptChatSessionTransfer', {ChatSessionId => 3})->{User}{Name}, 'anna', 'taken over');
my $kept = good('RejectChatSessionTransfer', {ChatSessionId => 4});
is_deeply([$kept->{User}{Name}, $kept->{TransferTo}], ['otto', undef], 'refused');
is(good('PickUpChatSession', {ChatSessionId => 1})->{Status}, 'CustomerLast', 'picked up');
is_null('PickUpChatSession', {ChatSessionId => 1}, 'it waits no more');
my @waiting = split /\n/, $t->sql('SELECT id FROM chat_session WHERE status = 4');
my %picked = map { good('PickUpFirstChatSession')->{ChatSessionId} => 1 } @waiting;
is(join(' ', sort { $a <=> $b } keys %picked), join(' ', sort { $a <=> $b } @waiting), 'each that waits is picked up');
is_null('PickUpFirstChatSession', undef, 'nobody waits');
is(good('ResetChatSession', {ChatSessionId => 1})->{Status}, 'InQueue', 'starts over');

like(good('GetChatTranscript', {ChatSessionId => 2}), qr/^\S+ \S+ Kari: Hi\n/, 'what was said');
like(good('GetChatTranscript', {ChatSessionId => 2, Html => JSON::PP::true}), qr/^<p>\S+ \S+ <b>Kari<\/b>/, 'as HTML');
like(good('GetChatTranscript', {ChatSessionId => 2, Html => undef}), qr/^\d/, 'null is false');
is_deeply([map { $_->{ChatMessageId} } @{good('GetChatMessages', {ChatSessionId => 2})}], [1, 2], 'all messages');
is_deeply([map { $_->{ChatMessageId} } @{good('GetChatMessages', {ChatSessionId => 2, After => 1})}], [2], 'those after the first');
is_deeply(good('GetChatMessages', {ChatSessionId => 2, After => 2147483647}), [], 'none');
my $message = good('AddChatMessage', {chatSessionId => 2, message => {type => 'ToCustomer', message => 'Well', chatSessionId => 999, chatMessageId => 5}});
is_deeply([@$message{qw(ChatSessionId Message Author)}], [2, 'Well', 'Anna Vik'], 'it is said in that session');
cmp_ok($message->{ChatMessageId}, '>', 100, 'with an id of its own');

# ---------------------------------------------------------------- topics, agents, presence

my @admin = (user => 'admin');
my $blank = good('CreateDefaultChatTopicEntity', undef, @admin);
my $topic = good('SaveChatTopicEntity', {%$blank, Name => 'help', OpeningHoursEnabled => JSON::PP::false}, @admin);
my $topic_id = $topic->{ChatTopicId};
cmp_ok($topic_id, '>', 100, 'the id 0 creates a topic');
ok(!exists $topic->{_Links}, 'without links');
is(good('SaveChatTopicEntity', {chatTopicId => $topic_id, name => 'help desk'}, @admin)->{ChatTopicId}, $topic_id, 'any other id saves that topic');
is(good("GetChatTopicEntity?ChatTopicEntityId=$topic_id", undef, @admin)->{Name}, 'help desk', 'it is read');
is(call("GetChatTopicEntity?chatTopicEntityId=$topic_id", undef, @admin)->{content}, $t->get("/api/v1/ChatTopic/$topic_id", @admin)->{content} =~ s/,"_Links":\{[^}]*\}\}$/}/r,
    'REST answers the same, but for its links');
is(good('IsWithinOpeningHours', {ChatTopicId => $topic_id}, @admin), JSON::PP::true, 'a topic without hours is open');
is_deeply([map { $_->{ChatTopicId} } @{good('ChatTopicsForUser')}], [1, 2], 'the caller\'s topics');

my $agent_blank = good('CreateDefaultChatTopicAgent', undef, @admin);
is_deeply($agent_blank, {TopicId => 0, User => undef, map { $_ => JSON::PP::false } qw(CanListen CanRespond CanManage CanNotify)}, 'a blank agent');
my $added = good('AddChatTopicUserAgent', {ChatTopicId => $topic_id, Useragent => {User => {AssociateId => 1}, CanRespond => JSON::PP::true}}, @admin);
is_deeply([$added->{TopicId}, $added->{User}{Name}, $added->{CanRespond}], [$topic_id, 'anna', JSON::PP::true], 'an agent is added');
is(good('GetChatTopicUserAgent', {ChatTopicId => $topic_id, Username => $_})->{User}{AssociateId}, 1, "found as $_") for 'anna', '1', 'ANNA';
is(good('UpdateChatTopicUserAgent', {ChatTopicId => $topic_id, Username => 'anna', Useragent => {CanRespond => 1, CanNotify => 'true'}}, @admin)->{CanNotify}, JSON::PP::true, 'changed');
my $all = good('UpdateChatTopicUserAgents', {chatTopicId => $topic_id, useragents => [{user => {associateId => 1}, canRespond => JSON::PP::true}, {User => {AssociateId => 2}, CanManage => JSON::PP::true}]}, @admin);
is_deeply([map { $_->{User}{Name} } @$all], ['anna', 'otto'], 'all of them are replaced');
is_deeply([map { $_->{User}{Name} } @{good('GetChatTopicUserAgentList', {ChatTopicId => $topic_id})}], ['anna', 'otto'], 'and listed');
my $started = good('CreateChatSessionForTopic', {ChatTopicId => $topic_id});
is($started->{TopicId}, $topic_id, 'a session starts in it');
my $removed = call('DeleteChatTopicUserAgent', {ChatTopicId => $topic_id, Username => 'otto'}, @admin);
answer_ok($removed, 'POST', "$agent/DeleteChatTopicUserAgent", 'DeleteChatTopicUserAgent answers nothing');
is_deeply([map { $_->{User}{Name} } @{good('GetChatTopicUserAgentList', {ChatTopicId => $topic_id})}], ['anna'], 'one is gone');
is_deeply(good('UpdateChatTopicUserAgents', {ChatTopicId => $topic_id, Useragents => []}, @admin), [], 'then all are');

my $users = good('GetUserAgentList', {Flat => JSON::PP::true, OnlyPresent => JSON::PP::false});
cmp_ok(scalar @$users, '>', 0, 'the users of the chat');
is_deeply(good('GetUserAgentList', {flat => JSON::PP::true}), $users, 'what is not said is false');
cmp_ok(scalar(map { @{$_->{ChildItems}} } @{good('GetUserAgentList', {})}), '>=', scalar @$users, 'by groups');
my $presences = good('GetChatPresence', undef, @admin);
my $saved_presence = call('SaveChatPresence', {ChatPresence => [map { {UserId => $_->{UserId}, Present => JSON::PP::true} } @$presences]}, @admin);
answer_ok($saved_presence, 'POST', "$agent/SaveChatPresence", 'SaveChatPresence answers nothing');
is(scalar(grep { !$_->{Present} } @{good('GetChatPresence')}), 0, 'everybody is there');
is(call('SaveChatPresence', {chatPresence => []}, @admin)->{status}, 204, 'nobody\'s presence is saved');

# ---------------------------------------------------------------- what is not there

is_null('GetChatSessionEntity?chatSessionEntityId=' . $_, undef, "no session $_") for 0, -1, 99999, 2147483647, -2147483648;
for my $case (['AcceptChatSessionTransfer'], ['RejectChatSessionTransfer'], ['PickUpChatSession'], ['ResetChatSession'], ['GetChatTranscript'],
    ['GetChatMessages'], ['TransferChatSession', ToAssociate => 'otto'], ['AddChatMessage', Message => {Message => 'x'}]) {
    my ($method, @more) = @$case;
    is_null($method, {ChatSessionId => $_, @more}, "no session $_") for 0, 99999;
}
sub null_as_admin {
    my ($method, $body, $name) = @_;
    my $answer = call($method, $body, @admin);
    return is("$answer->{status} $answer->{content}", '200 null', "R-26: $method: $name");
}
null_as_admin("GetChatTopicEntity?chatTopicEntityId=$_", undef, "no topic $_") for 0, 99999;
for my $case (['IsWithinOpeningHours'], ['GetChatTopicUserAgentList'], ['GetChatTopicUserAgent', Username => 'anna'], ['AddChatTopicUserAgent', Useragent => {User => {AssociateId => 1}}],
    ['UpdateChatTopicUserAgent', Username => 'anna', Useragent => {}], ['UpdateChatTopicUserAgents', Useragents => []], ['CreateChatSessionForTopic']) {
    my ($method, @more) = @$case;
    null_as_admin($method, {ChatTopicId => $_, @more}, "no topic $_") for 0, 99999;
}
null_as_admin($_->[0], {ChatTopicId => 1, Username => 'who', @{$_->[1]}}, 'no such agent') for ['GetChatTopicUserAgent', []], ['UpdateChatTopicUserAgent', [Useragent => {}]];
is(refused(call('SaveChatTopicEntity', {ChatTopicId => $_, Name => 'x'}, @admin)), '404 topic.unknown', "SaveChatTopicEntity: no topic $_") for 99999, -1;
is(refused(call('DeleteChatTopicEntity?chatTopicEntityId=99999', undef, @admin)), '404 topic.unknown', 'DeleteChatTopicEntity: no such topic');
is(refused(call('DeleteChatTopicUserAgent', {ChatTopicId => 99999, Username => 'anna'}, @admin)), '404 topic.unknown', 'DeleteChatTopicUserAgent: no such topic');
is(refused(call("DeleteChatTopicEntity?chatTopicEntityId=1")), '403 access.denied', 'topics are an administrator\'s');
answer_ok(call("DeleteChatTopicEntity?ChatTopicEntityId=$topic_id", undef, @admin), 'POST', "$agent/DeleteChatTopicEntity", 'DeleteChatTopicEntity answers nothing');
null_as_admin("GetChatTopicEntity?chatTopicEntityId=$topic_id", undef, 'it is gone');

is(refused(call('SaveChatSessionEntity', {ChatSessionId => $_, TopicId => 1})), '404 session.unknown', "SaveChatSessionEntity: no session $_") for 99999, -1;
is(refused(call("DeleteChatSessionEntity?ChatSessionEntityId=$_", undef, user => 'admin')), '404 session.unknown', "DeleteChatSessionEntity: no session $_") for 99999, 0;
is(refused(call('TransferChatSession', {ChatSessionId => 2, ToAssociate => 'who'})), '400 reference.unknown ToAssociate:reference.unknown', 'an associate that there is not');

# What one may not read is not there; what one may read and not do is refused.
$t->sql("INSERT INTO associate (associate_id, name) VALUES (5, 'nobody') ON CONFLICT DO NOTHING");
is(call('GetChatSessionEntity?chatSessionEntityId=2', undef, user => 'nobody')->{content}, 'null', 'R-22: a session of others is not there');
is(call('ResetChatSession', {ChatSessionId => 2}, user => 'nobody')->{content}, 'null', 'nor to be changed');
is(refused(call("DeleteChatSessionEntity?ChatSessionEntityId=$id")), '403 access.denied', 'what one may only read is not deleted');
my $deleted = call("DeleteChatSessionEntity?ChatSessionEntityId=$id", undef, user => 'admin');
answer_ok($deleted, 'POST', "$agent/DeleteChatSessionEntity", 'DeleteChatSessionEntity answers nothing');
is_null("GetChatSessionEntity?chatSessionEntityId=$id", undef, 'it is gone');

# ---------------------------------------------------------------- $select

my $some = call('GetChatSessionEntity?chatSessionEntityId=2&$select=TopicId,User/Name');
answer_ok($some, 'POST', "$agent/GetChatSessionEntity", '$select takes the other values', nulls => 1);
is_deeply([map { $some->{json}{$_} } qw(ChatSessionId TopicId CustomerName)], [undef, 1, undef], 'of a session');
is($some->{json}{User}{Name}, 'anna', 'inside its carriers');
for my $case (['TransferChatSession', {ChatSessionId => 7, ToAssociate => '2'}], ['AcceptChatSessionTransfer', {ChatSessionId => 7}], ['ResetChatSession', {ChatSessionId => 7}],
    ['PickUpChatSession', {ChatSessionId => 7}]) {
    my %session = %{call("$case->[0]?\$select=TopicId", $case->[1])->{json} // {}};
    is_deeply([map { $session{$_} } qw(ChatSessionId TopicId Status)], [undef, 1, undef], "$case->[0] knows \$select");
}
is_deeply([map { $_->{Rating} } @{call('ChatSessionsForUser?%24select=Rating')->{json}}], [map { 0 } @{good('ChatSessionsForUser')}], 'ChatSessionsForUser as well');
is_deeply([map { $_->{Message} } @{call('GetChatMessages?$select=chatMessageId', {ChatSessionId => 2})->{json}}], [undef, undef, undef], 'GetChatMessages too');
is(call('AddChatMessage?$select=Author', {ChatSessionId => 2, Message => {Message => 'x'}})->{json}{Message}, undef, 'and AddChatMessage');
for my $case (['GetChatTopicEntity?chatTopicEntityId=1&$select=name', undef, 'Name'], ['ChatTopicsForUser?$select=Name', undef, 'Name'],
    ['GetChatTopicUserAgentList?$select=CanListen', {ChatTopicId => 1}, 'CanListen'], ['GetChatTopicUserAgent?$select=canListen', {ChatTopicId => 1, Username => 'mia'}, 'CanListen'],
    ['GetUserAgentList?$select=Name', {Flat => JSON::PP::true}, 'Name'], ['GetChatPresence?$select=Present', undef, 'Present']) {
    my ($method, $body, $member) = @$case;
    my $answer = call($method, $body);
    answer_ok($answer, 'POST', "$agent/$method", "$method", nulls => 1);
    my ($one) = ref $answer->{json} eq 'ARRAY' ? @{$answer->{json}} : $answer->{json};
    is(join(' ', grep { defined $one->{$_} } sort keys %$one), $member, "$method keeps one");
}
for my $case (['CreateDefaultChatTopicEntity', undef], ['CreateDefaultChatTopicAgent', undef], ['IsWithinOpeningHours', {ChatTopicId => 1}]) {
    answer_ok(call("$case->[0]?\$select=nothing", $case->[1]), 'POST', "$agent/$case->[0]", "$case->[0] does not know \$select");
}
for my $case (['CreateDefaultChatSessionEntity'], ['SaveChatSessionEntity', {ChatSessionId => 7, TopicId => 1}], ['GetChatTranscript', {ChatSessionId => 2}]) {
    answer_ok(call("$case->[0]?\$select=nothing", $case->[1]), 'POST', "$agent/$case->[0]", "$case->[0] does not");
}

# ---------------------------------------------------------------- parameters that are missing or wrong

is(refused(call('GetChatSessionEntity')), '400 parameter.missing chatSessionEntityId:parameter.missing', 'an id must be said');
is(refused(call('GetChatSessionEntity', {chatSessionEntityId => 2})), '400 parameter.missing chatSessionEntityId:parameter.missing', 'in the query');
is(refused(call("GetChatSessionEntity?chatSessionEntityId=$_")), '400 query.value chatSessionEntityId:query.value', "$_ is no id") for qw(x 1.5 2147483648 99999999999999999999 1e3 0x1);
is(refused(call('GetChatSessionEntity?chatSessionEntityId=%ff')), '400 query.malformed', 'nor is what is no text');
is(refused(call('DeleteChatSessionEntity')), '400 parameter.missing chatSessionEntityId:parameter.missing', 'to delete as well');
is(refused(call('PickUpChatSession', {})), '400 body.invalid ChatSessionId:parameter.missing', 'a parameter must be there');
is(refused(call('PickUpChatSession', {chatSessionId => undef})), '400 body.invalid ChatSessionId:parameter.missing', 'and not null');
is(refused(call('TransferChatSession', {})), '400 body.invalid ChatSessionId:parameter.missing ToAssociate:parameter.missing', 'all are told at once');
is(refused(call('TransferChatSession', {ChatSessionId => 'x', ToAssociate => {}})), '400 body.invalid ChatSessionId:value.type ToAssociate:value.type', 'with the wrong ones');
is(refused(call('TransferChatSession', {ChatSessionId => 2147483648, ToAssociate => 'x' x 256})), '400 body.invalid ChatSessionId:value.range ToAssociate:value.length', 'and those out of range');
is(refused(call('GetChatTranscript', {ChatSessionId => 2, Html => 'maybe'})), '400 body.invalid Html:value.type', 'Html is true or false');
is(refused(call('GetChatMessages', {ChatSessionId => 1.5, After => []})), '400 body.invalid ChatSessionId:value.type After:value.type', 'After is an id');
is(refused(call('AddChatMessage', {ChatSessionId => 2})), '400 body.invalid Message:parameter.missing', 'a message must be said');
is(refused(call('AddChatMessage', {ChatSessionId => 'x', Message => {Type => 'Loud', Author => 'a' x 256}})),
    '400 body.invalid ChatSessionId:value.type Message/Type:value.name Message/Author:value.length', 'IN-8: what is wrong inside is told with the rest');
is(refused(call('AddChatMessage', {ChatSessionId => 2, Message => $_})), '400 body.invalid Message:value.type', 'a message is an object') for 'x', 5, [], [{}], JSON::PP::true;
is(refused(call('SaveChatSessionEntity', {ChatSessionId => $_, Rating => 'five'})), '400 body.invalid ChatSessionId:value.type Rating:value.type', 'the id of a session to save is judged') for 'x', [], {}, JSON::PP::true;
is(refused(call('SaveChatSessionEntity', {ChatSessionId => 2147483648, Rating => 'five'})), '400 body.invalid ChatSessionId:value.range Rating:value.type', 'and its range');
is(refused(call('GetChatTopicEntity')), '400 parameter.missing chatTopicEntityId:parameter.missing', 'the id of a topic');
is(refused(call($_, {})), '400 body.invalid ChatTopicId:parameter.missing', "$_ needs a topic") for qw(IsWithinOpeningHours GetChatTopicUserAgentList CreateChatSessionForTopic);
is(refused(call($_, {}, @admin)), '400 body.invalid ChatTopicId:parameter.missing Username:parameter.missing', "$_ needs an agent") for qw(GetChatTopicUserAgent DeleteChatTopicUserAgent);
is(refused(call('GetUserAgentList', {Flat => 'no', OnlyPresent => 5})), '400 body.invalid Flat:value.type OnlyPresent:value.type', 'true or false');
is(refused(call('SaveChatPresence', {})), '400 body.invalid ChatPresence:parameter.missing', 'SaveChatPresence needs them');
is(refused(call('SaveChatPresence', {ChatPresence => $_})), '400 body.invalid ChatPresence:value.type', 'in an array') for {}, {UserId => 1}, 'x', 1, JSON::PP::true;
is(refused(call('SaveChatPresence', {ChatPresence => [{UserId => 1, Present => 'maybe'}, 5, {UserId => 'x'}]}, @admin)),
    '400 body.invalid ChatPresence/0/Present:value.type ChatPresence/1:body.shape', 'R-6: each says what is wrong with it');
is(refused(call('SaveChatPresence', {ChatPresence => [{UserId => 'x'}, {UserId => 1}, {UserId => 1}]}, @admin)),
    '400 body.invalid ChatPresence/0/UserId:value.type ChatPresence/2/UserId:value.twice', 'also what REST alone would look for');
is(refused(call('UpdateChatTopicUserAgents', {Useragents => [{CanListen => 'x'}]}, @admin)), '400 body.invalid ChatTopicId:parameter.missing Useragents/0/CanListen:value.type', 'with the parameters');
is(refused(call('UpdateChatTopicUserAgents', {ChatTopicId => 1, Useragents => [{}]}, @admin)), '400 body.invalid Useragents/0/User/AssociateId:value.range', 'nobody');
is(refused(call('AddChatTopicUserAgent', {ChatTopicId => 'x', Useragent => {User => 5}}, @admin)), '400 body.invalid ChatTopicId:value.type Useragent/User:value.type', 'an agent is judged');
is(refused(call('AddChatTopicUserAgent', {ChatTopicId => 1, Useragent => {}}, @admin)), '400 body.invalid Useragent/User/AssociateId:value.range', 'and must be somebody');
is(refused(call('SaveChatTopicEntity', {ChatTopicId => 'x', OpeningHours => {MonStart => 'noon'}}, @admin)), '400 body.invalid ChatTopicId:value.type OpeningHours/MonStart:value.time', 'a topic to save');
is(refused(call('PickUpChatSession', {more => 1, MORE => 2, chatSessionId => 99999})), '200 -', 'JSON-11: unknown members are passed over');
for my $case (['{"chatSessionId":1,"ChatSessionId":1}', '400 body.invalid ChatSessionId:value.twice'], ['{"chatSessionId":1,"chatSessionId":1}', '400 json.duplicate'],
    ['{"chatSessionId":1', '400 json.syntax'], ['', '400 body.empty'], ['null', '400 body.empty'], ['[]', '400 body.empty'], ['[1]', '400 body.shape'], ['"x"', '400 body.shape'],
    ['5', '400 body.shape'], ['{"chatSessionId":"1\u0000"}', '400 text.nul'], ['[' x 40, '400 json.depth'], ["{\"chatSessionId\":\"\xff\"}", '400 json.encoding']) {
    my ($body, $code) = @$case;
    is(refused(call('PickUpChatSession', undef, content => $body, headers => {'Content-Type' => 'application/json'})), $code, "the body $body");
}
like(call('TransferChatSession', undef, content => '', headers => {'Content-Type' => 'application/json'})->{json}{Message}, qr/^TransferChatSession takes .* ChatSessionId, ToAssociate /,
    'who sends no body hears what belongs there');
like(call('SaveChatSessionEntity', undef, content => 'null', headers => {'Content-Type' => 'application/json'})->{json}{Message}, qr/^Entity to save/, 'R-4: an entity');
is(refused(call('AddChatMessage', undef, content => '{"chatSessionId":2,"message":{"message":"a"},"Message":{}}', headers => {'Content-Type' => 'application/json'})), '400 body.invalid Message:value.twice', 'a part is given once');
is(refused(call('PickUpChatSession', undef, content => '{}', headers => {'Content-Type' => 'text/plain'})), '415 body.media-type', 'IN-6: another type');
is(refused(call('PickUpChatSession', undef, content => '{"chatSessionId":' . '1' x 1_100_000 . '}', headers => {'Content-Type' => 'application/json'})), '413 body.too-large', 'R-5: a body without end');
for my $body ('', 'null', '{}', '{"any":"thing"}', 'no JSON') {
    is(call('CreateDefaultChatSessionEntity', undef, content => $body, headers => {'Content-Type' => 'application/json'})->{status}, 200, "what takes no parameters does not mind '$body'");
}

# ---------------------------------------------------------------- XML and forms

sub sent { my ($method, $type, $body, %header) = @_; return call($method, undef, content => $body, headers => {'Content-Type' => $type, %header}) }

for my $root (qw(GetChatMessages GetChatMessagesRequest getchatmessages)) {
    my $xml = sent('GetChatMessages', 'application/xml', "<$root><ChatSessionId> 2 </ChatSessionId><After>1</After></$root>", Accept => 'application/json');
    is_deeply([grep { $_ < 3 } map { $_->{ChatMessageId} } @{$xml->{json}}], [2], "XML: <$root>");
}
is(refused(sent('GetChatMessages', 'application/xml', '<GetChatTranscript><ChatSessionId>2</ChatSessionId></GetChatTranscript>', Accept => 'application/json')), '400 body.shape', 'but not that of another method');
is(refused(sent('GetChatMessages', 'application/xml', '<GetChatMessages><ChatSessionId/></GetChatMessages>', Accept => 'application/json')), '400 body.invalid ChatSessionId:parameter.missing', 'nothing is missing');
like(sent('AddChatMessage', 'text/xml', '<AddChatMessage xmlns="urn:x"><ChatSessionId>2</ChatSessionId><Message><Type>ToUser</Type><Message>by XML</Message></Message></AddChatMessage>')->{content},
    qr{^<\?xml[^>]*>\s*<ChatMessage .*<Message>by XML</Message>}s, 'XML in, XML out');
like(sent('GetChatTranscript', 'application/xml', '<GetChatTranscript><ChatSessionId>2</ChatSessionId><Html>true</Html></GetChatTranscript>')->{content}, qr{&lt;p>|&lt;p&gt;}, 'a text in XML');
like(call('GetChatSessionEntity?chatSessionEntityId=99999', undef, headers => {Accept => 'application/xml'})->{content}, qr/nil="true"/, 'XML-6: nothing in XML');
like(call('ChatSessionsForUser', undef, headers => {Accept => 'application/xml'})->{content}, qr{<ArrayOfChatSessionEntity.*<ChatSessionEntity>.*</ArrayOfChatSessionEntity>}s, 'many in XML');
for my $case (['<ChatTopicAgent><User><AssociateId>1</AssociateId></User></ChatTopicAgent><ChatTopicAgent><User><AssociateId>2</AssociateId></User><CanListen>true</CanListen></ChatTopicAgent>', 2],
    ['<ChatTopicAgent><User><AssociateId>2</AssociateId></User></ChatTopicAgent>', 1], ['', 0], [' ', 0]) {
    my ($items, $count) = @$case;
    my $answer = sent('UpdateChatTopicUserAgents', 'application/xml', "<UpdateChatTopicUserAgents><ChatTopicId>2</ChatTopicId><Useragents>$items</Useragents></UpdateChatTopicUserAgents>", Accept => 'application/json', Authorization => ChatSession::Test::basic('admin'));
    is(scalar @{$answer->{json}}, $count, "XML-9: an array of $count") or diag($answer->{content});
}
is(refused(sent('UpdateChatTopicUserAgents', 'application/xml', "<UpdateChatTopicUserAgents><ChatTopicId>2</ChatTopicId><Useragents>$_</Useragents></UpdateChatTopicUserAgents>", Accept => 'application/json', Authorization => ChatSession::Test::basic('admin'))),
    '400 body.invalid Useragents:value.type', "no array: $_") for 'x', '<Other/>', '<ChatTopicAgent/><Other/>';
like(call('IsWithinOpeningHours', {ChatTopicId => 1}, headers => {Accept => 'text/xml'})->{content}, qr{>true</Value>$}, 'a truth in XML');
my $form = 'application/x-www-form-urlencoded';
is(refused(sent('UpdateChatTopicUserAgents', $form, 'ChatTopicId=2&Useragents=x', Authorization => ChatSession::Test::basic('admin'))), '400 body.invalid Useragents:value.type', 'a form holds no array');
is(sent('AddChatTopicUserAgent', $form, 'ChatTopicId=2&Useragent.User.AssociateId=2&Useragent.CanListen=true', Accept => 'application/json', Authorization => ChatSession::Test::basic('admin'))->{json}{CanListen}, JSON::PP::true, 'but an agent');
is(sent('TransferChatSession', $form, 'chatSessionId=2&toAssociate=otto', Accept => 'application/json')->{json}{TransferTo}{Name}, 'otto', 'a form');
is(sent('AddChatMessage', $form, 'ChatSessionId=2&Message.Message=by+form&message%5BType%5D=ToUser', Accept => 'application/json')->{json}{Message}, 'by form', 'with a part');
is(refused(sent('TransferChatSession', $form, 'x=1')), '400 body.invalid ChatSessionId:parameter.missing ToAssociate:parameter.missing', 'without any parameter');
is(refused(sent('AddChatMessage', $form, 'ChatSessionId=2&Message=x')), '400 body.invalid Message:value.type', 'with a text where the message belongs');
is(sent('SaveChatSessionEntity', 'application/xml', '<ChatSessionEntity><ChatSessionId>7</ChatSessionId><TopicId>1</TopicId><CustomerName>X</CustomerName></ChatSessionEntity>', Accept => 'application/json')->{json}{ChatSessionId}, 7, 'an entity of XML, with the id that counts');
is(sent('SaveChatSessionEntity', $form, 'ChatSessionId=7&TopicId=1&CustomerName=F', Accept => 'application/json')->{json}{ChatSessionId}, 7, 'and of a form');

# ---------------------------------------------------------------- methods and paths

for my $path ('/API/V1/agents/chat/createdefaultchatsessionentity', "$agent/CreateDefaultChatSessionEntity/") {
    is($t->request('POST', $path)->{status}, 200, "SURF-4, SURF-5: $path");
}
for my $method (qw(GET PUT PATCH DELETE)) {
    my $answer = $t->request($method, "$agent/PickUpChatSession");
    is(refused($answer) . " $answer->{headers}{allow}", '405 method.not-allowed POST, OPTIONS', "SURF-12: $method is no call");
    like($answer->{json}{Message}, qr/Picks up a waiting chat session/, 'it tells what the method is for');
}
my $unknown = call('PickUpAll');
is(refused($unknown), '404 path.unknown', 'an unknown method');
like($unknown->{json}{Message}, qr/\bPickUpFirstChatSession\b/, 'is answered with those that there are');
is(refused($t->request('POST', $_)), '404 path.unknown', $_) for "$agent", "$agent/PickUpChatSession/5", '/api/v1/Agents/Person/GetPerson';
is($t->request('OPTIONS', "$agent/PickUpChatSession", user => undef)->{status}, 204, 'COND-13: OPTIONS');
is($t->request('POST', "$agent/PickUpChatSession", user => undef)->{status}, 401, 'AUTH-12: who one is, before all else');
my %told = %{$t->get('/api/v1')->{json}};
my @told = map { m{/Agents/Chat/(\w+)$} ? $1 : () } keys %told;
my @defined = map { m{/Agents/Chat/(\w+)$} ? $1 : () } operations();
is(join(' ', sort @told), join(' ', sort @defined), 'GET /api/v1 lists the 31 methods of the definition');

# A browser's web session: as everywhere, only with its XSRF value.
my $login = $t->request('POST', '/api/v1/Session');
my ($cookie) = map { /^(chatsession=[^;]+)/ } map { ref $_ ? @$_ : $_ } $login->{headers}{'set-cookie'};
is(call('ChatSessionsForUser', undef, user => undef, headers => {Cookie => $cookie})->{status}, 401, 'XSRF-3: a read by POST with the cookie alone');
is(call('ChatSessionsForUser', undef, user => undef, headers => {Cookie => $cookie, 'X-XSRF-TOKEN' => $login->{json}{XsrfToken}})->{status}, 200, 'XSRF-3: and with the value');

# ---------------------------------------------------------------- what counts for changes, and for reads

my $key = {headers => {'Idempotency-Key' => 'one'}};
my @twice = map { call('AddChatMessage', {ChatSessionId => 2, Message => {Message => 'once'}}, %$key)->{content} } 1, 2;
is($twice[0], $twice[1], 'R-18: a change with a key is made once');
is($t->sql("SELECT count(*) FROM chat_message WHERE message = 'once'"), 1, 'and no more');
is(refused(call('AddChatMessage', {ChatSessionId => 2, Message => {Message => 'other'}}, %$key)), '422 key.reused', 'its key is used');
is(call('GetChatMessages', {ChatSessionId => 2}, %$key)->{status}, 200, 'of a read the key does not count');
my $version = call('GetChatSessionEntity?chatSessionEntityId=7');
is(refused(call('SaveChatSessionEntity', {ChatSessionId => 7, TopicId => 1}, headers => {'If-Match' => '"0-0"'})), '412 condition.failed', 'R-17: a save may be conditional');
is(call('SaveChatSessionEntity', {ChatSessionId => 7, TopicId => 1}, headers => {'If-Match' => $version->{headers}{etag}})->{status}, 200, 'by what a read said');
is(call('GetChatSessionEntity?chatSessionEntityId=7', undef, headers => {'If-None-Match' => '*', 'If-Match' => '"0"'})->{status}, 200, 'a read is not: it is a POST');
is(refused(call('GetChatMessages', {ChatSessionId => 2}, headers => {'SO-TimeZone' => 'XX-YY'})), '400 header.time-zone', 'a zone that there is not');
is(call('DeleteChatSessionEntity?chatSessionEntityId=5', undef, user => 'admin', headers => {'SO-TimeZone' => 'XX-YY'})->{status}, 204, 'OUT-9: what answers nothing has none');
like(call('GetChatSessionEntity?chatSessionEntityId=7', undef, headers => {'SO-TimeZone' => 'UTC, includeTZOffset'})->{json}{WhenIdle}, qr/Z$/, 'TZ-6: zones as in REST');

my %seen = map { m{/Agents/Chat/(\w+)$} ? ($1 => 1) : () } operations_seen();
is(join(' ', grep { !$seen{$_} } @told), '', 'every method was called, and its answer held against the definition');
$t->done;
