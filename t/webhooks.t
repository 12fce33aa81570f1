#!/usr/bin/perl
# Webhooks: each at least once, in order for each session, signed; through outages of the receiver, the server and the
# process that sends; to allowed hosts alone.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Digest::SHA qw(hmac_sha256_base64);
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use ChatSession::Place;
use ChatSession::Receiver;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $json = JSON::PP->new->utf8;
my $t = ChatSession::Test->new(more => 1, runner => 1, server => 'LogLevel warn chatsession:trace8', mpm_conf => "StartServers 3\nMinSpareThreads 96\n",
    conf => "ChatSessionWebhookAllow 127.0.0.1 localhost\nChatSessionWebhookTimeout 2s\nChatSessionIdleAfter 10min\n");
$t->sql("INSERT INTO chat_topic (id, name) VALUES (1, 'Help')");
my $receiver = ChatSession::Receiver->new;

# The administrator's command; what it says.
sub webhook {
    my @words = @_;
    local $ENV{CHATSESSION_WEBHOOK_SECRET} = 'hush: \'a secret\'' if $words[0] eq 'add';
    open my $pipe, '-|', source_path('sql/webhook'), @words, '-h', $t->cluster->socket, '-U', 'postgres', '-d', 'empty' or die;
    my $said = join '', <$pipe>;
    close $pipe;
    chomp $said;
    return $said;
}
sub comes { my ($query, $expected, $name) = @_; wait_for(30, sub { $t->sql($query) eq $expected }); return is($t->sql($query), $expected, $name) }
sub receives { my ($count, $name) = @_; wait_for(30, sub { my @got = $receiver->got; @got >= $count }); return is(scalar(my @got = $receiver->got), $count, $name) }
my $pending = 'SELECT count(*) FROM webhook_delivery WHERE done_at IS NULL';
sub settle { return comes($pending, 0, $_[0]) }

# Numbers of the events that came for each session and were taken, in the order in which they came on one path.
sub numbers {
    my ($path) = @_;
    $path //= '/hook?a=1';
    my %numbers;
    for my $got (grep { $_->{answer} eq '200' && $_->{path} eq $path } $receiver->got) {
        my $session = $json->decode($got->{body})->{PrimaryKey};
        push @{$numbers{$session}}, $got->{headers}{'x-chatsession-number'};
    }
    return %numbers;
}
sub in_order {
    my ($name, $path) = @_;
    my %numbers = numbers($path);
    my @wrong = grep { join(',', @{$numbers{$_}}) ne join(',', sort { $a <=> $b } @{$numbers{$_}}) } keys %numbers;
    return is("@wrong", '', $name);
}
sub message { my ($id, $text) = @_; return $t->post("$all/$id/Messages", {Message => $text, Type => 'ToUser'})->{status} }

# ---------------------------------------------------------------- what is sent

is(webhook('add', 'crm', $receiver->url . '/hook?a=1', 'chatsession.created,chatsession.changed,chatsession.message', 'Authorization: Bearer mine', 'X-Two: 2'), '', 'a webhook is registered');
$t->run;
my $id = $t->post($all, {TopicId => 1, Status => 'InQueue', CustomerAlias => "Kari \"\x{f8}\" <x>", Rating => 3, ContactId => 0})->{json}{ChatSessionId};
is($t->post("$all/$id/Pickup", undef)->{status}, 200, 'a session is picked up');
is(message($id, 'hello'), 200, 'the customer writes');
is($t->request('PATCH', "$all/$id", headers => {'Content-Type' => 'application/merge-patch+json'}, content => '{"CustomerName": "Kari"}')->{status}, 200, 'and gets a name');
receives(3, 'created, changed, message; nothing of what it did not ask for');
my @got = $receiver->got;
my @bodies = map { $json->decode($_->{body}) } @got;
is(join(' ', map { $_->{Event} } @bodies), 'chatsession.created chatsession.changed chatsession.message', 'lifecycle 13: in order');
my ($first, $second, $third) = @bodies;
is(join(' ', sort keys %$first), 'ChangedByAssociateId Changes ContextIdentifier Entity Event EventId FieldValues PrimaryKey Timestamp WebhookName', 'lifecycle 13: the members of the payload');
is_deeply($first->{FieldValues}, {AlertLevel => 0, ChatbotIsactive => JSON::PP::false, Consented => JSON::PP::false, ContactId => 0, CustomerAlias => "Kari \"\x{f8}\" <x>",
    CustomerId => 0, ProjectId => 0, Rating => 3, SaleId => 0, Status => 4, TicketId => 0, TopicId => 1, UserId => 0}, 'lifecycle 13: FieldValues, as they were then');
