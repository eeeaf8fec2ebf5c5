#!/usr/bin/perl
# What a plain connector gives: a scripted provider of the Dataspace Protocol that is no node, from its catalogue to the bytes.
# They are kept with the digest that this node alone found; what is refused, breaks off or is too much is said.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA 'sha256_hex';
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP;
use Node qw(api segment);
use POSIX ();
use Test::More;
use Time::HiRes 'sleep';

my $json = JSON::PP->new->utf8->canonical;
my $b = Node->new(reachable => 1, name => 'Buyer');
my $listener = IO::Socket::INET->new(Listen => 32, LocalAddr => '127.0.0.1') or die;
my $root = 'http://localhost:' . $listener->sockport;
my $base = "$root/dsp";
my $bearer = 'b' x 48;
my $bytes = join '', map { "row $_\n" } 1 .. 60_000;
my $context = ['https://w3id.org/dspace/2025/1/context.jsonld'];

sub file { return "$b->{dir}/$_[0]" }
sub put { my ($name, $text) = @_; open(my $f, '>', file($name)) or die; print $f $text; close $f; return }
sub count { my ($name) = @_; my $n = (Node::slurp(file($name)) || 0) + 1; put($name, $n); return $n }
sub message { my ($type, %rest) = @_; return {'@context' => $context, '@type' => $type, %rest} }

sub post {
	my ($url, $body) = @_;
	return HTTP::Tiny->new(timeout => 5, proxy => undef)->post($url, {content => $json->encode($body),
		headers => {'Content-Type' => 'application/json', Authorization => "Bearer $bearer"}})->{status};
}

sub dataset {
	my ($id) = @_;
	return {'@id' => $id, '@type' => 'Dataset', 'dct:title' => $id, hasPolicy => [{'@id' => "offer-$id", '@type' => 'Offer', permission => [{action => 'use'}]}],
		distribution => [{'@type' => 'Distribution', format => 'HttpData-PULL', accessService => 'service'}]};
}

# Of each kind of data: where it is said to lie.
my @kinds = qw(good broken gone private nowhere away);
sub address {
	my ($kind) = @_;
	my %a = ('@type' => 'DataAddress', endpointType => 'https://w3id.org/idsa/v4.1/HTTP', endpoint => "$root/data/$kind",
		endpointProperties => [map { {'@type' => 'EndpointProperty', name => $_->[0], value => $_->[1]} } ['authorization', "open-$kind"], ['authType', 'bearer']]);
	$a{endpoint} = 'https://10.0.0.1/data' if $kind eq 'private';
	delete $a{endpoint} if $kind eq 'nowhere';
	return \%a;
}

my %state;
sub answer {
	my ($target, $in, $head) = @_;
	my ($c, $p) = ($in->{consumerPid}, $in->{providerPid});
	return (200, message('Catalog', '@id' => 'c', participantId => 'plain', service => [{'@id' => 'service', '@type' => 'DataService', endpointURL => $base}],
		dataset => [map { dataset($_) } @kinds])) if $target eq '/dsp/catalog/request';
	if ($target eq '/dsp/negotiations/request') {
		my ($pid, $kind) = ('n-' . count('negotiations'), $in->{offer}{target});
		$state{"agreed-$pid"} = $kind;
		return (201, message('ContractNegotiation', consumerPid => $c, providerPid => $pid, state => 'REQUESTED'), sub {
			post("$in->{callbackAddress}/negotiations/$c/agreement", message('ContractAgreementMessage', consumerPid => $c, providerPid => $pid,
				agreement => {'@id' => "agreed-$pid", '@type' => 'Agreement', target => $kind, assigner => 'plain', assignee => 'us',
					timestamp => '2026-01-01T00:00:00Z', permission => [{action => 'use'}]}));
			$state{$pid} = $in->{callbackAddress};
		});
	}
	return (200, {}, sub { post("$state{$p}/negotiations/$c/events", message('ContractNegotiationEventMessage', consumerPid => $c, providerPid => $p, eventType => 'FINALIZED')) })
		if $target =~ m{^/dsp/negotiations/.*/verification$};
	if ($target eq '/dsp/transfers/request') {
		my ($pid, $kind) = ('t-' . count('transfers'), $state{$in->{agreementId}});
		return (201, message('TransferProcess', consumerPid => $c, providerPid => $pid, state => 'REQUESTED'), sub {
			post("$in->{callbackAddress}/transfers/$c/start", message('TransferStartMessage', consumerPid => $c, providerPid => $pid, dataAddress => address($kind)));
		});
	}
	count('completed') if $target =~ m{/completion$};
	return (200, {});
}

# The data: only with what opens it. `broken` breaks off twice, `away` sends elsewhere.
sub data {
	my ($c, $kind, $head) = @_;
	count("asked-$kind");
	my $may = $head =~ /^authorization: Bearer open-\Q$kind\E\r$/mi;
	if (!$may || $kind eq 'gone') {
		print $c "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	} elsif ($kind eq 'away') {
		print $c "HTTP/1.1 302 Found\r\nLocation: $root/data/good\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	} else {
		my $part = $kind eq 'broken' && Node::slurp(file('asked-broken')) < 3 ? substr($bytes, 0, 100_000) : $bytes;
		print $c "HTTP/1.1 200 OK\r\nContent-Length: ", length $bytes, "\r\nConnection: close\r\n\r\n$part";
	}
	return;
}

