#!/usr/bin/perl
# Figures of a list, its full form, archives with their columns, and whose sessions a list shows.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(database => 'empty', more => 1, user => 'admin', conf => "ChatSessionTimeZone Europe/Oslo\n")->run;
my $all = '/api/v1/ChatSession';

sub escaped { return $_[0] =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger }
sub query { my (%p) = @_; return join '&', map { '$' . $_ . '=' . escaped($p{$_}) } sort keys %p }
sub list { my ($path, %p) = @_; my %o = (headers => delete $p{headers} // {}, user => delete $p{user} // 'admin'); return $t->get("$path?" . query(%p), %o) }

# A row as "kind:key|value|value", values in the order of the columns, those that are not there left out.
sub rows {
    my ($answer, @names) = @_;
    return "$answer->{status} $answer->{content}" if $answer->{status} != 200;
    return join ' / ', map { my $row = $_; join '|', "$row->{EntityName}#$row->{PrimaryKey}", map { exists $row->{$_} ? $row->{$_} // '' : () } @names } @{$answer->{json}{value}};
}
sub figures { my ($select, %p) = @_; return rows(list($all, select => $select, %p), split /;/, delete $p{names} // $select =~ s/,(?!(?:Header|Footer|HideDetail|\d))/;/gr) }

$t->sql("UPDATE associate SET is_admin = name = 'admin'; INSERT INTO chat_topic (id, name) VALUES (1, 'Sales'), (2, 'Support'), (3, 'Nobody');"
    . " INSERT INTO chat_topic_user (topic_id, user_id, can_respond, can_listen, manager, notifications) VALUES (1, 1, true, false, false, false), (2, 2, false, true, false, false),"
    . " (1, 3, false, false, false, false), (2, 3, false, false, true, false);"
    . " INSERT INTO person (person_id, firstname, lastname, rank) VALUES (1, 'Jane', 'Doe', 1), (2, 'Billy', 'Doe', 2);"
    . " INSERT INTO chat_session (id, topic_id, user_id, customer_id, status, rating, first_message, when_requested, when_started, when_ended) VALUES"
    . " (1, 1, 1, 1, 7, 1, 'Hello', '2024-01-30 10:00', '2024-01-30 10:00:30', '2024-01-30 10:10:30'),"
    . " (2, 1, 1, 2, 7, 2, 'help', '2024-02-29 23:30', '2024-02-29 23:31', '2024-02-29 23:51'),"
    . " (3, 2, 2, 2, 7, 3, '', '2024-03-31 01:30', '2024-03-31 01:32', '2024-03-31 03:32'),"
    . " (4, 2, 2, -1, 4, 4, 'hi', '2024-12-30 08:00', NULL, NULL),"
    . " (5, 2, -1, -1, 4, 5, 'hi', NULL, NULL, NULL),"
    . " (6, 0, -1, -1, 0, 6, 'lost', NULL, NULL, NULL)");

# ---------------------------------------------------------------- figures

my @figures = (
    ['GroupBy(status):Footer,HideDetail,CountAll(chatSessionId)', {}, 'footer:1#1|Invalid|1 / footer:1#2|InQueue|2 / footer:1#3|Finished|3'],
    ['GroupBy(status):Header,HideDetail,CountAll(chatSessionId)', {orderBy => 'status desc'}, 'header:1#1|Finished|3 / header:1#2|InQueue|2 / header:1#3|Invalid|1'],
    ['GroupBy(chatTopic/name):HideDetail,Sum(rating)', {orderBy => 'Sum(rating) desc'}, 'footer:1#1|Support|12 / footer:1#2||6 / footer:1#3|Sales|3'],
    ['GroupBy(chatTopic/name):HideDetail,Sum(rating)', {orderBy => 'GroupBy(chatTopic/name):HideDetail desc', top => 2}, 'footer:1#1|Support|12 / footer:1#2|Sales|3'],
    ['GroupBy(agent):HideDetail,Count(personId),CountAll(personId)', {}, 'footer:1#1||0|0 / footer:1#2|Anna Vik|2|2 / footer:1#3|Otto Lind|1|1'],
    ['Count(personId):HideDetail,CountAll(whenEnded):HideDetail,Avg(rating):HideDetail,Sum(rating):HideDetail,Median(rating):HideDetail,GroupBy(type):HideDetail', {options => 'GrandTotal=true'},
        'footer:1#1|2|3|3.5|21|3.5|Chat / grandtotal#1|2|3|3.5|21|3.5'],
    ['GroupBy(DatePart(whenRequested):YearMonth):Footer,HideDetail,CountAll(chatSessionId)', {},
        'footer:1#1|2024/01|1 / footer:1#2|2024/02|1 / footer:1#3|2024/03|1 / footer:1#4|2024/12|1 / footer:1#5||2'],
    ['GroupBy(DatePart(date):YearMonth):HideDetail,CountAll(chatSessionId)', {headers => {'SO-TimeZone' => 'Europe/Helsinki'}},
        'footer:1#1|2024/01|1 / footer:1#2|2024/03|2 / footer:1#3|2024/12|1 / footer:1#4||2'],
    ['rating,Sum(rating),Count(personId),CountAll(firstMessage):HideDetail', {filter => 'chatTopic/chatTopicId eq 2', options => 'GRANDTOTAL=TRUE'},
        'chat#3|3|3|1 / chat#4|4|7|1 / chat#5|5|12|1 / grandtotal#1|12|1|2'],
    ['rating,Sum(rating),CountAll(firstMessage),GroupBy(status):Header,Footer', {filter => 'rating ge 3', orderBy => 'rating desc'},
        'header:1#1|6|1|Invalid / chat#6|6|6|1 / footer:1#1|6|1|Invalid / header:1#2|9|2|InQueue / chat#5|5|5|1 / chat#4|4|9|2 / footer:1#2|9|2|InQueue'
        . ' / header:1#3|3|0|Finished / chat#3|3|3|0 / footer:1#3|3|0|Finished'],
    ['GroupBy(chatTopic/name):Header,Footer,1,GroupBy(status):Header,Footer,2,CountAll(chatSessionId):HideDetail,Avg(rating)', {filter => 'rating between (2,4)', options => 'GrandTotal=True'},
        'header:1#1|Sales|1|2 / header:2#2|Finished|1|2 / chat#2|2 / footer:2#1|Finished|1|2 / footer:1#2|Sales|1|2'
        . ' / header:1#3|Support|2|3.5 / header:2#4|InQueue|1|4 / chat#4|4 / footer:2#3|InQueue|1|4 / header:2#5|Finished|1|3 / chat#3|3 / footer:2#4|Finished|1|3 / footer:1#5|Support|2|3.5 / grandtotal#1|3|3'],
    ['GroupBy(status):HideDetail,Sum(duration),Avg(timeInQueue),Percent(rating)', {filter => 'status ne 0'},
        'footer:1#1|InQueue|00:00:00||60 / footer:1#2|Finished|02:30:00|00:01:10|40'],
    ['GroupBy(status):Footer,HideDetail,CountAll(chatSessionId)', {filter => 'rating gt 100', options => 'GrandTotal=true'}, 'grandtotal#1|0'],
    ['GroupBy(status):Footer,HideDetail,CountAll(chatSessionId)', {filter => 'rating gt 100'}, ''],
    ['Count(rating):HideDetail:Footer,GroupBy(status)', {filter => 'status eq 4'}, 'chat#4 / chat#5 / footer:1#1|2|InQueue'],
    ['DatePart(whenRequested):ISODate', {filter => 'chatSessionId le 2'}, 'chat#1|2024-01-30 / chat#2|2024-02-29'],
);
is(figures($_->[0], %{$_->[1]}), $_->[2], "LIST-14: $_->[0]") for @figures;
my %parts = (Year => '2024|2024', Quarter => '1|4', Month => '3|12', Day => '31|30', DayOfYear => '91|365', DayOfWeek => '0|1', DayOfWeekFromMonday => '7|1', Hour => '1|8', Weekno => '13|1',
    YearMonth => '2024/03|2024/12', YearWeekno => '2024/13|2025/01', YearQuarter => '2024/1|2024/4', YearWeekAsISODate => '2024-03-25|2024-12-30', ISODate => '2024-03-31|2024-12-30', ISODateHour => '2024-03-31T01|2024-12-30T08');
for my $part (sort keys %parts) {
    my $name = "DatePart(whenRequested):$part";
    is(join('|', map { $_->{$name} } @{list($all, select => $name, filter => 'chatSessionId in (3,4)')->{json}{value}}), $parts{$part}, "LIST-14: $name");
}
is(list($all, select => 'GroupBy(status):HideDetail,Count(rating)', top => 2, jsonSafe => 'true')->{json}{value}[0]{'GroupBy_status__HideDetail'}, 'Invalid', '$jsonSafe of a function');
is(list($all, select => $_)->{status}, 400, "LIST-14: $_") for 'Max(rating)', 'Sum(firstMessage)', 'GroupBy(nosuch)', 'Median(rating)', 'Weighted(rating;rating)', 'GroupBy(rating', 'DatePart(date)';
like(list($all, select => 'GroupBy(status):Footer,HideDetail,CountAll(chatSessionId)', format => 'xml', options => 'GrandTotal=true')->{content},
    qr{<d:EntityName>footer:1</d:EntityName><d:GroupBy_status__Footer_HideDetail>Invalid</d:GroupBy_status__Footer_HideDetail><d:CountAll_chatSessionId_ m:type="Edm.Int32">1</d:CountAll_chatSessionId_>}, '8.7: figures in a feed');

# ---------------------------------------------------------------- whose

my $count = 'CountAll(chatSessionId)';
for my $case (['admin', '1 2 3 4 5 6', 6], ['anna', '1 2', 2], ['otto', '3 4 5', 3], ['mia', '3 4 5', 3]) {
    my ($user, $ids, $number) = @$case;
    is(join(' ', map { $_->{PrimaryKey} } @{list($all, user => $user)->{json}{value}}), $ids, "R-22 PAGE-9: what $user may see");
    is(rows(list($all, user => $user, select => "GroupBy(type):HideDetail,$count"), $count), "footer:1#1|$number", 'and count');
    is(list('/api/v1/Archive/ChatSession', user => $user, inlineCount => 'True', top => 1)->{json}{'odata.count'}, $number, 'PAGE-8: and is told');
    is(list("/api/v1/ChatTopic/1/Sessions", user => $user)->{status}, $user =~ /admin|anna/ ? 200 : 404, 'R-22: of a topic');
}
is(join(' ', map { $_->{PrimaryKey} } @{list('/api/v1/ChatTopic/2/Sessions', filter => 'rating ge 4', orderBy => 'rating desc')->{json}{value}}), '5 4', 'the sessions of a topic');
is(join(' ', map { $_->{PrimaryKey} } @{list('/api/v1/ChatTopic/2/Sessions', filter => 'rating eq 1 or rating eq 4')->{json}{value}}), '4', 'which no filter widens');
is_deeply(list('/api/v1/ChatTopic/3/Sessions')->{json}{value}, [], 'a topic without sessions');
my $unknown = list('/api/v1/ChatTopic/9/Sessions');
is("$unknown->{status} $unknown->{json}{Code}", '404 topic.unknown', 'a topic that there is not');
is(list('/api/v1/ChatTopic/1/Sessions', user => 'otto')->{json}{Code}, 'topic.unknown', 'or that he may not see');
is(rows(list('/api/v1/ChatTopic/2/Sessions', select => "GroupBy(status):HideDetail,$count"), $count), 'footer:1#1|2 / footer:1#2|1', 'figures of a topic');

# ---------------------------------------------------------------- full

my $full = list($all, mode => 'full', select => 'chatSessionId,firstMessage,status,agent,whenRequested,date,timeInQueue,person/rank,person/retired,personId', filter => 'chatSessionId in (1,6)');
is_deeply($full->{json}{value}[0], {
    PrimaryKey => 1, EntityName => 'chat', StyleHint => '', LinkHint => 'nav=chat&chat_session_id=1', TableRight => {Mask => 1, Reason => ''},
    Column => {map { $_->[0] => {RawValue => $_->[1], DisplayValue => $_->[2], LinkHint => '', TooltipHint => ''} }
        ['chatSessionId', 1, '[I:1]'], ['firstMessage', 'Hello', 'Hello'], ['status', 7, 'Finished'], ['agent', 1, 'Anna Vik'], ['whenRequested', '2024-01-30T10:00:00', '[DT:01/30/2024 10:00:00]'],
        ['date', '2024-01-30T10:00:00', '[D:01/30/2024]'], ['timeInQueue', 30, '[TS:30]'], ['person/rank', 1, '[I:1]'], ['person/retired', JSON::PP::false, '[B:0]'], ['personId', 1, '[I:1]']},
}, 'FULL-1 FULL-2 FULL-3 FULL-4: all of a row');
like($full->{content}, qr/"PrimaryKey":1,.*"Mask":1,/, 'FULL-2: numbers');
is_deeply([map { $full->{json}{value}[1]{Column}{$_}{DisplayValue} } 'agent', 'whenRequested', 'timeInQueue', 'person/rank'], ['', '', '', ''], 'nothing is shown as nothing');
is(join(',', sort keys %{$full->{json}}), 'odata.metadata,odata.nextLink,value', 'FULL-5: around it as in slim');
is_deeply(list($all, mode => 'Wide', select => 'rating', top => 1)->{json}, list($all, mode => 'FULL', select => 'rating', top => 1)->{json}, '8.5: wide is full');
my $group = list($all, mode => 'full', select => 'GroupBy(agent):HideDetail,Count(personId)', filter => 'chatSessionId eq 1')->{json}{value}[0];
is(join('|', map { $group->{Column}{'GroupBy(agent):HideDetail'}{$_} } qw(RawValue DisplayValue)) . "|$group->{EntityName}|$group->{LinkHint}", '1|Anna Vik|footer:1|', 'a group in full');
like(list($all, mode => 'full', format => 'xml', select => 'rating', filter => 'chatSessionId eq 1')->{content},
    qr{<d:PrimaryKey m:type="Edm.Int32">1</d:PrimaryKey>.*<d:TableRight><d:Mask m:type="Edm.Int32">1</d:Mask><d:Reason></d:Reason></d:TableRight><d:Column><d:rating><d:RawValue m:type="Edm.Int32">1</d:RawValue><d:DisplayValue>\[I:1\]</d:DisplayValue>},
    '8.7: full mode in XML');
is(list($all, output => 'Display', select => 'person/retired', filter => 'chatSessionId eq 1')->{json}{value}[0]{'person/retired'}, '[B:0]', '8.1: $output=Display shows booleans as full mode does');

# ---------------------------------------------------------------- archives

my $archives = $t->get('/api/v1/Archive')->{json};
is_deeply($archives->{value}, [{name => 'ChatSession', url => $t->base . '/api/v1/Archive/ChatSession'}], 'LIST-13: what can be listed');
my $metadata = $t->get('/api/v1/Archive/ChatSession/$metadata');
is(join(',', sort keys %{$metadata->{json}{status}}), 'CanOrderBy,CanRestrictBy,DisplayName,DisplayTooltip,DisplayType,ExtraInfo,HeadingIconHint,IconHint,IsVisible,Name,RestrictionListName,RestrictionType,Width', 'LIST-12: what is told of a column');
is($metadata->{json}{status}{RestrictionListName}, 'chatsessionstatus', 'LIST-12: its list');
is_deeply([@{$metadata->{json}{getNoRows}}{qw(DisplayType IsVisible)}], ['checkbox', JSON::PP::false], 'LIST-12: switches');
is($t->get($_)->{content}, $metadata->{content}, "LIST-12: $_") for '/api/v1/Archive/ChatSession$metadata', '/api/v1/ChatSession/$metadata', '/api/v1/archive/chatsession%24metadata',
    $archives->{'odata.metadata'} =~ s{^http://[^/]+}{}r, list($all)->{json}{'odata.metadata'} =~ s{^http://[^/]+}{}r;
for my $name (sort keys %{$metadata->{json}}) {
    my $column = $metadata->{json}{$name};
    next if $name =~ /^get/;
    my $got = list($all, select => $name, mode => 'full', top => 2);
    is($got->{status}, 200, "$name can be read");
    is(list($all, orderBy => $name, top => 1)->{status}, $column->{CanOrderBy} ? 200 : 400, 'LIST-6: and sorted by, if it says so');
    is(list($all, filter => "$name isNull", top => 1)->{status}, $column->{CanRestrictBy} ? 200 : 400, 'and filtered by');
}
sub form { my (%p) = @_; return $t->request('POST', '/api/v1/Archive/ChatSession' . (delete $p{url} // ''), headers => {'Content-Type' => 'application/x-www-form-urlencoded'}, content => query(%p)) }
is(form(filter => 'rating ge 5', select => 'rating', inlineCount => 'True')->{content} =~ s/"odata\.metadata":"[^"]+",//r,
    '{"odata.count":"2","odata.nextLink":null,"value":[{"PrimaryKey":"5","EntityName":"chat","rating":5},{"PrimaryKey":"6","EntityName":"chat","rating":6}]}', 'FORM-2 PAGE-8: the parameters as a form');
is($t->request('POST', '/api/v1/Archive/ChatSession', headers => {'Content-Type' => 'application/json'}, content => '{"$filter":"rating ge 5","$top":1}')->{json}{value}[0]{PrimaryKey}, 5, 'or as JSON');
is(scalar @{$t->request('POST', '/api/v1/Archive/ChatSession')->{json}{value}}, 6, 'or none');
is(form(filter => 'rating xx 5')->{status}, 400, 'what is wrong in a form is told');
is($t->request('POST', '/api/v1/Archive/ChatSession', headers => {'Content-Type' => 'application/json'}, content => '{"$filter":["rating ge 5"]}')->{status}, 400, 'a list is no filter');
is(list('/api/v1/Archive/ChatSession', inlineCount => 'False')->{json}{'odata.count'}, undef, 'PAGE-8: not asked for');
is(list('/api/v1/Archive/ChatSession', inlineCount => 'often')->{status}, 400, 'PAGE-8: no such word');
is(list($all, inlineCount => 'True')->{json}{'odata.count'}, undef, 'PAGE-8: on archives alone');
is(list('/api/v1/Archive/ChatSession', inlineCount => 'AllPages', filter => 'chatTopic/name eq support', top => 1)->{json}{'odata.count'}, 3, 'PAGE-8: of all pages');
my $atom = $t->get("$all?" . query(top => 1), headers => {Accept => 'application/atom+xml'});
is($atom->{headers}{'content-type'}, 'application/atom+xml; charset=utf-8', '8.7: a feed by its own type');
like($atom->{content}, qr{<feed xmlns="http://www.w3.org/2005/Atom"}, '8.7: which it is');
my $fault = $t->get("$all?" . query(filter => 'x'), headers => {Accept => 'application/atom+xml'});
is($fault->{headers}{'content-type'}, 'application/xml; charset=utf-8', 'what is wrong is no feed');
is($t->get("$all/1", headers => {Accept => 'application/atom+xml'})->{headers}{'content-type'}, 'application/json; charset=utf-8', 'nor is a session');

# Pages of a form that is too long for a link.
$t->sql("INSERT INTO chat_session (id, topic_id, status, rating, first_message) SELECT n, 1, 7, 7, 'x' FROM generate_series(101, 120) n");
{
    my ($path, @ids) = ('');
    my $long = join ' or ', map { "firstMessage eq '" . 'x' x $_ . "'" } 1 .. 150;
    for (1 .. 5) {
        my $page = form(filter => $long, select => 'rating', url => $path, ($path ? () : (top => 100000)));
        last if !is($page->{status}, 200, 'a page of it');
        push @ids, map { $_->{PrimaryKey} } @{$page->{json}{value}};
        last if !$page->{json}{'odata.nextLink'};
        ($path) = $page->{json}{'odata.nextLink'} =~ m{ChatSession(\?.*)};
    }
    is(scalar @ids, 20, 'all of it');
}
$t->done;

my $p = ChatSession::Test->new(database => 'empty', more => 1, user => 'admin', conf => "ChatSessionPageSize 6\nChatSessionMaxRows 6\n")->run;
$p->sql("INSERT INTO chat_session (id, topic_id, status, rating, first_message) SELECT n, 1, 7, n % 10, 'x' FROM generate_series(1, 20) n");
{
    my $long = join ' or ', map { "firstMessage eq '" . 'x' x $_ . "'" } 1 .. 150;
    my $send = sub { my ($url, %p) = @_; return $p->request('POST', $url, headers => {'Content-Type' => 'application/x-www-form-urlencoded'}, content => query(%p)) };
    my ($url, @ids) = ('/api/v1/Archive/ChatSession');
    for (1 .. 9) {
        my $page = $send->($url, filter => $long, select => 'rating', orderBy => 'rating');
        push @ids, map { $_->{PrimaryKey} } @{$page->{json}{value}};
        $url = $page->{json}{'odata.nextLink'} or last;
        $url =~ s{^http://[^/]+}{};
        is($p->get($url)->{status}, 400, 'FORM-2: a link without its form leads nowhere') if @ids == 6;
        is($send->($url, filter => 'rating eq 1', orderBy => 'rating')->{json}{Code}, 'query.skip-token', 'FORM-2: nor with another') if @ids == 6;
    }
    is("@ids", join(' ', split ' ', $p->sql('SELECT id FROM chat_session ORDER BY rating, id')), 'FORM-2: pages of a form that is too long for a link');
    ($url, @ids) = ('/api/v1/Archive/ChatSession');
    my $short = $send->($url, filter => "firstMessage eq 'x'", orderBy => 'rating', select => 'rating')->{json}{'odata.nextLink'} =~ s{^http://[^/]+}{}r;
    is(join(' ', map { $_->{PrimaryKey} } @{$p->get($short)->{json}{value}}), join(' ', (split ' ', $p->sql('SELECT id FROM chat_session ORDER BY rating, id'))[6 .. 11]), 'one that is short is in the link');
    my ($path, $rows) = ("$all?" . query(select => 'GroupBy(rating):Footer,HideDetail,CountAll(chatSessionId)'), '');
    for (1 .. 4) {
        my $page = $p->get($path)->{json};
        $rows .= join '', map { "$_->{'GroupBy(rating):Footer,HideDetail'}=$_->{'CountAll(chatSessionId)'} " } @{$page->{value}};
        $path = ($page->{'odata.nextLink'} // last) =~ s{^http://[^/]+}{}r;
    }
    is($rows, join('', map { "$_=2 " } 0 .. 9), 'pages of groups');
}
$p->done;
done_testing;
