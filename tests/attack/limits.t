#!/usr/bin/perl
# Counts are exact: an agreement for ten deliveries gives ten to 64 who ask at once, while both nodes are killed and started again; a link
# for ten takings gives ten to 64 people at once, over a kill too. No start is given twice, none is lost.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Node qw(api segment);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->canonical->utf8;
my ($s, $b) = map { Node->new(reachable => 1, name => $_) } qw(Seller Buyer);
$_->start for $s, $b;
sub await {
	my ($so, $seconds) = @_;
	my $end = time + ($seconds || 15);
	while (time < $end) {
		my $got = $so->();
		return $got if $got;
		sleep 0.05;
	}
	return;
}
my $did = "did:web:localhost%3A$s->{listen}";
my (undef, $line) = $s->cli('invite');
chomp $line;
is(($b->cli('join', $line))[0], 0, 'they join');
my $waits = await(sub { (api($s, 'GET', '/inbox'))[1]{waiting}[0] });
is(($s->cli('approve', $waits->{id}))[0], 0, 'and are approved');
ok(await(sub { ($b->cli('party', 'list', '--json'))[1] =~ /"approved"/ }), 'on both sides');
open(my $f, '>', "$s->{dir}/rain.csv") or die;
print $f "a,b\n1,2\n";
close $f;
open($f, '>', "$s->{dir}/ten.json") or die;
print $f '{"@type":"Offer","permission":[{"action":"use","constraint":[{"leftOperand":"count","operator":"lteq","rightOperand":"10"}]}]}';
close $f;
my ($code, undef, $err) = $s->cli('publish', "$s->{dir}/rain.csv", '--name', 'rain', '--net', 100, '--rate', 600, '--policy', "$s->{dir}/ten.json");
is($code, 0, 'a product for ten deliveries') or diag $err;

# 1. An agreement.
my (undef, $order) = api($b, 'POST', '/orders', {party => $did, product => 'rain'});
my $agreement = await(sub { my ($a) = grep { ($_->{state} // '') eq 'FINALIZED' } @{(api($b, 'GET', '/agreements'))[1]{agreements} || []}; $a }) or BAIL_OUT('no agreement: ' . $json->encode((api($b, 'GET', '/agreements'))[1]));
my $id = $agreement->{agreement} // $agreement->{id} // $agreement->{negotiation};

# Both at once from here: 64 processes, each asks once and again until it has an answer; two kills of either node meanwhile.
sub ask {
	my ($i) = @_;
	my $end = time + 20;
	my $urn = sprintf 'urn:uuid:01980000-0000-7000-8000-%012x', 4096 + $i;
	while (time < $end) {
		my ($status) = api($b, 'POST', '/deliveries', {agreement => $id, id => $urn});
		return 0 if $status >= 200 && $status < 500;
		sleep 0.05;
	}
	return 1;
}
my @pids;
for my $i (1 .. 64) {
	my $pid = fork // die $!;
	POSIX::_exit(ask($i)) if $pid == 0;
	push @pids, $pid;
}
for my $victim ($s, $b, $s, $b) {
	sleep 0.05 + rand 0.2;
	$victim->{listen} = $victim->{port};
	$victim->stop('KILL');
	$victim->start;
}
my $unanswered = 0;
for (@pids) { waitpid $_, 0; $unanswered++ if $? }
is($unanswered, 0, 'all 64 were answered');
sub states {
	my ($n) = @_;
	my (%of, $offset, $list);
	do {
		(undef, $list) = api($n, 'GET', '/deliveries' . ($offset ? "?offset=$offset" : ''));
		$of{$_->{state} // '?'}++ for @{$list->{deliveries} || []};
	} while ($offset = $list->{next});
	return \%of;
}
my $settled = await(sub { my $of = states($b); my $n = 0; $n += $_ for values %$of; $n == 64 && ($of->{COMPLETED} // 0) + ($of->{TERMINATED} // 0) == 64 && $of }, 45);
my $of = $settled || states($b);
is($of->{COMPLETED} // 0, 10, 'ten are delivered') or diag $json->encode($of), $json->encode(states($s));
is($of->{TERMINATED} // 0, 54, 'and 54 refused');
is(states($s)->{COMPLETED} // 0, 10, 'ten by the seller too');
my $starts = 0;
for my $i (0 .. $s->size - 1) { $starts++ if $s->operate('GET', "/api/v1/evidence/$i")->{body} =~ /"type":"delivery\.start"/ }
is($starts, 10, 'its log has ten starts');
ok(await(sub { 10 == grep { $_->{recorded} } @{(api($b, 'GET', '/invoices'))[1]{invoices} || []} }, 30), 'and ten invoices are recorded');
my ($late) = api($b, 'POST', '/deliveries', {agreement => $id});
ok(await(sub { (states($b)->{TERMINATED} // 0) == 55 || $late >= 400 }, 15), 'one more is refused');
is(states($b)->{COMPLETED}, 10, 'and ten it stays');

# 2. A link.
my $link = $json->decode(($s->cli('share', 'rain', '--to', 'many', '--count', 10, '--json'))[1]);
my $path = $link->{url} =~ s{^https?://[^/]+}{}r;
@pids = ();
for my $i (1 .. 64) {
	my $pid = fork // die $!;
	if ($pid == 0) {
		my $got = 0;
		for (1 .. 400) {
			my $a = $s->ask('POST', $path, "name=p$i&organisation=o&agree=yes", 'Content-Type' => 'application/x-www-form-urlencoded');
			$got = $a->{status} == 303 ? 1 : $a->{status} == 0 ? 2 : 0;
			last if $a->{status} && $a->{status} < 500;
			last if $got == 2 && $i % 2;	# half of them give up when the answer is lost
			sleep 0.02;
		}
		POSIX::_exit($got);
	}
	push @pids, $pid;
}
sleep 0.05;
$s->{listen} = $s->{port};
$s->stop('KILL');
$s->start;
my %given;
for (@pids) { waitpid $_, 0; $given{$? >> 8}++ }
my ($shown) = grep { $_->{id} eq $link->{id} } @{$json->decode(($s->cli('share', 'list', '--json'))[1])->{shares}};
cmp_ok($given{1} // 0, '<=', 10, 'of 64 people at most ten have taken: ' . ($given{1} // 0));
is($s->ask('POST', $path, 'name=a&organisation=o&agree=yes', 'Content-Type' => 'application/x-www-form-urlencoded')->{status} == 303 ? 1 : 0, $shown->{taken} < 10 ? 1 : 0,
	"$shown->{taken} were counted, and the next is answered so");
is($shown->{taken}, 10, 'ten, not one more');
my $given = 0;
for my $i (0 .. $s->size - 1) { $given++ if $s->operate('GET', "/api/v1/evidence/$i")->{body} =~ /"type":"delivery\.start"/ }
is($given, 20, 'and the log has ten starts more');
cmp_ok($shown->{taken}, '>=', $given{1} // 0, 'and none that was given is uncounted');
for my $n ($s, $b) {
	is(($n->stop)[0], 0, 'it ends');
	is(($n->cli('replay'))[0], 0, 'its log folds to its state');
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
	unlike(Node::slurp("$n->{dir}/log"), qr/level=error|Sanitizer|runtime error|Assertion/, 'it had no fault');
}
done_testing();
