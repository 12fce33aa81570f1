#!/usr/bin/perl
# doc/api.md: every line in it is answered as it says.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new(more => 1, database => 'sample')->run;
my $count = 0;
for my $block (slurp(source_path('doc/api.md')) =~ /^```sh\n(.*?)^```$/msg) {
    $block =~ s/\\\n\s*/ /g;
    for my $line (split /\n/, $block) {
        my ($command, $status) = $line =~ /^(curl .*?)\s+# (\d{3})$/;
        if (!ok(defined $status, "'$line' says what it is answered")) {
            next;
        }
        $command =~ s{http://localhost}{$t->base}e;
        is(scalar `$command -s -o /dev/null -w '%{http_code}'`, $status, $line);
        $count++;
    }
}
cmp_ok($count, '>', 20, 'the examples are found');
$t->done;
done_testing;
