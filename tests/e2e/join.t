#!/usr/bin/perl
# Organisations meet: invitation, letter, approval, refusal, withdrawal, between served nodes that also fall and come back.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(did);
use Test::More;
use Time::HiRes qw(sleep time);

sub node { return Node->new(reachable => 1, name => $_[0]) }

# What one node thinks of another: the row of `party list`, or nothing.
sub party {
	my ($n, $other) = @_;
	my ($code, $out) = $n->cli('party', 'list', did($other), '--json');
	return $code == 0 ? decode_json($out) : {status => 'unknown'};
}

# Waits until it has that status; a joining takes two messages of some milliseconds.
sub becomes {
	my ($n, $other, $status, $what) = @_;
	my $end = time + 10;
	sleep 0.02 while time < $end && party($n, $other)->{status} ne $status;
	return is(party($n, $other)->{status}, $status, $what);
}

sub invitation {
	my ($n) = @_;
	my ($code, $out) = $n->cli('invite');
	return $code == 0 && $out =~ /^(shugu-invite:[A-Za-z0-9_-]+)\n$/ ? $1 : '';
}

sub waiting {
	my ($n) = @_;
	my ($code, $out) = $n->cli('inbox', '--json');
	return $code == 0 ? @{decode_json($out)->{waiting}} : ();
}

# Entries of a log that are of some type, by `log prove`.
sub acts {
	my ($n, $type) = @_;
	my @found;
	for my $i (0 .. $n->size - 1) {
		my $e = decode_json(($n->cli('log', 'prove', $i))[1]);
		push @found, $e->{act} if $e->{act}{type} eq $type;
	}
	return @found;
}

my ($first, $second, $third) = (node('甲'), node('乙'), node('丙'));
$_->start for $first, $second, $third;

# The way it should go.
my $line = invitation($first);
ok($line, 'an invitation is one line');
my ($code, $out, $err) = $second->cli('join', substr $line, 0, -4);
is($code, 1, 'one that was not copied whole is refused');
like($err, qr/not copied whole/, 'with the reason');
($code, $out, $err) = $first->cli('join', $line);
is($code, 1, 'nobody joins himself');
like($err, qr/our own/, 'with the reason');
my $began = time;
($code, $out) = $second->cli('join', " $line\n");
is($code, 0, 'another joins');
like($out, qr/^甲 \(did:web:localhost%3A\d+\): joining/, 'and reads whom');
becomes($first, $second, 'asked', 'the inviter hears of it');
my @rows = waiting($first);
is(scalar @rows, 1, 'it waits for a person there');
is($rows[0]{from}, did($second), 'by its name');
is($first->operate('POST', '/api/v1/inbox/urn:uuid:x/approve')->{status}, 404, 'nothing else waits');
is(($first->cli('approve', $rows[0]{id}))[0], 0, 'the person approves');
becomes($second, $first, 'approved', 'then both');
is(party($first, $second)->{status}, 'approved', 'are approved');
diag(sprintf 'join to approved, two commands and polls: %.0f ms', 1000 * (time - $began));
is(($first->cli('approve', $rows[0]{id}))[0], 1, 'once');
is(party($_->[0], $_->[1])->{assurance}, 'partner-confirmed', 'as the partner confirmed')
	for [$first, $second], [$second, $first];

# Both logs hold the other's head.
for my $pair ([$first, 'party.ask'], [$second, 'party.approved'], [$first, 'party.acknowledged'],
	[$second, 'party.acknowledged']) {
	my ($n, $type) = @$pair;
	my $other = $n == $first ? $second : $first;
	my $end = time + 5;
	sleep 0.05 while time < $end && !acts($n, $type);
	my ($act) = acts($n, $type);
	is($act->{body}{head}{origin}, "localhost:$other->{listen}/log", "$type holds the head of the other's log");
	ok(!$act->{body}{head}{unlinked}, 'which links');
}
is(party($second, $first)->{unlinkedHeads}, undef, 'no head is left over');

# The same line again, from another: too late.
is(($third->cli('join', $line))[0], 0, 'a third node finds the line');
becomes($third, $first, 'withdrawn', 'and is turned away');
like(party($third, $first)->{reason}, qr/^answered 409: .*used before/, 'with the reason');
is(party($first, $third)->{status}, 'unknown', 'the inviter logs nothing about it');

