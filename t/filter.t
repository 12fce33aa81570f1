#!/usr/bin/perl
# Every operator on a column of every type, each against the rows themselves: this test decides which of them fit.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use List::Util qw(min max);
use POSIX ();
use Test::More;
use Time::Local qw(timegm);
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(database => 'empty', user => 'admin', conf => "ChatSessionTimeZone Europe/Oslo\nChatSessionMaxRows 1000\n")->run;
$t->sql("INSERT INTO contact (contact_id, name, category_name, wgs84latitude) VALUES (1, 'Vik', 'Customer', 59.5), (2, 'Fjord', 'Partner', 0), (3, '2', '', -1.25);"
    . " INSERT INTO person (person_id, firstname, activeinterests) VALUES (1, 'Kari', 3), (2, 'Ola', 0);"
    . " INSERT INTO chat_session (id, status, rating, user_id, customer_id, contact_id, first_message, when_requested, when_started)"
    . " SELECT n, n % 12, n % 7 - 1, CASE WHEN n % 5 = 0 THEN -1 ELSE n % 5 END, CASE n % 4 WHEN 0 THEN -1 ELSE n % 4 END, NULLIF(n % 5, 4),"
    . " (ARRAY['Hello', 'help', 'HELP me', '', 'a%b', 'a_b', 'O''Neil', 'x\\\\y', 'Ærlig talt', 'zz'])[1 + n % 10], requested, requested + (n % 9) * interval '30 seconds'"
    . " FROM (SELECT n, CASE WHEN n % 11 = 0 THEN NULL WHEN n % 2 = 0 THEN date_trunc('hour', now() AT TIME ZONE 'Europe/Oslo') + (n - 150) * interval '61 hours'"
    . " ELSE timestamp '2024-03-04 00:00' + (n - 150) * interval '37 minutes' END AS requested FROM generate_series(1, 300) n) AS made");
my @rows = @{JSON::PP->new->decode($t->sql("SELECT json_agg(r ORDER BY r.id) FROM (SELECT s.id, s.status, s.rating, s.user_id AS \"user\", s.customer_id AS person, coalesce(s.contact_id, 0) AS contact,"
    . " s.first_message AS text, s.when_requested AS requested, extract(epoch FROM s.when_started - s.when_requested)::integer AS span, c.name, c.category_name AS category, c.wgs84latitude AS real,"
    . " coalesce(p.activeinterests > 0, false) AS bool FROM chat_session s LEFT JOIN contact c ON c.contact_id = s.contact_id LEFT JOIN person p ON p.person_id = s.customer_id) AS r"))};
is(scalar @rows, 300, 'rows to look at');

sub escaped { my ($text) = @_; utf8::encode($text) if utf8::is_utf8($text); return $text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger }
sub found {
    my ($filter, %headers) = @_;
    my $answer = $t->get('/api/v1/ChatSession?$select=rating&$top=1000&$filter=' . escaped($filter), headers => \%headers);
    return $answer->{status} == 200 ? join ',', map { $_->{PrimaryKey} } @{$answer->{json}{value}} : $answer->{status};
}
sub fitting { my ($fits) = @_; return join ',', map { $_->{id} } grep { $fits->($_) } @rows }

# ---------------------------------------------------------------- what operators mean: words, operand, predicate

