# A receiver of webhooks: a process that notes every POST it gets and answers as it is told.
#
#     my $receiver = ChatSession::Receiver->new;
#     $receiver->url;                    # http://127.0.0.1:port
#     $receiver->mode('500');            # the status of its answers (default 200); or
#                                        #   hold       takes a POST and does not answer it
#                                        #   redirect   302 to another path of its own
#                                        #   flood      200 and a body without end
#                                        #   500 /poor  that status on paths that begin so, 200 elsewhere
#     $receiver->got;                    # what came: {method, path, headers (names in lower case), body}
#     $receiver->stop; $receiver->start; # an outage
package ChatSession::Receiver;
use strict;
use warnings;
use Carp;
use File::Path qw(remove_tree);
use File::Temp ();
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();

use ChatSession::Place;

my $json = JSON::PP->new->canonical;

sub new {
    my ($class) = @_;
    my $self = bless {dir => File::Temp::tempdir('cs-XXXXXX', TMPDIR => 1), owner => $$}, $class;
    $self->start;
    return $self;
}

sub url { return "http://127.0.0.1:$_[0]{port}" }

sub start {
    my ($self) = @_;
    my $listener = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1', LocalPort => $self->{port} // 0, ReuseAddr => 1) or croak "receiver: $@";
    $self->{port} = $listener->sockport;
    $self->{pid} = fork // croak "fork: $!";
    if (!$self->{pid}) {
        local $SIG{CHLD} = 'IGNORE';
        setpgrp 0, 0;
        while (1) {
            my $client = $listener->accept or next;
            my $child = fork;
            if (defined $child && !$child) {
                close $listener;
                1 while $self->_serve($client);
                POSIX::_exit(0);
            }
            close $client;
        }
    }
    return $self;
}

sub stop {
    my ($self) = @_;
    return if !$self->{pid};
    kill 'KILL', -$self->{pid}, $self->{pid};
    waitpid delete $self->{pid}, 0;
    return;
}

sub mode {
    my ($self, $mode) = @_;
    open my $file, '>', "$self->{dir}/mode.new" or croak "mode: $!";
    print $file $mode;
    close $file;
    rename "$self->{dir}/mode.new", "$self->{dir}/mode" or croak "mode: $!";
    return;
}

sub _note {
    my ($self, $request) = @_;
    open my $file, '>>', "$self->{dir}/got" or die;
    syswrite $file, $json->encode($request) . "\n";
    return;
}

sub _serve {
    my ($self, $client) = @_;
    my ($bytes, $head) = ('');
    while (!defined $head) {
        return if !sysread $client, $bytes, 65536, length $bytes;
        $head = $1 if $bytes =~ s/\A(.*?)\r\n\r\n//s;
    }
    my ($first, @lines) = split /\r\n/, $head;
    my %headers = map { /^([^:]+):\s*(.*)$/ ? (lc $1 => $2) : () } @lines;
    while (length $bytes < ($headers{'content-length'} // 0)) {
        return if !sysread $client, $bytes, 65536, length $bytes;
    }
    my ($method, $path) = split / /, $first;
    my $mode = -e "$self->{dir}/mode" ? slurp("$self->{dir}/mode") : '200';
    my ($what, $on) = split / /, $mode;
    $what = 200 if defined $on && index $path, $on;
    $self->_note({method => $method, path => $path, headers => \%headers, body => $bytes, answer => $what});
    if ($what eq 'hold') {
        return if !sysread $client, $bytes, 1;
    }
    if ($what eq 'flood') {
        local $SIG{PIPE} = 'IGNORE';
        syswrite $client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        1 while syswrite $client, "10000\r\n" . 'x' x 65536 . "\r\n";
        return;
    }
    my $status = $what eq 'redirect' ? 302 : $what;
    syswrite $client, "HTTP/1.1 $status X\r\nContent-Length: 2\r\n" . ($status == 302 ? 'Location: ' . $self->url . "/elsewhere\r\n" : '') . "\r\nok";
    return 1;
}

sub got {
    my ($self) = @_;
    return -e "$self->{dir}/got" ? map { $json->decode($_) } split /\n/, slurp("$self->{dir}/got") : ();
}

sub forget { unlink "$_[0]{dir}/got"; return }

sub DESTROY {
    my ($self) = @_;
    local ($?, $@, $!);
    return if $self->{owner} != $$;
    $self->stop;
    remove_tree($self->{dir});
    return;
}

1;
