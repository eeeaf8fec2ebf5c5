#!/usr/bin/perl
# Data invoices between two served nodes: issued when a delivery ends, accepted by itself or by a person, the same file on
# both sides, corrected, voided, disputed; a status on request; restarts in the middle.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(api await did);
use Test::More;
use Time::HiRes qw(sleep time);

my $verify = $ENV{SHUGU_VERIFY} or die "SHUGU_VERIFY names the program\n";
my $s = Node->new(reachable => 1, name => 'Seller');
my $b = Node->new(reachable => 1, name => 'Buyer');
my $json = JSON::PP->new->utf8->canonical;

sub told { return eval { decode_json(($_[0]->cli(@_[1 .. $#_], '--json'))[1]) } // {} }
sub invoices { my $all = told(shift, 'invoice', 'list'); return ref $all eq 'ARRAY' ? @$all : () }
sub invoice { return told(shift, 'invoice', 'show', shift) }
sub in_state {
	my ($n, $id, $state) = @_;
	my $i = await(sub { invoice($n, $id) }, sub { ($_[0]{state} // '') =~ /^(?:$state)$/ });
	return $i->{state};
}

# The newest invoice of a node once it has n of them.
sub newest {
	my ($n, $count) = @_;
	my @all = await(sub { [invoices($n)] }, sub { @{$_[0]} >= $count })->@*;
	return $all[0] // {};
}
sub export {
	my ($n, $id) = @_;
	my ($code, undef, $err) = $n->cli('invoice', 'export', $id, '-o', "$n->{dir}/$id.json");
	diag $err if $code;
	return "$n->{dir}/$id.json";
}

# What the offline verifier says: exit code and first line.
sub verdict {
	my @words = @_;
	my $said = qx($verify @words 2>&1);
	return ($? >> 8, $said =~ /^(.*?)(?::.*)?$/m ? $1 : '', $said);
}
sub get { return $b->cli('get', did($s), 'rain', '-o', "$b->{dir}/rain") }
sub core { return $json->encode(decode_json(Node::slurp($_[0]))->{core}) }

$_->start for $s, $b;
my (undef, $line) = $s->cli('invite');
chomp $line;
$b->cli('join', $line);
my $waiting = await(sub { told($s, 'inbox')->{waiting} }, sub { @{$_[0]} });
$s->cli('approve', $waiting->[0]{id});
await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });
open(my $f, '>', "$s->{dir}/rain.csv") or die;
print $f "station,rain\n", map { "$_,1\n" } 1 .. 1000;
close $f;
my ($code, undef, $err) = $s->cli('publish', "$s->{dir}/rain.csv", '--name', 'rain', '--net', 1000001, '--rate', 600);
is($code, 0, 'a product is published') or diag $err;

# The way it should go.
($code, undef, $err) = get();
is($code, 0, 'it is got') or diag $err;
my $i = newest($s, 1);
like($i->{serial}, qr/^localhost:$s->{listen}-\d{4}-00000001$/, 'the seller has issued an invoice');
is(in_state($s, $i->{id}, 'accepted'), 'accepted', 'which the buyer accepted');
is(in_state($b, $i->{serial}, 'accepted'), 'accepted', 'and has by the same serial');
my @files = map { export($_, $i->{id}) } $s, $b;
my ($exit, $first, $all) = verdict("--require recorded", $files[0]);
is("$exit $first", '0 recorded', 'a verifier proves that both recorded it') or diag $all;
is(Node::slurp($files[0]), Node::slurp($files[1]), 'both hold the same file, byte for byte');
is((verdict("--object $b->{dir}/rain", $files[1]))[0], 0, 'the file that was got is its object');
is((verdict("--object $files[0]", $files[1]))[0], 1, 'another is not');
is(($s->cli('invoice', 'export', 'urn:uuid:x'))[0], 1, 'what is not there is not exported');

# Z, between nodes alone.
is($s->ask('GET', "/peer/v1/invoices/$i->{id}/status")->{status}, 401, 'strangers get no status');

# C: downwards at once; a second; then void.
my $net = $i->{issued}{net};
is(($s->cli('invoice', 'correct', $i->{id}, '--net', $net - 100000, '--reason', 'lines were missing'))[0], 0, 'the seller corrects');
is(in_state($b, $i->{id}, 'corrected'), 'corrected', 'the buyer agrees at once');
is(in_state($s, $i->{id}, 'corrected'), 'corrected', 'and the seller knows');
is(invoice($_, $i->{id})->{due}{net}, $net - 100000, 'so much is due') for $s, $b;
($exit, $first, $all) = verdict("--require recorded", export($b, $i->{id}));
is("$exit $first", '0 recorded; corrected', 'a verifier says so');
like($all, qr/lines were missing/, 'and why');
is(($s->cli('invoice', 'correct', $i->{id}, '--net', $net + 1, '--reason', 'x'))[0], 2, 'never above the invoice');
is(($s->cli('invoice', 'correct', $i->{id}, '--reason', 'x'))[0], 2, 'nor without saying how much');

# What the buyer proposes waits for a person.
is(($b->cli('invoice', 'correct', $i->{id}, '--net', '5000', '--reason', 'half of it'))[0], 0, 'the buyer proposes');
$waiting = await(sub { told($s, 'inbox')->{waiting} }, sub { @{$_[0]} });
is($waiting->[0]{what}, 'correction', 'it waits at the seller');
is(($s->cli('refuse', $waiting->[0]{id}, '--reason', 'no'))[0], 0, 'who refuses');
my $x = await(sub { invoice($b, $i->{id})->{corrections}[1] // {} }, sub { ($_[0]{state} // '') eq 'declined' });
is($x->{state}, 'declined', 'and the buyer hears it');
is(invoice($b, $i->{id})->{due}{net}, $net - 100000, 'nothing has changed');

# P, and an X that ends it.
is(($b->cli('invoice', 'dispute', $i->{serial}, '--reason', 'still too many'))[0], 0, 'the buyer disputes');
is(in_state($s, $i->{id}, 'disputed'), 'disputed', 'the seller knows');
($exit, $first) = verdict(export($s, $i->{id}));
is("$exit $first", '0 recorded; corrected; disputed', 'a verifier says so');
is(($s->cli('invoice', 'void', $i->{id}, '--reason', 'sent by mistake'))[0], 0, 'the seller makes it void');
is(in_state($b, $i->{id}, 'void'), 'void', 'which ends the dispute');
is(in_state($s, $i->{id}, 'void'), 'void', 'on both sides');
($exit, $first) = verdict('--require claimed', export($s, $i->{id}));
is("$exit $first", '1 recorded; corrected; void', 'a void invoice meets nothing');
is(core(export($_, $i->{id})), core($files[0]), 'its core is what it was') for $s, $b;

# A person decides.
is(($b->cli('invoice', 'policy', 'person'))[0], 0, 'a person is to decide');
is((get())[0], 0, 'another delivery');
my $second = newest($s, 2);
like($second->{serial}, qr/-00000002$/, 'the next serial');
$waiting = await(sub { told($b, 'inbox')->{waiting} }, sub { @{$_[0]} });
is($waiting->[0]{what}, 'invoice', 'it waits');
is(in_state($s, $second->{id}, 'issued'), 'issued', 'and is not accepted');
($exit, $first) = verdict('--require accepted', export($s, $second->{id}));
is("$exit $first", '1 delivered', 'only delivered');
$_->stop for $s, $b;
$_->start for $b, $s;
is(($b->cli('approve', $second->{id}))[0], 0, 'after a restart the person accepts');
is(in_state($s, $second->{id}, 'accepted'), 'accepted', 'and the seller knows');
@files = map { export($_, $second->{id}) } $s, $b;
is(Node::slurp($files[0]), Node::slurp($files[1]), 'the same file again');
is((verdict('--require recorded', $files[1]))[0], 0, 'recorded');
is(($b->cli('invoice', 'policy', 'automatic'))[0], 0, 'the node is to decide again');

# The seller falls before it can send; the buyer falls before it can answer.
is((get())[0], 0, 'a third delivery');
$_->stop('KILL') for $b, $s;
$_->start for $s, $b;
my $third = newest($s, 3);
is(in_state($s, $third->{id}, 'accepted'), 'accepted', 'is accepted, whoever fell when');
is(in_state($b, $third->{id}, 'accepted'), 'accepted', 'by both');

# Of a party that was withdrawn nobody can be told: a correction is refused before it is signed.
is(($s->cli('party', 'withdraw', 'Buyer', '--reason', 'over'))[0], 0, 'the buyer is withdrawn');
for my $words (['correct', $third->{id}, '--net', 1, '--reason', 'x'], ['void', $third->{id}, '--reason', 'x']) {
	my ($code, undef, $err) = $s->cli('invoice', @$words);
	is($code, 1, "no $words->[0] towards it");
	like($err, qr/was withdrawn and can neither be told nor agree; .*shugu invite/, 'and it is said what to do');
}
is(in_state($s, $third->{id}, 'accepted'), 'accepted', 'nothing has changed');
like(($s->cli('invoice', 'list'))[1], qr/^SERIAL +STATE .*\n(?:.*\n)*\S+-00000003 +accepted, recorded +\d+\.\d\d .* provider +Buyer +20/m, 'the list names party and date');

$_->stop for $s, $b;
for my $n ($s, $b) {
	is(($n->cli('replay'))[0], 0, 'the log folds to the state that is stored');
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
	is(scalar(invoices($n)), 3, 'the list is read without a running node too');
}
done_testing();
