#!/usr/bin/perl
# The command line as people and scripts meet it: help, wrong usage, exit codes, JSON; init and publish with odd input.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA 'sha256_hex';
use Encode;
use File::Temp 'tempdir';
use JSON::PP;
use Node;
use Test::More;

my $n = Node->new;
my $dir = $n->{dir};
my ($code, $out, $err);
sub shugu { ($code, $out, $err) = Node::run($dir, map { encode_utf8($_) } @_); return $code }
sub node { my $command = shift; return shugu($command, '--data', $n->{data}, @_) }
sub json { return eval { decode_json($out) } || {} }
sub file {
	my ($name, $bytes) = @_;
	my $path = "$dir/" . encode_utf8($name);
	open(my $f, '>:raw', $path) or die "$path: $!";
	print $f utf8::is_utf8($bytes) ? encode_utf8($bytes) : $bytes;
	close $f;
	return "$dir/$name";
}

# Help and wrong usage.
is(shugu('--help'), 0, 'there is help');
my @commands = $out =~ /^  (\w+) +\S/mg;
cmp_ok(scalar @commands, '>=', 8, "for @commands");
is(shugu('help'), 0, 'help is a command too');
is(shugu('-h'), 0, 'so is -h');
is(shugu(), 2, 'no command is wrong usage');
like($err, qr/^usage: /, 'and answered with help');
is(shugu('nonsense'), 2, 'an unknown command is wrong usage');
like($err, qr/nonsense is no command/, 'and named');
is($out, '', 'on standard error');
my (@bad, %help);
for my $command (@commands) {
	shugu($command, '--help');
	$help{$command} = $out;
	push @bad, "$command --help: $code" if $code || $err ne '' || $out !~ /^usage: shugu $command\b.*\n\n\S.*\.\n\n/ || $out !~ /--data DIR/;
	my $again = $out;
	shugu($command, '-h');
	push @bad, "$command -h: $code" if $code || $out ne $again;
	for my $options (['--nonsense'], ['--nonsense=1'], ['-x'], ['--json=1'], ['--data']) {
		shugu($command, @$options);
		push @bad, "$command @$options: $code $err" if $code != 2 || $out ne '' || $err !~ /^shugu: .*: .*\Q@{[$options->[0] =~ s{=.*}{}r]}\E/;
	}
	for my $option ($help{$command} =~ /^  (--[\w-]+) [A-Z]/mg) {
		next if $option =~ m{^--(?:data|at)$};
		shugu($command, $option);
		push @bad, "$command $option: $code $err" if $code != 2 || $err !~ /\Q$option\E lacks its value/;
	}
}
is("@bad", '', 'each command has help, and names what it does not take');
for my $words (['init'], ['evidence'], ['evidence', 'a', 'b'], ['log'], ['log', 'nonsense'], ['log', 'prove'], ['log', 'prove', '-1'], ['log', 'head', 'x'],
	['replay', 'x'], ['publish'], ['publish', 'a', 'b', '--name', 'c'], ['withdraw', 'x'], ['products', 'a', 'b'], ['serve', 'x'], ['serve', '--listen', 'nothing'], ['serve', '--listen', '127.0.0.1:65536']) {
	my $command = shift @$words;
	node($command, @$words);
	ok($code == 2 && $err =~ /^shugu: .+: .+\n\z/ && $out eq '', "wrong usage: $command @$words") or diag("$code $err");
}
is(shugu('log', 'vkey', '--data', "$dir/none"), 1, 'no node, no answer');
like($err, qr/no node in .*shugu init/, 'but what to do');
ok(!-e "$dir/none", 'and nothing was made');
{
	local $ENV{SHUGU_DATA} = $n->{data};
	is(shugu('log', 'vkey'), 0, 'SHUGU_DATA names the node');
}
is(system("$Node::shugu --help >/dev/full 2>/dev/null") >> 8, 3, 'what cannot be said is a fault');
is(system("$Node::shugu log vkey --data $n->{data} >/dev/full 2>/dev/null") >> 8, 3, 'of commands too');
is(system("$Node::shugu evidence --data $n->{data} $Node::shugu >&- 2>&- <&-") >> 8, 0, 'closed standard files do no harm');
is(node('log', 'audit'), 0, 'to the log');