like($got[0]{body}, qr/"Status":4,.*"Consented":false|"Consented":false.*"Status":4/, 'numbers as numbers, flags as booleans');
is($second->{FieldValues}{Status}, 5, 'a status is a number');
is($second->{FieldValues}{UserId}, 1, 'the agent');
is($first->{PrimaryKey}, $id, 'PrimaryKey is the session');
is("$first->{Entity} $first->{ContextIdentifier} $first->{WebhookName} $first->{ChangedByAssociateId}", 'chatsession Default crm 1', 'entity, context, name, who did it');
like($first->{Timestamp}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/, 'a time in UTC');
is_deeply($first->{Changes}, [], 'no Changes');
is(join(' ', @{$third->{Changes}}), 'chatSession.topicId chatSession.userId chatSession.customerId chatSession.customerName chatSession.customerEmail chatSession.companyName'
    . ' chatSession.customerPhone chatMessage.sessionId chatMessage.id chatMessage.message chatMessage.type chatMessage.specialType chatMessage.specialParam chatMessage.author',
    'but the fourteen of a message');
unlike($got[2]{body}, qr/hello/, 'whose text is not sent');
for my $got (@got) {
    my $headers = $got->{headers};
    my $body = $json->decode($got->{body});
    is("$got->{method} $got->{path}", 'POST /hook?a=1', "$body->{Event}: posted to the URL");
    is($headers->{'content-type'}, 'application/json; charset=utf-8', 'as JSON');
    like($headers->{'user-agent'}, qr{^NetServer-Webhook/\d}, 'lifecycle 13: User-Agent');
    is($headers->{'x-superoffice-event'}, $body->{Event}, 'X-Superoffice-Event');
    is($headers->{'x-superoffice-eventid'}, $body->{EventId}, 'X-Superoffice-Eventid');
    is($headers->{'x-superoffice-retry'}, 0, 'X-Superoffice-Retry');
    my $signature = hmac_sha256_base64($got->{body}, 'hush: \'a secret\'');
    $signature .= '=' while length($signature) % 4;
    is($headers->{'x-superoffice-signature'}, $signature, 'X-Superoffice-Signature');
    is("$headers->{authorization} $headers->{'x-two'}", 'Bearer mine 2', 'the registration\'s own headers');
    is($headers->{expect}, undef, 'no Expect');
}
like($first->{EventId}, qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'EventId is a GUID');
is(scalar(keys %{{map { $_->{EventId} => 1 } @bodies}}), 3, 'of its own for each');
settle('all is noted as delivered');
like(webhook('log', 'crm'), qr/chatsession\.message \|\s*$id \|\s*3 \| delivered \|\s*1 \|\s*200 /, 'the log of deliveries');

# ---------------------------------------------------------------- an outage of the receiver, of the server, of the sender

$receiver->forget;
my @sessions = map { $t->post($all, {TopicId => 1, Status => 'InQueue'})->{json}{ChatSessionId} } 1 .. 5;
$receiver->stop;
message($_, 'during the outage') for @sessions, @sessions;
comes('SELECT count(*) FROM webhook WHERE failures > 1', 1, 'while nobody listens, it is tried again and again');
message($_, 'still') for @sessions;
$t->stop;
$t->sql("INSERT INTO chat_message (session_id, message) VALUES ($sessions[0], 'while httpd is down')");
is($t->sql($pending) > 15, 1, 'all waits in the database');
$t->run;
$receiver->start;
settle('after the outage all is delivered');
my %numbers = numbers();
is(scalar(keys %numbers), 5, 'for each session');
in_order('in the order of its numbers');
is(join(' ', map { scalar(keys %{{map { $_ => 1 } @{$numbers{$_}}}}) } @sessions), '5 4 4 4 4', 'each at least once');
cmp_ok((sort { $b <=> $a } map { $_->{headers}{'x-superoffice-retry'} } $receiver->got)[0], '>', 0, 'X-Superoffice-Retry counts');
like(webhook('list'), qr/crm\s*\| active .*\|\s*0 \|\s*\|\s*0$/m, 'the webhook is well again');

$receiver->forget;
$receiver->mode('503');
message($_, 'a') for @sessions;
comes('SELECT count(*) FROM webhook WHERE failures > 0', 1, 'a receiver that answers 503');
my ($leader) = ($t->log_text =~ /pid (\d+).*CS0243/g)[-1];
$t->expect_log(qr/child pid $leader exit signal Killed/);
kill 'KILL', $leader;
for my $session (@sessions) {
    wait_for(10, sub { message($session, 'b') == 200 });    # the killed child may have had our connection
}
$receiver->mode('200');
settle('another process goes on when the one that sends is killed');
in_order('in order');
ok(!(grep { $_ < 2 } map { scalar @$_ } values %{{numbers()}}), 'nothing is lost');

