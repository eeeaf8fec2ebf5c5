#!/usr/bin/perl
# Objects that nothing refers to: shown, removed only when asked for, never what somebody refers to or what is young, and a sweep that is
# killed is finished by the next.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA qw(sha256 sha256_hex);
use JSON::PP;
use Node qw(api await did);
use POSIX ();
use Test::More;
use Time::HiRes 'sleep';

my ($s, $b) = (Node->new(reachable => 1, name => 'Seller'), Node->new(reachable => 1, name => 'Buyer'));
my $json = JSON::PP->new->utf8;
sub put { my ($path, $bytes) = @_; open(my $f, '>:raw', $path) or die "$path: $!"; print $f $bytes; close $f or die; return $path }
sub objects { return grep { m{/[0-9a-f]{64}$} } glob "$_[0]{data}/blobs/??/*" }
sub age { my ($n, $days) = @_; my $then = time - $days * 86400 - 60; utime $then, $then, glob "$n->{data}/blobs/??/* $n->{data}/blobs/tmp/*" }
sub swept {
	my ($n, @more) = @_;
	my ($code, $out, $err) = $n->cli('sweep', '--json', @more);
	is($code, 0, "sweep @more") or diag "$out$err";
	return eval { $json->decode($out) } // {};
}
# An object of one chunk that nothing refers to, as a publishing that was broken off leaves it.
sub stray {
	my ($n, $bytes) = @_;
	my $leaf = sha256("\0$bytes");
	my $root = unpack 'H*', $leaf;
	mkdir "$n->{data}/blobs/" . substr($root, 0, 2);
	put("$n->{data}/blobs/" . substr($root, 0, 2) . "/$root.tiles", $leaf);
	return put("$n->{data}/blobs/" . substr($root, 0, 2) . "/$root", $bytes);
}

# A seller with a revised product, a withdrawn one, an attachment and an upload; a buyer with what it received.
$_->start for $s, $b;
my $link = $json->decode(($s->cli('invite', '--json'))[1]);
is(($b->cli('join', $link->{invitation}))[0], 0, 'two nodes join');
my $waits = await(sub { $json->decode(($s->cli('inbox', '--json'))[1])->{waiting} }, sub { @{$_[0]} });
is(($s->cli('approve', $waits->[0]{id}))[0], 0, 'and are approved');
for my $file (['rain', 'a,b', 'rain'], ['rain2', 'a,b,c', 'rain'], ['old', 'x', 'old']) {
	my ($code, undef, $err) = $s->cli('publish', put("$s->{dir}/$file->[0].csv", "$file->[1]\n1,2\n"), '--name', $file->[2]);
	is($code, 0, "$file->[0] is published") or diag $err;
}
is(($s->cli('withdraw', 'old', '--reason', 'gone'))[0], 0, 'one is withdrawn');
is(($s->cli('contract', 'policy', '--stamped', 'yes'))[0], 0, 'contracts are stamped');
my ($code, $out, $err) = $b->cli('get', did($s), 'rain', '--no-wait');
is($code, 0, 'the buyer orders one') or diag "$out$err";
$waits = await(sub { $json->decode(($s->cli('inbox', '--json'))[1])->{waiting} }, sub { @{$_[0]} });
is(($s->cli('contract', 'attach', $waits->[0]{id}, put("$s->{dir}/scan.pdf", "%PDF-1.4\n%scan\n")))[0], 0, 'a file is attached');
$s->cli('approve', $waits->[0]{id});
is(($s->cli('contract', 'policy', '--stamped', 'no'))[0], 0, 'the next need none');
await(sub { (api($b, 'GET', '/deliveries'))[1]{deliveries} }, sub { grep { $_->{state} =~ /accept|complete|receiv|end/ } @{$_[0]} });
(undef, my $up) = api($s, 'POST', '/uploads', {name => 'u.csv', size => 4});
is($s->operate('PATCH', "/api/v1/uploads/$up->{id}", "p,q\n", 'Upload-Offset' => 0, 'Content-Type' => 'application/octet-stream')->{status}, 204, 'an upload');
await(sub { (api($s, 'GET', "/uploads/$up->{id}"))[1] }, sub { $_[0]{state} eq 'ready' });
is(scalar(objects($s)), 5, 'five objects');
is(scalar(objects($b)), 1, 'and one');

