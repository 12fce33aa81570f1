#!/usr/bin/perl
# Hosts with mod_php run the prefork MPM: one connection per child, and no more of them than ChatSessionHostMax says,
# however many children there are.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';

for my $mpm (qw(prefork worker)) {
    my $t = ChatSession::Test->new(more => 1, mpm => $mpm, conf => "ChatSessionHostMax 4\nChatSessionPoolMax 4\nChatSessionPoolWait 8s\n"
            . "ChatSessionTimeout 20s\nChatSessionPoolQueue 50")->run;
    my $id = $t->post($all, {CustomerName => 'Kari'})->{json}{ChatSessionId};
    # A backend shows for a moment longer than its connection lasts, so what is too many counts if it stays.
    my $count = sub {
        my @pids;
        for my $look (1 .. 4) {
            my %now = map { $_ => 1 } split ' ', $t->sql("SELECT coalesce(string_agg(pid::text, ' '), '') FROM pg_stat_activity WHERE usename = 'chatsession'");
            @pids = $look == 1 ? keys %now : grep { $now{$_} } @pids;
            last if @pids <= 4;
        }
        return scalar @pids;
    };
    # Exactly: each connection is a locked byte of the quota's file, from before it is made until after it is closed.
    my $locked = sub {
        my %ours = map { $_ => 1 } $t->children;
        my $bytes = 0;
        for (split /\n/, slurp('/proc/locks')) {
            $bytes += $3 - $2 + 1 if /POSIX +ADVISORY +WRITE (\d+) \S+ (\d+) (\d+)$/ && $ours{$1};
        }
        return $bytes;
    };
    my $watcher = fork;
    if (!$watcher) {
        my $most = 0;
        for (1 .. 60) {
            for my $now ($count->(), $locked->()) {
                $most = $now if $now > $most;
            }
        }
        POSIX::_exit($most);
    }
    my %close = (headers => {Connection => 'close'});
    my @results = $t->parallel(12, sub { return [map { $t->get("$all/$id", %close)->{status} } 1 .. 40] });
    waitpid $watcher, 0;
    my @bad = grep { $_ != 200 } map { @$_ } @results;
    is(scalar @bad, 0, "$mpm: more clients than connections are all served") or diag("@bad[0 .. 5]");
    cmp_ok($? >> 8, '<=', 4, "$mpm: with no more connections than permitted");
    cmp_ok($? >> 8, '>', 0, "$mpm: and at least one");

    # A child that dies gives its place back.
    for my $round (1 .. 3) {
        my @children = $t->children;
        kill 'KILL', @children;
        wait_for(10, sub { my %old = map { $_ => 1 } @children; return !grep { $old{$_} } $t->children });
        ok(wait_for(10, sub { my $answer = eval { $t->get("$all/$id", %close) }; return $answer && $answer->{status} == 200 }),
            "$mpm: after its children were killed it serves again ($round)");
    }
    ok(wait_for(10, sub { $count->() <= 4 }), "$mpm: still with no more connections than permitted");
    is($t->graceful, 1, "$mpm: reloads");
    is($t->get("$all/$id", %close)->{json}{CustomerName}, 'Kari', "$mpm: and serves");
    $t->expect_log(qr/AH00052: child pid \d+ exit signal Killed/, qr/AH0048[45]|AH00288|AH10159|server (?:is within|reached)/)->done;
}

done_testing;
