#!/usr/bin/perl
# A node in one file and back: taken while it serves and acts go in, restored, checked, and what was changed refused.
use strict;
use warnings;
use Digest::SHA 'sha256_hex';
use File::Temp 'tempdir';
use JSON::PP;
use Test::More;
use Time::HiRes 'sleep';

my $shugu = $ENV{SHUGU} or die "SHUGU names the program\n";
my $dir = tempdir(CLEANUP => 1);
my $data = "$dir/a";
my @children;
END { my $status = $?; kill 'TERM', @children; waitpid($_, 0) for @children; $? = $status }
delete $ENV{SHUGU_PASSPHRASE};

# setsid: a test has no terminal to be asked on.
sub shugu {
	my $out = qx(setsid -w $shugu @_ 2>$dir/err </dev/null);
	return ($? >> 8, $out);
}
sub slurp { my ($path) = @_; open(my $f, '<:raw', $path) or die "$path: $!"; local $/; return scalar <$f> }
sub put { my ($path, $bytes) = @_; open(my $f, '>:raw', $path) or die; print $f $bytes; close $f or die; return $path }
sub said { return slurp("$dir/err") }
sub serve {
	my ($where, @more) = @_;
	unlink "$dir/serve.out";
	my $pid = fork // die;
	if (!$pid) {
		open(STDOUT, '>', "$dir/serve.out");
		open(STDERR, '>', "$dir/serve.err");
		exec $shugu, 'serve', '--data', $where, '--listen', '127.0.0.1:0', @more or die;
	}
	for (1 .. 200) {
		last if -s "$dir/serve.out" || waitpid($pid, 1) > 0;
		sleep 0.02;
	}
	return $pid;
}

is((shugu('init', "--data $data", '--name A', '--uscc 91110000802100433B', '--url http://localhost:7999', '--allow-loopback'))[0], 0, 'a node');
put("$dir/file", 'abc');
put("$dir/weather.csv", join '', "day,rain\n", map { "$_," . $_ % 7 . "\n" } 1 .. 90_000);
put("$dir/empty.bin", '');
my ($code, $old) = shugu('evidence', "--data $data", "$dir/file");
is($code, 0, 'an act');
my $server = serve($data);
push @children, $server;
is((shugu('publish', "--data $data", "$dir/weather.csv", "$dir/empty.bin"))[0], 0, 'objects of several chunks and of none');

# Acts go in all the time.
my $writer = fork // die;
if (!$writer) {
	@children = ();
	for (1 .. 2000) {
		my $proof = qx($shugu evidence --data $data $dir/file 2>/dev/null);
		last if $? || -e "$dir/stop";
	}
	require POSIX;
	POSIX::_exit(0);
}
sleep 0.3;
my $before = (shugu('log head', "--data $data"))[1] =~ /\n(\d+)\n/ ? $1 : -1;
($code, my $out) = shugu('backup', "--data $data", '--json', "$dir/b1");
is($code, 0, 'a backup beside it') or diag(said());
my $made = decode_json($out);
my $after = (shugu('log head', "--data $data"))[1] =~ /\n(\d+)\n/ ? $1 : -1;
cmp_ok($made->{entries}, '>=', $before, 'of what stood before');
cmp_ok($made->{entries}, '<=', $after, 'and not of what came after');
cmp_ok($after, '>', $before, "acts went in meanwhile ($before to $after)");
is($made->{objects}, 2, 'both objects');
is($made->{size}, -s "$dir/b1", 'of that size');
put("$dir/word", "open sesame\n");
is((shugu('backup', "--data $data", '--with-keys', "--passphrase-file $dir/word", "$dir/b2"))[0], 0, 'another with keys') or diag(said());
put("$dir/stop", '');
waitpid($writer, 0);
my $seed = slurp("$data/keys/party.key") =~ s/\s//gr;
is(index(slurp("$dir/b2"), $seed), -1, 'no key stands in it');
is((shugu('backup', "--data $data", "$dir/b1"))[0], 1, 'never over another');
is((shugu('backup', "--data $data", '--with-keys', "$dir/b3"))[0], 2, 'no passphrase, no keys');
is((shugu('backup', "--data $data", '--with-keys', "--passphrase-file $dir/file", "$dir/b3"))[0], 2, 'three letters are none');
ok(!-e "$dir/b3" && !-e "$dir/b3.part", 'nothing is left of either');

# With the keys.
my $r = "$dir/r";
is((shugu('restore', "$dir/b2", "--data $data"))[0], 1, 'never over a node');
put("$dir/wrong", "open sesami\n");
is((shugu('restore', "$dir/b2", "--data $r", "--passphrase-file $dir/wrong"))[0], 1, 'a wrong passphrase is refused');
like(said(), qr/passphrase does not open/, 'with the reason');
ok(!-e $r, 'and nothing is there');
($code, $out) = do { local $ENV{SHUGU_PASSPHRASE} = 'open sesame'; shugu('restore', "$dir/b2", "--data $r") };
is($code, 0, 'the right one restores') or diag(said());
like(said(), qr/--accept-restored/, 'with the warning');
is_deeply([sort map { s{.*/}{}r } glob "$r/*"], [qw(blobs keys node.db node.json restored)], 'a directory');
is((stat "$r/$_")[2] & 0077, 0, "$_ is the owner's") for 'node.db', 'node.json', 'keys', 'keys/log.key', 'blobs';
is(slurp("$r/keys/$_"), slurp("$data/keys/$_"), "keys/$_ is the same") for 'log.key', 'party.key', 'operator.token';
is((shugu('log prove 1', "--data $r"))[1], $old, 'the proof of an old act is the same, byte for byte');
like((shugu('log audit', "--data $r"))[1], qr/^\d+ entries hash/, 'the audit agrees');
is((shugu('replay', "--data $r"))[0], 0, 'so does replay');
my @objects = map { s{^\Q$data\E/}{}r } grep { -f } glob "$data/blobs/??/*";
is(scalar @objects, 4, 'objects and leaves');
is(slurp("$r/$_"), slurp("$data/$_"), "$_ is the same") for @objects;

