#!/usr/bin/perl
# ./quickstart as the README tells it: what it prints can be pasted, a second call changes nothing, stop stops.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cwd qw(abs_path);
use File::Path qw(remove_tree);
use File::Temp ();
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $build = abs_path(build_path()) // '';
plan skip_all => 'the build tree is not build/ in the checkout, which is the one that ./quickstart uses'
    if $build ne (abs_path(source_path('build')) // '-') || make_variable('SAN_CFLAGS') =~ /\S/;

my $var = File::Temp::tempdir('cs-quickstart-XXXXXX', TMPDIR => 1);
rmdir $var;
# For the whole program: END has to find them as well.
@ENV{qw(VAR PORT)} = ($var, ChatSession::Test::free_port());

sub quickstart {
    my @words = @_;
    open my $pipe, '-|', '/bin/sh', '-c', 'exec "$@" 2>&1 </dev/null', 'sh', source_path('quickstart'), @words or die;
    my $output = join '', <$pipe>;
    close $pipe;
    return ($? >> 8, $output);
}

# What runs out of our VAR, by its command line.
sub left_running {
    my @lines = split /\n/, `ps -eo pid,args`;
    @lines > 1 or die 'ps tells nothing';
    return grep { /\Q$var\E/ } @lines;
}

my $mine = $$;
END {
    if (defined $mine && $$ == $mine && $var && -e $var) {
        quickstart('stop');
        remove_tree($var);
    }
}

is((quickstart('status'))[0], 3, 'status: it does not run');
my ($status, $output) = quickstart();
is($status, 0, 'it starts') or diag($output);
like($output, qr/^\[1\/6\] .*^\[6\/6\] /ms, 'and shows its progress');
like($output, qr{http://127\.0\.0\.1:$ENV{PORT}/api/v1}, 'it tells where the API is');
like($output, qr{\banna/anna\b.*\botto/otto\b.*\bmia/mia\b.*\badmin/admin\b}, 'and who may use it');

my @curl = $output =~ /^\s+(curl .+)$/mg;
is(scalar @curl, 3, 'three lines to paste');
my @answers = map { scalar `$_` } @curl;
like($_, qr/^\{"ChatSessionId":\d+,/, 'a pasted line is answered by a session') for @answers;
is(scalar(grep { /-d / } @curl), 1, 'one of them creates one');
my ($id) = (grep { /"Status":"InQueue"/ } @answers)[-1] =~ /^\{"ChatSessionId":(\d+)/;
cmp_ok($id, '>', 200, 'behind those of the sample');
for my $user (qw(anna otto mia admin)) {
    like(scalar `curl -s -u $user:$user http://127.0.0.1:$ENV{PORT}/api/v1/ChatSession/$id`, qr/^\{"ChatSessionId":$id,/, "$user can read it");
}
is(scalar `curl -s -o /dev/null -w '%{http_code}' -u anna:wrong http://127.0.0.1:$ENV{PORT}/api/v1/ChatSession/$id`, 401, 'nobody else can');

my ($conf) = $output =~ m{^Configuration\s+(\S+)$}m;
ok(-s $conf, 'the configuration is where it says');
is(scalar(() = slurp($conf) =~ /^Listen (?!127\.0\.0\.1:)/mg), 0, 'it listens on this machine alone');

my ($again, $told) = quickstart();
is($again, 0, 'a second call is no mistake');
like($told, qr/Runs already.*nothing was changed/, 'it says so');
is((quickstart('status'))[0], 0, 'status: it runs');
is((quickstart('stop'))[0], 0, 'it stops');
is((quickstart('status'))[0], 3, 'status: it does not run');
is(join("\n", left_running()), '', 'nothing is left running');
is((quickstart())[0], 0, 'it starts again');
like(scalar `curl -s -u anna:anna http://127.0.0.1:$ENV{PORT}/api/v1/ChatSession/$id`, qr/^\{"ChatSessionId":$id,/, 'with what was there');
{
    local $ENV{PORT} = ChatSession::Test::free_port();
    my ($refused, $why) = quickstart();
    is($refused, 1, 'another port while it runs is refused') or diag($why);
    like($why, qr/keeps its port/, 'with the reason');
}
($status, $output) = quickstart('nonsense');
is($status, 2, 'a word that it does not know is refused');
like($output, qr/^quickstart: there is no command 'nonsense'$/m, 'by its name');
is((quickstart('start', 'stop'))[0], 2, 'and so are two');
like((quickstart('help'))[1], qr{\./quickstart test}, 'help explains it');
is((quickstart('stop'))[0], 0, 'and it stops in the end');
is(join("\n", left_running()), '', 'with nothing left behind');

done_testing;
