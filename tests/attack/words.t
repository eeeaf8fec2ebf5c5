#!/usr/bin/perl
# What a partner writes, as it is read on the other side: on a terminal by every command that shows it, as CSV for a spreadsheet, as a printed page, as PDF
# and in the spreadsheet of a dossier. Nothing acts, nothing hides, nothing is a formula. (Pages for people and the console: script.t, tests/browser.)
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use Encode qw(decode_utf8 encode_utf8);
use JSON::PP;
use Node;
use Test::More;

my ($s, $b) = map { between($_) } qw(Seller Buyer);
my %hidden = ('an escape' => "a\e[31mb", 'a bell' => "a\x07b", 'C1 CSI' => "a\x{9b}2Jb", 'a title of the window' => "a\e]0;x\x07b", 'a line end' => "a\nshugu: all is well", 'a carriage return' => "a\rb",
	'a backspace' => "a\x08b", 'DEL' => "a\x7fb", 'right to left override' => "a\x{202e}fdp.exe", 'an isolate' => "a\x{2067}b\x{2069}", 'a mark' => "a\x{200f}b", 'zero width' => "a\x{200b}b",
	'a line separator' => "a\x{2028}b", 'tags' => "a\x{e0041}b", 'a byte order mark' => "a\x{feff}b", 'private use' => "a\x{e000}b");
my @formulas = ('=cmd|"/c calc"!A1', '+HYPERLINK("http://c.example","x")', '-2+3+cmd', '@SUM(1+1)*cmd', "\t=1+1", "\r=1+1", '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>');
my $unseen = qr/[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{e000}-\x{f8ff}\x{e0000}-\x{e01ef}]/;
sub clean {
	my ($text, $what) = @_;
	my $read = decode_utf8($text);
	$what =~ s/$unseen/?/g;
	return ok($read !~ $unseen, "$what: nothing hides in it") || diag(map { sprintf '%s ', $_ } $read =~ /(.{0,20}$unseen.{0,20})/g);
}

