#!/usr/bin/perl
# The list of chat sessions: what it shows, finds, sorts and pages, and what it costs.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(database => 'sample', more => 1, user => 'admin')->run;
my $all = '/api/v1/ChatSession';

sub escaped { return $_[0] =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger }
sub url { my (%p) = @_; return "$all?" . join '&', map { '$' . $_ . '=' . escaped($p{$_}) } sort keys %p }
sub list { my (%p) = @_; my $headers = delete $p{headers} // {}; return $t->get(url(%p), headers => $headers) }
sub ids { my ($answer) = @_; return join ',', map { $_->{PrimaryKey} } @{$answer->{json}{value} // []} }
sub sql_ids { my ($where) = @_; return join ',', split ' ', $t->sql("SELECT s.id FROM chat_session s WHERE $where ORDER BY s.id") }

# ---------------------------------------------------------------- shape

my $answer = list(select => 'chatSessionId,FIRSTMESSAGE,whenRequested,status,agent,timeInQueue,nosuch', top => 2, orderBy => 'chatSessionId desc');
is($answer->{status}, 200, 'a list');
like($answer->{content}, qr/^\{"odata\.metadata":"http[^"]+","odata\.nextLink":null,"value":\[\{"PrimaryKey":"\d+","EntityName":"chat","chatSessionId":\d+,"FIRSTMESSAGE":/,
    'SLIM-1 SLIM-2 LIST-2 LIST-4 R-12: members in their order, a text as key, names as they were asked for');
my $row = $answer->{json}{value}[0];
my ($status, $agent) = split /\|/, $t->sql("SELECT s.status || '|' || coalesce(a.full_name, '') FROM chat_session s LEFT JOIN associate a ON a.associate_id = s.user_id ORDER BY s.id DESC LIMIT 1");
my @words = qw(Invalid PreChatForm Faq OfflineForm InQueue CustomerLast UserLast Finished Deleted Closed RequestPosted ClosedFromQueue);
is($row->{status}, $words[$status], 'R-11 SLIM-5: an enumeration by name');
is($row->{agent}, $agent, 'SLIM-5: an agent by name');
like($row->{whenRequested}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/, 'SLIM-3: ISO times');
like($row->{timeInQueue} // '00:00:00', qr/^\d\d:\d\d:\d\d$/, 'SLIM-5: time spans');
ok(!exists $row->{nosuch}, 'LIST-7: a column that there is not is left out');
is(ids(list(filter => 'getNoRows=true')), '', 'LIST-9: no rows');
is_deeply(list(filter => 'getNoRows=true')->{json}{value}, [], 'SLIM-1: none is an empty list');
is(list(entities => 'person')->{content} =~ /"value":\[\]/, 1, 'an entity that is not ours has no rows');
is(scalar @{list(entities => 'x,chat', top => 3)->{json}{value}}, 3, 'ours has');
my $unset = list(filter => 'whenEnded isNull', select => 'whenEnded,duration', top => 1)->{json}{value}[0];
is($unset->{whenEnded}, '0001-01-01T00:00:00', 'SLIM-6: a time that is not set');
is($unset->{duration}, undef, 'LIST-11: a span without an end');
my ($moved) = map { $_->{whenRequested} } @{list(select => 'whenRequested', top => 1, headers => {'SO-TimeZone' => 'US-NY'})->{json}{value}};
isnt($moved, list(select => 'whenRequested', top => 1)->{json}{value}[0]{whenRequested}, 'times in the caller\'s zone');
is(join(',', sort keys %{list(select => 'contact/name,chatTopic/name', jsonSafe => 'true', top => 1)->{json}{value}[0]}),
    'EntityName,PrimaryKey,chatTopic_name,contact_name', '$jsonSafe');
is(scalar keys %{list(top => 1)->{json}{value}[0]}, 24, 'LIST-5: the own columns');
for my $family (qw(associate/ person/ contact/ person/personAssociate/ person/correspondingAssociate/ contact/contactAssociate/)) {
    my %file = (associate => 'associate', person => 'person', contact => 'contact');
    my ($rows) = $family =~ /Associate\/$/ ? 'associate' : $family =~ /^(\w+)/;
    my @columns = map { "$family$_" } slurp(source_path("src/query/archive_$rows.c")) =~ /CS_LISTED\("([^"]+)"/g;
    my $got = list(select => join(',', @columns), top => 5);
    is($got->{status}, 200, "every column of $family can be read");
    is(scalar keys %{$got->{json}{value}[0]}, 2 + @columns, 'and is there');
    my @sorted = grep { list(orderBy => $_, top => 2)->{status} == 200 } @columns;
    cmp_ok(scalar @sorted, '>', @columns / 2, 'most can be sorted by');
}

# ---------------------------------------------------------------- XML

$t->sql("UPDATE chat_session SET first_message = 'a<b>&\"c\"' WHERE id = 1");
my $feed = list(select => 'chatSessionId,firstMessage,chatTopic/name,duration', filter => 'chatSessionId eq 1', format => 'XML');
is($feed->{headers}{'content-type'}, 'application/xml; charset=utf-8', '8.7, OUT-7: $format is stronger than Accept');
like($feed->{content}, qr{^<\?xml version="1\.0" encoding="utf-8"\?><feed xmlns="http://www\.w3\.org/2005/Atom" .*<id>http://[^<]*/api/v1/ChatSession</id>}, '8.7: a list is a feed');
like($feed->{content}, qr{<d:PrimaryKey>1</d:PrimaryKey><d:EntityName>chat</d:EntityName><d:chatSessionId m:type="Edm.Int32">1</d:chatSessionId><d:firstMessage>a&lt;b&gt;&amp;"c"</d:firstMessage><d:chatTopic_name>}, '8.7: properties by safe names');
unlike($feed->{content}, qr{<link rel="next"}, '8.7: no link where there is nothing more');
like(list(format => 'xml', filter => 'rating xx 1')->{content}, qr{<Error\b}, 'errors are XML, too');
is(list(format => 'json', top => 1, headers => {Accept => 'application/xml'})->{headers}{'content-type'}, 'application/json; charset=utf-8', '$format=JSON');

# ---------------------------------------------------------------- every operator, against the database

my $req = "s.when_requested";
my $day = "'2024-03-04'";
$t->sql("UPDATE chat_session SET when_requested = timestamp '2024-03-01' + id * interval '7 hours', rating = id % 6,"
    . " when_started = timestamp '2024-03-01 00:00' + id * interval '7 hours' + id * interval '1 second' WHERE id <= 100;"
    . " UPDATE chat_session SET first_message = 'O''Neil 50%_x' WHERE id = 5; UPDATE chat_session SET first_message = 'HELLO help' WHERE id = 6;"
    . " UPDATE chat_session SET contact_id = NULL, customer_id = -1, first_message = '', when_requested = NULL WHERE id = 7");
my $span = 'extract(epoch FROM s.when_started - s.when_requested)';
my $person = 'EXISTS (SELECT FROM person p WHERE p.person_id = s.customer_id AND %s)';
my @conditions = (
    ['chatSessionId in (40,41)', 's.id IN (40, 41)'],
    ['CHATSESSIONID GE 40 and chatSessionId le 41', 's.id BETWEEN 40 AND 41'],
    ['rating eq 5 or rating eq 4 and chatSessionId gt 100', 's.rating = 5 OR (s.rating = 4 AND s.id > 100)'],
    ['(rating eq 5 or rating eq 4) and chatSessionId gt 50', 's.rating IN (4, 5) AND s.id > 50'],
    ['rating ne 3', 's.rating <> 3'], ['rating lt 3', 's.rating < 3'], ['rating <= 3', 's.rating <= 3'],
    ['rating between (2,4)', 's.rating BETWEEN 2 AND 4'], ['rating notOneOf (1,2)', 's.rating NOT IN (1, 2)'],
    ['rating isNull', 'false'], ['rating isNotNull', 'true'], ['rating equals [I:2]', 's.rating = 2'],
    ["firstMessage begins 'hel'", "s.first_message ILIKE 'hel%'"],
    ["firstMessage contains 'O\\'Neil'", "s.first_message ILIKE '%o''neil%'"],
    ["firstMessage contains 'O''Neil'", "s.first_message ILIKE '%o''neil%'"],
    ["firstMessage contains '%_'", "s.id = 5"], ["firstMessage contains '5_'", 'false'],
    ["firstMessage ends 'HELP'", "s.first_message ILIKE '%help'"],
    ["firstMessage notBegins 'hel'", "s.first_message NOT ILIKE 'hel%'"],
    ["firstMessage notContains 'e'", "s.first_message NOT ILIKE '%e%'"],
    ["firstMessage notEnds 'p'", "s.first_message NOT ILIKE '%p'"],
    ["firstMessage is ''", "s.first_message = ''"], ["firstMessage isNot ''", "s.first_message <> ''"],
    ["firstMessage isNull", "s.first_message = ''"],
    ["firstMessage eq 'hello HELP'", 's.id = 6'], ["firstMessage in ('hello help','x')", 's.id = 6'],
    ["firstMessage between ('h','i')", "lower(s.first_message) BETWEEN 'h' AND 'i'"],
    ["substringof('neil',text)", "s.first_message ILIKE '%neil%'"],
    ["contains(text,'neil') eq false", "s.first_message NOT ILIKE '%neil%'"],
    ["startswith(lastMessage,'t') eq true", "s.last_message ILIKE 't%'"],
    ['whenEnded isNull', 's.when_ended IS NULL'], ['whenEnded isNotNull', 's.when_ended IS NOT NULL'],
    ['status oneOf (4,5,6)', 's.status IN (4, 5, 6)'], ["status oneOf (InQueue)", 's.status = 4'],
    ["status notOneOf ('Finished')", 's.status <> 7'], ['status equals 7', 's.status = 7'], ['status ne 7', 's.status <> 7'],
    ['associateId currentAssociate', "s.user_id = (SELECT a.associate_id FROM associate a WHERE a.name = 'admin')"], ['agent associateIsOneOf (2,3)', 's.user_id IN (2, 3)'],
    ['associateId associateIsNotOneOf (2)', 's.user_id <> 2'], ['agent isNull', 's.user_id <= 0'],
    ['contactId eq 3', 's.contact_id = 3'], ['contactId ne 3', 's.contact_id IS DISTINCT FROM 3'],
    ['contactId isNull', 'coalesce(s.contact_id, 0) <= 0'], ['contactId notOneOf (3)', 's.contact_id IS DISTINCT FROM 3'],
    ['contactId eq 0', 'coalesce(s.contact_id, 0) = 0'],
    ['personId isNotNull', 's.customer_id > 0'], ['chatTopic/chatTopicId eq 2', 's.topic_id = 2'],
    ["chatTopic/name eq 'billing'", 's.topic_id = 2'],
    ["person/firstName begins 'a'", sprintf $person, "p.firstname ILIKE 'a%'"],
    ["person/firstName notBegins 'a'", 'NOT ' . sprintf $person, "p.firstname ILIKE 'a%'"],
    ["person/firstName is ''", 'NOT ' . sprintf $person, "p.firstname <> ''"],
    ["person/retired set false", 'NOT ' . sprintf $person, 'p.retired <> 0'],
    ["person/retired ne false", sprintf $person, 'p.retired <> 0'],
    ['person/rank ge 1', sprintf $person, 'p.rank >= 1'],
    ['contact/name eq 3', 's.contact_id = 3'],
    ['contact/postAddress/wgs84latitude gt 59.5', 'EXISTS (SELECT FROM contact c WHERE c.contact_id = s.contact_id AND c.wgs84latitude > 59.5)'],
    ['timeInQueue gt 30', "$span > 30"], ['timeInQueue isNull', "$span IS NULL"], ['timeInQueue le [TS:30]', "$span <= 30"],
    ['timeInQueue ne 30', "$span IS DISTINCT FROM 30"],
    ["whenRequested afterTime '2024-03-04T01:00:00'", "$req >= '2024-03-04 01:00'"],
    ["whenRequested beforeTime '2024-03-04T01:00:00'", "$req < '2024-03-04 01:00'"],
    ["whenRequested dateTime '2024-03-02T04:00:00'", "$req = '2024-03-02 04:00'"],
    ["whenRequested before $day", "$req < $day"], ["whenRequested date $day", "${req}::date = $day"],
    ["whenRequested after $day", "${req}::date > $day"], ["whenRequested from $day", "${req}::date >= $day"],
    ["whenRequested to $day", "${req}::date <= $day"], ["whenRequested beforeOrEqual $day", "${req}::date <= $day"],
    ["date equals '2024-03-04T23:00:00'", "${req}::date = $day"],
    ["whenRequested dateBetween ('2024-03-02',$day)", "${req}::date BETWEEN '2024-03-02' AND $day"],
    ["whenRequested between ('2024-03-02','2024-03-03')", "${req}::date BETWEEN '2024-03-02' AND '2024-03-03'"],
    ["whenRequested lt $day", "$req < $day"], ["whenRequested ge $day", "$req >= $day"], ["whenRequested ne $day", "$req IS DISTINCT FROM $day"],
    ["whenRequested le '2024-03-02T04:00:00'", "$req <= '2024-03-02 04:00'"], ["whenRequested gt '2024-03-02T04:00:00'", "$req > '2024-03-02 04:00'"],
    ["whenRequested eq '2024-03-02T04:00:00'", "$req = '2024-03-02 04:00'"],
    ['whenRequested today', "${req}::date = (now() AT TIME ZONE 'UTC')::date"],
    ['date beforeToday', "${req}::date < (now() AT TIME ZONE 'UTC')::date"], ['date afterToday', "${req}::date > (now() AT TIME ZONE 'UTC')::date"],
    ['date thisPeriod week', "date_trunc('week', $req) = date_trunc('week', now() AT TIME ZONE 'UTC')"],
    ['date thisMonth', "date_trunc('month', $req) = date_trunc('month', now() AT TIME ZONE 'UTC')"],
    ['date previousPeriod 2 month', "date_trunc('month', $req) BETWEEN date_trunc('month', now() AT TIME ZONE 'UTC') - interval '2 month' AND date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month'"],
    ['this(date,year)', "date_trunc('year', $req) = date_trunc('year', now() AT TIME ZONE 'UTC')"],
    ['getAllRows=true', 'true'], ['getNoRows=true', 'false'], ['', 'true'],
);
for my $condition (@conditions) {
    my ($filter, $where) = @$condition;
    is(ids(list(filter => $filter, select => 'rating')), sql_ids($where), "finds what the database does: $filter");
}
is(list(filter => 'chatSessionId eq 7', select => 'personId')->{json}{value}[0]{personId}, 0, 'nobody is 0');
for my $wrong ('nosuch eq 1', 'rating eq', 'rating xx 1', 'not rating eq 1', '(rating eq 1') {
    my $refused = list(filter => $wrong);
    is($refused->{status}, 400, "9.6: $wrong");
    is($refused->{json}{ErrorType}, 'ArgumentException', 'FILT-9: is an error of its argument');
    like($refused->{json}{Message}, qr/character \d+/, 'which says where');
}

# ---------------------------------------------------------------- parameters

my @parameters = (
    [{top => 0}, 200], [{top => -1}, 400], [{top => 'x'}, 400], [{top => '1e3'}, 400], [{skip => -1}, 400], [{skip => '1.5'}, 400],
    [{skip => 2147483647}, 200], [{skip => 2147483648}, 400], [{mode => 'SLIM'}, 200], [{mode => 'fat'}, 400], [{output => 'Display'}, 200],
    [{output => 'x'}, 400], [{jsonSafe => 'maybe'}, 400], [{format => 'yaml'}, 400], [{orderBy => 'duration'}, 400], [{orderBy => 'nosuch'}, 400],
    [{select => 'Sum(rating)'}, 200], [{select => 'Sum(firstMessage)'}, 400], [{select => 'Max(rating)'}, 400], [{mode => 'full'}, 200], [{mode => 'WIDE'}, 200], [{skiptoken => 'x'}, 400], [{options => 'GrandTotal=true', context => 'x'}, 200],
);
is(list(%{$_->[0]})->{status}, $_->[1], 'PAGE-3 8.1: ' . join ' ', %{$_->[0]}) for @parameters;
is(ids(list(top => 0)), '', 'PAGE-3: no rows at all');
is(ids(list(skip => 1000000)), '', 'PAGE-4: behind the end');
is($t->get(lc($all) . '/?$SELECT=rating&$TOP=1')->{status}, 200, 'SURF-4 SURF-6: in any case');
is($t->get($all, user => 'nobody')->{status}, 403, 'a user who is not known is told so, not shown an empty list');
is($t->get($all, user => undef)->{status}, 401, 'nobody is asked who he is');

# ---------------------------------------------------------------- paging

sub pages {
    my ($path, $each) = @_;
    my (@ids, $count);
    for ($count = 0; $path && $count < 500; $count++) {
        my $page = $t->get($path);
        return "page $count: $page->{status} $page->{content}" if $page->{status} != 200;
        push @ids, map { $_->{PrimaryKey} } @{$page->{json}{value}};
        $path = $page->{json}{'odata.nextLink'};
        $each->($count) if $each;
    }
    return ($count, @ids);
}

my $p = ChatSession::Test->new(database => 'empty', more => 1, user => 'admin', conf => "ChatSessionPageSize 10\nChatSessionMaxRows 25\n")->run;
$p->sql("INSERT INTO chat_session (status, rating, first_message, when_requested, contact_id) SELECT 7, n % 4, repeat(chr(97 + n % 5), n % 40),"
    . " CASE WHEN n % 3 = 0 THEN NULL ELSE timestamp '2024-03-01' + n % 7 * interval '1 hour' END, NULLIF(n % 6, 0) FROM generate_series(1, 300) n;"
    . " INSERT INTO contact (contact_id, name) SELECT n, 'C' || n FROM generate_series(1, 4) n");
{
    my $old = $t;
    $t = $p;
    my %sorted = (
        '' => 'id', 'chatSessionId desc' => 'id DESC', 'rating' => 'rating, id', 'rating desc' => 'rating DESC, id DESC',
        'rating desc,whenRequested' => "rating DESC, coalesce(when_requested, '-infinity'), id",
        'whenRequested desc,rating' => "coalesce(when_requested, '-infinity') DESC, rating, id",
        'firstMessage,rating desc' => 'first_message, rating DESC, id DESC',
        'contact/name desc' => "coalesce((SELECT c.name FROM contact c WHERE c.contact_id = s.contact_id), '') DESC, id DESC",
        'timeInQueue,icon,type desc,agent desc' => 'id DESC',
    );
    for my $order (sort keys %sorted) {
        my ($count, @ids) = pages(url(select => 'rating', ($order ? (orderBy => $order) : ())));
        is($count, 30, "PAGE-1 R-12: 300 rows are 30 pages ($order)");
        is(join(',', @ids), join(',', split ' ', $p->sql("SELECT id FROM chat_session s ORDER BY $sorted{$order}")), "PAGE-7: in the order of $order");
    }
    my ($count, @ids) = pages(url(top => 60, select => 'rating', filter => 'rating ne 9', orderBy => 'rating'));
    is("$count " . @ids, '3 60', 'PAGE-6 R-12: more than the server gives at once is cut, and continued up to $top');
    is(list(top => 25)->{json}{'odata.nextLink'}, undef, 'PAGE-6: a page as long as $top has no next');
    like(list(format => 'xml')->{content}, qr{<link rel="next" href="http://[^"]+/ChatSession\?\$format=xml&amp;\$skiptoken=\w+"/><entry>}, '8.7: the link to the next page');
    is(list(top => 7)->{json}{'odata.nextLink'}, undef, 'PAGE-5: null');
    ($count, @ids) = pages(url(skip => 295));
    is("$count @ids", '1 296 297 298 299 300', '$skip');
    ($count, @ids) = pages(url(skip => 280, select => 'rating'));
    is("$count " . @ids, '2 20', '$skip counts once');

    # Rows come and go while somebody reads.
    ($count, @ids) = pages(url(select => 'rating', orderBy => 'rating'), sub {
        $p->sql('INSERT INTO chat_session (rating) VALUES (0), (3); DELETE FROM chat_session WHERE id = 1000') if $_[0] < 20;
    });
    my %seen;
    $seen{$_}++ for @ids;
    is(join(' ', grep { $seen{$_} > 1 } keys %seen), '', 'no row comes twice while rows are added');
    is(join(' ', grep { !$seen{$_} } 1 .. 300), '', 'and none that was there is missed');
    $p->sql('DELETE FROM chat_session WHERE id > 300');

    # A sort value that is too long for a link.
    $p->sql("UPDATE chat_session SET first_message = repeat('\N{U+1F600}', 1000) || id");
    ($count, @ids) = pages(url(select => 'rating', orderBy => 'firstMessage,lastMessage', filter => "firstMessage notContains '" . 'x' x 2000 . "'"));
    is("$count " . @ids, '30 300', 'links that would be too long count rows instead');
    $t = $old;
}

# ---------------------------------------------------------------- statements hold nothing of the sender's

$p->cluster->sql('postgres', "ALTER SYSTEM SET log_statement = 'all'");
$p->cluster->sql('postgres', 'SELECT pg_reload_conf()');
{
    my $old = $t;
    $t = $p;
    my $file = corpus_path('corpora', 'hostile-requests', 'cases.json');
    my @cases = $file ? grep { $_->{slot} =~ /^query\./ && defined $_->{value} } @{JSON::PP->new->utf8->decode(slurp($file))} : ();
    push @cases, map { {slot => 'query.$filter', value => escaped($_)} } "firstMessage eq 'zzattackerzz'", "contact/name in ('zzattackerzz',\"zzattackerzz\")",
        "rating eq 1 and zzattackerzz eq 2", "firstMessage contains '\$1zzattackerzz'";
    push @cases, map { {slot => 'query.$orderBy', value => escaped($_)} } 'zzattackerzz', 'rating zzattackerzz';
    push @cases, {slot => 'query.$select', value => 'zzattackerzz,rating'}, {slot => 'query.$entities', value => 'zzattackerzz'};
    for my $case (@cases) {
        my ($name) = $case->{slot} =~ /^query\.(.+)/;
        utf8::encode(my $value = $case->{value});
        my $answer = $p->raw("GET $all?$name=$value HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " . ChatSession::Test::basic('admin') . "\r\n\r\n");
        unlike($answer, qr{^HTTP/1\.1 5}, "$case->{slot} does no harm");
    }
    $t = $old;
}
my %statement;
for my $line (split /\n/, slurp($p->cluster->log_file)) {
    $statement{$1}++ if $line =~ /execute [^:]+: (SELECT list\.key.*)/;
}
cmp_ok(scalar keys %statement, '>', 3, 'lists are in the log of the database');
cmp_ok(scalar keys %statement, '<', 60, 'in few statements');
is(join(' ', grep { /zzattackerzz|rolpassword|pg_sleep|drop|true--|pg_authid/i } keys %statement), '', 'which hold nothing of the sender\'s');

# ---------------------------------------------------------------- plans

$t->sql("INSERT INTO chat_session (topic_id, user_id, customer_id, contact_id, status, when_requested, when_started, when_ended)"
    . " SELECT n % 200, n % 300, n % 9000, n % 5000, CASE WHEN n % 500 = 0 THEN 4 ELSE 7 END, timestamp '2020-01-01' + n * interval '15 minutes',"
    . " timestamp '2020-01-01' + n * interval '15 minutes', timestamp '2020-01-01' + n * interval '16 minutes' FROM generate_series(1, 100000) n");
$t->sql('ANALYZE chat_session');
$t->cluster->stop('fast');
$t->cluster->start(session_preload_libraries => 'auto_explain', 'auto_explain.log_min_duration' => 0);
wait_for(20, sub { list(top => 1)->{status} == 200 });
for my $filter ('status eq 4', 'status eq InQueue and chatTopic/chatTopicId eq 100', 'chatTopic/chatTopicId eq 17', 'agent eq 33', 'associateId associateIsOneOf (33)',
    'personId eq 700', 'contactId oneOf (700,701)', "whenRequested date '2020-05-05'", "date between ('2020-05-05','2020-05-06')",
    "whenStarted date '2020-05-05'", "whenEnded afterTime '2023-01-01T00:00:00'", 'chatSessionId gt 99900') {
    my $start = -s $t->cluster->log_file;
    my $rows = list(filter => $filter, select => 'rating', top => 50);
    is($rows->{status}, 200, "$filter is answered");
    my $plan = '';
    wait_for(5, sub { $plan = substr slurp($t->cluster->log_file), $start; $plan =~ /Query Text: SELECT list\.key.*?\n(?:.*\n)*?.*chat_session/ });
    unlike($plan, qr/Seq Scan on chat_session/, 'without reading all of the table') or diag($plan);
    like($plan, qr/Index (?:Only )?Scan (?:using|on) chat_session|Index Scan Backward using chat_session/, 'by an index');
}
my $start = -s $t->cluster->log_file;
my $far = list(select => 'rating', top => 100, orderBy => 'whenRequested', skiptoken => encode_token('n638668800000000;n90000;'));
is($far->{status}, 200, 'a page deep in the list');
my $plan = '';
wait_for(5, sub { $plan = substr slurp($t->cluster->log_file), $start; $plan =~ /Query Text: SELECT caller[^\n]*\n(?:.*\n)*?.*chat_session/ });
like($plan, qr/Index Scan using chat_session_by_requested/, 'begins where the index says, and reads one page');
unlike($plan, qr/Sort.*\n.*Seq Scan on chat_session/, 'without sorting all');

sub encode_token { require MIME::Base64; return MIME::Base64::encode_base64($_[0], '') =~ tr{+/}{-_}r =~ s/=+$//r }

$p->done;
$t->expect_log(qr/db\.(?:lost|unavailable)|CS\d+/)->done;
done_testing;
