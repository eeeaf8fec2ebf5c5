#!/usr/bin/perl
# Uploads: in pieces, resumed after broken connections and sudden death, hashed by a child while the node answers, published
# without the bytes passing through a request again; quotas, wrong offsets, strangers.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my $n = Node->new;
$n->start;
my %me = (Authorization => "Bearer $n->{token}");
my $piece = 8 << 20;

sub create {
	my ($name, $size) = @_;
	return $n->operate('POST', '/api/v1/uploads', encode_json({name => $name, size => $size}));
}

sub patch {
	my ($id, $offset, $bytes, %more) = @_;
	return $n->ask('PATCH', "/api/v1/uploads/$id", $bytes, %me, 'Upload-Offset' => $offset, %more);
}

sub offset_of {
	my ($id) = @_;
	return $n->ask('HEAD', "/api/v1/uploads/$id", undef, %me)->{head} =~ /^Upload-Offset: (\d+)\r$/mi ? $1 : -1;
}

sub state { return decode_json($n->ask('GET', "/api/v1/uploads/$_[0]", undef, %me)->{body}) }

# Waits for it to be ready; how long the slowest answer of the node took meanwhile.
sub ready {
	my ($id) = @_;
	my ($end, $slowest) = (time + 60, 0);
	while (time < $end) {
		my $begun = time;
		my $is = state($id);
		my $took = time - $begun;
		$slowest = $took if $took > $slowest;
		return ($is, $slowest) if $is->{state} eq 'ready';
		sleep 0.01;
	}
	return ({}, $slowest);
}

# What is made once and kept as 64 pieces, so that no two are alike.
my $mib = join '', map { pack('N', $_ * 2654435761 % 4294967296) } 1 .. 262144;
sub bytes {
	my ($from, $count) = @_;
	return join '', map { pack('N', $_) . substr($mib, 4) } $from .. $from + $count - 1;
}

my $made = create('big.bin', 64 << 20);
is($made->{status}, 201, 'an upload begins');
my $up = decode_json($made->{body});
is($up->{offset}, 0, 'at its first byte');
like($made->{head}, qr{^Location: /api/v1/uploads/$up->{id}\r$}mi, 'and has an address');
my $id = $up->{id};
my $first = patch($id, 0, bytes(0, 8));
is($first->{status}, 204, 'a piece of 8 MiB is taken');
like($first->{head}, qr/^Upload-Offset: $piece\r$/mi, 'and its end told');
is(offset_of($id), $piece, 'HEAD tells the same');
is(state($id)->{state}, 'receiving', 'it is receiving');

# What does not fit is refused and moves nothing.
is(patch($id, 0, 'x')->{status}, 409, 'another offset is a conflict');
is(patch($id, $piece + 1, 'x')->{status}, 409, 'so is a gap');
is($n->ask('PATCH', "/api/v1/uploads/$id", 'x', %me)->{status}, 400, 'none at all is refused');
is(patch($id, 'x', 'x')->{status}, 400, 'one that is no number too');
is(patch($id, $piece, '')->{status}, 411, 'no bytes are refused');
is(patch($id, $piece, 'x' x ($piece + 1))->{status}, 413, 'a piece of 8 MiB and a byte is too large');
is($n->ask('PATCH', "/api/v1/uploads/$id", 'x', 'Upload-Offset' => $piece)->{status}, 401, 'a stranger is not heard');
is($n->ask('PATCH', "/api/v1/uploads/$id", 'x', 'Upload-Offset' => $piece, Authorization => 'Bearer ' . 'A' x 43)->{status}, 401, 'nor is a wrong token');
is($n->ask('GET', "/api/v1/uploads/$id")->{status}, 401, 'nor told anything');
is(patch('0' x 8, 0, 'x')->{status}, 404, 'an upload that is not there');
is(patch('..%2f..%2fnode.db', 0, 'x')->{status}, 400, 'a path is no name');
is($n->operate('POST', '/api/v1/products', encode_json({name => 'early', upload => $id}))->{status}, 400, 'what is not ready is not published');
is(offset_of($id), $piece, 'and the offset is where it was');

