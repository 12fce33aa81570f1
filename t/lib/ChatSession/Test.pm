# An httpd of its own with the module, and a PostgreSQL of its own behind it, for one test file.
#
#     my $t = ChatSession::Test->new->run;
#     is($t->get('/api/v1/ChatSession/1')->{status}, 404, 'there is no session yet');
#     $t->done;       # fails on an undeclared warning or error in the log, a sanitizer's report, a child that died
package ChatSession::Test;
use strict;
use warnings;
use Carp;
use Exporter 'import';
use File::Path qw(remove_tree);
use File::Temp ();
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

use ChatSession::Cluster;
use ChatSession::Place;

our @EXPORT = qw(wait_for json_text);

my $json = JSON::PP->new->canonical->utf8->allow_nonref;

sub json_text { return $json->encode($_[0]) }

# Waits until the condition holds; false when it does not within that many seconds.
sub wait_for {
    my ($seconds, $condition) = @_;
    my $end = time + $seconds;
    while (1) {
        my $value = $condition->();
        return $value if $value;
        return 0 if time > $end;
        Time::HiRes::usleep(20_000);
    }
}

# Options:
#   database  'empty' (default) or 'sample'
#   location  '/api' (default): the <Location> that serves the API; undef: none, it stands in `server`
#   conf      directives inside that <Location>
#   server    directives outside of it
#   mpm       'event' (default), 'worker', 'prefork'
#   start_db  1 (default)
#   cluster   of another test, to share; its database is as that one left it
#   roles     in the empty database: 1: only admin is an administrator; 0 (default): everybody is, so that sessions
#             without a topic are anybody's
#   runner    0 (default): no time-driven work, which would change sessions of a time gone by; 1: five times a second
#   auth      1 (default): Basic, with the users anna, otto, mia, admin and nobody
sub new {
    my ($class, %option) = @_;
    my $self = bless {
        database => 'empty', location => '/api', conf => '', server => '', mpm => 'event', start_db => 1, auth => 1, runner => 0,
        mpm_conf => '', user => 'anna', expected => [], owner => $$, %option,
    }, $class;

    $self->{dir} = File::Temp::tempdir('cs-XXXXXX', TMPDIR => 1);
    chmod 0755, $self->{dir};
    mkdir "$self->{dir}/$_" for qw(htdocs run);
    $self->_write('htdocs/index.html', "another site\n");
    $self->{cluster} //= ChatSession::Cluster->copy;
    if ($self->{database} eq 'empty') {
        my $all = $self->{roles} ? 'false' : 'true';
        $self->sql("INSERT INTO associate (associate_id, name, full_name, is_admin) VALUES (1, 'anna', 'Anna Vik', $all),"
                . " (2, 'otto', 'Otto Lind', $all), (3, 'mia', 'Mia Berg', $all), (4, 'admin', 'Ada Min', true) ON CONFLICT DO NOTHING;"
                . " SELECT setval(pg_get_serial_sequence('associate', 'associate_id'), 100)");
    }
    $self->{cluster}->stop if !$self->{start_db};
    return $self;
}

sub cluster { return $_[0]{cluster} }
sub dir     { return $_[0]{dir} }
sub port    { return $_[0]{port} }
sub sql     { return $_[0]{cluster}->sql($_[0]{database}, $_[1]) }
sub base    { return "http://127.0.0.1:$_[0]{port}" }

# The connection string of the test's database, as the run-time role.
sub conninfo { return "host=" . $_[0]{cluster}->socket . " user=chatsession dbname=$_[0]{database}" }

sub _write {
    my ($self, $name, $text) = @_;
    open my $file, '>:raw', "$self->{dir}/$name" or croak "$name: $!";
    print $file $text;
    close $file or croak "$name: $!";
    return "$self->{dir}/$name";
}

# ------------------------------------------------------------------------------------------------- httpd

sub free_port {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1', LocalPort => 0) or croak "no free port: $@";
    return $socket->sockport;
}

sub auth_conf {
    my ($self) = @_;
    return <<"CONF";
    AuthType Basic
    AuthName "chat"
    AuthBasicProvider file
    AuthUserFile "$self->{dir}/users"
    Require valid-user
CONF
}

sub _write_users {
    my ($self) = @_;
    my $lines = '';
    for my $user (qw(anna otto mia admin nobody ANNA)) {
        $lines .= sprintf "%s:{SHA}%s\n", $user, _sha1_base64(lc $user eq 'nobody' ? 'nobody' : lc $user);
    }
    return $self->_write('users', $lines);
}

sub _sha1_base64 {
    require Digest::SHA;
    return encode_base64(Digest::SHA::sha1($_[0]), '');
}

