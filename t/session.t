#!/usr/bin/perl
# Create, read, replace and delete a chat session.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $all = '/api/v1/ChatSession';

my %full = (
    TopicId             => 12,
    CustomerAlias       => 'kari',
    CustomerHost        => '192.0.2.7',
    CustomerName        => "Kari \"Vik\" \\ O'Neil \x{e5}\x{1F600}",
    CustomerEmail       => 'kari@example.test',
    CustomerPhone       => '+47 22 22 22 22',
    CustomerConsented   => JSON::PP::true,
    CustomerCompanyName => 'Vik Bakeri AS',
    Status              => 'InQueue',
    FirstMessage        => "first\nline\tand\x{1}control",
    LastMessage         => '',
    WhenRequested       => '2024-07-01T12:00:00.25',
    WhenStarted         => '0001-01-01T00:00:00',
    WhenEnded           => '9999-12-31T23:59:59',
    WhenIdle            => '2024-01-15T12:00:00',
    WhenFetched         => '2024-01-15T12:00:00.000001',
    SessionKey          => 'secret',
    InitialQueuePos     => 3,
    AlertLevel          => -1,
    Rank                => 2147483647,
    Flags               => 'UserIsTyping',
    ChatbotIsActive     => JSON::PP::true,
    Rating              => 5,
);

sub own { my ($entity) = @_; return {map { $_ => $entity->{$_} } keys %full} }

# ---------------------------------------------------------------- default

my $default = $t->get("$all/default");
is($default->{status}, 200, 'default is answered');
is($default->{json}{ChatSessionId}, 0, 'a default has no id');
is($default->{json}{Status}, 'Invalid', 'a default has the first status');
is($default->{json}{WhenRequested}, '0001-01-01T00:00:00', 'a default has no dates');
ok(!exists $default->{json}{_Links}, 'a default has no links');
is(scalar keys %{$default->{json}}, 33, 'a default has 33 properties');
is($default->{json}{TableRight}{Mask}, 'Select, Update, Insert', 'what is not stored cannot be deleted');
is($t->sql('SELECT count(*) FROM chat_session'), 0, 'a default is not stored');

# ---------------------------------------------------------------- a query that is wrong is noticed before anything is done

is($t->post("$all?\$select=%zz", {CustomerName => 'never'})->{status}, 400, 'POST with a malformed query: 400');
is($t->sql('SELECT count(*) FROM chat_session'), 0, 'and nothing is stored');

# ---------------------------------------------------------------- create and read

my $made = $t->post($all, \%full);
is($made->{status}, 200, 'POST answers 200');
is($made->{headers}{'content-type'}, 'application/json; charset=utf-8', 'with its type');
is_deeply(own($made->{json}), \%full, 'every property comes back as sent');
my $id = $made->{json}{ChatSessionId};
cmp_ok($id, '>', 0, 'with an id');
is($t->put("$all/$id?\$select=%zz", {CustomerName => 'never'})->{status}, 400, 'PUT with a malformed query: 400');
isnt($t->get("$all/$id")->{json}{CustomerName}, 'never', 'and nothing is changed');
for my $range ('bytes=0-9', 'bytes=999999-') {
    is($t->get("$all/$id", headers => {Range => $range})->{status}, 200, "an answer is whole, whatever Range asks ($range)");
    is($t->put("$all/$id", \%full, headers => {Range => $range})->{status}, 200, 'of a change as well');
}
for my $key ('abc', '99999999999', {}, [], '7', 999, undef) {
    is($t->put("$all/$id", {%full, ChatSessionId => $key})->{json}{ChatSessionId}, $id, 'R-7: an id in the body does not count, whatever it is');
}
is_deeply($made->{json}{_Links}, {Self => $t->base . "$all/$id", Archive => $t->base . $all}, 'and its links');
is($made->{json}{TableRight}{Mask}, 'Select, Update, Insert, Delete', 'and the rights on it');

my $read = $t->get("$all/$id");
is($read->{content}, $made->{content}, 'GET answers the same as POST did');
my $head = $t->request('HEAD', "$all/$id");
is($head->{status}, 200, 'HEAD answers 200');
is($head->{headers}{'content-length'}, length $read->{content}, 'with the length of GET');
is($head->{content}, '', 'and nothing else');

# ---------------------------------------------------------------- replace

my $version = $t->sql("SELECT version FROM chat_session WHERE id = $id");
my $put = $t->put("$all/$id", {CustomerName => 'Ola'});
is($put->{status}, 200, 'PUT answers 200');
is($put->{json}{CustomerName}, 'Ola', 'what PUT says is there');
is($put->{json}{CustomerAlias}, '', 'what PUT does not say is at its default');
is($put->{json}{Status}, 'Invalid', 'an enumeration as well');
is($put->{json}{WhenRequested}, '0001-01-01T00:00:00', 'a date as well');
is($put->{json}{ChatSessionId}, $id, 'the id stays');
is($t->sql("SELECT version FROM chat_session WHERE id = $id"), $version + 1, 'a change counts');

is($t->put("$all/$id", {%full, ChatSessionId => 999})->{json}{ChatSessionId}, $id, 'the id in the path wins');
is_deeply(own($t->get("$all/$id")->{json}), \%full, 'PUT sets every property');
my $back = $t->get("$all/$id")->{json};
is_deeply($t->put("$all/$id", $back)->{json}, $back, 'an answer sent back changes nothing');
my %camel = map { lcfirst($_) => $back->{$_} } keys %$back;
is_deeply($t->put("$all/$id", \%camel)->{json}, $back, 'nor does it in camel case');

