#!/usr/bin/perl
# A clock that steps forth and back under a running node (tests/attack/shim.c): the times of its log never go back, tokens that are too far
# off are refused and used ones stay used, sessions end when their time is over whatever the clock says, and what was dated ahead in
# error is taken once its time has come.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use Digest::SHA 'sha256_hex';
use JSON::PP;
use MIME::Base64 'encode_base64url';
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my ($shim) = grep { -f } "$ENV{SHUGU_BUILD}/tests/libshim.so", "$ENV{SHUGU_BUILD}/libshim.so" or die "no libshim.so in $ENV{SHUGU_BUILD}\n";

# Each node has a clock of its own: milliseconds of the day, and since the machine began.
sub under {
	my ($clock, $do) = @_;
	my $asan = $ENV{ASAN_OPTIONS} ? "$ENV{ASAN_OPTIONS}:" : '';
	local @ENV{qw(LD_PRELOAD CLOCK_FILE ASAN_OPTIONS)} = ($shim, $clock, "${asan}verify_asan_link_order=0");
	return $do->();
}
my $where = File::Temp::tempdir(CLEANUP => 1);
sub set {
	my ($name, $day, $mono) = @_;
	open(my $f, '>', "$where/$name.new") or die;
	printf $f "%d %d\n", 1000 * $day, 1000 * ($mono // 0);
	close $f;
	rename "$where/$name.new", "$where/$name" or die;
}
my %n;
for my $name ('s', 'b') {
	set($name, 0);
	$n{$name} = under("$where/$name", sub { between(uc $name) });
}
my ($s, $b) = @n{'s', 'b'};
befriend($s, $b);

# 1. Times of the log.
my @at;
my @steps = (0, 3600, -3600, 86400, -86400 * 365, 1, -300, 0, 40 * 365 * 86400 * -1, 0);
for my $step (@steps) {
	set('s', $step);
	for (1 .. 3) {
		my $a = $s->operate('POST', '/api/v1/evidence', $json->encode({digest => 'sha256:' . sha256_hex("$step $_")}));
		is($a->{status}, 201, "with the clock $step s off an act is taken") or diag $a->{body};
		push @at, $json->decode($a->{body})->{act}{at};
	}
}
is(join(' ', @at), join(' ', sort @at), 'the times of the log never go back');
cmp_ok($at[-1], 'gt', $at[0], 'and follow the clock forward');
set('s', -5000);
$s->stop;
under("$where/s", sub { $s->start });
my $a = $s->operate('POST', '/api/v1/evidence', $json->encode({digest => 'sha256:' . sha256_hex('again')}));
cmp_ok($json->decode($a->{body})->{act}{at}, 'ge', $at[-1], 'nor after a start with a clock that is behind');
is(($s->cli($_))[0], 0, "$_ is content") for 'replay';
is(($s->cli('log', 'audit'))[0], 0, 'the audit too');
set('s', 0);

# 2. Tokens. Made by the test, whose clock is right.
my $jti = 0;
sub token_at {
	my ($from, $to, $off, %more) = @_;
	my $head = $json->encode({alg => 'EdDSA', kid => "$from->{did}#key-1", typ => 'JWT'});
	my $claims = $json->encode({iss => $from->{did}, sub => $from->{did}, aud => $to->{did}, iat => $off + int time,
		exp => $off + 60 + int time, jti => 'clock-' . ++$jti, %more});
	my $input = encode_base64url($head) . '.' . encode_base64url($claims);
	return $input . '.' . encode_base64url(sign($from, $input));
}
sub with { my ($bearer) = @_; return $s->ask('GET', '/dsp/2025-1/transfers/urn:uuid:01980000-0000-7000-8000-000000000001', undef, Authorization => "Bearer $bearer") }
for my $case ([0, 404], [240, 404], [-240, 401, 'it has ended'], [-40, 404], [330, 401], [-330, 401], [86400, 401], [-86400, 401]) {
	my $answer = with(token_at($b, $s, $case->[0]));
	is($answer->{status}, $case->[1], "a token of a clock $case->[0] s off: $case->[1]") or diag $answer->{body};
}
for my $off (330, -330, 86400) {
	set('s', $off);
	my $answer = with(token_at($b, $s, 0));
	is($answer->{status}, 401, "a clock of our own $off s off: tokens are refused");
	like($answer->{body}, qr/clock|has ended/, 'and why') if $answer->{status} == 401;
}
set('s', 0);
my $good = token_at($b, $s, 0);
is(with($good)->{status}, 404, 'a good token is good');
for my $off (0, 200, -200, 90000, 0, -90000, 0) {
	set('s', $off);
	is(with($good)->{status}, 401, "and once: with the clock $off s off it is not");
}
for my $claims ([exp => int(time) + 900], [exp => int(time) - 1], [iat => int(time), exp => int(time) - 5], [aud => $b->{did}], [aud => 'did:web:c.example'],
	[sub => $s->{did}], [iss => $s->{did}], [jti => ''], [iat => '1'], [exp => 9007199254740991], [iat => -1], [iat => 9007199254740991]) {
	my $answer = with(token_at($b, $s, 0, @$claims));
	# An empty jti is a name like any other, good once.
	my $want = $claims->[0] eq 'jti' ? qr/^40[14]$/ : qr/^401$/;
	like($answer->{status}, $want, 'a token with ' . join(' ', @$claims) . ': refused');
}

# 3. Sessions end after five minutes of the machine, also where the clock was an hour ahead when they began.
sub session_of { my ($off) = @_; my $x = with(token_at($b, $s, $off)); return $x->{head} =~ /^shugu-session: (\S+)\r$/mi ? $1 : die "no session: $x->{body}" }
for my $off (0, 3600, -3600) {
	set('s', $off);
	my $session = session_of($off);
	is(with($session)->{status}, 404, "a session begun with the clock $off s off is good");
	set('s', 0, 0);
	is(with($session)->{status}, 404, 'also when the clock is right again');
	set('s', 0, 290);
	is(with($session)->{status}, 404, 'after nearly five minutes');
	set('s', 0, 302);
	is(with($session)->{status}, 401, 'and no longer');
	set('s', 0, 0);
}

# 4. A seller whose clock ran ten minutes ahead for a moment: its log is dated ahead, and its partner refuses what is. When that time
# has come for both, what was ordered meanwhile is recorded.
open(my $f, '>', "$s->{dir}/rain.csv") or die;
print $f "a,b\n1,2\n";
close $f;
# (The log of s already ends a day ahead.)
is(($s->cli('publish', "$s->{dir}/rain.csv", '--name', 'rain', '--net', 100, '--rate', 600))[0], 0, 'a product of a log dated ahead');
my ($status) = api($b, 'POST', '/orders', {party => $s->{did}, product => 'rain', deliver => JSON::PP::true});
is($status, 202, 'is ordered');
my $size = $b->size;
ok(!relay(sub { grep { $_->{recorded} } @{(api($b, 'GET', '/invoices'))[1]{invoices} || []} }, 3), 'nothing is recorded while its log is dated ahead');
set($_, 86400 + 120, 86400) for 's', 'b';
ok(relay(sub { grep { $_->{recorded} } @{(api($b, 'GET', '/invoices'))[1]{invoices} || []} }, 20), 'when that time has come it is recorded')
	or diag $json->encode((api($s, 'GET', '/outbox'))[1]), $json->encode((api($b, 'GET', '/agreements'))[1]), Node::slurp("$b->{dir}/log"), Node::slurp("$s->{dir}/log");
for my $n ($s, $b) {
	is(($n->stop)[0], 0, 'it ends');
	is(($n->cli('replay'))[0], 0, 'its log folds to its state');
	is(($n->cli('log', 'audit'))[0], 0, 'and hashes to its heads');
	unlike(Node::slurp("$n->{dir}/log"), qr/level=error|Sanitizer|runtime error|Assertion/, 'it had no fault');
}
done_testing();
