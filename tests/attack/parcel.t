#!/usr/bin/perl
# Whoever may open the control socket is the operator, and still speaks for no party: only what stands in a parcel whose signature the
# node itself has checked is heeded in its sender's name.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Encode 'decode';
use JSON::PP;
use Node;
use Test::More;

my $json = JSON::PP->new->utf8->canonical;
sub did_of { return decode_json(Node::slurp("$_[0]{data}/node.json"))->{did} }
my ($s, $b, $c) = map { Node->new(outbound => 1, name => $_) } qw(Seller Buyer Third);
my ($line) = ($s->cli('invite'))[1];
chomp $line;
is(($b->cli('join', $line))[0], 0, 'the buyer joins');
sub parcel { my ($from, $to) = @_; my ($code, $out, $err) = $from->cli('parcel', 'out', did_of($to), "$from->{dir}/parcel"); is($code, 0, 'a parcel is written') or diag "$out$err"; return Node::slurp("$from->{dir}/parcel") }
sub head { my ($bytes) = @_; my ($n) = $bytes =~ m{^shugu-parcel/1 (\d+)\n}; return decode_json(substr $bytes, $+[0], $n) }
sub other { return $_[0] =~ /\d/ ? ($_[0] + 1) % 10 : $_[0] eq 'A' ? 'B' : 'A' }
sub check { my ($n, $bytes) = @_; my $a = $n->ask('POST', '/api/v1/parcels/check', $json->encode({parcel => decode('UTF-8', $bytes)}), unix => 1, 'Content-Type' => 'application/json'); return $a->{status} }
# In the name of a party, by the socket; the status and what was said.
sub speak { my ($n, $did, $target, $body, $method) = @_; my $a = $n->ask($method || 'POST', $target, $body, unix => 1, 'Shugu-As' => $did, 'Content-Type' => 'application/json'); return ($a->{status}, $a->{body}) }

my $parcel = parcel($b, $s);
my ($row) = @{head($parcel)->{rows}};
utf8::encode($row->{body});
$s->start;
my $before = $s->size;
my ($status, $said) = speak($s, did_of($b), $row->{path}, $row->{body});
is($status, 403, 'a true message that came in no parcel is refused');
like($said, qr/no parcel of \Q@{[did_of($b)]}\E that this node has checked holds this message/, 'with the reason');
is((speak($s, did_of($b), '/peer/v1/mailbox', undef, 'GET'))[0], 403, 'nor is anything else asked in that name');
is((speak($s, 'operator', '/api/v1/node', undef, 'GET'))[0], 403, 'whatever the name');

# Parcels that are not what they should be make nothing heeded.
for my $at (length($parcel) - 20, index($parcel, '"at":"20') + 9) {
	my $bent = $parcel;
	substr($bent, $at, 1) = other(substr $bent, $at, 1);
	isnt($bent, $parcel, 'a parcel is bent');
	isnt(check($s, $bent), 200, 'and refused');
}
isnt(check($s, substr $parcel, 0, -9), 200, 'so is one that was cut');
is((speak($s, did_of($b), $row->{path}, $row->{body}))[0], 403, 'its message is as little heeded');
$c->start;
is(check($c, $parcel), 403, 'a parcel for another node');
is((speak($c, did_of($b), $row->{path}, $row->{body}))[0], 403, 'is none for this one');
is($s->size, $before, 'nothing was entered');

# The parcel itself: its message alone, in the name of its sender alone.
is(check($s, $parcel), 200, 'the parcel is good');
is((speak($s, did_of($c), $row->{path}, $row->{body}))[0], 403, 'no other party may say it');
is((speak($s, did_of($b), $row->{path}, "$row->{body} "))[0], 403, 'nothing else may be said');
is((speak($s, did_of($b), "$row->{path}?a=b", $row->{body}))[0], 403, 'nor to another address');
is((speak($s, did_of($b), $row->{path}, $row->{body}, 'PUT'))[0], 405, 'nor by another method');
is((speak($s, did_of($b), '/api/v1/people', '{"name":"X","role":"owner"}'))[0], 403, 'nor is a command taken for a message');
is($s->size, $before, 'still nothing was entered');
my $tcp = $s->ask('POST', $row->{path}, $row->{body}, 'Shugu-As' => did_of($b), 'Content-Type' => 'application/json');
is($tcp->{status}, 401, 'and by TCP the field says nothing');
($status, $said) = speak($s, did_of($b), $row->{path}, $row->{body});
cmp_ok($status, '<', 300, 'it is taken') or diag "$status $said";
cmp_ok($s->size, '>', $before, 'and entered');
my $entered = $s->size;
is((speak($s, did_of($b), $row->{path}, $row->{body}))[0], $status, 'the same again gets the same answer');
is($s->size, $entered, 'and changes nothing');

# Answers are heeded only out of a parcel as well.
my $a = $s->ask('POST', '/api/v1/parcels/answers', $json->encode({party => did_of($b), answers => [{row => 'x', status => 200, body => ''}]}), unix => 1, 'Content-Type' => 'application/json');
is($a->{status}, 400, 'answers that no parcel holds are refused');
my $bent = $parcel;
substr($bent, -20, 1) = other(substr $bent, -20, 1);
$a = $s->ask('POST', '/api/v1/parcels/answers', $json->encode({parcel => decode('UTF-8', $bent)}), unix => 1, 'Content-Type' => 'application/json');
isnt($a->{status}, 200, 'and those of a bent one');

# What was checked is forgotten with the process; the whole parcel is taken again.
$s->stop;
$s->start;
is((speak($s, did_of($b), $row->{path}, $row->{body}))[0], 403, 'after a start the parcel has to be shown again');
is(($s->cli('parcel', 'in', "$b->{dir}/parcel"))[0], 0, 'which is what the command does');
is($s->size, $entered, 'and nothing is entered twice');
done_testing;
