#!/usr/bin/perl
# Idempotency-Key on what writes: each command is done once, whatever its kind, also after a kill -9.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node;
use Test::More;

my $json = JSON::PP->new->canonical->utf8;
my $n = Node->new(reachable => 1);
$n->start;
my $keys = 0;

sub post {
	my ($path, $body, $key) = @_;
	return $n->operate('POST', "/api/v1$path", $json->encode($body), 'Idempotency-Key' => $key);
}

# The same twice: one act, and the second answer says so.
sub twice {
	my ($what, $path, $body, $again) = @_;
	my $key = 'key-' . ++$keys;
	my $first = post($path, $body, $key);
	like($first->{status}, qr/^20[0-9]$/, "$what is done") or diag($first->{body});
	unlike($first->{head}, qr/^Idempotency-Replayed/mi, 'and is the first');
	my $size = $n->size;
	my $second = post($path, $body, $key);
	is($n->size, $size, "$what again is no act");
	is($second->{status}, $again // $first->{status}, 'and is answered') or diag($second->{body});
	like($second->{head}, qr/^Idempotency-Replayed: true\r$/mi, 'as a repeat') if !$again;
	is(post($path, {%$body, more => 1}, $key)->{status}, 422, 'other bytes under the key are refused');
	return ($first, $second);
}

my ($first, $second) = twice('a digest', '/evidence', {digest => 'sha256:' . 'a' x 64});
is($second->{body}, $first->{body}, 'the proof is the same, byte for byte');
($first, $second) = twice('a person', '/people', {name => 'Ann', role => 'auditor'}, 409);
like($second->{body}, qr/told-once/, 'whose link is told once');
is(scalar(@{decode_json($n->operate('GET', '/api/v1/people')->{body})->{people}}), 1, 'there is one of her');
twice('her role', '/people/Ann/role', {role => 'reviewer'});
twice('a policy', '/invoice-policy', {acceptance => 'person'});
twice('another', '/agreement-policy', {decides => 'person'});
($first, $second) = twice('an upload', '/uploads', {name => 'a.csv', size => 5});
my $id = decode_json($first->{body})->{id};
is(decode_json($second->{body})->{id}, $id, 'is the same upload');
is(scalar(@{decode_json($n->operate('GET', '/api/v1/uploads')->{body})->{uploads}}), 1, 'there is one');
$n->operate('DELETE', "/api/v1/uploads/$id", undef, 'Idempotency-Key' => 'drop');
is($n->operate('DELETE', "/api/v1/uploads/$id", undef, 'Idempotency-Key' => 'drop')->{status}, 204, 'dropping it twice is dropping it');
is(post('/invitations', {}, 'invite')->{status}, 201, 'an invitation');
is(post('/invitations', {}, 'invite')->{status}, 409, 'is told once');
is(post('/evidence', {digest => 'sha256:' . 'b' x 64}, 'invite')->{status}, 422, 'a key is of one address');

# Who asks is part of it, and a key is 1 to 255 visible characters.
is(post('/evidence', {digest => 'sha256:' . 'c' x 64}, $_->[0])->{status}, $_->[1], "a key of " . length($_->[0]) . ': ' . $_->[1])
	for ['k' x 255, 201], ['k' x 256, 400], ['a b', 400];

# A refusal is not kept.
is(post('/people/Bob/role', {role => 'owner'}, 'bob')->{status}, 404, 'there is no Bob');
is(post('/people', {name => 'Bob', role => 'auditor'}, 'new bob' =~ tr/ /-/r)->{status}, 201, 'then there is');
is(post('/people/Bob/role', {role => 'owner'}, 'bob')->{status}, 200, 'and the same is done');

# What was answered is known after kill -9.
my $body = {digest => 'sha256:' . 'd' x 64};
$first = post('/evidence', $body, 'before');
$n->stop('KILL');
$n->start;
$second = post('/evidence', $body, 'before');
is("$second->{status} $second->{body}", "201 $first->{body}", 'the same answer after kill -9');
like($second->{head}, qr/^Idempotency-Replayed: true\r$/mi, 'as a repeat');
done_testing();
