# What the API promises of sessions, small: a state is {alias => session}, never changed but replaced.  An operation on a
# state has the outcomes that are permitted, each an answer in the words of `answer` and the state behind it.
#
#     my $model = ChatSession::Model->new(agents => {...}, topics => {...});
#     my @outcomes = $model->outcomes($state, {op => 'pickup', by => 3, on => 's1'}, $touched);
#     # [answer, state] each; $touched: {alias => 1}: sessions that others work on at the same moment; '*': any
#     $model->answer($op, $status, $head, $content)            what the server said, in the same words
package ChatSession::Model;
use strict;
use warnings;

# ---------------------------------------------------------------- rights (R-22)

use constant {ADMIN => 1, MANAGER => 2, AGENT => 4, FREE => 8, RESPOND => 16, OTHER => 32, OFFERED => 64};
my %may = (
    read   => 127,
    create => ADMIN | MANAGER | RESPOND,
    save   => ADMIN | MANAGER | AGENT | FREE,
    write  => ADMIN | MANAGER | AGENT | FREE,
    reset  => ADMIN | MANAGER | AGENT | FREE,
    pickup => ADMIN | MANAGER | RESPOND,
    offer  => ADMIN | MANAGER | AGENT,
    decide => ADMIN | MANAGER | AGENT | RESPOND | OFFERED,
    delete => ADMIN,
);

my @status = qw(Invalid PreChatForm Faq OfflineForm InQueue CustomerLast UserLast Finished Deleted Closed RequestPosted ClosedFromQueue);
my %number = map { $status[$_] => $_ } 0 .. $#status;

# agents: number => {name, admin, id, roles => {topic => {respond, manager, listen, notify}}}; topics: id => {welcome, form, answers, bot}
sub new { my ($class, %world) = @_; return bless {%world}, $class }

sub _roles_in {
    my ($self, $agent, $topic, $user, $offered) = @_;
    my $admin = $agent->{admin} ? ADMIN : 0;
    my $has = $agent->{roles}{$topic} or return $admin;
    return $admin | ($has->{manager} ? MANAGER : 0) | ($has->{respond} ? RESPOND | ($user ? 0 : FREE) : 0)
        | ($has->{listen} || $has->{notify} ? OTHER : 0) | ($user == $agent->{id} ? AGENT : 0) | ($offered == $agent->{id} ? OFFERED : 0);
}

sub _roles { my ($self, $agent, $session) = @_; return $self->_roles_in($agent, @$session{qw(topic user to)}) }

# ---------------------------------------------------------------- what a change makes of a session

sub _is_talk { return $_[0] == 5 || $_[0] == 6 }
sub _is_end { return $_[0] == 7 || $_[0] >= 9 }

sub _free_rank {
    my ($state, $user, $but) = @_;
    my %taken = map { $state->{$_}{rank} => 1 } grep { $_ ne $but && $state->{$_}{user} == $user && _is_talk($state->{$_}{status}) } keys %$state;
    my $rank = 1;
    $rank++ while $taken{$rank};
    return $rank;
}

sub _waiting { my ($state, $topic, $but) = @_; return scalar grep { $_ ne $but && $state->{$_}{status} == 4 && $state->{$_}{topic} == $topic } keys %$state }

sub _change {
    my ($state, $alias, %set) = @_;
    my $old = $state->{$alias};
    my $new = {%$old, %set, version => $old->{version} + 1};
    if (($new->{status} != $old->{status} || $new->{user} != $old->{user}) && $new->{rank} == $old->{rank}) {
        if (!_is_talk($new->{status})) { $new->{rank} = 0 }
        elsif ($new->{user} && (!_is_talk($old->{status}) || $new->{user} != $old->{user})) { $new->{rank} = _free_rank($state, $new->{user}, $alias) }
    }
    if ($new->{status} != $old->{status} && !_is_talk($new->{status})) {
        $new->{to} = 0 if $new->{to} == $old->{to};
        $new->{flags} = 0 if $new->{status} >= 7 && $new->{flags} == $old->{flags};
    }
    return {%$state, $alias => $new};
}

