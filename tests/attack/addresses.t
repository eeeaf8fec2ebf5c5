#!/usr/bin/perl
# Addresses that lead where they should not: names of partners that resolve to this machine or its neighbours (tests/attack/shim.c answers for
# the resolver, and changes its answer), answers that redirect, and paths that climb out of where they belong.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use File::Temp 'tempdir';
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my ($shim) = grep { -f } "$ENV{SHUGU_BUILD}/tests/libshim.so", "$ENV{SHUGU_BUILD}/libshim.so" or die "no libshim.so in $ENV{SHUGU_BUILD}\n";
my $dir = tempdir(CLEANUP => 1);

# 1. A node that may not call this machine, and partners whose names lead to it. Each has a port of the test, where nobody must come.
sub bare {
	my ($name, $url, @more) = @_;
	my $at = tempdir(CLEANUP => 1);
	my $n = bless {dir => $at, data => "$at/node", listen => 0, scheme => 'http'}, 'Node';
	my ($code, undef, $err) = $n->cli('init', '--name', $name, '--uscc', $Node::uscc, '--url', $url, @more);
	die "init: $err" if $code;
	chomp($n->{token} = Node::slurp("$n->{data}/keys/operator.token"));
	return $n;
}
my @names = ('127.0.0.1', '127.1.2.3', '10.0.0.1', '169.254.169.254', '192.168.1.1', '172.16.0.1', '100.64.0.1', '0.0.0.0', '::1',
	'::ffff:127.0.0.1', '64:ff9b::7f00:1', 'fd00::1', 'fe80::1', '224.0.0.1', '255.255.255.255', '2002:7f00:1::');
my $trap = IO::Socket::INET->new(Listen => 64, LocalAddr => '0.0.0.0') or die "no trap: $!";
my $port = $trap->sockport;
my $names = sub {
	my ($to) = @_;
	open(my $f, '>', "$dir/names.new") or die;
	print $f "p$_.example ", $to // $names[$_], "\n" for 0 .. $#names;
	close $f;
	rename "$dir/names.new", "$dir/names" or die;
};
$names->();
my $caller = bare('Caller', 'https://caller.example');
{
	my $asan = $ENV{ASAN_OPTIONS} ? "$ENV{ASAN_OPTIONS}:" : '';
	local @ENV{qw(LD_PRELOAD NAMES_FILE ASAN_OPTIONS)} = ($shim, "$dir/names", "${asan}verify_asan_link_order=0");
	$caller->start;
}
for my $i (0 .. $#names) {
	my $partner = bare("P$i", "https://p$i.example:$port");
	my (undef, $line) = $partner->cli('invite');
	chomp $line;
	my ($code, undef, $err) = $caller->cli('join', $line);
	is($code, 0, "a partner at a name is joined ($names[$i])") or diag $err;
}
my $end = time + 15;
sub refused { my %seen = map { $_ => 1 } Node::slurp("$caller->{dir}/log") =~ /refused kind=party\.join peer=did:web:p(\d+)\.example\S* detail="[^"]/g; return scalar keys %seen }
sleep 0.1 while time < $end && refused() < @names;
is(refused(), scalar @names, 'each is refused with a reason') or diag Node::slurp("$caller->{dir}/log");
ok(!IO::Select->new($trap)->can_read(0.2), 'nobody was called');
# The resolver gave an address that everybody may call, and gives another when it counts: what is connected to is judged, not the name.
$names->('127.0.0.1');
for my $i (0 .. 3) {
	my $partner = bare("R$i", "https://p$i.example:" . ($port));
	my (undef, $line) = $partner->cli('invite');
	chomp $line;
	$caller->cli('join', $line);
}
sleep 1;
ok(!IO::Select->new($trap)->can_read(0.2), 'nor after the names have moved');
{
	my $asan = $ENV{ASAN_OPTIONS} ? "$ENV{ASAN_OPTIONS}:" : '';
	local @ENV{qw(LD_PRELOAD NAMES_FILE ASAN_OPTIONS)} = ($shim, "$dir/names", "${asan}verify_asan_link_order=0");
	$caller->cli('doctor');
}
ok(!IO::Select->new($trap)->can_read(0.2), 'nor by doctor');
# Addresses that are numbers or this machine by name are not admitted at all, whatever form they have.
my $p = bare('Q', "https://q.example:$port");
my (undef, $line) = $p->cli('invite');
my ($text) = $line =~ /:([\w-]+)/;
my $card = $json->decode(MIME::Base64::decode_base64url($text));
for my $host ('127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '127.1', '0177.0.0.1', '[::ffff:7f00:1]', 'localhost.', "q.example\@127.0.0.1", '127.0.0.1#q.example',
	"q.example:$port/../../x", 'q.example%00.c', 'q.example\\@c', "q.example\r\nX: y", '') {
	my $other = copy($card);
	$other->{url} = "https://$host:$port";
	$other->{origin} = "$host:$port/log";
	$other->{vkey} =~ s/^[^+]+/$host:$port\/log/;
	$other->{did} = 'did:web:' . ("$host:$port" =~ s/:/%3A/gr);
	my ($code, undef, $err) = $caller->cli('join', 'shugu-invite:' . MIME::Base64::encode_base64url($json->encode($other)));
	ok($code == 1 || $code == 2, "an invitation to '" . ($host =~ s/[^ -~]/?/gr) . "' is refused") or diag "$code $err";
}
ok(!IO::Select->new($trap)->can_read(0.2), 'and nobody was called');
is(($caller->stop)[0], 0, 'the caller ends');
unlike(Node::slurp("$caller->{dir}/log"), qr/level=error|Sanitizer|runtime error/, 'and had no fault');

