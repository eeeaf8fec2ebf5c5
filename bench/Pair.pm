# Two nodes that have met: a seller and a buyer on loopback, for the rows of bench/run that need both. The caller lends
# what starts, ends and runs processes, so that whatever was started ends with the run.
package Pair;
use strict;
use warnings;
use IO::Socket::INET;
use JSON::PP;

# Invented; only the check digits are true.
my %USCC = (seller => '91110000802100433B', buyer => '91330100MA2BENCH5M');

# new Pair(shugu => PATH, work => DIRECTORY, start => SUB, stop => SUB, output => SUB, wait => SUB, port => SUB)
sub new {
	my ($class, %self) = @_;
	my $p = bless {%self}, $class;
	for my $side (sort keys %USCC) {
		my $node = $p->{$side} = {dir => "$p->{work}/$side", port => $p->{port}->()};
		$p->{output}->($p->{shugu}, 'init', '--data', $node->{dir}, '--name', ucfirst $side, '--uscc', $USCC{$side},
			'--url', "http://localhost:$node->{port}", '--allow-loopback');
		$p->serve($side);
	}
	$p->meet;
	return $p;
}

sub serve {
	my ($p, $side) = @_;
	my $node = $p->{$side};
	$node->{pid} = $p->{start}->($side, $p->{shugu}, 'serve', '--data', $node->{dir}, '--listen', "127.0.0.1:$node->{port}");
	$p->{wait}->("the $side", sub { eval { $p->ask($side, 'GET', '/healthz') } });
}

sub end {
	my ($p, $side) = @_;
	$p->{stop}->($p->{$side}{pid});
}

sub shugu {
	my ($p, $side, $command, @rest) = @_;
	return $p->{output}->($p->{shugu}, $command, '--data', $p->{$side}{dir}, @rest);
}

# By an invitation, as people would; then nothing waits to be sent.
sub meet {
	my ($p) = @_;
	chomp(my $invitation = $p->shugu('seller', 'invite'));
	$p->shugu('buyer', 'join', $invitation);
	$p->settle;
	my $waiting = decode_json($p->shugu('seller', 'inbox', '--json'))->{waiting};
	die "nobody waits at the seller\n" if @$waiting != 1;
	$p->shugu('seller', 'approve', $waiting->[0]{id});
	$p->settle;
}

sub settle { my ($p) = @_; $p->shugu($_, 'outbox', '--wait', 30) for qw(buyer seller) }

sub did { my ($p) = @_; return "did:web:localhost%3A$p->{seller}{port}" }

sub token_file { my ($p, $side) = @_; return "$p->{$side}{dir}/keys/operator.token" }

# The operator's request; dies unless it is answered with success. Gives the JSON of the answer, or its status.
sub ask {
	my ($p, $side, $method, $path, $body) = @_;
	my $port = $p->{$side}{port};
	open my $f, '<', $p->token_file($side) or die "no token of the $side: $!\n";
	chomp(my $token = <$f>);
	my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 5) or die "the $side: $@\n";
	my $content = defined $body ? encode_json($body) : '';
	my $type = defined $body ? "Content-Type: application/json\r\n" : '';
	print $s "$method $path HTTP/1.1\r\nHost: localhost:$port\r\nConnection: close\r\nAuthorization: Bearer $token\r\n"
		. "${type}Content-Length: " . length($content) . "\r\n\r\n$content";
	local $/;
	my $answer = <$s> // '';
	my ($status, $text) = $answer =~ m{\AHTTP/1\.1 (\d+) .*?\r\n\r\n(.*)\z}s or die "the $side: no answer to $method $path\n";
	die "the $side: $method $path: $status $text\n" if $status >= 300;
	return $text =~ /\A\{/ ? decode_json($text) : $status;
}

# How many invoices the seller holds that both have signed and logged.
sub recorded {
	my ($p) = @_;
	my ($n, $target) = (0, '/api/v1/invoices?limit=200');
	while (defined $target) {
		my $page = $p->ask('seller', 'GET', $target);
		$n += grep { $_->{recorded} && $_->{role} eq 'provider' } @{$page->{invoices}};
		$target = defined $page->{next} ? "/api/v1/invoices?limit=200&cursor=$page->{next}" : undef;
	}
	return $n;
}

# A delivery that both hold for begun while the buyer is ended before it has taken all: gives its path at the seller and
# the header that opens it. The buyer alone has the token, in its database.
sub open_delivery {
	my ($p, $product) = @_;
	my $order = $p->ask('buyer', 'POST', '/api/v1/orders',
		{party => $p->did, product => $product, deliver => JSON::PP::true, anew => JSON::PP::true});
	my $id = $order->{delivery};
	my $look = sub { eval { $p->ask('buyer', 'GET', "/api/v1/deliveries/$id")->{state} } // '' };
	$p->{wait}->('the delivery', sub { $look->() eq 'STARTED' });
	$p->end('buyer');
	my $row = $p->{output}->('sqlite3', "$p->{buyer}{dir}/node.db", "SELECT endpoint, token FROM n_delivery_token WHERE id = '$id'");
	my ($path, $token) = $row =~ m{\Ahttp://localhost:$p->{seller}{port}(/[^|]+)\|(\S+)\n\z} or die "no token of the delivery\n";
	return {id => $id, path => $path, header => "Authorization: Bearer $token"};
}

# User CPU seconds of the children that a process has waited for, and the most memory that its present ones ever had.
sub children_cpu {
	my ($pid) = @_;
	open my $f, '<', "/proc/$pid/stat" or die "/proc/$pid/stat: $!\n";
	my @field = split ' ', (<$f> =~ s/.*\) //r);
	return $field[13] / 100;
}

sub children_peak {
	my ($pid) = @_;
	my $most = 0;
	for my $list (glob "/proc/$pid/task/*/children") {
		open my $f, '<', $list or next;
		for my $child (split ' ', <$f> // '') {
			open my $s, '<', "/proc/$child/status" or next;
			my ($kib) = join('', <$s>) =~ /^VmHWM:\s*(\d+)/m or next;
			$most = $kib if $kib > $most;
		}
	}
	return $most;
}

# Starts the buyer again and watches it take the object: bytes that a second of the child's user CPU verifies (what lies
# there already is checked again), and the peak of its memory in MB. Checking is all that the child computes, so waiting
# for the disk is left out.
sub receive {
	my ($p, $delivery, $size) = @_;
	$p->serve('buyer');
	my $pid = $p->{buyer}{pid};
	my ($peak, $result) = (0, '');
	for (1 .. 6000) {
		my $kib = children_peak($pid);
		$peak = $kib if $kib > $peak;
		$result = $p->ask('buyer', 'GET', "/api/v1/deliveries/$delivery->{id}")->{result} // '';
		last if $result ne '';
		select undef, undef, undef, 0.02;
	}
	die "the delivery did not end\n" if $result ne 'complete';
	my $cpu = children_cpu($pid) or die "no child of the buyer has taken anything\n";
	return {speed => $size / $cpu, rss => $peak * 1024 / 1e6};
}

1;
