#!/usr/bin/perl
# The plan of the house: who may include whom, and a few habits that keep it habitable.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use File::Temp;
use ChatSession::Place;

# A room may include those behind it, never back, never sideways.
my %behind = (
    base  => [], doc => ['base'], model => [qw(doc base)], query => [qw(model doc base)], wire => [qw(doc base)], db => ['base'],
    api   => [qw(query model wire db doc base)], hook => [qw(wire doc base)], work => [qw(hook wire db doc base)],
    httpd => [qw(api work hook query model wire db doc base)],
);
# Foreign headers, and where alone they may be seen.
my @foreign = (
    [qr{^(?:httpd|ap_\w+|http_\w+|mod_\w+|util_\w+|scoreboard|mpm_common)\.h$}, qr{^(?:src/httpd/|mod_chatsession\.c)}],
    [qr{^(?:libpq-fe|postgres)}, qr{^src/db/}],
    [qr{^json-c/}, qr{^src/wire/json\.c$}],
    [qr{^curl/}, qr{^src/hook/sender\.c$}],
);

# Variables of a file, or of a function between its calls, that are no constants.  A function has a parenthesis before
# any = or end; a pointer to what is constant is no constant itself.
sub writable_statics {
    my ($text) = @_;
    my @found = $text =~ /^\s*static\s+((?:struct|union)(?:\s+\w+)?)\s*\{/mg;
    while ($text =~ /^\s*static\s+([^;={(]*?[\w\]])\s*(=|;|\()/mg) {
        my ($declared, $end) = ($1, $2);
        next if $end eq '(' || $declared =~ /\binline\b/;
        my ($last) = $declared =~ /^.*\*(.*)$/s ? $1 : $declared;
        push @found, $declared if $last !~ /\bconst\b/;
    }
    return @found;
}
is(join('|', writable_statics($_)), $_ =~ s{\s*(?:[=\{].*)?;\z}{}sr =~ s{^static }{}r, "a writable static is found: $_")
    for 'static int counter = 0;', 'static int counter;', 'static char name[5];', 'static const char *text = NULL;', 'static child_t *child;', 'static unsigned long n = 1;', 'static struct { int n; } counters;';
is(join('|', writable_statics($_)), '', "none is found in: $_")
    for 'static const int limit = 5;', 'static const char *const names[] = {"a"};', "static int f(int a)\n{\n    return a = 5;\n}", 'static cs_error_t *f(void);';

# What the build makes lies among them when it is built in the source.
my @sources = grep { !m{/(?:stmt|migration)_list\.h$} } map { s{^\Q@{[source_path()]}\E/}{}r } (glob(source_path('src/*/*.[ch]')), source_path('mod_chatsession.c'));
cmp_ok(scalar @sources, '>', 50, 'the house is there');
my (%number, @back, @strangers, @long, @wide, @fat, @bare, @unlocked, @timeless);
for my $file (@sources) {
    my $text = slurp(source_path($file));
    my ($room) = $file =~ m{^src/(\w+)/};
    my %may = map { $_ => 1 } $room ? ($room, @{$behind{$room} // []}) : keys %behind;
    push @back, "$file: $1" for grep { m{^(\w+)/} && !$may{$1} } $text =~ /^#include "([^"]+)"/mg;
    for my $header ($text =~ /^#include [<"]([^>"]+)[>"]/mg) {
        for my $rule (@foreign) {
            push @strangers, "$file: $header" if $header =~ $rule->[0] && $file !~ $rule->[1];
        }
    }
    push @{$number{$_ + 0}}, $file for $text =~ /CSNO\((\d+)\)/g;
    my @lines = split /\n/, $text;
    push @long, "$file: " . @lines if @lines > 600;
    push @wide, map { "$file:" . ($_ + 1) } grep { length $lines[$_] > 110 } 0 .. $#lines;
    my ($name, $start);
    for my $i (0 .. $#lines) {
        ($name, $start) = ($1, $i) if $lines[$i] =~ /^[a-z].*?(\w+)\(.*[^;,{]$/;
        push @fat, "$file: $name, " . ($i - $start) . ' lines' if $lines[$i] eq '}' && defined $start && $i - $start > 80;
        undef $start if $lines[$i] eq '}';
    }
    push @bare, map { "$file: $_" } $text =~ /\b(malloc|calloc|realloc|strdup|strtok|localtime|gmtime|setenv|putenv|tzset|strerror|sprintf|strcpy|strcat|gets|system|popen)\s*\(/g;
    push @unlocked, map { "$file: $_" } writable_statics($text);
    push @timeless, $file if $file =~ m{^src/db/} && $text =~ /\bapr_time_now\b/;
}
is("@back", '', 'no room includes backwards or sideways');
is("@strangers", '', 'foreign headers stay in their rooms');
is(join(' ', grep { @{$number{$_}} > 1 } sort keys %number), '', 'no number of a message is given twice');
is("@long", '', 'no file is longer than 600 lines');
is("@wide", '', 'no line is wider than 110 columns');
is("@fat", '', 'no function is longer than 80 lines');
is("@bare", '', 'no function that is not for pools or threads');
is("@unlocked", 'src/httpd/child.c: child_t *child', 'the only writable static is the child\'s own record');
is("@timeless", '', 'the database\'s intervals are on the clock that nobody sets'); # a wall clock set back would stop them

# ---------------------------------------------------------------- headers

my @headers = grep { /\.h$/ } @sources;
for my $header (@headers) {
    my $text = slurp(source_path($header));
    my ($guard) = $header =~ m{src/(.*)\.h};
    my $name = $guard;
    $guard = 'CS_' . uc($guard =~ s{/}{_}gr) . '_H';
    ok($text =~ m{\A/\* \Q$name\E\.h -- }, "$header says what it is for");
    next if $header =~ /error_codes/;
    ok($text =~ /^#ifndef \Q$guard\E\n#define \Q$guard\E$/m, "$header has its guard");
}

# ---------------------------------------------------------------- statements

# The row that is made of the last statement, or what is wrong.
sub made_of {
    my ($text) = @_;
    my $file = File::Temp->new;
    print $file $text;
    close $file;
    return `awk -f @{[source_path('build-aux/stmts.awk')]} $file 2>&1`;
}
my $both = "-- part: from_one\n  FROM one -- of them\n\n-- part: rest\n  {part from_one} WHERE two\n";
my $statement = "-- name: three\n-- rows: 1\nSELECT {three}\n";
is(made_of("$both${statement}  {part rest}\n"), qq{CS_STMT(THREE, "three", 1, 0, 0, 0, COUNT, "SELECT {three} FROM one WHERE two")\n},
    'a part stands where its name does');
like(made_of("$both$statement"), qr/no statement has the part rest/, 'one that nobody has is found');
like(made_of("$statement  {part rest}\n$both"), qr/there is no part rest above/, 'and one that is not there yet');
like(made_of("$both-- part: rest\n$statement  {part rest}\n"), qr/part rest stands twice/, 'or twice');

# ---------------------------------------------------------------- tests and scripts

for my $test (glob source_path('t/*.t')) {
    my ($name) = $test =~ m{([^/]+)$};
    my $text = slurp($test);
    ok(-x $test, "$name can be run");
    unlike($text, qr/^\s*(?:sleep|select undef|usleep)\b/m, "$name waits for conditions, never for time");
}
# Everything that is there is built and distributed.
my $makefile = slurp(source_path('Makefile.am'));
for my $file (@sources, map { s{^\Q@{[source_path()]}\E/}{}r } grep { !/\.table\.md$/ } map { glob source_path($_) }    # bench/run makes that
    qw(t/*.t t/unit/*.h t/fuzz/*.[ch] sql/*/*.sql doc/* conf/* build-aux/*.awk)) {
    like($makefile, qr{(?:^|\s)\Q$file\E(?:\s|$)}m, "$file is in Makefile.am");
}
like($makefile, qr{\bt/unit/$_\b}, "t/unit/$_.c is in Makefile.am") for map { m{([^/]+)\.c$} } glob source_path('t/unit/*.c');

my $all = join '', map { slurp(source_path($_)) } @sources;
unlike($all, qr/\b(?:TODO|FIXME|XXX|HACK)\b/, 'nothing is left for later');

# Values reach SQL as parameters: no text of a statement is made outside of the one room for it.
my @makers = grep { slurp(source_path($_)) =~ /"[^"\n]*\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b [^"\n]*%/ } @sources;
is("@makers", 'src/query/template.c', 'only query/template.c makes SQL');

done_testing;
