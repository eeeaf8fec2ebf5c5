# The test between nodes: each node's address is a port of the test, the node itself listens on another. What passes is
# relayed, held back, changed or answered by the test, which also signs with the keys of the nodes and of others.
package Between;
use strict;
use warnings;
use Digest::SHA qw(sha256 sha256_hex);
use Exporter 'import';
use File::Temp 'tempdir';
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64 qw(decode_base64 encode_base64 encode_base64url);
use Node qw(api segment);
use Time::HiRes qw(sleep time);

our @EXPORT = qw(between befriend catch relay give drop post session token sign resign copy digest flip segment api await
	standing forward changes prove answered $json);
our $json = JSON::PP->new->canonical->utf8;
my $dir = tempdir(CLEANUP => 1);
my (@fronts, %sessions, @held);

sub copy { return $json->decode($json->encode($_[0])) }
sub digest { return sha256_hex($json->encode($_[0])) }
sub flip { my ($text) = @_; $text =~ s/([0-9a-f])(?=[^0-9a-f]*\z)/$1 eq '0' ? '1' : '0'/e; return $text }

# A served node whose address is held by the test.
sub between {
	my ($name, %more) = @_;
	my $n = Node->new(reachable => 1, name => $name, %more);
	$n->{did} = "did:web:localhost%3A$n->{listen}";
	$n->{url} = "http://localhost:$n->{listen}";
	$n->{front} = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1', LocalPort => $n->{listen}, ReuseAddr => 1)
		or die "no front: $!\n";
	push @fronts, $n;
	$n->{listen} = 0;
	$n->start;
	return $n;
}

