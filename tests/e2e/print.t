#!/usr/bin/perl
# Documents for people between two served nodes: invoice and contract as PDF and page, by command and by HTTP, read back with
# poppler's pdftotext; hostile sheets and large ones at the printer itself.
use strict;
use warnings;
use utf8;
use Encode qw(decode_utf8 encode_utf8);
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(await);
use Test::More;
use Time::HiRes qw(sleep time);

binmode(Test::More->builder->$_, ':utf8') for 'output', 'failure_output';
my $render = $ENV{SHUGU} =~ s{shugu$}{shugu-render}r;
plan skip_all => 'poppler-utils is not installed' if system('sh', '-c', 'command -v pdftotext >/dev/null');
my $s = Node->new(reachable => 1, name => 'Seller');
my $b = Node->new(reachable => 1, name => 'Buyer');

sub told { return eval { decode_json(($_[0]->cli(@_[1 .. $#_], '--json'))[1]) } // {} }
sub put {
	my ($path, $bytes) = @_;
	open(my $f, '>:raw', $path) or die "$path: $!";
	print $f $bytes;
	close $f or die;
	return $path;
}
# The text of a PDF without any white space, since lines are broken where the page ends.
sub words {
	my $text = decode_utf8(scalar qx(pdftotext -enc UTF-8 $_[0] - 2>/dev/null));
	$text =~ s/\s+//g;
	return $text;
}
sub has { my ($text, $what) = @_; ok(index($text, $what =~ s/\s+//gr) >= 0, "it says $what") }

$_->start for $s, $b;
my (undef, $line) = $s->cli('invite');
chomp $line;
$b->cli('join', $line);
my $waiting = await(sub { told($s, 'inbox')->{waiting} }, sub { @{$_[0] // []} });
$s->cli('approve', $waiting->[0]{id});
await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });
put("$s->{dir}/rain.csv", "station,rain\n" . join '', map { "$_,1\n" } 1 .. 100);
my ($code, undef, $err) = $s->cli('publish', "$s->{dir}/rain.csv", '--name', 'rain', '--net', 1000001, '--rate', 600);
is($code, 0, 'a product is published') or diag $err;
($code, undef, $err) = $b->cli('get', "did:web:localhost%3A$s->{listen}", 'rain', '-o', "$b->{dir}/rain");
is($code, 0, 'it is got') or diag $err;
my $all = await(sub { told($b, 'invoice', 'list') }, sub { ref $_[0] eq 'ARRAY' && @{$_[0]} && $_[0][0]{recorded} });
my $i = $all->[0];

# The invoice.
for my $n ($s, $b) {
	my $pdf = "$n->{dir}/invoice.pdf";
	($code, undef, $err) = $n->cli('invoice', 'export', $i->{serial}, '--pdf', $pdf);
	is($code, 0, 'an invoice as PDF') or diag $err;
	my $text = words($pdf);
	has($text, $_) for '数据流通凭证', '一、场景', '二、实体', '三、交易凭证', '四、登记', '五、监管', '双方已存证',
		'人民币 10,000.01 元', '人民币壹万零陆佰元零壹分', $i->{serial}, $i->{digest}, '未登记',
		'本凭证不是税务发票,不得用于抵扣、税前扣除或报销。', '第1页/共';
}
my $answer = $b->operate('GET', "/api/v1/invoices/$i->{id}/pdf");
is($answer->{status}, 200, 'the same over HTTP');
put("$b->{dir}/http.pdf", $answer->{body});
has(words("$b->{dir}/http.pdf"), '本凭证不是税务发票');
my $again = $b->operate('GET', "/api/v1/invoices/$i->{id}/pdf");
ok($again->{body} eq $answer->{body}, 'and again the same bytes');
is($b->operate('GET', '/api/v1/invoices/none/pdf')->{status}, 404, 'not of one that is not there');

# The product.
($code, undef, $err) = $s->cli('products', 'rain', '--pdf', "$s->{dir}/p.pdf", '--html', "$s->{dir}/p.html");
is($code, 0, 'a product as PDF and page') or diag $err;
my $sheet = words("$s->{dir}/p.pdf");
has($sheet, $_) for 'rain', '数据产品说明书', '一、产品说明', '未填写', '二、使用条款', '三、价款与税费', '人民币 10,600.01 元', '四、数据概要', '共 100 行、2 列', 'station', '第1页/共';
like(decode_utf8(Node::slurp("$s->{dir}/p.html")), qr/数据产品说明书/, 'the page says so too');
is(($s->cli('products', '--pdf', "$s->{dir}/q.pdf"))[0], 2, 'one product at a time');
my ($rain) = map { $_->{product} } @{told($s, 'products')->{products}};
is($s->operate('GET', "/api/v1/products/$rain/pdf")->{status}, 200, 'and over HTTP');

# The contract.
my ($g) = map { $_->{agreement} } grep { $_->{agreement} } @{told($b, 'agreements')->{agreements} // []};
ok($g, 'there is an agreement');
($code, undef, $err) = $b->cli('contract', 'export', $g, '--pdf', "$b->{dir}/c.pdf", '--html', "$b->{dir}/c.html");
is($code, 0, 'a contract as PDF and page') or diag $err;
my $core = told($b, 'agreements', $g)->{G};
my $digest = qx(printf %s '@{[JSON::PP->new->utf8->canonical->encode($core)]}' | sha256sum) =~ s/ .*//sr;
my $text = words("$b->{dir}/c.pdf");
has($text, $_) for '数据产品许可使用合同', '第一条 标的', '第八条 其他', '甲方(盖章)', '乙方(盖章)', '价税合计人民币 10,600.01 元',
	$core->{object}{sha256}, $core->{id}, "摘要D(G)$digest";
my $page = decode_utf8(Node::slurp("$b->{dir}/c.html"));
like($page, qr/default-src 'none'/, 'the page has a policy');
unlike($page, qr/<script|https?:[^<]*src=/, 'and no script');
like($page, qr/\Q$digest\E/, 'and D(G)');
($code) = $b->cli('contract', 'export', 'none', '--pdf', "$b->{dir}/none.pdf");
is($code, 1, 'not of one that is not there');
ok(!-e "$b->{dir}/none.pdf", 'and no file is made');
$_->stop for $s, $b;
($code, undef, $err) = $b->cli('invoice', 'export', $i->{id}, '--pdf', "$b->{dir}/alone.pdf");
is($code, 0, 'also where no node runs') or diag $err;

# The printer by itself.
my $dir = $b->{dir};
sub printed {
	my ($name, $sheet) = @_;
	put("$dir/$name.json", ref $sheet ? JSON::PP->new->utf8->encode($sheet) : encode_utf8($sheet));
	my $began = time;
	my $status = system("$render <$dir/$name.json >$dir/$name.pdf 2>$dir/$name.err");
	return ($status >> 8, time - $began);
}
sub sheet { return {v => 1, kind => 'sheet', title => 'T', date => '2026-11-24T03:00:00.000Z', blocks => [@_]} }
($code) = printed('script', sheet({type => 'text', text => '<script>alert(1)</script> (龘) =1+1 \\) ET'}));
is($code, 0, 'markup and PDF operators');
has(words("$dir/script.pdf"), '<script>alert(1)</script> (龘) =1+1 \\) ET');
($code) = printed('long', sheet({type => 'text', text => 'x' x 60000}, {type => 'facts', rows => [{name => 'n', value => '数' x 20000}]}));
is($code, 0, 'texts of 60 kB');
my $long = words("$dir/long.pdf");
is(($long =~ tr/x//), 60000, 'all of one is there');
is(($long =~ tr/-//), 0, 'without hyphens');
is(($long =~ tr/数//), 20000, 'and of the other');
my ($rows, $took) = printed('rows', sheet({type => 'table', columns => [map { {name => "列$_", width => 1} } 1 .. 4],
	rows => [map { my $n = $_; [map { "行$n" } 1 .. 4] } 1 .. 10000]}));
is($rows, 0, '10,000 rows');
cmp_ok($took, '<', 10, 'within ten seconds');
my $table = words("$dir/rows.pdf");
has($table, '行10000');
cmp_ok(() = $table =~ /列1/g, '>', 100, 'with the head on each page');
for (['rtl', sheet({type => 'text', text => "a\x{202e}b"})], ['control', sheet({type => 'text', text => "a\x{1b}b"})],
	['member', {%{sheet()}, x => 1}], ['garbage', '%PDF-1.4'], ['empty', '']) {
	($code) = printed(@$_);
	is($code, 1, "$_->[0] is refused");
	ok(-z "$dir/$_->[0].pdf", 'with nothing printed');
}
done_testing();
