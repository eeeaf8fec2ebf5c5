#!/usr/bin/perl
# The bytes of a delivery under attack: wrong tokens, odd ranges, an end in the middle; and a seller that sends others than
# it signed, too few, too many, without end, or sends the buyer elsewhere. What is not as signed is never kept as good.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my ($s, $b) = map { between($_) } qw(Seller Buyer);
befriend($s, $b);
my $small = "station,rain\n1,2\n";
my $large = join '', map { chr(65 + $_) x 262144 } 0 .. 3;
for my $product (['small', $small, 'open'], ['large', $large . 'end', 'open'], ['empty', '', 'open']) {
	open(my $f, '>', "$s->{dir}/$product->[0]") or die;
	print $f $product->[1];
	close $f;
	is(($s->cli('publish', "$s->{dir}/$product->[0]", '--name', $product->[0], '--net', 1000, '--terms', $product->[2]))[0], 0, "$product->[0] is published");
}

sub order { return (api($b, 'POST', '/orders', {party => $s->{did}, product => $_[0], deliver => JSON::PP::true}))[1]{delivery} }
sub delivery { return (api($_[0], 'GET', '/deliveries/' . segment($_[1])))[1] }
sub comes {
	my ($n, $id, $state) = @_;
	relay(sub { (delivery($n, $id)->{state} // '') =~ /^(?:$state)$/ });
	return delivery($n, $id)->{state} // 'none';
}
sub request { return $s->ask('GET', $_[0]{target}, undef, Authorization => "Bearer $_[1]", @_[2 .. $#_]) }
sub problem { return $_[0]{body} =~ m{"type":"urn:shugu:problem:[a-z-]+"} && $_[0]{body} =~ /"detail":"[^"]/ }

# Tokens and ranges, while the buyer's own request is held back.
my $old = order('small');
my $before = catch($s, qr{^/data/});
is(forward($before)->{status}, 200, 'a first delivery');
is(comes($s, $old, 'COMPLETED'), 'COMPLETED', 'is complete');
my $id = order('large');
my $held = catch($s, qr{^/data/});
ok($held, 'the request for the data of another is caught');
$held->{target} =~ s{/tile/.*}{};
my ($size, $token) = (length($large) + 3, $held->{token});
my $log = $s->size;
for my $bad (['no token', {}], ['the token of another delivery', $before->{token}], ['half a token', substr $token, 0, 20], ['a session', session($b, $s)],
	['a longer token', "${token}A"], ['the operator', $s->{token}], ['its digest', Digest::SHA::sha256_hex($token)], ['nothing', '']) {
	my $answer = ref $bad->[1] ? $s->ask('GET', $held->{target}) : request($held, $bad->[1]);
	is($answer->{status}, 401, "$bad->[0] opens nothing");
	unlike($answer->{body}, qr/AAAA/, 'no byte leaves');
}
for my $bad ([$before->{target}, $before->{token}, 410], [$before->{target}, $token, 401], ["$held->{target}x", $token, 401], ["$held->{target}/tile/entries/000", $token, 404],
	["$held->{target}/tile/0/001", $token, 416], ["$held->{target}/tile/0/000.p/9", $token, 416], ["$held->{target}/tile/64/000", $token, 404], ["$held->{target}/../x", $token, 400]) {
	my $answer = $s->ask('GET', $bad->[0], undef, Authorization => "Bearer $bad->[1]");
	is($answer->{status}, $bad->[2], "$bad->[0]: $bad->[2]") or diag $answer->{body};
	ok(problem($answer), 'and why');
}
for my $range (['bytes=0-0', 206, 1], ['bytes=' . ($size - 1) . '-', 206, 1], ["bytes=$size-", 416, 0], ['bytes=' . ($size - 1) . "-$size", 206, 1],
	['bytes=' . ($size + 1) . '-', 416, 0], ['bytes=0-' . '9' x 18, 206, $size], ['bytes=' . '9' x 18 . '-', 416, 0], ['bytes=' . '9' x 30 . '-', 200, $size], ['bytes=-1', 206, 1], ['bytes=-0', 416, 0],
	['bytes=-' . '9' x 18, 206, $size], ['bytes=5-4', 200, $size], ['bytes=0-1,0-1', 200, $size], ['bytes=' . join(',', map { "0-$_" } 1 .. 400), 200, $size],
	['bytes=a-b', 200, $size], ['bytes=--1', 200, $size], ['chunks=0-1', 200, $size], ['bytes=0x0-1', 200, $size]) {
	my $answer = request($held, $token, Range => $range->[0]);
	my $length = $answer->{status} == 416 ? 0 : length $answer->{body};
	is("$answer->{status} $length", "$range->[1] $range->[2]", 'Range ' . substr $range->[0], 0, 40);
}
is($s->size, $log, 'none of it is an act');

# An end while it flows, and what the token is worth then.
my ($status) = api($s, 'POST', '/deliveries/' . segment($id) . '/suspend', {reason => 'a moment'});
is($status, 200, 'the seller suspends');
is(request($held, $token)->{status}, 400, 'nothing leaves while it is suspended');
is(comes($b, $id, 'SUSPENDED'), 'SUSPENDED', 'the buyer knows');
api($s, 'POST', '/deliveries/' . segment($id) . '/resume', {});
drop($held);
is(comes($b, $id, 'COMPLETED'), 'COMPLETED', 'resumed it comes to its end');
is(comes($s, $id, 'COMPLETED'), 'COMPLETED', 'on both sides');
is(request($held, $token)->{status}, 410, 'then the token opens nothing');
$id = order('small');
$held = catch($s, qr{^/data/});
my $agreement = delivery($b, $id)->{agreement};
is(($s->cli('terminate', $agreement, '--reason', 'over'))[0], 0, 'an agreement is ended');
is(request($held, $held->{token})->{status}, 410, 'and the data with it');
drop($held);
is(comes($b, $id, 'TERMINATED'), 'TERMINATED', 'the delivery too');

# What a seller may send. Answers the requests for data of one delivery until it has ended.
sub send_badly {
	my ($what, $product, $answer, $seconds) = @_;
	my $id = order($product);
	my $so = sub { (delivery($b, $id)->{state} // '') =~ /COMPLETED|TERMINATED/ };
	while (my $caught = catch($s, qr{^/data/}, until => $so, seconds => $seconds || 12)) { $answer->($caught) }
	relay(sub { (delivery($s, $id)->{state} // '') =~ /COMPLETED|TERMINATED/ }, 5) if $so->();
	return map { delivery($_, $id) } $b, $s;
}
sub bytes { my ($caught, $bytes, %f) = @_; return give($caught, 200, $bytes, 'Content-Type' => 'application/octet-stream', %f) }
sub blob_of { my ($d) = @_; return "$b->{data}/$d->{object}" }
sub kept { return scalar grep { -f } glob "$b->{data}/blobs/??/*" }
sub clear { unlink glob("$b->{data}/blobs/??/*"); return }

for my $case (['other bytes', 'small', sub { bytes($_[0], $small =~ s/1/7/r) }], ['too few', 'small', sub { bytes($_[0], substr $small, 0, 9) }],
	['too many', 'small', sub { bytes($_[0], $small . 'x') }], ['far too many', 'small', sub { bytes($_[0], 'x' x 600000) }], ['nothing', 'small', sub { bytes($_[0], '') }],
	['something', 'empty', sub { bytes($_[0], 'x') }]) {
	clear();
	my ($at_b, $at_s) = send_badly(@$case);
	is("$at_b->{state} $at_b->{result} $at_s->{state} $at_s->{result}", 'TERMINATED refused TERMINATED refused', "$case->[0] of $case->[1]: refused on both sides");
	is(kept(), 0, 'and not kept');
}

# A large object: leaves and bytes come by requests of their own.
sub large {
	my ($caught, $change) = @_;
	my $head = $caught->{head} =~ s/\r\nconnection:[^\r\n]*//gir;
	my ($came) = Node::talk($s->connect, "$head\r\nConnection: close\r\n\r\n", 20);
	my ($top, $body) = split /\r\n\r\n/, $came, 2;
	my ($first) = $top =~ /^Content-Range: bytes (\d+)-/mi;
	$body = $change->($body, $first // 0, $caught->{target});
	$top =~ s/^Content-Length: \d+/'Content-Length: ' . length $body/mie;
	Node::talk($caught->{socket}, "$top\r\n\r\n$body", 3, sub {1});
	close delete $caught->{socket};
	return;
}
clear();
my ($at_b, $at_s) = send_badly('a bad chunk', 'large', sub { large($_[0], sub { my ($body, $first, $target) = @_;
	my $at = 2 * 262144 + 5 - $first;
	substr($body, $at, 1) = 'z' if $target !~ /tile/ && $at >= 0 && $at < length $body;
	return $body }) });
is("$at_b->{state} $at_b->{result} $at_s->{state} $at_s->{result}", 'TERMINATED refused TERMINATED refused', 'a bad chunk of a large object: refused on both sides');
is(kept(), 0, 'and not kept');
my (undef, $said) = api($s, 'GET', '/invoices');
my ($invoice) = grep { $_->{delivery} eq $at_b->{delivery} } @{$said->{invoices}};
is($invoice->{due}{net}, 500, 'what was good before it is what is due') or diag $json->encode($invoice);
clear();
unlink glob "$b->{data}/blobs/tmp/*";
($at_b) = send_badly('bad leaves', 'large', sub { large($_[0], sub { my ($body, $first, $target) = @_;
	substr($body, 3, 1) ^= "\1" if $target =~ /tile/ && length $body;
	return $body }) });
unlike("$at_b->{state} " . ($at_b->{result} // ''), qr/COMPLETED|complete/, 'leaves that are not of the root complete nothing');
is(kept(), 0, 'and nothing is kept');
$b->operate('POST', '/api/v1/deliveries/' . segment($at_b->{delivery}) . '/terminate', '{"reason":"enough"}');

# A seller that signs another SHA-256 of the whole than the bytes have, though the root is theirs.
for my $name ('small', 'large') {
	my (undef, $honest) = api($s, 'GET', "/products/$name");
	my %object = (map({ $_ => $honest->{object}{$_} } qw(root size)), sha256 => 'ab' x 32);
	my ($status) = api($s, 'POST', '/products', {name => "$name, misnamed", preset => 'open', net => 1000, %object});
	is($status, 201, "$name is offered under another digest");
	clear();
	unlink glob "$b->{data}/blobs/tmp/*";
	my $id = order("$name, misnamed");
	like(comes($b, $id, 'TERMINATED|COMPLETED'), qr/TERMINATED/, 'what is not what was signed is refused');
	is(delivery($b, $id)->{result}, 'refused', 'and said so');
	is(kept(), 0, 'and not kept');
}

# Elsewhere, and without end: nobody is called there, and the buyer can always end it.
my $elsewhere = IO::Socket::INET->new(Listen => 4, LocalAddr => '127.0.0.1') or die;
my $called = 0;
for my $case (['a redirect', sub { give($_[0], 302, '', Location => 'http://127.0.0.1:' . $elsewhere->sockport . '/x') }],
	['a drip without end', sub { my $c = $_[0];
		Node::talk($c->{socket}, "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nsta", 0.2, sub {1});
		push @main::open, delete $c->{socket} }],
	['a cut', sub { Node::talk($_[0]{socket}, "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nsta", 0.2, sub {1}); drop($_[0]) }]) {
	clear();
	($at_b) = send_badly($case->[0], 'small', $case->[1], 1.5);
	is($at_b->{state}, 'STARTED', "$case->[0]: nothing has come");
	is(kept(), 0, 'and nothing is kept');
	my ($ended) = api($b, 'POST', '/deliveries/' . segment($at_b->{delivery}) . '/terminate', {reason => 'enough'});
	is($ended, 200, 'the buyer ends it');
	is(comes($s, $at_b->{delivery}, 'TERMINATED'), 'TERMINATED', 'and the seller knows');
	is((IO::Select->new($elsewhere)->can_read(0) ? 1 : 0), 0, 'nobody called elsewhere');
}
clear();
$id = order('small');
is(comes($b, $id, 'COMPLETED'), 'COMPLETED', 'a good delivery is still taken');
is(Node::slurp(blob_of(delivery($b, $id))), $small, 'byte for byte');

$_->stop for $s, $b;
for my $n ($s, $b) {
	is(($n->cli('replay'))[0], 0, 'the log folds to the state that is stored');
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
	unlike(Node::slurp("$n->{dir}/log"), qr/fault|Sanitizer|runtime error/, 'it had no fault');
}
done_testing();