# It signs nothing until a person has said so.
is((shugu('evidence', "--data $r", "$dir/file"))[0], 1, 'no act goes in');
like(said(), qr/--accept-restored/, 'with what to do');
is((shugu('serve', "--data $r", '--listen 127.0.0.1:0'))[0], 1, 'nor does it serve');
like(said(), qr/--accept-restored/, 'with what to do');
my $second = serve($r, '--accept-restored');
push @children, $second;
like(slurp("$dir/serve.out"), qr/^serving/, 'told once, it serves');
ok(!-e "$r/restored", 'without the mark');
is((shugu('evidence', "--data $r", "$dir/file"))[0], 0, 'and acts go in');
kill 'TERM', $second;
waitpid(pop @children, 0);
is((shugu('evidence', "--data $r", "$dir/file"))[0], 0, 'also later');

# Without.
($code) = shugu('restore', "$dir/b1", "--data $dir/n");
is($code, 0, 'without keys it restores as well') or diag(said());
like(said(), qr{log\.key, party\.key and operator\.token .* $dir/n/keys}, 'and says what is missing');
is((shugu('serve', "--data $dir/n", '--listen 127.0.0.1:0', '--accept-restored'))[0], 1, 'nothing runs without them');
is((shugu('restore', "$dir/b1", "--data $dir/k", "--keys $data/keys"))[0], 0, 'keys from a directory') or diag(said());
is((shugu('log prove 1', "--data $dir/k"))[1], $old, 'the same proof');
shugu('init', "--data $dir/o", '--name O', '--uscc 91110000802100433B', '--url https://o.example');
is((shugu('restore', "$dir/b1", "--data $dir/x", "--keys $dir/o/keys"))[0], 1, 'those of another node are refused');
like(said(), qr/not those of the node/, 'with the reason');
ok(!-e "$dir/x", 'and nothing is there');

# A byte changed anywhere.
my ($whole, $refused, $left) = (slurp("$dir/b1"), 0, 0);
my @places = map { int($_ * (length($whole) - 1) / 39) } 0 .. 39;
for my $at (@places) {
	put("$dir/bent", substr($whole, 0, $at) . chr(ord(substr($whole, $at, 1)) ^ 1) . substr($whole, $at + 1));
	$refused++ if (shugu('restore', "$dir/bent", "--data $dir/y"))[0] == 3;
	$left++ if -e "$dir/y";
}
is($refused, @places, 'a byte changed at any of ' . @places . ' places is refused');
is($left, 0, 'and leaves nothing');
mkdir "$dir/y";
is((shugu('restore', "$dir/bent", "--data $dir/y"))[0], 3, 'also into an empty directory');
is(scalar(() = glob "$dir/y/*"), 0, 'which stays empty');
is((shugu('restore', "$dir/none", "--data $dir/y"))[0], 1, 'a missing file is refused');

# The seal is no secret: who makes a new one over what was changed is found by the checks behind it.
SKIP: {
	my %found = (
		'UPDATE n_backup_object SET bytes = zeroblob(length(bytes)) WHERE n = 1' => qr/not what its name says/,
		"UPDATE product SET name = name || 'x'" => qr/another state/,
		'UPDATE entry SET salt = zeroblob(32) WHERE idx = 1' => qr/./,
		"UPDATE head SET sig = zeroblob(64) WHERE size = 2" => qr/./,
		'DELETE FROM n_backup_object WHERE length(bytes) = 0' => qr/referenced and missing/,
	);
	system('sqlite3 -version >/dev/null 2>&1') == 0 or skip 'no sqlite3', 1 + 2 * keys %found;
	for my $sql (sort keys %found) {
		put("$dir/forged", substr($whole, 0, -80));
		system('sqlite3', "$dir/forged", $sql) == 0 or die;
		my $bytes = slurp("$dir/forged");
		put("$dir/forged", $bytes . 'shugu-backup/1 ' . sha256_hex($bytes) . "\n");
		isnt((shugu('restore', "$dir/forged", "--data $dir/z"))[0], 0, "refused: $sql");
		like(said(), $found{$sql}, 'with the reason') or diag(said());
		$left++ if -e "$dir/z";
	}
	is($left, 0, 'and nothing is there');
}

# Trouble.
kill 'TERM', $server;
waitpid(shift @children, 0);
my $full = qx(sh -c 'trap "" XFSZ; ulimit -f 600; exec $shugu backup --data $data $dir/full' 2>&1);
is($? >> 8, 3, 'a disk that takes no more is a fault') or diag($full);
ok(!-e "$dir/full" && !-e "$dir/full.part", 'and nothing is left');
$full = qx(sh -c 'trap "" XFSZ; ulimit -f 600; exec $shugu restore $dir/b1 --data $dir/full' 2>&1);
is($? >> 8, 3, 'in restoring too') or diag($full);
ok(!-e "$dir/full", 'and nothing is left');
my ($object) = grep { !/\.tiles$/ && -s "$data/$_" } @objects;
rename "$data/$object", "$dir/away" or die;
is((shugu('backup', "--data $data", "$dir/b4"))[0], 1, 'a missing object is refused');
my ($name) = $object =~ m{([^/]+)$};
like(said(), qr/$name/, 'by its name');
ok(!-e "$dir/b4" && !-e "$dir/b4.part", 'and nothing is left');
done_testing();
