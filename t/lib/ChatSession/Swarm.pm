# Many users of one server out of one process: requests that are sent at the same time, each on a connection of its own,
# which is kept.
#
#     my $t = ChatSession::Test->new(ChatSession::Swarm::settings())->run;     # any name with any password
#     my $swarm = ChatSession::Swarm->new($t);
#     my @answers = $swarm->ask(['anna', 'POST', "$all/7/Pickup"], ['otto', 'POST', "$all/7/Messages", '{"Message":"x"}']);
#     # [status, head, content] each; status 0: no whole answer came, so nobody knows what was done
package ChatSession::Swarm;
use strict;
use warnings;
use IO::Socket::INET;
use MIME::Base64 qw(encode_base64);

sub settings {
    my (%option) = @_;
    my $conf = delete $option{conf} // '';
    return (
        auth => 0, modules => ['authn_anon'], server => "MaxKeepAliveRequests 0\nKeepAliveTimeout 60",
        mpm_conf => "ThreadLimit 128\nStartServers 1\nServerLimit 4\nThreadsPerChild 128\nMaxRequestWorkers 512\nMinSpareThreads 1\nMaxSpareThreads 512\n",
        conf => "AuthType Basic\nAuthName chat\nAuthBasicProvider anon\nAnonymous *\nAnonymous_MustGiveEmail Off\n"
            . "Anonymous_LogEmail Off\nRequire valid-user\nChatSessionFieldProperties none\n$conf",
        %option,
    );
}

sub new { my ($class, $t) = @_; return bless {port => $t->port, sockets => [], owner => $$}, $class }

sub _connect { return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $_[0]{port}) }

# A kept connection that the server has closed meanwhile is exchanged: nothing was sent on it yet.
sub _socket {
    my ($self, $i) = @_;
    my $ready = '';
    $self->{sockets} = [] if $self->{owner} != $$;
    $self->{owner} = $$;
    if ($self->{sockets}[$i]) {
        vec($ready, fileno $self->{sockets}[$i], 1) = 1;
        undef $self->{sockets}[$i] if select $ready, undef, undef, 0;
    }
    return $self->{sockets}[$i] //= $self->_connect;
}

sub _send {
    my ($self, $i, $request) = @_;
    my ($user, $method, $path, $content, $headers) = @$request;
    my $socket = $self->_socket($i) or return;
    my $authorization = $self->{basic}{$user} //= encode_base64("$user:x", '');
    my $text = "$method $path HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic $authorization\r\n" . ($headers // '')
        . (defined $content ? "Content-Type: application/json\r\nContent-Length: " . length($content) . "\r\n" : '') . "\r\n" . ($content // '');
    syswrite $socket, $text;
    return;
}

sub _receive {
    my ($self, $i) = @_;
    my $socket = $self->{sockets}[$i] or return [0, '', ''];
    my ($answer, $end, $whole) = ('', -1, undef);
    while (!defined $whole || length $answer < $whole) {
        if (!sysread $socket, $answer, 65536, length $answer) {
            undef $self->{sockets}[$i];
            return [0, '', ''];
        }
        next if defined $whole || ($end = index $answer, "\r\n\r\n") < 0;
        $whole = $end + 4 + (substr($answer, 0, $end) =~ /^Content-Length: (\d+)/mi ? $1 : 0);
    }
    undef $self->{sockets}[$i] if $answer =~ /^Connection: close\r$/mi;
    return [substr($answer, 9, 3), substr($answer, 0, $end), substr $answer, $end + 4];
}

sub ask {
    my ($self, @requests) = @_;
    local $SIG{PIPE} = 'IGNORE';
    $self->_send($_, $requests[$_]) for 0 .. $#requests;
    return map { $self->_receive($_) } 0 .. $#requests;
}

1;
