#!/usr/bin/perl
# The offline verifier on files: what it says, and by which exit status.
use strict;
use warnings;
use utf8;
use File::Temp 'tempdir';
use JSON::PP;
use Test::More;

my $verify = $ENV{SHUGU_VERIFY} or die "SHUGU_VERIFY names the program\n";
my $fixture = ($ENV{SHUGU_BUILD} || 'build') . '/tests/invoice_fixture';
my $dir = tempdir(CLEANUP => 1);
binmode(Test::More->builder->$_, ':utf8') for 'output', 'failure_output';

sub verify {
	my $out = qx($verify @_ 2>$dir/err </dev/null);
	utf8::decode($out);
	return ($? >> 8, $out);
}
sub put {
	my ($name, $bytes) = @_;
	open(my $f, '>:raw', "$dir/$name") or die;
	print $f $bytes;
	close $f or die;
	return "$dir/$name";
}
sub whole { my $bytes = qx($fixture @_); die "$fixture failed\n" if $?; return $bytes }

my $bytes = whole();
my $good = put('invoice.json', $bytes);
my ($code, $out) = verify($good);
is($code, 0, 'a good file is proved');
like($out, qr/recorded/, 'at its label');
like($out, qr/who holds them is not proved/, 'with what is not proved');
($code, $out) = verify('--lang zh', $good);
like($out, qr/双方已存证/, 'in Chinese too');
like($out, qr/本凭证不是税务发票/, 'and that it is no tax invoice');
($code, $out) = verify('--json', $good);
is($code, 0, 'as JSON');
ok(ref decode_json(do { utf8::encode($out); $out }), 'that another reader takes');
is((verify("--require $_", $good))[0], 0, "it meets $_") for 'claimed', 'delivered', 'accepted', 'recorded';

my $less = put('less.json', whole('no-receipt'));
is((verify($less))[0], 0, 'a file without receipt is proved');
is((verify('--require delivered', $less))[0], 1, 'but does not meet delivered');

my @keys = map { my $p = $_; [$bytes =~ /"did":"(did:web:\Q$p\E)"[^}]*"key":"([^"]+)"[^}]*"log":"([^"]+)"/] } 's.example', 'b.example';
my $trust = put('keys', "# whom I know\n" . join('', map { "$_->[0] $_->[1]\nlog $_->[2]\n" } @keys));
($code, $out) = verify("--trust $trust --require recorded", $good);
is($code, 0, 'the keys are those of my list');
unlike($out, qr/who holds them/, 'and the verdict says so');
is((verify('--trust ' . put('one', "$keys[0][0] $keys[0][1]\n"), $good))[0], 1, 'a party that I do not know');
($code, $out) = verify('--trust ' . put('swapped', "$keys[0][0] $keys[1][1]\n$keys[1][0] $keys[0][1]\n"), $good);
is($code, 1, 'or know by another key');
like($out, qr/NOT PROVED: keys: /, 'is refused by the check of keys');
is((verify('--trust ' . put('mess', "x\n"), $good))[0], 2, 'a list that is none is wrong usage');
is((verify("--trust $dir/nokeys", $good))[0], 3, 'one that is not there a fault');

my $object = put('object', "\0" x 786432);
($code, $out) = verify("--object $object", $good);
is($code, 0, 'the object is the one that was delivered');
like($out, qr/is the object of this invoice/, 'and that is said');
is((verify('--object ' . put('other', "\0" x 786431 . 'x'), $good))[0], 1, 'another is not');
is((verify('--object ' . put('short', "\0" x 786431), $good))[0], 1, 'nor a shorter one');
is((verify("--object $dir/noobject", $good))[0], 3, 'one that is not there is a fault');

# Several files are named; less than is required is no yes for programs either.
($code, $out) = verify($good, $less);
like($out, qr/^\Q$good\E: recorded: .*^\Q$less\E: recorded: /ms, 'of several files each is named');
($code, $out) = verify('--json', '--require delivered', $good, $less);
my @told = map { decode_json(do { utf8::encode($_); $_ }) } split /\n/, $out;
is("$code $told[0]{file} $told[1]{file}", "1 $good $less", 'in JSON too');
is(join(' ', map { $_->{ok} ? 'yes' : 'no' } @told), 'yes no', 'and what is less than required is no yes');
($code, $out) = verify('--lang zh', put('bent.json', $bytes =~ s/"net":(\d)/"net":9$1/r));
like($out, qr/^验证不通过: \S+: \p{Han}+ \(/, 'in Chinese it is said what kind of thing is wrong');

my $shugu = $ENV{SHUGU};
if ($shugu) {
	my ($mine, $theirs) = map { scalar qx($_ 2>/dev/null) } "$shugu verify --json --trust $trust $good", "$verify --json --trust $trust $good";
	is($mine, $theirs, 'shugu verify says the same');
	is(system("$shugu verify --require delivered $less >/dev/null 2>&1") >> 8, 1, 'and ends the same');
	is(system("$shugu verify $dir/none.json >/dev/null 2>&1") >> 8, 3, 'also with a fault');
	is(system("$shugu verify >/dev/null 2>&1") >> 8, 2, 'and with wrong usage');
}

my $bent = 0;
for (my $i = 0; $i < length $bytes; $i += 211) {
	my $copy = $bytes;
	substr($copy, $i, 1) ^= "\x01";
	my ($status, $said) = verify(put('bent.json', $copy));
	$bent++ if $status != 1 || $said !~ /NOT PROVED/;
}
is($bent, 0, 'a changed byte is refused wherever it lies');
is((verify(put('cut.json', substr($bytes, 0, -1))))[0], 1, 'a cut file is refused');
is((verify(put('line.json', "$bytes\n")))[0], 1, 'one with a line end too many too');
is((verify(put('empty.json', '')))[0], 1, 'and an empty one');
is((verify($good, put('bent.json', 'x')))[0], 1, 'of several files the worst counts');
is((verify("$dir/none.json"))[0], 3, 'a file that is not there is a fault');
is((verify())[0], 2, 'no file is wrong usage');
is((verify('--require gold', $good))[0], 2, 'an unknown label too');
is((verify('--help'))[0], 0, 'help is none');
done_testing();
