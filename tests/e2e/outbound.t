#!/usr/bin/perl
# Partners that nobody can call: such a node as buyer and as seller, from joining to the invoice, also where either side falls.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA;
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->utf8->canonical;
sub segment { return $_[0] =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger }
sub settings { return decode_json(Node::slurp("$_[0]{data}/node.json")) }
sub did { return settings($_[0])->{did} }

# Asks until it is so, or twenty seconds have passed.
sub await {
	my ($ask, $so) = @_;
	my ($end, $got) = (time + 20, undef);
	do { $got = $ask->(); return $got if $so->($got); sleep 0.02 } while time < $end;
	return $got;
}

sub api {
	my ($n, $method, $path, $body) = @_;
	my $a = $n->operate($method, "/api/v1$path", defined $body ? $json->encode($body) : undef);
	return ($a->{status}, eval { decode_json($a->{body}) } // {});
}

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

$_->stop for $open, $shut;
for my $n ($open, $shut) {
	($code, $out, $err) = $n->cli('replay');
	is($code, 0, 'the log folds to the state that is stored') or diag "$out$err";
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
}
done_testing;
