#!/usr/bin/perl
# GET /User/currentPrincipal: who am I, whatever I came with.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $me = '/api/v1/User/currentPrincipal';
my $t = ChatSession::Test->new(more => 1, roles => 1)->run;
$t->sql("INSERT INTO person (person_id, firstname, lastname, email, country_id, contact_id, contact_country_id) VALUES (7, 'Anna', 'Vik', 'anna\@example.test', 47, 3, 46)");
$t->sql("UPDATE associate SET person_id = 7, group_idx = 5, ejuserid = 9, username = 'anna.vik' WHERE name = 'anna'");

my $answer = $t->get($me);
is($answer->{status}, 200, 'AUTH-13: the caller');
is($answer->{headers}{'content-type'}, 'application/json; charset=utf-8', 'in the negotiated format');
my %expected = (UserType => 'InternalAssociate', Associate => 'anna', AssociateId => 1, IsPerson => JSON::PP::true, PersonId => 7, CountryId => 47, HomeCountryId => 46, ContactId => 3, GroupId => 5,
    BusinessId => 0, CategoryId => 0, ContactOwner => 0, RoleId => 0, RoleName => 'User', RoleDescription => '', RoleType => 'Employee', Licenses => [], FullName => 'Anna Vik',
    EMailAddress => 'anna@example.test', FunctionRights => [], EjUserId => 9, EjAccessLevel => 0, EjUserStatus => '', ProvidedCredentials => [], SecondaryGroups => [],
    DatabaseContextIdentifier => '', UserName => 'anna.vik', IsAdministrator => JSON::PP::false);
is_deeply($answer->{json}, \%expected, 'AUTH-13: every member of SoPrincipalCarrier');
is(join(' ', $answer->{content} =~ /"(\w+)":/g), 'UserType Associate AssociateId IsPerson PersonId CountryId HomeCountryId ContactId GroupId BusinessId CategoryId ContactOwner RoleId RoleName'
    . ' RoleDescription RoleType Licenses FullName EMailAddress FunctionRights EjUserId EjAccessLevel EjUserStatus ProvidedCredentials SecondaryGroups DatabaseContextIdentifier UserName'
    . ' IsAdministrator', 'in its order');
my $admin = $t->get($me, user => 'admin')->{json};
is("$admin->{Associate} $admin->{AssociateId} $admin->{RoleName} $admin->{IsAdministrator}", 'admin 4 Administrator 1', 'an administrator');
is("$admin->{PersonId} $admin->{ContactId} $admin->{EMailAddress} $admin->{IsPerson}", '0 0  0', 'without a person');
for my $type ([1, 'ResourceAssociate'], [4, 'ExternalAssociate'], [13, 'SystemAssociate'], [99, 'Unknown'], [0, 'InternalAssociate']) {
    $t->sql("UPDATE associate SET type = $type->[0] WHERE name = 'anna'");
    is($t->get($me)->{json}{UserType}, $type->[1], "UserType $type->[0]");
}
is($t->get('/API/V1/user/currentprincipal/')->{json}{AssociateId}, 1, 'the path in any case');
my $upper = $t->get($me, user => undef, headers => {Authorization => ChatSession::Test::basic('ANNA', 'anna')});
is($upper->{json}{Associate}, 'anna', 'the name as it is stored, however it was spelled');
my $ticket = $t->request('POST', '/api/v1/Ticket', user => 'mia')->{json}{Ticket};
is($t->get($me, user => undef, headers => {Authorization => "SOTicket $ticket"})->{json}{Associate}, 'mia', 'AUTH-13: a check of credentials: the user behind a ticket');
my $session = $t->request('POST', '/api/v1/Session', user => 'otto');
my ($cookie) = map { /^(chatsession=[^;]+)/ ? $1 : () } @{$session->{headers}{'set-cookie'}};
is($t->get($me, user => undef, headers => {Cookie => $cookie, 'X-XSRF-TOKEN' => $session->{json}{XsrfToken}})->{json}{Associate}, 'otto', 'AUTH-13: or a session');
is($t->get($me, user => undef)->{status}, 401, 'nobody: 401');
is($t->get($me, user => 'nobody')->{status}, 403, 'not known: 403');
is($t->request('HEAD', $me)->{status}, 200, 'HEAD');
is($t->request('POST', $me)->{status}, 405, 'it cannot be changed');
is($t->get('/api/v1/User')->{status}, 404, 'there is nothing else of users');
$t->done;

done_testing;