# All are old; each has somebody who refers to it.
for my $n ($s, $b) {
	age($n, 2);
	is_deeply(swept($n, '--remove'), {objects => 0, temporaries => 0, bytes => 0, removed => JSON::PP::true}, 'what somebody refers to stays');
}
is(scalar(objects($s)), 5, 'all five');
is(scalar(objects($b)), 1, 'and the one that was received');

# What nothing refers to: by age, and only when asked.
my $young = stray($s, 'young');
my $old = stray($s, 'old one');
put("$s->{data}/blobs/tmp/left", 'left over');
my $then = time - 86400 - 60;
utime $then, $then, $old, "$old.tiles", "$s->{data}/blobs/tmp/left";
is_deeply(swept($s), {objects => 1, temporaries => 1, bytes => 16, removed => JSON::PP::false}, 'shown');
ok(-e $old && -e "$s->{data}/blobs/tmp/left", 'and left');
(undef, my $open) = api($s, 'POST', '/uploads', {name => 'open.csv', size => 9});
($code, undef, $err) = $s->cli('sweep', '--remove');
is($code, 1, 'not while something is uploaded');
like($err, qr/open\.csv is being uploaded: wait/, 'with the reason');
ok(-e $old, 'nothing went');
is($s->operate('DELETE', "/api/v1/uploads/$open->{id}")->{status}, 204, 'given up');
($code, $out) = $s->cli('sweep', '--remove');
is($out, "1 objects and 1 temporary files, 16 bytes: removed\n", 'removed');
ok(!-e $old && !-e "$old.tiles" && !-e "$s->{data}/blobs/tmp/left" && -e $young, 'but not the young one');

# Whoever refers to an old object by its root takes it from the sweep at once.
$old = stray($s, "k,v\n1,2\n");
utime $then, $then, $old, "$old.tiles";
my ($status) = api($s, 'POST', '/products', {name => 'kept', root => $old =~ s{.*/}{}r, sha256 => sha256_hex("k,v\n1,2\n"), size => 8});
is($status, 201, 'an old object is published by its root');
ok((stat $old)[9] > time - 3600, 'it is young again');
age($s, 2);
is(swept($s)->{objects}, 1, 'only what is not referred to counts');

# Killed in the middle, again and again: what is referred to stays, and the next one ends it.
stray($s, "stray $_") for 1 .. 2000;
age($s, 2);
my $cut = 0;
for (1 .. 3) {
	my @all = sort(objects($s));
	my ($first) = grep { Node::slurp($_) =~ /^stray/ } @all;
	my $pid = fork // die;
	if (!$pid) {
		open(STDOUT, '>', '/dev/null');
		exec $Node::shugu, 'sweep', '--remove', '--data', $s->{data} or POSIX::_exit(127);
	}
	for (1 .. 20000) { last if !-e $first; sleep 0.0005 }	# it has begun
	kill 'KILL', $pid;
	waitpid $pid, 0;
	my $after = objects($s);
	$cut++ if $after < @all && $after > 6;
	last if $after <= 6;
}
my $rest = swept($s, '--remove');
is(scalar(objects($s)), 6, 'the next one ends it');
my @leaves = glob "$s->{data}/blobs/??/*.tiles";
is(scalar(@leaves), 6, 'leaves too');
is(($s->cli('sweep', '--json'))[1] =~ /"objects":0,"temporaries":0/ ? 1 : 0, 1, 'nothing is left');
is((grep { $_->{check} eq 'objects' && $_->{state} eq 'OK' } @{$json->decode(($s->cli('doctor', '--json'))[1])->{checks}}) + 0, 1, 'the doctor finds every object');
is(($s->cli('backup', "$s->{dir}/backup"))[0], 0, 'and so does a backup');
is(($b->cli('get', did($s), 'kept'))[0], 0, 'the last can still be had');
done_testing;