# One request as it came to the node's address.
sub take {
	my ($n) = @_;
	my $s = $n->{front}->accept or return;
	my ($came) = Node::talk($s, '', 10, sub {
		my ($head, $body) = $_[0] =~ /^(.*?\r\n)\r\n(.*)\z/s or return 0;
		return length $body >= ($head =~ /^content-length: (\d+)\r$/mi ? $1 : 0);
	});
	my ($head, $body) = split /\r\n\r\n/, $came, 2;
	my ($method, $target) = ($head // '') =~ /^([A-Z]+) (\S+) / or return;
	my ($token) = $head =~ /^authorization: bearer (\S+)\r?$/mi;
	return {to => $n, socket => $s, method => $method, target => $target, head => $head, token => $token, body => $body // ''};
}

# Hands a request on as it came and its answer back; the answer.
sub forward {
	my ($caught) = @_;
	my $head = $caught->{head} =~ s/\r\nconnection:[^\r\n]*//gir;
	my $up = $caught->{to}->connect or return drop($caught);
	my ($came) = Node::talk($up, "$head\r\nConnection: close\r\n\r\n$caught->{body}", 20);
	Node::talk(delete $caught->{socket}, $came, 1, sub {1});
	return (Node::answers($came))[0] // {status => 0, body => $came};
}

# The test's own answer.
sub give {
	my ($caught, $status, $body, %fields) = @_;
	my $text = "HTTP/1.1 $status X\r\nContent-Type: application/json\r\nConnection: close\r\n";
	$fields{'Content-Length'} //= length $body;
	$text .= "$_: $fields{$_}\r\n" for sort keys %fields;
	Node::talk($caught->{socket}, "$text\r\n$body", 1, sub {1}) if $caught->{socket};
	close delete $caught->{socket} if $caught->{socket};
	return;
}

# No answer at all.
sub drop { my ($caught) = @_; close delete $caught->{socket} if $caught->{socket}; return }

# Relays until a request to the node (any, where none is named) has a target that fits, which is held back; or until
# $until->() is true, asked often; nothing after some seconds. With hold => 1 other messages are kept for the next catch.
sub catch {
	my ($n, $fits, %o) = @_;
	for my $i (0 .. $#held) {
		next unless $fits && (!$n || $n == $held[$i]{to}) && $held[$i]{target} =~ $fits;
		return splice @held, $i, 1;
	}
	my $end = time + ($o{seconds} || 15);
	my $select = IO::Select->new(map { $_->{front} } @fronts);
	while (time < $end) {
		return if $o{until} && $o{until}->();
		for my $ready ($select->can_read($o{until} ? 0.02 : 0.2)) {
			my ($to) = grep { $_->{front} == $ready } @fronts;
			my $caught = take($to) or next;
			return $caught if $fits && (!$n || $n == $to) && $caught->{target} =~ $fits;
			if ($o{hold} && $caught->{method} eq 'POST' && $caught->{target} !~ /catalog/) {
				push @held, $caught;
			} else {
				forward($caught);
			}
		}
	}
	return;
}

# Relays everything until it is so; whether it came to be so.
sub relay {
	my ($so, $seconds) = @_;
	my $was = 0;
	catch(undef, undef, seconds => $seconds || 15, until => sub { $was = $so->() });
	return $was;
}

# Ed25519 by the key in a file of seeds (party.key where none is named).
sub sign {
	my ($n, $bytes, $name) = @_;
	my $seed = ref $n ? decode_base64(Node::slurp("$n->{data}/keys/" . ($name || 'party.key'))) : $n;
	for (["$dir/key", pack('H*', '302e020100300506032b657004220420') . $seed], ["$dir/bytes", $bytes]) {
		open(my $f, '>:raw', $_->[0]) or die;
		print $f $_->[1];
		close $f;
	}
	return scalar qx(openssl pkeyutl -sign -rawin -keyform DER -inkey $dir/key -in $dir/bytes);
}

# A token that is good once; each has another jti.
my $jti = 0;
sub token {
	my ($n, $to) = @_;
	my $head = $json->encode({alg => 'EdDSA', kid => "$n->{did}#key-1", typ => 'JWT'});
	my $claims = $json->encode({iss => $n->{did}, sub => $n->{did}, aud => $to->{did}, iat => int time, exp => 60 + int time,
		jti => 'test-' . ++$jti});
	my $input = encode_base64url($head) . '.' . encode_base64url($claims);
	return $input . '.' . encode_base64url(sign($n, $input));
}

sub post {
	my ($to, $target, $message, $token) = @_;
	return $to->ask('POST', $target, ref $message ? $json->encode($message) : $message, 'Content-Type' => 'application/json',
		defined $token ? (Authorization => "Bearer $token") : ());
}

# A session of a party at another, opened once.
sub session {
	my ($n, $to) = @_;
	return $sessions{"$n $to"} //= do {
		my $answer = $to->ask('GET', '/dsp/2025-1/transfers/urn:uuid:01980000-0000-7000-8000-000000000001', undef,
			Authorization => 'Bearer ' . token($n, $to));
		$answer->{head} =~ /^shugu-session: (\S+)\r$/mi ? $1 : die "no session: $answer->{status} $answer->{body}\n";
	};
}

# The detached signature of a document under its kind, or another.
sub resign {
	my ($n, $document, $kind) = @_;
	$kind //= $document->{kind};
	my $head = encode_base64url($json->encode({alg => 'EdDSA', kid => "$n->{did}#key-1", typ => "shugu-$kind+jws"}));
	return "$head.." . encode_base64url(sign($n, "$head." . encode_base64url($json->encode($document))));
}

# Two nodes know and approve each other.
sub befriend {
	my ($first, $second) = @_;
	my (undef, $line) = $first->cli('invite');
	chomp $line;
	my ($code, undef, $err) = $second->cli('join', $line);
	die "join: $err" if $code;
	my $waiting;
	relay(sub { ($waiting) = @{$json->decode(($first->cli('inbox', '--json'))[1])->{waiting}} }) or die "no letter came\n";
	$first->cli('approve', $waiting->{id});
	relay(sub { ($second->cli('party', 'list', $first->{did}, '--json'))[1] =~ /"approved"/ }) or die "not approved\n";
	return;
}

# Another value of the same form.
sub other {
	my ($value) = @_;
	return $value + 1 if $value =~ /^-?\d+\z/ && length $value < 16;
	return $value =~ s/(\d)(?=Z\z)/($1 + 1) % 10/er if $value =~ /^\d{4}-\d\d-\d\dT.*Z\z/;
	return flip($value) if $value =~ /^(?:urn:uuid:)?[0-9a-f-]{36,64}\z/;
	return $value =~ s/(.)(?=.{24}\n\z)/$1 eq 'A' ? 'B' : 'A'/er if $value =~ /\n\z/;
	return $value =~ s/(.)(?=.{24}\z)/$1 eq 'A' ? 'B' : 'A'/er if $value =~ /^.+\.\..+\z/ && length $value > 100;
	return "${value}x";
}

# Every way to change one member or to take it away, in all depths: [name, change] where the change is made on a copy of
# the whole. $skip: names that are left out.
sub changes {
	my ($whole, $skip, @path) = @_;
	my $at = $whole;
	$at = ref $at eq 'HASH' ? $at->{$_} : $at->[$_] for @path;
	my @all;
	for my $key (ref $at eq 'HASH' ? sort keys %$at : 0 .. $#$at) {
		my $name = join '.', @path, $key;
		next if $skip && $name =~ $skip;
		my $holder = sub {
			my $in = shift;
			$in = ref $in eq 'HASH' ? $in->{$_} : $in->[$_] for @path;
			return $in;
		};
		my $value = ref $at eq 'HASH' ? $at->{$key} : $at->[$key];
		push @all, ["$name away", sub { my $in = $holder->(@_); ref $in eq 'HASH' ? delete $in->{$key} : splice(@$in, $key, 1) }];
		if (JSON::PP::is_bool($value)) {
			push @all, ["$name changed", sub { my $in = $holder->(@_); $in->{$key} = $value ? JSON::PP::false : JSON::PP::true }];
		} elsif (ref $value) {
			push @all, changes($whole, $skip, @path, $key);
		} else {
			push @all, ["$name changed", sub { my $in = $holder->(@_); (ref $in eq 'HASH' ? $in->{$key} : $in->[$key]) = other($value) }];
		}
	}
	return @all;
}

# A proof of any act under the log's own key, as a sender could make it that keeps another log than it shows: a tree of one.
sub prove {
	my ($n, $act, $size) = @_;
	$size //= 1;
	my $salt = sha256('salt' . $json->encode($act));
	my $entry = 'shugu-act/1 ' . sha256_hex($salt . $json->encode($act));
	$n->{vkey} //= ($n->cli('log', 'vkey'))[1];
	my ($origin, $id) = $n->{vkey} =~ /^([^+]+)\+([0-9a-f]{8})\+/ or die "vkey: $n->{vkey}";
	my $text = "$origin\n$size\n" . encode_base64(Node::leaf_hash($entry), '') . "\n";
	my $note = "$text\n\x{e2}\x{80}\x{94} $origin " . encode_base64(pack('H*', $id) . sign($n, $text, 'log.key'), '') . "\n";
	utf8::decode($note);
	return {act => $act, salt => unpack('H*', $salt), index => 0, path => [], head => $note};
}

# All that a node says of its state, as one text.
sub standing {
	my ($n) = @_;
	return join "\n", $n->size, map { my ($status, $j) = api($n, 'GET', $_); "$status " . $json->encode($j) }
		qw(/agreements /deliveries /invoices /parties);
}

1;
