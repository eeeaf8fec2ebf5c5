#!/usr/bin/perl
# A node's directory and its log from the command line.
use strict;
use warnings;
use Fcntl ':flock';
use File::Temp 'tempdir';
use Test::More;

my $shugu = $ENV{SHUGU} or die "SHUGU names the program\n";
my $dir = tempdir(CLEANUP => 1);
my $data = "$dir/a";

sub shugu {
	my $out = qx($shugu @_ 2>$dir/err </dev/null);
	return ($? >> 8, $out);
}
sub said { open(my $f, '<', "$dir/err") or die; local $/; return scalar <$f> }

my @who = ("--data $data", '--name 甲', '--uscc 91110000802100433B');
is((shugu('init', @who, '--url http://a.example'))[0], 2, 'a plain-http address is refused');
ok(!-e $data, 'and nothing was made');
is((shugu('init', "--data $data", '--name A', '--uscc 91110000802100433C', '--url https://a.example'))[0], 2, 'a wrong code is refused');
like(said(), qr/check character/, 'with the reason');
is((shugu('init', @who, '--url https://a.example/'))[0], 0, 'a node is made');
is((stat "$data/keys/$_")[2] & 0777, 0600, "keys/$_ is the owner's") for 'log.key', 'operator.token';
is((shugu('init', @who, '--url https://a.example'))[0], 1, 'never over another');
my ($code, $vkey) = shugu('log vkey', "--data $data");
like($vkey, qr{^a\.example/log\+[0-9a-f]{8}\+\S+\n$}, 'its log has a key');
like((shugu('log head', "--data $data"))[1], qr{^a\.example/log\n1\n}, 'its first act says whose it is');
like((shugu('log prove 0', "--data $data"))[1], qr/"type":"node.init"/, 'by node.init');

open(my $f, '>', "$dir/file") or die;
print $f 'abc';
close $f;
my $first;
for my $i (0 .. 299) {
	($code, my $proof) = shugu('evidence', "--data $data", "$dir/file");
	$first = $proof if $i == 0;
	last if $code;
}
is($code, 0, '300 files are anchored');
like($first, qr/sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/, 'by their digest');
is((shugu('log prove 1', "--data $data"))[1], $first, 'the first proof is the same whenever it is asked');
like((shugu('log head', "--data $data"))[1], qr{^a\.example/log\n301\n}, 'the head is of 301');
like((shugu('log audit', "--data $data"))[1], qr/^301 entries/, 'the audit agrees');
is((shugu('log prove 301', "--data $data"))[0], 1, 'an entry that is not there is refused');
like((shugu('log prove 1 --tlog-proof', "--data $data"))[1], qr{^c2sp\.org/tlog-proof\@v1\nindex 1\n(?:[A-Za-z0-9+/]{43}=\n)*\na\.example/log\n}, 'as a tlog-proof file too');
is((shugu('log prove x', "--data $data"))[0], 2, 'a wrong index is wrong usage');
is((shugu('evidence', "--data $data", "$dir/none"))[0], 1, 'a missing file is refused');
is((shugu('evidence', "--data $dir/none", "$dir/file"))[0], 1, 'a missing node too');
is((shugu('nonsense'))[0], 2, 'an unknown command is wrong usage');
is((shugu('log --help'))[0], 0, 'every command has help');
open(my $lock, '+<', "$data/lock") or die;
flock($lock, LOCK_EX) or die;
is((shugu('evidence', "--data $data", "$dir/file"))[0], 1, 'a second process that would write is refused');
like(said(), qr/another process/i, 'with the reason');
is((shugu('log vkey', "--data $data"))[0], 0, 'one that only reads is not');
close $lock;
chmod 0644, "$data/keys/log.key";
is((shugu('log vkey', "--data $data"))[0], 1, 'a key that others may read is refused');
done_testing();
