#!/usr/bin/perl
# From an order to a final agreement between two served nodes, and its end; what strangers get; a seller that is away.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(api did segment);
use Test::More;
use Time::HiRes qw(sleep time);

my $s = Node->new(reachable => 1, name => 'Seller');
my $b = Node->new(reachable => 1, name => 'Buyer');
my $json = JSON::PP->new->utf8->canonical;

sub await { return Node::await(@_, 10) }

sub order {
	my ($n, %what) = @_;
	my ($status, $o) = api($n, 'POST', '/orders', {party => did($s), product => 'weather', %what});
	return $o->{order} if $status == 202;
	return "refused $status: $o->{detail}";
}

sub order_of {
	my ($n, $id) = @_;
	return (api($n, 'GET', '/orders/' . segment($id)))[1];
}

sub settled {
	my ($n, $id) = @_;
	return await(sub { order_of($n, $id) }, sub { $_[0]{state} =~ /^(?:failed|recorded)$/ || ($_[0]{state} eq "agreed" && !$_[0]{delivery}) });
}

sub agreement { return (api($_[0], 'GET', '/agreements/' . segment($_[1])))[1] }

sub publish {
	my ($name, @more) = @_;
	open(my $f, '>', "$s->{dir}/$name.csv") or die;
	print $f "station,rain\n1,2\n";
	close $f;
	return ($s->cli('publish', "$s->{dir}/$name.csv", '--name', $name, @more))[0];
}

$_->start for $s, $b;
my ($code, $line) = $s->cli('invite');
chomp $line;
is(($b->cli('join', $line))[0], 0, 'the buyer joins');
my $waiting = await(sub { decode_json(($s->cli('inbox', '--json'))[1])->{waiting} }, sub { @{$_[0]} });
is(($s->cli('approve', $waiting->[0]{id}))[0], 0, 'the seller approves');
await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });
is(publish('weather', '--terms', 'open', '--net', 12345, '--rate', 600), 0, 'a product is published');
is(publish('study', '--terms', 'once', '--net', 100, '--rate', 600), 0, 'and another');

# The catalogue, as a person asks for it.
my ($out, $err);
($code, $out, $err) = $b->cli('catalog', did($s));
is($code, 0, 'the catalogue is asked for') or diag $err;
like($out, qr/^NAME +REV +BYTES +NET CNY +RATE +TAX +TERMS +PRODUCT$/m, 'with heads');
like($out, qr/^study .* 1\.00 .* use, one delivery only /m, 'what a term allows in words');
like($out, qr/^weather +1 +\d+ +123\.45 +6% +7\.41 +use without a limit of purpose, time or number +urn:uuid:\S+$/m, 'and shows the product');
my $catalog = decode_json(($b->cli('catalog', 'Seller', '--json'))[1]);
is(scalar @{$catalog->{dataset}}, 2, 'by the name of the party too');
my ($dataset) = grep { $_->{shugu}{name} eq 'weather' } @{$catalog->{dataset}};
like($dataset->{'@id'}, qr/^urn:uuid:/, 'a dataset has the id of the product');

