#!/usr/bin/perl
# The files people have: a profile without a node, and a dossier's way into a spreadsheet and back, by command and by API.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node;
use Test::More;

my $n = Node->new;
my $dir = $n->{dir};
my ($code, $out, $err);
sub shugu { ($code, $out, $err) = Node::run($dir, @_); return $code }
sub node { my $command = shift; return shugu($command, '--data', $n->{data}, @_) }
sub file { my ($name, $bytes) = @_; open(my $f, '>:raw', "$dir/$name") or die; print $f $bytes; close $f; return "$dir/$name" }

is(shugu('profile', file('gb.csv', "\xb3\xc7\xca\xd0,n\n\xba\xbc\xd6\xdd,1\n")), 0, 'a profile needs no node');
like($out, qr/gb18030.*\n.*guessed.*\n.*\xe5\x9f\x8e\xe5\xb8\x82/, 'says its encoding, that it was guessed, and reads it');
is(shugu('profile', '--encoding', 'latin1', "$dir/gb.csv"), 2, 'an encoding that is not known');
is(node('publish', "$dir/gb.csv", '--name', 'p', '--frequency', 'daily'), 0, 'published');
like($out, qr/gb18030, 1 rows, 2 columns/, 'with a summary');

is(node('dossier', 'export', 'p', '--xlsx', "$dir/d.xlsx"), 0, 'a dossier is exported');
like($out, qr/1 of 7 required fields are filled; missing: description/, 'and says what is missing');
is(node('dossier', 'import', 'p', "$dir/d.xlsx"), 0, 'and imported');
like($out, qr/^p revision 2/, 'as a revision');
is(node('products', 'p', '--json'), 0, 'shown');
my $p = decode_json($out);
is($p->{dossier}{frequency}, 'daily', 'with the same dossier');
is($p->{completeness}{filled}, 1, 'and a figure of completeness');
is($p->{profile}{encoding}, 'gb18030', 'and the profile of its data');
is(node('dossier', 'import', 'p', "$dir/gb.csv"), 1, 'a file that is no workbook is refused');
like($err, qr/no zip file/, 'and says so');
is(node('products', 'p', '--json'), 0, 'asked again');
is(decode_json($out)->{revision}, 2, 'nothing has changed');
is(node('dossier', 'nonsense'), 2, 'another verb is wrong usage');

# The same over HTTP: a dossier by spreadsheet, and an upload whose encoding a person says.
$n->start;
my %me = (Authorization => "Bearer $n->{token}");
my $at = "/api/v1/products/$p->{product}/dossier.xlsx";
my $sheet = $n->ask('GET', $at, undef, %me);
is($sheet->{status}, 200, 'the spreadsheet by HTTP');
like($sheet->{head}, qr/^Content-Type: application\/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\r$/mi, 'is one');
like($sheet->{head}, qr/^Content-Disposition: attachment; filename="dossier\.xlsx"\r$/mi, 'to be kept');
like($sheet->{body}, qr/^PK\x03\x04/, 'and a zip file');
is($n->ask('GET', $at)->{status}, 401, 'not for strangers');
my $back = $n->ask('POST', $at, $sheet->{body}, %me);
is($back->{status}, 201, 'it goes back') or diag $back->{body};
is(decode_json($back->{body})->{revision}, 3, 'as a revision');
is($n->ask('POST', $at, $sheet->{body})->{status}, 401, 'but not from strangers');
my $bad = $n->ask('POST', $at, substr($sheet->{body}, 0, 400), %me);
is($bad->{status}, 400, 'half of it is refused');
like($bad->{body}, qr/"detail":"[^"]*zip/, 'and says why');
is(decode_json($n->ask('GET', "/api/v1/products/$p->{product}", undef, %me)->{body})->{revision}, 3, 'nothing has changed');

sub upload {
	my ($bytes, %more) = @_;
	my $made = $n->operate('POST', '/api/v1/uploads', encode_json({name => 'u.csv', size => length $bytes, %more}));
	return $made if $made->{status} != 201;
	my $id = decode_json($made->{body})->{id};
	is($n->ask('PATCH', "/api/v1/uploads/$id", $bytes, %me, 'Upload-Offset' => 0)->{status}, 204, 'bytes come');
	for (1 .. 1000) {
		my $is = decode_json($n->ask('GET', "/api/v1/uploads/$id", undef, %me)->{body});
		return $is if $is->{state} eq 'ready';
		select(undef, undef, undef, 0.02);
	}
	return {};
}
# Bytes that are well-formed UTF-8 and well-formed GB18030: which of the two, only a person knows.
my $both = "\xe4\xb8\xad\xe6\x96\x87,n\n1,2\n";
my $told = upload($both);
is_deeply([@{$told->{profile}}{qw(encoding confirm)}], ['utf-8', JSON::PP::false], 'an encoding told from the bytes');
is($told->{profile}{columns}[0]{name}, "\x{4e2d}\x{6587}", 'read by it');
my $said = upload($both, encoding => 'GBK');
is_deeply([@{$said->{profile}}{qw(encoding confirm)}], ['gb18030', JSON::PP::false], 'and one that a person says');
is($said->{profile}{columns}[0]{name}, "\x{6d93}\x{e15f}\x{6783}", 'read by that') or diag join ' ', map { sprintf '%x', ord } split //, $said->{profile}{columns}[0]{name};
is($said->{sha256}, $told->{sha256}, 'the bytes are what they were');
my $refused = upload($both, encoding => 'latin1');
is($refused->{status}, 400, 'another encoding is refused');
like($refused->{body}, qr/utf-16le/, 'and those that are known are named');

# Lists as CSV, for a spreadsheet: what others wrote is text there, not a formula.
is(node('publish', "$dir/gb.csv", '--name', '=HYPERLINK("http://x/","城市")', '--net', '123456'), 0, 'a product with a formula for a name');
is(node('products', '--csv'), 0, 'the products as CSV');
like($out, qr/^\xef\xbb\xbfNAME,REV,BYTES,NET CNY,TAX,PUBLISHED,PRODUCT\r\n/, 'with a mark, heads, and CRLF');
like($out, qr/^"'=HYPERLINK\(""http:\/\/x\/"",""\xe5\x9f\x8e\xe5\xb8\x82""\)",1,\d+,1234\.56,/m, 'the name is quoted and no formula, the price a number');
is(() = $out =~ /\r\n/g, 3, 'a line a product');
unlike($out, qr/[^\r]\n/, 'and no other line ends');
for (['agreements'], ['party', 'list'], ['share', 'list'], ['invoice', 'list'], ['delivery', 'list']) {
	is(node(@$_, '--csv'), 0, "@$_");
	like($out, qr/^\xef\xbb\xbf[A-Z][A-Z ,]*\r\n\z/, 'without rows has its heads');
}
is(node('log', '--csv'), 2, 'who has no --csv says so');
done_testing();
