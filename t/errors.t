#!/usr/bin/perl
# What a client is told when something is wrong with its request: status, error object, headers.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $t = ChatSession::Test->new(conf => "ChatSessionMaxBody 20000\nChatSessionMaxDepth 8\nChatSessionMaxValues 500")->run;
my $all = '/api/v1/ChatSession';
my $json = 'application/json';

sub body { my ($type, $bytes, @more) = @_; return $t->request('POST', $all, headers => {'Content-Type' => $type}, content => $bytes, @more) }
sub code { my ($answer) = @_; return join ' ', $answer->{status}, $answer->{json}{Code} // '' }

# ---------------------------------------------------------------- the error object

my $error = $t->get("$all/4711");
my $text = 'ChatSession 4711 does not exist';
is_deeply({%{$error->{json}}, RequestId => 'x'},
    {Error => JSON::PP::true, ErrorType => 'SoNotFoundException', ErrorMessage => $text, ErrorSource => 'ChatSession',
        Message => $text, Code => 'session.unknown', RequestId => 'x'},
    'an error has all spellings of its message');
like($error->{content}, qr/^\{"Error":true,"ErrorType":.*,"ErrorMessage":.*,"ErrorSource":.*,"Message":.*,"Code":.*,"RequestId":"[0-9a-f]{16}"\}$/,
    'in this order, with the id of the request');
like($t->log_text, qr/CS0201: request $error->{json}{RequestId}: GET session_get: 404 session.unknown/, 'which the log names');
for my $path ("$all/1", "$all/default", '/api/v1/nonsense') {
    my $answer = $t->get($path);
    is($answer->{headers}{'cache-control'}, 'no-store', "$path is not stored by caches");
    is($answer->{headers}{'x-content-type-options'}, 'nosniff', 'nor guessed at');
}

my $problem = $t->get("$all/4711", headers => {Accept => 'application/problem+json, application/json'});
is($problem->{headers}{'content-type'}, 'application/problem+json; charset=utf-8', 'a problem document for who asks');
is_deeply({%{$problem->{json}}, requestId => 'x'},
    {type => 'about:blank', title => 'Not Found', status => 404, detail => $text, code => 'session.unknown', requestId => 'x'},
    'with the members of RFC 9457');
is($t->get("$all/default", headers => {Accept => 'application/problem+json'})->{headers}{'content-type'},
    'application/json; charset=utf-8', 'but never for what is no problem');

# ---------------------------------------------------------------- all faults at once

my $faults = $t->post($all, {
    Status => 'Nope', Rank => 1.5, CustomerPhone => 'x' x 33, WhenEnded => '2024-02-30T00:00:00Z', User => 7,
    Person => {PersonId => 'me'}, CustomerConsented => 'perhaps', CustomerName => 12, Rating => 2147483648, Flags => 'Sings',
    CustomerAlias => 'fine',
});
is(code($faults), '400 body.invalid', 'a body with faults is refused');
is_deeply({map { $_->{Field} => $_->{Code} } @{$faults->{json}{Fields}}},
    {Status => 'value.name', Rank => 'value.type', CustomerPhone => 'value.length', WhenEnded => 'value.time',
        User => 'value.type', 'Person/PersonId' => 'value.type', CustomerConsented => 'value.type',
        CustomerName => 'value.type', Rating => 'value.range', Flags => 'value.name'},
    'with every fault at once');
my %said = map { $_->{Field} => $_->{Message} } @{$faults->{json}{Fields}};
is($said{CustomerPhone}, 'CustomerPhone takes at most 32 characters, not 33', 'each says what would be right');
like($said{Status}, qr/^Status takes one of Invalid, PreChatForm, .*, or its number, not 'Nope'$/, 'for names as well');
like($said{WhenEnded}, qr/the month has no such day$/, 'and for dates');
is($t->sql('SELECT count(*) FROM chat_session'), 0, 'and nothing is stored');
for my $twice ('{"status":4,"Status":5}', '{"User":{"AssociateId":1,"associateid":2}}') {
    my $answer = $t->request('POST', $all, headers => {'Content-Type' => $json}, content => $twice);
    is($answer->{json}{Fields}[0]{Code}, 'value.twice', "two spellings of one property are refused: $twice");
}

# ---------------------------------------------------------------- what is no entity

my $none = 'Entity to save is not in request body';
for my $body ('', ' ', "\r\n\t ", 'null', ' null ', '[]', '[ ]') {
    my $answer = body($json, $body);
    is(code($answer), '400 body.empty', sprintf 'there is no entity in "%s"', $body =~ s/[\r\n\t]/./gr);
    is($answer->{json}{Message}, $none, 'and the message says so');
}
is(code(body('text/plain', '')), '400 body.empty', 'whatever the type');
is(code(body($json, $_)), '400 body.shape', "IN-4: $_ is no entity") for '[{}]', '1', '"x"', 'true';
is(code($t->request('PUT', "$all/1", headers => {'Content-Type' => $json}, content => '')), '400 body.empty', 'PUT needs one too');

# ---------------------------------------------------------------- media types

is(code(body($_, '{}')), '200 ', "$_ is read")
    for $json, 'text/json', 'application/json-patch+json', 'application/merge-patch+json', 'APPLICATION/JSON',
    'application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'application/json; odata=verbose';
is(code(body($_, '{}')), '415 body.media-type', "$_ is not")
    for 'text/plain', 'multipart/form-data', 'application/jsonx', 'json', 'application/', '', 'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1', 'application/problem+json';
is(code($t->request('POST', $all, content => '{}', headers => {'Content-Type' => $json, 'Content-Encoding' => 'gzip'})),
    '415 body.encoding', 'IN-11: a packed body is refused');
like($t->raw("POST $all HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " . ChatSession::Test::basic('anna')
        . "\r\nContent-Length: 2\r\n\r\n{}"), qr/^HTTP\/1.1 415 /, 'IN-6: a body without a type is refused');

my %accepted = (
    'application/json' => $json, 'text/json' => 'text/json', '*/*' => $json, 'text/*' => 'text/json', 'image/png' => $json,
    'application/merge-patch+json' => 'application/merge-patch+json', 'text/json;q=0.5, application/json;q=0.4' => 'text/json',
    'application/*;q=0.1, text/json;q=0' => $json, '*/*, application/json;q=0' => 'text/json', ';;;,,,q=' => $json,
);
for my $accept (sort keys %accepted) {
    is($t->get("$all/default", headers => {Accept => $accept})->{headers}{'content-type'}, "$accepted{$accept}; charset=utf-8",
        "Accept: $accept");
}
is(body('text/json', '{}')->{headers}{'content-type'}, 'text/json; charset=utf-8', 'without Accept the body decides');

# ---------------------------------------------------------------- bounds

is(code(body($json, '{"CustomerName":"' . 'x' x 20000 . '"}')), '413 body.too-large', 'R-5: a body beyond the limit is refused');
my $head = "POST $all HTTP/1.1\r\nHost: x\r\nAuthorization: " . ChatSession::Test::basic('anna') . "\r\nContent-Type: $json\r\n";
like($t->raw("${head}Content-Length: 99999999\r\n\r\n"), qr/^HTTP\/1.1 413 .*body.too-large/s, 'by its announced length alone');
like($t->raw("${head}Transfer-Encoding: chunked\r\n\r\n" . sprintf("%x\r\n%s\r\n", 20001, 'x' x 20001)),
    qr/^HTTP\/1.1 413 .*body.too-large/s, 'or as soon as there is too much of it');
like($t->raw("${head}Content-Length: 9\r\n\r\n{", half_close => 1), qr/^HTTP\/1.1 400 .*body.incomplete/s, 'half a body is refused');
like($t->raw("${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n"), qr/^HTTP\/1.1 400 /, 'a malformed chunk is refused');
is(code(body($json, '[' x 9 . ']' x 9)), '400 json.depth', 'too deep');
is(code(body($json, '{"a":' . '[' x 7 . ']' x 7 . '}')), '200 ', 'just deep enough');
is(code(body($json, '{"a":[' . join(',', (1) x 499) . ']}')), '400 json.values', 'too many values');
is(code(body($json, '{"a":[' . join(',', (1) x 498) . ']}')), '200 ', 'just few enough');

# ---------------------------------------------------------------- JSON

for my $case (['{"a":1,"a":2}', 'json.duplicate', 'a name twice'], ['{"a":1,"\\u0061":2}', 'json.duplicate', 'also when escaped'],
    ['{"FirstMessage":"a\\u0000b"}', 'text.nul', 'U+0000'], ['{"FirstMessage":"\\ud800"}', 'json.encoding', 'half a character'],
    ["{\"FirstMessage\":\"\xc3(\"}", 'json.encoding', 'no UTF-8'], ['{"a":01}', 'json.syntax', 'a leading zero'],
    ["{'a':1}", 'json.syntax', 'single quotes'], ['{"a":1,}', 'json.syntax', 'a trailing comma'], ['{"a":NaN}', 'json.syntax', 'NaN'],
    ['{"a":1} x', 'json.syntax', 'something behind it'], ["\xff\xfe{\0}\0", 'json.syntax', 'UTF-16'], ['{', 'json.syntax', 'an end too early'],
    ) {
    my ($bytes, $code, $what) = @$case;
    my $answer = body($json, $bytes);
    is(code($answer), "400 $code", "$what is refused");
    like($answer->{json}{Message}, qr/ at byte \d+$/, 'with its place');
}
is(code(body($json, "\xef\xbb\xbf{}")), '200 ', 'a byte-order mark is passed over');

# ---------------------------------------------------------------- methods and paths

my $wrong = $t->request('POST', "$all/1", json => {});
is(code($wrong), '405 method.not-allowed', 'a method that a path does not have');
is($wrong->{headers}{allow}, 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS', 'Allow says which it has');
is($t->request('PUT', $all)->{headers}{allow}, 'GET, HEAD, POST, OPTIONS', 'for each path');
is(code($t->request('PROPFIND', "$all/1")), '405 method.not-allowed', 'a method of other protocols');
my $options = $t->request('OPTIONS', "$all/default");
is("$options->{status} $options->{headers}{allow}", '204 GET, HEAD, OPTIONS', 'OPTIONS tells the same');
is(code($t->get($_)), '404 path.unknown', "$_ is unknown") for '/api/v1/x', '/api/v1/ChatSession/1/x', '/api/v1/ChatSessions/1';
isnt($t->get('/api/v1x')->{headers}{'content-type'}, "$json; charset=utf-8", 'what only begins like the API is not ours');
is(code($t->get("$all/default?\$select=%zz")), '400 query.malformed', 'a malformed query is refused');
is(code($t->get("$all/default?\$select=a%00b")), '400 query.malformed', 'as is U+0000 in it');
is(code($t->get("$all/default?\$select=%ff")), '400 query.malformed', 'or what is no UTF-8');
is($t->get("$all/default?other=%zz&&=&\$nonsense=1")->{status}, 200, 'what is not asked for is not judged');

# ---------------------------------------------------------------- order of the checks

is($t->request('PUT', "$all/1", user => undef, headers => {'Content-Type' => 'text/plain'}, content => '{')->{status}, 401, 'no user comes first');
is($t->request('POST', "$all/1", headers => {'Content-Type' => 'text/plain'}, content => '{')->{status}, 405, 'then the method');
is($t->request('PUT', "$all/1", headers => {'Content-Type' => 'text/plain'}, content => '{')->{status}, 415, 'then the type');
is($t->request('PUT', "$all/9999", headers => {'Content-Type' => $json}, content => '{')->{status}, 400, 'then the body, before the record');

# ---------------------------------------------------------------- bodies that nobody reads

for my $case (['DELETE', "$all/999999"], ['POST', '/api/v1/nonsense'], ['PATCH', $all], ['GET', "$all/default"]) {
    my ($method, $path) = @$case;
    my $answer = $t->raw("$method $path HTTP/1.1\r\nHost: x\r\nAuthorization: " . ChatSession::Test::basic('anna')
        . "\r\nContent-Length: 300000000\r\n\r\n" . 'x' x 1000, until => qr/\r\n\r\n/);
    like($answer, qr/^Connection: close/mi, "R-5: $method with a body that is too long ends the connection instead of reading it");
}

# ---------------------------------------------------------------- httpd's own errors

my $paged = ChatSession::Test->new(more => 1, cluster => $t->cluster,
    server => join "\n", map { "ErrorDocument $_ /index.html" } 400, 401, 403, 404, 405, 413, 500)->run;
for my $case ([401, 'user.missing', 'GET', "$all/1", user => undef], [404, 'path.unknown', 'GET', '/api/v1/nonsense'],
    [405, 'method.not-allowed', 'TRACE', "$all/1"]) {
    my ($status, $code, $method, $path, @option) = @$case;
    my $answer = $paged->request($method, $path, @option);
    is("$answer->{status} " . ($answer->{json}{Code} // $answer->{content}), "$status $code", "$status is an error object, whatever ErrorDocument says");
}
is($paged->get('/nothing-here')->{content}, "another site\n", 'other sites keep theirs');
$paged->expect_log(qr/AH00591/)->done;
$paged = ChatSession::Test->new(more => 1, cluster => $t->cluster, conf => "ErrorDocument 401 $all/default", server => "ErrorDocument 404 $all/default")->run;
for my $path ("$all/default", '/nothing-here') {
    my $answer = $paged->get($path, user => undef, headers => {Authorization => ChatSession::Test::basic('anna', 'wrong')});
    unlike($answer->{content}, qr/ChatSessionId/, "an ErrorDocument that points into the API shows nothing of it ($path)");
}
$paged->expect_log(qr/AH01617: user anna: authentication failure/)->done;

$t->expect_log(qr/AH0\d+.*(?:chunk|Chunk|request body)/)->done;