my %mpm_conf = (
    event   => "StartServers 1\nServerLimit 4\nThreadsPerChild 32\nMaxRequestWorkers 128\nMinSpareThreads 1\nMaxSpareThreads 128\n",
    worker  => "StartServers 1\nServerLimit 4\nThreadsPerChild 32\nMaxRequestWorkers 128\nMinSpareThreads 1\nMaxSpareThreads 128\n",
    prefork => "StartServers 8\nServerLimit 16\nMaxRequestWorkers 16\nMinSpareServers 8\nMaxSpareServers 16\n",
);

sub module_path { return build_path('.libs/mod_chatsession.so') }

sub conf_text {
    my ($self) = @_;
    my $modules = make_variable('HTTPD_MODULES');
    my $account = ChatSession::Cluster::account();
    my $identity = $account ? "User $account\nGroup " . getgrgid((getpwnam $account)[3]) . "\n" : '';
    my $load = join '', map { "LoadModule ${_}_module $modules/mod_$_.so\n" } "mpm_$self->{mpm}",
        qw(authn_core authn_file authz_core authz_user authz_host auth_basic alias dir headers mime reqtimeout), @{$self->{modules} // []};
    my $auth = $self->{auth} ? $self->auth_conf : '';
    my $database = $self->{conf} =~ /ChatSessionDatabase/ ? '' : 'ChatSessionDatabase "' . $self->conninfo . '"';
    my $location = defined $self->{location} ? <<"CONF" : '';
<Location "$self->{location}">
    ChatSession On
    $database
$auth$self->{conf}
</Location>
CONF
    my $runner = $self->{runner} ? 'ChatSessionRunnerInterval 200ms' : 'ChatSessionRunner Off';
    my $server = $self->{server} =~ s/\bDATABASE\b/'"' . $self->conninfo . '"'/ger;
    return <<"CONF";
ServerRoot "$self->{dir}"
ServerName localhost
Listen 127.0.0.1:$self->{port}
PidFile "$self->{dir}/run/httpd.pid"
DefaultRuntimeDir "$self->{dir}/run"
DocumentRoot "$self->{dir}/htdocs"
TypesConfig /dev/null
$load
LoadModule chatsession_module "@{[module_path()]}"
$identity$mpm_conf{$self->{mpm}}$self->{mpm_conf}
ErrorLog "$self->{dir}/error.log"
LogLevel warn chatsession:debug
LogFormat "%m %U %s %{chatsession-operation}n %{chatsession-id}n %{chatsession-user}n %{chatsession-wait-ms}n %{chatsession-db-ms}n %{chatsession-request}n" chat
CustomLog "$self->{dir}/access.log" chat
KeepAlive On
GracefulShutdownTimeout 10
$runner
$server
$location
CONF
}

# With a sanitized module, its run-time libraries must come first in a plain httpd.
sub _environment {
    my ($self) = @_;
    my %set = %{$self->{env} // {}};
    if (make_variable('SAN_CFLAGS') =~ /address/) {
        chomp(my @libraries = map { scalar `gcc -print-file-name=$_` } qw(libasan.so libubsan.so));
        $set{LD_PRELOAD} = join ' ', @libraries;
        $set{ASAN_OPTIONS} = 'detect_leaks=0:abort_on_error=1:handle_abort=1';
        $set{UBSAN_OPTIONS} = 'print_stacktrace=1:halt_on_error=1';
    }
    return %set;
}

# The exit status and all output of httpd with these words.
sub httpd {
    my ($self, @words) = @_;
    my @command = (make_variable('HTTPD_PROGRAM'), '-d', $self->{dir}, '-f', "$self->{dir}/httpd.conf", @words);
    my $out = "$self->{dir}/run/output";
    my $pid = fork // croak "fork: $!";
    if (!$pid) {
        my %set = $self->_environment;
        @ENV{keys %set} = values %set;
        open STDIN,  '<', '/dev/null';
        open STDOUT, '>', $out or POSIX::_exit(126);
        open STDERR, '>&', \*STDOUT;
        exec @command or POSIX::_exit(127);
    }
    waitpid $pid, 0;
    return ($? >> 8, slurp($out));
}

sub write_conf {
    my ($self) = @_;
    $self->{port} //= free_port();
    $self->_write_users;
    $self->_write('httpd.conf', $self->conf_text);
    return $self;
}

# Starts httpd; a port that somebody else took in the meantime is exchanged for another.
sub run {
    my ($self) = @_;
    for my $attempt (1 .. 5) {
        $self->write_conf;
        my ($status, $output) = $self->httpd('-k', 'start');
        return $self if $status == 0 && wait_for(10, sub { $self->answers });
        croak "httpd does not start: $output\n" . (-e "$self->{dir}/error.log" ? $self->log_text : '')
            if $output !~ /Address already in use/;
        delete $self->{port};
    }
    croak 'no free port in five attempts';
}

sub pid {
    my ($self) = @_;
    my $file = "$self->{dir}/run/httpd.pid";
    return -s $file && slurp($file) =~ /(\d+)/ && kill(0, $1) ? $1 : 0;
}

sub children {
    my ($self) = @_;
    my $pid = $self->pid or return;
    my @children = split ' ', `ps -o pid= --ppid $pid`;
    croak 'there is no ps' if $? == -1 || $? >> 8 == 127;
    return @children;
}

sub answers {
    my ($self) = @_;
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}) ? 1 : 0;
}