sub _say {
    my ($state, $alias, @line) = @_;
    my $session = $state->{$alias};
    return {%$state, $alias => {%$session, said => $session->{said} . join('|', @line) . "\n"}};
}

# ---------------------------------------------------------------- operations: each returns [answer, state] ...

sub _mask { my ($roles) = @_; return $roles & $may{delete} ? 'full' : $roles & $may{save} ? 'save' : 'read' }

sub _shown {
    my ($self, $agent, $session, $with_version) = @_;
    return join '|', 200, @$session{qw(alias topic user to status rank place started ended flags bot first last)}, _mask($self->_roles($agent, $session)),
        $with_version ? $session->{version} : ();
}

# Where a session may find itself that comes to the queue: those that wait are counted at a moment in between, when what
# others do at the same time is done or not.
sub _places {
    my ($state, $session, $touched) = @_;
    my $place = 1 + _waiting($state, $session->{topic}, $session->{alias});
    return $place if !$touched;
    my @open = grep { $_ ne $session->{alias} && ($touched->{$_} || $touched->{'*'}) } keys %$state;
    my $sure = 1 + grep { $_ ne $session->{alias} && $state->{$_}{status} == 4 && $state->{$_}{topic} == $session->{topic} && !($touched->{$_} || $touched->{'*'}) } keys %$state;
    return $sure .. $sure + @open;
}

