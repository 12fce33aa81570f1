#!/usr/bin/perl
# XML in and out: the same content as JSON, value by value, for every carrier; what must be refused is.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use XML::LibXML;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(database => 'sample', user => 'admin', conf => 'ChatSessionTimeZone Europe/Oslo')->run;
my $all = '/api/v1/ChatSession';
my $parser = XML::LibXML->new(load_ext_dtd => 0, expand_entities => 0, no_network => 1);
my $xsi = 'http://www.w3.org/2001/XMLSchema-instance';

sub as_xml  { my ($method, $path, %option) = @_; return $t->request($method, $path, %option, headers => {Accept => 'application/xml', %{$option{headers} // {}}}) }
sub send_xml {
    my ($method, $path, $xml, %headers) = @_;
    return $t->request($method, $path, content => $xml, headers => {'Content-Type' => 'application/xml', Accept => 'application/json', %headers});
}
sub root_of { my ($answer) = @_; return eval { $parser->parse_string($answer->{content})->documentElement } }
sub code    { my ($answer) = @_; return "$answer->{status} " . ($answer->{json}{Code} // '') }

# ---------------------------------------------------------------- the same as JSON

my %is_map = map { $_ => 1 } qw(FieldProperties _Links CustomFields ExtraFields UserDefinedFields);
my %item_of = (LocalizedAddress => 'ArrayOfLocalizedField', ArrayOfLocalizedField => 'LocalizedField');

sub elements { return grep { $_->nodeType == XML_ELEMENT_NODE } $_[0]->childNodes }
sub is_nil   { return ($_[0]->getAttributeNS($xsi, 'nil') // '') eq 'true' }

# What differs between a value of JSON and an element, as a list of paths.
sub differences {
    my ($json, $element, $path, $name) = @_;
    return is_nil($element) && !$element->childNodes ? () : "$path: no nil" if !defined $json;
    return "$path: nil" if is_nil($element);
    my @children = elements($element);
    if (ref $json eq 'ARRAY') {
        my $item = $item_of{$name} // return "$path: an array that is not known";
        return "$path: " . @children . ' items' if @children != @$json;
        return map {
            $children[$_]->nodeName eq $item ? differences($json->[$_], $children[$_], "$path\[$_]", $item) : "$path\[$_]: is " . $children[$_]->nodeName
        } 0 .. $#children;
    }
    if (ref $json eq 'HASH' && $is_map{$name}) {
        my $pair = $name eq 'FieldProperties' ? 'FieldPropertyDictionaryKeyValuePair' : 'StringKeyValuePair';
        return "$path: entries" if @children != keys %$json || grep { $_->nodeName ne $pair } @children;
        return map {
            my ($key, $value, @more) = elements($_);
            @more || $key->nodeName ne 'Key' || $value->nodeName ne 'Value' || !exists $json->{$key->textContent} ? "$path: an entry"
                : differences($json->{$key->textContent}, $value, "$path/" . $key->textContent, '');
        } @children;
    }
    if (ref $json eq 'HASH') {
        return "$path: members" if join(' ', sort map { $_->nodeName } @children) ne join ' ', sort keys %$json;
        return map { differences($json->{$_->nodeName}, $_, "$path/" . $_->nodeName, $_->nodeName) } @children;
    }
    return "$path: has elements" if @children;
    my $text = $element->textContent;
    return $text eq ($json ? 'true' : 'false') ? () : "$path: $text" if ref $json eq 'JSON::PP::Boolean';
    $json =~ s/, / /g if $name eq 'Mask';
    return $text eq $json || ($text =~ /^-?\d+\.\d/ && $json =~ /^-?[\d.]+$/ && $text == $json) ? () : "$path: '$text' is not '$json'";
}

# Names in the order of the text: of JSON's members, of XML's elements but for those that stand around items.
sub json_order { return $_[0] =~ /"((?:[^"\\]|\\.)*)":/g }
sub xml_order {
    my ($element) = @_;
    return map {
        my $name = $_->nodeName;
        $name =~ /KeyValuePair$/ ? do { my ($key, $value) = elements($_); ($key->textContent, xml_order($value)) }
            : $name =~ /^(?:ArrayOf)?LocalizedField$/ ? xml_order($_) : ($name, xml_order($_));
    } elements($element);
}

my @ids = split /\n/, $t->sql('SELECT id FROM chat_session ORDER BY id');
cmp_ok(scalar @ids, '>', 2, 'there are sessions');
my $text = "\x{1F600} <b>&amp;</b> ]]> \"'\r\n\tbl\xE5 ";
my $full = $t->post($all, {TopicId => 1, User => {AssociateId => 1}, TransferTo => {AssociateId => 2}, CustomerName => $text, FirstMessage => "a\x{1}b\x{FFFE}c",
    CustomerConsented => JSON::PP::true, Status => 'UserLast', Flags => 'UserIsTyping', WhenStarted => '2024-03-04T10:20:30.1234567',
    map { $_ => {"${_}Id" => 1} } qw(Person Contact Project Sale Ticket)})->{json};
push @ids, $full->{ChatSessionId};
my %seen;
for my $id (@ids, 'default') {
    my $json = $t->get("$all/$id");
    my $xml = as_xml('GET', "$all/$id");
    is("$xml->{status} $xml->{headers}{'content-type'}", '200 application/xml; charset=utf-8', "XML-1, OUT-2: $id comes in XML");
    my $root = root_of($xml) or next;
    is($root->nodeName, 'ChatSessionEntity', "XML-2: $id: the root");
    $json->{json}{FirstMessage} = 'abc' if $json->{json}{FirstMessage} =~ /^a\x{1}/;    # what XML has no place for
    my @different = differences($json->{json}, $root, '', '');
    is(join("\n", @different[0 .. ($#different < 9 ? $#different : 9)]), '', "XML-4, XML-6, XML-7, XML-8, XML-9, XML-10, XML-11: $id: value by value as in JSON");
    is(join(' ', xml_order($root)), join(' ', json_order($json->{content})), "XML-4: $id: in the order of JSON");
    $seen{$_}++ for grep { ref $json->{json}{$_} eq 'HASH' } keys %{$json->{json}};
    unlike($xml->{content}, qr/<\w+:|xmlns(?!:xsi="\Q$xsi\E")/, "XML-3: $id: no namespace");
    like($xml->{content}, qr/^<\?xml version="1\.0" encoding="utf-8"\?>/, "XML-14: $id: the declaration");
}
is(join(' ', sort keys %seen), 'Contact FieldProperties Person Project Sale TableRight Ticket TransferTo User _Links', 'every carrier was there');
is((grep { $_->nodeName eq 'CustomerName' } elements(root_of(as_xml('GET', "$all/$full->{ChatSessionId}"))))[0]->textContent, $text, 'XML-14: a text comes as it was sent');

my $path = "$all/$full->{ChatSessionId}";
like(as_xml('GET', $path)->{content}, qr{<OrgNr>[^<]*</OrgNr>|<OrgNr/>}, 'XML-5: empty texts are empty elements');
for my $select ('topicid, contact/name', 'TABLERIGHT,_links', 'contact', 'nothing,category/id', 'Contact/Address/Street', '', '*') {
    my ($json, $xml) = ($t->get("$path?\$select=$select" =~ s/ /%20/gr), as_xml('GET', "$path?\$select=$select" =~ s/ /%20/gr));
    $json->{json}{FirstMessage} = 'abc' if defined $json->{json}{FirstMessage};
    is(join("\n", differences($json->{json}, root_of($xml), '', '')), '', "SEL-1, SEL-2, SEL-3, SEL-4, SEL-5, SEL-6, SEL-7, SEL-8, SEL-9, R-10: \$select=$select");
}

# ---------------------------------------------------------------- which type is answered

my @answers = (
    ['application/xml', undef, 'application/xml'], ['text/xml', undef, 'text/xml'], ['application/xml, application/json;q=0.5', undef, 'application/xml'],
    ['application/xml, application/json', undef, 'application/json'], ['text/*', undef, 'text/json'], ['*/*', undef, 'application/json'],
    ['application/*', undef, 'application/json'], ['image/png', undef, 'application/json'], [undef, 'application/xml', 'application/xml'],
    [undef, 'text/xml', 'text/xml'], ['text/json', 'application/xml', 'text/json'], ['text/json;q=0, text/xml', undef, 'text/xml'],
);
for my $case (@answers) {
    my ($accept, $type, $want) = @$case;
    my %headers = (defined $accept ? (Accept => $accept) : (), 'Content-Type' => $type // 'application/json');
    my $body = ($type // '') =~ /xml/ ? '<ChatSessionEntity/>' : '{}';
    my $answer = $t->request('POST', $all, content => $body, headers => \%headers);
    is("$answer->{status} $answer->{headers}{'content-type'}", "200 $want; charset=utf-8", 'OUT-1, OUT-3, OUT-4, OUT-5: Accept ' . ($accept // 'absent') . ", Content-Type $headers{'Content-Type'}");
}
my $get = as_xml('GET', $path);
my $head = as_xml('HEAD', $path);
is(join(' ', @{$head->{headers}}{qw(content-type content-length)}, length $head->{content}), join(' ', @{$get->{headers}}{qw(content-type content-length)}, 0), 'HEAD has the headers of GET');
is(as_xml('GET', $path, headers => {'Accept-Charset' => 'iso-8859-1'})->{content}, $get->{content}, 'OUT-6: Accept-Charset does not count');
is_deeply([@{as_xml('DELETE', "$all/" . $t->post($all, {})->{json}{ChatSessionId})}{qw(status content)}], [204, ''], 'OUT-9: DELETE answers nothing');

# ---------------------------------------------------------------- errors

sub error_in { my ($answer) = @_; my $root = root_of($answer) or return {}; return {_root => $root->nodeName, map { $_->nodeName => $_->textContent } elements($root)} }

my $missing = as_xml('GET', "$all/999999");
my $error = error_in($missing);
is("$missing->{status} $missing->{headers}{'content-type'} $error->{_root}", '404 application/xml; charset=utf-8 Error', 'OUT-8, R-13: errors are in XML, too');
is(join(' ', map { $_->nodeName } elements(root_of($missing))), 'Error ErrorType ErrorMessage ErrorSource Message Code RequestId', 'R-13: with the members of JSON');
is("$error->{Error} $error->{ErrorType} $error->{Code}", 'true SoNotFoundException session.unknown', 'R-13: and their values');
my $faulty = send_xml('POST', $all, '<ChatSessionEntity><TopicId>x</TopicId><Status>Waiting</Status><Contact>5</Contact></ChatSessionEntity>', Accept => 'text/xml');
is("$faulty->{status} $faulty->{headers}{'content-type'}", '400 text/xml; charset=utf-8', 'OUT-8: faults of a body come as asked');
my ($fields) = grep { $_->nodeName eq 'Fields' } elements(root_of($faulty));
is(join(' ', map { $_->nodeName . ':' . join '/', map { $_->textContent } (elements($_))[0, 1] } elements($fields)),
    'Field:TopicId/value.type Field:Status/value.name Field:Contact/value.type', 'XML-9, R-6, R-13: every fault at once, in an array');
is(error_in(as_xml('GET', '/api/v1/Nothing'))->{Code}, 'path.unknown', 'OUT-8: an unknown path');
is(error_in(as_xml('GET', $path, user => undef))->{Code}, 'user.missing', 'OUT-8: nor is it otherwise when httpd refuses');
is(as_xml('GET', "$all/999999", headers => {Accept => 'application/xml, application/problem+json'})->{headers}{'content-type'}, 'application/problem+json; charset=utf-8',
    'R-13: a problem document stays JSON');

# ---------------------------------------------------------------- XML in

sub xml_of {
    my ($value) = @_;
    return defined $value ? $value ? 'true' : 'false' : '' if ref $value eq 'JSON::PP::Boolean';
    return join '', map { defined $value->{$_} ? "<$_>" . xml_of($value->{$_}) . "</$_>" : "<$_ xsi:nil=\"true\" xmlns:xsi=\"$xsi\"/>" } sort keys %$value if ref $value eq 'HASH';
    my $escaped = $value =~ s/&/&amp;/gr =~ s/</&lt;/gr =~ s/\r/&#13;/gr;
    utf8::encode($escaped);
    return $escaped;
}
sub entity { my ($inner) = @_; return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ChatSessionEntity>$inner</ChatSessionEntity>" }
sub without { my ($json) = @_; my %copy = %$json; delete @copy{qw(ChatSessionId _Links)}; return \%copy }

for my $name (qw(post-1 post-2 put-1 put-2)) {
    my $sent = JSON::PP->new->utf8->decode(slurp(source_path("t/data/examples/$name.request.json")));
    delete @$sent{qw(TableRight FieldProperties _Links)};
    my $by_json = $t->post($all, $sent);
    my $by_xml = send_xml('POST', $all, entity(xml_of($sent)), 'Content-Type' => 'text/xml; charset=utf-8');
    is($by_xml->{status}, 200, "IN-1: $name is taken in XML") or diag($by_xml->{content});
    is_deeply(without($by_xml->{json}), without($by_json->{json}), "IN-1: $name: as it is in JSON");
}

# What GET gave, PUT back.
my $before = $t->get("$all/1")->{json};
for my $sent (as_xml('GET', "$all/1")->{content}, as_xml('GET', "$all/1")->{content} =~ s/ChatSessionEntity/ChatSessionEntityWithLinks/gr,
    root_of(as_xml('GET', "$all/1"))->toString(2), as_xml('GET', "$all/1")->{content} =~ s{<(/?)(\w)}{<$1x:$2}gr =~ s/xmlns:xsi/xmlns:x="http:\/\/www.superoffice.net\/ws\/crm\/NetServer\/Services88" xmlns:xsi/r,
    as_xml('GET', "$all/1")->{content} =~ s{<(/?)(\w+)}{"<$1" . lc $2}ger) {
    my $put = send_xml('PUT', "$all/1", $sent);
    is($put->{status}, 200, 'XML-12: PUT takes what GET gave') or diag(substr $put->{content}, 0, 300);
    is_deeply($put->{json}, $before, 'XML-12: and changes nothing');
    is($t->put("$all/1", {})->{status}, 200, 'after an empty one');
    is_deeply(send_xml('PUT', "$all/1", $sent)->{json}, $before, 'XML-12: all of it comes back');
}
is_deeply($t->put("$all/1", {map { lcfirst $_ => $before->{$_} } keys %$before})->{json}, $before, 'JSON-10, JSON-11: so does what a client in camel case sends');

my @read = (
    ['<TopicId/>', TopicId => 0], ['<TopicId></TopicId>', TopicId => 0], ["<TopicId>\n 7 </TopicId>", TopicId => 7], ['<topicid>7</topicid>', TopicId => 7],
    ['<CustomerName> x </CustomerName>', CustomerName => ' x '], ['<CustomerName/>', CustomerName => ''], ['<CustomerName><![CDATA[<&>]]></CustomerName>', CustomerName => '<&>'],
    ['<CustomerName>7</CustomerName>', CustomerName => '7'], ['<CustomerName>true</CustomerName>', CustomerName => 'true'],
    ['<CustomerName>a<!-- b -->c</CustomerName>', CustomerName => 'ac'], ['<CustomerConsented>1</CustomerConsented>', CustomerConsented => 1],
    ['<CustomerConsented>true</CustomerConsented>', CustomerConsented => 1], ['<CustomerConsented>0</CustomerConsented>', CustomerConsented => 0],
    ['<CustomerConsented/>', CustomerConsented => 0], ['<Status/>', Status => 'Invalid'], ['<Status> InQueue </Status>', Status => 'InQueue'], ['<Status>4</Status>', Status => 'InQueue'],
    ['<Flags>UserIsTyping CustomerIsTyping</Flags>', Flags => 'UserIsTyping'], ["<Flags>\nCustomerIsTyping\t UserIsTyping\n</Flags>", Flags => 'UserIsTyping'],
    ['<Flags>CustomerIsTyping, UserIsTyping</Flags>', Flags => 'UserIsTyping'], ['<Flags>1</Flags>', Flags => 'UserIsTyping'], ['<Flags/>', Flags => 'CustomerIsTyping'],
    ['<WhenStarted>2024-03-04T10:20:30</WhenStarted>', WhenStarted => '2024-03-04T10:20:30'], ['<WhenStarted/>', WhenStarted => '0001-01-01T00:00:00'],
    ['<Contact/>', Contact => undef], ['<Contact> </Contact>', Contact => undef], ['<Contact><ContactId/></Contact>', Contact => undef], ['<Contact><ContactId>0</ContactId></Contact>', Contact => undef],
    ['<Nothing><a/><b/></Nothing><Rating a="b">3</Rating>', Rating => 3], ['<ChatSessionId>5</ChatSessionId><Rating>4</Rating>', Rating => 4],
);
for my $case (@read) {
    my ($inner, $name, $value) = @$case;
    my $answer = send_xml('POST', $all, entity($inner));
    my $got = $answer->{json}{$name};
    $got = $got ? 1 : 0 if ref $got eq 'JSON::PP::Boolean';
    is_deeply([$answer->{status}, $got], [200, $value], "XML-5, XML-7, XML-8, XML-12, JSON-12, JSON-13, JSON-15, JSON-16: $inner");
}
is(send_xml('POST', $all, entity('<Contact><ContactId> 1 </ContactId><Name>other</Name></Contact>'))->{json}{Contact}{ContactId}, 1, 'JSON-14: only the id counts');

# ---------------------------------------------------------------- what is refused

my @refused = (
    ['<ChatSession/>', 'body.shape'], ['<ContactEntity/>', 'body.shape'], ['<ChatSessionEntityWith/>', 'body.shape'], ['<ChatSessionEntity', 'xml.syntax'], ['{}', 'xml.syntax'],
    ['', 'body.empty'], [' ', 'body.empty'], ['null', 'body.empty'], [qq{<ChatSessionEntity xmlns:xsi="$xsi" xsi:nil="true"/>}, 'body.empty'],
    ['<ChatSessionEntity>x</ChatSessionEntity>', 'xml.content'], [entity('x<TopicId/>'), 'xml.content'], [entity('<TopicId>1</TopicId><TopicId>2</TopicId>'), 'xml.duplicate'],
    [entity('<TopicId>1</TopicId><topicid>2</topicid>'), 'body.invalid'], [entity('<Contact><ContactId>1</ContactId><ContactId>2</ContactId></Contact>'), 'body.invalid'],
    [entity('<TopicId>1.5</TopicId>'), 'body.invalid'], [entity('<TopicId><a/></TopicId>'), 'body.invalid'], [entity('<TopicId>3000000000</TopicId>'), 'body.invalid'],
    [entity('<CustomerConsented>2</CustomerConsented>'), 'body.invalid'], [entity('<Flags>UserIsTyping Walking</Flags>'), 'body.invalid'], [entity('<WhenStarted>1</WhenStarted>'), 'body.invalid'],
    [entity('<CustomerName>' . 'x' x 256 . '</CustomerName>'), 'body.invalid'], [entity('<CustomerName>&#0;</CustomerName>'), 'text.nul'], [entity("<CustomerName>\xFF</CustomerName>"), 'xml.encoding'],
    ['<?xml version="1.0" encoding="iso-8859-1"?><ChatSessionEntity/>', 'xml.encoding'], ['<!DOCTYPE x><ChatSessionEntity/>', 'xml.dtd'],
    ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' . '<ChatSessionEntity><CustomerName>&e;</CustomerName></ChatSessionEntity>', 'xml.dtd'],
    [entity('<CustomerName>&e;</CustomerName>'), 'xml.syntax'], ['<a>' x 100, 'xml.depth'], [entity('<a/>' x 20001), 'xml.limit'], ['<a ' . "a='1' " x 50000 . '/>', 'xml.limit'],
);
my $count = $t->sql('SELECT count(*) FROM chat_session');
for my $case (@refused) {
    is(code(send_xml($_, $_ eq 'POST' ? $all : "$all/1", $case->[0])), "400 $case->[1]", "IN-7, IN-8, XML-12, XML-13, R-2, R-3, R-4: $_: " . substr($case->[0], 0, 90)) for qw(POST PUT);
}
is($t->sql('SELECT count(*) FROM chat_session'), $count, 'nothing was stored');
is(code(send_xml('POST', $all, '<', 'Content-Type' => 'application/xml; charset=latin1')), '415 body.media-type', 'IN-9, IN-10: the charset is judged before the content');
is(code(send_xml('POST', $all, entity(''), 'Content-Type' => 'application/xhtml+xml')), '415 body.media-type', 'IN-6: other XML is not taken');
is(send_xml('POST', $all, "\xEF\xBB\xBF" . entity('<Rating>5</Rating>'))->{json}{Rating}, 5, 'IN-9: a byte-order mark is skipped');
is(send_xml('PUT', "$all/1", entity("<ChatSessionId>$full->{ChatSessionId}</ChatSessionId>"))->{json}{ChatSessionId}, 1, 'R-7: the path names the session');

# A billion laughs, and other bodies that grow: at once, in a child that has no more memory afterwards.
my $laughs = '<!DOCTYPE x [<!ENTITY a0 "ha">' . join('', map { "<!ENTITY a$_ \"" . ('&a' . ($_ - 1) . ';') x 10 . '">' } 1 .. 9) . ']>' . entity('<CustomerName>&a9;</CustomerName>') =~ s/^<\?.*\?>\n//r;
my $memory = sub { my $sum = 0; $sum += slurp("/proc/$_/status") =~ /^VmRSS:\s+(\d+)/m ? $1 : 0 for $t->children; return $sum };
send_xml('POST', $all, entity(' ' x 1_000_000)) for 1 .. 40;    # each thread has read a long body
my $most = $memory->();
for my $body ($laughs, '<a>' x 300_000, entity("\n" x 1_000_000), entity('<CustomerName>' . '&amp;' x 200_000 . '</CustomerName>'), '<a ' . join(' ', map { "a$_=''" } 1 .. 100_000) . '/>') {
    my $start = time;
    is(send_xml('POST', $all, $body)->{status}, 400, 'XML-13: refused: ' . substr $body, 0, 40);
    cmp_ok(time - $start, '<', 0.5, 'XML-13: at once');
}
cmp_ok($memory->(), '<', $most + 8192, 'XML-13: without memory of their own');
$t->done;
