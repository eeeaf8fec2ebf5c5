#!/usr/bin/perl
# Two people and a stamped contract: a buyer concludes nothing before a second person and an attached contract, also across
# a fall; the seller sees nothing of it; who proposed cannot confirm; a no of the second ends it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA 'sha256_hex';
use JSON::PP;
use Node qw(api await did segment);
use Test::More;
use Time::HiRes qw(sleep time);

my $s = Node->new(reachable => 1, name => 'Seller');
my $b = Node->new(reachable => 1, name => 'Buyer');
my $json = JSON::PP->new->utf8->canonical;

# A person signed in at the buyer.
sub person {
	my ($name, $role) = @_;
	my ($status, $made) = api($b, 'POST', '/people', {name => $name, role => $role});
	my ($token) = ($made->{link} // '') =~ /#([\w-]{43})\z/ or die "no link for $name: $status\n";
	my $a = $b->ask('POST', '/api/v1/session', $json->encode({token => $token}), 'Content-Type' => 'application/json');
	my ($cookie) = $a->{head} =~ /^Set-Cookie: (shugu_session_[0-9a-f]{8}=[\w-]{43});/mi;
	return {Cookie => $cookie, 'X-CSRF-Token' => decode_json($a->{body})->{csrf}};
}
sub by {
	my ($who, $method, $path, $body) = @_;
	my $a = $b->ask($method, "/api/v1$path", defined $body ? $json->encode($body) : undef, %$who, 'Content-Type' => 'application/json');
	return ($a->{status}, eval { decode_json($a->{body}) } // {});
}
sub say_yes { return by($_[0], 'POST', '/inbox/' . segment($_[1]) . '/approve') }
sub waiting { return grep { $_->{what} eq ($_[1] // 'agreement') } @{(api($_[0], 'GET', '/inbox'))[1]{waiting} || []} }
sub await_waiting { my @w = @_; return (await(sub { [waiting(@w)] }, sub { @{$_[0]} })->@*)[0] // {} }
sub order {
	my ($status, $o) = api($b, 'POST', '/orders', {party => did($s), product => 'weather', deliver => JSON::PP::true, anew => JSON::PP::true});
	return $o->{order};
}
sub order_state { return (api($b, 'GET', '/orders/' . segment($_[0])))[1] }
sub spill {
	my ($name, $bytes) = @_;
	open(my $f, '>:raw', "$b->{dir}/$name") or die;
	print $f $bytes;
	close $f;
	return "$b->{dir}/$name";
}

$_->start for $s, $b;
my ($code, $out, $err) = $s->cli('invite');
chomp $out;
is(($b->cli('join', $out))[0], 0, 'the buyer joins');
my $letter = await(sub { (api($s, 'GET', '/inbox'))[1]{waiting} }, sub { @{$_[0] || []} });
is(($s->cli('approve', $letter->[0]{id}))[0], 0, 'the seller approves');
await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });
open(my $f, '>', "$s->{dir}/weather.csv") or die;
print $f "station,rain\n1,2\n";
close $f;
is(($s->cli('publish', "$s->{dir}/weather.csv", '--name', 'weather', '--net', 12345, '--rate', 600))[0], 0, 'a product');

my $ann = person('Ann', 'owner');
my $bob = person('Bob', 'reviewer');
my $eve = person('Eve', 'auditor');
($code, $out, $err) = $b->cli('contract', 'policy', '--two-people', 'yes', '--stamped', 'yes');
is($code, 0, 'the buyer demands two people and a stamp') or diag $err;
like($out, qr/^concluding an agreement takes two different people and a stamped contract$/m, 'which is told');
is(($b->cli('contract', 'policy', '--stamped', 'perhaps'))[0], 2, 'yes or no');
is((by($bob, 'POST', '/agreement-policy', {twoPeople => JSON::PP::false}))[0], 403, 'a reviewer does not lift it');

# Nor does one owner alone: it is a wish that another has to confirm, across a fall too.
my ($status, $said) = by($ann, 'POST', '/agreement-policy', {twoPeople => JSON::PP::false});
is($status, 200, 'an owner would lift it');
ok($said->{twoPeople} && $said->{waiting}{id}, 'it stands, and the wish waits');
is((say_yes($ann, $said->{waiting}{id}))[0], 403, 'she does not confirm her own wish');
is((say_yes($bob, $said->{waiting}{id}))[0], 404, 'nor does a reviewer');
is(($b->stop('KILL'))[0], 137, 'the buyer falls');
$b->start;
($code, $out) = $b->cli('contract', 'policy');
like($out, qr/^a change waits for another person: shugu approve \Q$said->{waiting}{id}\E$/m, 'it still waits');
is(($b->cli('refuse', $said->{waiting}{id}, '--reason', 'the rule is good'))[0], 0, 'the operator refuses it');
like(($b->cli('contract', 'policy'))[1], qr/takes two different people and a stamped contract$/m, 'all stands');

# Nothing is concluded at first; the seller sees an offer of its own that is not answered.
my $id = order();
my $w = await_waiting($b);
is($json->encode($w->{waitsFor}), '["person","second person","stamped contract"]', 'it waits for a person, another, and a contract');
ok($w->{openUntil}, 'until a time that is told');
like(($b->cli('agreements'))[1], qr/AGREED, waits for person, second person, stamped contract/, 'the list says so');
my $seller = (api($s, 'GET', '/agreements'))[1]{agreements}[0];
ok($seller->{state} eq 'AGREED' && !$seller->{waitsFor}, 'the seller sees that time passes');

($status, $said) = say_yes($ann, $w->{id});
is("$status $said->{act}", '200 agreement.assent', 'Ann says yes');
($status, $said) = say_yes($ann, $w->{id});
is($status, 403, 'but not twice');
like($said->{detail}, qr/you said yes .* another person must confirm/, 'and is told');
is((say_yes($eve, $w->{id}))[0], 403, 'an auditor confirms nothing');
($status, $said) = say_yes($bob, $w->{id});
is($status, 400, 'Bob finds no contract');
like($said->{detail}, qr/stamped contract is not attached yet: shugu contract attach \S+ FILE/, 'and is told what to do');
$w = (waiting($b))[0];
is("$w->{proposedByName} " . $json->encode($w->{waitsFor}), 'Ann ["second person","stamped contract"]', 'who proposed it is shown');

# A fall while it waits.
is(($b->stop('KILL'))[0], 137, 'the buyer falls');
$b->start;
is($json->encode((waiting($b))[0]{waitsFor}), '["second person","stamped contract"]', 'and knows it still');

# The file: no page, no program; a PDF, and what was attached comes back as it was.
my $page = spill('contract.pdf', '<html><script>alert(1)</script>');
($code, $out, $err) = $b->cli('contract', 'attach', $w->{id}, $page);
is($code, 2, 'a page that calls itself PDF is refused');
like($err, qr/neither a PDF nor a scan/, 'and it is said why');
my $pdf = "%PDF-1.4\n" . join('', map { chr(($_ * 7919) % 256) } 1 .. 300000);
($code, $out, $err) = $b->cli('contract', 'attach', $w->{id}, spill('signed.pdf', $pdf));
is($code, 0, 'the stamped contract') or diag $err;
my $sha = sha256_hex($pdf);
like($out, qr/sha256 $sha/, 'by digest');
my $at = '/agreements/' . segment($w->{id}) . '/attachments';
my ($file) = @{(api($b, 'GET', $at))[1]{attachments}};
is("$file->{mediaType} $file->{size} $file->{sha256}", 'application/pdf ' . length($pdf) . " $sha", 'listed');
my $got = $b->ask('GET', "/api/v1$at/$sha", undef, %$eve);
ok($got->{status} == 200 && $got->{body} eq $pdf, 'and given back, byte for byte');
like($got->{head}, qr/^Content-Disposition: attachment; filename="contract-[0-9a-f]{12}\.pdf"\r$/m, 'as a download');
like($got->{head}, qr/^X-Content-Type-Options: nosniff\r$/m, 'that nobody guesses about');
like($got->{head}, qr/^Content-Type: application\/pdf\r$/mi, 'of its own type');
is($b->ask('GET', "/api/v1$at/$sha")->{status}, 401, 'not to strangers');
is((api($b, 'GET', "$at/" . 'a' x 64))[0], 404, 'another is not there');

($status, $said) = say_yes($bob, $w->{id});
is("$status " . ($said->{act} // $said->{detail}), '200 agreement.conclude', 'now Bob concludes');
my $o = await(sub { order_state($id) }, sub { $_[0]{state} =~ /^(?:recorded|failed)$/ });
is($o->{state}, 'recorded', 'and the circulation ends recorded') or diag $json->encode($o);

# The operator is one person; a no of the second ends it.
$id = order();
$w = await_waiting($b);
is(($b->cli('approve', $w->{id}))[0], 0, 'the operator proposes');
($code, $out, $err) = $b->cli('approve', $w->{id});
is($code, 1, 'and is one person');
like($err, qr/another person must confirm/, 'who is told');
($status, $said) = by($bob, 'POST', '/inbox/' . segment($w->{id}) . '/refuse', {reason => 'too dear'});
is("$status $said->{act}", '200 agreement.terminate', 'Bob refuses');
$o = await(sub { order_state($id) }, sub { $_[0]{state} eq 'failed' });
is($o->{state}, 'failed', 'it is over');
$seller = await(sub { (api($s, 'GET', '/agreements'))[1]{agreements}[0] }, sub { $_[0]{state} eq 'TERMINATED' });
is($seller->{reason}, 'too dear', 'and the seller is told why');

# An invoice is voided by two people too.
is(($b->cli('invoice', 'policy', '--two-people', 'yes'))[0], 0, 'and for invoices');
my ($invoice) = @{(api($b, 'GET', '/invoices'))[1]{invoices}};
my $its = '/invoices/' . segment($invoice->{id});
($code, $out, $err) = $b->cli('invoice', 'void', $invoice->{id}, '--reason', 'agreed');
is($code, 0, 'the operator wishes it void') or diag $err;
($w) = waiting($b, 'void');
is($json->encode($w->{waitsFor}), '["second person"]', 'which waits for another');
is(scalar @{(api($b, 'GET', $its))[1]{corrections}}, 0, 'and signs nothing');
is(($b->cli('approve', $w->{id}))[0], 1, 'the operator is still one person');
is(($b->stop('KILL'))[0], 137, 'the buyer falls again');
$b->start;
($status, $said) = say_yes($bob, $w->{id});
is("$status " . ($said->{act} // $said->{detail}), '200 invoice.correct', 'Bob proposes it');
$w = await_waiting($s, 'correction');
is(($s->cli('approve', $w->{id}))[0], 0, 'the seller, who has no such rule, agrees');
is(await(sub { (api($b, 'GET', $its))[1]{state} }, sub { $_[0] eq 'void' }), 'void', 'it is void');

# Lifting both rules takes two people as well.
is((by($ann, 'POST', '/invoice-policy', {twoPeople => JSON::PP::false}))[0], 200, 'an owner would lift that of invoices');
$w = await_waiting($b, 'policy');
like($w->{about}, qr/^invoice policy: \{"twoPeople":false\}$/, 'it says what is wished');
is((by($ann, 'POST', '/invoice-policy', {twoPeople => JSON::PP::false}))[0], 400, 'once');
is((say_yes($ann, $w->{id}))[0], 403, 'not by her');
is(($b->cli('approve', $w->{id}))[0], 0, 'the operator confirms it');
ok(!(api($b, 'GET', '/invoice-policy'))[1]{twoPeople}, 'it is lifted');

# With a stamp: what waits stands with its invoice, and nothing is signed before the file is there.
is(($b->cli('invoice', 'policy', '--two-people', 'no', '--stamped', 'yes'))[0], 0, 'a stamp, and one person');
like(($b->cli('invoice', 'policy'))[1], qr/^correcting or voiding an invoice takes a stamped contract$/m, 'which is told');
$id = order();
$w = await_waiting($b);
is(($b->cli('contract', 'attach', $w->{id}, "$b->{dir}/signed.pdf"))[0], 0, 'another agreement, stamped');
is((say_yes($ann, $w->{id}))[0], 200, 'Ann says yes');
is((say_yes($bob, $w->{id}))[0], 200, 'and Bob');
await(sub { order_state($id) }, sub { $_[0]{state} =~ /^(?:recorded|failed)$/ });
($invoice) = @{(api($b, 'GET', '/invoices'))[1]{invoices}};
$its = '/invoices/' . segment($invoice->{id});
($code, $out, $err) = $b->cli('invoice', 'attach', $invoice->{id}, "$b->{dir}/signed.pdf");
is($code, 1, 'nothing to attach it to');
like($err, qr/shugu invoice correct or void comes first/, 'and is told what comes first');
is(($b->cli('invoice', 'correct', $invoice->{id}, '--net', '100', '--reason', 'half'))[0], 0, 'a correction is wished');
my $shown = (api($b, 'GET', $its))[1];
is($json->encode($shown->{waitsFor}), '["person","stamped contract"]', 'the invoice shows what it waits for');
is(scalar @{$shown->{corrections}}, 0, 'and nothing is signed');
like(($b->cli('invoice', 'list'))[1], qr/waits for person, stamped contract/, 'the list says so too');
($code, $out, $err) = $b->cli('approve', $shown->{correction});
is($code, 1, 'nobody approves it without the file');
like($err, qr/stamped contract is not attached yet: shugu invoice attach \S+ FILE/, 'and is told what to do');
is(($b->cli('invoice', 'attach', $shown->{correction}, "$b->{dir}/signed.pdf"))[0], 0, 'it is attached');
($file) = @{(api($b, 'GET', "$its/attachments"))[1]{attachments}};
is("$file->{about} $file->{sha256}", "$shown->{correction} $sha", 'to that correction');
ok($b->ask('GET', "/api/v1$its/attachments/$sha", undef, %$eve)->{body} eq $pdf, 'and given back');
is(($b->cli('approve', $shown->{correction}))[0], 0, 'now one person is enough');
is($json->encode((api($b, 'GET', $its))[1]{corrections}[0]{state}), '"proposed"', 'and it is proposed');

# A file too large, told by size alone, and links.
($status, $said) = api($b, 'POST', $at, {root => 'a' x 64, sha256 => 'a' x 64, size => 1});
is($status, 404, 'an object that is not there is not attached');
is(($b->cli('publish', "$s->{dir}/weather.csv", '--name', 'mine'))[0], 0, 'a product of the buyer');
($code, $out, $err) = $b->cli('share', 'mine', '--to', 'Zhang');
is($code, 1, 'a link would conclude at once');
like($err, qr/concluded here by two people or on a stamped contract/, 'and is refused with the reason');

is(($_->stop)[0], 0, 'it ends') for $s, $b;
is(($_->cli('replay'))[0], 0, 'its log folds to its state') for $s, $b;
unlike(Node::slurp("$_->{dir}/log"), qr/Sanitizer|runtime error|fault=/, 'without a fault') for $s, $b;
done_testing();