# A connection that breaks: what it brought is kept, and the next goes on behind it.
sub broken {
	my ($from, $whole, $part, $hold) = @_;
	my $s = $n->connect;
	my $head = Node::head_of('PATCH', "/api/v1/uploads/$id", undef, %me, 'Upload-Offset' => $from, 'Content-Length' => length $whole);
	print {$s} $head, substr($whole, 0, $part);
	$s->flush;
	return $s if $hold;
	close $s;
	return undef;
}
my $second = bytes(8, 8);
broken($piece, $second, 3_000_000);
my $at = 0;
for (1 .. 500) { last if ($at = offset_of($id)) == $piece + 3_000_000; sleep 0.01 }
is($at, $piece + 3_000_000, 'what a broken connection brought is kept');
my $dead = broken($at, substr($second, 3_000_000), 1_000_000, 1);
for (1 .. 500) { last if ($at = offset_of($id)) == $piece + 4_000_000; sleep 0.01 }
is($at, $piece + 4_000_000, 'a connection may die unseen');
is(patch($id, $at, substr($second, 4_000_000))->{status}, 204, 'then another goes on');
my ($late) = Node::talk($dead, substr($second, 4_000_000), 3);
like($late, qr{^HTTP/1\.1 409 }, 'and the old one is told so');
is(offset_of($id), 16 << 20, 'its bytes are not taken twice');

# Sudden death in the middle of a piece.
my $third = bytes(16, 8);
my $cut = broken(16 << 20, $third, 2_000_000, 1);
for (1 .. 500) { last if offset_of($id) == (16 << 20) + 2_000_000; sleep 0.01 }
$n->stop('KILL');
close $cut;
$n->start;
$at = offset_of($id);
is($at, 16 << 20, 'after kill -9 it goes on at the durable offset');
is(patch($id, $at, $third)->{status}, 204, 'and takes the piece again');
for my $i (3 .. 6) { patch($id, $i * $piece, bytes($i * 8, 8)) }
my ($end) = Node::answers((Node::talk($n->connect, Node::head_of('PATCH', "/api/v1/uploads/$id", undef, %me, Connection => 'close',
	'Upload-Offset' => 7 * $piece, 'Transfer-Encoding' => 'chunked') . sprintf("%x\r\n", $piece) . bytes(56, 8) . "\r\n0\r\n\r\n", 20))[0]);
is($end->{status}, 204, 'a chunked body is taken as well');
my ($done, $slowest) = ready($id);
is($done->{state}, 'ready', 'when all is there it becomes an object');
cmp_ok($slowest, '<', 0.5, sprintf('while the node answers (slowest %.0f ms)', 1000 * $slowest));
my $sha = Digest::SHA->new(256);
$sha->add(bytes($_ * 8, 8)) for 0 .. 7;
is($done->{sha256}, $sha->hexdigest, 'of the bytes that were sent');
is($done->{size} . ' ' . $done->{offset}, join(' ', 64 << 20, 64 << 20), 'all of them');
is(patch($id, 64 << 20, 'x')->{status}, 400, 'more is not taken');
my $published = $n->operate('POST', '/api/v1/products', encode_json({name => 'big', upload => $id, net => 100}));
is($published->{status}, 201, 'it is published by its id');
my $object = decode_json($published->{body})->{object};
is($object->{sha256} . $object->{size}, $done->{sha256} . (64 << 20), 'as that object');
is((stat "$n->{data}/blobs/" . substr($object->{root}, 0, 2) . "/$object->{root}")[7], 64 << 20, 'which lies in blobs/');
ok(!-e "$n->{data}/uploads/$id", 'and no more in uploads/');
is($n->operate('POST', '/api/v1/products', encode_json({name => 'x', upload => $id, size => 1}))->{status}, 400, 'an upload and a size are too much');
is($n->operate('POST', '/api/v1/products', encode_json({name => 'x'}))->{status}, 400, 'neither is too little');