# Rows 1 to 4.
my $id = order($b, purpose => 'training');
my $o = settled($b, $id);
is($o->{state}, 'agreed', 'an order comes to an agreement') or diag $json->encode($o);
my ($at_b, $at_s) = (agreement($b, $o->{agreement}), {});
$at_s = await(sub { agreement($s, $o->{agreement}) }, sub { ($_[0]{state} // '') eq 'FINALIZED' });
is("$at_b->{state} $at_s->{state}", 'FINALIZED FINALIZED', 'final on both sides');
is("$at_b->{role} $at_s->{role}", 'consumer provider', 'each in its role');
is($json->encode($at_b->{G}), $json->encode($at_s->{G}), 'both hold the same G');
is($at_b->{G}{scenario}{purpose}, 'training', 'with the purpose of the order');
is($at_b->{G}{price}{net}, 12345, 'and the price of the catalogue');
is($at_b->{G}{object}{product}, $dataset->{'@id'}, 'on the product');
like(($b->cli('agreements'))[1], qr/^\Q$o->{agreement}\E +FINALIZED +consumer +Seller +weather +123\.45 +20/m, 'the command lists it');

# What cannot be.
my $none = settled($b, order($b, product => 'nothing'));
is($none->{state}, 'failed', 'an order of what is not offered fails');
like($none->{reason}, qr/does not offer nothing/, 'with the reason');
like(order($b, party => 'did:web:nobody.example'), qr/^refused 404/, 'a party that is not known is not asked');
is($s->ask('POST', '/dsp/2025-1/catalog/request', '{}', 'Content-Type' => 'application/json')->{status}, 401, 'strangers see no catalogue');
is($s->ask('GET', '/dsp/2025-1/negotiations/' . segment($at_s->{negotiation}))->{status}, 401, 'nor a negotiation');
is($s->ask('GET', '/.well-known/dspace-version')->{status}, 200, 'the version is for all');

# A seller that is away: the order waits and goes on when it is back, also when the buyer fell meanwhile.
is(($s->stop('KILL'))[0], 137, 'the seller falls');
$id = order($b, purpose => 'research');
sleep 0.2;
is(order_of($b, $id)->{state}, 'waiting', 'an order waits');
is(($b->stop('KILL'))[0], 137, 'the buyer falls too');
$_->start for $s, $b;
$o = settled($b, $id);
is($o->{state}, 'agreed', 'both come back and agree') or diag $json->encode($o);

# One agreement serves for more than one delivery, unless it counts them.
my $again = settled($b, order($b, deliver => JSON::PP::true));
is($again->{agreement}, $o->{agreement}, 'an order with delivery uses the agreement there is');
my %study = (product => 'study', deliver => JSON::PP::true);
my @study = map { settled($b, order($b, %study)) } 1, 2;
is("$study[0]{state} $study[1]{state}", 'recorded failed', 'a product that may be had once is not agreed and billed again unasked');
like($study[1]{reason}, qr/there is an agreement on this already, which is used up \(urn:.*count lteq 1.*--anew/, 'and it is said how to');
push @study, settled($b, order($b, %study, anew => JSON::PP::true));
is($study[2]{state}, 'recorded', 'asked for anew it is had');
isnt($study[0]{agreement}, $study[2]{agreement}, 'under another agreement');

# Who decides, and what came to nothing.
is(($b->cli('contract', 'policy', 'person'))[0], 0, 'a person is to decide');
like(($b->cli('contract', 'policy'))[1], qr/^person: .*inbox/, 'which is told');
is(($b->cli('contract', 'policy', 'nobody'))[0], 2, 'other words are wrong usage');
is(($b->cli('contract', 'policy', 'automatic'))[0], 0, 'and the node again');
is(($b->cli('contract', 'offer', 'urn:x'))[0], 1, 'what is not there is not offered');
is(($b->cli('contract', 'counter'))[0], 2, 'a counter names a negotiation');
like(($b->cli('delivery', 'list'))[1], qr/^urn:uuid:\S+ +COMPLETED +consumer +Seller +study +17 +17 +20/m, 'deliveries are listed by name');
is(($b->cli('delivery', 'suspend', $study[2]{delivery}))[0], 2, 'a suspension says why');
is(($b->cli('delivery', 'suspend', $study[2]{delivery}, '--reason', 'x'))[0], 1, 'what is over is not suspended');

# The end of what is final.
($code, $out, $err) = $b->cli('terminate', $o->{agreement}, '--reason', 'enough of it');
is($code, 0, 'the buyer ends an agreement') or diag $err;
$at_s = await(sub { agreement($s, $o->{agreement}) }, sub { $_[0]{state} eq 'TERMINATED' });
is($at_s->{state}, 'TERMINATED', 'the seller hears of it');
is($at_s->{reason}, 'enough of it', 'with the reason');
is(($b->cli('terminate', $o->{agreement}))[0], 1, 'it does not end twice');

$_->stop for $s, $b;
for my $n ($s, $b) {
	is(($n->cli('replay'))[0], 0, 'the log folds to the state that is stored');
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
}
done_testing;