# ---------------------------------------------------------------- references

my @carriers = (
    [User => AssociateId => 16], [Person => PersonId => 43], [Contact => ContactId => 26], [Project => ProjectId => 22],
    [Sale => SaleId => 27], [Ticket => TicketId => 69], [TransferTo => AssociateId => 16],
);
my $referring = $t->post($all, {map { $_->[0] => {$_->[1] => 7700 + length $_->[0]} } @carriers})->{json};
for my $carrier (@carriers) {
    my ($name, $key, $count) = @$carrier;
    is($referring->{$name}{$key}, 7700 + length $name, "$name keeps the id of a record that is not there");
    is(scalar keys %{$referring->{$name}}, $count, "$name is whole");
    is($referring->{$name}{TableRight}{Mask}, 'Select', "$name may only be read");
}
is(scalar keys %{$referring->{Contact}{Address}}, 8, 'the contact has an address');
is($referring->{Ticket}{CustId}, -1, 'a ticket that is not there has no customer');
is($referring->{Sale}{Amount} . '', '0', 'numbers are at their defaults');
is_deeply($referring->{User}{FieldProperties}, {}, 'an associate has no field properties');
is(scalar keys %{$referring->{Ticket}{FieldProperties}}, 67, 'other carriers have one for each property');
is_deeply($referring->{FieldProperties}{CustomerPhone},
    {FieldRight => {Mask => 'Update', Reason => ''}, FieldType => 'System.String', FieldLength => 32},
    'field properties say right, type and length');

$t->sql("INSERT INTO person (person_id, firstname, middlename, lastname, mrmrs, contact_name, contact_department)"
        . " VALUES (7706, 'Kari', '', 'Vik', 'Ms', 'Vik Bakeri', 'Oslo');"
        . "INSERT INTO sale (sale_id, heading, amount, probability, done, saledate)"
        . " VALUES (7704, 'Oven', 1500, 25, 2, '2024-05-17 08:00');"
        . "INSERT INTO contact (contact_id, name, address_layout, street_address1, street_zipcode, street_city)"
        . " VALUES (7707, 'Vik Bakeri', 0, 'Storgata 1', '0155', 'Oslo')");
my $filled = $t->get("$all/$referring->{ChatSessionId}")->{json};
is($filled->{Person}{FullName}, 'Kari Vik', 'a record that arrives later is shown');
is($filled->{Person}{FormalName}, 'Ms Kari Vik', 'with its formal name');
is($filled->{Person}{ContactFullName}, 'Vik Bakeri, Oslo', 'and its company');
is($filled->{Sale}{WeightedAmount}, 375, 'a weighted amount is computed');
is($filled->{Sale}{Completed}, 'Completed', 'what is done is completed');
like($t->get("$all/$referring->{ChatSessionId}")->{content}, qr/"Amount":1500\.0,/, 'a real number keeps one decimal');
is($filled->{Contact}{City}, 'Oslo', 'the city comes from the address');
is($filled->{Contact}{FormattedAddress}, "Storgata 1\n0155 Oslo\n", 'the address is formatted');
is_deeply([map { [map { "$_->{Name}=$_->{Value}" } @$_] } @{$filled->{Contact}{Address}{LocalizedAddress}}],
    [['StreetAddress1=Storgata 1'], ['StreetZipcode=0155', 'StreetCity=Oslo'], ['PostalAddress1='],
        ['PostalZipcode=', 'PostalCity=']], 'and laid out in lines');

my $cleared = $t->put("$all/$referring->{ChatSessionId}", {User => undef, Person => {}, Contact => {ContactId => 0},
        Ticket => {TicketId => -1}, Sale => {SaleId => '7704', Title => 'not mine to change'}})->{json};
is($cleared->{$_}, undef, "$_ can be cleared") for qw(User Person Contact Ticket Project TransferTo);
is($cleared->{Sale}{Title}, 'Oven', 'only the id of a reference counts');

# ---------------------------------------------------------------- delete, and what is not there

$t->sql("INSERT INTO chat_message (session_id, message) VALUES ($id, 'hello')");
my $deleted = $t->del("$all/$id");
is($deleted->{status}, 204, 'DELETE answers 204');
is($deleted->{content}, '', 'and nothing else');
is($t->sql("SELECT count(*) FROM chat_message WHERE session_id = $id"), 0, 'the messages go with their session');
for my $method (qw(GET PUT DELETE)) {
    my $gone = $t->request($method, "$all/$id", $method eq 'PUT' ? (json => {}) : ());
    is($gone->{status}, 404, "$method of what is gone is 404");
    is($gone->{json}{ErrorType}, 'SoNotFoundException', 'and says so');
}
is($t->get("$all/$_")->{status}, 404, "no session has the id $_") for 0, -1, -2147483648, 2147483647;
is($t->get("$all/$_")->{status}, 400, "$_ is beyond 32 bits") for '2147483648', '-2147483649', '9' x 40;
is($t->get("$all/$_")->{status}, 404, "$_ is no id") for qw(1.0 1e3 0x1 abc +1 1- -), '%201', '1%0a';
is($t->sql('SELECT count(*) FROM chat_session'), 1, 'nothing else was made');

is($t->post($all, {})->{json}{Status}, 'Invalid', 'an empty object makes a session of defaults');
is($t->post($all, {ChatSessionId => 4711})->{status}, 200, 'an id in a new session is ignored');
is($t->sql('SELECT count(*) FROM chat_session WHERE id = 4711'), 0, 'and not used');

$t->done;
