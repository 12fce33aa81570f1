# Answers held against the API's definition: names, types and order of everything in them.
#
#     answer_ok($answer, 'POST', '/api/v1/Agents/Chat/GetChatMessages', 'what was said');
#     answer_ok($answer, 'GET', "/api/v1/ChatSession/5?\$select=Rating", 'one property', nulls => 1);
#     answer_ok($answer, 'POST', '/api/v1/ChatSession/Pickup', 'too late', null => 1);
#     is(join("\n", faults('ChatMessage', $bytes)), '', 'a message');
#
# $answer is what ChatSession::Test->request returns.  Options: nulls: any property may be null ($select); null: the
# answer must be null.  t/data/schema/chat.json is the definition without its prose, an operation or a carrier per line;
# t/schema.t holds it to the published one.
package ChatSession::Schema;
use strict;
use warnings;
use Carp;
use Exporter 'import';
use JSON::PP ();
use Test::More;

use ChatSession::Place;

our @EXPORT = qw(answer_ok faults operations_seen operations);

# ---------------------------------------------------------------- JSON that keeps its order and its types
#
# A value is [type, what]: null; boolean, 0 or 1; number, its text; string, its characters; array, [values];
# object, [[name, value], ...].

sub parse {
    my ($bytes) = @_;
    my $text = $bytes;
    utf8::decode($text) or croak 'no UTF-8';
    my $value = _value(\$text);
    $text =~ /\G\s*\z/gc or croak 'more than a value at ' . pos $text;
    return $value;
}

my %word = (null => ['null'], true => ['boolean', 1], false => ['boolean', 0]);
my $string = JSON::PP->new->allow_nonref;

