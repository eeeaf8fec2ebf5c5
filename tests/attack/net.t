#!/usr/bin/perl
# The network under siege: requests that two readers would read differently, slow clients by head, body and handshake, ten
# thousand idle connections, bombs of heads, pipelines nobody reads, bodies that are not as long as they say. While each goes
# on, an honest client has /healthz within a second. http.t has the single refusals; this has the crowds and what lies between.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Node;
use Socket;
use Test::More;
use Time::HiRes qw(sleep time);

use constant { PATIENCE => 1.0, CROWD => 10_000, ALL => 4096, PEER => 256, BODY_SECONDS => 60 };

my $n = Node->new;
$n->start;
my ($size, $pid) = ($n->size, $n->{pid});
my %auth = (Authorization => "Bearer $n->{token}", 'Content-Type' => 'application/json');

# The honest client comes from an address of its own, as a customer does.
my $slowest = 0;
sub from {
	my ($address, $port) = @_;
	return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port || $n->{port}, LocalAddr => $address, Timeout => 5);
}

sub honest {
	my $begun = time;
	my $s = from('127.9.9.9') or return 99;
	my ($came) = Node::talk($s, Node::head_of('GET', '/healthz', undef, Connection => 'close'), 5);
	my $took = $came =~ m{^HTTP/1\.1 200 } ? time - $begun : 99;
	$slowest = $took if $took > $slowest;
	return $took;
}

# An attack, and the slowest answer that the honest client had in it.
sub during {
	my ($what, $attack) = @_;
	$slowest = 0;
	honest();
	$attack->();
	honest();
	cmp_ok($slowest, '<', PATIENCE, sprintf "while %s: /healthz within %.0f ms", $what, 1000 * $slowest);
	ok($n->lives, "the node lives after $what") or BAIL_OUT('the node is gone: ' . Node::slurp("$n->{dir}/log"));
}

sub resident { return Node::slurp("/proc/$pid/status") =~ /^VmRSS:\s*(\d+)/m ? $1 / 1024 : 0 }

