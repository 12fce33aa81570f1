#!/usr/bin/perl
# Strict JSON through the real server: what is no JSON is refused with its place; what is JSON is never refused for it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use ChatSession::Place;
use ChatSession::Test;

my $t = ChatSession::Test->new->run;
my $all = '/api/v1/ChatSession';

sub send_json { return $t->request('POST', $all, headers => {'Content-Type' => 'application/json'}, content => $_[0]) }

# Codes that say: this is JSON, but no session.
my %shape = map { $_ => 1 } qw(body.empty body.shape body.invalid);
# Rulings that go beyond the grammar: a name twice, U+0000.
my %ruled = map { $_ => 1 } qw(json.duplicate text.nul);

sub judge {
    my ($name, $bytes) = @_;
    my $answer = send_json($bytes);
    my $code = $answer->{json}{Code} // '';
    my ($must) = $name =~ /^([nyi])_/;
    if ($must eq 'n') {
        ok($answer->{status} == 400 && ($code =~ /^json\./ || $code eq 'text.nul' || $bytes =~ /^\s*$/), "R-1, R-2, R-3, JSON-17, JSON-18: $name is refused")
            or diag("$answer->{status} $answer->{content}");
        like($answer->{json}{Message}, qr/at byte \d+|nested deeper/, "$name: with its place") if $code =~ /^json\./;
    }
    elsif ($must eq 'y') {
        ok($answer->{status} == 200 || ($answer->{status} == 400 && ($shape{$code} || $ruled{$code})), "$name is not refused for its JSON")
            or diag("$answer->{status} $answer->{content}");
    }
    else {
        my $again = send_json($bytes);
        my $same = sub { my ($a) = @_; return join ' ', $a->{status}, $a->{json}{Code} // '' };
        is($same->($answer), $same->($again), "$name gets the same answer each time");
        cmp_ok($answer->{status}, '<', 500, "$name is no fault of the server");
    }
    return;
}

# ---------------------------------------------------------------- cases of our own

my %own = (
    n_nothing => ' ', n_comma => '{"a":1,}', n_comma_first => '[,1]', n_colon => '{"a" 1}', n_two => '{} {}', n_plus => '[+1]',
    n_leading_zero => '[-012]', n_dot => '[1.]', n_dot_first => '[.1]', n_exponent => '[1e]', n_hex => '[0x1]', n_nan => '[NaN]',
    n_infinity => '[-Infinity]', n_single => "['a']", n_bare => '[a]', n_upper => '[TRUE]', n_half => '[tru]', n_comment => '[1/**/]',
    n_control => "[\"a\nb\"]", n_tab => "[\"\t\"]", n_escape => '["\\x"]', n_unicode => '["\\u12"]', n_open => '["', n_array => '[1',
    n_object => '{"a":1', n_name => '{1:1}', n_close => '[]]', n_mixed => '[}', n_nul => "[1]\0", n_utf8 => "[\"\xff\"]",
    n_overlong => "[\"\xc0\xaf\"]", n_surrogate => "[\"\xed\xa0\x80\"]", n_deep => '[' x 100_000, n_form_feed => "[\f]", n_nbsp => "[\xc2\xa0]",
    y_empty => '{}', y_space => " \t\r\n{} \n", y_number => '[-0, 1e5, 1E-5, 0.5, -1.5e+10]', y_escapes => '["\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e5"]',
    y_pair => '["\\uD83D\\uDE00"]', y_utf8 => "[\"\xc3\xa5\xe2\x82\xac\xf0\x9f\x98\x80\"]", y_literals => '[true,false,null]', y_string => '"x"',
    y_nested => '{"a":{"b":[{"c":[]}]}}', y_delete => "[\"\x7f\"]", y_names => '{"":1," ":2,"a\\u0062":3,"a":4}', y_huge => '[1' . '0' x 400 . ']',
    y_twice => '{"a":1,"a":1}', y_zero_in_text => '["\\u0000"]',
    i_lone => '["\\ud800"]', i_reversed => '["\\udc00\\ud800"]', i_overflow => '[1e9999]', i_mark => "\xef\xbb\xbf{}", i_beyond => "[\"\xf4\x90\x80\x80\"]",
);
judge($_, $own{$_}) for sort keys %own;

# ---------------------------------------------------------------- a public suite, where it is at hand

my $suite = corpus_path('corpora', 'json-test-suite', 'test_parsing');
SKIP: {
    skip 'the JSON suite is not beside this checkout', 1 if !$suite;
    my @files = sort glob "$suite/*.json";
    cmp_ok(scalar @files, '>', 100, 'the JSON suite is there');
    judge(m{([^/]+)\.json$}, slurp($_)) for @files;
}

is($t->sql("SELECT count(*) FROM chat_session WHERE name <> '' OR first_message <> ''"), 0, 'none of it was taken for a value');
is(scalar $t->children, scalar(my @now = $t->children), 'no child died');
$t->done;
