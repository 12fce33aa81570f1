#!/usr/bin/perl
# What bench/run measures against is made of the module's own tables: that it can be made, and that PostgreSQL takes it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use JSON::PP;
use ChatSession::Cluster;
use ChatSession::Place;

my $output = `make -C @{[build_path()]} bench/shape 2>&1`;
is($?, 0, 'bench/shape is built') or diag($output);
my $shape = decode_json(`@{[build_path('bench/shape')]} 'http://localhost/api/v1'`);
is($?, 0, 'it tells its shape');

my $cluster = ChatSession::Cluster->copy;
my $prepared = sub { my ($types, $sql) = @_; return $cluster->sql('sample', "SET search_path = chatsession; PREPARE one$types AS $sql; SELECT 'prepared'") };
is($prepared->('(text[], int4[])', $shape->{session_get}), 'prepared', 'the module\'s own statement');
is($prepared->('', $shape->{$_}), 'prepared', "the peers' statement for $_") for qw(get post put);
cmp_ok(scalar @{$shape->{$_}}, '>', 20, "$_ are there") for qw(nodes columns);
done_testing;
