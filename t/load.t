#!/usr/bin/perl
# Many clients at once: nothing acknowledged is lost, nothing wrong is said - also while the database restarts or httpd
# reloads its configuration.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Test;

my $all = '/api/v1/ChatSession';
my ($clients, $sessions) = (8, 125);

# One client's sessions from their making to their end.  Returns what went wrong (a list), how often the server was
# not there (503), and how many sessions it made.  With `retry` an answer 503 is asked for again.
sub life {
    my ($t, $number, %option) = @_;
    my (@wrong, $unavailable, $made);

    # An answer that is no 503; undef when there was a 503 and the outcome is not known.
    my $ask = sub {
        my ($method, $path, $body) = @_;
        my $answer = $t->request($method, $path, $body ? (json => $body) : (), headers => {%{$option{headers} // {}}});
        return $answer if $answer->{status} != 503;
        $unavailable++;
        push @wrong, "$method: 503 without Retry-After" if !$answer->{headers}{'retry-after'};
        return;
    };
    my $ask_until = sub {
        my @what = @_;
        my $answer;
        wait_for(30, sub { $answer = $ask->(@what) });
        return $answer // {status => 'none within 30 s'};
    };
    for my $n (1 .. $sessions) {
        my $name = "client $number session $n";
        my $new = $ask->('POST', $all, {CustomerName => $name, Rank => $n});
        if (!$new) {
            $ask_until->('GET', "$all/default");    # goes on when the server does
            next;
        }
        if ($new->{status} != 200 || $new->{json}{CustomerName} ne $name) {
            push @wrong, "create: $new->{status} $new->{content}";
            next;
        }
        my $id = $new->{json}{ChatSessionId};
        $made++;
        my $read = $ask_until->('GET', "$all/$id");
        push @wrong, "read: $read->{status}" if $read->{status} != 200 || $read->{content} ne $new->{content};
        my $replaced = $ask->('PUT', "$all/$id", {CustomerName => "$name b", Rank => -$n});
        my $after = $ask_until->('GET', "$all/$id");
        my $seen = $after->{json}{CustomerName} // '';
        push @wrong, "replace: " . ($replaced ? $replaced->{status} : 503) . ", then $after->{status} $seen"
            if $after->{status} != 200 || ($replaced ? $seen ne "$name b" || $replaced->{status} != 200 : $seen !~ /^\Q$name\E(?: b)?$/);
        my $deleted = $ask->('DELETE', "$all/$id");
        my $gone = $ask_until->('GET', "$all/$id");
        push @wrong, "delete: " . ($deleted ? $deleted->{status} : 503) . ", then $gone->{status}"
            if $deleted ? $deleted->{status} != 204 || $gone->{status} != 404 : $gone->{status} !~ /^(?:200|404)$/;
    }
    return {wrong => \@wrong, unavailable => $unavailable // 0, made => $made // 0};
}

sub sum { my ($what, @results) = @_; my $sum = 0; $sum += $_->{$what} for @results; return $sum }

sub report {
    my ($name, @results) = @_;
    my @wrong = map { $_->{error} // @{$_->{wrong}} } @results;
    is(scalar @wrong, 0, "$name: no wrong answer") or diag(join "\n", @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]);
    return;
}

# ---------------------------------------------------------------- undisturbed

my $t = ChatSession::Test->new(more => 1)->run;
my @quiet = $t->parallel($clients, sub { return life($t, $_[0]) });
report('undisturbed', @quiet);
is(sum('made', @quiet), $clients * $sessions, 'every session was made');
is(sum('unavailable', @quiet), 0, 'the server was always there');
is($t->sql('SELECT count(*) FROM chat_session'), 0, 'and every one is gone');
cmp_ok($t->sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'chatsession'"), '<=', 16, 'with few connections');

# ---------------------------------------------------------------- the database restarts in the middle

my $restarter = fork;
if (!$restarter) {
    for my $round (1 .. 3) {
        my $seen = $t->sql('SELECT coalesce(max(id), 0) FROM chat_session');
        wait_for(20, sub { $t->sql('SELECT coalesce(max(id), 0) FROM chat_session') > $seen + 150 });
        $t->cluster->restart('immediate');
    }
    POSIX::_exit(0);
}
my @restarted = $t->parallel($clients, sub { return life($t, $_[0]) });
waitpid $restarter, 0;
report('with restarts of the database', @restarted);
cmp_ok(sum('unavailable', @restarted), '>', 0, 'the server said when it could not');
cmp_ok(sum('made', @restarted), '>', $clients * $sessions * 0.8, 'and went on afterwards');
is($t->sql("SELECT count(*) FROM (SELECT FROM chat_session GROUP BY name HAVING count(*) > 1 OR name NOT LIKE 'client %') AS strange"), 0,
    'nothing was made twice');
$t->expect_log(qr/CS0201: request \w+: \w+ \w+: 503 db\./, qr/CS0101: /, qr/CS0103: /);

# ---------------------------------------------------------------- httpd reloads in the middle

my %close = (headers => {Connection => 'close'});    # a connection kept alive may end at any time; a request may not
my $reloader = fork;
if (!$reloader) {
    for my $round (1 .. 4) {
        my $seen = $t->sql('SELECT coalesce(max(id), 0) FROM chat_session');
        wait_for(20, sub { $t->sql('SELECT coalesce(max(id), 0) FROM chat_session') > $seen + 100 });
        $t->graceful;
    }
    POSIX::_exit(0);
}
$sessions = 75;
my @reloaded = $t->parallel($clients, sub { return life($t, $_[0], %close) });
waitpid $reloader, 0;
report('with reloads of httpd', @reloaded);
is(sum('made', @reloaded), $clients * $sessions, 'a reload loses nothing');
is(sum('unavailable', @reloaded), 0, 'and refuses nothing');
ok(wait_for(15, sub { $t->sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'chatsession'") <= 16 }),
    'children that ended leave no connection behind');
$t->done;

done_testing;