# Many, while it fails now and then.
$receiver->forget;
my $numbers_before = $t->sql("SELECT count(*) FROM webhook_delivery");
$t->parallel(4, sub { my ($n) = @_; message($sessions[$_ % 5], "many $n") for 1 .. 15; return 1 });
settle('a burst of sixty messages is delivered');
in_order('in order');
is(scalar(map { @$_ } values %{{numbers()}}), $t->sql("SELECT count(*) - $numbers_before FROM webhook_delivery"), 'each once');

# ---------------------------------------------------------------- one that is refused holds its own session alone

$receiver->forget;
webhook('add', 'poor', $receiver->url . '/poor', 'chatsession.message');
$receiver->mode('400 /poor');
message($sessions[0], 'refused');
comes("SELECT count(*) FROM webhook_delivery WHERE done_at IS NULL AND status = 400 AND error = 'answered 400'", 1, 'a delivery that is refused waits');
message($sessions[0], 'behind it');
message($sessions[1], 'beside it');
comes("SELECT count(*) FROM webhook_delivery JOIN webhook ON webhook.id = webhook_id WHERE name = 'crm' AND done_at IS NULL", 0, 'another webhook gets all');
is($t->sql("SELECT count(*) FROM webhook_delivery JOIN webhook ON webhook.id = webhook_id WHERE name = 'poor' AND entity_id = $sessions[0] AND done_at IS NULL AND tries > 0"), 1,
    'what comes behind it in its session is not tried before it');
$receiver->mode('200');
settle('until it is taken');
in_order('in order', '/poor');
webhook('remove', 'poor');

# ---------------------------------------------------------------- a receiver that is slow, or says too much

$receiver->forget;
webhook('add', 'slow', $receiver->url . '/slow', 'chatsession.message');
$receiver->mode('hold /slow');
message($sessions[0], 'slowly');
ok(wait_for(10, sub { grep { $_->{path} eq '/slow' } $receiver->got }), 'a receiver does not answer');
message($sessions[1], 'at once');
comes("SELECT count(*) FROM webhook_delivery JOIN webhook ON webhook.id = webhook_id WHERE name = 'crm' AND done_at IS NULL", 0, 'it holds no other');
comes("SELECT count(*) > 0 FROM webhook_delivery WHERE error LIKE 'Timeout%'", 't', 'and is given up after ChatSessionWebhookTimeout');
$receiver->mode('flood /slow');
settle('an answer without end is not read to its end');
webhook('remove', 'slow');

# ---------------------------------------------------------------- where it may not go

$receiver->forget;
my $port = $receiver->{port};
my %refused = (
    "http://localhost:$port/private" => 'its address is not public: ChatSessionWebhookAllow must list it, or its network, as well',
    "http://127.0.0.2:$port/unlisted" => 'the URL\'s host is not listed in ChatSessionWebhookAllow',
    "http://[::1]:$port/six"          => 'the URL\'s host is not listed in ChatSessionWebhookAllow',
    "http://[::ffff:7f00:2]:$port/dressed" => 'the URL\'s host is not listed in ChatSessionWebhookAllow',
    "http://2130706434:$port/number"  => 'the URL\'s host is not listed in ChatSessionWebhookAllow',
    "http://example.com/"             => 'the URL\'s host is not listed in ChatSessionWebhookAllow',
);
my $n = 0;
webhook('add', 'no ' . $n++, $_, 'chatsession.message') for sort keys %refused;
webhook('add', 'redirected', $receiver->url . '/redirect', 'chatsession.message');
# The host's own localhost would be an address that is listed.
$receiver->mode('redirect /redirect');
$t->{conf} =~ s/127\.0\.0\.1 localhost/127.0.0.1 localhost/;
message($sessions[2], 'to nobody');
comes("SELECT count(DISTINCT webhook_id) FROM webhook_delivery WHERE done_at IS NULL AND tries > 0", 6, 'none of these is delivered');
for my $url (sort keys %refused) {
    next if $url =~ /localhost/;
    is($t->sql("SELECT DISTINCT error FROM webhook_delivery JOIN webhook ON webhook.id = webhook_id WHERE target_url = '$url'"), $refused{$url}, "$url: why");
}
is($t->sql("SELECT DISTINCT error FROM webhook_delivery JOIN webhook ON webhook.id = webhook_id WHERE name = 'redirected'"), 'answered 302, and redirects are not followed', 'a redirect is not followed');
ok(!(grep { $_->{path} =~ m{^/(?:elsewhere|unlisted|six|dressed|number)} } $receiver->got), 'nothing came where it should not');
ok(scalar(grep { $_->{path} eq '/private' } $receiver->got), 'a name that leads to a listed address is good');
$t->stop;
$t->{conf} =~ s/127\.0\.0\.1 localhost/localhost/;
$t->sql("DELETE FROM webhook WHERE target_url NOT LIKE '%/private'");
$receiver->forget;
$t->run;
message($sessions[2], 'to a private address');
comes("SELECT count(*) FROM webhook_delivery WHERE error = '" . $refused{"http://localhost:$port/private"} . "' AND done_at IS NULL", 1, 'a name that leads to a private address which is not listed is not');
is(scalar(my @none = $receiver->got), 0, 'nothing was sent there');
like($t->log_text, qr/CS0240: webhook "no \d", delivery \d+, try 1: its address is not public/, 'the log says why');

