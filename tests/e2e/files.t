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
is(node('outbox', '--csv'), 2, 'who has no --csv says so');
done_testing();
