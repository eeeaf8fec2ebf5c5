#!/usr/bin/perl
# What a machine does to a node: pages of the database that rot, files that are lost or cut, keys that are another's, a disk that is full,
# files that may not grow, a file system that is read only, no file descriptors. Each is said plainly, by a fault (exit 3) or a refusal
# that names the file; nothing that was acknowledged is lost; after the repair the node goes on.
# (Failing writes and syncs one by one: tests/disk; kill -9: tests/fault.)
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA 'sha256_hex';
use File::Temp 'tempdir';
use JSON::PP;
use Node;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->canonical->utf8;
my $root = $> == 0;
my @mounted;
END { my $status = $?; system('umount', '-l', $_) for @mounted; $? = $status }
sub spill { open(my $f, '>:raw', $_[0]) or die "$_[0]: $!"; print $f $_[1]; close $f or die "$_[0]: $!" }

# Acknowledged evidence: what was said of each, which must be said again, byte for byte.
sub anchor {
	my ($n, $text) = @_;
	my $a = $n->operate('POST', '/api/v1/evidence', $json->encode({digest => 'sha256:' . sha256_hex($text)}));
	return $a if $a->{status} != 201;
	my $index = $json->decode($a->{body})->{index};
	$n->{kept}{$index} = $a->{body};
	return $a;
}
sub all_kept {
	my ($n, $when) = @_;
	my @lost = grep { $n->operate('GET', "/api/v1/evidence/$_")->{body} ne $n->{kept}{$_} } sort { $a <=> $b } keys %{$n->{kept}};
	diag("$_ was $n->{kept}{$_} is " . $n->operate('GET', "/api/v1/evidence/$_")->{body}) for @lost;
	return is("@lost", '', "$when: all " . keys(%{$n->{kept}}) . ' that were acknowledged are there');
}
# `serve` where it must refuse: a code, and what it says.
sub serve_refuses {
	my ($n, $exit, $says, $when) = @_;
	my ($code, undef, $err) = $n->cli('serve', '--listen', '127.0.0.1:0');
	is($code, $exit, "$when: serve ends with $exit") or diag $err;
	like($err, $says, "$when: and says what it is");
	return;
}
sub doctor {
	my ($n) = @_;
	my ($code, $out, $err) = $n->cli('doctor', '--json');
	my @bad = map { "$_->{check}: $_->{detail}" . ($_->{todo} ? '' : ' (NOTHING TO DO?)') } grep { $_->{state} eq 'FAIL' } @{(eval { $json->decode($out) } // {})->{checks} || []};
	return ($code, join("\n", @bad), $err);
}
sub doctor_names {
	my ($n, $what, $when) = @_;
	my ($code, $bad) = doctor($n);
	is($code, 1, "$when: doctor ends with 1");
	like($bad, $what, "$when: and names it");
	unlike($bad, qr/NOTHING TO DO/, "$when: with what to do");
	return;
}
sub whole {
	my ($n, $when) = @_;
	$n->start;
	all_kept($n, $when);
	is(anchor($n, "$when " . rand)->{status}, 201, "$when: it goes on");
	is(($n->stop)[0], 0, "$when: and ends well");
	is(($n->cli($_))[0], 0, "$when: $_") for 'replay';
	is(($n->cli('log', 'audit'))[0], 0, "$when: log audit");
	return;
}

my $n = Node->new(reachable => 1, name => 'Seller');
spill("$n->{dir}/rain.csv", "station,rain\n" . join '', map { "$_,2\n" } 1 .. 1000);
$n->start;
is(($n->cli('publish', "$n->{dir}/rain.csv", '--name', 'rain', '--net', 100, '--rate', 600))[0], 0, 'a product');
anchor($n, "before $_") for 1 .. 60;
is(($n->stop)[0], 0, 'it ends');
ok(!-e "$n->{data}/node.db-wal", 'and leaves one file');

# 1. Files that are lost, cut, or another's.
sub with_changed {
	my ($name, $change, $exit, $says, $named) = @_;
	my $path = "$n->{data}/$name->[0]";
	rename $path, "$n->{dir}/aside" or die;
	$change->($path, Node::slurp("$n->{dir}/aside"));
	chmod 0600, $path;
	serve_refuses($n, $exit, $says, $name->[1]);
	doctor_names($n, $named, $name->[1]) if $named;
	unlink $path;
	rename "$n->{dir}/aside", $path or die;
	return;
}
my $gone = sub { };
my $empty = sub { spill($_[0], '') };
my $half = sub { spill($_[0], substr $_[1], 0, length($_[1]) / 2) };
my $noise = sub { spill($_[0], join '', map { chr(33 + $_ * 7 % 90) } 1 .. length $_[1]) };
with_changed(['node.db', 'no database'], $gone, 3, qr/node\.db is missing or empty.*second history.*backup/s, qr/node\.db/);
with_changed(['node.db', 'an empty database'], $empty, 3, qr/node\.db is missing or empty/, qr/^(?:database|log|node): /m);
with_changed(['node.db', 'half a database'], $half, 3, qr/malformed|contradicts/, qr/^(?:database|log|node): /m);
with_changed(['node.db', 'noise for a database'], $noise, 3, qr/not a database/, qr/not a database/);
with_changed(['node.json', 'no node.json'], $gone, 1, qr/no node in/, qr/node\.json/);
with_changed(['node.json', 'an empty node.json'], $empty, 3, qr/node\.json is damaged.*backup/s, qr/node\.json/);
with_changed(['node.json', 'half a node.json'], $half, 3, qr/node\.json is damaged/, qr/node\.json/);
with_changed(['node.json', 'a node.json with more'], sub { spill($_[0], $_[1] =~ s/\{/{"a":1,/r) }, 3, qr/node\.json is damaged/, qr/node\.json/);
with_changed(['node.json', 'the node.json of another'], sub { spill($_[0], $_[1] =~ s/(localhost(?:%3A|:))\d+/${1}7999/gr) }, 3,
	qr/another: put back/, undef);
for my $key ('log.key', 'party.key') {
	with_changed(["keys/$key", "no $key"], $gone, 1, qr/\Q$key\E/, qr/\Q$key\E/);
	with_changed(["keys/$key", "an empty $key"], $empty, 3, qr/\Q$key\E does not hold/, qr/\Q$key\E/);
	with_changed(["keys/$key", "half a $key"], $half, 3, qr/\Q$key\E does not hold/, qr/\Q$key\E/);
}
with_changed(['keys/log.key', 'the log key of another'], sub { spill($_[0], $_[1] =~ s/^(.)/$1 eq 'A' ? 'B' : 'A'/er) }, 3,
	qr/log was begun by the key .* another: put back/s, undef);
with_changed(['keys/operator.token', 'no operator.token'], $gone, 1, qr/operator\.token/, qr/operator\.token/);
with_changed(['keys/operator.token', 'an empty operator.token'], $empty, 3, qr/operator\.token holds fewer.*write another/s, qr/operator\.token/);
whole($n, 'all put back');

# 2. Pages of the database, wiped or with one bit turned, each for itself. Where SQLite or the log can tell, both say so; a page whose
# content is whole again in meaning (free room) is none of ours.
my $good = Node::slurp("$n->{data}/node.db");
my $page = unpack 'n', substr $good, 16, 2;
my $pages = length($good) / $page;
my ($seen, $unseen, $died, $served) = (0, 0, 0, 0);
my $tries = 24;
for my $i (0 .. $tries - 1) {
	my $at = int($i * $pages / $tries) * $page;
	my $bad = $good;
	substr($bad, $at, $i % 2 ? $page : 64) = $i % 2 ? "\0" x $page : "\xa5" x 64;
	spill("$n->{data}/node.db", $bad);
	unlink "$n->{data}/node.db-$_" for 'wal', 'shm';
	my ($code, $why) = doctor($n);
	$died++ if $code > 3;
	my ($audit, undef, $err) = $n->cli('log', 'audit');
	$died++ if $audit > 3;
	$code == 1 && $why =~ /^(?:database|log|node|outbox|objects): .*\w/m ? $seen++ : $unseen++;
	diag("page $i: audit $audit without a word") if $audit && $err !~ /\w/;
	diag("page $i: doctor says nothing") if $code != 1;
	next if $i % 4;
	unlink "$n->{dir}/rot";
	my $pid = fork // die;
	if ($pid == 0) {
		open(STDOUT, '>', "$n->{dir}/rot") && open(STDERR, '>&', \*STDOUT);
		exec($Node::shugu, 'serve', '--data', $n->{data}, '--listen', '127.0.0.1:0') or POSIX::_exit(127);
	}
	my $end = time + 10;
	my $done = 0;
	sleep 0.02 until ($done = waitpid($pid, POSIX::WNOHANG())) || time > $end || Node::slurp("$n->{dir}/rot") =~ /^serving/m;
	my $status = $?;
	if ($done) {
		is($status >> 8, 3, "a database with a bad page $i: serve ends with 3") or diag Node::slurp("$n->{dir}/rot");
		like(Node::slurp("$n->{dir}/rot"), qr/corrupt|malformed|contradicts|not a database|damaged|disk image|second time|belongs/i, 'and says so');
	} else {
		$served++;
		kill 'TERM', $pid;
		waitpid($pid, 0);
		is($?, 0, "a database with a bad page $i that nobody asked for: it serves and ends");
	}
	unlike(Node::slurp("$n->{dir}/rot"), qr/Sanitizer|runtime error|Assertion/, 'without falling over');
}
is($died, 0, 'no command died of a bad page');
cmp_ok($seen, '>=', $tries - 2, "doctor names $seen of $tries bad pages");
spill("$n->{data}/node.db", $good);
unlink "$n->{data}/node.db-$_" for 'wal', 'shm';
whole($n, 'the database put back');

# 3. One act changed where SQLite sees nothing: the audit names the entry, replay or not.
my $forged = $good = Node::slurp("$n->{data}/node.db");
my $hex = sha256_hex('before 30');
my $turned = $hex =~ s/^(.)/$1 eq '0' ? '1' : '0'/er;
ok($forged =~ s/\Q$hex\E/$turned/g, 'an act is changed in the file');
spill("$n->{data}/node.db", $forged);
my ($code, undef, $err) = $n->cli('log', 'audit');
is($code, 3, 'the audit ends with 3');
like($err, qr/entry \d+ or the head of size \d+ was changed/, 'and names the entry');
doctor_names($n, qr/^log: entry \d+ or/m, 'a changed act');
spill("$n->{data}/node.db", $good);

# 4. An object that is lost, or cut: doctor names it, the one who takes it hears of a fault and not that there is none; put back it goes on.
$n->start;
my ($object) = grep { !/\.tiles$/ && -f } glob "$n->{data}/blobs/??/*";
my $link = $json->decode(($n->cli('share', 'rain', '--to', 'x', '--count', 5, '--json'))[1]);
my $taken = $n->ask('POST', $link->{url} =~ s{^https?://[^/]+}{}r, 'name=a&organisation=b&agree=yes', 'Content-Type' => 'application/x-www-form-urlencoded');
my ($file) = $taken->{head} =~ /^Location: (\S+)/mi;
my $bytes = $n->ask('GET', "$file/file")->{body};
is(length $bytes, -s "$n->{dir}/rain.csv", 'a file is served');
my ($short) = $object =~ m{([^/]{20})[^/]*$};
for my $case (['is lost', $gone], ['is cut', $half], ['is empty', $empty]) {
	rename $object, "$n->{dir}/aside" or die;
	$case->[1]->($object, Node::slurp("$n->{dir}/aside"));
	my $answer = $n->ask('GET', "$file/file");
	is($answer->{status}, 500, "an object that $case->[0]: our fault");
	like($answer->{body}, qr/corrupt/, 'which is said');
	unlike($answer->{body}, qr/\Q$n->{data}\E/, 'without a path');
	doctor_names($n, qr/^objects: .*\Q$short\E/m, "an object that $case->[0]");
	my ($backup, undef, $why) = $n->cli('backup', "$n->{dir}/b" . rand);
	isnt($backup, 0, 'backup refuses it');
	like($why, qr/\Q$short\E/, 'and names it');
	is(anchor($n, "without object $case->[0]")->{status}, 201, 'what needs no object goes on');
	unlink $object;
	rename "$n->{dir}/aside", $object or die;
	is($n->ask('GET', "$file/file")->{body}, $bytes, 'put back it is served');
}
rename "$object.tiles", "$n->{dir}/aside" or die;
doctor_names($n, qr/^objects: .*\Q$short\E/m, 'leaves that are lost');
rename "$n->{dir}/aside", "$object.tiles" or die;
is((doctor($n))[0], 0, 'then doctor is content') or diag((doctor($n))[1]);
is(($n->stop)[0], 0, 'it ends');

# 5. Files that may not grow (RLIMIT_FSIZE): what is acknowledged is kept, the node ends with 3 or refuses, and goes on without the limit.
sub start_under {
	my ($limit) = @_;
	unlink "$n->{dir}/served";
	my $pid = fork // die;
	if ($pid == 0) {
		open(STDIN, '<', '/dev/null') && open(STDOUT, '>', "$n->{dir}/served") && open(STDERR, '>>', "$n->{dir}/log");
		exec('/bin/sh', '-c', "$limit; exec \"\$0\" \"\$@\"", $Node::shugu, 'serve', '--data', $n->{data}, '--listen', "127.0.0.1:$n->{listen}")
			or POSIX::_exit(127);
	}
	my $end = time + 15;
	while (time < $end) {
		if (Node::slurp("$n->{dir}/served") =~ / port (\d+)\n/) {
			@$n{qw(pid port)} = ($pid, $1);
			return 0;
		}
		return $? >> 8 || 128 + $? if waitpid($pid, POSIX::WNOHANG()) == $pid;
		sleep 0.01;
	}
	kill 'KILL', $pid;
	waitpid $pid, 0;
	return -1;
}
my $blocks = int((-s "$n->{data}/node.db") / 512) + 200;
is(start_under("ulimit -f $blocks"), 0, 'served under a limit of the size of files');
my ($yes, $no, $mute) = (0, 0, 0);
for (1 .. 600) {
	my $a = anchor($n, "limit $_ " . rand);
	$a->{status} == 201 ? $yes++ : $no++;
	$mute = $a->{status} == 0;
	last if $no > 3 || $mute;
}
ok($yes > 0 && $no > 0, "a log that may not grow: $yes taken, $no not");
# Who gives no answer is ending; that takes a moment.
my $ended;
for (1 .. 500) {
	if (!$n->lives) { $ended = $?; last }
	last if !$mute;
	sleep 0.01;
}
if (defined $ended) {
	is($ended >> 8, 3, 'it ended with 3');
	delete $n->{pid};
} else {
	is(($n->stop)[0], 0, 'it ends');
}
like(Node::slurp("$n->{dir}/log"), qr/commit-unknown|disk|I\/O|full/i, 'and has said why');
whole($n, 'without the limit');

# 6. No file descriptors: it refuses to start and says so, or serves and lives through it.
for my $limit (8, 12, 16, 20, 32, 64) {
	unlink "$n->{dir}/log";
	my $got = start_under("ulimit -n $limit");
	if ($got) {
		is($got, 3, "with $limit descriptors: serve ends with 3");
		like(Node::slurp("$n->{dir}/log"), qr/Too many open files|unable to open/, 'and says so');
		next;
	}
	my @many = map { $n->connect } 1 .. 100;
	sleep 0.3;
	ok($n->lives, "with $limit descriptors: it lives with 100 callers");
	@many = ();
	my $size = -1;
	for (1 .. 100) { last if ($size = $n->size) > 0; sleep 0.05 }
	cmp_ok($size, '>', 0, 'and answers when they have gone');
	is(($n->stop)[0], 0, 'and ends');
}
unlike(Node::slurp("$n->{dir}/log"), qr/Sanitizer|runtime error|Assertion/, 'without falling over');
whole($n, 'with descriptors');

# 7. A full disk, and a read-only one.
SKIP: {
	my $small = tempdir(CLEANUP => 1);
	skip 'not root: no small disk can be mounted (the limit above stands for it)', 1
		if !$root || system("mount -t tmpfs -o size=96m none $small 2>/dev/null") != 0;
	push @mounted, $small;
	system('cp', '-a', $n->{data}, "$small/node") == 0 or die;
	my $full = bless {%$n, data => "$small/node"}, 'Node';
	$full->start;
	is(anchor($full, 'on the small disk')->{status}, 201, 'a small disk with room takes');
	my $fill = sub { system("dd if=/dev/zero of=$small/fill bs=64k " . ($_[0] ? "count=$_[0]" : '') . ' 2>/dev/null') };
	for my $case (['below the reserve', 16 * 40], ['to the last byte', 0]) {
		$fill->($case->[1]);
		sleep 1.3;
		my $a = anchor($full, 'x');
		$a = anchor($full, 'x') if $a->{status} == 201;
		is($a->{status}, 507, "full $case->[0]: 507") or diag $a->{body};
		like($a->{body}, qr/disk-full/, 'and it says why');
		ok($full->lives, 'it lives');
		all_kept($full, "full $case->[0]");
		like((doctor($full))[1], qr/^disk: \d+ MiB are free/m, 'doctor names it');
		my ($c, undef, $e) = $full->cli('publish', "$n->{dir}/rain.csv", '--name', "more $case->[0]");
		isnt($c, 0, 'nothing is published');
		like($e, qr/disk|free|space/i, 'and why');
		unlink "$small/fill";
		sleep 1.3;
		$a = anchor($full, "after $case->[0]");
		is($a->{status}, 201, 'with room it goes on') or diag $a->{body};
	}
	$fill->(0);
	is(($full->stop)[0], 0, 'it ends on a full disk');
	$full->start;
	is(anchor($full, 'x')->{status}, 507, 'started on a full disk it takes nothing');
	all_kept($full, 'started on a full disk');
	is(($full->stop)[0], 0, 'and ends');
	my ($c, undef, $e);
	unlink "$small/fill";
	whole($full, 'with room');
	skip 'the small disk cannot be made read-only', 1 if system("mount -o remount,ro $small 2>/dev/null") != 0;
	serve_refuses($full, 3, qr/[Rr]ead-only/, 'a read-only disk');
	is(($full->cli('log', 'audit'))[0], 0, 'where the log can be audited') or diag(($full->cli('log', 'audit'))[2]);
	($c, undef, $e) = $full->cli('publish', "$n->{dir}/rain.csv", '--name', 'more');
	isnt($c, 0, 'nothing is published');
	like($e, qr/[Rr]ead-only/, 'and why');
	system("mount -o remount,rw $small");
	whole($full, 'a disk that is writable again');
	undef $full;
}
my ($mode) = (stat $n->{data})[2] & 07777;
SKIP: {
	skip 'root may write whatever the mode (a read-only mount stands for it)', 1 if $root;
	chmod 0500, $n->{data};
	serve_refuses($n, 3, qr/Permission denied|unable to open/, 'a directory that may not be written');
	chmod $mode, $n->{data};
	whole($n, 'a directory that may be written again');
}
done_testing();
