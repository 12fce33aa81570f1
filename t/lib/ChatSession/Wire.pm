# A wire to a cluster that can be told to misbehave: a unix socket which passes PostgreSQL's messages on.
#
#     my $wire = ChatSession::Wire->new($cluster);      # host=<$wire->directory>
#     $wire->mode('withhold Z');                        # messages of that type from the server are kept back
#     $wire->mode('break describe session_get');        # the next question for that statement names something else
#     $wire->mode('');
package ChatSession::Wire;
use strict;
use warnings;
use Carp;
use File::Path qw(remove_tree);
use File::Temp ();
use IO::Select;
use IO::Socket::UNIX;
use POSIX ();

sub new {
    my ($class, $cluster) = @_;
    my $self = bless {dir => File::Temp::tempdir('cs-XXXXXX', TMPDIR => 1), owner => $$}, $class;
    chmod 0755, $self->{dir};
    my $listener = IO::Socket::UNIX->new(Local => "$self->{dir}/.s.PGSQL.5432", Listen => 50) or croak "wire: $!";
    chmod 0777, "$self->{dir}/.s.PGSQL.5432";
    $self->mode('');
    $self->{pid} = fork // croak "fork: $!";
    if (!$self->{pid}) {
        _serve($listener, $cluster->socket . '/.s.PGSQL.5432', "$self->{dir}/mode");
        POSIX::_exit(0);
    }
    return $self;
}

sub directory { return $_[0]{dir} }

sub mode {
    my ($self, $mode) = @_;
    open my $file, '>', "$self->{dir}/mode.new" or croak "mode: $!";
    print $file $mode;
    close $file;
    rename "$self->{dir}/mode.new", "$self->{dir}/mode" or croak "mode: $!";
    return;
}

sub _mode {
    open my $file, '<', $_[0] or return '';
    return scalar(<$file>) // '';
}

# All connections in one loop; bytes are kept until a message is whole.
sub _serve {
    my ($listener, $target, $mode_file) = @_;
    my $select = IO::Select->new($listener);
    my %end;
    local $SIG{PIPE} = 'IGNORE';
    while (1) {
        for my $socket ($select->can_read) {
            if ($socket == $listener) {
                my $client = $listener->accept or next;
                my $server = IO::Socket::UNIX->new(Peer => $target);
                if (!$server) {
                    close $client;
                    next;
                }
                $end{$client} = {peer => $server, bytes => '', from => 'client', first => 1};
                $end{$server} = {peer => $client, bytes => '', from => 'server'};
                $select->add($client, $server);
                next;
            }
            my $this = $end{$socket} or next;
            if (!sysread $socket, $this->{bytes}, 65536, length $this->{bytes}) {
                $select->remove($socket, $this->{peer});
                delete @end{$socket, $this->{peer}};
                close $_ for $socket, $this->{peer};
                next;
            }
            _pass($this, $mode_file);
        }
    }
}

sub _pass {
    my ($this, $mode_file) = @_;
    while (1) {
        my $type = $this->{first} ? 0 : 1;    # a connection's first message has no type
        last if length $this->{bytes} < $type + 4;
        my $length = $type + unpack 'N', substr $this->{bytes}, $type, 4;
        last if length $this->{bytes} < $length;
        my $message = substr $this->{bytes}, 0, $length, '';
        my $mode = _mode($mode_file);
        $this->{first} = 0;
        next if $this->{from} eq 'server' && $mode =~ /^withhold (.)/ && substr($message, 0, 1) eq $1;
        if ($this->{from} eq 'client' && $mode =~ /^break describe (\w+)/ && substr($message, 0, 1) eq 'D' && $message =~ /S$1\0$/) {
            substr($message, 5, 1) = 'P';     # a portal of that name there is none
        }
        syswrite $this->{peer}, $message;
    }
    return;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@, $!);
    return if $self->{owner} != $$;
    kill 'KILL', $self->{pid};
    waitpid $self->{pid}, 0;
    remove_tree($self->{dir});
    return;
}

1;
