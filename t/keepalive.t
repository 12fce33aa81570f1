#!/usr/bin/perl
# A client that asks again at once finds the thread that has answered; one that does not is no burden.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Time::HiRes qw(time);
use IO::Socket::INET;
use List::Util qw(min max);
use ChatSession::Place;
use ChatSession::Cluster;
use ChatSession::Test;

my $path = '/api/v1/ChatSession/default';
my $cluster = ChatSession::Cluster->copy;
my $log = 'CustomLog threads.log "%{tid}P %D"';

# Threads and times in microseconds, a pair for each request that has ended since the last look.
sub seen {
    my ($t, $count) = @_;
    my $file = $t->dir . '/threads.log';
    my @lines;
    wait_for(10, sub { @lines = split /\n/, -e $file ? slurp($file) : ''; @lines >= $t->{seen} + $count }) or return;
    my @new = map { [split] } @lines[$t->{seen} .. $#lines];
    $t->{seen} = @lines;
    return @new;
}

# Shares of a client's requests that the thread of its last one has served, in rounds: a busy machine may be slow in some
# of them, so there are twenty until one has `enough`, or five.  Each is sent half a millisecond after the answer, when the thread is done unless it waits.
sub shares {
    my (%option) = @_;
    my $enough = delete $option{enough};
    my $t = ChatSession::Test->new(more => 1, cluster => $cluster, server => $log, %option)->run;
    my $ask = $t->lean_client;
    $t->{seen} = 0;
    my @shares;
    while (@shares < ($enough ? 20 : 5) && !($enough && @shares && $shares[-1] > $enough)) {
        my @status;
        for (1 .. 60) {
            push @status, ($ask->('GET', $path, ''))[0];
            for (my $answered = time; time - $answered < 0.0005;) { }
        }
        is(scalar(grep { $_ == 200 } @status), 60, 'each is answered');
        my @threads = map { $_->[0] } seen($t, 60);
        is(scalar @threads, 60, 'and logged');
        push @shares, scalar(grep { $threads[$_] eq $threads[$_ - 1] } 1 .. $#threads) / 59;
    }
    $t->done;
    return @shares;
}

cmp_ok(max(shares(enough => 0.5, conf => 'ChatSessionKeepAliveWait 10ms')), '>', 0.5, 'who asks at once finds the thread that has answered');
cmp_ok(min(shares(conf => 'ChatSessionKeepAliveWait 0')), '<', 0.2, 'unless it is not to wait');
cmp_ok(min(shares(conf => 'ChatSessionKeepAliveWait 10ms', mpm_conf => "ThreadsPerChild 3\nServerLimit 1\nMaxRequestWorkers 3\nMinSpareThreads 1\n")),
    '<', 0.2, 'nor do more than a quarter of the threads wait');
is(max(shares(conf => 'ChatSessionKeepAliveWait 10ms', mpm => 'worker')), 1, 'where a connection has its thread, it has it');

# ---------------------------------------------------------------- clients that are waited for in vain

my $t = ChatSession::Test->new(more => 1, cluster => $cluster, server => $log, conf => 'ChatSessionKeepAliveWait 10ms')->run;
my $authorization = ChatSession::Test::basic("anna");
$t->{seen} = 0;

# Nothing of them is left on the socket when they are answered.
my $one = "GET $path HTTP/1.1\r\nHost: localhost\r\nAuthorization: $authorization\r\n\r\n";
my @took = map {
    my $start = time;
    my $answers = $t->raw($one x 99 . $one =~ s/\r\n\r\n/\r\nConnection: close\r\n\r\n/r);
    my $took = time - $start;
    is(scalar(() = $answers =~ m{HTTP/1\.1 200 OK}g), 100, 'a client that does not wait for its answers has all of them');
    is(scalar(seen($t, 100)), 100, 'and all are logged');
    $took;
} 1 .. 3;
cmp_ok(min(@took), '<', 0.6, 'soon');

# The last request of each is waited behind; a busy machine may be slow once, not each time.
my @last = map {
    my $ask = $t->lean_client;
    $ask->('GET', $path, '') for 1 .. 5;
    (seen($t, 5))[-1][1];
} 1 .. 8;
cmp_ok(min(@last), '<', 10_000, 'the log tells the time that the answer took, not that of waiting for another request');

# Many such clients at a time: a quarter of the threads are theirs, and all are served.
my @busy = $t->parallel(24, sub {
    my $ask = $t->lean_client;
    return scalar grep { ($ask->('GET', $path, ''))[0] == 200 } 1 .. 50;
});
is_deeply(\@busy, [(50) x 24], 'many such clients at a time are all served');
$t->done;

# ---------------------------------------------------------------- who waits, as the log has it

my $waits = sub { my $count = () = $t->log_text =~ /waits for the client's next request/g; return $count };
$t = ChatSession::Test->new(more => 1, cluster => $cluster, modules => ['include'], conf => 'ChatSessionKeepAliveWait 10ms',
    mpm_conf => "ThreadsPerChild 8\nServerLimit 1\nMaxRequestWorkers 8\nMinSpareThreads 1\n",
    server => "$log\nLogLevel chatsession:trace4\nMaxKeepAliveRequests 0\n<Location /page.shtml>\nOptions +Includes\nSetOutputFilter INCLUDES\n</Location>")->run;
open my $page, '>', $t->dir . '/htdocs/page.shtml' or die;
print $page qq{<!--#include virtual="$path" -->\n} x 40;
close $page;
my $ask = $t->lean_client;
ok(wait_for(20, sub { 5 == grep { ($ask->('GET', $path, ''))[0] == 200 } 1 .. 5 and $waits->() }), 'a prompt client is waited for');
my $visitor = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $t->port) or die;
my $content = '';
syswrite $visitor, "GET /page.shtml HTTP/1.1\r\nHost: localhost\r\nAuthorization: $authorization\r\n\r\n";
while ($content !~ /\r\n0\r\n\r\n\z/) {
    sysread $visitor, $content, 65536, length $content or last;
}
is(scalar(() = $content =~ /{"ChatSessionId":0,/g), 40, 'a page of another site is made of forty answers') or diag(substr $content, 0, 500);

# Two places for threads that are kept.
my @kept = $t->parallel(2, sub {
    my $hold = $t->lean_client;
    return scalar grep { ($hold->('GET', $path, ''))[0] == 200 } 1 .. 200;
});
is_deeply(\@kept, [200, 200], 'two clients, who may keep a thread each');
undef $ask;
my @many = $t->parallel(12, sub {
    my $hold = $t->lean_client;
    return scalar grep { ($hold->('GET', $path, ''))[0] == 200 } 1 .. 100;
});
is_deeply(\@many, [(100) x 12], 'twelve for two places are all served');
unlike($t->log_text, qr/client 127\.0\.0\.1:@{[$visitor->sockport]}\].*waits for/, 'behind none of the forty answers did a thread wait');
$t->done;

done_testing;
