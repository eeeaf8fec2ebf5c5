#!/usr/bin/perl
# Evidence of a product on a node: attached, read, listed, given back, taken back, and still so after a fall; and exported.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA 'sha256_hex';
use JSON::PP;
use Node qw(api segment);
use Test::More;

my $n = Node->new(init => ['--uscc', '91330108MAC0DE1T0L']);
my $mcg = "$FindBin::Bin/../../samples/mcg";
sub spill { my ($name, $text) = @_; open(my $f, '>:raw', "$n->{dir}/$name") or die; print $f $text; close $f or die; return "$n->{dir}/$name" }

$n->start;
my ($code, $out, $err) = $n->cli('publish', "$mcg/recordings.csv", '--name', 'mcg');
is($code, 0, 'a product') or diag $err;
($code, $out, $err) = $n->cli('dossier', 'attach', 'mcg', "$mcg/licence.txt", '--kind', 'business_licence', '--json');
is($code, 0, 'a paper with words') or diag $err;
my $licence = decode_json($out);
is($licence->{claims}{holder_uscc}, '91330108MAC0DE1T0L', 'is read: whose it is');
is_deeply($licence->{stated}, [], 'nobody stated it');
is(ref $licence->{evidence}, 'HASH', 'with its proof');
is((stat "$mcg/licence.txt")[7], $licence->{size}, 'of its size');

my $pdf = spill('pipia.pdf', "%PDF-1.4\n" . join('', map { chr(($_ * 7919) % 256) } 1 .. 3000));
($code, $out, $err) = $n->cli('dossier', 'attach', 'mcg', $pdf, '--kind', 'pipia', '--claim', 'from=2026-01-01', '--claim', 'sublicense=no', '--title', 'Assessment', '--json');
is($code, 0, 'a scan') or diag $err;
my $pipia = decode_json($out);
ok(!$pipia->{read} && $pipia->{mediaType} eq 'application/pdf', 'has no words');
is_deeply([sort @{$pipia->{stated}}], ['from', 'sublicense'], 'what is stated is marked');
ok($pipia->{claims}{from} eq '2026-01-01' && !$pipia->{claims}{sublicense}, 'and of its type');
for (['--kind', 'nonsense'], ['--kind', 'pipia', '--claim', 'colour=red'], ['--kind', 'pipia', '--claim', 'from=soon'], ['--kind', 'pipia', '--claim', 'x'], []) {
	($code, $out, $err) = $n->cli('dossier', 'attach', 'mcg', $pdf, @$_);
	isnt($code, 0, "refused: @$_");
	isnt($err, '', 'and it is said why');
}
isnt(($n->cli('dossier', 'attach', 'other', $pdf, '--kind', 'pipia'))[0], 0, 'no such product');
($code, $out) = $n->cli('dossier', 'attach', 'mcg', "$mcg/licence.txt", '--kind', 'business_licence', '--claim', 'holder_uscc=91110000802100433B');
like($out, qr/the file contradicts what is said of it: holder_uscc/, 'a paper that says otherwise');

my %key = ('Idempotency-Key' => 'exhibit-once-0001');
my $object = {kind => 'commitment', file => 'pipia.pdf', map { $_ => $pipia->{$_} } qw(root sha256 size)};
my @once = map { $n->operate('POST', '/api/v1/products/mcg/evidence', JSON::PP->new->utf8->canonical->encode($object), %key) } 1 .. 2;
is("$once[0]{status} $once[1]{status} " . decode_json($once[0]{body})->{id}, '201 201 ' . decode_json($once[1]{body})->{id}, 'under one key it is attached once');
is((api($n, 'POST', '/products/mcg/evidence', {%$object, size => 7}))[0], 400, 'of another size');
is((api($n, 'POST', '/products/mcg/evidence', {%$object, root => 'a' x 64}))[0], 404, 'without its object');
is((api($n, 'POST', '/products/mcg/evidence', {%$object, file => '../x'}))[0], 400, 'in a directory');

my $at = '/exhibits/' . segment($pipia->{id});
my $got = $n->ask('GET', "/api/v1$at/file", undef, Authorization => "Bearer $n->{token}");
is(sha256_hex($got->{body}), $pipia->{sha256}, 'the file comes back, byte for byte');
like($got->{head}, qr/^Content-Disposition: attachment/m, 'as a download');
is($n->ask('GET', "/api/v1$at/file")->{status}, 401, 'not to strangers');

