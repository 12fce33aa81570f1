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

# ---------------------------------------------------------------- chat sessions

my $t = ChatSession::Test->new(database => 'sample', more => 1, user => 'admin')->run;
my $all = '/api/v1/ChatSession';
my $id = $t->sql('SELECT min(id) FROM chat_session');
answer_ok($t->get("$all/default"), 'GET', "$all/default", 'a default session');
answer_ok($t->get($all), 'GET', $all, 'a list');
answer_ok($t->get("$all/$_"), 'GET', "$all/$_", "session $_") for split /\n/, $t->sql('SELECT id FROM chat_session ORDER BY id LIMIT 20');
answer_ok($t->get("$all/$id?\$select=Rating"), 'GET', "$all/$id", 'one property of it', nulls => 1);
my $made = $t->post($all, {CustomerName => 'Kari', Status => 'InQueue', TopicId => 1});
answer_ok($made, 'POST', $all, 'a new session');
$id = $made->{json}{ChatSessionId};
answer_ok($t->put("$all/$id", {CustomerName => 'Kari', User => {AssociateId => 2}, Ticket => {TicketId => 5}}), 'PUT', "$all/$id", 'a replaced one');
answer_ok($t->request('PATCH', "$all/$id", json => {Rating => 5}), 'PATCH', "$all/$id", 'a patched one');
answer_ok($t->del("$all/$id"), 'DELETE', "$all/$id", 'a deleted one');
$t->done;
done_testing;
