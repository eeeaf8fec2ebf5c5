# Four nodes with the test between them: a seller with two products, a buyer who asks a person about invoices, a third party,
# one that was withdrawn; and the circulation from the order to the recorded invoice, message by message.
package Circulation;
use strict;
use warnings;
use Between;
use Exporter 'import';
use JSON::PP;
use Node;
use Test::More;

our @EXPORT = qw($s $b $c $d $row_now begin sender circulate beside recorded finish);
our ($s, $b, $c, $d, $row_now);
my @rows;

sub begin {
	($s, $b, $c, $d) = map { between($_) } qw(Seller Buyer Third Withdrawn);
	befriend($s, $_) for $b, $c, $d;
	befriend($b, $c);
	$s->cli('party', 'withdraw', $d->{did}, '--reason', 'gone');
	relay(sub { ($d->cli('party', 'list', $s->{did}, '--json'))[1] =~ /"withdrawn"/ });
	$b->cli('invoice', 'policy', 'person');
	open(my $f, '>', "$s->{dir}/rain.csv") or die;
	print $f "station,rain\n1,2\n";
	close $f;
	for my $product (['rain', 120000], ['snow', 5000]) {
		my ($code, undef, $err) = $s->cli('publish', "$s->{dir}/rain.csv", '--name', $product->[0], '--net', $product->[1], '--rate', 600);
		is($code, 0, "$product->[0] is published") or diag $err;
	}
	# The messages of a circulation in their order: what it is, who receives it, its address, whose document it brings.
	@rows = (
		['1 request', $s, qr{/negotiations/request$}],
		['2 agreement', $b, qr{/agreement$}, 'agreement.offer'],
		['3 verification', $s, qr{/agreement/verification$}],
		['4 finalized', $b, qr{/events$}],
		['5 transfer request', $s, qr{/transfers/request$}, 'delivery.ask'],
		['6 transfer start', $b, qr{/transfers/[^/]+/start$}, 'delivery.start'],
		['8 completion', $s, qr{/transfers/[^/]+/completion$}, 'delivery.receive'],
		['9 invoice', $b, qr{/peer/v1/invoices$}],
		['10 acceptance', $s, qr{/invoices/[^/]+/acceptance$}],
	);
	return;
}

sub sender { return $_[0]{to} == $s ? $b : $s }

# Catches one message after the other of a new circulation and hands each to ->(row, message).
sub circulate {
	my ($product, $each, %o) = @_;
	my ($status, $order) = api($b, 'POST', '/orders', {party => $s->{did}, product => $product, deliver => JSON::PP::true, %{$o{order} || {}}});
	is($status, 202, "$product is ordered");
	for my $row (@rows) {
		$row_now = $row->[0];
		if ($row_now =~ /^10/) {
			my $waiting;
			relay(sub { ($waiting) = @{$json->decode(($b->cli('inbox', '--json'))[1])->{waiting}} });
			is(($b->cli('approve', $waiting->{id} // 'none'))[0], 0, 'a person accepts the invoice');
		}
		my $caught = catch($row->[1], $row->[2], hold => $o{hold});
		ok($caught, "$row->[0] is caught") or return {};
		$each->($row, $caught);
	}
	return $order;
}

sub beside { return exists $_[0]{shugu} ? $_[0]{shugu} : $_[0] }

sub recorded {
	my ($count) = @_;
	for my $n ($s, $b) {
		ok(relay(sub { my (undef, $i) = api($n, 'GET', '/invoices'); $count == grep { $_->{recorded} } @{$i->{invoices} || []} }), 'an invoice is recorded');
	}
}

# Both logs give the same state when they are read anew.
sub finish {
	$_->stop for $s, $b, $c, $d;
	for my $n ($s, $b) {
		is(($n->cli('replay'))[0], 0, 'the log folds to the state that is stored');
		is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
	}
	unlike(Node::slurp("$_->{dir}/log"), qr/fault|Sanitizer|runtime error/, 'a node had no fault') for $s, $b, $c, $d;
	return;
}

1;
