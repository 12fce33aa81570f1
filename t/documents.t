#!/usr/bin/perl
# The documents say what the code does: every directive, every code, every room; and what they tell to do works.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

sub text { return slurp(source_path(@_)) }
sub list { return join ' ', sort @_ }

# ---------------------------------------------------------------- directives

my $conf_c = text('src/httpd/conf.c');
my ($table) = $conf_c =~ /command_rec cs_conf_directives\[\] = \{(.*?)\n\};/s;
my @directives = $table =~ /"(ChatSession\w*)"/g;
my $doc = text('doc/directives.md');
my %section = $doc =~ /^### (\w+)\n(.*?)(?=^##|\z)/msg;
is(list(keys %section), list(@directives), 'doc/directives.md has every directive, and no other');
my %preset = $conf_c =~ /\{"(ChatSession\w+)",\s*MEMBER\(\w+\),\s*\w+,\s*-?\d+,\s*\d+,\s*(\d+),/g;
cmp_ok(scalar keys %preset, '>=', 13, 'defaults are found in the code');
for my $name (@directives) {
    my $section = $section{$name};
    like($section, qr/^- Syntax: `\Q$name\E .+`$/m, "$name: syntax");
    like($section, qr/^- Default: .+$/m, "$name: default");
    like($section, qr/^- Context: (?:server, virtual host, location|location|server)$/m, "$name: context");
    my ($default) = $section =~ /^- Default: `(.+)`$/m;
    next if !defined $preset{$name};
    my %unit = (ms => 1, s => 1000, min => 60_000, h => 3_600_000);
    my $value = $default =~ /^(\d+)([a-z]+)$/ ? $1 * $unit{$2} : $default;
    is($value, $preset{$name}, "$name: its default is that of the code");
    like($table, qr/"\Q$name\E"[^)]*\(default \Q$default\E/, "$name: and that of httpd -L") if $table =~ /"\Q$name\E"[^)]*\(default/;
}

my $sample = text('conf/chatsession.conf');
is(list(keys %{{map { $_ => 1 } $sample =~ /^\s*#?(ChatSession\w*) /mg}}), list(@directives), 'the sample has every directive, and no other');
for my $line ($sample =~ /^\s*#(ChatSession\w+ \S+)$/mg) {
    my ($name, $value) = split ' ', $line;
    next if $name =~ /^ChatSession(?:PublicURL|CORSOrigin|Strings|AppTokenFile|WebhookAllow)$/;
    like($section{$name}, qr/^- Default: `\Q$value\E`$/m, "the sample shows the default of $name");
}
my %member = map { $_ => 1 } (text('src/httpd/conf.h') =~ /typedef struct cs_conf_t \{(.*?)\}/s)[0] =~ /(\w+);/g;
# Numbers and intervals by their rows, all else by name.
is(list($conf_c =~ /^    (?:PICK|JOIN|MIX)\((\w+)[,)]/mg, $conf_c =~ /\bMEMBER\((\w+)\),\s+(?:NUMBER|BYTES|INTERVAL)/g), list(keys %member), 'every setting is merged');

# ---------------------------------------------------------------- the sample works, as it is and with everything uncommented

my $t = ChatSession::Test->new(start_db => 0, more => 1);
for my $everything (0, 1) {
    my $text = $sample;
    $text =~ s/^(\s*)#(ChatSession|LogLevel)/$1$2/mg if $everything;
    $text =~ s/^LoadModule.*\n//m;
    $text =~ s{^(\s*ChatSessionStrings) .*}{"$1 \"" . source_path('conf/strings.txt') . '"'}me;
    $text =~ s{/etc/apache2/chatsession.tokens}{tokens};
    chmod 0600, $t->_write('tokens', 'a-token');
    @$t{qw(location server)} = (undef, $text);
    $t->write_conf;
    my ($status, $output) = $t->httpd('-t');
    is($status, 0, 'the sample ' . ($everything ? 'with everything uncommented' : 'as it is') . ' is accepted') or diag($output, $t->log_text);
}
undef $t;

# ---------------------------------------------------------------- errors and messages

my @codes = text('src/base/error_codes.h') =~ /^CS_CODE\(\w+,\s+(\d+,\s+"[^"]+",\s+"[^"]+",\s+"[^"]+")\)/mg;
my %in_code = map { my ($status, @rest) = split /,\s+/; my ($wire, $type, $title) = map { s/"//gr } @rest; ($wire => "$status|$type|$title") } @codes;
my $errors = text('doc/errors.md');
my %in_doc;
while ($errors =~ /^\| `([a-z.-]+)` \| (\d+) \| (\w+) \| ([^|]+) \| ([^|]+) \|$/mg) {
    $in_doc{$1} = "$2|$3|$4";
}
is(list(keys %in_doc), list(keys %in_code), 'doc/errors.md has every code, and no other');
is(list(map { "$_ $in_doc{$_}" } keys %in_doc), list(map { "$_ $in_code{$_}" } keys %in_code), 'with its status, type and title');
my %numbers = map { sprintf('CS%04d', $_) => 1 } map { slurp($_) =~ /CSNO\((\d+)\)/g } glob source_path('src/*/*.c');
is(list($errors =~ /^\| (CS\d{4}) \|/mg), list(keys %numbers), 'and every message of the log');

# ---------------------------------------------------------------- architecture

my $architecture = text('doc/architecture.md');
for my $room (map { m{([^/]+)/?$} } glob source_path('src/*/')) {
    like($architecture, qr/^\*\*\Q$room\E\*\* /m, "the room $room has its paragraph");
}
is(list(grep { !-e source_path('src', $_) } $architecture =~ m{\b((?:base|doc|wire|model|query|db|api|httpd|hook|work)/\w+\.c)\b}g), '', 'files it names are there');

# ---------------------------------------------------------------- compatibility: every rule is tested, or its difference is told

my $conventions = source_path('../shared/spec/conventions.md');
SKIP: {
    skip 'the conventions are not beside the source', 1 if !-e $conventions;
    my $told = join '', map { text($_) } 'doc/compatibility.md', map { s{^\Q@{[source_path()]}\E/}{}r } glob(source_path('t/*.t')), glob source_path('t/unit/*.c');
    my %told = map { $_ => 1 } $told =~ /\b([A-Z]+-\d+)\b/g;
    while ($told =~ /\b([A-Z]+)-(\d+) to [A-Z]+-(\d+)\b/g) {
        $told{"$1-$_"} = 1 for $2 .. $3;
    }
    my $text = slurp($conventions);
    my @untold;
    while ($text =~ /^## (\d+)\. (.*?)(?=^## |\z)/msg) {
        my ($number, $section) = ($1, $2);
        next if $number == 0 || $number == 8 || $number == 9 || $number > 20;
        push @untold, grep { !$told{$_} } $section =~ /^\| ([A-Z]+-\d+) \|/mg;
    }
    is(list(@untold), '', 'every rule of the conventions is tested by name, or told in doc/compatibility.md');
}

# ---------------------------------------------------------------- README

my $readme = text('README');
cmp_ok(scalar(() = $readme =~ /\n/g), '<=', 80, 'the README is a page');
is((sort { $b <=> $a } map { length } split /\n/, $readme)[0] <= 100, 1, 'of lines that fit a screen');
like($readme, qr/^    \.\/quickstart\b.*^    \.\/quickstart test\b/ms, 'its first commands are those of the script');
is(list(grep { !-e source_path($_) } $readme =~ m{\b((?:doc|conf|sql)/[\w./-]+\w)\b}g), '', 'files it names are there');

my ($five) = $readme =~ /^(       LoadModule.*?<\/Location>)$/ms;
is(scalar(split /\n/, $five), 5, 'five lines make a server');
$t = ChatSession::Test->new(more => 1);
my $lines = join "\n", (split /\n/, $five)[1 .. 4];
$lines =~ s{"host=/run/postgresql dbname=help_desk user=www-data"}{'"' . $t->conninfo . '"'}e or die;
@$t{qw(location server)} = (undef, "<Location \"/\">\n" . $t->auth_conf . "</Location>\n$lines");
$t->run;
is($t->get('/api/v1/ChatSession/default')->{status}, 200, 'in an httpd that authenticates its users they are all it takes');
is($t->get('/api/v1/ChatSession/default', user => undef)->{status}, 401, 'who does not authenticate is not served');
$t->done;

done_testing;
