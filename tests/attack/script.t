#!/usr/bin/perl
# Script in every field: payloads that browsers, spreadsheets and terminals would run, in each text that a partner, a person by a link or a
# program of the operator can set. Answers that are JSON stay JSON and give back the text as it was, pages hold it as text, headers are not
# split, and no line of what a terminal shows holds an escape.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->canonical->utf8;
my @payloads = ('<script>alert(1)</script>', '"><script>alert(1)</script>', "'><svg/onload=alert(1)>", '<img src=x onerror=alert(1)>', '<img src="x" onerror="alert(1)">',
	'<a href="javascript:alert(1)">x</a>', 'javascript:alert(1)', 'JaVaScRiPt:alert(1)', "java\tscript:alert(1)", 'data:text/html,<script>alert(1)</script>', '<iframe src=javascript:alert(1)>',
	'<body onload=alert(1)>', '</title><script>alert(1)</script>', '</textarea><script>alert(1)</script>', '</style><script>alert(1)</script>', '</script><script>alert(1)</script>',
	'<!--<img src="--><img src=x onerror=alert(1)//">', '<![CDATA[<script>alert(1)</script>]]>', '<svg><script>alert&#40;1)</script>', '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
	'&lt;script&gt;alert(1)&lt;/script&gt;', '&#60;script&#62;alert(1)', '%3Cscript%3Ealert(1)%3C/script%3E', "\\u003cscript\\u003ealert(1)", '"onfocus="alert(1)" autofocus="', "' onmouseover='alert(1)",
	'` onmouseover=alert(1)', '${alert(1)}', '{{constructor.constructor("alert(1)")()}}', '<%= 7*7 %>', '#{7*7}', '=cmd|"/c calc"!A1', '+HYPERLINK("http://c.example","x")', '-2+3+cmd', '@SUM(1+1)*cmd',
	"\x{202e}txt.exe<b>", "\x{ff1c}script\x{ff1e}alert(1)\x{ff1c}/script\x{ff1e}", '<style>@import "//c.example"</style>', '<meta http-equiv=refresh content=0;url=//c.example>', '<base href=//c.example>',
	'<form action=//c.example><button>x', '<object data="data:text/html;base64,x">', '"}]},"x":{"y":"', '\\"}{"a":"b', "'; DROP TABLE entry; --", 'a" ; filename="x.html', '../../../../x', '$(touch x)`touch y`');
my $n = Node->new(reachable => 1, name => '<b>Seller</b>"\'&');
open(my $f, '>', "$n->{dir}/rain.csv") or die;
print $f "a,b\n1,2\n";
close $f;
$n->start;
is(($n->cli('publish', "$n->{dir}/rain.csv", '--name', 'rain', '--net', 100, '--rate', 600))[0], 0, 'a product, whose object is used again');
my %digests = map { my $e = $n->operate('GET', "/api/v1/evidence/$_")->{body}; $e =~ /"product\.publish"/ ? %{$json->decode($e)->{act}{body}{object}} : () } 0 .. $n->size - 1;
ok($digests{root}, 'its root is known');