my %operation = (
    get => sub { my ($self, $state, $op, $agent, $session) = @_; return [$self->_shown($agent, $session, 1), $state] },
    messages => sub { my ($self, $state, $op, $agent, $session) = @_; return ["200|$session->{said}", $state] },
    transcript => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        return ['200|' . join('', map { my ($type, $special, $author, $text) = split /\|/, $_, -1; $type == 3 ? () : "$author: $text\n" } split /\n/, $session->{said}), $state];
    },
    pickup => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        return ['200|null', $state] if $session->{status} != 4;
        return $self->_picked($state, $agent, $session->{alias});
    },
    offer => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        my $target = $self->{agents}{$op->{to}};
        return ['400', $state] if !$self->_roles_in($target, $session->{topic}, -1, 0);
        $state = _change($state, $session->{alias}, to => $target->{id}) if _is_talk($session->{status}) && $session->{user} && $session->{user} != $target->{id};
        return [$self->_shown($agent, $state->{$session->{alias}}), $state];
    },
    accept => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        if ($session->{to} == $agent->{id} && _is_talk($session->{status})) {
            $state = _say(_change($state, $session->{alias}, user => $agent->{id}, to => 0), $session->{alias}, 3, 6, $agent->{name}, '');
        }
        return [$self->_shown($agent, $state->{$session->{alias}}), $state];
    },
    reject => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        if ($session->{to} == $agent->{id} && _is_talk($session->{status})) {
            $state = _say(_change($state, $session->{alias}, to => 0), $session->{alias}, 3, 13, $agent->{name}, '');
        }
        return [$self->_shown($agent, $state->{$session->{alias}}), $state];
    },
    reset => sub {
        my ($self, $state, $op, $agent, $session, $touched) = @_;
        return map {
            my $after = _change($state, $session->{alias}, status => $self->{topics}{$session->{topic}}{form} ? 1 : 4, user => 0, to => 0, rank => 0, started => 0,
                ended => 0, flags => 0, bot => 0, place => $_);
            [$self->_shown($agent, $after->{$session->{alias}}), $after];
        } _places($state, $session, $touched);
    },
    say => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        my ($type, $special, $text, $alias) = (@$op{qw(type special text)}, $session->{alias});
        my $status = $session->{status};
        my $customer = $session->{name} ne '' ? $session->{name} : $alias;
        my %set = $type == 3 ? () : (last => $text, $session->{first} eq '' && $special != 1 ? (first => $text) : ());
        if ($type == 1) {
            $set{status} = 6 if $status == 1 || $status == 2 || $status == 4 || _is_talk($status);
            $set{started} = 1 if $status == 4;
            $set{flags} = 0;
        }
        if ($type == 2) {
            $set{status} = 5 if _is_talk($status) || $status == 7;
            $set{ended} = 0 if $status == 7;
        }
        $state = _change($state, $alias, %set);
        $state = _say($state, $alias, 3, 14, $customer, '') if $type == 2 && $status == 7;
        $state = _say($state, $alias, $type, $special, $type == 2 ? $customer : $agent->{name}, $text);
        return ["200|$type|$special|" . ($type == 2 ? $customer : $agent->{name}) . "|$text", $state];
    },
    delete => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        my %left = %$state;
        delete $left{$session->{alias}};
        return ['204', \%left];
    },
    patch => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        my %set = %{$op->{set}};
        $state = $self->_saved($state, $session, $agent, {%set, _ended($session, $set{status} // $session->{status}, $session->{ended})})
            if grep { $session->{$_} ne $set{$_} } keys %set;
        return [$self->_shown($agent, $state->{$session->{alias}}, 1), $state];
    },
    put => sub {
        my ($self, $state, $op, $agent, $session) = @_;
        my $status = $op->{set}{status};
        $state = $self->_saved($state, $session, $agent, {to => 0, rank => 0, place => 0, flags => 0, bot => 0, first => '', last => '', name => '', requested => 1e9,
                user => 0, started => 0, %{$op->{set}}, ended => $status != $session->{status} && _is_end($status) ? 1 : 0});
        return [$self->_shown($agent, $state->{$session->{alias}}, 1), $state];
    },
);
my %act = (get => 'read', messages => 'read', transcript => 'read', pickup => 'pickup', offer => 'offer', accept => 'decide', reject => 'decide', reset => 'reset',
    say => 'write', delete => 'delete', patch => 'save', put => 'save');

sub _picked {
    my ($self, $state, $agent, $alias) = @_;
    my $welcome = $self->{topics}{$state->{$alias}{topic}}{welcome};
    $state = _change($state, $alias, user => $agent->{id}, status => 5, started => 1, to => 0, $welcome ne '' ? (last => $welcome) : ());
    $state = _say($state, $alias, 1, 1, $agent->{name}, $welcome) if $welcome ne '';
    return [$self->_shown($agent, $state->{$alias}), $state];
}

# Whether a session has ended, by the status that a save gives it and what the save says of the end.
sub _ended {
    my ($session, $status, $said) = @_;
    return (ended => 1) if $status != $session->{status} && _is_end($status);
    return (ended => 0) if _is_end($session->{status}) && !_is_end($status) && $status != 8;
    return (ended => $said);
}

sub _saved {
    my ($self, $state, $session, $agent, $set) = @_;
    my $alias = $session->{alias};
    my $status = $set->{status} // $session->{status};
    $set->{started} = 1 if $session->{status} == 4 && _is_talk($status);
    $state = _change($state, $alias, %$set);
    if ($status != $session->{status}) {
        my ($last) = $session->{said} =~ /\d\|(\d+)[^\n]*\n\z/;
        $state = _say($state, $alias, 3, 8, $agent->{name}, '') if $status == 8;
        $state = _say($state, $alias, 3, 10, $agent->{name}, '') if $status == 7 && _is_talk($session->{status}) && !grep { ($last // 0) == $_ } 10, 11, 12;
    }
    return $state;
}

sub _first {
    my ($self, $state, $agent, $touched) = @_;
    my @waiting = sort { $state->{$a}{requested} <=> $state->{$b}{requested} || $state->{$a}{made} <=> $state->{$b}{made} }
        grep { $state->{$_}{status} == 4 && ($agent->{roles}{$state->{$_}{topic}} || {})->{respond} } keys %$state;
    my @outcomes;
    for my $alias (@waiting) {
        push @outcomes, $self->_picked($state, $agent, $alias);
        last if !$touched->{$alias} && !$touched->{'*'};    # it is passed over while somebody works on it
    }
    return @waiting ? @outcomes : ['200|null', $state];
}

sub _mine {
    my ($self, $state, $agent) = @_;
    my @mine = grep { $state->{$_}{status} < 7 && $self->_roles_in({%$agent, admin => 0}, $state->{$_}{topic}, 0, 0) } keys %$state;
    return ['200|' . join(' ', sort map { "$_:$state->{$_}{status}" } @mine), $state];
}

sub _create {
    my ($self, $state, $op, $agent) = @_;
    my $topic = $self->{topics}{$op->{topic}};
    return ['403', $state] if !($self->_roles_in($agent, $op->{topic}, -1, 0) & $may{create});
    my $status = $op->{status} || ($topic->{form} ? 1 : $topic->{answers} ? 2 : 4);
    my $session = {alias => $op->{on}, topic => $op->{topic}, user => 0, to => 0, status => $status, rank => 0, place => 1 + _waiting($state, $op->{topic}, ''),
        started => 0, ended => 0, flags => 0, bot => $topic->{bot} && !$op->{status} ? 1 : 0, first => '', last => '', name => '', said => '', version => 1,
        requested => $op->{number}, made => $op->{number}};
    return [$self->_shown($agent, $session, 1), {%$state, $op->{on} => $session}];
}

sub outcomes {
    my ($self, $state, $op, $touched) = @_;
    my $agent = $self->{agents}{$op->{by}};
    return $self->_first($state, $agent, $touched // {}) if $op->{op} eq 'first';
    return $self->_mine($state, $agent) if $op->{op} eq 'mine';
    return $self->_create($state, $op, $agent) if $op->{op} eq 'create';
    my $session = $state->{$op->{on}} or return ['404', $state];
    my $roles = $self->_roles($agent, $session) or return ['404', $state];
    my $other = defined $op->{match} && $op->{match} != $session->{version};
    # A save that waited for another's change says of two demands that failed the one or the other.
    return (['403', $state], $other && $touched && $touched->{$op->{on}} ? ['412', $state] : ()) if !($roles & $may{$act{$op->{op}}});
    return ['412', $state] if $other;
    my $topic = ($op->{set} // {})->{topic};
    return ['403', $state] if defined $topic && $topic != $session->{topic} && !($self->_roles_in($agent, $topic, -1, 0) & $may{create});
    return $operation{$op->{op}}->($self, $state, $op, $agent, $session, $touched);
}

# ---------------------------------------------------------------- the same as a request, and its answer

my %special = (None => 0, Welcome => 1, TransferedSession => 6, SessionDeleted => 8, ClosedByUser => 10, ClosedByCustomer => 11, TransferRejected => 13, ReopenedByCustomer => 14, BotMessage => 16);
my %type = (Invalid => 0, ToCustomer => 1, ToUser => 2, Special => 3);
my %property = (status => 'Status', topic => 'TopicId', name => 'CustomerName', flags => 'Flags');
my %name_of_type = reverse %type;
my %name_of_special = reverse %special;

sub _body {
    my ($self, $op) = @_;
    my %set = %{$op->{set} // {}};
    my @members = map {
        my $value = $set{$_};
        $_ eq 'user' || $_ eq 'to' ? '"' . ($_ eq 'user' ? 'User' : 'TransferTo') . '":' . ($value ? "{\"AssociateId\":$value}" : 'null')
            : "\"$property{$_}\":" . ($_ eq 'topic' ? $value : $_ eq 'status' ? "\"$status[$value]\"" : $_ eq 'flags' ? ('"CustomerIsTyping"', '"UserIsTyping"')[$value] : "\"$value\"")
    } sort keys %set;
    return '{' . join(',', @members, $op->{op} eq 'put' ? "\"CustomerAlias\":\"$op->{on}\"" : ()) . '}';
}

# user, method, path, content, further headers; ids: {alias => number}.
sub request {
    my ($self, $op, $ids) = @_;
    my $all = '/api/v1/ChatSession';
    my $one = "$all/" . ($op->{on} ? $ids->{$op->{on}} // 2147483647 : '');
    my $user = $self->{agents}{$op->{by}}{name};
    my $kind = $op->{op};
    return ($user, 'GET', $one) if $kind eq 'get';
    return ($user, 'GET', $one . ($kind eq 'messages' ? '/Messages' : '/Transcript')) if $kind eq 'messages' || $kind eq 'transcript';
    return ($user, 'GET', "$all/ForCurrentUser") if $kind eq 'mine';
    return ($user, 'POST', "$all/Pickup") if $kind eq 'first';
    return ($user, 'POST', "$one/TransferTo/$self->{agents}{$op->{to}}{name}") if $kind eq 'offer';
    return ($user, 'DELETE', $one) if $kind eq 'delete';
    return ($user, 'POST', "$one/Messages", "{\"Type\":\"$name_of_type{$op->{type}}\",\"SpecialType\":\"$name_of_special{$op->{special}}\",\"Message\":\"$op->{text}\"}") if $kind eq 'say';
    return ($user, 'POST', $all, "{\"TopicId\":$op->{topic},\"CustomerAlias\":\"$op->{on}\"" . ($op->{status} ? ",\"Status\":\"$status[$op->{status}]\"" : '') . '}') if $kind eq 'create';
    return ($user, uc $kind, $one, $self->_body($op), defined $op->{match} ? "If-Match: \"$op->{match}-0\"\r\n" : '') if $kind eq 'patch' || $kind eq 'put';
    return ($user, 'POST', "$one/" . {pickup => 'Pickup', accept => 'AcceptTransfer', reject => 'RejectTransfer', reset => 'Reset'}->{$kind});
}

my $session_answer = qr/^\{"ChatSessionId":\d+,"TopicId":(\d+),"User":(?:null|\{"AssociateId":(\d+).*?\}),"Person":null,"CustomerAlias":"(\w*)",.*?
    "Status":"(\w+)","FirstMessage":"([^"]*)","LastMessage":"([^"]*)",.*?"WhenStarted":"(\d+).*?"WhenEnded":"(\d+).*?"InitialQueuePos":(\d+),"AlertLevel":0,
    "Rank":(\d+),"Flags":"(\w+)",.*?"TransferTo":(?:null|\{"AssociateId":(\d+).*?\}),"ChatbotIsActive":(\w+),"Rating":0,"TableRight":\{"Mask":"([^"]*)"/x;
my %mask = ('Select, Update, Insert, Delete' => 'full', 'Select, Update, Insert' => 'save', 'Select' => 'read');

sub answer {
    my ($self, $op, $status, $head, $content) = @_;
    return $status if $status ne '200';
    return '200|null' if $content eq 'null';
    if ($op->{op} eq 'messages') {
        my $lines = '';
        while ($content =~ /"Type":"(\w+)","Message":"([^"]*)","Author":"([^"]*)","ReadByCustomer":0,"SpecialType":"(\w+)"/g) {
            $lines .= "$type{$1}|" . ($special{$4} // $4) . "|$3|$2\n";
        }
        return "200|$lines";
    }
    return '200|' . join '', map { s/^\S+ \S+ //r . "\n" } split /\\n/, substr $content, 1, -1 if $op->{op} eq 'transcript';
    return "200|$type{$1}|" . ($special{$4} // $4) . "|$3|$2" if $content =~ /^\{"ChatMessageId":\d+.*"Type":"(\w+)","Message":"([^"]*)","Author":"([^"]*)","ReadByCustomer":0,"SpecialType":"(\w+)"/;
    if ($op->{op} eq 'mine') {
        my @mine;
        while ($content =~ /"CustomerAlias":"(\w*)".*?"Status":"(\w+)","FirstMessage"/g) { push @mine, "$1:$number{$2}" }
        return '200|' . join ' ', sort @mine;
    }
    my @version = $head =~ /^ETag: "(\d+)-/m;
    $content =~ $session_answer or return "200|not understood: $content";
    return join '|', 200, $3, $1, $2 // 0, $12 // 0, $number{$4}, $10, $9, $7 eq '0001' ? 0 : 1, $8 eq '0001' ? 0 : 1, $11 eq 'UserIsTyping' ? 1 : 0,
        $13 eq 'true' ? 1 : 0, $5, $6, $mask{$14} // $14, @version ? $version[0] : ();
}

# The id of the session that was made, or of those that a list shows, into ids.
sub learn {
    my ($self, $ids, $content) = @_;
    while ($content =~ /\{"ChatSessionId":(\d+).*?"CustomerAlias":"(\w+)"/g) { $ids->{$2} //= $1 }
    return;
}

sub key {
    my ($state) = @_;
    return join "\n", map { my $session = $state->{$_}; join '|', map { "$_=$session->{$_}" } sort keys %$session } sort keys %$state;
}

1;
