#!/usr/bin/perl
# Data invoices by a seller who is dishonest: signed and proved as they should be, but not copied from what was agreed and
# delivered. The buyer logs and disputes them; what does not hang together at all is refused. And files put together from
# two circulations, which the verifier refuses by the name of the check that fails.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use Digest::SHA 'sha256_hex';
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my $verify = $ENV{SHUGU_VERIFY} or die "SHUGU_VERIFY names the program\n";
my ($s, $b, $c) = map { between($_) } qw(Seller Buyer Third);
befriend($s, $b);
befriend($b, $c);
open(my $f, '>', "$s->{dir}/rain.csv") or die;
print $f "station,rain\n1,2\n";
close $f;
is(($s->cli('publish', "$s->{dir}/rain.csv", '--name', 'rain', '--net', 120000, '--rate', 600))[0], 0, 'a product');

# A delivery whose invoice is held back.
sub delivered {
	my (undef, $o) = api($b, 'POST', '/orders', {party => $s->{did}, product => 'rain', deliver => JSON::PP::true, @_});
	while (my $caught = catch($b, qr{/peer/v1/invoices$})) {
		my $message = $json->decode($caught->{body});
		return ($caught, $message) if $message->{E}{act}{body}{delivery} eq $o->{delivery};
		forward($caught);
	}
	die "no invoice came\n";
}
sub invoices { return @{(api($_[0], 'GET', '/invoices'))[1]{invoices} || []} }
sub of { my ($n, $id) = @_; my ($i) = grep { $_->{id} eq $id } invoices($n); return $i // {} }
sub send_issue { my ($message) = @_; return post($b, '/peer/v1/invoices', $message, session($s, $b)) }

# Signs and proves the invoice anew after a change.
sub forge {
	my ($message, $change) = @_;
	my $other = copy($message);
	my $i = $other->{document};
	$change->($i);
	$other->{signature} = resign($s, $i);
	my $act = $other->{E}{act};
	$act->{body}{document} = digest($i);
	$act->{body}{signatures} = {provider => sha256_hex($other->{signature})};
	$act->{body}{serial} = $i->{serial};
	$act->{subject} = $i->{id};
	delete $act->{prev};
	$other->{E} = prove($s, $act);
	return $other;
}
sub new_id { my ($i) = @_; $i->{id} =~ s/....\z/sprintf '%04x', int rand 65536/e; return }

# Every member of I changed by a seller who signs and proves it: refused, or logged and disputed, and never accepted. What
# is disputed takes the place of the delivery's invoice, so each has a delivery of its own, and of entries and entities only some
# are tried.
my ($held, $true) = delivered();
my $size = $b->size;
my %own = map { $_ => 1 } 'id changed', 'issued changed', 'serial changed', 'receipt away', 'voucher.start changed';
my $samples = qr/^(?:entries\.(?:offer\.index|conclude\.leaf|concluded\.leaf|ask\.origin|end\.index) changed|entities\.(?:provider\.did|consumer\.(?:name|uscc|assurance)) changed|entries\.start away)\z/;
my @disputed;
for my $change (changes($true->{document}), ['more', sub { $_[0]{more} = 1 }],
	['a start before the agreement', sub { $_[0]{voucher}{start} =~ s/^\d{4}/2020/ }], ['a classification', sub { $_[0]{scenario}{classification} = 'x' }],
	['a registration', sub { $_[0]{registration} = {centre => 'x', number => '1', time => $_[0]{issued}, receipt => 'x'} }]) {
	next if $own{$change->[0]} || $change->[0] =~ /^(?:entries|entities)\./ && $change->[0] !~ $samples;
	my $message = forge($true, $change->[1]);
	my $before = $b->size;
	my $answer = send_issue($message);
	if ($answer->{status} == 200) {
		my $p = $json->decode($answer->{body});
		is($p->{document}{kind} // 'accepted', 'dispute', "$change->[0]: disputed") or diag $answer->{body};
		like($p->{reason} // '', qr/\S/, 'with a reason');
		push @disputed, $change->[0];
		drop($held);
		($held, $true) = delivered();
	} else {
		like($answer->{status}, qr/^4\d\d$/, "$change->[0]: refused");
		like($answer->{body}, qr/"detail":"[^"]/, 'with a reason');
		is($b->size, $before, 'and logged nowhere');
	}
}
cmp_ok(scalar @disputed, '>', 5, 'some are well formed and disputed');

# The receipt left out; another serial; a second invoice for one delivery.
my $message = forge($true, sub { my ($i) = @_; delete $i->{receipt}; delete $i->{entries}{receive}; delete $i->{entries}{end} });
my $p = $json->decode(send_issue($message)->{body});
is($p->{document}{kind} // 'none', 'dispute', 'an invoice that leaves the receipt out is disputed');
is($p->{document}{receipt} // 'none', $true->{document}{receipt}, 'by naming it');
drop($held);
($held, $true) = delivered();
is(send_issue($true)->{status}, 200, 'the true one is accepted');
is(send_issue($true)->{status}, 200, 'and repeated');
$size = $b->size;
for my $case (['for another amount', sub { $_[0]{voucher}{net}++ }], ['with another serial', sub { $_[0]{serial} =~ s/.\z/9/ }], ['the same again', sub { }],
	['the same without receipt', sub { delete $_[0]{receipt}; delete $_[0]{entries}{$_} for qw(receive end) }]) {
	my $answer = send_issue(forge($true, sub { new_id($_[0]); $case->[1]->($_[0]) }));
	is($answer->{status}, 409, "a second invoice of a delivery, $case->[0]: conflict") or diag $answer->{body};
}
my $answer = send_issue(forge($true, sub { $_[0]{serial} =~ s/.\z/9/ }));
is($answer->{status}, 409, 'the same id with another serial: conflict') or diag $answer->{body};
is($b->size, $size, 'none of them is logged');
forward($held);
ok(relay(sub { of($s, $true->{document}{id})->{recorded} }), 'the seller has the acceptance');

# Answers by which the seller would take what the buyer never said.
($held, $true) = delivered();
my $id = $true->{document}{id};
my $said = send_issue($true);
my $yes = $json->decode($said->{body});
my $at_s = $s->size;
for my $change (changes($yes, qr/^(?:link|seen)/), ['signed by the seller', sub { $_[0]{signature} = resign($s, $true->{document}) }],
	['signed by a third', sub { $_[0]{signature} = resign({%$c, did => $b->{did}}, $true->{document}) }]) {
	my $other = copy($yes);
	$change->[1]->($other);
	$answer = post($s, "/peer/v1/invoices/$id/acceptance", $other, session($b, $s));
	like($answer->{status}, qr/^4\d\d$/, "an acceptance, $change->[0]: refused");
}
my ($first) = grep { $_->{recorded} } invoices($s);
is(post($s, "/peer/v1/invoices/$first->{id}/acceptance", $yes, session($b, $s))->{status}, 400, 'of another invoice: refused');
is(post($b, "/peer/v1/invoices/$id/acceptance", $yes, session($s, $b))->{status}, 400, 'of the seller: refused');
is(post($b, "/peer/v1/invoices/$id/acceptance", $yes, session($c, $b))->{status}, 404, 'of a third: there is none');
is($b->ask('GET', "/peer/v1/invoices/$id/status", undef, Authorization => 'Bearer ' . session($c, $b))->{status}, 404, 'nor a status for it');
is($s->size, $at_s, 'which changed nothing');
give($held, 200, $said->{body} =~ s/"salt":"./"salt":"g/r);
my $again;
do { forward($again) if $again; $again = catch($b, qr{/peer/v1/invoices$}) } while $again && $again->{body} !~ /"subject":"\Q$id\E"/;
ok($again, 'after a forged answer it is sent again');
is($again ? forward($again)->{status} : 0, 200, 'and answered');
ok(relay(sub { of($s, $id)->{recorded} }), 'and recorded') or diag $json->encode(of($s, $id));

# Files: each part from the other circulation.
my @recorded = map { $_->{id} } grep { $_->{recorded} } invoices($s);
my @files = map { my $n = $_; map { my $to = "$n->{dir}/$_.json"; $n->cli('invoice', 'export', $_, '-o', $to); $to } @recorded[0, 1] } $s, $b;
is(Node::slurp($files[$_]), Node::slurp($files[$_ + 2]), 'both hold the same file') for 0, 1;
sub verdict { my $said = qx($verify --require recorded $_[0] 2>&1); return ($? >> 8, $said) }
is((verdict($files[$_]))[0], 0, 'which proves that it is recorded') for 0, 1;
my ($one, $two) = map { $json->decode(Node::slurp($files[$_])) } 0, 1;
my $check = qr/canonical file|signatures|digests|price, object and ranges|proof of issue|proof of acceptance|what came later|keys/;
my $put = sub {
	my ($what, $file) = @_;
	open(my $out, '>:raw', "$s->{dir}/put.json") or die;
	print $out ref $file ? $json->encode($file) : $file;
	close $out;
	my ($code, $text) = verdict("$s->{dir}/put.json");
	is($code, 1, "$what: not proved") or diag $text;
	like($text, $check, 'and the check is named');
};
for my $part (sort keys %{$one->{core}}) {
	my $file = copy($one);
	$file->{core}{$part} = copy($two->{core}{$part});
	next if $json->encode($file) eq $json->encode($one);
	$put->("$part of another", $file);
	delete $file->{core}{$part};
	$put->("$part away", $file);
}
for my $part (sort keys %{$one->{core}{sigs}}) {
	next if $one->{core}{sigs}{$part} eq $two->{core}{sigs}{$part};
	my $file = copy($one);
	$file->{core}{sigs}{$part} = $two->{core}{sigs}{$part};
	$put->("$part of another", $file);
}
for my $change (changes($one)) {
	my $file = copy($one);
	$change->[1]->($file);
	next if $change->[0] =~ /^core\.accept away|^later/;
	$put->($change->[0], $file) if $change->[0] =~ /changed/ || $change->[0] !~ /^core\.\w+\./;
}

drop($held);
relay(sub { 0 }, 0.5);
$_->stop for $s, $b, $c;
for my $n ($s, $b, $c) {
	is(($n->cli('replay'))[0], 0, 'the log folds to the state that is stored');
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
	unlike(Node::slurp("$n->{dir}/log"), qr/fault|Sanitizer|runtime error/, 'it had no fault');
}
done_testing();
