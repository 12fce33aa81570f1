#!/usr/bin/perl
# What is the matter with one connection, one child, one database is nobody else's: stalled backends, children without a
# connection, databases that hang beside good ones.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use IO::Socket::INET;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my $limits = "ChatSessionStatementTimeout 500ms\nChatSessionPoolWait 300ms\nChatSessionConnectTimeout 300ms\nChatSessionTimeout 1200ms\n";
my %close = (headers => {Connection => 'close'});
sub code { my ($answer) = @_; return join ' ', $answer->{status}, $answer->{json}{Code} // '' }
sub tally { my %sum; for my $one (@_) { $sum{$_} += $one->{$_} for keys %$one } return \%sum }
sub backends { my ($t) = @_; return split ' ', $t->sql("SELECT string_agg(pid::text, ' ' ORDER BY state_change DESC) FROM pg_stat_activity WHERE usename = 'chatsession'") }

# Asks again and again for so many seconds; how often each answer came.
sub ask {
    my ($seconds, $what) = @_;
    my ($end, %seen) = (time + $seconds);
    $seen{code($what->())}++ while time < $end;
    return \%seen;
}

# ---------------------------------------------------------------- one backend stands still

my $t = ChatSession::Test->new(more => 1, conf => $limits)->run;
my $id = $t->post($all, {CustomerName => 'Kari'})->{json}{ChatSessionId};
$t->parallel(8, sub { $t->get("$all/default") for 1 .. 20; 1 });
my ($stalled) = backends($t);
kill 'STOP', $stalled;
my $seen = tally($t->parallel(4, sub { return ask(1.5, sub { $t->get("$all/default") }) }));
kill 'CONT', $stalled;
cmp_ok($seen->{'503 db.silent'} // 0, '<=', 1, 'of a backend that stands still one request hears nothing');
is(join(' ', sort grep { !/db\.silent/ } keys %$seen), '200 ', 'all others are served');
unlike($t->log_text, qr/CS0101/, 'the database counts as good');

# A commit that waits for a standby that is not there.
$t->cluster->sql('postgres', "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
$t->cluster->sql('postgres', 'SELECT pg_reload_conf()');
wait_for(5, sub { $t->sql('SHOW synchronous_standby_names') eq 'nobody' });
my ($write, $reads) = $t->parallel(2, sub {
    return ask(1, sub { $t->get("$all/$id") }) if $_[0] == 2;
    return {code($t->post($all, {CustomerName => 'sync'})) => 1};
});
is(join(' ', keys %$write), '503 db.silent', 'a commit that does not end is given up');
is(join(' ', keys %$reads), '200 ', 'while reads are served');
$t->cluster->sql('postgres', 'ALTER SYSTEM RESET synchronous_standby_names');
$t->cluster->sql('postgres', 'SELECT pg_reload_conf()');

# All of it stands still.
$t->parallel(8, sub { $t->get("$all/default") for 1 .. 20; 1 });
$t->cluster->freeze;
my $start = time;
$t->parallel(6, sub { $t->get("$all/$id")->{status} });
ok(wait_for(3, sub { my $asked = time; $t->get("$all/$id"); time - $asked < 0.1 }), 'a database that stands still is known to');
cmp_ok(time - $start, '<', 1.8, 'soon after the time limits of statement and connection');
$start = time;
is(code($t->get("$all/$id")), '503 db.unavailable', 'from then on nobody waits');
cmp_ok(time - $start, '<', 0.25, 'at all');
$t->cluster->thaw;
ok(wait_for(2, sub { $t->get("$all/$id")->{status} == 200 }), 'until it goes on');
$t->expect_log(qr/CS0201: .* 503 db\./, qr/CS010[13]: /)->done;

# ---------------------------------------------------------------- children that share a quota

$t = ChatSession::Test->new(more => 1, conf => "ChatSessionPoolMax 4\nChatSessionHostMax 4\nChatSessionPoolWait 5s\nChatSessionTimeout 15s\n",
    mpm_conf => "StartServers 2\nServerLimit 2\nThreadsPerChild 32\nMaxRequestWorkers 64\nMinSpareThreads 64\nMaxSpareThreads 64\n",
    server => "LogFormat \"%P %s\" pid\nCustomLog pid.log pid")->run;
$t->sql("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END';"
    . 'CREATE TRIGGER slow BEFORE INSERT ON chat_session FOR EACH ROW EXECUTE FUNCTION slow()');
my $busy = tally($t->parallel(12, sub { return ask(2.5, sub { $t->post($all, {}, %close) }) }));
my %served;
for (split /\n/, ChatSession::Place::slurp($t->dir . '/pid.log')) {
    $served{$1}++ if /^(\d+) 200/;
}
is(scalar(grep { $_ > 5 } values %served), 2, 'a busy child does not starve the other') or diag(join ' ', %served);
is(join(' ', sort keys %$busy), '200 ', 'everybody is served');
$t->expect_log(qr/AH00288|AH0048[45]|AH10159/)->done;

$t = ChatSession::Test->new(more => 1, mpm => 'prefork', conf => "ChatSessionHostMax 2\nChatSessionPoolMax 2\nChatSessionPoolWait 8s\nChatSessionTimeout 20s")->run;
my $round = sub { return tally($t->parallel(8, sub { my %seen; $seen{code($t->get("$all/default", %close))}++ for 1 .. 6; return \%seen })) };
is(join(' ', keys %{$round->()}), '200 ', 'prefork: eight children share two connections');
$t->cluster->stop('fast');
$round->();
$t->cluster->start;
wait_for(5, sub { $t->get("$all/default", %close)->{status} == 200 });
ok(wait_for(8, sub { my $all_served = $round->(); return join(' ', keys %$all_served) eq '200 ' }), 'prefork: after an outage no child stays away');
$t->expect_log(qr/CS0201: .* 503 db\./, qr/CS010[13]: /, qr/AH00288|AH0048[45]|AH10159/)->done;

# ---------------------------------------------------------------- databases beside each other

my $hole = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1', LocalPort => 0) or die;
my $cluster = ChatSession::Cluster->copy;
my $hung = "host=127.0.0.1 port=" . $hole->sockport . " user=x sslmode=disable dbname";
$t = ChatSession::Test->new(more => 1, cluster => $cluster, location => '/good/api', conf => '',
    server => join('', map { "<Location \"/h$_/api\">\nChatSession On\nChatSessionDatabase \"$hung=h$_\"\nInclude users.conf\n</Location>\n" } 1 .. 5));
$t->write_conf;
$t->_write('users.conf', $t->auth_conf);
$t->run;
my $good = '/good/api/v1/ChatSession/default';
is($t->get($good)->{status}, 200, 'a good database beside five that hang');
my @hung = $t->parallel(10, sub {
    return [$_[0] <= 5 ? 503 - $t->get("/h$_[0]/api/v1/ChatSession/default")->{status} : 200 - $t->get($good)->{status}];
});
is(join(' ', map { @$_ } @hung), join(' ', (0) x 10), 'those that hang are 503, the good one serves meanwhile');
$cluster->stop;
is($t->get($good)->{status}, 503, 'it is stopped');
$cluster->start;
ok(wait_for(1, sub { $t->get($good)->{status} == 200 }), 'and comes back at once, whatever the others do');

# They take half of the threads, however many they are.
$cluster->freeze;
my @waiting = $t->parallel(30, sub {
    my ($number) = @_;
    my $asked = time;
    if ($number > 26) {
        wait_for(5, sub { $t->log_text =~ /half of the child's threads/ }) if $number < 28;
        return ['site', $t->get('/index.html')->{status}, time - $asked];
    }
    return ['api', code($t->get($good)), 0];
});
is(scalar(grep { $_->[0] eq 'site' && $_->[1] == 200 } @waiting), 4, 'another site is served while databases hang');
cmp_ok(scalar(grep { $_->[1] eq '503 db.busy' } @waiting), '>=', 10, 'who would take more than half of the threads is refused');
$cluster->thaw;
$start = time;
$t->stop;
cmp_ok(time - $start, '<', 5, 'attempts to connect do not hold up the end');
unlike($t->log_text, qr/AH0004[56]/, 'no child had to be killed');
$t->expect_log(qr/CS0201: .* 503 db\./, qr/CS010[13]: /, qr/CS0203: /)->done;

done_testing;
