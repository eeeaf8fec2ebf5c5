#!/usr/bin/perl
# Two nodes that never call each other: all goes by parcels that are carried back and forth, from joining to the invoice.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA;
use JSON::PP;
use Node;
use Test::More;

my $json = JSON::PP->new->utf8->canonical;
sub did { return decode_json(Node::slurp("$_[0]{data}/node.json"))->{did} }
my ($s, $b) = (Node->new(outbound => 1, name => 'Seller'), Node->new(outbound => 1, name => 'Buyer'));
my $old;

# One way; what is in the parcel is given back.
sub carry {
	my ($from, $to, @more) = @_;
	my $file = "$from->{dir}/parcel";
	my ($code, $out, $err) = $from->cli('parcel', 'out', did($to), $file, @more);
	is($code, 0, 'a parcel is written') or diag "$out$err";
	my $bytes = Node::slurp($file);
	($code, my $took, $err) = $to->cli('parcel', 'in', $file);
	is($code, 0, 'and taken') or diag "$took$err";
	return ($out, $bytes);
}

# Back and forth until it is so, twelve times at most.
sub until_so {
	my ($so, $what) = @_;
	for my $i (1 .. 12) {
		return pass("$what after $i rounds") if $so->();
		carry($s, $b, '--objects');
		carry($b, $s);
	}
	return ok($so->(), $what);
}

sub status_of { return eval { decode_json(($_[0]->cli('party', 'list', did($_[1]), '--json'))[1])->{status} } // 'unknown' }
sub invoices {
	my $all = decode_json(($_[0]->cli('invoice', 'list', '--json'))[1]);
	return ref $all eq 'ARRAY' ? @$all : @{$all->{invoices} // []};
}

sub circulate {
	my ($name, $bytes, $running) = @_;
	open(my $f, '>', "$s->{dir}/$name.bin") or die;
	print $f $bytes;
	close $f;
	my ($code, $out, $err) = $s->cli('publish', "$s->{dir}/$name.bin", '--name', $name);
	is($code, 0, "$name is published") or diag $err;
	$b->start;
	$s->start if $running;
	my $before = invoices($b);
	($code, $out, $err) = $b->cli('get', did($s), $name, '--no-wait');
	is($code, 0, 'and ordered') or diag $err;
	my ($delivery) = $out =~ /^delivery (\S+)$/m;
	$b->stop unless $running;
	until_so(sub { (grep { $_->{delivery} eq $delivery && $_->{state} eq 'accepted' } invoices($s)) ? 1 : 0 }, 'the invoice is accepted');
	for my $n ($s, $b) {
		my ($i) = grep { $_->{delivery} eq $delivery } invoices($n);
		($code, $out, $err) = $n->cli('invoice', 'export', $i->{id} // '-', '-o', "$n->{dir}/invoice.json");
		is($code, 0, 'it is exported') or diag $err;
		($code, $out, $err) = Node::run($n->{dir}, 'verify', "$n->{dir}/invoice.json", '--require', 'recorded');
		is($code, 0, 'and verifies as recorded') or diag "$out$err";
	}
	my $core = sub { $json->encode(decode_json(Node::slurp("$_[0]{dir}/invoice.json"))->{core}) };
	is($core->($s), $core->($b), 'both hold the same');
	ok((grep { Node::slurp($_) eq $bytes } glob("$b->{data}/blobs/??/*")), 'the buyer has the bytes') if length $bytes;
	$_->stop for grep { $_->{pid} } $s, $b;
	return;
}

# Joining, with no node running.
my ($line) = ($s->cli('invite'))[1];
chomp $line;
is(($b->cli('join', $line))[0], 0, 'the buyer joins');
(undef, $old) = carry($b, $s);
is(status_of($s, $b), 'asked', 'the seller hears of it');
my ($waiting) = @{decode_json(($s->cli('inbox', '--json'))[1])->{waiting}};
is(($s->cli('approve', $waiting->{id}))[0], 0, 'and approves');
until_so(sub { status_of($b, $s) eq 'approved' && status_of($s, $b) eq 'approved' }, 'both are approved');

circulate('rain', "station,rain\n1,2\n", 0);
circulate('large', join('', map { Digest::SHA::sha256("chunk $_") x 8192 } 1 .. 8) . 'end', 1);

# Parcels that are not what they should be.
my $size = sub { (($_[0]->cli('log', 'audit'))[1]) };
my $before = $size->($s);
my $put = sub { my ($n, $bytes) = @_; open(my $f, '>', "$n->{dir}/in") or die; print $f $bytes; close $f; return $n->cli('parcel', 'in', "$n->{dir}/in") };
my ($code, $out, $err) = $put->($s, $old);
is($code, 0, 'an old parcel is taken again') or diag $err;
is($size->($s), $before, 'and changes nothing');
my $bent = $old;
substr($bent, 200, 1) ^= "\1";
is(($put->($s, $bent))[0], 1, 'a bent one is refused');
is(($put->($s, substr $old, 0, -5))[0], 1, 'and one that was cut off');
($code, $out, $err) = $put->($b, $old);
is($code, 1, 'so is one for somebody else');
like($err, qr/not for this node/, 'with the reason');
my $third = Node->new(outbound => 1, name => 'Third');
is(($put->($third, $old))[0], 1, 'whoever that is');
is($size->($s), $before, 'nothing changed');

for my $n ($s, $b) {
	($code, $out, $err) = $n->cli('replay');
	is($code, 0, 'the log folds to the state that is stored') or diag "$out$err";
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
}
done_testing;
