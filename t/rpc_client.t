#!/usr/bin/perl
# The vendor's TypeScript client, unchanged, as npm has it: every method of its ChatAgent on a real server.
#
# It is installed below the build directory, in the versions and with the digests that t/data/rpc_client/package-lock.json
# names; CS_RPC_CLIENT may name a directory that has it.  Without Node.js, npm or npm's registry this test is skipped.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Copy qw(copy);
use File::Path qw(make_path);
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

for my $program (qw(node npm)) {
    my $version = `$program --version 2>/dev/null`;
    plan skip_all => "there is no $program here: the vendor's client is not tried" if !$version;
    plan skip_all => "node $version is too old for the vendor's client" if $program eq 'node' && $version =~ /^v(\d+)/ && $1 < 16;
}

# The directory with the client in it; undef when it cannot be had.
sub install {
    my $place = build_path('t', 'rpc_client');
    make_path($place);
    my $installed = "$place/node_modules/.package-lock.json";
    my $lock = source_path('t/data/rpc_client/package-lock.json');
    return $place if -e $installed && -e "$place/package-lock.json" && slurp("$place/package-lock.json") eq slurp($lock);
    copy(source_path("t/data/rpc_client/$_"), "$place/$_") or die "$place/$_: $!" for qw(package.json package-lock.json);
    my $command = "cd '$place' && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=60000 --cache '$place/cache' >install.log 2>&1";
    if (system($command) != 0) {
        unlink "$place/package-lock.json";
        return undef;
    }
    return $place;
}

my $place = $ENV{CS_RPC_CLIENT} // install();
if (!$place) {
    my $log = slurp(build_path('t', 'rpc_client', 'install.log'));
    # What npm has and is not what was meant must not pass for a registry that is away.
    die "npm has another client under that name and version:\n$log" if $log =~ /EINTEGRITY/;
    plan skip_all => "npm cannot install the vendor's client: it is not tried (" . build_path('t', 'rpc_client', 'install.log') . ')';
}

my $json = JSON::PP->new->utf8;
my %called;

my $t = ChatSession::Test->new(roles => 1, conf => 'ChatSessionTimeZone Europe/Oslo', more => 1)->run;
$t->sql(<<'SQL');
INSERT INTO chat_topic (id, name, welcome_message) VALUES (1, 'one', 'Hello');
INSERT INTO chat_presence (associate_id, present) SELECT associate_id, true FROM associate;
INSERT INTO chat_topic_user (user_id, topic_id, can_respond, can_listen, manager)
VALUES (1, 1, true, false, false), (2, 1, true, false, false);
SELECT setval(pg_get_serial_sequence('chat_topic', 'id'), 100);
INSERT INTO contact (contact_id, name, street_city) VALUES (77, 'Vik Bakeri', 'Oslo');
SQL

# Programs run in all zones; it must not matter.
for my $zone ('UTC', 'Europe/Oslo', 'America/New_York', 'Asia/Tokyo') {
    local $ENV{TZ} = $zone;
    local $ENV{NO_PROXY} = '*';
    open my $calls, '-|', 'node', source_path('t/data/rpc_client/calls.js'), $place, $t->base . '/' or die "node: $!";
    while (my $line = <$calls>) {
        my $check = eval { $json->decode($line) };
        if (!$check) {
            diag($line);
            next;
        }
        %called = (%called, map { $_ => 1 } @{$check->{methods}}), next if $check->{methods};
        is(join("\n", @{$check->{faults}}), '', "$zone: $check->{name}");
    }
    ok(close $calls, "$zone: all calls are made");
}
my @methods = map { m{/Agents/Chat/(\w+)$} ? lcfirst($1) . 'Async' : () } keys %{$t->get('/api/v1')->{json}};
is(join(' ', sort keys %called), join(' ', sort @methods), 'every method is called');
$t->done;
done_testing;
