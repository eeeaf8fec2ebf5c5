#!/usr/bin/perl
# Malformed, oversized, slow and countless requests against a served node: each is refused as it should be, none makes an
# act, and the node lives on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my $n = Node->new;
diag(sprintf 'start to ready: %.0f ms', 1000 * $n->start);
my $size = $n->size;
my $digest = 'sha256:' . 'ab' x 32;

# One that sends a byte of its head every half second, and one that sends half a head and waits; looked at in the end.
my $slow_begun = time;
pipe(my $tell, my $told) or die $!;
my $dripper = fork;
die 'fork' unless defined $dripper;
if ($dripper == 0) {
	my $s = $n->connect;
	my $came = '';
	for my $byte (split //, 'GET /healthz HTTP/1.1' . "\r\nX: y" x 20) {
		syswrite($s, $byte);
		($came, my $closed) = Node::talk($s, '', 0.5);
		last if $closed || length $came;
	}
	syswrite($told, sprintf "%.1f %s\n", time - $slow_begun, $came =~ m{^HTTP/1\.1 (\d+)} ? $1 : 'none');
	POSIX::_exit(0);
}
close $told;
my $half = $n->connect;
syswrite($half, "GET /healthz HTTP/1.1\r\nHost: a\r\n");

# Bytes as they are: the first answer's status, how many answers, whether the connection was closed behind it.
sub raw {
	my ($bytes, $patience) = @_;
	my ($came, $closed) = Node::talk($n->connect, $bytes, $patience || 4);
	my @all = Node::answers($came);
	return (@all ? $all[0]{status} : 0, scalar @all, $closed, $came);
}

# Refused with that status, once, and nothing is read behind it: a smuggled request is not answered.
sub refused {
	my ($status, $bytes, $what) = @_;
	my ($got, $answers, $closed, $came) = raw($bytes);
	my $good = $got == $status && $answers == 1 && $closed;
	ok($good, "$what: $status and closed") or diag("$got, $answers answers, closed: $closed\n$came");
}
my $smuggled = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
sub get { return "GET /healthz HTTP/1.1\r\n" . join('', map {"$_\r\n"} @_) . "\r\n" }

# The ten of the strictness probe.
refused(400, get('Host: a', 'Content-Length: 3', 'Content-Length: 4') . "abc$smuggled", 'two different Content-Length');
refused(400, get('Host: a', 'Content-Length: 3', 'Transfer-Encoding: chunked') . "0\r\n\r\n$smuggled", 'Content-Length and Transfer-Encoding');
refused(400, get('Host: a', 'Transfer-Encoding: xchunked') . "0\r\n\r\n$smuggled", 'Transfer-Encoding: xchunked');
refused(400, get('Host: a', 'Content-Length: +3') . "abc$smuggled", 'Content-Length: +3');
refused(400, "GET /healthz HTTP/1.1\nHost: a\n\n$smuggled", 'bare LF line ends');
refused(400, get('Host : a') . $smuggled, 'a space before the colon');
refused(400, get('Accept: */*') . $smuggled, 'no Host');
refused(400, get('Host: a', 'Host: b') . $smuggled, 'two Host');
refused(400, get('Host: a', 'X: y', ' folded: z') . $smuggled, 'obs-fold');
refused(400, get('Host: a', "X: y\0z") . $smuggled, 'NUL in a header value');

