#!/usr/bin/perl
# Chat topics: stored, read, changed under conditions, refused; who may; when they are open; sessions that start in them.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use POSIX ();
use ChatSession::Schema;
use ChatSession::Test;

my $t = ChatSession::Test->new(roles => 1, conf => "ChatSessionTimeZone Europe/Oslo\nChatSessionZoneCode ZZ-LORD 900 Australia/Lord_Howe", user => 'admin')->run;
my $all = '/api/v1/ChatTopic';
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $none = '0001-01-01T00:00:00';

# The same with the answer held against the API's definition.
sub ask {
    my ($method, $path, %option) = @_;
    my $answer = $t->request($method, $path, %option);
    answer_ok($answer, $method, $path =~ s/\?.*//r, "$method $path fits the definition", nulls => $path =~ /select/ ? 1 : 0) if $answer->{status} < 300;
    return $answer;
}
sub code { my ($answer) = @_; return "$answer->{status} " . ($answer->{json}{Code} // '') }
sub fields { my ($answer) = @_; return join ' ', map { "$_->{Field}:$_->{Code}" } @{$answer->{json}{Fields} // []} }

# ---------------------------------------------------------------- stored and read

my $new = ask('GET', "$all/default")->{json};
is($new->{ChatTopicId}, 0, 'a default topic has no id');
is($new->{TableRight}{Mask}, 'Select, Update, Insert', 'RIGHT-7: nobody deletes what is not stored');
is($new->{OpeningHours}{MonStart}, '00:00:00', 'times of day are unset');
is($new->{Widget}{RequiredFields}, 'None', 'no field is required');
is($t->get("$all/default", user => 'anna')->{json}{TableRight}{Mask}, 'Select', 'R-22: who may not create one is told so');

my %hours = (TzLocation => {TZLocationID => 261}, UseLunchHours => $true, LunchStart => '11:30', LunchStop => 'PT12H',
    map { ("${_}Enabled" => $true, "${_}Start" => '08:00:00', "${_}Stop" => '16:00') } qw(Mon Tue Wed Thu Fri));
my %widget = (AutoFaqEnabled => $true, AutoFaqCategory => {KbCategoryId => 31}, PreFormEnabled => $true, PreFormMessage => 'Who?',
    RequiredFields => 'Name, Email', PostFormEnabled => $true, PostFormHeader => 'Bye', PostFormMessage => 'See you',
    PostTranscriptEnabled => $true, LanguageIsoCode => 'en', Size => 'Large', Theme => 'Modern', Color => '#111111', BadgeColor => '#222222',
    BadgeTextColor => '#333333', CustMsgColor => '#444444', CustMsgTextColor => '#555555', AgentMsgColor => '#666666',
    AgentMsgTextColor => '#777777', ButtonColor => '#888888', ButtonTextColor => '#999999', Font => 'Serif', FontSize => '12px',
    LogoEnabled => $true, LogoBlobId => 77, ShowAgentPhoto => $true, WelcomeTitle => 'Hi', WelcomeMessage => 'Hello', OfflineHeader => 'Off',
    OfflineMessage => 'Later', OfflineFields => 18, UseAgentFirstname => $true);
my %full = (Name => 'US:"Support";NO:"Kundestøtte"', Description => 'All', WelcomeMessage => 'Welcome', Language => {Id => 2},
    AlertRecipient => 'a@example.test', AlertTemplate => {ReplyTemplateId => 21}, CollectConsent => $true, BadgeHeader => 'Help?',
    CustomQueueTextEnabled => $true, CustomQueueText => '{cque}', WarnNewChatMinutes => 1, WarnManagerNewChatMinutes => 2, TicketEnabled => $true,
    TicketCategory => {Id => 4}, TicketPriority => {Id => 5}, OpeningHoursEnabled => $true, OpeningHours => \%hours, Widget => \%widget,
    BotEnabled => $true, BotSettings => {BotName => 'Bot', BotRegisterScriptId => 1, BotSessionCreatedScriptId => 2,
        BotSessionChangedScriptId => 3, BotMessageReceivedScriptId => 4}, OfflineCollectConsent => $true, WarnChatMessageMinutes => 3,
    WarnManagerChatMessageMinutes => 4, UseQueueOfflineForm => $true, OfflineFormTimeLimit => 5, OfflineFormQueueLength => 6,
    WidgetEnableRating => $true, WidgetRatingText => 'Well?', LastAccept => '2024-01-01T00:00:00', SecondsPrAccept => 99, ChatTopicId => 500);
$t->sql("INSERT INTO cust_lang (id, name, tooltip) VALUES (2, 'Norwegian', 'tip'); INSERT INTO reply_template (id, name, folder_id) VALUES (21, 'Mail', 7);"
    . " INSERT INTO ej_category (id, name, fullname) VALUES (4, 'Net', 'IT/Net'); INSERT INTO ticket_priority (id, name) VALUES (5, 'High');"
    . " INSERT INTO kb_category (id, parent_id, name, fullname, description, sort_order) VALUES (31, 30, 'Net', 'Help/Net', 'd', 9)");
my $made = ask('POST', $all, json => \%full)->{json};
my $id = $made->{ChatTopicId};
isnt($id, 500, 'R-7: the body\'s id does not count on POST');
is_deeply($made->{_Links}, {Self => $t->base . "$all/$id", Archive => $t->base . $all}, 'LINK-2');
is($made->{LastAccept} . $made->{SecondsPrAccept}, $none . 0, 'what picking up counts is not a client\'s to set');
is($made->{Language}{Value} . $made->{Language}{Tooltip}, 'Norwegiantip', 'the language is filled in');
is($made->{AlertTemplate}{Name} . $made->{AlertTemplate}{FolderId}, 'Mail7', 'the template as well');
is($made->{TicketCategory}{Tooltip} . $made->{TicketPriority}{Value}, 'IT/NetHigh', 'category and priority');
is($made->{Widget}{AutoFaqCategory}{Fullname} . $made->{Widget}{AutoFaqCategory}{ParentId}, 'Help/Net30', 'a folder inside the widget');
is($made->{OpeningHours}{TzLocation}{TZLocationCode}, 'NO', 'the zone of the hours');
is($made->{OpeningHours}{LunchStop}, '12:00:00', 'a duration comes back as a time of day');
is($made->{Widget}{RequiredFields}, 'Email, Name', 'flags come back by name, in their order');
is($made->{Widget}{OfflineFields}, 'Name, Country', 'and so do those that came as a number');
is($made->{TableRight}{Mask}, 'Select, Update, Insert, Delete', 'RIGHT-1: an administrator may do everything');
is($made->{FieldProperties}{'OpeningHours.MonStart'}{FieldType}, 'System.TimeSpan', 'RIGHT-3: parts are named with a dot');
is($made->{FieldProperties}{'Widget.PreFormMessage'}{FieldLength}, 1024, 'and have their own width');
is($made->{FieldProperties}{LastAccept}{FieldRight}{Mask}, 'Read', 'what nobody may set is to be read');
is($t->sql("SELECT flags FROM chat_topic WHERE id = $id"), 4 + 8 + 16 + 32 + 64, 'the original\'s bits');
is_deeply(ask('GET', "$all/$id")->{json}, $made, 'GET shows what POST answered');
is_deeply(ask('PUT', "$all/$id", json => $made)->{json}, $made, 'a topic put as it was read stays as it is');
is($t->sql("SELECT version FROM chat_topic WHERE id = $id"), 1, 'and has not changed');
for my $name (sort keys %full) {
    next if $name =~ /^(?:LastAccept|SecondsPrAccept|ChatTopicId)$/;
    my $given = $full{$name};
    my $got = $made->{$name};
    if (ref $given eq 'HASH') {
        for my $part (sort keys %$given) {
            next if $part =~ /^(?:RequiredFields|OfflineFields)$/ || "$given->{$part}" =~ /^(?:PT|\d\d:\d\d$)/;
            is_deeply(ref $given->{$part} eq 'HASH' ? (values %{$given->{$part}})[0] : "$given->{$part}",
                ref $got->{$part} eq 'HASH' ? $got->{$part}{(keys %{$given->{$part}})[0]} : "$got->{$part}", "$name.$part is stored");
        }
        next;
    }
    is("$got", "$given", "$name is stored");
}
$t->sql("UPDATE chat_topic SET flags = 2 WHERE id = $id");
my $bits = $t->get("$all/$id")->{json};
ok(!$bits->{CollectConsent} && !$bits->{CustomQueueTextEnabled} && $bits->{Widget}{Size} eq 'Normal', 'who writes the bits writes the properties');
$t->sql("UPDATE chat_topic SET use_queue_offline_form = true WHERE id = $id");
is($t->sql("SELECT flags FROM chat_topic WHERE id = $id"), 2 + 64, 'and the other way round; bits without a property stay');
my $selected = ask('GET', "$all/$id?\$select=Name,OpeningHours/TzLocation/Name,widget/autofaqcategory")->{json};
is($selected->{OpeningHours}{TzLocation}{Name}, 'Norway', 'R-10: $select reaches into parts');
is($selected->{OpeningHours}{MonStart}, undef, 'and nulls what is beside it');
is($selected->{Widget}{AutoFaqCategory}{KbCategoryId}, 31, 'a record inside a part is found behind what is left out');
is($selected->{BotSettings}, undef, 'the rest is null');
is($t->get("$all/$id", headers => {'Accept-Language' => 'no'})->{json}{Name}, 'Kundestøtte', 'texts are translated');

# ---------------------------------------------------------------- replaced

my $bare = ask('PUT', "$all/$id", json => {Name => 'bare'})->{json};
is($bare->{Name} . $bare->{Description}, 'bare', 'what the body does not say is unset');
is($bare->{OpeningHours}{TzLocation}, undef, 'also inside parts');
is($bare->{Widget}{Size} . $bare->{OpeningHours}{MonStart}, 'Normal00:00:00', 'to its default');
is($t->sql("SELECT mon_start, lunch_stop FROM chat_topic WHERE id = $id"), '00:00:00|00:00:00', 'a time of day that is unset is midnight');
is(ask('PUT', "$all/$id", json => {OpeningHours => {}, Widget => undef, BotSettings => {}, Language => {}})->{json}{Widget}{Color}, '', 'NULL: null and {} say nothing');

# ---------------------------------------------------------------- patched

my $patch = sub { return ask('PATCH', "$all/$id", json => $_[0]) };
ask('PUT', "$all/$id", json => \%full);
is($patch->({OpeningHours => {MonStop => '17:30'}})->{json}{OpeningHours}{MonStop}, '17:30:00', 'a merge document reaches into a part');
is($t->get("$all/$id")->{json}{OpeningHours}{TueStop}, '16:00:00', 'and leaves what it does not name');
is($patch->([{op => 'replace', path => '/Widget/Color', value => 'red'}])->{json}{Widget}{Color}, 'red', 'an operation sets a property of a part');
is($patch->([{op => 'replace', path => 'widget/autofaqcategory/kbcategoryid', value => 8}])->{json}{Widget}{AutoFaqCategory}{KbCategoryId}, 8, 'or a reference in it');
is($patch->([{op => 'remove', path => '/OpeningHours/TzLocation'}])->{json}{OpeningHours}{TzLocation}, undef, 'or removes it');
my $whole = $patch->([{op => 'replace', path => '/OpeningHours', value => {MonStart => '09:00'}}])->{json}{OpeningHours};
is("$whole->{MonStart} $whole->{MonStop}", '09:00:00 00:00:00', 'a part can be replaced as a whole');
is($patch->({Widget => undef})->{json}{Widget}{Font}, '', 'null unsets all of a part');
is($patch->([{op => 'test', path => '/OpeningHours/MonStart', value => 'PT9H'}, {op => 'replace', path => '/Name', value => 'x'}])->{status}, 200, 'a time of day is tested by what it means');
is(code($patch->([{op => 'test', path => '/OpeningHours/MonStart', value => '09:01'}])), '409 patch.test', 'and differs');
is(code($patch->([{op => 'test', path => '/Widget', value => {Color => 'blue'}}])), '409 patch.test', 'a part is tested by its members');
is($patch->([{op => 'copy', from => '/Widget/Color', path => '/Widget/BadgeColor'}])->{status}, 200, 'within a part values are copied');
is(fields($patch->([{op => 'copy', from => '/OpeningHours', path => '/Widget'}])), '0/path:patch.path', 'a part is not copied into another');
is(fields($patch->([{op => 'replace', path => '/OpeningHours/TzLocation/Name', value => 'x'}])), '0/path:patch.path', 'another record\'s name is not set');
is(fields($patch->([{op => 'replace', path => '/Widget/LogoName', value => 'x'}])), '0/path:patch.path', 'nor what is only read');
is(fields($patch->([{op => 'replace', path => '/LastAccept', value => $none}])), '0/path:patch.path', 'nor what the server keeps');
is(fields($patch->([{op => 'replace', path => '/Widget/Nothing', value => 'x'}, {op => 'add', path => '/OpeningHours', value => {MonStart => 5, TueStart => '25:00'}}])),
    '0/path:patch.path 1/value:value.type 1/value:value.time', 'R-6: all faults at once');
is($patch->($t->get("$all/$id")->{json})->{status}, 200, 'what was read may come back whole as a merge document');
$t->sql("UPDATE chat_topic SET widget_theme = 7, widget_required_fields = 64 WHERE id = $id");
is($t->request('PATCH', "$all/$id", json => {Widget => {Color => 'green'}})->{json}{Widget}{Theme}, 7, 'what a patch does not touch stays as it is, known or not');
is($t->sql("SELECT widget_theme, widget_required_fields FROM chat_topic WHERE id = $id"), '7|64', 'in the table, too');

# ---------------------------------------------------------------- refused

my @bad = (
    [{Name => 5}, 'Name:value.type'], [{Name => 'x' x 256}, 'Name:value.length'], [{WelcomeMessage => 'x' x 65536}, 'WelcomeMessage:value.length'],
    [{Language => 5}, 'Language:value.type'], [{Language => {Id => 'x'}}, 'Language/Id:value.type'], [{OpeningHours => 5}, 'OpeningHours:value.type'],
    [{OpeningHours => []}, 'OpeningHours:value.type'], [{OpeningHours => {MonStart => 8}}, 'OpeningHours/MonStart:value.type'],
    [{OpeningHours => {MonStart => '24:01'}}, 'OpeningHours/MonStart:value.time'], [{OpeningHours => {MonStop => '-01:00'}}, 'OpeningHours/MonStop:value.time'],
    [{OpeningHours => {LunchStart => 'noon'}}, 'OpeningHours/LunchStart:value.time'], [{OpeningHours => {MonEnabled => 'yes'}}, 'OpeningHours/MonEnabled:value.type'],
    [{OpeningHours => {TzLocation => 261}}, 'OpeningHours/TzLocation:value.type'], [{OpeningHours => {TzLocation => {TZLocationID => 9e9}}}, 'OpeningHours/TzLocation/TZLocationID:value.range'],
    [{Widget => {Size => 'Huge'}}, 'Widget/Size:value.name'], [{Widget => {RequiredFields => 'Email, Fax'}}, 'Widget/RequiredFields:value.name'],
    [{Widget => {RequiredFields => 99999}}, 'Widget/RequiredFields:value.range'], [{Widget => {Color => 'x' x 17}}, 'Widget/Color:value.length'],
    [{Widget => {AutoFaqCategory => {KbCategoryId => -7}}}, 'Widget/AutoFaqCategory/KbCategoryId:value.range'], [{BotSettings => {BotName => 'x' x 81}}, 'BotSettings/BotName:value.length'],
    [{WarnNewChatMinutes => 2147483648}, 'WarnNewChatMinutes:value.range'], [{Widget => {Color => 'a', color => 'b'}}, 'Widget/Color:value.twice'],
    [{Name => 1, OpeningHours => {MonStart => 'x', TueStart => 'y'}, Widget => 3}, 'Name:value.type OpeningHours/MonStart:value.time OpeningHours/TueStart:value.time Widget:value.type'],
);
my $before = $t->sql('SELECT count(*), max(version) FROM chat_topic');
for my $bad (@bad) {
    my ($body, $fields) = @$bad;
    is(fields($t->post($all, $body)), $fields, "R-6: POST is refused: $fields");
    is(fields($t->put("$all/$id", $body)), $fields, 'and so is PUT');
}
is($t->sql('SELECT count(*), max(version) FROM chat_topic'), $before, 'nothing of that was stored');
is(code($t->request('POST', $all, content => $_, headers => {'Content-Type' => 'application/json'})), '400 body.empty', "R-4: '$_' is no topic") for '', 'null', '[]', " \n";
is(code($t->post($all, [{Name => 'x'}])), '400 body.shape', 'IN-4: nor is an array');
is(code($t->request('POST', $all, content => '<ChatTopicEntity/>', headers => {'Content-Type' => 'text/plain'})), '415 body.media-type', 'IN-6: nor is text');
is(code($t->request('POST', $all, content => '{"Name":"a\u0000b"}', headers => {'Content-Type' => 'application/json'})), '400 text.nul', 'R-3: U+0000');
is(code($t->get("$all/$_")), '404 topic.unknown', "SURF-8: there is no topic $_") for 0, -1, 99999;
is(code($t->get("$all/99999999999")), '400 path.id', 'SURF-8: no integer of 32 bits');
is(code($t->get($all)), '405 method.not-allowed', 'there is no list of topics');
is($t->get($all)->{headers}{allow}, 'POST, OPTIONS', 'SURF-12');
is(code($t->get("$all/nonsense")), '404 path.unknown', 'nor a topic of that name');
is(code($t->put("$all/99999", {Name => 'x'})), '404 topic.unknown', 'PUT of a missing one');
is(code($t->request('PATCH', "$all/99999", json => {Name => 'x'})), '404 topic.unknown', 'PATCH of a missing one');
is(code($t->del("$all/99999")), '404 topic.unknown', 'DELETE of a missing one');
is($t->get("/API/v1/chattopic/$id/")->{status}, 200, 'SURF-4, SURF-5: any case, a slash behind');

# ---------------------------------------------------------------- other formats

my $xml = $t->get("$all/$id", headers => {Accept => 'application/xml'})->{content};
like($xml, qr{<OpeningHours>.*<MonStart>09:00:00</MonStart>}s, 'XML out');
my $again = $t->request('PUT', "$all/$id", content => $xml =~ s{<Color>.*?</Color>}{<Color>xml</Color>}r =~ s{<Theme>7</Theme>}{<Theme>1</Theme>}r =~ s{<RequiredFields>64</RequiredFields>}{<RequiredFields>Name Phone</RequiredFields>}r,
    headers => {'Content-Type' => 'application/xml'});
is($again->{status}, 200, 'XML in, as it came') or diag($again->{content});
$again = $t->get("$all/$id");
is($again->{json}{Widget}{Color} . $again->{json}{Widget}{RequiredFields} . $again->{json}{OpeningHours}{MonStart}, 'xmlName, Phone09:00:00', 'with its parts');
my $form = $t->request('POST', $all, content => 'Name=form&OpeningHours.MonStart=10:15&Widget[Color]=blue&Widget[RequiredFields]=Email,Name&OpeningHours.MonEnabled=true',
    headers => {'Content-Type' => 'application/x-www-form-urlencoded'})->{json};
is("$form->{Name} $form->{OpeningHours}{MonStart} $form->{Widget}{Color} $form->{Widget}{RequiredFields}", 'form 10:15:00 blue Email, Name', 'forms in');

# ---------------------------------------------------------------- conditions and retries

my $etag = $t->get("$all/$id")->{headers}{etag};
like($etag, qr/^"\d+-[0-9a-f]{16}"$/, 'R-17: a strong tag');
is($t->get("$all/$id", headers => {'If-None-Match' => $etag})->{status}, 304, 'R-17: not changed');
is(code($t->request('PUT', "$all/$id", json => {Name => 'y'}, headers => {'If-Match' => '"0-0"'})), '412 condition.failed', 'R-17: another state');
is(ask('PUT', "$all/$id", json => {Name => 'y'}, headers => {'If-Match' => $etag})->{status}, 200, 'R-17: this state');
is(code($t->del("$all/$id", headers => {'If-Match' => $etag})), '412 condition.failed', 'R-17: which is another one since');
$etag = $t->get("$all/$id")->{headers}{etag};
$t->sql("UPDATE chat_topic SET last_accept = now(), seconds_pr_accept = 5 WHERE id = $id");
is($t->get("$all/$id", headers => {'If-None-Match' => $etag})->{status}, 200, 'picking up shows in the answer');
is($t->request('PATCH', "$all/$id", json => {Name => 'z'}, headers => {'If-Match' => $etag})->{status}, 200, 'but takes no topic from under an administrator');
is(code($t->request('PATCH', "$all/$id", json => {Name => 'w'}, headers => {'If-Match' => $etag})), '412 condition.failed', 'as a change by another does');
my @twice = map { $t->post($all, {Name => 'once'}, headers => {'Idempotency-Key' => 'k1'}) } 1, 2;
is($twice[0]{content}, $twice[1]{content}, 'R-18: the same answer again');
is($t->sql("SELECT count(*) FROM chat_topic WHERE name = 'once'"), 1, 'R-18: one effect');
is(code($t->post($all, {Name => 'other'}, headers => {'Idempotency-Key' => 'k1'})), '422 key.reused', 'R-18: another body');

# Of many writers who all saw the same state one wins.
sub race {
    my ($count, $work) = @_;
    my @pids = map {
        my $number = $_;
        my $pid = fork // die;
        if (!$pid) {
            my $status = eval { $work->($number) } // 0;
            POSIX::_exit($status == 200 ? 0 : $status == 412 ? 1 : 2);
        }
        $pid;
    } 1 .. $count;
    my @codes = map { waitpid $_, 0; $? >> 8 } @pids;
    return join ' ', map { my $code = $_; scalar grep { $_ == $code } @codes } 0 .. 2;
}
$etag = $t->get("$all/$id")->{headers}{etag};
is(race(20, sub { $t->put("$all/$id", {Name => "racer $_[0]"}, headers => {'If-Match' => $etag})->{status} }), '1 19 0', 'of 20 PUTs with the same If-Match one wins');
is(race(20, sub { $t->request('PATCH', "$all/$id", json => {Description => "racer $_[0]"})->{status} }), '20 0 0', '20 patches at once all succeed');

# ---------------------------------------------------------------- deleted

$t->sql("INSERT INTO chat_topic_user (user_id, topic_id, can_respond) VALUES (1, $id, true); INSERT INTO chat_session (id, topic_id) VALUES (5, $id)");
is(ask('DELETE', "$all/$id")->{status}, 204, 'DELETE');
is($t->sql("SELECT count(*) FROM chat_topic_user WHERE topic_id = $id"), 0, 'its agents go with it');
is($t->get('/api/v1/ChatSession/5')->{status}, 200, 'its sessions stay, for administrators');
is($t->get('/api/v1/ChatSession/5', user => 'anna')->{status}, 404, 'R-22: for nobody else');

# ---------------------------------------------------------------- who may

$t->sql("DELETE FROM chat_topic; INSERT INTO chat_topic (id, name) VALUES (1, 'one'), (2, 'two')");
my %role = (admin => 'UPDATE associate SET is_admin = true WHERE associate_id = 2', none => 'SELECT 1',
    empty => 'INSERT INTO chat_topic_user (user_id, topic_id) VALUES (2, 1)', other => 'INSERT INTO chat_topic_user (user_id, topic_id, manager, can_respond) VALUES (2, 2, true, true)',
    map { $_ => "INSERT INTO chat_topic_user (user_id, topic_id, $_) VALUES (2, 1, true)" } qw(can_respond can_listen notifications manager));
my @operations = (
    [get => 'GET', '1'], [open => 'GET', '1/IsOpen'], [agents => 'GET', '1/UserAgent'], [agent => 'GET', '1/UserAgent/mia'],
    [put => 'PUT', '1', {Name => 'x'}], [patch => 'PATCH', '1', {Name => 'p'}], [staff => 'PUT', '1/UserAgent', []],
    [add => 'POST', '1/UserAgent', {User => {AssociateId => 3}}], [change => 'PUT', '1/UserAgent/mia', {CanListen => $true}], [remove => 'DELETE', '1/UserAgent/mia'],
    [start => 'POST', '1/Sessions'], [create => 'POST', '', {Name => 'new'}], [delete => 'DELETE', '1'],
);
my %cells = (
    #                 get  open agents agent put patch staff add change remove start create delete
    admin         => [qw(200 200 200   200   200 200   200   200 200    204    200   200    204)],
    manager       => [qw(200 200 200   200   403 403   403   403 403    403    200   403    403)],
    can_respond   => [qw(200 200 200   200   403 403   403   403 403    403    200   403    403)],
    can_listen    => [qw(200 200 200   200   403 403   403   403 403    403    403   403    403)],
    notifications => [qw(200 200 200   200   403 403   403   403 403    403    403   403    403)],
    empty         => [qw(404 404 404   404   404 404   404   404 404    404    404   403    404)],
    other         => [qw(404 404 404   404   404 404   404   404 404    404    404   403    404)],
    none          => [qw(404 404 404   404   404 404   404   404 404    404    404   403    404)],
);
sub as { my ($role) = @_; $t->sql("DELETE FROM chat_session; DELETE FROM chat_topic WHERE id <> 2; DELETE FROM chat_topic_user; INSERT INTO chat_topic (id, name) VALUES (1, 'one');"
        . " INSERT INTO chat_topic_user (user_id, topic_id, can_listen) VALUES (3, 1, true); UPDATE associate SET is_admin = associate_id = 4; $role{$role}"); return }
sub state_of { return $t->sql("SELECT (SELECT string_agg(t::text, ',' ORDER BY t.id) FROM chat_topic AS t), (SELECT string_agg(u::text, ',' ORDER BY u.id) FROM chat_topic_user AS u)") }
for my $role (sort keys %cells) {
    for my $i (0 .. $#operations) {
        my ($name, $method, $path, $body) = @{$operations[$i]};
        as($role);
        my $state = state_of();
        my $answer = $t->request($method, $path eq '' ? $all : "$all/$path", user => 'otto', defined $body ? (json => $body) : ());
        is($answer->{status}, $cells{$role}[$i], "R-22: $role: $name");
        is(state_of(), $state, 'R-22: and nothing is changed') if $answer->{status} >= 400;
        is($answer->{json}{ErrorMessage}, 'ChatTopic 1 does not exist', 'R-22: with the body of a missing one') if $answer->{status} == 404;
    }
    as($role);
    my $mask = {admin => 'Select, Update, Insert, Delete', map { $_ => 'Select' } qw(manager can_respond can_listen notifications)}->{$role};
    my $shown = $t->get("$all/1", user => 'otto')->{json};
    is($shown->{TableRight}{Mask}, $mask, "R-22: $role: TableRight") if $mask;
    is($shown->{FieldProperties}{Name}{FieldRight}{Mask}, $role eq 'admin' ? 'Update' : 'Read', "R-22: $role: FieldProperties") if $mask;
    my $mine = ask('GET', "$all/ForCurrentUser", user => 'otto')->{json};
    is(join(',', map { $_->{ChatTopicId} } @$mine), {admin => '', none => '', empty => '', other => '2'}->{$role} // '1', "$role: ForCurrentUser");
}
is($t->get("$all/1", user => 'nobody')->{status}, 403, 'R-20: who is not known at all');
as('none');
is(code($t->request('POST', $all, user => 'otto', json => {Name => 5})), '400 body.invalid', 'IN-10: the body is judged before the right to save it');

# ---------------------------------------------------------------- open

as('can_respond');
my @days = qw(Sun Mon Tue Wed Thu Fri Sat);
sub hours { my ($zone, %set) = @_; return ask('PATCH', "$all/1", json => {OpeningHoursEnabled => $true, OpeningHours => {TzLocation => $zone ? {TZLocationID => $zone} : undef, %set}}) }
sub is_open { return ask('GET', "$all/1/IsOpen", user => 'otto')->{json} ? 1 : 0 }
sub clock { my ($seconds) = @_; return POSIX::strftime('%H:%M:%S', gmtime(time + $seconds)) }
sub around { my ($from, $to) = @_; return map { ("${_}Enabled" => $true, "${_}Start" => clock($from), "${_}Stop" => clock($to)) } @days }
is(is_open(), 1, 'a topic without opening hours is open');
ask('PATCH', "$all/1", json => {OpeningHoursEnabled => $true});
is(is_open(), 0, 'with hours and no day enabled it is closed');
is(hours(1, around(-3600, 3600))->{status}, 200, 'hours around this moment');
is(is_open(), 1, 'are open');
hours(1, around(3600, 7200));
is(is_open(), 0, 'later ones are not');
hours(1, around(3600, -3600));
is(is_open(), 0, 'the night that a day is between');
hours(1, around(-3600, 3600), UseLunchHours => $true, LunchStart => clock(-600), LunchStop => clock(600));
is(is_open(), 0, 'lunch closes');
# Hours of one zone are other hours in Norway, whose clocks are one or two hours on.
my $ahead = POSIX::strftime('%H', gmtime(time)) ;
my $oslo = $t->sql("SELECT extract(epoch FROM (now() AT TIME ZONE 'Europe/Oslo') - (now() AT TIME ZONE 'UTC'))::integer");
hours(261, around($oslo - 1200, $oslo + 1200), UseLunchHours => $false);
is(is_open(), 1, 'hours are those of the topic\'s zone');
hours(1);
is(is_open(), 0, 'and not of another');
hours(0);
is(is_open(), 1, 'without one they are those of the installation');
hours(12345);
is(is_open(), 1, 'also where the zone is not known');
my $lord = $t->sql("SELECT extract(epoch FROM (now() AT TIME ZONE 'Australia/Lord_Howe') - (now() AT TIME ZONE 'UTC'))::integer");
hours(900, around($lord - 1200, $lord + 1200));
is(is_open(), 1, 'a zone of the configuration, by its id');
$t->sql("INSERT INTO tzlocation (tzlocation_id, name, location_code) VALUES (901, 'Lord Howe', 'Australia/Lord_Howe')");
hours(901);
is(is_open(), 1, 'a zone of the table, by its name');
is(code($t->get("$all/99/IsOpen")), '404 topic.unknown', 'no topic, no answer');

# ---------------------------------------------------------------- sessions

sub start { my (%option) = @_; return ask('POST', "$all/1/Sessions", user => 'otto', %option) }
as('can_respond');
$t->sql('INSERT INTO chat_presence (associate_id, present) VALUES (2, true)');
my $session = start()->{json};
is("$session->{Status} $session->{TopicId} $session->{InitialQueuePos} $session->{CustomerHost}", 'InQueue 1 1 127.0.0.1', 'a session starts in the queue');
is($session->{$_}, $none, "$_ is unset") for qw(WhenStarted WhenEnded);
isnt($session->{$_}, $none, "$_ is set") for qw(WhenRequested WhenIdle WhenFetched);
is($session->{WhenIdle}, $session->{WhenRequested}, 'all of them at one moment');
like($session->{SessionKey}, qr/^[\w-]{40}$/, 'with a secret');
is($session->{$_}, undef, "$_: nobody") for qw(User Person Contact TransferTo);
is("$session->{AlertLevel}$session->{Rank}$session->{Rating}$session->{Flags}", '000CustomerIsTyping', 'and nothing else');
is($session->{_Links}, undef, 'without links');
is($session->{TableRight}{Mask}, 'Select, Update, Insert', 'RIGHT-1: as its reader may save it');
my $second = start()->{json};
is($second->{InitialQueuePos}, 2, 'the next one waits behind');
isnt($second->{SessionKey}, $session->{SessionKey}, 'with a secret of its own');
my $closed = 'UPDATE chat_topic SET use_opening_hours = true WHERE id = 1;';
my @starts = (
    ['SELECT 1', 'InQueue', 'somebody is there'],
    ['UPDATE chat_presence SET present = false', 'OfflineForm', 'nobody is there'],
    ['DELETE FROM chat_presence', 'OfflineForm', 'nobody has said that he is'],
    ['INSERT INTO chat_presence VALUES (3, true); UPDATE chat_presence SET present = false WHERE associate_id = 2', 'OfflineForm', 'who is there does not respond'],
    ['UPDATE associate SET deleted = true WHERE associate_id = 3; UPDATE chat_topic_user SET can_respond = true; UPDATE chat_presence SET present = associate_id = 3', 'OfflineForm', 'who is there has left'],
    [$closed, 'OfflineForm', 'the topic is closed'],
    ["$closed UPDATE chat_topic SET bot_enabled = true WHERE id = 1", 'InQueue', 'closed, but a bot is there'],
    ['UPDATE chat_topic SET bot_enabled = true WHERE id = 1; UPDATE chat_presence SET present = false', 'InQueue', 'a bot is there'],
    ['UPDATE chat_topic SET widget_pre_form = true WHERE id = 1', 'PreChatForm', 'a form comes first'],
    ['UPDATE chat_topic SET widget_auto_faq = true WHERE id = 1', 'Faq', 'answers come first'],
    ['UPDATE chat_topic SET widget_pre_form = true, widget_auto_faq = true WHERE id = 1', 'PreChatForm', 'a form before them'],
    ["$closed UPDATE chat_topic SET widget_pre_form = true WHERE id = 1", 'OfflineForm', 'but none where the topic is closed'],
    ["$closed UPDATE chat_topic SET widget_pre_form = true, bot_enabled = true WHERE id = 1", 'PreChatForm', 'unless a bot is there'],
);
for my $case (@starts) {
    my ($sql, $status, $why) = @$case;
    as('can_respond');
    $t->sql("DELETE FROM chat_presence; INSERT INTO chat_presence VALUES (2, true); UPDATE associate SET deleted = false; $sql");
    my $answer = start()->{json};
    is($answer->{Status}, $status, "$why: $status");
    is($answer->{ChatbotIsActive} ? 1 : 0, $sql =~ /bot_enabled/ ? 1 : 0, 'ChatbotIsActive is as the topic has a bot');
}
$t->sql('UPDATE associate SET deleted = false; DELETE FROM chat_presence; INSERT INTO chat_presence VALUES (2, true)');
as('can_respond');
my @same = map { start(headers => {'Idempotency-Key' => 'start'}) } 1, 2;
is($same[0]{content}, $same[1]{content}, 'R-18: started once');
is($t->sql('SELECT count(*) FROM chat_session'), 1, 'one session');
is(start(content => $_, headers => {'Content-Type' => 'application/json'})->{status}, 200, "a body of '$_' does not matter") for 'null', '';
$t->sql('DELETE FROM chat_session');
is(race(30, sub { $t->request('POST', "$all/1/Sessions", user => 'otto')->{status} }), '30 0 0', '30 customers at once');
is($t->sql('SELECT string_agg(initial_queue_pos::text, $$,$$ ORDER BY initial_queue_pos) FROM chat_session'), join(',', 1 .. 30), 'have 30 places');
is(code($t->request('POST', "$all/99/Sessions")), '404 topic.unknown', 'no topic, no session');

$t->done;