# Every command: an option, an argument too many or too few is wrong usage, says where help is, and with --json is a problem.
my %least = (get => 2, catalog => 1, join => 1, approve => 1, refuse => 1, terminate => 1, withdraw => 1, evidence => 1, publish => 1, verify => 1);
my @wrong;
for my $command (@commands) {
	for my $words (['--nonsense'], [('x') x 9]) {
		my @words = @$words;
		next if $command =~ /^(?:publish|verify)$/ && @words > 1;
		node($command, @words);
		push @wrong, "$command @words: $code $err" if $code != 2 || $out ne '' || $err !~ /^shugu: [^\n]+ \(shugu $command --help\)\n\z/;
		node($command, @words, '--json');
		my $problem = eval { decode_json($err) } // {};
		push @wrong, "$command @words --json: $code $err" if $code != 2 || $out ne '' || $err !~ /^\{[^\n]*\}\n\z/ || ($problem->{type} // '') ne 'urn:shugu:problem:usage'
			|| ($problem->{exit} // 0) != 2 || ($problem->{help} // '') ne "shugu $command --help" || !length($problem->{detail} // '');
	}
	next unless $least{$command};
	node($command);
	push @wrong, "$command: $code $err" if $code != 2 || $err !~ /--help/;
}
is("@wrong", '', 'wrong usage of each command says where help is, also as JSON');
is(shugu('nonsense', '--json'), 2, 'so does an unknown command');
is((eval { decode_json($err) } // {})->{help}, 'shugu --help', 'as a problem');
for my $case ([1, 'not-found', 'products', 'none'], [1, 'not-found', 'invoice', 'show', 'none'], [2, 'bad-value', 'withdraw', 'none', '--reason', ''], [1, 'not-found', 'evidence', "$dir/none"]) {
	my ($want, $slug, @words) = @$case;
	node(@words, '--json');
	my $problem = eval { decode_json($err) } // {};
	ok($code == $want && $out eq '' && ($problem->{type} // '') eq "urn:shugu:problem:$slug" && $problem->{exit} == $want, "a refusal as JSON: @words") or diag("$code $out $err");
}

# init.
my @who = ('--name', '甲', '--uscc', $Node::uscc);
my $new = "$dir/new";
my %refused = (
	'a wrong code' => ['--name', 'A', '--uscc', '91110000802100433C', '--url', 'https://a.example'],
	'a short code' => ['--name', 'A', '--uscc', '9111', '--url', 'https://a.example'],
	'a code with letters that are not in use' => ['--name', 'A', '--uscc', '9111000080210043IO', '--url', 'https://a.example'],
	'http' => [@who, '--url', 'http://a.example'], 'http to the loopback without leave' => [@who, '--url', 'http://localhost:7080'],
	'http to another host with leave' => [@who, '--url', 'http://a.example', '--allow-loopback'], 'another scheme' => [@who, '--url', 'ftp://a.example'],
	'a host that only begins so' => [@who, '--url', 'http://localhost.evil.example', '--allow-loopback'],
	'no host' => [@who, '--url', 'https://'], 'a query' => [@who, '--url', 'https://a.example/?x'], 'a user' => [@who, '--url', 'https://u@a.example'],
	'an empty name' => ['--name', '', '--uscc', $Node::uscc, '--url', 'https://a.example'],
	'a name of 201 bytes' => ['--name', 'n' x 201, '--uscc', $Node::uscc, '--url', 'https://a.example'],
);
for my $what (sort keys %refused) {
	shugu('init', '--data', $new, @{$refused{$what}});
	ok($code == 2 && $err =~ /--(name|url|uscc).*shugu init --help/ && !-e $new, "init refuses $what") or diag("$code $err");
}
is(shugu('init', '--data', $n->{data}, @who, '--url', 'https://a.example'), 1, 'init never takes another node\'s directory');
like($err, qr/there is a node in/, 'and says why');
file('plain', 'x');
is(shugu('init', '--data', "$dir/plain", @who, '--url', 'https://a.example') ? 1 : 0, 1, 'nor a file');
isnt(shugu('init', '--data', "$dir/not/there", @who, '--url', 'https://a.example'), 0, 'nor a directory in one that is not there');
is(shugu('init', '--json', '--data', $new, @who, '--url', 'https://a.example:8443/path/'), 0, 'a node with a port and a path');
is(json()->{did}, 'did:web:a.example%3A8443:path', 'has a DID of both');

# publish.
is(node('publish', "$dir/missing.csv"), 1, 'a file that is not there is not published');
like($err, qr/missing\.csv cannot be read/, 'and named');
isnt(node('publish', $dir), 0, 'nor is a directory');
is(node('publish', file('数据 一.csv', "城市,人口\n杭州,1\n"), '--json', '--net', '12345', '--rate', '600'), 0, 'a file named in Chinese with a space is');
my $product = json();
is($product->{name}, '数据 一.csv', 'under its name');
is($product->{revision}, 1, 'as revision 1');
is($product->{mediaType}, 'text/csv', 'with its type');
is(join(' ', @{$product->{price}}{qw(net rate tax)}), '12345 600 741', 'and its price');
is($product->{object}{sha256}, sha256_hex(encode_utf8("城市,人口\n杭州,1\n")), 'and the digest of its bytes');
is(node('products', '数据 一.csv', '--json'), 0, 'it is found by that name');
is(json()->{product}, $product->{product}, 'and is the same');
is(node('products', $product->{product}), 0, 'it is found by its urn');
is(json()->{profile}{rows} // 'none', 1, 'with its profile') or diag($out);
is(node('publish', file('数据 一.csv', "城市,人口\n杭州,2\n"), '--json'), 0, 'published again');
is(json()->{revision}, 2, 'it is revision 2');
is(json()->{product}, $product->{product}, 'of the same product');
is(node('publish', file('empty.csv', ''), '--json'), 0, 'a table of no bytes is published');
is(json()->{object}{size}, 0, 'with its size');
is(json()->{object}{root}, sha256_hex(''), 'and the root of nothing');
is(node('publish', file('empty', '')), 0, 'so is any file of no bytes');
is(node('publish', file('empty.json', '')), 0, 'also one that says it is JSON');
is(node('publish', file('bad.csv', "a,b\n\"1,2\n\xff\xfe,\0\n")), 0, 'a table that is none is published as it is');
is(node('publish', file('-dash.csv', "a\n1\n")), 0, 'so is a name that begins with a dash');
is(node('publish', file("new\nline.csv", "a\n1\n")) == 3 ? 3 : 0, 0, 'a name with a line end is no fault');
is(node('publish', file('n' x 201, 'x')), 2, 'a name of 201 bytes is refused');
like($err, qr/name/, 'and named');
is(node('publish', file('n' x 201, 'x'), '--name', 'short'), 0, 'unless another is given');
my $long = encode_utf8('数' x 66) . "\xe6\x95";
is((Node::run($dir, 'publish', '--data', $n->{data}, '--name', $long, "$dir/plain"))[0], 2, 'a name that is no UTF-8 is refused');
for my $bad (['--policy', "$dir/missing"], ['--policy', file('policy', '{"permission":[{"action":"sell"}]}')], ['--policy', file('text', 'x')]) {
	is(node('publish', "$dir/plain", @$bad), 1, "publish refuses $bad->[0] " . substr($bad->[1], -8));
}
for my $bad (['--terms', 'nonsense'], ['--purpose', 'p' x 201], ['--net', '-1'], ['--net', '1.5'], ['--net', '1000000000001'], ['--rate', '10001'], ['--receipt-within', 'x'], ['--terms', 'open', '--policy', "$dir/policy"]) {
	is(node('publish', "$dir/plain", @$bad), 2, "wrong usage: publish @$bad[0, 1]");
}
is(node('products'), 0, 'products are listed');
my @lines = split /\n/, decode_utf8($out);
like($lines[0], qr/^NAME +REV +BYTES +NET CNY +TAX +PUBLISHED +PRODUCT$/, 'under heads');
like("@lines", qr/ 数据 一\.csv +2 +\d+ +123\.45 +7\.41 +20\S+ +urn:uuid:/, 'the newest revision each, at the price that stands');
my %columns = map { my $before = s/urn:uuid:.*|PRODUCT$//r; my @wide = $before =~ /\p{Han}/g; (length($before) + @wide => 1) } @lines;
is(scalar keys %columns, 1, 'in columns, wide characters counted as two') or diag(encode_utf8(join "\n", @lines));

# withdraw.
is(node('withdraw', '数据 一.csv', '--reason', '停止 "提供"', '--json'), 0, 'a product is withdrawn');
is(node('products', $product->{product}, '--json'), 0, 'it is still known by its urn');
ok(json()->{withdrawn}, 'as withdrawn');
is(node('products', '数据 一.csv'), 1, 'but its name is free');
is(node('withdraw', $product->{product}, '--reason', 'again'), 1, 'not twice');
is(node('withdraw', 'nothing', '--reason', 'x'), 1, 'what is not there is not withdrawn');
is(node('withdraw', 'empty', '--reason', ''), 2, 'nor without a reason');
is(node('withdraw', 'empty', '--reason', 'r' x 2001), 2, 'nor with one too long');
is(node('publish', "$dir/数据 一.csv", '--json'), 0, 'published anew');
is(json()->{revision} . (json()->{withdrawn} ? ' withdrawn' : ''), '1', 'the name is that of a new product');
isnt(json()->{product}, $product->{product}, 'with a urn of its own');

# JSON of what only reads, with and without a running node.
for my $running (0, 1) {
	$n->start if $running;
	my $how = $running ? 'beside the node' : 'alone';
	for my $words (['log', 'vkey'], ['log', 'head'], ['log', 'prove', '0'], ['log', 'audit'], ['replay'], ['products'], ['evidence', "$dir/plain"]) {
		node(@$words, '--json');
		ok($code == 0 && eval { ref decode_json($out) eq 'HASH' } && $out =~ /^\{[^\n]*\}\n\z/ && $err eq '', "$words->[0] " . ($words->[1] // '') =~ s{.*/}{}r . " --json $how") or diag("$code $out $err");
	}
	is(node('log', 'prove', '100000'), 1, "an entry that is not there $how");
	is(node('evidence', "$dir/missing"), 1, "a file that is not there $how");
	is(node('publish', "$dir/plain", '--terms', 'nonsense'), 2, "terms that are not there $how");
	is(node('withdraw', 'nothing', '--reason', 'x'), 1, "a product that is not there $how");
}
is(($n->stop)[0], 0, 'the node ends well');
is(node('replay'), 0, 'and replays');
done_testing();
