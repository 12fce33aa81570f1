#!/usr/bin/perl
# Who serves a topic: read, added, changed, removed, replaced; by many at once; and the users there are to choose from.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use POSIX ();
use ChatSession::Schema;
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1, user => 'admin')->run;
my $all = '/api/v1/ChatTopic';
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
$t->sql("INSERT INTO chat_topic (id, name) VALUES (1, 'one'), (2, 'two')");

sub ask {
    my ($method, $path, %option) = @_;
    my $answer = $t->request($method, "$all/$path", %option);
    answer_ok($answer, $method, "$all/$path" =~ s/\?.*//r, "$method $path fits the definition") if $answer->{status} < 300;
    return $answer;
}
sub code { my ($answer) = @_; return "$answer->{status} " . ($answer->{json}{Code} // '') }
sub fields { my ($answer) = @_; return join ' ', map { "$_->{Field}:$_->{Code}" } @{$answer->{json}{Fields} // []} }
sub agent { my ($id, @roles) = @_; return {User => {AssociateId => $id}, map { $_ => $true } @roles} }
sub shown { my ($agent) = @_; return join ' ', $agent->{TopicId}, $agent->{User}{Name}, grep { $agent->{$_} } qw(CanListen CanRespond CanManage CanNotify) }
sub all_shown { return join ', ', map { shown($_) } @{$_[0]{json}} }
sub stored { return $t->sql('SELECT user_id, can_listen, can_respond, manager, notifications FROM chat_topic_user WHERE topic_id = 1 ORDER BY user_id') }

# ---------------------------------------------------------------- one by one

is_deeply(ask('GET', '1/UserAgent')->{json}, [], 'nobody yet');
my $added = ask('POST', '1/UserAgent', json => {%{agent(1, 'CanRespond')}, TopicId => 2})->{json};
is(shown($added), '1 anna CanRespond', 'one is added, in the topic of the path');
is($added->{User}{FullName}, 'Anna Vik', 'and filled in');
is($added->{User}{TableRight}{Mask}, 'Select', 'as somebody else\'s record');
is(shown(ask('POST', '1/UserAgent', json => agent(1, 'CanListen', 'CanNotify'))->{json}), '1 anna CanListen CanNotify', 'who is there already gets other roles');
is(stored(), '1|t|f|f|t', 'and stays one');
is(shown(ask('GET', "1/UserAgent/$_")->{json}), '1 anna CanListen CanNotify', "found as $_") for 'anna', 'ANNA', '1', '01', '+1';
is(shown(ask('PUT', '1/UserAgent/anna', json => agent(2, 'CanManage'))->{json}), '1 anna CanManage', 'changed: the path says who, not the body');
is(shown(ask('PUT', '1/UserAgent/1', json => {CanRespond => 'true'})->{json}), '1 anna CanRespond', 'nor need it');
is(code(ask($_->[0], "1/UserAgent/$_->[1]", $_->[0] eq 'PUT' ? (json => {CanListen => $true}) : ())), '404 agent.unknown', "$_->[0] $_->[1]: no agent")
    for ['GET', 'otto'], ['GET', '2'], ['GET', '0'], ['GET', '-1'], ['GET', '99999999999'], ['GET', '%E2%82%AC'], ['GET', "'%20OR%201=1--"], ['PUT', 'otto'], ['PUT', '3'];
is(code($t->get("$all/1/UserAgent/%FF")), '404 agent.unknown', 'nor is what is no UTF-8');
is(code($t->get("$all/2/UserAgent/anna")), '404 agent.unknown', 'an agent of another topic is none of this');
$t->sql("INSERT INTO associate (associate_id, name, full_name) VALUES (50, '51', 'Named 51'), (51, 'x51', 'Number 51'); INSERT INTO chat_topic_user (topic_id, user_id, can_listen) VALUES (1, 50, true), (1, 51, true)");
is(ask('GET', '1/UserAgent/51')->{json}{User}{FullName}, 'Number 51', 'an id goes before a name');
is(ask('DELETE', '1/UserAgent/51')->{status}, 204, 'removed');
is(ask('GET', '1/UserAgent/51')->{json}{User}{FullName}, 'Named 51', 'then the name counts');
is(ask('DELETE', '1/UserAgent/51')->{status}, 204, 'who is removed');
is(ask('DELETE', '1/UserAgent/51')->{status}, 204, 'and is not there: 204 as before');
is(stored(), '1|f|t|f|f', 'nobody else is touched');
is(shown(ask('POST', '1/UserAgent', json => agent(77, 'CanListen'))->{json}), '1  CanListen', 'R-8: an associate that is not known may be one');
is(ask('GET', '1/UserAgent/77')->{json}{User}{AssociateId}, 77, 'R-8: known by his id');
ask('DELETE', '1/UserAgent/77');

# ---------------------------------------------------------------- all of them

is(all_shown(ask('PUT', '1/UserAgent', json => [agent(3, 'CanManage', 'CanListen'), agent(2, 'CanRespond', 'CanNotify')])),
    '1 otto CanRespond CanNotify, 1 mia CanListen CanManage', 'all are replaced');
is(all_shown(ask('GET', '1/UserAgent')), '1 otto CanRespond CanNotify, 1 mia CanListen CanManage', 'as GET shows them');
my $kept = $t->sql('SELECT id FROM chat_topic_user WHERE topic_id = 1 AND user_id = 2');
is(all_shown(ask('PUT', '1/UserAgent', json => [agent(2)])), '1 otto', 'one of them stays, without a role');
is($t->sql('SELECT id FROM chat_topic_user WHERE topic_id = 1'), $kept, 'in his row');
is_deeply(ask('PUT', '1/UserAgent', json => [])->{json}, [], 'or none at all');
is(stored(), '', 'then there is nobody');
$t->sql('INSERT INTO chat_topic_user (topic_id, user_id, can_listen) VALUES (2, 1, true)');
ask('PUT', '1/UserAgent', json => [agent(1)]);
is($t->sql('SELECT count(*) FROM chat_topic_user WHERE topic_id = 2'), 1, 'other topics keep theirs');
is(all_shown(ask('PUT', '1/UserAgent', json => ask('GET', '1/UserAgent')->{json})), '1 anna', 'what was read comes back');
my $one = '<ChatTopicAgent><User><AssociateId>%d</AssociateId></User><CanListen>true</CanListen></ChatTopicAgent>';
for my $case ([sprintf($one, 1), '1'], [sprintf($one, 1) . sprintf($one, 2), '1,2'], ['', ''], [sprintf($one, 1) . '<X/>', '400 body.shape'], ['<X/>', '400 body.shape']) {
    my $answer = $t->request('PUT', "$all/1/UserAgent", content => "<ArrayOfChatTopicAgent>$case->[0]</ArrayOfChatTopicAgent>", headers => {'Content-Type' => 'application/xml', Accept => 'application/json'});
    is($answer->{status} == 200 ? join(',', map { $_->{User}{AssociateId} } @{$answer->{json}}) : code($answer), $case->[1], "XML with '$case->[1]'") or diag($answer->{content});
}

# ---------------------------------------------------------------- refused

ask('PUT', '1/UserAgent', json => [agent(1, 'CanRespond')]);
my $before = stored();
my @bad = (
    [{}, '400 body.invalid User/AssociateId:value.range'], [{User => {}}, '400 body.invalid User/AssociateId:value.range'],
    [{User => {AssociateId => 0}}, '400 body.invalid User/AssociateId:value.range'], [{User => {AssociateId => 'x'}}, '400 body.invalid User/AssociateId:value.type'],
    [{User => 1}, '400 body.invalid User:value.type'], [{User => {AssociateId => 1}, CanListen => 'perhaps'}, '400 body.invalid CanListen:value.type'],
    [{User => {AssociateId => 3000000000}}, '400 body.invalid User/AssociateId:value.range'], ['x', '400 body.shape '],
);
is(code($t->post("$all/1/UserAgent", $_->[0])) . ' ' . fields($t->post("$all/1/UserAgent", $_->[0])), $_->[1], 'POST is refused: ' . json_text($_->[0])) for @bad;
my @bad_lists = (
    [{User => {AssociateId => 1}}, '400 body.shape '], ['x', '400 body.shape '], [[1], '400 body.invalid 0:body.shape'],
    [[agent(2), undef], '400 body.invalid 1:body.shape'], [[agent(2), []], '400 body.invalid 1:body.shape'],
    [[agent(2), {}], '400 body.invalid 1/User/AssociateId:value.range'], [[agent(2), agent(3), agent(2)], '400 body.invalid 2/User/AssociateId:value.twice'],
    [[{User => 5, CanListen => 'x'}, {User => {AssociateId => 'y'}}], '400 body.invalid 0/User:value.type 0/CanListen:value.type 1/User/AssociateId:value.type'],
);
is(code($t->put("$all/1/UserAgent", $_->[0])) . ' ' . fields($t->put("$all/1/UserAgent", $_->[0])), $_->[1], 'PUT is refused: ' . json_text($_->[0])) for @bad_lists;
is(code($t->request('PUT', "$all/1/UserAgent", content => $_->[0], headers => {'Content-Type' => $_->[1] // 'application/json'})), $_->[2], "PUT of '$_->[0]'")
    for ['', undef, '400 body.empty'], ['null', undef, '400 body.empty'], ['[', undef, '400 json.syntax'], ['x', 'text/plain', '415 body.media-type'],
    ['User.AssociateId=1', 'application/x-www-form-urlencoded', '400 body.shape'];
my $flood = $t->put("$all/1/UserAgent", [map { {User => 'x'} } 1 .. 2000]);
is($flood->{status} . ' ' . scalar @{$flood->{json}{Fields}}, '400 100', 'of very many faults a hundred are told');
is(stored(), $before, 'none of that changed anything');
is(scalar @{ask('PUT', '1/UserAgent', json => [map { agent($_, 'CanListen') } 1 .. 3000])->{json}}, 3000, 'three thousand agents');
is(code($t->get("$all/99/UserAgent")), '404 topic.unknown', 'no topic, no agents');
is(code($t->request($_->[0], "$all/99/$_->[1]", defined $_->[2] ? (json => $_->[2]) : ())), '404 topic.unknown', "$_->[0] $_->[1] without a topic")
    for ['PUT', 'UserAgent', []], ['POST', 'UserAgent', agent(1)], ['PUT', 'UserAgent/anna', {CanListen => $true}], ['DELETE', 'UserAgent/anna'], ['GET', 'UserAgent/anna'];

# ---------------------------------------------------------------- many at once

sub race {
    my ($count, $work) = @_;
    my @pids = map {
        my $number = $_;
        my $pid = fork // die;
        if (!$pid) {
            my $status = eval { $work->($number) } // 0;
            POSIX::_exit($status =~ /^20[04]$/ ? 0 : 1);
        }
        $pid;
    } 1 .. $count;
    my $failed = 0;
    $failed += (waitpid($_, 0), $? != 0)[1] for @pids;
    return $failed;
}
$t->sql('DELETE FROM chat_topic_user');
is(race(50, sub { $t->post("$all/1/UserAgent", agent(1, $_[0] % 2 ? 'CanListen' : 'CanRespond'))->{status} }), 0, '50 add the same one at once');
is($t->sql('SELECT count(*), count(*) FILTER (WHERE can_listen <> can_respond) FROM chat_topic_user'), '1|1', 'one row, with the roles of one of them');
is(race(30, sub { my $set = $_[0] % 3; $t->put("$all/1/UserAgent", [map { agent($_, 'CanListen') } $set ? ($set .. $set + 1) : ()])->{status} }), 0, '30 replace all at once');
like(stored() =~ s/\|.*$//mgr =~ s/\n/ /gr, qr/^(?:|1 2|2 3)$/, 'what one of them wrote, and no mixture');
is(race(30, sub { $_[0] % 2 ? $t->post("$all/1/UserAgent", agent(1, 'CanListen'))->{status} : $t->del("$all/1/UserAgent/anna")->{status} }), 0, '30 add and remove him at once');

# ---------------------------------------------------------------- users to choose from

$t->sql("DELETE FROM chat_topic_user; DELETE FROM associate WHERE associate_id > 4; INSERT INTO usergroup (usergroup_id, name, rank, tooltip, deleted) VALUES (1, 'Zeta', 1, 'first', false), (2, 'Alpha', 2, '', true);"
    . " UPDATE associate SET ejuserid = 10 + associate_id, group_idx = 1 + associate_id % 2, rank = 5 - associate_id, tooltip = name || '!';"
    . " INSERT INTO associate (associate_id, name, full_name, ejuserid, type, deleted, group_idx) VALUES (5, 'gone', 'Gone', 15, 0, true, 1), (6, 'room', 'Room', 16, 1, false, 1), (7, 'sys', 'System', 17, 13, false, 1),"
    . " (8, 'visitor', 'Visitor', 18, 7, false, 1), (9, 'plain', 'Plain', 0, 0, false, 0), (10, 'agent', '', 0, 0, false, 0), (11, 'eleven', 'Eleven', 0, 0, false, 0);"
    . " INSERT INTO chat_topic_user (topic_id, user_id) VALUES (1, 10), (1, 11), (1, 5)");
my $flat = ask('GET', 'UserAgents?flat=true', user => 'anna')->{json};
is(join(', ', map { "$_->{Id} $_->{Name}" } @$flat), '10 agent, 14 Ada Min, 13 Mia Berg, 12 Otto Lind, 11 Anna Vik',
    'who has a licence, by his service id; or is an agent, by the associate\'s, unless that is another\'s service id');
is("$flat->[1]{Type} $flat->[1]{ToolTip} $flat->[1]{Rank} $flat->[1]{ExtraInfo} $flat->[1]{FullName}", 'associate admin! 1 admin Ada Min', 'what an item says');
my $groups = ask('GET', 'UserAgents?flat=FALSE&onlyPresent=', user => 'anna')->{json};
is(join('; ', map { "$_->{Id} $_->{Name}: " . join(', ', map { $_->{Name} } @{$_->{ChildItems}}) } @$groups), '1 Zeta: Ada Min, Otto Lind; 2 Alpha: Mia Berg, Anna Vik; 0 : agent', 'by groups, in their order');
is("$groups->[0]{Type} $groups->[0]{ToolTip} $groups->[1]{Deleted}", 'usergroup first 1', 'what a group says');
$t->sql('INSERT INTO chat_presence VALUES (2, true), (3, false), (5, true), (9, true)');
is(join(', ', map { $_->{Name} } @{ask('GET', 'UserAgents?flat=1&ONLYpresent=true', user => 'anna')->{json}}), 'Otto Lind', 'those who are there');
is(scalar @{ask('GET', 'UserAgents?flat=0&onlyPresent=1', user => 'anna')->{json}}, 1, 'with their groups');
$t->sql('UPDATE chat_presence SET present = false');
is_deeply(ask('GET', "UserAgents?flat=$_&onlyPresent=true")->{json}, [], "nobody: $_") for qw(true false);
is(code($t->get("$all/UserAgents$_")) . ' ' . fields($t->get("$all/UserAgents$_")), '400 query.value flat:query.value', "refused: '$_'") for '', '?flat=', '?flat=yes', '?flat=2', '?onlyPresent=true';
is(code($t->get("$all/UserAgents?flat=true&onlyPresent=x")), '400 query.value', 'onlyPresent is true or false');
$t->sql("UPDATE usergroup SET name = 'US:\"Group\";NO:\"Gruppe\"'");
is($t->get("$all/UserAgents?flat=false", headers => {'SO-Language' => 'no'})->{json}[0]{Name}, 'Gruppe', 'texts are translated');
like($t->get("$all/UserAgents?flat=false", headers => {Accept => 'application/xml'})->{content}, qr{<MDOListItem><Id>1</Id>.*<ChildItems><MDOListItem><Id>14</Id>}s, 'in XML, too');
$t->done;