# Slow ones, begun now and looked at in the end: seconds until the node closed, and what it said. One process for all.
my %slow = (
	'a body that drips' => {first => Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Content-Length' => 5000), drip => ' '},
	'a chunked body that drips' => {first => Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Transfer-Encoding' => 'chunked'), drip => "1\r\n \r\n"},
	'chunk extensions that drip' => {first => Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Transfer-Encoding' => 'chunked') . '1;', drip => 'x'},
	'a body that does not come' => {first => Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Content-Length' => 10), drip => ''},
	'lines before a request that drip' => {first => '', drip => "\r\n"},
);
my %hello;
my $tls;
if (system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -keyout $n->{dir}/k.pem -out $n->{dir}/c.pem 2>/dev/null") == 0) {
	$tls = Node->new(tls => ['--cert', "$n->{dir}/c.pem", '--key', "$n->{dir}/k.pem"]);
	$tls->start;
	# The head of a ClientHello of 512 bytes, and its body byte by byte; one that says nothing; one that is greeted and stops.
	%hello = ('a hello that drips' => {first => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", drip => "\0"}, 'half a hello' => {first => "\x16\x03\x01", drip => ''}, 'no hello' => {first => '', drip => ''});
}
pipe(my $tell, my $told) or die $!;
my $dripper = fork // die "fork: $!\n";
if ($dripper == 0) {
	my %all = (%slow, %hello);
	for my $name (keys %all) {
		my $a = $all{$name};
		@$a{qw(s begun came)} = (from('127.8.8.8', $hello{$name} ? $tls->{port} : $n->{port}), time, '');
		$a->{s}->blocking(0);
		syswrite($a->{s}, $a->{first});
	}
	local $SIG{PIPE} = 'IGNORE';
	my $end = time + BODY_SECONDS + 12;
	while (time < $end && grep { !defined $_->{took} } values %all) {
		sleep 0.25;
		for my $a (grep { !defined $_->{took} } values %all) {
			my $got = sysread($a->{s}, $a->{came}, 4096, length $a->{came});
			if (defined $got ? $got == 0 : !$!{EAGAIN}) { $a->{took} = time - $a->{begun} }
			elsif (length $a->{drip} && !length $a->{came}) { syswrite($a->{s}, $a->{drip}) }
		}
	}
	syswrite($told, encode_json({map { my $a = $all{$_}; ($_ => [$a->{took}, $a->{came} =~ m{^HTTP/1\.1 (\d+)} ? $1 : 'none']) } keys %all}));
	POSIX::_exit(0);
}
close $told;

# Each pair is one stream of bytes; a second request hidden in it must never be answered as one.
my $hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
sub post { return "POST /api/v1/evidence HTTP/1.1\r\nHost: a\r\n" . join('', map {"$_\r\n"} @_) . "\r\n" }
sub statuses {
	my ($bytes) = @_;
	my ($came, $closed) = Node::talk($n->connect, $bytes, 4);
	return join(' ', map { $_->{status} } Node::answers($came)) . ($closed ? ' closed' : ' open');
}
my $te = 'Transfer-Encoding: chunked';
my @smuggled = (
	['Content-Length before Transfer-Encoding', post('Content-Length: ' . length $hidden, $te) . "0\r\n\r\n$hidden", '400'],
	['Transfer-Encoding before Content-Length', post($te, 'Content-Length: 4') . "0\r\n\r\n$hidden", '400'],
	['Transfer-Encoding, Content-Length: 0', post($te, 'Content-Length: 0') . "0\r\n\r\n$hidden", '400'],
	['three Content-Length', post(('Content-Length: 0') x 3) . $hidden, '400'],
	['Content-Length: 0, 34', post('Content-Length: 0, 34') . $hidden, '400'],
	['Content-Length: 1 0', post('Content-Length: 1 0') . $hidden, '400'],
	['Content-Length: 0;x', post('Content-Length: 0;x') . $hidden, '400'],
	['Content-Length: 0.0', post('Content-Length: 0.0') . $hidden, '400'],
	['Content-Length: "0"', post('Content-Length: "0"') . $hidden, '400'],
	['Content-Length: 1e1', post('Content-Length: 1e1') . $hidden, '400'],
	['Content-Length in other digits', post("Content-Length: \x{ef}\x{bc}\x{90}") . $hidden, '400'],
	['Content_Length is another field', post('Content_Length: 34', 'Content-Length: 0', 'Connection: close') . $hidden, '401'],
	['Content-Length behind a tab', post("\tContent-Length: 34") . $hidden, '400'],
	['Content-Length with a tab before the colon', post("Content-Length\t: 34") . $hidden, '400'],
	['Content-Length on a folded line', post('X: y', "\tContent-Length: 34", 'Content-Length: 0') . $hidden, '400'],
	['Transfer-Encoding: identity', post('Transfer-Encoding: identity', 'Content-Length: 0') . $hidden, '400'],
	['Transfer-Encoding: identity alone', post('Transfer-Encoding: identity') . $hidden, '400'],
	['Transfer-Encoding: identity, chunked', post('Transfer-Encoding: identity, chunked') . "0\r\n\r\n$hidden", '400'],
	['Transfer-Encoding: chunked, chunked', post('Transfer-Encoding: chunked, chunked') . "0\r\n\r\n$hidden", '400'],
	['Transfer-Encoding: chunked,', post('Transfer-Encoding: chunked,') . "0\r\n\r\n$hidden", undef],
	['Transfer-Encoding: , chunked', post('Transfer-Encoding: , chunked') . "0\r\n\r\n$hidden", undef],
	['Transfer-Encoding: chunked;q=1', post('Transfer-Encoding: chunked;q=1') . "0\r\n\r\n$hidden", '400'],
	['Transfer-Encoding: "chunked"', post('Transfer-Encoding: "chunked"') . "0\r\n\r\n$hidden", '400'],
	['Transfer-Encoding: chu nked', post('Transfer-Encoding: chu nked') . "0\r\n\r\n$hidden", '400'],
	['Transfer-Encoding: (empty)', post('Transfer-Encoding:', 'Content-Length: 0') . $hidden, '400'],
	['Transfer-Encoding, NUL in its name', post("Transfer-\0Encoding: chunked") . $hidden, '400'],
	['Transfer-Encoding after a bare LF', "POST /api/v1/evidence HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n$hidden", '400'],
	['Transfer-Encoding after a bare CR', "POST /api/v1/evidence HTTP/1.1\r\nHost: a\r\nX: y\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n$hidden", '400'],
	['an empty line of LF alone', "POST /api/v1/evidence HTTP/1.1\r\nHost: a\r\n\n$hidden", '400'],
	['a chunk size with a plus', post($te) . "+0\r\n\r\n$hidden", '400'],
	['a chunk size with a space before', post($te) . " 0\r\n\r\n$hidden", '400'],
	['a chunk size with an underscore', post($te) . "1_0\r\n$hidden", '400'],
	['a chunk size of 2^32', post($te) . "100000000\r\n\r\n$hidden", '400'],
	['a chunk size of 2^64', post($te) . "10000000000000000\r\n\r\n$hidden", '400'],
	['a chunk size of nine zeros', post($te) . "000000000\r\n\r\n$hidden", '400'],
	['no chunk size', post($te) . "\r\n\r\n$hidden", '400'],
	['a chunk extension that ends in LF', post($te) . "0;a=b\n\r\n$hidden", '400'],
	['a chunk extension with a bare CR', post($te) . "0;a\rb\r\n\r\n$hidden", '400'],
	['a chunk extension with a NUL', post($te) . "0;a\0b\r\n\r\n$hidden", '400'],
	['a chunk that ends in LF', post($te) . "1\r\nx\n0\r\n\r\n$hidden", '400'],
	['a chunk that ends in nothing', post($te) . "1\r\nx0\r\n\r\n$hidden", '400'],
	['a trailer that ends in LF', post($te) . "0\r\nX: y\n\r\n$hidden", '400'],
	['a trailer without a colon', post($te) . "0\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n", '400'],
	['a folded trailer', post($te) . "0\r\nX: y\r\n z\r\n\r\n$hidden", '400'],
	['trailers without end', post($te) . "0\r\n" . "X: y\r\n" x 2000, '413'],
	['chunk extensions without end', post($te) . '0;' . 'x' x 5000, '413'],
	['many small chunk extensions', post($te) . "1;xxxxxxxx\r\nx\r\n" x 1000 . "0\r\n\r\n", '413'],
);
during('requests are smuggled', sub {
	for my $case (@smuggled) {
		my ($what, $bytes, $want) = @$case;
		my $got = statuses($bytes);
		like($got, defined $want ? qr/^$want closed$/ : qr/^(?:400|401 404) /, "$what: $got");
	}
	# What a trailer says counts for nothing: neither who asks, nor how long the body is, nor where it ends.
	my $trailed = post($te, 'Content-Type: application/json') . "2\r\n{}\r\n0\r\nAuthorization: Bearer $n->{token}\r\nContent-Length: 34\r\nTransfer-Encoding: chunked\r\nHost: b\r\n\r\n";
	is(statuses($trailed . "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), '401 200 closed', 'a trailer opens nothing and shifts nothing');
	# Good forms two readers agree on are taken: extensions, leading zeros, capitals.
	my $good = post('Transfer-Encoding: CHUNKED', 'Connection: close', map {"$_: $auth{$_}"} sort keys %auth) . "00000002;a=\"b\"\r\n{}\r\n0\r\n\r\n";
	is(statuses($good), '400 closed', 'chunked by capitals, with zeros and an extension, is read');
	# Behind a refusal nothing is read, however much was sent.
	is(statuses(post('Content-Length: x') . $hidden x 1000), '400 closed', 'a thousand requests behind a bad one are not read');
	is(statuses("\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") =~ /^(?:200|400) closed$/, 1, 'two empty lines before a request');
});

# Bombs of heads: many at once, none of them whole, each as large as it may be.
during('heads are bombs', sub {
	my @bombs = map { from('127.7.7.7') } 1 .. 200;
	for my $s (@bombs) {
		$s->blocking(0);
		syswrite($s, "GET /healthz HTTP/1.1\r\nHost: a\r\nX: " . 'x' x 16000);
	}
	honest();
	my $held = resident();
	cmp_ok($held, '<', 400, sprintf '200 unfinished heads of 16 kB are %.0f MB of the process', $held);
	my $over = 0;
	for my $s (@bombs) { $over++ if (Node::talk($s, 'x' x 1000, 4))[0] =~ m{^HTTP/1\.1 431 } }
	is($over, 200, 'each is refused when it goes on');
	my $refused = grep { statuses(Node::head_of('GET', '/healthz', undef, map { ("a$_" => '') } 1 .. 1000)) =~ /^431/ } 1 .. 20;
	is($refused, 20, 'a thousand tiny fields are refused');
	is(statuses("GET /healthz HTTP/1.1\r\nHost: a\r\n" . "A:\r\n" x 10000 . "\r\n"), '431 closed', 'so are ten thousand');
	is(statuses("GET /healthz HTTP/1.1\r\nHost: a\r\nCookie: " . 'a=b; ' x 3000 . "\r\nConnection: close\r\n\r\n"), '200 closed', '3,000 cookies are read and mean nothing');
	is(statuses('GET /healthz?' . 'a=b&' x 1000 . " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") =~ /^(?:200|400) closed$/, 1, 'a query of a thousand members');
	is(statuses("GET /healthz HTTP/1.1\r\nHost: a\r\nRange: bytes=" . '0-,' x 4000 . "0-\r\nConnection: close\r\n\r\n"), '200 closed', '4,000 ranges where there are none');
	is(statuses("\r\n" x 50000) =~ /^(?:400 closed| closed)$/, 1, 'fifty thousand empty lines');
});

# A client that asks and asks and does not read: it is not read either, holds little, and gets all when it comes to.
during('nobody reads a pipeline', sub {
	my $page = '/api/v1/openapi.json';
	my $one = length $n->ask('GET', $page)->{body};
	my ($s, $before, $patience) = (from('127.6.6.6'), resident(), time + 3);
	my $asked = Node::head_of('GET', $page) x 999 . Node::head_of('GET', $page, undef, Connection => 'close');
	$s->blocking(0);
	while (length $asked && time < $patience) {
		my $put = syswrite($s, $asked);
		if ($put) { substr($asked, 0, $put, '') }
		else { sleep 0.05 }
	}
	honest();
	cmp_ok(resident() - $before, '<', 100, sprintf '1,000 answers of %d kB, which nobody takes, are not held', $one / 1000);
	my ($answers, $tail, $end) = (0, '', time + 25);
	while (time < $end) {
		vec(my $r = '', fileno $s, 1) = 1;
		vec(my $w = '', fileno $s, 1) = 1 if length $asked;
		select($r, $w, undef, 0.5);
		if (length $asked) {
			my $put = syswrite($s, $asked);
			substr($asked, 0, $put, '') if $put;
		}
		my $got = sysread($s, my $part, 1 << 20);
		next if !defined $got && $!{EAGAIN};
		last if !$got;
		my $text = $tail . $part;
		$answers++ while $text =~ m{HTTP/1\.1 200 OK\r\n}g;
		$tail = $text =~ /(H(?:T(?:T(?:P(?:\/1[^\n]{0,10})?)?)?)?)\z/ ? $1 : '';
		honest() if $answers % 100 == 1;
	}
	is($answers, 1000, 'when it reads, it gets all of them');
	my @deaf = map { from('127.6.6.6') } 1 .. 100;
	syswrite($_, Node::head_of('GET', $page) x 30) for @deaf;
	honest();
	close $_ for @deaf;
});

# Bodies and uploads that are not as long as they say.
sub offset { return $n->ask('HEAD', "/api/v1/uploads/$_[0]", undef, %auth)->{head} =~ /^Upload-Offset: (\d+)/mi ? $1 : -1 }
during('bodies lie about their length', sub {
	my $up = decode_json($n->operate('POST', '/api/v1/uploads', encode_json({name => 'a.bin', size => 1000}))->{body})->{id};
	my $patch = sub {
		my ($bytes, %f) = @_;
		my ($came, $closed) = Node::talk(from('127.5.5.5'), Node::head_of('PATCH', "/api/v1/uploads/$up", undef, Authorization => $auth{Authorization}, %f) . $bytes, 4, sub { $_[0] =~ /\r\n\r\n/ });
		return join ' ', map { $_->{status} } Node::answers($came);
	};
	my %zero = ('Upload-Offset' => 0);
	like($patch->('x' x 2000, %zero, 'Content-Length' => 2000), qr/^4\d\d$/, 'more than the upload was said to have');
	is(offset($up) <= 1000, 1, 'is not kept');
	like($patch->('x' x 2000, 'Upload-Offset' => offset($up), 'Content-Length' => '9' x 18), qr/^413$/, 'a piece of nearly 2^60');
	like($patch->('x', 'Upload-Offset' => '18446744073709551616', 'Content-Length' => 1), qr/^400$/, 'an offset of 2^64');
	like($patch->('x', 'Upload-Offset' => '9223372036854775807', 'Content-Length' => 1), qr/^4\d\d$/, 'an offset of 2^63 - 1');
	like($patch->('x', 'Upload-Offset' => '-1', 'Content-Length' => 1), qr/^400$/, 'an offset below nothing');
	my $at = offset($up);
	my ($came) = Node::talk(from('127.5.5.5'), Node::head_of('PATCH', "/api/v1/uploads/$up", 'x' x 10, Authorization => $auth{Authorization}, 'Upload-Offset' => $at, Connection => 'keep-alive') . $hidden, 4,
		sub { my @a = Node::answers($_[0]); @a >= 2 });
	is(join(' ', map { $_->{status} } Node::answers($came)), '204 404', 'what follows a body is a request, no part of it');
	is(offset($up), $at + 10, 'and not kept');
	for my $said (100, 50_000, 1 << 20) {
		my $s = from('127.5.5.5');
		syswrite($s, Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Content-Length' => $said) . '{"digest":');
		shutdown $s, 1;
		my ($answer, $closed) = Node::talk($s, '', 4);
		is($closed && $answer !~ m{^HTTP/1\.1 2}, 1, "a body of $said bytes that ends after 10 is not taken");
	}
	my @huge = map { from('127.5.5.' . (1 + $_ % 4)) } 1 .. 200;
	syswrite($_, Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Content-Length' => 1 << 20) . 'x' x 100) for grep { $_ } @huge;
	honest();
	close $_ for grep { $_ } @huge;
});

# Ten thousand idle connections, each peer with as many as it may have: the oldest idle one makes room, nobody is kept out.
sub descriptors {
	my $all = POSIX::sysconf(POSIX::_SC_OPEN_MAX());
	return $all > 200 ? $all - 200 : 0;
}
my $crowd = descriptors() < CROWD ? descriptors() : CROWD;
my ($served_files) = Node::slurp("/proc/$pid/limits") =~ /^Max open files\s+(\d+)/m;
SKIP: {
	skip "only $crowd descriptors here and $served_files at the node", 8 if $crowd < ALL + 1000 || $served_files < ALL + 500;
	my $busy = from('127.4.4.4');
	syswrite($busy, Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Content-Length' => 2) . '{');
	my @idle;
	during("$crowd connections are idle", sub {
		my $to = sockaddr_in($n->{port}, inet_aton('127.0.0.1'));
		for my $i (0 .. $crowd - 1) {
			socket(my $s, PF_INET, SOCK_STREAM, 0) or last;
			bind($s, sockaddr_in(0, inet_aton('127.1.' . int($i / PEER) . '.1'))) or last;
			connect($s, $to) or last;
			push @idle, $s;
			honest() if $i % 500 == 499;
		}
		is(scalar @idle, $crowd, "$crowd connections were taken up");
		honest() for 1 .. 5;
		is($n->ask('GET', '/healthz', undef, unix => $n->connect_unix)->{status}, 200, 'the control socket is open too');
		my $kept = () = glob "/proc/$pid/fd/*";
		cmp_ok($kept, '<=', ALL + 100, "the node holds $kept descriptors");
		my $open = grep { my $s = $_; vec(my $r = '', fileno $s, 1) = 1; !select($r, undef, undef, 0) } @idle;
		cmp_ok($open, '<=', ALL, "$open of them are still open");
		cmp_ok($open, '>=', ALL - 100, 'as many as there may be');
		my $last = grep { vec(my $r = '', fileno $_, 1) = 1; !select($r, undef, undef, 0) } @idle[-1000 .. -1];
		is($last, 1000, 'the newest among them');
		my ($came) = Node::talk($busy, '}', 4, sub { $_[0] =~ /\}\s*$/ });
		like($came, qr{^HTTP/1\.1 400 }, 'who was bringing a body is not sent away');
	});
	diag(sprintf '%d idle connections: the node has %.0f MB', scalar @idle, resident());
	close $_ for @idle;
}

# The slow ones.
my $report = '';
my $patience = time + BODY_SECONDS + 15;
while (time < $patience) {
	vec(my $r = '', fileno $tell, 1) = 1;
	next unless select($r, undef, undef, 0.5);
	last unless sysread($tell, $report, 65536, length $report);
}
waitpid($dripper, 0);
my $slow = length $report ? decode_json($report) : {};
for my $name (sort keys %slow) {
	my ($took, $status) = @{$slow->{$name} || []};
	my $head = $name =~ /lines/;
	cmp_ok($took // 999, '<', ($head ? 10 : BODY_SECONDS) + 8, sprintf '%s: over after %.1f s', $name, $took // 999);
	like($status // '', $head ? qr/^(?:408|400|none)$/ : qr/^408$/, "$name is answered $status") if $name !~ /extensions/;
}
for my $name (sort keys %hello) {
	my ($took) = @{$slow->{$name} || []};
	cmp_ok($took // 999, '<', 15, sprintf '%s: over after %.1f s', $name, $took // 999);
}
if ($tls) {
	ok($tls->lives, 'the node with a certificate lives');
	is(($tls->stop)[0], 0, 'and ends well');
}

is($n->size, $size, 'none of it made an act');
is($n->operate('POST', '/api/v1/evidence', '{"digest":"sha256:' . 'ab' x 32 . '"}')->{status}, 201, 'the node works');
is(($n->stop)[0], 0, 'and ends well');
unlike(Node::slurp("$n->{dir}/log"), qr/Sanitizer|runtime error/, 'and nothing was out of bounds');
done_testing;
