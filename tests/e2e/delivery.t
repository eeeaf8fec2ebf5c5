#!/usr/bin/perl
# From an order to the object in the buyer's directory: small, empty and large objects; what the terms refuse; suspension,
# termination, restarts in the middle; what strangers and wrong tokens get.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA;
use JSON::PP;
use Node qw(api await did segment);
use Test::More;
use Time::HiRes qw(sleep time);

my $s = Node->new(reachable => 1, name => 'Seller');
my $b = Node->new(reachable => 1, name => 'Buyer');
my $json = JSON::PP->new->utf8->canonical;

sub delivery { return (api($_[0], 'GET', '/deliveries/' . segment($_[1])))[1] }

sub in_state {
	my ($n, $id, $state) = @_;
	return await(sub { delivery($n, $id) }, sub { ($_[0]{state} // '') =~ /^(?:$state)$/ });
}

sub publish {
	my ($name, $bytes, @more) = @_;
	open(my $f, '>', "$s->{dir}/$name.bin") or die;
	print $f $bytes;
	close $f;
	my ($code, undef, $err) = $s->cli('publish', "$s->{dir}/$name.bin", '--name', $name, @more);
	diag $err if $code;
	return $code;
}

# An order with delivery: the id of the delivery to be.
sub order {
	my ($product, %more) = @_;
	my (undef, $o) = api($b, 'POST', '/orders', {party => did($s), product => $product, deliver => JSON::PP::true, %more});
	return $o->{delivery};
}

sub get {
	my ($product, @more) = @_;
	return $b->cli('get', did($s), $product, '-o', "$b->{dir}/$product", @more);
}

$_->start for $s, $b;
my ($code, $line) = $s->cli('invite');
chomp $line;
is(($b->cli('join', $line))[0], 0, 'the buyer joins');
my $waiting = await(sub { decode_json(($s->cli('inbox', '--json'))[1])->{waiting} }, sub { @{$_[0]} });
is(($s->cli('approve', $waiting->[0]{id}))[0], 0, 'the seller approves');
await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });

my $large = join '', map { Digest::SHA::sha256("chunk $_") x 8192 } 1 .. 40; # 10 MiB
my %objects = (small => "station,rain\n1,2\n", empty => '', chunk => 'x' x 262144, large => $large . 'end');
is(publish($_, $objects{$_}), 0, "$_ is published") for sort keys %objects;

for my $name (sort keys %objects) {
	my ($got, $out, $err) = get($name);
	is($got, 0, "$name is got") or diag $err;
	is(Digest::SHA::sha256_hex(Node::slurp("$b->{dir}/$name")), Digest::SHA::sha256_hex($objects{$name}), 'byte for byte');
	my ($id) = $out =~ /^delivery (\S+)$/m;
	my $at_b = await(sub { delivery($b, $id) }, sub { $_[0]{acknowledged} });
	my $at_s = in_state($s, $id, 'COMPLETED');
	is("$at_b->{state} $at_b->{result} $at_s->{state} $at_s->{result}", 'COMPLETED complete COMPLETED complete',
		'complete on both sides');
	ok($at_b->{acknowledged}, 'the buyer holds the proof that its receipt was taken');
	is("@{$at_b}{qw(request manifest receipt)}", "@{$at_s}{qw(request manifest receipt)}", 'under the same documents');
	is($at_s->{bytes}, length $objects{$name}, 'as many bytes left');
}

# What opens the data, and what does not.
my $id = order('large');
my $at_s = in_state($s, $id, 'STARTED|COMPLETED');
is($s->ask('GET', "/data/$id")->{status}, 401, 'no token, no data') if $at_s->{state} eq 'STARTED';
in_state($b, $id, 'COMPLETED');
like($s->ask('GET', "/data/$id", undef, Authorization => 'Bearer x')->{status}, qr/^401$/, 'another token opens nothing');
is($s->ask('GET', '/data/urn:uuid:01980000-0000-7000-8000-000000000001')->{status}, 401, 'an id that is not known is answered as one that is');
is($s->ask('GET', "/dsp/2025-1/transfers/$id")->{status}, 401, 'strangers see no transfer');

# Terms.
is(publish('once', 'only once', '--terms', 'once'), 0, 'a product that may be had once');
($code, my $out, my $err) = get('once');
is($code, 0, 'is got once') or diag $err;
my $agreement = delivery($b, $out =~ /^delivery (\S+)$/m)->{agreement};
my ($status, $second) = api($b, 'POST', '/deliveries', {agreement => $agreement});
is($status, 202, 'and asked for once more');
$second = in_state($b, $second->{delivery}, 'TERMINATED');
like($second->{reason}, qr/refused \(403\): count lteq 1/, 'which the terms refuse, and say why');
is((api($s, 'GET', '/deliveries/' . segment($second->{delivery})))[0], 404, 'nothing says at the seller that it was asked');

is(publish('inside', 'for us', '--terms', 'internal-use'), 0, 'a product for a purpose');
($code, undef, $err) = get('inside', '--purpose', 'resale');
is($code, 1, 'is not got for another');
like($err, qr/purpose/, 'and the refusal says so');
is((get('inside', '--purpose', 'internal-use'))[0], 0, 'but for its own');
($code, undef, $err) = get('inside', '--anew');
is($code, 1, 'who states no purpose has none');
like($err, qr/state a purpose, for example internal-use/, 'and is told how');

# A seller that falls while it sends, and a buyer that falls while it takes: both go on where they were.
my $huge = "$s->{dir}/huge.bin";
open(my $f, '>', $huge) or die;
print $f Digest::SHA::sha256("mebibyte $_") x 32768 for 1 .. 256;
close $f;
is(($s->cli('publish', $huge, '--name', 'huge'))[0], 0, '256 MiB are published');
$id = order('huge');
await(sub { my ($p) = glob("$b->{data}/blobs/tmp/*.part"); $p ? -s $p : 0 }, sub { $_[0] });
is(($s->stop('KILL'))[0], 137, 'the seller falls');
is(($b->stop('KILL'))[0], 137, 'the buyer too');
my ($part) = glob("$b->{data}/blobs/tmp/*.part");
my $before = $part ? -s $part : 0;
$_->start for $s, $b;
my $at_b = in_state($b, $id, 'COMPLETED|TERMINATED');
is($at_b->{state}, 'COMPLETED', 'both come back, and all of it arrives') or diag $json->encode($at_b);
is($at_b->{sha256}, Digest::SHA->new(256)->addfile($huge)->hexdigest, 'the object is the one that was signed');
is(Digest::SHA->new(256)->addfile("$b->{data}/$at_b->{object}")->hexdigest, $at_b->{sha256}, 'and lies in blobs/');
$at_s = in_state($s, $id, 'COMPLETED');
is($at_s->{state}, 'COMPLETED', 'the seller knows');
ok($at_s->{bytes} <= 256 << 20, 'what had arrived did not leave again') if $before > 1 << 20;

# Suspended and resumed; ended before a byte left.
$s->stop;
$id = order('once', purpose => 'again', anew => JSON::PP::true);
$s->start;
in_state($b, $id, 'COMPLETED');
is(delivery($b, $id)->{state}, 'COMPLETED', 'an order waits for a seller that is away');
$id = order('huge');
in_state($s, $id, 'STARTED');
($status) = api($s, 'POST', '/deliveries/' . segment($id) . '/suspend', {reason => 'a moment'});
SKIP: {
	skip 'it was over already', 6 if $status != 200;
	is(in_state($b, $id, 'SUSPENDED')->{state}, 'SUSPENDED', 'the seller suspends, and the buyer knows');
	is((api($b, 'POST', '/deliveries/' . segment($id) . '/resume', {}))[0], 400, 'who did not suspend does not resume');
	sleep 0.3;
	my $still = delivery($b, $id);
	is($still->{state}, 'SUSPENDED', 'nothing goes on');
	is((api($s, 'POST', '/deliveries/' . segment($id) . '/resume', {}))[0], 200, 'the seller resumes');
	is(in_state($b, $id, 'COMPLETED')->{state}, 'COMPLETED', 'and all arrives');
	is(in_state($s, $id, 'COMPLETED')->{result}, 'complete', 'with a receipt');
}

# The object of a seller that is not what it signed.
is(publish('spoilt', join('', map { chr(65 + $_) x 262144 } 0 .. 3)), 0, 'four chunks');
my $root = decode_json(($s->cli('products', '--json'))[1]);
my ($spoilt) = grep { $_->{name} eq 'spoilt' } @{$root->{products}};
my $path = "$s->{data}/blobs/" . substr($spoilt->{object}{root}, 0, 2) . "/$spoilt->{object}{root}";
chmod 0600, $path;
open(my $h, '+<', $path) or die "$path: $!";
seek $h, 2 * 262144 + 5, 0;
print $h 'z';
close $h;
($code, undef, $err) = get('spoilt');
is($code, 1, 'a chunk that is not what was signed is refused');
like($err, qr/not what was signed/, 'and that is said');
my $spoilt_b = (grep { ($_->{result} // '') eq 'refused' } @{(api($b, 'GET', '/deliveries'))[1]{deliveries}})[0];
my $spoilt_s = in_state($s, $spoilt_b->{delivery}, 'TERMINATED');
is("$spoilt_s->{state} $spoilt_s->{result}", 'TERMINATED refused', 'the seller holds the receipt that refuses');

# The end of an agreement is the end of its deliveries.
$agreement = delivery($b, $id)->{agreement};
is(($s->cli('terminate', $agreement, '--reason', 'over'))[0], 0, 'the seller ends an agreement');
($status, my $late) = api($b, 'POST', '/deliveries', {agreement => $agreement});
$late = in_state($b, $late->{delivery}, 'TERMINATED') if $status == 202;
ok($status != 202 || $late->{state} eq 'TERMINATED', 'nothing is delivered under it any more');

$_->stop for $s, $b;
for my $n ($s, $b) {
	($code, $out, $err) = $n->cli('replay');
	is($code, 0, 'the log folds to the state that is stored') or diag "$out$err";
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
}
done_testing;
