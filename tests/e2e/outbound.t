#!/usr/bin/perl
# Partners that nobody can call: such a node as buyer and as seller, from joining to the invoice, also where either side falls.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA;
use JSON::PP;
use Node qw(api await segment);
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->utf8->canonical;
sub settings { return decode_json(Node::slurp("$_[0]{data}/node.json")) }
sub did { return settings($_[0])->{did} }

sub delivery { return (api($_[0], 'GET', '/deliveries/' . segment($_[1])))[1] }
sub party { return eval { decode_json(($_[0]->cli('party', 'list', did($_[1]), '--json'))[1]) } // {status => 'unknown'} }
sub invoice_of {
	my ($n, $delivery) = @_;
	my ($status, $all) = api($n, 'GET', '/invoices');
	my ($i) = grep { $_->{delivery} eq $delivery } @{$all->{invoices} // []};
	return $i // {state => ''};
}

sub publish {
	my ($n, $name, $bytes, @more) = @_;
	open(my $f, '>', "$n->{dir}/$name.bin") or die;
	print $f $bytes;
	close $f;
	my ($code, undef, $err) = $n->cli('publish', "$n->{dir}/$name.bin", '--name', $name, @more);
	return is($code, 0, "$name is published") || diag $err;
}

# Whole circulation: the file, and the invoice on both sides, verified.
sub circulates {
	my ($s, $b, $name, $bytes) = @_;
	my ($code, $out, $err) = $b->cli('get', did($s), $name, '-o', "$b->{dir}/$name");
	is($code, 0, "$name is got") or return diag $err;
	ok(Node::slurp("$b->{dir}/$name") eq $bytes, 'byte for byte');
	my ($id) = $out =~ /^delivery (\S+)$/m;
	recorded($s, $b, $id);
	return $id;
}

sub recorded {
	my ($s, $b, $id) = @_;
	my $at_s = await(sub { invoice_of($s, $id) }, sub { $_[0]{state} eq 'accepted' });
	is($at_s->{state}, 'accepted', 'the seller has an accepted invoice');
	for my $n ($s, $b) {
		my $i = await(sub { invoice_of($n, $id) }, sub { $_[0]{state} eq 'accepted' });
		my ($code, undef, $err) = $n->cli('invoice', 'export', $i->{id}, '-o', "$n->{dir}/invoice.json");
		is($code, 0, 'it is exported') or diag $err;
		($code, my $out, $err) = Node::run($n->{dir}, 'verify', "$n->{dir}/invoice.json", '--require', 'recorded');
		is($code, 0, 'and verifies as recorded') or diag "$out$err";
	}
}

my $open = Node->new(reachable => 1, name => 'Open');
my $shut = Node->new(name => 'Shut', outbound => 1);
my ($code, $out, $err);

# Joining.
$_->start for $open, $shut;
my ($line) = ($open->cli('invite'))[1];
chomp $line;
is(($shut->cli('join', $line))[0], 0, 'a node that nobody can call joins');
my $waiting = await(sub { decode_json(($open->cli('inbox', '--json'))[1])->{waiting} }, sub { @{$_[0]} });
is(($open->cli('approve', $waiting->[0]{id}))[0], 0, 'and is approved');
is(await(sub { party($shut, $open) }, sub { $_[0]{status} eq 'approved' })->{status}, 'approved', 'which it learns by itself');
my $known = party($open, $shut);
ok($known->{outbound}, 'its partner knows that it cannot be called');
ok(!party($shut, $open)->{outbound}, 'and not the other way round');
is(await(sub { ($open->cli('outbox'))[1] }, sub { $_[0] =~ /^nothing/ }), "nothing waits\n", 'nothing waits any more');

# As buyer.
publish($open, 'rain', "station,rain\n1,2\n");
circulates($open, $shut, 'rain', "station,rain\n1,2\n");

# As seller: what cannot be fetched is brought.
my $large = join '', map { Digest::SHA::sha256("chunk $_") x 8192 } 1 .. 40; # 10 MiB
my %objects = (small => "station,wind\n1,2\n", empty => '', chunk => 'x' x 262144, two => 'y' x 262145, large => $large . 'end');
for my $name (sort keys %objects) {
	publish($shut, $name, $objects{$name});
	my $id = circulates($shut, $open, $name, $objects{$name});
	my ($at_s, $at_b) = (delivery($shut, $id), delivery($open, $id));
	is("$at_s->{state} $at_s->{result} $at_b->{state}", 'COMPLETED complete COMPLETED', 'complete on both sides');
	is($at_s->{bytes}, length $objects{$name}, 'as many bytes left');
}

# Who has no token, or another, brings nothing.
publish($shut, 'once', 'only once', '--terms', 'once');
my $id = circulates($shut, $open, 'once', 'only once');
is($open->ask('GET', "/data/$id/missing")->{status}, 401, 'nothing is told without a token');
is($open->ask('PUT', "/data/$id/chunk/0", 'only once', Authorization => 'Bearer x')->{status}, 401, 'nor taken with another');
is($open->ask('PUT', '/data/urn:uuid:01980000-0000-7000-8000-000000000001/chunk/0', 'x', Authorization => 'Bearer x')->{status},
	404, 'nor for a delivery that nobody knows');

# The terms are those of the seller, and count.
my $agreement = delivery($open, $id)->{agreement};
my ($status, $second) = api($open, 'POST', '/deliveries', {agreement => $agreement});
is($status, 202, 'what may be had once is asked for again');
$second = await(sub { delivery($open, $second->{delivery}) }, sub { ($_[0]{state} // '') eq 'TERMINATED' });
like($second->{reason}, qr/count lteq 1/, 'which the terms refuse, and say why');

# An object that is not what was signed.
publish($shut, 'spoilt', join('', map { chr(65 + $_) x 262144 } 0 .. 3));
my $products = decode_json(($shut->cli('products', '--json'))[1]);
my ($spoilt) = grep { $_->{name} eq 'spoilt' } @{$products->{products}};
my $path = "$shut->{data}/blobs/" . substr($spoilt->{object}{root}, 0, 2) . "/$spoilt->{object}{root}";
chmod 0600, $path;
open(my $h, '+<', $path) or die "$path: $!";
seek $h, 2 * 262144 + 5, 0;
print $h 'z';
close $h;
($code, undef, $err) = $open->cli('get', did($shut), 'spoilt');
is($code, 1, 'a chunk that is not what was signed is refused');
like($err, qr/not what was signed/, 'and that is said');

# Either side falls in the middle, and it goes on where it was.
my $huge = "$shut->{dir}/huge.bin";
open(my $f, '>', $huge) or die;
print $f Digest::SHA::sha256("mebibyte $_") x 32768 for 1 .. 128;
close $f;
is(($shut->cli('publish', $huge, '--name', 'huge'))[0], 0, '128 MiB are published');
for my $who ([$open], [$shut], [$open, $shut]) {
	my ($s, $o) = api($open, 'POST', '/orders', {party => did($shut), product => 'huge', deliver => JSON::PP::true});
	is($s, 202, 'they are ordered') or diag $json->encode($o);
	await(sub { scalar grep { -s $_ > 1 << 20 } glob("$open->{data}/blobs/tmp/*.part") }, sub { $_[0] });
	is(($_->stop('KILL'))[0], 137, 'one falls') for @$who;
	$_->start for @$who;
	my $got = await(sub { delivery($open, $o->{delivery}) }, sub { ($_[0]{state} // '') =~ /COMPLETED|TERMINATED/ });
	is($got->{state}, 'COMPLETED', 'all of it arrives') or diag $json->encode($got);
	is($got->{sha256}, Digest::SHA->new(256)->addfile($huge)->hexdigest, 'as it was signed');
	recorded($shut, $open, $o->{delivery});
	unlink "$open->{data}/$got->{object}"; # so that it is brought anew
}

# As buyer that falls, and whose partner falls, while messages are under way.
for my $who ($open, $shut) {
	my ($s, $o) = api($shut, 'POST', '/orders', {party => did($open), product => 'rain', deliver => JSON::PP::true, anew => JSON::PP::true});
	is($s, 202, 'an order');
	sleep 0.02;
	is(($who->stop('KILL'))[0], 137, 'one falls');
	sleep 0.2;
	$who->start;
	recorded($open, $shut, $o->{delivery});
}

# The end.
is(($open->cli('party', 'withdraw', did($shut), '--reason', 'over'))[0], 0, 'the partner ends it');
is(await(sub { party($shut, $open) }, sub { $_[0]{status} eq 'withdrawn' })->{status}, 'withdrawn', 'which the other collects');

# Strangers.
is($open->ask('GET', '/peer/v1/mailbox')->{status}, 401, 'a stranger has no mailbox');
is($open->operate('GET', '/peer/v1/mailbox')->{status}, 403, 'nor has the operator');
is($open->ask('POST', '/peer/v1/mailbox/answers', '{"answers":[]}', 'Content-Type' => 'application/json')->{status}, 401,
	'nor anything to answer');

$_->stop for $open, $shut;
for my $n ($open, $shut) {
	($code, $out, $err) = $n->cli('replay');
	is($code, 0, 'the log folds to the state that is stored') or diag "$out$err";
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
}
done_testing;
