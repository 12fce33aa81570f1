#!/usr/bin/perl
# The documented sample bodies: each is taken by POST and PUT on an empty database, and answered in the documented shape.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $all = '/api/v1/ChatSession';

# Names of an object's members in the order of the text; JSON::PP forgets it.
sub members_in_order {
    my ($text) = @_;
    my ($depth, @names) = (0);
    while ($text =~ /\G(?:\s|,|:)*(?:("(?:[^"\\]|\\.)*")(\s*:)?|([{\[])|([}\]])|[^\s,:{}\[\]"]+)/gc) {
        if    (defined $3) { $depth++ }
        elsif (defined $4) { $depth-- }
        elsif (defined $2 && $depth == 1) { push @names, substr $1, 1, -1 }
    }
    return @names;
}

sub text_of_member {
    my ($text, $name) = @_;
    return undef if $text !~ /"\Q$name\E":\s*\{/g;
    my $start = pos($text) - 1;
    my ($depth, $at) = (0, $start);
    for my $c (split //, substr $text, $start) {
        $at++;
        $depth++ if $c eq '{';
        $depth-- if $c eq '}';
        last if !$depth;
    }
    return substr $text, $start, $at - $start;
}

sub kind {
    my ($value) = @_;
    return 'null' if !defined $value;
    return ref $value eq 'JSON::PP::Boolean' ? 'boolean' : ref $value ? ref $value : JSON::PP->new->allow_nonref->encode($value) =~ /^"/ ? 'string' : 'number';
}

# The newest shape: every property, in order.  What older documents name differently is there as well.
my @order = qw(ChatSessionId TopicId User Person CustomerAlias CustomerHost CustomerName CustomerEmail CustomerPhone CustomerConsented
    CustomerCompanyName Status FirstMessage LastMessage WhenRequested WhenStarted WhenEnded WhenIdle WhenFetched SessionKey InitialQueuePos
    AlertLevel Rank Flags Contact Project Sale Ticket TransferTo ChatbotIsActive Rating TableRight FieldProperties _Links);
my %carrier_members;

for my $name (qw(post-1 post-2 put-1 put-2)) {
    my $bytes = slurp(source_path("t/data/examples/$name.request.json"));
    my $sent = JSON::PP->new->utf8->decode($bytes);
    my $shape = JSON::PP->new->utf8->decode(slurp(source_path("t/data/examples/$name.response.json")));
    my $id;
    for my $method (qw(POST PUT)) {
        my $answer = $t->request($method, $method eq 'POST' ? $all : "$all/$id", content => $bytes, headers => {
            'Content-Type' => 'application/json; charset=utf-8', Accept => 'application/json; charset=utf-8', 'Accept-Language' => 'fr,de,ru,zh'});
        is($answer->{status}, 200, "$name: $method is taken") or diag($answer->{content});
        my $got = $answer->{json};
        $id = $got->{ChatSessionId} if $method eq 'POST';
        is($got->{ChatSessionId}, $id, "$name: $method has its own id");
        is_deeply([members_in_order($answer->{content})], \@order, "JSON-1, JSON-2: $name: $method answers every property in order");

        my (@missing, @kinds);
        for my $member (keys %$shape) {
            push @missing, $member if !exists $got->{$member};
            push @kinds, "$member: " . kind($got->{$member}) if defined $shape->{$member} && kind($got->{$member}) ne kind($shape->{$member});
            next if ref $shape->{$member} ne 'HASH' || $member =~ /^(?:FieldProperties|_Links)$/;
            for my $inner (keys %{$shape->{$member}}) {
                push @missing, "$member/$inner" if !exists $got->{$member}{$inner};
                my ($want, $have) = ($shape->{$member}{$inner}, $got->{$member}{$inner});
                push @kinds, "$member/$inner: " . kind($have) if defined $want && kind($have) ne kind($want);
            }
        }
        is("@missing", '', "$name: $method leaves out no documented member");
        is("@kinds", '', "JSON-3: $name: $method gives each its documented type");

        my @changed;
        for my $member (grep { $_ ne 'ChatSessionId' } keys %$sent) {
            my ($want, $have) = ($sent->{$member}, $got->{$member});
            if (ref $want eq 'HASH') {
                my ($key) = grep { /^(?:Associate|Person|Contact|Project|Sale|Ticket)Id$/ && ($member =~ /^(?:User|TransferTo)$/ ? $_ eq 'AssociateId' : $_ eq "${member}Id") } keys %$want;
                push @changed, "$member/$key" if $want->{$key} != $have->{$key};
                next;
            }
            # The zone of the samples is the base zone: what comes back is their wall-clock time, to the microsecond.
            $want =~ s/(\.\d+)[+-]\d\d:\d\d$/sprintf('%.6f', $1) =~ s{^0|0+$}{}gr/e if $member =~ /^When/;
            push @changed, "$member: $have for $want" if ($want // '') ne ($have // '');
        }
        is("@changed", '', "$name: $method gives back what was sent");
        for my $carrier (grep { ref $got->{$_} eq 'HASH' } qw(User Person Contact Project Sale Ticket TransferTo)) {
            $carrier_members{$carrier} //= join ' ', members_in_order(text_of_member($answer->{content}, $carrier));
        }
    }
}

# ---------------------------------------------------------------- against the API definition, where it is at hand

my $definition = corpus_path('spec', 'openapi', 'Swagger-v1-ChatSession.json');
SKIP: {
    skip 'the API definition is not beside this checkout', 1 if !$definition;
    my $text = slurp($definition);
    my $schemas = JSON::PP->new->utf8->decode($text)->{definitions};
    my %schema_of = (User => 'Associate', TransferTo => 'Associate', map { $_ => $_ } qw(Person Contact Project Sale Ticket));
    for my $carrier (sort keys %schema_of) {
        my $properties = $schemas->{"SuperOffice.CRM.Services.$schema_of{$carrier}"}{properties};
        my @extra = grep { !$properties->{$_} } split ' ', $carrier_members{$carrier};
        my %have = map { $_ => 1 } split ' ', $carrier_members{$carrier};
        is(join(' ', sort grep { !$have{$_} } keys %$properties), '', "$carrier has every property of the definition");
        is("@extra", $carrier eq 'Ticket' ? 'CustFirstname CustMiddleName CustLastname CustFullname' : '',
            "$carrier has no other" . ($carrier eq 'Ticket' ? ' but those of older clients' : ''));
        my ($rest) = $text =~ /"SuperOffice\.CRM\.Services\.$schema_of{$carrier}":\s*\{(.*)/s;
        my @documented = members_in_order(text_of_member($rest, 'properties'));
        my %extra = map { $_ => 1 } @extra;
        is(join(' ', grep { !$extra{$_} } split ' ', $carrier_members{$carrier}), join(' ', @documented), "$carrier has them in the documented order");
    }
}

$t->done;