# The name on a card: what would hide is refused, by who is asked and by who asks.
chomp(my $line = ($s->cli('invite'))[1]);
is(($b->cli('join', $line))[0], 0, 'a joining begins');
my $letter = catch($s, qr{/peer/v1/join$});
my $size = $s->size;
for my $what (sort keys %hidden) {
	my $lied = $json->decode($letter->{body});
	$lied->{letter}{party}{name} = $hidden{$what};
	$lied->{signature} = resign($b, $lied->{letter}, 'join');
	my $answer = post($s, '/peer/v1/join', $lied, token($b, $s));
	is("$answer->{status} " . (decode_json($answer->{body})->{type} // ''), '400 urn:shugu:problem:bad-value', "a name with $what is refused");
}
is($s->size, $size, 'and nothing changed');
is(forward($letter)->{status}, 202, 'the letter itself is taken');
my ($waiting) = @{$json->decode(($s->cli('inbox', '--json'))[1])->{waiting}};
$s->cli('approve', $waiting->{id});
ok(relay(sub { ($b->cli('party', 'list', $s->{did}, '--json'))[1] =~ /"approved"/ }), 'and approved');

# What the seller offers: every text of a product.
open(my $f, '>', "$s->{dir}/a.csv") or die;
print $f "a,b\n1,2\n";
close $f;
is(($s->cli('publish', "$s->{dir}/a.csv", '--name', 'plain', '--net', 100, '--rate', 600))[0], 0, 'a product');
my ($plain) = @{(api($s, 'GET', '/products'))[1]{products}};
my %object = map { $_ => $plain->{object}{$_} } qw(root sha256 size);
my $taken = 0;
for my $text (values %hidden, @formulas) {
	my ($status) = api($s, 'POST', '/products', {name => $text, %object, net => 100, rate => 600, dossier => {description => $text}, purpose => $text, territory => $text});
	$taken++ if $status == 201;
}
cmp_ok($taken, '>=', 10, "$taken products with such texts");
my $purpose = join ' ', map { $hidden{$_} } sort keys %hidden;
my ($status, $bad) = api($s, 'POST', '/products', {name => "bad $purpose", %object, net => 100, rate => 600, purpose => $purpose, territory => $purpose, onward => '=1+1', disposal => $formulas[0]});
is($status, 201, 'one of all of them') or diag $json->encode($bad);

sub shows {
	my ($n, @words) = @_;
	my ($done, $code) = (0);
	my $pid = open(my $out, '-|') // die $!;
	if ($pid == 0) {
		my ($rc, $said, $err) = $n->cli(@words);
		print "$rc\n$said$err";
		POSIX::_exit(0);
	}
	my $text = '';
	relay(sub { vec(my $r = '', fileno $out, 1) = 1; while (select($r, undef, undef, 0)) { my $got = sysread($out, $text, 65536, length $text); $done = 1, last if !$got; vec($r, fileno $out, 1) = 1 } $done }, 60);
	close $out;
	$text =~ s/^(\d+)\n//;
	my $rc = $1;
	$text =~ s/^\xef\xbb\xbf|\r(?=\n)//g if $words[-1] eq '--csv';
	clean($text, join ' ', grep { defined } @words[0, 1]);
	return ($rc, $text);
}
my ($code, $said) = shows($b, 'catalog', $s->{did});
is($code, 0, 'the catalogue is shown');
like($said, qr/<script>/, 'with what can be seen');
my (undef, $order) = api($b, 'POST', '/orders', {party => $s->{did}, product => $bad->{product} // $bad->{id}, deliver => JSON::PP::true});
ok(relay(sub { (grep { $_->{recorded} } @{(api($s, 'GET', '/invoices'))[1]{invoices}}) ? 1 : 0 }), 'it is ordered, delivered and accepted') or diag $json->encode($order);
my ($invoice) = @{(api($b, 'GET', '/invoices'))[1]{invoices}};
my ($agreement) = @{(api($b, 'GET', '/agreements'))[1]{agreements}};

# What the seller says later: a correction, a dispute.
is(($s->cli('invoice', 'correct', $invoice->{id}, '--net', 50, '--reason', encode_utf8("less $purpose")))[0], 0, 'the seller corrects');
ok(relay(sub { my ($i) = @{(api($b, 'GET', '/invoices'))[1]{invoices}}; $i->{state} eq 'corrected' }), 'which comes');
is(($s->cli('invoice', 'dispute', $invoice->{id}, '--reason', encode_utf8("no $purpose")))[0], 0, 'and disputes');
ok(relay(sub { my ($i) = @{(api($b, 'GET', '/invoices'))[1]{invoices}}; $i->{state} eq 'disputed' }), 'which comes too');
for my $words (['invoice', 'list'], ['invoice', 'show', $invoice->{id}], ['delivery', 'list'], ['delivery', 'show', $invoice->{delivery}], ['agreements'], ['party', 'list'], ['party', 'list', $s->{did}],
	['inbox'], ['outbox'], ['doctor']) {
	my ($rc) = shows($b, @$words);
	is($rc, 0, "and $words->[0] shows it") unless $words->[0] eq 'doctor';
}
is(($s->cli('terminate', ($agreement->{peerPid} // ''), '--reason', encode_utf8("end $purpose")))[0], 0, 'the seller ends the agreement');
relay(sub { my ($a) = @{(api($b, 'GET', '/agreements'))[1]{agreements}}; $a->{state} eq 'TERMINATED' });
shows($b, 'get', $s->{did}, "no $purpose");
shows($b, 'approve', "no $purpose");

# JSON is what it is; on a terminal it is read by people too.
SKIP: {
	skip 'no script(1) here', 2 if system('command -v script >/dev/null');
	my $text = qx(script -qec "$ENV{SHUGU} agreements $agreement->{negotiation} --data $b->{data}" /dev/null </dev/null) =~ tr/\r//dr;
	like($text, qr/"negotiation"/, 'an agreement in full');
	clean($text, 'which is JSON');
	is_deeply([decode_json(($b->cli('agreements', $agreement->{negotiation}))[1])->{purpose}], [$purpose], 'and the very text for a program');
}

# As CSV no cell is a formula.
for my $words (['catalog', $s->{did}, '--csv'], ['invoice', 'list', '--csv'], ['delivery', 'list', '--csv'], ['party', 'list', '--csv']) {
	my (undef, $text) = shows($b, @$words);
	my @cells = decode_utf8($text) =~ /(?:^|[,\n]|\x{feff})("(?:[^"]|"")*"|[^,\r\n]*)/g;
	cmp_ok(scalar @cells, '>', 5, "$words->[0] as CSV has cells");
	my @formula = grep { /^"?[=+\-@\t\r]/ && !/^"?-?\d+(?:\.\d+)?"?$/ } @cells;
	is("@formula", '', 'none of which a spreadsheet would run');
}

# On paper.
my $file = "$b->{dir}/paper";
for my $paper (['invoice', 'export', $invoice->{id}], ['contract', 'export', $agreement->{agreement}]) {
	is(($b->cli(@$paper, '--html', "$file.html"))[0], 0, "$paper->[0] as a page");
	my $page = Node::slurp("$file.html");
	clean($page, 'the page');
	unlike($page, qr/<script(?!\s+src="\/)|\son\w+=|javascript:/i, 'and nothing of it runs');
	is(($b->cli(@$paper, '--pdf', "$file.pdf"))[0], 0, 'as PDF');
	unlike(Node::slurp("$file.pdf"), qr{/JavaScript|/JS\b|/Launch|/OpenAction|/EmbeddedFile|/URI}, 'which does nothing');
	my $text = qx(pdftotext $file.pdf - 2>/dev/null) =~ s/\f//gr;
	cmp_ok(length $text, '>', 200, 'and has its text');
	clean($text, 'its text');
}

# The spreadsheet of a dossier holds texts alone.
my ($calc) = grep { $_->{name} =~ /calc/ && $_->{name} !~ /^bad/ } @{(api($s, 'GET', '/products'))[1]{products}};
($code, undef, my $err) = $s->cli('dossier', 'export', $calc->{product}, '--xlsx', "$file.xlsx");
is($code, 0, 'a dossier as a spreadsheet') or diag $err;
my $cells = qx(unzip -p $file.xlsx 'xl/worksheets/*.xml' xl/sharedStrings.xml);
like($cells, qr/calc/, 'with what is said in it');
unlike($cells, qr/<f[ >]/, 'and no formula');
unlike(qx(unzip -l $file.xlsx), qr/vba|externalLink|connections/i, 'nor anything else that runs');

$_->stop for $s, $b;
is(($_->cli('replay'))[0], 0, 'the log folds to the state that is stored') for $s, $b;
unlike(Node::slurp("$_->{dir}/log"), qr/fault|Sanitizer|runtime error/, 'no fault') for $s, $b;
done_testing();
