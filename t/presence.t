#!/usr/bin/perl
# Presence: who is there, who may say so.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use POSIX ();
use ChatSession::Schema;
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1, user => 'anna')->run;
my ($get, $save) = map { "/api/v1/Presence/$_" } qw(GetAll SaveAll);
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
sub code { my ($answer) = @_; return "$answer->{status} " . ($answer->{json}{Code} // '') }
sub fields { my ($answer) = @_; return join ' ', map { "$_->{Field}:$_->{Code}" } @{$answer->{json}{Fields} // []} }
sub all { my $answer = $t->get($get, @_); answer_ok($answer, 'GET', $get, 'GetAll fits the definition'); return @{$answer->{json}} }
sub is_there { return join ' ', map { $_->{DisplayName} } grep { $_->{Present} } all() }
sub stored { return $t->sql('SELECT associate_id, present FROM chat_presence ORDER BY associate_id') }

is(scalar all(), 0, 'there are no users of the chat yet');
$t->sql("INSERT INTO chat_topic (id, name) VALUES (1, 'one'), (2, 'two'); UPDATE associate SET ejuserid = 20 + associate_id WHERE associate_id < 4;"
    . " INSERT INTO chat_topic_user (topic_id, user_id, can_respond, notifications) VALUES (2, 1, true, false), (1, 1, false, true), (1, 4, true, false); INSERT INTO chat_topic_user (topic_id, user_id) VALUES (1, 2);"
    . " INSERT INTO chat_session (topic_id, user_id, status) VALUES (1, 1, 5), (1, 1, 6), (1, 1, 7), (1, 1, 4), (1, 2, 6)");
my %by = map { $_->{DisplayName} => $_ } all();
is(join(' ', map { "$_ $by{$_}{UserId}" } sort keys %by), 'Ada Min 4 Anna Vik 21 Mia Berg 23 Otto Lind 22', 'users, by the id that the service knows them by');
is("@{$by{'Anna Vik'}{ChatTopics}}", '1 2', 'their topics');
is("@{$by{'Otto Lind'}{ChatTopics}}", '', 'a row without a role is none');
is($by{'Anna Vik'}{OngoingChats} . $by{'Otto Lind'}{OngoingChats} . $by{'Mia Berg'}{OngoingChats}, '210', 'the talks that go on');
ok(!$by{$_}{Present}, "$_ is not there") for sort keys %by;
is($by{'Anna Vik'}{TableRight}{Mask} . ' ' . $by{'Otto Lind'}{TableRight}{Mask}, 'Select, Update Select', 'R-22: one\'s own may be changed');
is($by{'Anna Vik'}{FieldProperties}{Present}{FieldRight}{Mask} . $by{'Otto Lind'}{FieldProperties}{Present}{FieldRight}{Mask}, 'UpdateRead', 'R-22: each property says so');
is((all(user => 'admin'))[3]{TableRight}{Mask}, 'Select, Update', 'R-22: an administrator changes all');

sub save { my ($body, %option) = @_; my $answer = $t->post($save, $body, %option); answer_ok($answer, 'POST', $save, 'SaveAll fits the definition') if $answer->{status} < 300; return $answer }
is(save([{UserId => 21, Present => $true}])->{status}, 204, 'anna is there');
is(is_there(), 'Anna Vik', 'and is seen');
is(save([{UserId => 21, Present => $true, DisplayName => 'x', OngoingChats => 9, ChatTopics => [7]}])->{status}, 204, 'only who and whether count');
is(is_there(), 'Anna Vik', 'so nothing else changed');
is(save([{userid => '21', present => 'false'}])->{status}, 204, 'names in any case, values as text');
is(stored(), '1|f', 'she is gone');
is(save([])->{status}, 204, 'nobody at all');
is(code(save([{UserId => 22, Present => $true}])), '403 access.denied', 'R-22: another\'s is not hers to say');
is(code(save([{UserId => 21, Present => $true}, {UserId => 22, Present => $true}])), '403 access.denied', 'R-22: nor together with her own');
is(stored(), '1|f', 'which is not stored then');
is(save([map { {UserId => $_, Present => $true} } 23, 21, 4, 22], user => 'admin')->{status}, 204, 'an administrator may');
is(stored(), "1|t\n2|t\n3|t\n4|t", 'for all at once');
is(save([all()], user => 'admin')->{status}, 204, 'what was read comes back');
my @bad = (
    [[{UserId => 99, Present => $true}], '400 body.invalid 0/UserId:presence.unknown'], [[{Present => $true}], '400 body.invalid 0/UserId:presence.unknown'],
    [[{UserId => 1, Present => $true}], '400 body.invalid 0/UserId:presence.unknown'], [[{UserId => 21}, {UserId => 21}], '400 body.invalid 1/UserId:value.twice'],
    [[{UserId => 'x', Present => 5}, 7], '400 body.invalid 0/Present:value.type 1:body.shape'], [[{UserId => 'x'}], '400 body.invalid 0/UserId:value.type'], [[{UserId => 3e9}], '400 body.invalid 0/UserId:value.range'],
    [{UserId => 21}, '400 body.shape '], ['x', '400 body.shape '],
);
is(code($t->post($save, $_->[0])) . ' ' . fields($t->post($save, $_->[0])), $_->[1], 'refused: ' . json_text($_->[0])) for @bad;
is(code($t->request('POST', $save, content => $_->[0], headers => {'Content-Type' => $_->[1]})), $_->[2], "refused: '$_->[0]'")
    for ['', 'application/json', '400 body.empty'], ['null', 'application/json', '400 body.empty'], ['[]', 'text/plain', '415 body.media-type'], ['[[[[', 'application/json', '400 json.syntax'];
is(stored(), "1|t\n2|t\n3|t\n4|t", 'nothing of that was stored');
$t->sql('UPDATE associate SET ejuserid = 21 WHERE associate_id = 2');
is(code(save([{UserId => 21, Present => $false}], user => 'admin')), '400 body.invalid', 'an id of two is nobody\'s');
$t->sql('UPDATE associate SET ejuserid = 22 WHERE associate_id = 2');
is(code($t->get($get, user => 'nobody')), '403 user.unknown', 'R-20');
is($t->get($get, user => undef)->{status}, 401, 'AUTH-9');
is(code($t->post($get, [])), '405 method.not-allowed', 'GetAll is read');
my $xml = $t->request('POST', $save, content => '<ArrayOfChatPresence><ChatPresence><UserId>21</UserId><Present>false</Present></ChatPresence></ArrayOfChatPresence>', headers => {'Content-Type' => 'application/xml'});
is($xml->{status} . (split /\n/, stored())[0], '2041|f', 'XML in');
like($t->get($get, headers => {Accept => 'application/xml'})->{content}, qr{<ChatTopics><int>1</int><int>2</int></ChatTopics>}, 'XML out');

my @pids = map {
    my $number = $_;
    my $pid = fork // die;
    POSIX::_exit($t->post($save, [map { {UserId => $_, Present => $number % 2 ? $true : $false} } $number % 3 ? (21, 22, 23, 4) : (4, 23, 22, 21)], user => 'admin')->{status} == 204 ? 0 : 1) if !$pid;
    $pid;
} 1 .. 30;
is(scalar(grep { waitpid $_, 0; $? } @pids), 0, '30 save all at once, in either order');
like(join(',', map { /(.)$/ } split /\n/, stored()), qr/^(?:t,t,t,t|f,f,f,f)$/, 'what one of them said');
$t->done;