# 2. Answers that redirect: to another machine, to this one, to another path; with each of the statuses. Nobody follows.
my ($s, $b) = map { between($_) } qw(Seller Buyer);
befriend($s, $b);
open(my $f, '>', "$s->{dir}/rain.csv") or die;
print $f "a,b\n1,2\n";
close $f;
is(($s->cli('publish', "$s->{dir}/rain.csv", '--name', 'rain', '--net', 100, '--rate', 600))[0], 0, 'a product');
my @to = ("http://127.0.0.1:$port/x", "http://localhost:$port/", "https://127.0.0.1:$port/", 'file:///etc/passwd', "//localhost:$port/", '/dsp/2025-1/other', "gopher://localhost:$port/", $b->{url});
my $i = 0;
sub order { my ($status, $o) = api($b, 'POST', '/orders', {party => $s->{did}, product => 'rain', deliver => JSON::PP::true}); is($status, 202, 'an order'); return $o }
for my $code (301, 302, 303, 307, 308) {
	order();
	my $caught = catch($s, qr{/negotiations/request$}) or last;
	give($caught, $code, '', Location => $to[$i % @to]);
	my $more = catch($s, qr{.}, seconds => 0.7);
	ok(!$more || $more->{target} !~ m{/x$|/other$}, "answered by $code to $to[$i]: not followed");
	drop($more) if $more;
	$i++;
}
is($i, 5, 'each was tried');
order();
# The data too.
for my $code (302, 307) {
	my $data = catch($s, qr{^/data/}, seconds => 20);
	ok($data, 'the bytes are asked for') or last;
	give($data, $code, '', Location => "http://localhost:$port/x");
}
ok(relay(sub { grep { $_->{recorded} } @{(api($b, 'GET', '/invoices'))[1]{invoices} || []} }, 40), 'the circulation comes to its end')
	or diag $json->encode((api($b, 'GET', '/deliveries'))[1]);
ok(!IO::Select->new($trap)->can_read(0.2), 'nobody followed');

# 3. Paths. Every route that takes a name is asked with names that climb; no answer holds what lies outside, and none is a fault.
my $api = $json->decode($s->ask('GET', '/api/v1/openapi.json')->{body})->{paths};
my $secret = Node::slurp("$s->{data}/keys/party.key") =~ s/\s//gr;
my @climb = ('..%2f..%2fkeys%2fparty.key', '%2e%2e%2fkeys%2fparty.key', '..%5c..%5ckeys%5cparty.key', '%2fetc%2fpasswd', '..%252fkeys%252fparty.key', '....%2f%2fkeys%2fparty.key',
	'%00', 'x%00.html', '%c0%ae%c0%ae%c0%afkeys', '..;%2fkeys', '%2e', '%2e%2e', '../keys/party.key', '../../keys/party.key', './keys', '//etc/passwd', 'file:%2f%2f%2fetc%2fpasswd',
	'keys%2fparty.key', 'node.db', '%0d%0aX-Evil:1', 'a' x 300, '%ff%fe', '*', '~root', '$(id)', "';--", '%27%20OR%201=1');
my ($asked, @wrong) = (0);
for my $path (sort keys %$api) {
	next unless $path =~ /\{/;
	for my $method (sort keys %{$api->{$path}}) {
		for my $climb (@climb) {
			my $target = $path =~ s/\{[^}]+\}/$climb/gr;
			my $answer = $s->operate(uc $method, $target, $method =~ /^(?:get|head|delete)$/ ? undef : '{}');
			$asked++;
			push @wrong, "$method $target: $answer->{status}" if $answer->{status} >= 500 && $answer->{status} != 501 || $answer->{status} == 0
				|| "$answer->{head}$answer->{body}" =~ /\Q$secret\E|root:.*:0:0|^X-Evil/m || $answer->{status} == 200 && $path !~ /history|search|\.\.\.\}/;
		}
	}
}
is(join("\n", @wrong), '', "$asked paths that climb lead nowhere");
cmp_ok($asked, '>', 500, 'which are many');
for my $n ($s, $b) {
	is(($n->stop)[0], 0, 'it ends');
	is(($n->cli('log', 'audit'))[0], 0, 'its log is whole');
	unlike(Node::slurp("$n->{dir}/log"), qr/Sanitizer|runtime error|Assertion/, 'it did not fall over');
}
done_testing();
