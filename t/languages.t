#!/usr/bin/perl
# Accept-Language, SO-Language, SO-Culture: texts in several languages, and resource strings.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(conf => "ChatSessionStrings \"@{[source_path('conf/strings.txt')]}\"\nChatSessionStrings own.txt\n");
$t->_write('own.txt', qq(# of this installation\nSR_OWN US:"Own";NO:"Egen"\nSR_YES US:"Yea"\n));
$t->run;
my $all = '/api/v1/ChatSession';
my $hours = 'US:"Opening hours";NO:"Åpningstider";GE:"Öffnungszeiten"';

my $id = $t->post($all, {CustomerName => $hours, FirstMessage => 'Re: US:"Yes";NO:"Ja" (2)', LastMessage => '[SR_OWN] [SR_NOPE]',
        CustomerAlias => 'US: "a"', CustomerCompanyName => '[SR_MANDATORY_FIELD]', Contact => {ContactId => 5}}, headers => {'SO-Language' => 'nb'})->{json}{ChatSessionId};
sub asked {
    my ($accept, $so, $name) = @_;
    my $answer = $t->get("$all/$id", headers => {defined $accept ? ('Accept-Language' => $accept) : (), defined $so ? ('SO-Language' => $so) : ()});
    return defined $name && $name eq ':' ? $answer->{headers}{'content-language'} : $answer->{json}{$name // 'CustomerName'};
}

is($t->sql("SELECT name FROM chat_session WHERE id = $id") =~ /US:"Opening hours";NO:/ ? 1 : 0, 1, 'LANG-9: what is sent is stored as it is');
for my $case (
    ['LANG-1', undef, undef, $hours, undef], ['LANG-2', 'nb', undef, 'Åpningstider', 'no'], ['LANG-2', 'nb', 'de', 'Öffnungszeiten', 'de'],
    ['LANG-3', 'nb', 'x', $hours, undef], ['LANG-3', 'nb', '*', $hours, undef], ['LANG-3', 'nb', '', $hours, undef], ['LANG-3', 'nb', '-', $hours, undef],
    ['LANG-4', '*', undef, $hours, undef], ['ML-5', 'fr,de;q=0.8', undef, 'Öffnungszeiten', 'fr'], ['ML-5', 'sv', undef, 'Opening hours', 'sv'],
    ['LANG-5', undef, 'NO', 'Åpningstider', 'no'], ['LANG-5', undef, 'NB-no', 'Åpningstider', 'no'], ['LANG-5', 'GE', undef, 'Öffnungszeiten', 'de'],
    ['LANG-6', 'en-us; en-gb', undef, 'Opening hours', 'en'], ['LANG-6', ';;;', undef, $hours, undef], ['LANG-6', 'de;q=0', undef, $hours, undef],
    ['ML-4', 'ko', undef, 'Opening hours', 'en'],
) {
    my ($rule, $accept, $so, $expected, $header) = @$case;
    my $name = "$rule: Accept-Language " . ($accept // 'not sent') . ', SO-Language ' . ($so // 'not sent');
    is(asked($accept, $so), $expected, $name);
    is(asked($accept, $so, ':'), $header, 'and Content-Language says so');
}
is(asked('nb', undef, 'FirstMessage'), 'Re: Ja (2)', 'ML-3: a block amidst other text');
is(asked('nb', undef, 'CustomerAlias'), 'US: "a"', 'ML-2: what does not fit is text');
is(asked('nb', undef, 'LastMessage'), 'Egen [SR_NOPE]', 'RES-1, RES-2: resource strings, where they are known');
is(asked(undef, undef, 'LastMessage'), '[SR_OWN] [SR_NOPE]', 'RES-1: untouched without a language');
is(asked('sv', undef, 'CustomerCompanyName'), 'Detta fält är obligatoriskt', 'RES-1: those that come with the module');

# ---------------------------------------------------------------- every string of every carrier

$t->sql(q{INSERT INTO contact (contact_id, name, category_name, address_layout, street_address1, street_city) VALUES (5, 'x', 'US:"Customer";NO:"Kunde";', 0, '[SR_YES]', 'US:"Town";NO:"By"')});
my $contact = $t->get("$all/$id", headers => {'Accept-Language' => 'nb'})->{json}{Contact};
is($contact->{CategoryName}, 'Kunde', 'ML-6: in a nested carrier');
is($contact->{Address}{Street}{City}, 'By', 'ML-6: in its address');
is_deeply($contact->{Address}{LocalizedAddress}[0][0]{Label}, 'Gateadresse', 'RES-1: the label of a line');
is_deeply($contact->{Address}{LocalizedAddress}[0][0]{Value}, 'Yea', 'RES-1: its value, by the file that comes later');
is($t->get("$all/$id")->{json}{Contact}{Address}{LocalizedAddress}[0][0]{Label}, '[SR_AL_STREET]', 'LANG-1: raw without a language');

my $culture = $t->get("$all/$id", headers => {'SO-Culture' => 'nb-NO', 'Accept-Language' => 'nb'});
my $plain = $t->get("$all/$id", headers => {'Accept-Language' => 'nb'});
is($culture->{content}, $plain->{content}, 'LANG-7: SO-Culture has no effect, for no text holds numbers');
is($t->get("$all/$id", headers => {'SO-Culture' => 'de'})->{content}, $t->get("$all/$id")->{content}, 'LANG-7: nor alone');
like($t->get("$all/$id", headers => {'Accept-Language' => 'de', 'SO-Culture' => 'de-DE'})->{content}, qr/"WhenRequested":"0001-01-01T00:00:00".*"Wgs84Latitude":0\.0,/, 'LANG-8: numbers and times are the same in every language');
my $put = $t->put("$all/$id", $plain->{json}, headers => {'Accept-Language' => 'nb'});
is($put->{json}{CustomerName}, 'Åpningstider', 'LANG-9: an answer sent back');
is($t->get("$all/$id")->{json}{CustomerName}, 'Åpningstider', 'LANG-9: makes one language of the text');
is($t->get("$all/0", headers => {'Accept-Language' => 'n!;;q=<>,,"'})->{status}, 404, 'LANG-6: language headers never fail');
is($t->get('/api/v1/String/SR_YES')->{status}, 404, 'RES-3: single strings are not served');

$t->done;
