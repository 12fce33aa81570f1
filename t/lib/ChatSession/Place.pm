# Where things are: the source tree, the build tree, the corpora.
#
# `make check` says it in CS_SOURCE and CS_BUILD; a test that is run by hand finds build/ below the source.
package ChatSession::Place;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';
use File::Basename qw(dirname);

our @EXPORT = qw(source_path build_path make_variable corpus_path slurp);

my $source = $ENV{CS_SOURCE} // abs_path(dirname(__FILE__) . '/../../..');
my $build  = $ENV{CS_BUILD} // "$source/build";

sub source_path { return join '/', $source, @_ }
sub build_path  { return join '/', $build,  @_ }

# A corpus of shared test inputs, where the project is checked out beside one; undef elsewhere.
sub corpus_path {
    my $path = join '/', ($ENV{CS_SHARED} // "$source/../shared"), @_;
    return -e $path ? $path : undef;
}

sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!";
    local $/;
    return scalar <$file>;
}

# What configure found.
sub make_variable {
    my ($name) = @_;
    return slurp(build_path('Makefile')) =~ /^\Q$name\E = (.*)$/m ? $1 : die "$name is not in the Makefile";
}

1;