# ---------------------------------------------------------------- stopped, started, told again, given up

$t->stop;
$t->{conf} =~ s/localhost/127.0.0.1/;
$t->sql('DELETE FROM webhook');
webhook('add', 'crm', $receiver->url . '/hook', 'chatsession.message');
$t->run;
$receiver->mode('200');
message($sessions[3], 'one');
settle('a webhook');
$receiver->forget;
is(webhook('stop', 'crm'), 'stopped', 'is stopped');
message($sessions[3], 'two');
is($t->sql($pending), 0, 'what happens then it is not told');
is(webhook('start', 'crm'), 'started, 0 pending', 'it is started');
message($sessions[3], 'three');
receives(1, 'and told what happens from then on');
my $last = ($receiver->got)[0]{headers}{'x-chatsession-number'};
is(webhook('replay', 'crm', 'session', $sessions[3], $last - 1), '2 to be told again', 'it may be told again, from a number on');
receives(3, 'which are sent');
is(join(' ', map { $_->{headers}{'x-chatsession-number'} } ($receiver->got)[1, 2]), ($last - 1) . " $last", 'in order');
is($json->decode(($receiver->got)[2]{body})->{EventId}, $json->decode(($receiver->got)[0]{body})->{EventId}, 'with the same EventId');
like(webhook('replay', 'crm', 'since', '2020-01-01'), qr/^\d+ to be told again$/, 'or since a time');
settle('which are sent');

$receiver->mode('500');
$receiver->forget;
message($sessions[4], 'hopeless');
comes('SELECT failures > 0 FROM webhook', 't', 'a receiver that always fails');
$t->sql("UPDATE webhook SET failing_since = now() - interval '73 hours', due = now()");
$t->expect_log(qr/CS0241: webhook "crm" is stopped: for 259200 s nothing could be delivered/);
comes('SELECT state FROM webhook', 3, 'is stopped when it has failed for ChatSessionWebhookGiveUp: too many errors');
$t->sql("UPDATE webhook_delivery SET due = now() - interval '73 hours' WHERE done_at IS NULL");
comes("SELECT done_at IS NOT NULL FROM webhook_delivery ORDER BY id DESC LIMIT 1", 't', 'what waits for it is given up in its time');
$receiver->mode('200');
webhook('start', 'crm');
message($sessions[4], 'hope');
settle('when it is started it goes on');
$receiver->mode('500');
message($sessions[4], 'too old');
comes('SELECT failures > 0 FROM webhook', 't', 'one fails');
$t->sql("UPDATE webhook_delivery SET created_at = now() - interval '73 hours', due = now() WHERE done_at IS NULL");
message($sessions[4], 'new');
comes("SELECT count(*) FROM webhook_delivery WHERE done_at IS NOT NULL AND error = 'answered 500'", 2, 'it is given up when it has been tried for so long');
$receiver->mode('200');
$t->sql("UPDATE webhook_delivery SET due = now() WHERE done_at IS NULL");
settle('and the next one goes on');
$t->sql("UPDATE webhook_delivery SET done_at = now() - interval '8 days'");
comes('SELECT count(*) FROM webhook_delivery', 0, 'the log is kept for ChatSessionEventKeep');

# A database that restarts in the middle.
$t->expect_log(qr/CS0242|CS0101|CS0102|CS0103/);
message($sessions[0], 'before');
$t->cluster->restart;
wait_for(10, sub { message($sessions[0], 'after') == 200 });
settle('after a restart of the database it goes on');

unlike($t->log_text . slurp($t->cluster->log_file), qr/hush|a secret/, 'the secret is in no log');
unlike(webhook('list'), qr/hush/, 'nor in the list');
$t->done;
done_testing;
