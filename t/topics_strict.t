#!/usr/bin/perl
# Chat topics where references must lead somewhere.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatTopic';
sub code { my ($answer) = @_; return "$answer->{status} " . ($answer->{json}{Code} // '') }
sub fields { my ($answer) = @_; return join ' ', map { "$_->{Field}:$_->{Code}" } @{$answer->{json}{Fields} // []} }
my $t = ChatSession::Test->new(conf => 'ChatSessionReferences strict')->run;
my $refused = $t->post($all, {Language => {Id => 7}, Widget => {AutoFaqCategory => {KbCategoryId => 8}}, OpeningHours => {TzLocation => {TZLocationID => 9}}});
is(code($refused) . ' ' . fields($refused), '400 reference.unknown Language:reference.unknown OpeningHours/TzLocation:reference.unknown Widget/AutoFaqCategory:reference.unknown',
    'R-8: references that lead nowhere, each with its path');
my $kept = $t->post($all, {Name => 'x', OpeningHours => {TzLocation => {TZLocationID => 261}}});
is($kept->{status}, 200, 'R-8: those that do are stored');
is(code($t->put("$all/$kept->{json}{ChatTopicId}", {AlertTemplate => {ReplyTemplateId => 3}})), '400 reference.unknown', 'R-8: PUT as well');
is(code($t->request('PATCH', "$all/$kept->{json}{ChatTopicId}", json => {TicketPriority => {Id => 3}})), '400 reference.unknown', 'R-8: and PATCH');
is(code($t->post("$all/$kept->{json}{ChatTopicId}/UserAgent", {User => {AssociateId => 99}})), '400 reference.unknown', 'R-8: an agent who does not exist');
my $staff = $t->put("$all/$kept->{json}{ChatTopicId}/UserAgent", [{User => {AssociateId => 1}}, {User => {AssociateId => 98}}, {User => {AssociateId => 99}}]);
is(code($staff) . ' ' . fields($staff), '400 body.invalid 1/User:reference.unknown 2/User:reference.unknown', 'R-8: several, each with its number');
is($t->sql('SELECT count(*) FROM chat_topic_user'), 0, 'R-8: and nobody is stored');
$t->done;