sub graceful {
    my ($self) = @_;
    my $before = () = $self->log_text =~ /resuming normal operations/g;
    my ($status, $output) = $self->httpd('-k', 'graceful');
    croak "graceful: $output" if $status;
    return wait_for(20, sub { (() = $self->log_text =~ /resuming normal operations/g) > $before });
}

sub stop {
    my ($self) = @_;
    my $pid = $self->pid or return;
    kill 'TERM', $pid;
    wait_for(30, sub { !kill 0, $pid }) or croak 'httpd does not stop';
    return;
}

sub log_text   { return -e "$_[0]{dir}/error.log"  ? slurp("$_[0]{dir}/error.log")  : '' }
sub access_log { return -e "$_[0]{dir}/access.log" ? slurp("$_[0]{dir}/access.log") : '' }

# ------------------------------------------------------------------------------------------------- requests

sub _client {
    my ($self) = @_;
    return $self->{client}{$$} //= HTTP::Tiny->new(keep_alive => 1, timeout => 60, max_redirect => 0);
}

sub basic {
    my ($user, $password) = @_;
    return 'Basic ' . encode_base64("$user:" . ($password // $user), '');
}

# {status, headers (names in lower case), content, json (when it is JSON)}.  Options: user (undef: none), headers,
# content (bytes), or json (a structure).
sub request {
    my ($self, $method, $path, %option) = @_;
    my $user = exists $option{user} ? $option{user} : $self->{user};
    my %headers = %{$option{headers} // {}};
    $headers{Authorization} //= basic($user) if defined $user;
    if (exists $option{json}) {
        $option{content} = json_text($option{json});
        $headers{'Content-Type'} //= 'application/json';
    }
    my $url = $path =~ m{^http:} ? $path : $self->base . $path;
    my %content = exists $option{content} ? (content => $option{content}) : ();
    my $answer = exists $headers{Host} ? $self->_request_as($method, $path, \%headers, $option{content})
        : $self->_client->request($method, $url, {headers => \%headers, %content});
    $answer->{content} //= '';
    $answer->{json} = eval { $json->decode($answer->{content}) }
        if ($answer->{headers}{'content-type'} // '') =~ /json/ && length $answer->{content};
    return $answer;
}

# With a Host of one's own, which HTTP::Tiny does not let one send.
sub _request_as {
    my ($self, $method, $path, $headers, $content) = @_;
    my %all = (%$headers, Connection => 'close', defined $content ? ('Content-Length' => length $content) : ());
    my $answer = $self->raw("$method $path HTTP/1.1\r\n" . join('', map { "$_: $all{$_}\r\n" } sort keys %all) . "\r\n" . ($content // ''));
    return parse_answer($answer);
}

# Status, headers and content out of the bytes of one answer.
sub parse_answer {
    my ($bytes) = @_;
    my ($head, $content) = split /\r\n\r\n/, $bytes, 2;
    my ($first, @lines) = split /\r\n/, $head // '';
    my %headers = map { /^([^:]+):\s*(.*)$/ ? (lc $1 => $2) : () } @lines;
    return {status => ($first // '') =~ m{^HTTP/1\.1 (\d+)} ? $1 : 0, headers => \%headers, content => $content};
}

sub get    { my ($self, $path, @option) = @_; return $self->request('GET',    $path, @option) }
sub del    { my ($self, $path, @option) = @_; return $self->request('DELETE', $path, @option) }
sub post   { my ($self, $path, $body, @option) = @_; return $self->request('POST', $path, json => $body, @option) }
sub put    { my ($self, $path, $body, @option) = @_; return $self->request('PUT',  $path, json => $body, @option) }

# Bytes as they stand on a connection of their own; everything that comes back until the server closes it or
# `seconds` are over.
sub raw {
    my ($self, $bytes, %option) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}) or croak "connect: $@";
    local $SIG{PIPE} = 'IGNORE';
    my $answer = '';
    my $end = time + ($option{seconds} // 10);

    syswrite $socket, $bytes;
    $socket->shutdown(1) if $option{half_close};
    while ((my $left = $end - time) > 0) {
        my $ready = '';
        vec($ready, fileno $socket, 1) = 1;
        last if !select $ready, undef, undef, $left;
        last if !sysread $socket, $answer, 65536, length $answer;
        last if $option{until} && $answer =~ $option{until};
    }
    return $answer;
}

# A client for many thousands of requests: a function that sends one on a connection which it keeps, and returns status,
# head and content.  Its server must answer with Content-Length, as ours does.
sub lean_client {
    my ($self) = @_;
    my $authorization = basic($self->{user});
    my $socket;
    return sub {
        my ($method, $path, $headers, $content) = @_;
        my $length = defined $content ? 'Content-Type: application/json' . "\r\nContent-Length: " . length($content) . "\r\n" : '';
        my $request = "$method $path HTTP/1.1\r\nHost: localhost\r\nAuthorization: $authorization\r\n$headers$length\r\n" . ($content // '');
        for my $attempt (1, 2) {
            $socket //= IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}) or croak "connect: $@";
            my ($answer, $whole) = ('', undef);
            syswrite $socket, $request;
            while (!defined $whole || length $answer < $whole) {
                last if !sysread $socket, $answer, 65536, length $answer;
                my $end = index $answer, "\r\n\r\n";
                next if defined $whole || $end < 0;
                $whole = $end + 4 + (substr($answer, 0, $end) =~ /^Content-Length: (\d+)/mi ? $1 : 0);
            }
            if (!defined $whole || length $answer < $whole || $answer =~ /^Connection: close/mi) {
                undef $socket;
            }
            next if $answer eq '';    # the kept connection had ended
            my ($head, $body) = split /\r\n\r\n/, $answer, 2;
            return (substr($head, 9, 3), $head, $body);
        }
        return (0, '', '');
    };
}

# A transaction in the background, under that name, that has done what it was told or waits for a lock; whoever is told to
# let go, in any process, ends it.
sub hold {
    my ($self, $sql, $name) = @_;
    $name //= 'holder';
    open my $psql, '|-', "psql -X -q -h '" . $self->cluster->socket . "' -U postgres -d $self->{database} >/dev/null 2>&1" or croak "psql: $!";
    $psql->autoflush(1);
    print $psql "SET application_name = '$name'; SET search_path = chatsession; BEGIN; $sql;\n";
    wait_for(10, sub { $self->sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = '$name'"
        . " AND (state = 'idle in transaction' OR wait_event_type = 'Lock')") }) or croak 'nothing is held';
    return $psql;
}

sub let_go {
    my ($self, $name) = @_;
    $name //= 'holder';
    return $self->sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '$name'");
}

# Runs the code in so many processes at once; each gets its number and returns a structure that json_text can hold.
sub parallel {
    my ($self, $count, $code) = @_;
    my @pipes;
    for my $number (1 .. $count) {
        pipe my $reader, my $writer or croak "pipe: $!";
        my $pid = fork // croak "fork: $!";
        if (!$pid) {
            close $reader;
            my $result = eval { $code->($number) };
            print $writer json_text(defined $result ? $result : {error => "$@"});
            close $writer;
            POSIX::_exit(0);
        }
        close $writer;
        push @pipes, [$pid, $reader];
    }
    my @results;
    for my $pipe (@pipes) {
        local $/;
        my $text = readline $pipe->[1];
        waitpid $pipe->[0], 0;
        push @results, $json->decode(length $text ? $text : '{"error":"no result"}');
    }
    return @results;
}

# ------------------------------------------------------------------------------------------------- the end

# Declares that lines of the error log may match this.
sub expect_log {
    my ($self, @patterns) = @_;
    push @{$self->{expected}}, @patterns;
    return $self;
}

sub undeclared_log_lines {
    my ($self) = @_;
    my @lines = grep { /:(?:warn|error|crit|alert|emerg)\]|Sanitizer|runtime error:|exit signal|Assertion/ } split /\n/, $self->log_text;
    # What the event MPM says of a connection that it was closing when it was told to stop.
    for my $pattern (qr/AH03092: process_lingering_close/, @{$self->{expected}}) {
        @lines = grep { !/$pattern/ } @lines;
    }
    return @lines;
}

# Stops everything; the test file passes only when its error log says nothing that it did not declare.
sub done {
    my ($self) = @_;
    $self->stop;
    my @lines = $self->undeclared_log_lines;
    is(scalar @lines, 0, 'the error log says nothing unexpected') or diag(join "\n", @lines[0 .. ($#lines < 9 ? $#lines : 9)]);
    $self->_clean;
    done_testing() if !$self->{more};
    return;
}

sub _clean {
    my ($self) = @_;
    delete $self->{cluster};
    remove_tree($self->{dir}) if $self->{dir} && !$ENV{CS_KEEP};
    delete $self->{dir};
    return;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@, $!);
    return if $self->{owner} != $$ || !$self->{dir};
    eval { $self->stop };
    $self->_clean;
    return;
}

1;