sub _value {
    my ($text) = @_;
    $$text =~ /\G\s+/gc;
    return $word{$1} if $$text =~ /\G(null|true|false)\b/gc;
    return ['number', $1] if $$text =~ /\G(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/gc;
    return ['string', _string($1)] if $$text =~ /\G("[^"\\]*+(?:\\.[^"\\]*+)*+")/gc;
    return ['array', _list($text, qr/\G\s*\]/, sub { _value($text) })] if $$text =~ /\G\[/gc;
    return ['object', _list($text, qr/\G\s*\}/, sub {
        $$text =~ /\G\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")\s*:/gc or croak 'no name at ' . pos $$text;
        [_string($1), _value($text)];
    })] if $$text =~ /\G\{/gc;
    croak 'no value at ' . (pos $$text // 0);
}

sub _string {
    my ($quoted) = @_;
    return $quoted =~ /\\/ ? $string->decode($quoted) : substr $quoted, 1, -1;
}

sub _list {
    my ($text, $end, $item) = @_;
    my @items;
    return \@items if $$text =~ /$end/gc;
    while (1) {
        push @items, $item->();
        return \@items if $$text =~ /$end/gc;
        $$text =~ /\G\s*,/gc or croak 'neither comma nor end at ' . pos $$text;
    }
}

sub _member {
    my ($object, $name) = @_;
    my ($found) = grep { $_->[0] eq $name } @{$object->[1]};
    return $found ? $found->[1] : undef;
}

sub _text { my $value = _member(@_); return $value ? $value->[1] : undef }

# ---------------------------------------------------------------- the definition

my $definition = parse(slurp(source_path('t/data/schema/chat.json')));
my %carrier = map { $_->[0] => $_->[1] } @{_member($definition, 'definitions')->[1]};
my @operations = map {
    my $path = _text($_, 'path');
    my $pattern = join '[^/]+', map { quotemeta } split /\{\w+\}/, $path, -1;
    {method => _text($_, 'method'), path => $path, pattern => qr/^$pattern$/i, status => _text($_, 'status'), answer => _member($_, 'answer')};
} @{_member($definition, 'operations')->[1]};

# In the reference pages, and in no definition; or ours.
for my $path (qw(/api/v1/ChatSession/{id} /api/v1/ChatTopic/{id})) {
    my ($put) = grep { $_->{path} eq $path && $_->{method} eq 'PUT' } @operations;
    push @operations, {%$put, method => 'PATCH'};
}
my ($transcript) = grep { $_->{path} =~ /Transcript$/ && $_->{path} =~ /ChatSession\// } @operations;
push @operations, {%$transcript, method => 'GET'};
for my $presence (['GET', 'GetAll'], ['POST', 'SaveAll']) {
    my ($method, $word) = @$presence;
    my ($same) = grep { $_->{path} =~ /@{[$method eq 'GET' ? 'GetChatPresence' : 'SaveChatPresence']}$/ } @operations;
    push @operations, {%$same, method => $method, path => "/api/v1/Presence/$word", pattern => qr{^/api/v1/Presence/$word$}i};
}

# Fixed words before parameters.
@operations = sort { ($a->{path} =~ tr/{//) <=> ($b->{path} =~ tr/{//) || $a->{path} cmp $b->{path} } @operations;

# "POST /api/v1/ChatSession/{id}/Pickup", all of them.
sub operations { return map { "$_->{method} $_->{path}" } @operations }

sub carrier { return $carrier{$_[0]} // croak "there is no carrier $_[0]" }

sub _operation {
    my ($method, $path) = @_;
    $path =~ s/\?.*//s;
    $path =~ s{(?<=.)/$}{};
    my ($operation) = grep { $_->{method} eq $method && $path =~ $_->{pattern} } @operations;
    return $operation;
}

# ---------------------------------------------------------------- values

# What ours have beside those of the newest definition, for older clients.
my %extra = (Ticket => {map { $_ => 1 } qw(CustFirstname CustMiddleName CustLastname CustFullname)});

my %format = (
    int32 => sub { $_[0] =~ /^-?\d+$/ && $_[0] >= -2147483648 && $_[0] <= 2147483647 },
    double => sub { $_[0] =~ /[.eE]/ },    # an integral one keeps a decimal
    'date-time' => sub { $_[0] =~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,6}[1-9])?(?:Z|[+-]\d\d:\d\d)?$/ },
);

sub _judge {
    my ($schema, $value, $path, $option, $faults) = @_;
    my $reference = _text($schema, '$ref');
    if ($reference) {
        $schema = carrier($reference);
        return if $value->[0] eq 'null';    # a carrier may be unset
    }
    my $type = _text($schema, 'type');
    if ($value->[0] eq 'null') {
        push @$faults, "$path is null" if !$option->{nulls} && !($path =~ /\.odata\.nextLink$/);
        return;
    }
    my $kind = $type eq 'integer' ? 'number' : $type;
    if ($value->[0] ne $kind) {
        push @$faults, "$path is $value->[0], not $type";
        return;
    }
    if ($type eq 'array') {
        my $number = 0;
        _judge(_member($schema, 'items'), $_, "$path\[" . $number++ . ']', $option, $faults) for @{$value->[1]};
    }
    elsif ($type eq 'object') {
        _judge_object($schema, $value, $path, $option, $faults, $reference // '');
    }
    else {
        _judge_scalar($schema, $value->[1], $path, $type, $faults);
    }
    return;
}

sub _judge_scalar {
    my ($schema, $what, $path, $type, $faults) = @_;
    my $format = _text($schema, 'format') // '';
    my $words = _member($schema, 'enum');
    push @$faults, "$path is $what, no integer" if $type eq 'integer' && $what !~ /^-?\d+$/;
    push @$faults, "$path is '$what', no $format" if $format{$format} && !$format{$format}->($what);
    if ($words) {
        my %word = map { $_->[1] => 1 } @{$words->[1]};
        push @$faults, map { "$path has no '$_'" } grep { !$word{$_} } length $what ? split /, /, $what : '';
    }
    return;
}

# With properties: all of them, in their order, and no other; without: a dictionary.
sub _judge_object {
    my ($schema, $value, $path, $option, $faults, $name) = @_;
    my $properties = _member($schema, 'properties');
    my $entries = _member($schema, 'additionalProperties');
    my %seen;
    for my $member (@{$value->[1]}) {
        push @$faults, "$path.$member->[0] is there twice" if $seen{$member->[0]}++;
    }
    if (!$properties) {
        my $free = $entries && (_text($entries, 'type') // '') eq 'object' && !_member($entries, 'properties');
        return if $free || !$entries;    # a row of a list: what its columns are
        _judge($entries, $_->[1], "$path.$_->[0]", $option, $faults) for @{$value->[1]};
        return;
    }
    my %schema_of = map { $_->[0] => $_->[1] } @{$properties->[1]};
    my @names = grep { !$extra{$name}{$_} || $schema_of{$_} } map { $_->[0] } @{$value->[1]};
    my $wanted = join ' ', map { $_->[0] } @{$properties->[1]};
    push @$faults, "$path has @names instead of $wanted" if "@names" ne $wanted;
    for my $member (@{$value->[1]}) {
        my $inner = $schema_of{$member->[0]} or next;
        _judge($inner, $member->[1], "$path.$member->[0]", $option, $faults);
    }
    return;
}

# What is wrong with the JSON: of a carrier by its name, or of a definition's schema.
sub faults {
    my ($schema, $bytes, %option) = @_;
    my $value = eval { parse($bytes) } // return "no JSON: $@";
    my @faults;
    my $whole = ref $schema ? $schema : carrier($schema);
    return 'is ' . $value->[0] . ', not null' if $option{null} && $value->[0] ne 'null';
    return if $option{null};
    return 'is null' if $value->[0] eq 'null';
    _judge($whole, $value, ref $schema ? _text($schema, '$ref') // 'answer' : $schema, \%option, \@faults);
    return @faults;
}

# ---------------------------------------------------------------- answers

my %seen;

# The operations whose answers were held against the definition.
sub operations_seen { return sort keys %seen }

# One test: the answer is a success, and what the definition promises.
sub answer_ok {
    my ($answer, $method, $path, $name, %option) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $operation = _operation($method, $path);
    my @faults = !$operation ? "the definition has no $method $path"
        : $answer->{status} != $operation->{status} ? "the status is $answer->{status}, not $operation->{status}: " . substr($answer->{content} // '', 0, 300)
        : !$operation->{answer} ? (length($answer->{content} // '') ? 'there is content' : ())
        : ($answer->{headers}{'content-type'} // '') !~ m{^\w+/(?:\w+(?:-\w+)*\+)?json; charset=utf-8$} ? 'it is no JSON'
        : faults($operation->{answer}, $answer->{content}, %option);
    $seen{"$operation->{method} $operation->{path}"}++ if $operation;
    my $ok = ok(!@faults, $name // "$method $path");
    diag("$method $path: $_") for @faults[0 .. ($#faults < 9 ? $#faults : 9)];
    return $ok;
}

1;
