#!/usr/bin/perl
# Simulated nodes: --at sets their clock, forward alone; what is due by then is done; a partner takes the sender's time; real
# nodes refuse --at, and all that a simulated node makes; verifiers say SIMULATED.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(api await segment);
use Test::More;

my @simulated = (init => ['--simulated', '--at', '2026-04-01']);
my $s = Node->new(reachable => 1, name => 'Seller', @simulated);
my $b = Node->new(reachable => 1, name => 'Buyer', @simulated);
my $real = Node->new(reachable => 1, name => 'Real');
sub json { return eval { decode_json($_[0]) } || {} }
sub clock { return (api($_[0], 'GET', '/clock'))[1]{now} // '' }

# A node that does not run.
like(Node::slurp("$s->{data}/node.json"), qr/:simulated"/, 'the DID bears the mark');
my ($code, $out, $err) = $s->cli('party', 'list', '--at', '2026-04-02T08:00:00+08:00');
is($code, 0, "a command takes --at: $err");
is(Node::slurp("$s->{data}/clock") =~ s/:\d\d\.\d{3}Z\z//r, '2026-04-02T00:00', 'and the clock is kept');
($code, $out, $err) = $s->cli('party', 'list', '--at', '2026-04-01');
is($code, 2, 'it does not go back');
like($err, qr/does not go back/, 'and says so');
is(($s->cli('party', 'list', '--at', '2026-04-02'))[0], 0, 'the day it shows is no way back');
is(($s->cli('party', 'list', '--at', 'tomorrow'))[0], 2, 'what is no time is refused');
for my $words (['party', 'list'], ['invite'], ['init', '--name', 'x', '--uscc', $Node::uscc, '--url', 'https://x.example']) {
	($code, $out, $err) = $real->cli(@$words, '--at', '2026-04-01', '--json');
	ok($code == 1 && "$out$err" =~ /"urn:shugu:problem:simulated"|simulated/, "a real node refuses --at: @$words");
}
my $dir = $s->{dir};
($code, $out, $err) = Node::run($dir, 'init', '--data', "$dir/other", '--name', 'x', '--uscc', $Node::uscc, '--url', 'https://x.example/simulated');
ok($code != 0 && $err =~ /simulated/ && !-e "$dir/other/node.json", 'no real node takes the mark');

# Nodes that run.
$_->start for $s, $b, $real;
like(clock($s), qr/^2026-04-02T/, 'a node that runs goes on from there');
like(clock($b), qr/^2026-04-01T01:/, 'a date is 09:00 in China');
is((api($real, 'POST', '/clock', {at => '2026-04-01'}))[1]{type}, 'urn:shugu:problem:simulated', 'a real node refuses over HTTP too');
is(($s->ask('GET', '/simulated/healthz'))->{status}, 200, 'it lies under its mark');
is(($real->ask('GET', '/simulated/healthz'))->{status}, 404, 'a real one does not');
is(($s->ask('GET', '/simulated/did.json'))->{status}, 200, 'its DID document is where did:web looks');
(undef, $out) = $s->cli('invite', '--at', '2026-04-10');
chomp(my $invitation = $out);
($code, $out, $err) = $real->cli('join', $invitation, '--json');
ok($code == 1 && "$out$err" =~ /SIMULATED/, "a real node does not join: $err");
(undef, $out) = $real->cli('invite');
chomp $out;
($code, $out, $err) = $b->cli('join', $out);
ok($code == 1 && $err =~ /SIMULATED/, 'and is not joined by a simulated one');
is(($b->cli('join', $invitation))[0], 0, 'simulated nodes join');
my $letter = await(sub { (api($s, 'GET', '/inbox'))[1]{waiting} }, sub { @{$_[0] || []} });
is(($s->cli('approve', $letter->[0]{id}))[0], 0, 'and approve');
await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });
like(clock($b), qr/^2026-04-10T/, 'who gets a message takes the time of its sender');

# A delivery, and its verdict.
open(my $f, '>', "$dir/weather.csv") or die;
print $f "station,rain\n1,2\n";
close $f;
is(($s->cli('publish', "$dir/weather.csv", '--name', 'weather', '--net', 12345, '--rate', 600, '--at', '2026-04-20'))[0], 0, 'a product');
($code, $out, $err) = $b->cli('get', 'Seller', 'weather', '-o', "$dir/got.csv", '--at', '2026-05-10');
is($code, 0, "the buyer gets it a month later: $err");
like(clock($s), qr/^2026-05-10T/, 'and the seller has that time');
my $list = await(sub { (api($b, 'GET', '/invoices'))[1]{invoices} }, sub { @{$_[0] || []} && ($_[0][0]{state} // '') =~ /accepted/i });
my $id = $list->[0]{id} // $list->[0]{invoice} // '';
is(($b->cli('invoice', 'export', $id, '-o', "$dir/i.json"))[0], 0, 'an invoice');
($code, $out, $err) = Node::run($dir, 'verify', "$dir/i.json");
ok($code == 0 && $out =~ /SIMULATED/, 'the verdict says SIMULATED');
($code, $out) = Node::run($dir, 'verify', '--json', "$dir/i.json");
is(json($out)->{simulated}, JSON::PP::true, 'also to programs');
is((Node::run($dir, 'verify', '--require', 'claimed', "$dir/i.json"))[0], 1, 'and nothing that is required is met');
is((Node::run($dir, 'invoice', 'export', '--data', $b->{data}, $id, '--html', "$dir/i.html"))[0], 0, 'as a page');
like(Node::slurp("$dir/i.html"), qr/SIMULATED/, 'which says it too');

is(($_->cli('replay'))[0], 0, 'the log replays') for $s, $b;
is(($s->cli('party', 'list', '--at', '2026-06-30'))[0], 0, 'time passes');
$s->stop;
$s->start;
like(clock($s), qr/^2026-06-30T/, 'and is kept over a restart');
$_->stop for $s, $b, $real;
done_testing();
