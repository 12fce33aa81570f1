# A private PostgreSQL cluster: on a unix socket alone, never as root, gone when the object is.
#
#     my $cluster = ChatSession::Cluster->copy;     # started, with the databases "empty" and "sample"
#     $cluster->sql('empty', 'SELECT 1');           # rows as text, one per line
#
# The first one of a test run makes a template (initdb, schema, sample data), all others copy it; `make check` makes it
# before any test starts and says where in CS_TEMPLATE.
package ChatSession::Cluster;
use strict;
use warnings;
use Carp;
use File::Path qw(remove_tree);
use File::Temp ();
use POSIX ();
use Time::HiRes ();

use ChatSession::Place;

sub _bin {
    my ($name) = @_;
    my ($dir) = sort { ($b =~ /(\d+)/)[0] <=> ($a =~ /(\d+)/)[0] } grep { -x "$_/pg_ctl" } glob('/usr/lib/postgresql/*/bin');
    return $dir ? "$dir/$name" : $name;
}

# PostgreSQL refuses to run as root.
sub account { return $> == 0 ? 'postgres' : undef }

sub _as_account {
    my @command = @_;
    return $> == 0 ? ('runuser', '-u', account(), '--', @command) : @command;
}

sub _run {
    my ($log, @command) = @_;
    my $pid = fork // croak "fork: $!";
    if (!$pid) {
        open STDIN,  '<',  '/dev/null';
        open STDOUT, '>>', $log or die;
        open STDERR, '>&', \*STDOUT;
        chdir '/';
        exec @command or POSIX::_exit(127);
    }
    waitpid $pid, 0;
    return $? == 0;
}

sub _must {
    my ($log, @command) = @_;
    return if _run($log, @command);
    my $tail = `tail -n 20 '$log'`;
    croak "@command failed ($?):\n$tail";
}

sub _directory {
    my $dir = File::Temp::tempdir('cs-XXXXXX', TMPDIR => 1);
    chmod 0755, $dir;
    mkdir "$dir/pg" or croak "$dir/pg: $!";
    chmod 0700, "$dir/pg";
    mkdir "$dir/socket";
    if ($> == 0) {
        my ($uid, $gid) = (getpwnam account())[2, 3] or croak 'there is no account "postgres" to run PostgreSQL as';
        chown $uid, $gid, "$dir/pg", "$dir/socket";
    }
    return $dir;
}

# The directory of a stopped cluster with everything in it.
sub make_template {
    my ($class) = @_;
    my $self = bless {dir => _directory(), owner => $$}, $class;
    my $log = "$self->{dir}/log";

    _must($log, _as_account(_bin('initdb'), '-D', "$self->{dir}/pg", '-U', 'postgres', '-A', 'trust', '-E', 'UTF8',
        '--locale=C.UTF-8', '--no-sync'));
    open my $conf, '>>', "$self->{dir}/pg/postgresql.conf" or croak "postgresql.conf: $!";
    print $conf "listen_addresses = ''\nfsync = off\nshared_buffers = 32MB\nmax_connections = 60\n";
    close $conf;
    $self->start;
    for my $database (qw(empty sample)) {
        $self->sql('postgres', "CREATE DATABASE $database");
        _must($log, source_path('sql/migrate'), '-h', $self->socket, '-U', 'postgres', '-d', $database);
    }
    _must($log, 'psql', '-X', '-q', '-h', $self->socket, '-U', 'postgres', '-d', 'sample', '-f',
        source_path('sql/sample/help-desk.sql'));
    $self->stop('fast');
    $self->{owner} = 0;    # it stays when the object goes
    return $self->{dir};
}

sub copy {
    my ($class) = @_;
    my $template = $ENV{CS_TEMPLATE};
    my $made = !$template;

    $template = $class->make_template if $made;
    my $self = bless {dir => _directory(), owner => $$}, $class;
    _must("$self->{dir}/log", 'cp', '-a', "$template/pg/.", "$self->{dir}/pg");
    remove_tree($template) if $made;
    $self->start;
    return $self;
}

# Another cluster that follows this one, and answers what is asked of it.
sub standby {
    my ($self) = @_;
    my $other = bless {dir => _directory(), owner => $$}, ref $self;
    _must("$other->{dir}/log", _as_account(_bin('pg_basebackup'), '-h', $self->socket, '-U', 'postgres', '-D', "$other->{dir}/pg", '-R',
        '-X', 'stream', '-c', 'fast', '--no-sync'));
    $other->start;
    return $other;
}

sub socket { return "$_[0]{dir}/socket" }
sub log_file { return "$_[0]{dir}/pg.log" }

sub _ctl {
    my ($self, @words) = @_;
    _must("$self->{dir}/log", _as_account(_bin('pg_ctl'), '-D', "$self->{dir}/pg", '-s', '-w', '-t', '60', @words));
    return;
}

sub start {
    my ($self, %setting) = @_;
    my $options = join ' ', "-k $self->{dir}/socket", map { "-c $_=$setting{$_}" } sort keys %setting;
    if (!-e $self->log_file) {
        open my $touch, '>', $self->log_file;
        chown((getpwnam account())[2, 3], $self->log_file) if $> == 0;
    }
    $self->_ctl('-l', $self->log_file, '-o', $options, 'start');
    $self->{running} = 1;
    return;
}

sub stop {
    my ($self, $mode) = @_;
    $self->_ctl('-m', $mode // 'immediate', 'stop');
    $self->{running} = 0;
    return;
}

sub restart {
    my ($self, $mode) = @_;
    $self->stop($mode);
    $self->start;
    return;
}

# All server processes stand still, as when the machine hangs; and go on.
sub freeze { return $_[0]->_signal('STOP') }
sub thaw   { return $_[0]->_signal('CONT') }

sub _signal {
    my ($self, $signal) = @_;
    open my $file, '<', "$self->{dir}/pg/postmaster.pid" or croak "postmaster.pid: $!";
    chomp(my $postmaster = <$file>);
    my @children = map { /^(\d+)$/ ? $1 : () } split /\s+/, `ps -o pid= --ppid $postmaster`;
    @children or croak 'ps knows no process of PostgreSQL';
    kill $signal, $postmaster, @children;
    return;
}

# Rows as text, columns divided by "|"; dies when the statement fails.
sub sql {
    my ($self, $database, $text, $user) = @_;
    local $ENV{PGOPTIONS} = '-c search_path=chatsession';
    open my $psql, '-|', 'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', $self->socket, '-U',
        $user // 'postgres', '-d', $database, '-c', $text
        or croak "psql: $!";
    my $rows = join '', <$psql>;
    close $psql or croak "psql failed on: $text";
    chomp $rows;
    return $rows;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@, $!);
    return if $self->{owner} != $$;
    if ($self->{running}) {
        eval { $self->thaw };
        eval { $self->stop('immediate') };
    }
    remove_tree($self->{dir});
    return;
}

1;