# A table: its profile comes with it. Killed while it is hashed, it is hashed again.
my $csv = "city,count\n" . join('', map {"Hangzhou,$_\n"} 1 .. 50_000);
$up = decode_json(create('t.csv', length $csv)->{body});
is(patch($up->{id}, 0, $csv)->{status}, 204, 'a table is brought');
$n->stop('KILL');
$n->start;
($done) = ready($up->{id});
is($done->{sha256}, sha256_hex($csv), 'and ready after a sudden death');
is($done->{profile}{rows}, 50_000, 'with its profile');
is($n->operate('POST', '/api/v1/products', encode_json({name => 't', upload => $up->{id}}))->{status}, 201, 'published');
is(decode_json($n->operate('GET', '/api/v1/products/t')->{body})->{profile}{rows}, 50_000, 'the product has the profile');

# A child that fails is followed by another soon, not when the next sweep comes.
$up = decode_json(create('again.bin', 1000)->{body});
my $way = "$n->{data}/uploads/$up->{id}.json";
mkdir $way or die;
is(patch($up->{id}, 0, 'x' x 1000)->{status}, 204, 'one whose child cannot end');
for (1 .. 1000) { last if Node::slurp("$n->{dir}/log") =~ /fault keep upload=$up->{id}/; sleep 0.01 }
like(Node::slurp("$n->{dir}/log"), qr/fault keep upload=$up->{id}/, 'is a fault that is logged');
rmdir $way or die;
my $freed = time;
($done) = ready($up->{id});
is($done->{sha256}, sha256_hex('x' x 1000), 'and ready when nothing stands in its way');
cmp_ok(time - $freed, '<', 40, 'soon');
my $empty = decode_json(create('empty', 0)->{body});
($done) = ready($empty->{id});
is($done->{sha256}, sha256_hex(''), 'an empty file is ready at once');

# Quotas, and what they are freed by.
is(create('a/b', 1)->{status}, 400, 'a path is no name of a file');
is(create('x', -1)->{status}, 400, 'a size below nothing');
is(create('x', 1 << 45)->{status}, 413, 'a size beyond an object');
is(create('x', 1 << 43)->{status}, 507, 'more than the disk has free');
my @open = map { create("f$_", 10) } 1 .. 64;
is(scalar(grep { $_->{status} == 201 } @open), 64, '64 may be open');
is(create('one more', 10)->{status}, 429, 'not one more');
my $one = decode_json($open[0]{body})->{id};
ok(-e "$n->{data}/uploads/$one", 'its file is there');
is($n->ask('DELETE', "/api/v1/uploads/$one", undef, %me)->{status}, 204, 'one is given up');
ok(!-e "$n->{data}/uploads/$one", 'and its file gone');
is($n->ask('GET', "/api/v1/uploads/$one", undef, %me)->{status}, 404, 'and itself');
is(create('one more', 10)->{status}, 201, 'then there is room');
my $all = decode_json($n->ask('GET', '/api/v1/uploads', undef, %me)->{body})->{uploads};
is(scalar(grep { $_->{state} eq 'receiving' } @$all), 64, 'the list has them');
is(scalar(grep { $_->{state} eq 'ready' } @$all), 4, 'and those that are ready');
$n->stop;
$n->start;
is(scalar @{decode_json($n->ask('GET', '/api/v1/uploads', undef, %me)->{body})->{uploads}}, 68, 'also after a restart');

# One that nobody touches for a day is swept, with its file.
my $old = decode_json($open[1]{body})->{id};
$n->stop;
system('sqlite3', "$n->{data}/node.db", "UPDATE n_upload SET changed = changed - 86400000 WHERE id = '$old'") == 0 or die;
$n->start;
sleep 0.3;
is($n->ask('GET', "/api/v1/uploads/$old", undef, %me)->{status}, 404, 'a day later it is swept');
ok(!-e "$n->{data}/uploads/$old", 'with its file');
is(($n->stop)[0], 0, 'the node ends well');
is(($n->cli('replay'))[0], 0, 'and replays');
done_testing;
