#!/usr/bin/perl
# Forms in: every property, nested ids in both spellings, what a form cannot be, and never a form out.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $all = '/api/v1/ChatSession';

sub send_form {
    my ($method, $path, $form, %headers) = @_;
    return $t->request($method, $path, content => $form, headers => {'Content-Type' => 'application/x-www-form-urlencoded', %headers});
}
sub code    { my ($answer) = @_; return "$answer->{status} " . ($answer->{json}{Code} // '') }
sub without { my ($json) = @_; my %copy = %$json; delete @copy{qw(ChatSessionId _Links)}; return \%copy }

sub escaped { my ($text) = @_; utf8::encode($text); return $text =~ s/([^A-Za-z0-9 ])/sprintf '%%%02X', ord $1/ger =~ tr/ /+/r }

# A structure as a form, members in the spelling asked for.
sub form_of {
    my ($value, $spelling, @path) = @_;
    if (ref $value eq 'HASH') {
        return join '&', grep { length } map { form_of($value->{$_}, $spelling, @path, $_) } sort keys %$value;
    }
    my $key = $spelling eq 'dots' ? join '.', @path : $path[0] . join '', map { "[$_]" } @path[1 .. $#path];
    my $text = ref $value ? $value ? 'true' : 'false' : $value // '';
    return @path > 1 && !defined $value ? '' : escaped($key) . '=' . escaped($text);
}

# ---------------------------------------------------------------- what is read

for my $name (qw(post-1 post-2 put-1 put-2)) {
    my $sent = JSON::PP->new->utf8->decode(slurp(source_path("t/data/examples/$name.request.json")));
    delete @$sent{qw(TableRight FieldProperties _Links)};
    my $by_json = $t->post($all, $sent);
    for my $spelling (qw(dots brackets)) {
        my $by_form = send_form('POST', $all, form_of($sent, $spelling));
        is("$by_form->{status} $by_form->{headers}{'content-type'}", '200 application/json; charset=utf-8', "IN-1, OUT-4, FORM-1: $name as a form with $spelling")
            or diag($by_form->{content});
        is_deeply(without($by_form->{json}), without($by_json->{json}), "FORM-1: $name with $spelling: as it is in JSON");
        is_deeply(send_form('PUT', "$all/$by_json->{json}{ChatSessionId}", form_of($sent, $spelling))->{json}, $by_json->{json}, "FORM-1: $name: PUT, too");
    }
}

my @read = (
    ['TopicId=7', TopicId => 7], ['topicid=7', TopicId => 7], ['TopicId=', TopicId => 0], ['TopicId', TopicId => 0], ['TopicId=+7+', TopicId => 7],
    ['TopicId=6&TopicId=7', TopicId => 7], ['TopicId=6&TOPICID=7', TopicId => 7], ['TopicId=x&topicId=7', TopicId => 7], ['unknown=1&TopicId=7&more.of.it=2', TopicId => 7],
    ['CustomerName=Kari+Vik%20%2B%C3%A5', CustomerName => "Kari Vik +\xE5"], ['CustomerName=', CustomerName => ''], ['CustomerName=+', CustomerName => ' '], ['CustomerName=7', CustomerName => '7'],
    ['CustomerConsented=true', CustomerConsented => 1], ['CustomerConsented=1', CustomerConsented => 1], ['CustomerConsented=FALSE', CustomerConsented => 0], ['CustomerConsented=', CustomerConsented => 0],
    ['Status=inqueue', Status => 'InQueue'], ['Status=4', Status => 'InQueue'], ['Status=', Status => 'Invalid'], ['Flags=UserIsTyping,CustomerIsTyping', Flags => 'UserIsTyping'],
    ['Flags=CustomerIsTyping+UserIsTyping', Flags => 'UserIsTyping'], ['WhenStarted=2024-03-04T10%3A20%3A30', WhenStarted => '2024-03-04T10:20:30'],
    ['WhenStarted=2024-03-04T10:20:30%2B01:00', WhenStarted => '2024-03-04T10:20:30'], ['WhenStarted=', WhenStarted => '0001-01-01T00:00:00'],
    ['Contact=', Contact => undef], ['Contact.ContactId=', Contact => undef], ['Contact.ContactId=0', Contact => undef], ['ChatSessionId=5&Rating=4', Rating => 4],
    ['FieldProperties=x&TableRight.Mask=y', TopicId => 0],
);
for my $case (@read) {
    my ($form, $name, $value) = @$case;
    my $answer = send_form('POST', $all, $form);
    my $got = $answer->{json}{$name};
    $got = $got ? 1 : 0 if ref $got eq 'JSON::PP::Boolean';
    is_deeply([$answer->{status}, $got], [200, $value], "FORM-1, R-7: $form") or diag($answer->{content});
}
for my $form ('Contact.ContactId=77', 'Contact[ContactId]=77', 'contact%5Bcontactid%5D=77', 'Contact.ContactId=5&Contact[ContactId]=77', 'Contact.Name=x&Contact.ContactId=77') {
    is(send_form('POST', $all, $form)->{json}{Contact}{ContactId}, 77, "FORM-1, JSON-14: $form");
}

# ---------------------------------------------------------------- what is answered

my @answers = ([undef, 'application/json'], ['application/x-www-form-urlencoded', 'application/json'], ['application/xml', 'application/xml'], ['text/*', 'text/json'],
    ['application/x-www-form-urlencoded, text/xml', 'text/xml']);
for my $case (@answers) {
    my $answer = send_form('POST', $all, 'TopicId=1', defined $case->[0] ? (Accept => $case->[0]) : ());
    is($answer->{headers}{'content-type'}, "$case->[1]; charset=utf-8", 'FORM-3, OUT-4: a form is never an answer: Accept ' . ($case->[0] // 'absent'));
}

# ---------------------------------------------------------------- what is refused

my $id = $t->post($all, {CustomerName => 'untouched'})->{json}{ChatSessionId};
my $count = $t->sql('SELECT count(*) FROM chat_session');
my @refused = (
    ['', 'body.empty'], [' ', 'body.empty'], ['null', 'body.empty'], ['[]', 'body.empty'], ['a=1', 'body.empty'], ['a=1&b.c=2', 'body.empty'], ['&', 'body.empty'], ['=', 'body.empty'],
    ['{"TopicId":1}', 'body.empty'], ['TopicIds=1', 'body.empty'], ['TopicId[=1', 'body.empty'],
    ['TopicId=%', 'form.syntax'], ['TopicId=%4', 'form.syntax'], ['TopicId=1&x=%zz', 'form.syntax'], ['CustomerName=%FF', 'form.encoding'], ["CustomerName=\xFF", 'form.encoding'],
    ['CustomerName=a%00b', 'text.nul'], ['Contact=5&Contact.ContactId=6', 'form.conflict'], ['Contact.ContactId=6&Contact=5', 'form.conflict'],
    ['TopicId=x', 'body.invalid'], ['TopicId=1.5', 'body.invalid'], ['TopicId=3000000000', 'body.invalid'], ['CustomerConsented=yes', 'body.invalid'], ['Status=Waiting', 'body.invalid'],
    ['Contact=5', 'body.invalid'], ['Contact.ContactId=x', 'body.invalid'], ['TopicId.x=1', 'body.invalid'], ['CustomerName=' . 'x' x 256, 'body.invalid'], ['WhenStarted=now', 'body.invalid'],
    ['TopicId=1&' . 'a.' x 40 . 'b=1', 'form.depth'], ['TopicId=1&' . join('&', 1 .. 20001), 'form.limit'],
);
for my $case (@refused) {
    is(code(send_form($_, $_ eq 'POST' ? $all : "$all/$id", $case->[0])), "400 $case->[1]", "IN-7, IN-8, FORM-1, R-3, R-4: $_: " . substr($case->[0], 0, 60)) for qw(POST PUT);
}
my $faults = send_form('POST', $all, 'TopicId=x&Status=y&Rating=z');
is(join(' ', map { $_->{Field} } @{$faults->{json}{Fields}}), 'TopicId Status Rating', 'R-6: every fault at once');
is(code(send_form('POST', $all, 'TopicId=%', 'Content-Type' => 'application/x-www-form-urlencoded; charset=latin1')), '415 body.media-type', 'IN-9, IN-10: the charset is judged before the content');
is(code(send_form('POST', $all, 'x', 'Content-Type' => 'multipart/form-data; boundary=x')), '415 body.media-type', 'IN-6: other forms are not taken');
is($t->sql('SELECT count(*) FROM chat_session'), $count, 'nothing was stored');
is($t->get("$all/$id")->{json}{CustomerName}, 'untouched', 'nothing was changed');

for my $body ('a=1&' x 250_000, join('&', map { "k$_=1" } 1 .. 100_000), 'a.' x 500_000, '%41' x 340_000, '&' x 1_000_000, join('&', map { 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.' . $_ } 1 .. 20_000)) {
    my $start = time;
    is(send_form('POST', $all, $body)->{status}, 400, 'refused: ' . substr $body, 0, 30);
    cmp_ok(time - $start, '<', 0.5, 'at once');
}
$t->done;