# A person says no.
is(($third->cli('join', invitation($first)))[0], 0, 'it is invited itself');
becomes($first, $third, 'asked', 'and asks');
@rows = waiting($first);
is(($first->cli('refuse', $rows[0]{id}))[0], 2, 'a refusal without a reason is wrong usage');
is(($first->cli('refuse', $rows[0]{id}, '--reason', 'no business'))[0], 0, 'a person says no');
becomes($third, $first, 'withdrawn', 'which it learns');
is(party($third, $first)->{reason}, 'no business', 'with the reason');
is(scalar(waiting($first)), 0, 'nothing waits any more');

# Either node may be down at any time.
$third->stop('KILL');
$line = invitation($first);
($code, $out) = $third->cli('join', $line);
is($code, 0, 'a command joins while no node runs');
like($out, qr/shugu serve/, 'and says what is missing');
$first->stop('KILL');
$third->start;
sleep 0.3;
is(party($third, $first)->{status}, 'joining', 'nobody is there to hear it');
$first->start;
becomes($first, $third, 'asked', 'the letter comes when there is');
$third->stop('KILL');
@rows = waiting($first);
is(($first->cli('approve', $rows[0]{id}))[0], 0, 'approved while the other is down');
$first->stop('KILL');
$first->start;
$third->start;
becomes($third, $first, 'approved', 'it learns that later');

# Strangers, and what is no letter.
my %json = ('Content-Type' => 'application/json');
my $size = $first->size;
is($first->ask('POST', '/peer/v1/join', '{}', %json)->{status}, 401, 'a letter without a token');
is($first->ask('POST', '/peer/v1/join', '{}', %json, Authorization => 'Bearer a.b.c')->{status}, 401, 'or with a bad one');
is($first->ask('POST', "/peer/v1/$_", '{}', %json)->{status}, 401, "$_ without a token") for 'approved', 'withdrawn';
is($first->operate('POST', '/peer/v1/join', '{}')->{status}, 401, 'the operator is no party');
is($first->ask('POST', '/api/v1/invitations', undef)->{status}, 401, 'strangers invite nobody');
is($first->ask('GET', '/api/v1/inbox')->{status}, 401, 'and see nothing of the inbox');
is($first->operate('POST', '/api/v1/parties', '{"invitation":"x"}')->{status}, 400, 'what is no invitation');
is($first->operate('POST', '/api/v1/parties', '{}')->{status}, 400, 'or none');
is($first->size, $size, 'left nothing in the log');

# A plain connector, by its bearer.
open(my $f, '>', "$first->{dir}/bearer") or die;
print $f "0123456789abcdef0123456789abcdef\n";
close $f;
my %bearer = (%json, Authorization => 'Bearer 0123456789abcdef0123456789abcdef');
my $ask = '{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"CatalogRequestMessage"}';
is($first->ask('POST', '/dsp/2025-1/catalog/request', $ask, %bearer)->{status}, 401, 'an unknown bearer is nobody');
is(($first->cli('party', 'add-bearer', 'kit', '--did', 'TCK', '--url', 'http://localhost:1', '--token-file',
	"$first->{dir}/bearer"))[0], 0, 'the operator registers it');
is($first->ask('POST', '/dsp/2025-1/catalog/request', $ask, %bearer)->{status}, 200, 'then it may ask');
is(($first->cli('party', 'withdraw', 'TCK', '--reason', 'done'))[0], 0, 'and is withdrawn');
is($first->ask('POST', '/dsp/2025-1/catalog/request', $ask, %bearer)->{status}, 401, 'then it is nobody again');

# The end, and a new beginning.
is(($second->cli('party', 'withdraw', did($first), '--reason', 'moved'))[0], 0, 'a party is withdrawn');
becomes($first, $second, 'withdrawn', 'which the other learns');
is(party($first, $second)->{reason}, 'moved', 'with the reason');
is(($second->cli('join', invitation($first)))[0], 0, 'a new invitation begins anew');
becomes($first, $second, 'asked', 'and waits for a person again');

for my $n ($first, $second, $third) {
	is(($n->stop)[0], 0, 'a node ends');
	like(($n->cli('replay'))[1], qr/fold to the state/, 'its log folded anew gives its state');
	is(($n->cli('log', 'audit'))[0], 0, 'and the audit agrees');
}
done_testing();