sub serve {
	while (my $c = $listener->accept) {
		my ($line, $head, $n) = (<$c> // next, '', 0);
		while (my $h = <$c>) { last if $h =~ /^\r?\n$/; $head .= $h; $n = $1 if $h =~ /^content-length:\s*(\d+)/i }
		read($c, my $body, $n) if $n;
		my $target = (split ' ', $line)[1];
		if ($target =~ m{^/data/(\w+)}) { data($c, $1, $head); close $c; next }
		my ($status, $said, $then) = answer($target, $n ? $json->decode($body) : {}, $head);
		my $text = $json->encode($said);
		print $c "HTTP/1.1 $status OK\r\nContent-Type: application/json\r\nContent-Length: ", length $text, "\r\nConnection: close\r\n\r\n$text";
		close $c;
		$then->() if $then;
	}
	return;
}

# The connector: one request a connection; what follows from it is posted when it has been answered.
my $pid = fork // die;
if ($pid == 0) { serve(); POSIX::_exit(0) }
END { my $status = $?; if ($pid) { kill 'KILL', $pid; waitpid $pid, 0 } $? = $status }

put('bearer', $bearer);
chmod 0600, file('bearer');
$b->start;
is(($b->cli('party', 'add-bearer', 'plain', '--did', 'plain', '--url', $base, '--token-file', file('bearer')))[0], 0, 'a plain connector is registered');

my ($code, $out, $err) = $b->cli('get', 'plain', 'good', '-o', file('good.out'));
is($code, 0, 'its data is fetched') or diag $err;
like($out, qr/^received by us alone: .* signed nothing/m, 'and it is said that nobody else says so');
like($out, qr/sha256 @{[sha256_hex($bytes)]}/, 'with the digest of what came');
ok(Node::slurp(file('good.out')) eq $bytes, 'which is what was sent');
my ($d) = @{(api($b, 'GET', '/deliveries'))[1]{deliveries}};
is($d->{state}, 'COMPLETED', 'the transfer is complete');
is($d->{proof}, 'none', 'without a proof');
is($d->{size}, length $bytes, 'its size');
ok(!exists $d->{dataAddress}, 'what opened it is forgotten');
is(Node::await(sub { Node::slurp(file('completed')) }, sub { $_[0] }), 1, 'the connector is told that it is complete');
is((api($b, 'POST', '/deliveries/' . segment($d->{delivery}) . '/draw'))[0], 400, 'it is not fetched twice');
is_deeply((api($b, 'GET', '/invoices'))[1]{invoices}, [], 'no invoice is made of it');
my ($drawn) = grep { $_->{type} eq 'delivery.draw' } @{(api($b, 'GET', '/acts?subject=' . segment($d->{delivery})))[1]{acts}};
is($drawn->{body}{object}{sha256}, sha256_hex($bytes), 'the log holds the digest');

($code, $out, $err) = $b->cli('get', 'plain', 'broken', '-o', file('broken.out'));
is($code, 0, 'what breaks off begins anew') or diag $err;
ok(Node::slurp(file('broken.out')) eq $bytes, 'and comes whole');

for my $row (['gone', qr/refused \(404\)/], ['private', qr/may not be called|not public|private/], ['away', qr/refused \(302\)/]) {
	($code, undef, $err) = $b->cli('get', 'plain', $row->[0], '-o', file('none.out'));
	isnt($code, 0, "$row->[0]: nothing is fetched");
	like($err, $row->[1], 'and why');
	ok(!-e file('none.out'), 'no file is made');
}
is(Node::slurp(file('asked-gone')), 1, 'a no is not asked again');
is(Node::slurp(file('asked-good')), 1, 'and no redirect is followed');

# Who is killed in the middle goes on; a start without an address can only be ended.
my ($nowhere) = ($b->cli('get', 'plain', 'nowhere', '--no-wait'))[1] =~ /delivery (\S+)/;
Node::await(sub { (api($b, 'GET', '/deliveries/' . segment($nowhere)))[1] }, sub { ($_[0]{state} // '') eq 'STARTED' });
is((api($b, 'POST', '/deliveries/' . segment($nowhere) . '/draw'))[0], 400, 'without an address there is nothing to fetch');

# More than may come, by the child itself: n, and n + 1.
sub child {
	my ($most) = @_;
	my $told = $json->encode({url => "$root/data/good", token => 'open-good', blobs => "$b->{data}/blobs", most => $most, loopback => JSON::PP::true});
	open(my $in, '>', file('told')) or die;
	print $in "$told\n";
	close $in;
	return scalar qx($Node::shugu draw < @{[file('told')]} 2>/dev/null);
}
like(child(length $bytes), qr/^kept [0-9a-f]{64} @{[sha256_hex($bytes)]} @{[length $bytes]}$/m, 'as much as may come is kept');
like(child(length($bytes) - 1), qr/^no 200 it is larger/m, 'one byte more is not');
is_deeply([glob "$b->{data}/blobs/tmp/*"], [], 'and nothing of it stays');
$b->stop;
is(($b->cli('replay'))[0], 0, 'the log folds to the same state');
done_testing();