# As a page, nothing of the payload may be there but as text: every `<` that stands in it is one of ours.
my %ours = map { $_ => 1 } qw(!doctype html meta link title body main p h1 h2 h3 table thead tbody tr th td form label input button pre code footer header a ul ol li dl dt dd div span section small strong em br nav img svg path);
sub tags_of { my ($body) = @_; return map { lc } $body =~ m{<\s*/?\s*([A-Za-z!][^\s>/]*)}g }
sub page_is_ours {
	my ($answer, $what) = @_;
	my $body = $answer->{body};
	my @odd = grep { !$ours{$_} } tags_of($body);
	# Attributes of events, links to code and values that were ended early are seen with their quotes intact.
	my @tags = $body =~ m{<[A-Za-z][^>]*>}g;
	push @odd, grep { /\son\w+\s*=/i || /(?:href|src|action)\s*=\s*["']?\s*(?:javascript|data):/i || /c\.example/ } @tags;
	return is("@odd", '', "$what: only our own tags");
}
sub escaped { my ($t) = @_; utf8::encode($t); return $t =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger }
my $csp = qr/^Content-Security-Policy: default-src 'none';(?!.*unsafe)/mi;
for my $i (0 .. $#payloads) {
	my $p = $payloads[$i];
	my $short = "payload $i";
	# What a program of the operator sets: every text of a product.
	my %texts = map { $_ => $p } qw(purpose territory onward disposal);
	my $answer = $n->operate('POST', '/api/v1/products', $json->encode({name => "$i $p", root => $digests{root}, sha256 => $digests{sha256}, size => $digests{size}, net => 100, rate => 600,
		mediaType => $p, dossier => {description => $p}, %texts}));
	if ($answer->{status} >= 400) {
		like($answer->{status}, qr/^4/, "$short: refused, and no fault");
		ok(eval { $json->decode($answer->{body})->{detail} }, 'by a problem that is JSON') or diag $answer->{body};
		$answer = $n->operate('POST', '/api/v1/products', $json->encode({name => "$i $p", root => $digests{root}, sha256 => $digests{sha256}, size => $digests{size}, net => 100, rate => 600, dossier => {description => $p}, purpose => $p}));
	}
	is($answer->{status}, 201, "$short: is published as text") or diag($answer->{body}), next;
	my $product = $json->decode($answer->{body});
	like($answer->{head}, qr{^Content-Type: application/json}mi, "$short: the answer is JSON");
	my $share = $n->operate('POST', '/api/v1/shares', $json->encode({product => $product->{product} // $product->{id}, to => $p, recipient => $p}));
	$share = $n->operate('POST', '/api/v1/shares', $json->encode({product => $product->{product} // $product->{id}, to => $p})) if $share->{status} == 400;
	is($share->{status}, 201, "$short: a link to someone of that name") or diag($share->{body}), next;
	my $path = $json->decode($share->{body})->{url} =~ s{^https?://[^/]+}{}r;
	for my $lang ('zh', 'en') {
		my $page = $n->ask('GET', "$path?lang=$lang");
		is($page->{status}, 200, "$short: its page");
		page_is_ours($page, "$short, $lang");
		my %entity = (lt => '<', gt => '>', quot => '"', '#39' => "'", '#x27' => "'", amp => '&');
		my $read = $page->{body} =~ s/&(lt|gt|quot|#39|#x27|amp);/$entity{$1}/gr;
		my $bytes = "$i $p";
		utf8::encode($bytes);
		ok($p =~ /\x{202e}|\t/ || index($read, $bytes) >= 0, 'which shows it as text');
		like($page->{head}, $csp, 'under a policy that runs nothing');
		like($page->{head}, qr/^X-Content-Type-Options: nosniff/mi, 'and is nothing else');
	}
	my $offer = $n->ask('GET', $path, undef, Accept => 'application/json');
	my $said = eval { $json->decode($offer->{body}) } // {};
	is($said->{name}, "$i $p", "$short: as JSON it is the text that it was");
	is($said->{scenario}{purpose}, $p, 'the purpose too');
	# What a stranger states of himself.
	my $form = join '&', map { "$_->[0]=" . escaped($_->[1]) } ['name', $p], ['organisation', $p], ['agree', 'yes'];
	my $taken = $n->ask('POST', $path, $form, 'Content-Type' => 'application/x-www-form-urlencoded');
	is($taken->{status}, 303, "$short: taken by someone of that name") or diag($taken->{body}), next;
	my ($at) = $taken->{head} =~ /^Location: (\S+)/mi;
	page_is_ours($n->ask('GET', $at), "$short, the page of what was taken");
	my $file = $n->ask('GET', "$at/file");
	is(length $file->{body}, $digests{size}, "$short: the file");
	my ($name) = $file->{head} =~ /^(Content-Disposition:[^\r]*)\r$/mi;
	like($name // '', qr/^Content-Disposition: attachment/i, 'is something to keep');
	unlike($name // '', qr/[<>\\]|filename="[^"]*"[^;\s]|[^ -~]/, 'by a name that ends where it ends');
	is(scalar(() = $file->{head} =~ /^Content-Disposition:/mig), 1, 'said once');
}
# Lists of all of it: JSON, and what a terminal shows.
for my $path ('/products', '/shares', '/agreements', '/deliveries', '/invoices', '/parties', '/outbox', '/inbox') {
	my $answer = $n->operate('GET', "/api/v1$path");
	is($answer->{status}, 200, "$path is listed");
	ok(eval { $json->decode($answer->{body}); 1 }, 'as JSON');
	like($answer->{head}, qr{^Content-Type: application/json}mi, 'and says so');
}
my $odd = "\e[31m\e]0;x\a red \x{9b}2J";
my $answer = $n->operate('POST', '/api/v1/products', $json->encode({name => "odd$odd", root => $digests{root}, sha256 => $digests{sha256}, size => $digests{size}}));
my $of = $json->decode($answer->{body});
$answer = $n->operate('POST', '/api/v1/shares', $json->encode({product => $of->{product} // $of->{id}, to => "x$odd"}));
like($answer->{status}, qr/^(?:201|400)$/, 'a link to someone whose name moves the cursor is made or refused');
for my $words (['share', 'list'], ['delivery', 'list'], ['invoice', 'list'], ['party', 'list'], ['inbox'], ['outbox']) {
	my ($code, $out, $err) = $n->cli(@$words);
	unlike("$out$err", qr/[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]/, "@$words: a terminal gets no control character");
	is($code, 0, 'of a list that it shows');
}
is(($n->stop)[0], 0, 'it ends');
is(($n->cli('replay'))[0], 0, 'its log folds to its state');
unlike(Node::slurp("$n->{dir}/log"), qr/level=error|Sanitizer|runtime error|Assertion/, 'it had no fault');
done_testing();