# Numbers: what is missing is no number, but counts as 0 where an operator says what is not.
sub numbers {
    my ($of, $v, $w) = @_;
    my $or = sub { my ($row) = @_; return $of->($row) // 0 };
    my $has = sub { my ($test) = @_; return sub { my $n = $of->($_[0]); return defined $n && $test->($n) } };
    return (
        [[qw(eq = set is equals)], $v, $v == 0 ? sub { $or->($_[0]) == $v } : $has->(sub { $_[0] == $v })], [[qw(ne != <> unequals isNot)], $v, sub { $or->($_[0]) != $v }],
        [[qw(lt < less)], $v, $has->(sub { $_[0] < $v })], [[qw(gt > greater)], $v, $has->(sub { $_[0] > $v })],
        [[qw(le <=)], $v, $has->(sub { $_[0] <= $v })], [[qw(ge >=)], $v, $has->(sub { $_[0] >= $v })],
        [['between'], "($v,$w)", $has->(sub { $_[0] >= $v && $_[0] <= $w })], [[qw(oneOf in associateIsOneOf)], "($v,$w)", $v == 0 ? sub { my $n = $or->($_[0]); return $n == $v || $n == $w } : $has->(sub { $_[0] == $v || $_[0] == $w })],
        [[qw(notOneOf noneOf associateIsNotOneOf)], "($v, $w)", sub { my $n = $or->($_[0]); return $n != $v && $n != $w }],
        [['isNull'], '', sub { !defined $of->($_[0]) }], [['isNotNull'], '', sub { defined $of->($_[0]) }],
    );
}
# Ids: what is not above 0 is nobody; no range between them.
sub ids {
    my ($of, $v, $w, $users) = @_;
    my @those = grep { $_->[0][0] !~ /^(?:between|isNull|isNotNull)$/ } numbers($of, $v, $w);
    push @those, [['isNull'], '', sub { $of->($_[0]) <= 0 }], [['isNotNull'], '', sub { $of->($_[0]) > 0 }], [['allOf'], "($v)", sub { $of->($_[0]) == $v }];
    push @those, [['currentAssociate'], '', sub { $of->($_[0]) == 4 }] if $users;
    return @those;
}
sub texts {
    my ($of, $v, $w, $positive, $list) = @_;
    my $text = sub { my ($row) = @_; return lc($of->($row) // '') };
    my ($low, $high) = (lc $v, lc $w);
    my $quoted = "'" . $v =~ s/'/''/gr =~ s/\\/\\\\/gr . "'";
    my @those = (
        [[qw(eq = set is equals)], $quoted, sub { $text->($_[0]) eq $low }], [[qw(in oneOf associateIsOneOf)], "($quoted,'$w')", sub { my $s = $text->($_[0]); return $s eq $low || $s eq $high }],
        [['isNull'], '', sub { $text->($_[0]) eq '' }], [['isNotNull'], '', sub { $text->($_[0]) ne '' }],
    );
    push @those, [[qw(begins startsWith)], $quoted, sub { index($text->($_[0]), $low) == 0 }], [['contains'], $quoted, sub { index($text->($_[0]), $low) >= 0 }],
        [['ends'], $quoted, sub { $low eq '' || substr($text->($_[0]), -length $low) eq $low }] if !$list;
    push @those, [[qw(ne != <> unequals isNot)], $quoted, sub { $text->($_[0]) ne $low }],
        [[qw(notOneOf noneOf associateIsNotOneOf)], "($quoted,'$w')", sub { my $s = $text->($_[0]); return $s ne $low && $s ne $high }] if !$positive;
    push @those, [['notBegins'], $quoted, sub { index($text->($_[0]), $low) != 0 }], [['notContains'], $quoted, sub { index($text->($_[0]), $low) < 0 }],
        [['notEnds'], $quoted, sub { $low ne '' && substr($text->($_[0]), -length $low) ne $low }] if !$positive && !$list;
    return @those;
}

# ---------------------------------------------------------------- times, on the clock of the caller

sub in_zone { my ($zone, $code) = @_; local $ENV{TZ} = $zone; POSIX::tzset(); my @r = $code->(); POSIX::tzset(); return wantarray ? @r : $r[0] }
sub instant { my ($wall, $zone) = @_; my ($y, $m, $d, $h, $i, $s) = $wall =~ /(\d+)-(\d+)-(\d+)[T ](\d+):(\d+):(\d+)/; return in_zone($zone, sub { POSIX::mktime($s, $i, $h, $d, $m - 1, $y - 1900, 0, 0, -1) }) }
sub wall { my ($instant, $zone) = @_; return in_zone($zone, sub { POSIX::strftime('%Y-%m-%dT%H:%M:%S', localtime $instant) }) }
sub day_of { my ($wall) = @_; my ($y, $m, $d) = $wall =~ /^(\d+)-(\d+)-(\d+)/; return timegm(0, 0, 0, $d, $m - 1, $y) / 86400 }
sub ymd { my ($day) = @_; my @g = gmtime $day * 86400; return ($g[5] + 1900, $g[4] + 1, $g[3]) }
# The first day of the unit so many steps from that of the day.
sub period {
    my ($day, $unit, $steps) = @_;
    return $day + $steps if $unit eq 'day';
    return $day - ($day + 3) % 7 + 7 * $steps if $unit eq 'week';
    my %months = (month => 1, quarter => 3, halfyear => 6, year => 12);
    my ($y, $m) = ymd($day);
    my $number = POSIX::floor(($y * 12 + $m - 1) / $months{$unit}) + $steps;
    $number *= $months{$unit};
    return timegm(0, 0, 0, 1, $number % 12, POSIX::floor($number / 12)) / 86400;
}
# The row's time as the caller's clock shows it; undef: not set.
sub shown { my ($zone) = @_; return sub { my ($row) = @_; return defined $row->{requested} ? wall(instant($row->{requested}, 'Europe/Oslo'), $zone) : undef } }

sub moments {
    my ($zone) = @_;
    my $of = shown($zone);
    my %memo;
    my $wall = sub { my ($row) = @_; return exists $memo{$row->{id}} ? $memo{$row->{id}} : ($memo{$row->{id}} = $of->($row)) };
    my $has = sub { my ($test) = @_; return sub { my $w = $wall->($_[0]); return defined $w && $test->($w) } };
    my $days = sub { my ($from, $before) = @_; return $has->(sub { my $d = day_of($_[0]); return $d >= $from && $d < $before }) };
    my ($v, $w) = ('2024-03-04', '2024-03-05');
    my ($exact) = grep { defined } map { $wall->($_) } grep { $_->{id} == 151 } @rows;
    my ($day, $last) = (day_of($v), day_of($w));
    my $today = day_of(wall(time, $zone));
    my $span = sub { my ($unit, $first, $end) = @_; return $days->(period($today, $unit, $first), period($today, $unit, $end + 1)) };
    my @those = (
        [[qw(eq = set is dateTime)], "'$exact'", $has->(sub { $_[0] eq $exact })], [[qw(ne != <> unequals isNot)], "'$exact'", sub { ($wall->($_[0]) // '') ne $exact }],
        [['equals', 'date'], "'$exact'", $days->($day, $day + 1)], [[qw(lt < less beforeTime)], "'$exact'", $has->(sub { $_[0] lt $exact })], [[qw(gt > greater)], "'$exact'", $has->(sub { $_[0] gt $exact })],
        [[qw(le <=)], "'$exact'", $has->(sub { $_[0] le $exact })], [[qw(ge >= afterTime)], "'$exact'", $has->(sub { $_[0] ge $exact })],
        [['before'], "'$v'", $has->(sub { day_of($_[0]) < $day })], [['after'], "'$v'", $has->(sub { day_of($_[0]) > $day })], [['from'], "'$v'", $has->(sub { day_of($_[0]) >= $day })],
        [[qw(to beforeOrEqual)], "'$v'", $has->(sub { day_of($_[0]) <= $day })], [[qw(between dateBetween)], "('$v','$w')", $days->($day, $last + 1)],
        [['after'], "'$exact'", $has->(sub { $_[0] gt $exact })], [['before'], "'$exact'", $has->(sub { $_[0] lt $exact })],
        [['isNull'], '', sub { !defined $wall->($_[0]) }], [['isNotNull'], '', sub { defined $wall->($_[0]) }],
        [['beforeToday'], '', $has->(sub { day_of($_[0]) < $today })], [['today'], '', $span->('day', 0, 0)], [['afterToday'], '', $has->(sub { day_of($_[0]) > $today })],
        [['thisHalf'], '', $span->('halfyear', 0, 0)], [['thisYear'], '', $span->('year', 0, 0)],
    );
    for my $unit (qw(week month quarter)) {
        push @those, [["last\u$unit"], '', $span->($unit, -1, -1)], [["this\u$unit"], '', $span->($unit, 0, 0)], [["next\u$unit"], '', $span->($unit, 1, 1)];
    }
    my %alias = (day => '1', week => 'wks', month => "'mon'", quarter => 'qtr', halfyear => '5', year => 'yrs');
    for my $unit (sort keys %alias) {
        push @those, [['thisPeriod'], $alias{$unit}, $span->($unit, 0, 0)], [['thisPreviousAndNext'], $unit, $span->($unit, -1, 1)], [['thisAndNext'], "3 $alias{$unit}", $span->($unit, 0, 3)],
            [['thisAndPrevious'], "2 $unit", $span->($unit, -2, 0)], [['nextPeriod'], "2 $alias{$unit}", $span->($unit, 1, 2)], [['previousPeriod'], "3 $unit", $span->($unit, -3, -1)];
    }
    return @those;
}

my $truth = sub { my ($row) = @_; return $row->{bool} ? 1 : 0 };
my @bool = ([[qw(eq = set is equals)], 'true', sub { $truth->($_[0]) }], [[qw(ne != <> unequals isNot)], 'true', sub { !$truth->($_[0]) }],
    [['isNull'], '', sub { $_[0]{person} != 1 && $_[0]{person} != 2 }], [['isNotNull'], '', sub { $_[0]{person} == 1 || $_[0]{person} == 2 }]);
my @types = (
    ['bool', 'person/hasInterests', \@bool, [[qw(eq = set is equals)], 'false', sub { !$truth->($_[0]) }]],
    ['int', 'rating', [numbers(sub { $_[0]{rating} }, 3, 5)], numbers(sub { $_[0]{rating} }, 0, 1)],
    ['decimal', 'contact/postAddress/wgs84latitude', [numbers(sub { $_[0]{real} }, -1.25, 60)], numbers(sub { $_[0]{real} }, 0, 60)],
    ['timeSpan', 'timeInQueue', [numbers(sub { $_[0]{span} }, 60, 120)], numbers(sub { $_[0]{span} }, 0, 30)],
    ['string', 'firstMessage', [texts(sub { $_[0]{text} }, 'HEL', 'help'), [['between'], "('h','i')", sub { lc($_[0]{text}) ge 'h' && lc($_[0]{text}) le 'i' }]],
        map { texts(sub { $_[0]{text} }, $_, 'zz') } '', 'a%', '%', '_', 'a_b', "O'Neil", '\\', "x\\y", "'", 'Hello'],
    ['positiveString', 'text', [texts(sub { $_[0]{text} }, 'hel', 'help', 1), [['between'], "('h','i')", sub { lc($_[0]{text}) ge 'h' && lc($_[0]{text}) le 'i' }]]],
    ['stringorPK', 'contact/name', [texts(sub { $_[0]{name} }, 'vik', 'x'), [['between'], "('a','h')", sub { my $n = lc($_[0]{name} // '~'); return $n ge 'a' && $n le 'h' }]],
        [[qw(eq = is equals)], '2', sub { $_[0]{contact} == 2 || $_[0]{contact} == 3 }]],
    ['listAny', 'status', [ids(sub { $_[0]{status} }, 4, 7)], [['eq', 'equals'], "'InQueue'", sub { $_[0]{status} == 4 }], [['oneOf'], '(inqueue,[I:7],[A:1,2])', sub { $_[0]{status} =~ /^[4712]$/ }]],
    ['listAny of texts', 'contact/category', [texts(sub { $_[0]{category} }, 'customer', 'partner', 0, 1)]],
    ['ejUser', 'agent', [ids(sub { $_[0]{user} }, 1, 3, 1)]],
    ['associate', 'associateId', [ids(sub { $_[0]{user} }, 2, 3, 1)]],
    ['listAny that may be nobody', 'personId', [ids(sub { $_[0]{person} }, 1, 2)]],
    ['datetime', 'whenRequested', [moments('Europe/Oslo')]],
    ['date', 'date', [moments('Europe/Oslo')]],
    ['datetime elsewhere', 'whenRequested', [moments('Asia/Tokyo')], {'SO-TimeZone' => 'Asia/Tokyo'}],
);

# Every operator, with an operand of its form.
my %operand = ((map { $_ => "'1'" } qw(eq = equals set is ne != <> unequals isNot lt < less gt > greater le <= ge >= begins startsWith contains ends notBegins notContains notEnds)),
    (map { $_ => "'2024-03-04'" } qw(before date after from to beforeOrEqual dateTime beforeTime afterTime)),
    (map { $_ => '(1)' } qw(oneOf notOneOf allOf noneOf in associateIsOneOf associateIsNotOneOf intArrayAllOf intArrayNotAllOf intArrayOneOf intArrayNotAnyOf)), (map { $_ => '(1,2)' } qw(between dateBetween)),
    (map { $_ => 'day' } qw(thisPeriod thisPreviousAndNext)), (map { $_ => '1 day' } qw(thisAndNext thisAndPrevious nextPeriod previousPeriod)),
    (map { $_ => '' } qw(beforeToday today afterToday lastWeek thisWeek nextWeek lastMonth thisMonth nextMonth lastQuarter thisQuarter nextQuarter thisHalf thisYear currentAssociate isNull isNotNull)));
for my $type (@types) {
    my ($name, $column, $these, @more) = @$type;
    my %headers = @more && ref $more[-1] eq 'HASH' ? %{pop @more} : ();
    my %has;
    for my $case (@$these, @more) {
        my ($words, $value, $fits) = @$case;
        my $expected = fitting($fits);
        $has{$_}++, is(found("$column $_ $value", %headers), $expected, "9.2: $name: $_ $value") for @$words;
    }
    # By habit: others that mean something on these, without a case of their own.
    my %also = map { $_ => 1 } $name =~ /^(?:listAny|ejUser|associate)/ ? qw(allOf) : (), $name =~ /^listAny of/ ? qw(begins startsWith contains ends notBegins notContains notEnds between) : (),
        $name =~ /^(?:int|decimal|timeSpan|string|positive)/ ? qw(associateIsOneOf associateIsNotOneOf) : ();
    for my $word (grep { !$has{$_} && !$also{$_} } sort keys %operand) {
        is(found("$column $word $operand{$word}"), 400, "FILT-10: $name does not take $word");
    }
}

# ---------------------------------------------------------------- functions

my $requested = shown('Europe/Oslo');
my $today = day_of(wall(time, 'Europe/Oslo'));
my $within = sub { my ($unit, $first, $end) = @_; return sub { my $w = $requested->($_[0]); return defined $w && day_of($w) >= period($today, $unit, $first) && day_of($w) < period($today, $unit, $end + 1) } };
my @functions = (
    ["startswith(firstMessage,'hel')", sub { lc($_[0]{text}) =~ /^hel/ }], ["endswith(firstMessage,'P')", sub { $_[0]{text} =~ /p$/i }], ["contains(text,'el')", sub { $_[0]{text} =~ /el/i }],
    ["substringof('el',firstMessage)", sub { $_[0]{text} =~ /el/i }], ["substringof(firstMessage,'el')", sub { $_[0]{text} =~ /el/i }], ["substringof('el',firstMessage) eq true", sub { $_[0]{text} =~ /el/i }],
    ["StartsWith(firstMessage,'hel') eq false", sub { $_[0]{text} !~ /^hel/i }], ["startswith(contact/name,'v') = 0", sub { ($_[0]{name} // '') !~ /^v/i }],
    ['this(date,month)', $within->('month', 0, 0)], ['next(date,2,week)', $within->('week', 1, 2)], ['previous(whenRequested,1,year)', $within->('year', -1, -1)],
    ['thisAndNext(date,3,mon)', $within->('month', 0, 3)], ['thisAndPrevious(date,2,qtr)', $within->('quarter', -2, 0)], ['thisAndPreviousAndNext(date,hyr)', $within->('halfyear', -1, 1)],
    ['this(date,month) eq false', sub { !$within->('month', 0, 0)->($_[0]) }],
);
is(found($_->[0]), fitting($_->[1]), "9.3: $_->[0]") for @functions;
is(found($_), 400, "9.3: $_") for "soundex(firstMessage,'x')", "startswith(firstMessage)", "startswith('x','y')", 'this(date)', 'next(date,week)', 'next(date,-1,week)', 'this(rating,week)', "contains(rating,'1')", "startswith(firstMessage,'x') eq maybe";

# ---------------------------------------------------------------- the vectors, and combinations

my @vectors = (
    ['chatSessionId in (40,41)', sub { $_[0]{id} =~ /^4[01]$/ }], ['CHATSESSIONID GE 40 and chatSessionId le 41', sub { $_[0]{id} =~ /^4[01]$/ }],
    ['rating eq 5 or rating eq 4 and chatSessionId gt 100', sub { $_[0]{rating} == 5 || ($_[0]{rating} == 4 && $_[0]{id} > 100) }],
    ['(rating eq 5 or rating eq 4) and chatSessionId gt 100', sub { $_[0]{rating} =~ /^[45]$/ && $_[0]{id} > 100 }],
    ["firstMessage begins 'hel'", sub { $_[0]{text} =~ /^hel/i }], ["firstMessage contains 'O\\'Neil'", sub { $_[0]{text} =~ /O'Neil/ }], ["firstMessage contains 'O''Neil'", sub { $_[0]{text} =~ /O'Neil/ }],
    ["startswith(firstMessage,'hel') eq true", sub { $_[0]{text} =~ /^hel/i }], ["whenRequested afterTime '2024-03-04T10:15:00'", sub { ($requested->($_[0]) // '') ge '2024-03-04T10:15:00' }],
    ["whenRequested between ('2024-03-01','2024-03-31')", sub { ($requested->($_[0]) // '') =~ /^2024-03/ }], ['whenEnded isNull', sub { 1 }],
    ['status oneOf (4,5,6)', sub { $_[0]{status} =~ /^[456]$/ }], ['getNoRows=true', sub { 0 }], ['getAllRows set true', sub { 1 }],
    ["(rating eq 1 or status eq 4) and (rating ne 1 or contactId eq 2) or firstMessage eq ''", sub { ($_[0]{rating} == 1 || $_[0]{status} == 4) && ($_[0]{rating} != 1 || $_[0]{contact} == 2) || $_[0]{text} eq '' }],
);
is(found($_->[0]), fitting($_->[1]), "9.6 FILT-1 FILT-2: $_->[0]") for @vectors;
is(found($_), 400, "9.6 FILT-9: $_") for 'nosuch eq 1', 'rating eq', 'rating xx 1', 'not rating eq 1', '(rating eq 1', 'rating eq 1)', 'rating', 'rating eq 1 and', 'and', "firstMessage eq 'x", 'rating eq 1 rating eq 2', 'rating eq null';
for my $wrong (["rating eq 1 and nosuch eq 2", 17, 'nosuch'], ['rating eq x', 11, 'x'], ["firstMessage begins 'a' or rating foo 3", 35, 'foo']) {
    my $answer = $t->get('/api/v1/ChatSession?$filter=' . escaped($wrong->[0]));
    like($answer->{json}{Message}, qr/character $wrong->[1], '\Q$wrong->[2]\E': \w+/, "FILT-9: where it is wrong, and by which word: $wrong->[0]");
}

# ---------------------------------------------------------------- limits: the last that is taken, and the first that is not

sub status { my ($filter) = @_; return $t->request('POST', '/api/v1/Archive/ChatSession', headers => {'Content-Type' => 'application/x-www-form-urlencoded'}, content => '$top=1&$select=rating&$filter=' . escaped($filter))->{status} }
my @limits = (['terms', sub { join ' or ', ('rating eq 1') x $_[0] }, 200], ['parentheses', sub { '(' x $_[0] . 'rating eq 1' . ')' x $_[0] }, 32], ['values', sub { 'rating oneOf (' . join(',', (1) x $_[0]) . ')' }, 2000],
    ['bytes', sub { "firstMessage eq '" . 'x' x ($_[0] - 18) . "'" }, 65536]);
for my $limit (@limits) {
    my ($what, $make, $most) = @$limit;
    is(status($make->($most)) . ' ' . status($make->($most + 1)), '200 400', "FILT-9: at most $most $what");
}
$t->done;