# More of their kind.
my @more = (
	[400, get('Host: a', 'Content-Length: 3', 'Content-Length: 3') . 'abc', 'the same Content-Length twice'],
	[400, get('Host: a', 'Content-Length: 3, 3') . 'abc', 'Content-Length: 3, 3'],
	[400, get('Host: a', 'Content-Length: -1'), 'Content-Length: -1'],
	[400, get('Host: a', 'Content-Length: 0x3') . 'abc', 'Content-Length: 0x3'],
	[400, get('Host: a', 'Content-Length: 18446744073709551617') . 'a', 'a Content-Length beyond 64 bits'],
	[400, get('Host: a', 'Content-Length:') . 'abc', 'an empty Content-Length'],
	[400, get('Host: a', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') . "0\r\n\r\n", 'Transfer-Encoding twice'],
	[400, get('Host: a', 'Transfer-Encoding: chunked, identity') . "0\r\n\r\n", 'chunked not at the end'],
	[400, get('Host: a', "Transfer-Encoding: \x0bchunked") . "0\r\n\r\n", 'a vertical tab before chunked'],
	[501, get('Host: a', 'Transfer-Encoding: gzip, chunked') . "0\r\n\r\n", 'a coding that is not offered'],
	[400, "GET /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 'chunked in HTTP/1.0'],
	[400, get('Host: a', 'Transfer-Encoding: chunked') . "3\nabc\r\n0\r\n\r\n", 'a chunk size that ends in LF'],
	[400, get('Host: a', 'Transfer-Encoding: chunked') . "fffffffffffffffff\r\n", 'a chunk size beyond 64 bits'],
	[400, get('Host: a', 'Transfer-Encoding: chunked') . "0x3\r\nabc\r\n0\r\n\r\n", 'a chunk size of 0x3'],
	[400, get('Host: a', 'Transfer-Encoding: chunked') . "3\r\nabcd\r\n0\r\n\r\n", 'a chunk longer than its size'],
	[400, get('Host: a', 'Transfer-Encoding: chunked') . "-1\r\n", 'a negative chunk size'],
	[413, get('Host: a', 'Transfer-Encoding: chunked') . "7fffffff\r\n" . 'x' x 1100000, 'a chunk of 2 GiB'],
	[400, get('Host: a', "X: y\rz"), 'a bare CR in a header value'],
	[400, get('Host: a', ': y'), 'a header without a name'],
	[400, get('Host: a', 'no colon'), 'a header without a colon'],
	[400, get('Host: a', "X\x{e9}: y"), 'a header name that is no token'],
	[400, get('Host: a b'), 'a Host with a space'],
	[400, get('Host:'), 'an empty Host'],
	[400, "GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 'two spaces in the request line'],
	[400, "GET /healthz\r\nHost: a\r\n\r\n", 'no version'],
	[400, "GET /healthz HTTP/1.1 x\r\nHost: a\r\n\r\n", 'words behind the version'],
	[400, "GET /heal\x{e9}thz HTTP/1.1\r\nHost: a\r\n\r\n", 'a raw byte in the target'],
	[400, "GET healthz HTTP/1.1\r\nHost: a\r\n\r\n", 'a target without slash'],
	[400, "GET ftp://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n", 'a target of another scheme'],
	[400, "GE(T /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 'a method that is no token'],
	[505, "GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 'HTTP/2.0'],
	[505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 'the preface of HTTP/2'],
	[400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 'a TLS hello'],
	[417, get('Host: a', 'Expect: 200-ok'), 'an unknown expectation'],
	[400, "GET /healthz%00 HTTP/1.1\r\nHost: a\r\n\r\n", '%00 in the path'],
	[400, "GET /log%2fcheckpoint HTTP/1.1\r\nHost: a\r\n\r\n", '%2f in the path'],
	[400, "GET /log%5Ccheckpoint HTTP/1.1\r\nHost: a\r\n\r\n", '%5C in the path'],
	[400, "GET /log/..%2fhealthz HTTP/1.1\r\nHost: a\r\n\r\n", '..%2f in the path'],
	[400, "GET /log/%2e%2e/healthz HTTP/1.1\r\nHost: a\r\n\r\n", 'encoded dots in the path'],
	[400, "GET /log/../healthz HTTP/1.1\r\nHost: a\r\n\r\n", 'a dot segment'],
	[400, "GET /healthz%0d%0aX:y HTTP/1.1\r\nHost: a\r\n\r\n", 'an encoded line end'],
	[400, "GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n", 'an overlong slash'],
	[400, "GET /healthz%4 HTTP/1.1\r\nHost: a\r\n\r\n", 'half an escape'],
);
refused(@$_) for @more;
my $problem = (Node::answers((raw(get('Accept: */*')))[3]))[0];
like($problem->{head}, qr{^Content-Type: application/problem\+json\r$}mi, 'a refusal is a problem document');
is(decode_json($problem->{body})->{type}, 'urn:shugu:problem:malformed', 'which says which');

# Limits at n and n + 1.
sub head_of_size {
	my ($bytes) = @_;
	my $start = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ";
	return $start . 'x' x ($bytes - length($start) - 4) . "\r\n\r\n";
}
is((raw(head_of_size(16384)))[0], 200, 'a head of 16 KiB is read');
refused(431, head_of_size(16385), 'a head of 16 KiB and a byte');
refused(414, 'GET /' . 'x' x 20000, 'a request line of 20,000 bytes');
is((raw(get('Host: a', 'Connection: close', map {"X-$_: y"} 1 .. 62)))[0], 200, '64 header fields are read');
refused(431, get('Host: a', map {"X-$_: y"} 1 .. 64), '65 header fields');
my $limit = 1 << 20;
sub padded { return '{}' . ' ' x ($_[0] - 2) }
is($n->operate('POST', '/api/v1/evidence', padded($limit))->{body} =~ /missing-member/, 1, 'a body of 1 MiB is read');
is($n->operate('POST', '/api/v1/evidence', padded($limit + 1))->{status}, 413, 'a body of 1 MiB and a byte is not');
my %auth = (Authorization => "Bearer $n->{token}", 'Content-Type' => 'application/json');
sub in_chunks {
	my ($bytes) = @_;
	my $text = padded($bytes);
	my $chunks = join '', map { sprintf "%x\r\n%s\r\n", length, $_ } unpack '(a65536)*', $text;
	return Node::head_of('POST', '/api/v1/evidence', undef, %auth, Connection => 'close', 'Transfer-Encoding' => 'chunked') . "${chunks}0\r\n\r\n";
}
is((raw(in_chunks($limit)))[0], 400, 'a chunked body of 1 MiB is read');
is((raw(in_chunks($limit + 1)))[0], 413, 'a chunked body of 1 MiB and a byte is not');
is((raw(Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Content-Length' => '1000000000000000')))[0], 413, 'a body that is announced too large is refused before it comes');

# Documents that are no JSON, or not what is asked.
sub post { return $n->operate('POST', '/api/v1/evidence', @_) }
my $deep = sub { '{"digest":' . '[' x $_[0] . ']' x $_[0] . '}' };
my @bodies = (
	['', 'malformed', 'nothing'], ['{', 'malformed', 'half a document'], ['[]', 'malformed', 'an array'],
	['"x"', 'malformed', 'a text'], ["{}\0", 'malformed', 'a NUL behind it'], ["{\"digest\":\"a\0b\"}", 'malformed', 'a NUL in a text'],
	["\x{ef}\x{bb}\x{bf}{}", 'malformed', 'a byte order mark'], ['{}{}', 'malformed', 'two documents'],
	['{"digest":"a","digest":"b"}', 'malformed', 'a member twice'], ['{"digest":"a","dig\u0065st":"b"}', 'malformed', 'a member twice, once escaped'],
	["{\"digest\":\"\xff\xfe\"}", 'malformed', 'invalid UTF-8'], ["{\"digest\":\"\xed\xa0\x80\"}", 'malformed', 'a surrogate in UTF-8'],
	['{"digest":"\ud800"}', 'malformed', 'a lone surrogate'], ["{\"digest\":\"\xc0\x80\"}", 'malformed', 'an overlong NUL'],
	[$deep->(31), 'bad-value', 'a depth of 32'], [$deep->(32), 'malformed', 'a depth of 33'], ['[' x 500000, 'malformed', 'half a million brackets'],
	['{"digest":1e999}', 'bad-value', 'a number without end'], ['{"digest":' . '9' x 100000 . '}', 'bad-value', 'a number of 100,000 digits'],
	['{"digest":01}', 'malformed', 'a number with a leading zero'], ['{"digest":NaN}', 'malformed', 'NaN'], ['{"digest":1,}', 'malformed', 'a comma too many'],
	["{'digest':'a'}", 'malformed', 'other quotes'], ['{"digest":"a"/**/}', 'malformed', 'a comment'],
	['{"digest":null}', 'bad-value', 'null'], ['{}', 'missing-member', 'nothing in it'], ["{\"digest\":\"$digest\",\"x\":1}", 'unknown-member', 'an unknown member'],
	['{"digest":"md5:00"}', 'bad-value', 'another digest'], ['{"digest":"' . 'a' x 81 . '"}', 'bad-value', 'a text too long'],
	["{\"digest\":\"$digest\",\"subject\":\"a\\u0000b\"}", undef, 'an escaped NUL'],
	["{\"digest\":\"$digest\",\"subject\":\"" . 'x' x 201 . '"}', 'bad-value', 'a subject too long'],
	['[' . '1,' x 70000 . '1]', undef, '70,000 values'],
);
for my $body (@bodies) {
	my ($text, $slug, $what) = @$body;
	my $answer = post($text);
	my $good = defined $slug ? $answer->{body} =~ /"urn:shugu:problem:$slug"/ : $answer->{status} =~ /^4/;
	ok($good && $answer->{status} =~ /^4/, "$what: " . ($slug || 'refused')) or diag("$answer->{status} $answer->{body}");
}
for my $type ('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', '') {
	is(post("{\"digest\":\"$digest\"}", 'Content-Type' => $type)->{status}, 415, "media type '$type'");
}

# Addresses and methods.
my $nothing = $n->ask('GET', '/nothing/here');
is($nothing->{status}, 404, 'an unknown address is not found');
is(decode_json($nothing->{body})->{type}, 'urn:shugu:problem:not-found', 'with a problem document');
is($n->ask('GET', $_)->{status}, 404, "$_ is not found") for '/healthz/', '//healthz', '/HEALTHZ', '/log', '/log/tile/', '/node.json', '/keys/log.key', '/%25', '/' . 'a' x 3000;
for my $case (['PUT', '/api/v1/evidence', 'POST'], ['DELETE', '/healthz', 'GET'], ['POST', '/log/checkpoint', 'GET'], ['TRACE', '/healthz', 'GET'], ['get', '/healthz', 'GET'], ['HEAD', '/api/v1/evidence', 'POST']) {
	my ($method, $target, $allow) = @$case;
	my $answer = $n->ask($method, $target, $method =~ /^(PUT|POST)$/ ? '{}' : undef);
	is($answer->{status}, 405, "$method $target is not allowed");
	like($answer->{head}, qr/^Allow:[^\r]*\b$allow\b/mi, "but $allow is");
}
for my $target ('/healthz', '/log/checkpoint', '/log/tile/0/000.p/1', '/.well-known/did.json', '/api/v1/openapi.json') {
	my $got = $n->ask('GET', $target);
	my (undef, undef, undef, $came) = raw(Node::head_of('HEAD', $target, undef, Connection => 'close'));
	my ($length) = $came =~ /^Content-Length: (\d+)/mi;
	is($came =~ m{^HTTP/1\.1 200 .*\r\n\r\n\z}s ? $length : $came, length $got->{body}, "HEAD $target has the length and no body");
}

# Many at once.
my $last = Node::head_of('GET', '/nothing', undef, Connection => 'close');
my @piped = Node::answers((raw(join('', map { Node::head_of('GET', "/log/tile/0/$_") } 1 .. 500) . $last, 15))[3]);
is(scalar @piped, 501, '500 requests in one stream are answered');
is($piped[-1]{body} =~ m{at /nothing"}, 1, 'the last one last');
my $mixed = join '', map { $_ % 2 ? Node::head_of('GET', '/healthz') : Node::head_of('POST', '/api/v1/evidence', '{}') } 1 .. 64;
is(join(' ', map { $_->{status} } Node::answers((raw($mixed . $last, 15))[3])), join(' ', (200, 401) x 32, 404), 'of 64 mixed requests each gets its own answer');
my $byte_by_byte = $n->connect;
for my $byte (split //, Node::head_of('GET', '/healthz', undef, Connection => 'close')) {
	syswrite($byte_by_byte, $byte);
	sleep 0.0005;
}
is((Node::answers((Node::talk($byte_by_byte, '', 3))[0]))[0]{status}, 200, 'a request byte by byte is understood');
close $byte_by_byte;
for (1 .. 200) {
	my $s = $n->connect or last;
	syswrite($s, Node::head_of('POST', '/api/v1/evidence', undef, %auth, 'Content-Length' => 100000) . '{"digest":');
	close $s;
}
is($n->size, $size, '200 clients that went away amid their bodies made nothing');

# One peer has 256 connections; two of them are the slow ones.
my @crowd;
for (1 .. 254) {
	my $s = $n->connect or last;
	push @crowd, $s;
}
my $answered = grep { (Node::answers((Node::talk($_, Node::head_of('GET', '/healthz'), 5, sub { $_[0] =~ /\}$/ }))[0]))[0] } @crowd;
is($answered, 254, 'a peer has its 256 connections');
my $one_more = $n->connect;
is((Node::talk($one_more, Node::head_of('GET', '/healthz'), 3))[1], 1, 'one more is closed');
is($n->ask('GET', '/healthz', undef, unix => 1)->{status}, 200, 'the control socket is not concerned');
close $_ for splice @crowd, 0, 20;
sleep 0.1;
is($n->ask('GET', '/healthz')->{status}, 200, 'when some have gone, others come in');
close $_ for @crowd;

# The slow ones.
my ($said, $closed) = Node::talk($half, '', 14);
is($said =~ m{^HTTP/1\.1 (\d+)} && $1, 408, 'half a head is refused');
my $came = '';
vec(my $wait = '', fileno $tell, 1) = 1;
sysread($tell, $came, 100) if select($wait, undef, undef, 15);
my ($seconds, $status) = split ' ', $came . ' - -';
is($status, 408, 'so is a head that drips');
cmp_ok($seconds, '<', 14, "after $seconds s");
waitpid($dripper, 0);

is($n->size, $size, 'none of it made an act');
ok($n->lives, 'the node lives');
is(post("{\"digest\":\"$digest\"}")->{status}, 201, 'and works');
is(($n->stop)[0], 0, 'and ends well');
my $log = Node::slurp("$n->{dir}/log");
my ($key) = Node::slurp("$n->{data}/keys/log.key") =~ /^(\S+)/;
unlike($log, qr/\Q$n->{token}\E|\Q$key\E/, 'no secret is in its log');
unlike($log, qr/Sanitizer|runtime error|fault=/, 'and no fault') or diag($log);
done_testing();