is(($n->cli('dossier', 'detach', $pipia->{id}))[0], 2, 'taken back only with a reason');
is(($n->cli('dossier', 'detach', $pipia->{id}, '--reason', 'expired'))[0], 0, 'taken back');
is(($n->cli('dossier', 'detach', $pipia->{id}, '--reason', 'expired'))[0], 1, 'once');
is(($n->stop('KILL'))[0], 137, 'a fall');
$n->start;
($code, $out) = $n->cli('dossier', 'evidence', 'mcg', '--json');
my @all = @{decode_json($out)->{evidence}};
is(join(' ', map { $_->{counts} ? 1 : 0 } @all), '1 0 1 1', 'all are known, one no longer counts');
is($all[1]{reason}, 'expired', 'and why');
is(scalar @{(api($n, 'GET', '/products/mcg/evidence?limit=3'))[1]{evidence}}, 3, 'page by page');
($code, $out) = $n->cli('dossier', 'kinds', '--json');
ok((grep { $_->{name} eq 'pipia' } @{decode_json($out)->{kinds}}), 'the kinds');

# The sample dossier on a node: handed in there and exported, it is judged as the files by hand are.
my $by_hand = decode_json(do { open(my $f, '<:raw', "$mcg/mcg.dossier.json") or die; local $/; scalar <$f> });
is((api($n, 'POST', '/products/mcg/dossier', {dossier => $by_hand->{fields}}))[0], 201, 'its fields');
$n->cli('dossier', 'detach', $_->{id}, '--reason', 'anew') for grep { $_->{counts} } @all;
for my $x (@{$by_hand->{evidence}}) {
	my @claims = map { my $v = $x->{claims}{$_}; ('--claim', "$_=" . (ref $v eq 'ARRAY' ? join(',', @$v) : JSON::PP::is_bool($v) ? ($v ? 'yes' : 'no') : $v)) } sort keys %{$x->{claims} // {}};
	($code, $out, $err) = $n->cli('dossier', 'attach', 'mcg', "$mcg/$x->{file}", '--kind', $x->{kind}, @claims);
	is($code, 0, "$x->{file} attached") or diag $err;
}
my $to = "$n->{dir}/exported";
mkdir $to or die;
($code, $out, $err) = $n->cli('dossier', 'export', 'mcg', '-o', "$to/mcg.dossier.json");
is($code, 0, 'exported') or diag $err;
is(scalar(() = glob "$to/*"), 2 + @{$by_hand->{evidence}}, 'with its files beside it');
my ($wanted, $got2) = map {
	my (undef, $said) = Node::run($n->{dir}, 'rules', 'check', $_, '--day', '2026-11-24', '--json');
	my $r = eval { decode_json($said) } // {results => []};
	{verdict => $r->{verdict}, rules => {map { $_->{rule} => $_->{outcome} } @{$r->{results}}}};
} "$mcg/mcg.dossier.json", "$to/mcg.dossier.json";
ok(keys %{$wanted->{rules}} >= 46, 'all rules are asked');
is_deeply($got2, $wanted, 'and say of both the same');
($code, $out, $err) = $n->cli('rules', 'check', 'mcg', '--day', '2026-11-24', '--json');
is_deeply({map { $_->{rule} => $_->{outcome} } @{(eval { decode_json($out) } // {})->{results}}}, $wanted->{rules}, 'so is the product itself') or diag $err;
is(scalar(() = glob "$n->{data}/check-*"), 0, 'which leaves nothing');
isnt(($n->cli('rules', 'check', 'other'))[0], 0, 'no such product');
open(my $f, '>>', (glob "$to/mcg-data.*")[0]) or die;
print $f "x\n";
close $f or die;
($code, $out, $err) = Node::run($n->{dir}, 'rules', 'check', "$to/mcg.dossier.json");
is($code, 1, 'changed data are refused');
like($err, qr/mcg-data\.\w+ is not the file whose digest is stated/, 'by name');
isnt(($n->cli('dossier', 'export', 'mcg', '-o', "$to/mcg.json"))[0], 0, 'the name says what it is');
isnt(($n->cli('dossier', 'export', 'mcg'))[0], 0, 'where to, is to be said');
is(($n->cli('dossier', 'export', 'mcg', '-o', "$to/bare.dossier.json", '--no-data'))[0], 0, 'without the data');
is(-e "$to/bare-data.csv" ? 1 : 0, 0, 'they are not there');
$n->stop;
is(($n->cli('replay'))[0], 0, 'the log replays');
done_testing;
