#!/usr/bin/perl
# Links for people without a node (row N): page and JSON, taking by a stated name, the file with ranges, the invoice that is
# claimed, count, end and revocation; a restart in the middle; hostile text stays text.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Encode 'encode_utf8';
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my $verify = $ENV{SHUGU_VERIFY} or die "SHUGU_VERIFY names the program\n";
my $n = Node->new(reachable => 1, name => 'Seller');
my $json = JSON::PP->new->utf8->canonical;
sub spill { open my $f, '>:raw', $_[0] or die "$_[0]: $!"; print $f $_[1]; close $f }
sub share { my ($code, $said) = $n->cli('share', @_, '--json'); return $code ? {} : decode_json($said) }
sub path { return $_[0] =~ s{^https?://[^/]+}{}r }

# A request to a path of a link; %header names.
sub ask {
	my ($method, $path, $body, %header) = @_;
	return $n->ask($method, $path, $body, %header);
}
sub take {
	my ($url, $name, $organisation, %more) = @_;
	my $form = join '&', map { "$_->[0]=" . encode_utf8($_->[1]) =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger }
		['name', $name], ['organisation', $organisation], ['agree', 'yes'];
	return ask('POST', path($url), $form, 'Content-Type' => 'application/x-www-form-urlencoded', %more);
}
sub location { return $_[0]{head} =~ /^Location: (\S+)/mi ? $1 : '' }
sub until_true { my ($so, $end) = ($_[0], time + 10); while (time < $end) { return 1 if $so->(); sleep 0.05 } return 0 }

my $bytes = join '', map { "$_," . $_ * 7 % 1000 . "\n" } 1 .. 60000;
spill("$n->{dir}/rain.csv", "day,mm\n$bytes");
$n->start;
is(($n->cli('publish', '--name', 'rain', '--terms', 'once', '--net', '12345', '--rate', '600', "$n->{dir}/rain.csv"))[0], 0, 'a product');
isnt(($n->cli('share', 'rain'))[0], 0, 'for nobody there is no link');
is(($n->cli('share', 'rain'))[0], 2, 'which is wrong usage');
is(($n->cli('share', 'none', '--to', 'x'))[0], 1, 'nor to what is not offered');

my $link = share('rain', '--to', encode_utf8('张三'), '--count', 2);
like($link->{url}, qr{^http://localhost:\d+/s/[\w-]{43}$}, 'a link');
is($link->{state}, 'open', 'which is open');
my ($code, $said) = $n->cli('share', 'rain', '--to', 'nobody');
like($said, qr/share revoke urn:uuid/, 'a person is told how to end it');
unlike($said, qr/\xe2\x96/, 'a pipe gets no QR code');

my $page = ask('GET', path($link->{url}));
is($page->{status}, 200, 'the page opens without any token but the link');
like($page->{body}, qr/123\.45/, 'it says the price');
ok(index($page->{body}, encode_utf8('限交付一次')) > 0, 'and the terms in words');
like($page->{head}, qr/Content-Security-Policy: default-src 'none'/, 'it loads nothing');
like($page->{head}, qr/Referrer-Policy: no-referrer/, 'and tells nobody where it was');
like(ask('GET', path($link->{url}) . '?lang=en')->{body}, qr/one delivery only/, 'in English too');
like(ask('GET', path($link->{url}), undef, 'User-Agent' => 'Mozilla MicroMessenger/8')->{body}, qr/role="alert"/, 'within a chat it says how to leave');
my $offer = decode_json(ask('GET', path($link->{url}), undef, Accept => 'application/json')->{body});
is($offer->{left}, 2, 'the same as JSON');
is($offer->{terms}{en}, 'use, one delivery only', 'with its terms');
is(ask('GET', '/s/' . 'A' x 43)->{status}, 404, 'another token opens nothing');

is(ask('POST', path($link->{url}), 'name=a&organisation=b', 'Content-Type' => 'application/x-www-form-urlencoded')->{status}, 400, 'without a yes nothing is taken');
is(take($link->{url}, ' ', 'b')->{status}, 400, 'nor without a name');
is(take($link->{url}, 'x' x 321, 'b')->{status}, 400, 'nor by one that is too long');
is(decode_json(ask('GET', path($link->{url}), undef, Accept => 'application/json')->{body})->{left}, 2, 'and the count is whole');

my $taken = take($link->{url}, '<script>alert(1)</script>', '甲公司');
is($taken->{status}, 303, 'a person takes');
my $at = location($taken);
like($at, qr{^/s/[\w-]{43}/[0-9a-f-]{36}/[\w-]{43}$}, 'and is led to what was taken');
my $mine = ask('GET', $at);
is($mine->{status}, 200, 'its page');
unlike($mine->{body}, qr/<script/, 'a name stays text');
is(ask('GET', "$at/invoice")->{status}, 404, 'no invoice before the bytes');
is(ask('GET', $at =~ s/.$/$& eq 'A' ? 'B' : 'A'/er)->{status}, 401, 'another key opens nothing');

my $half = ask('GET', "$at/file", undef, Range => 'bytes=0-99');
is($half->{status}, 206, 'a part of the file');
is($half->{body}, substr("day,mm\n$bytes", 0, 100), 'is that part');
$n->stop;
$n->start;
my $rest = ask('GET', "$at/file", undef, Range => 'bytes=100-');
is($rest->{status}, 206, 'the rest, after a restart');
is($half->{body} . $rest->{body}, "day,mm\n$bytes", 'and all of it is the file');
like($rest->{head}, qr/filename\*=UTF-8''rain/, 'by its name');
ok(until_true(sub { ask('GET', "$at/invoice")->{status} == 200 }), 'the invoice follows');
my $invoice = ask('GET', "$at/invoice")->{body};
spill("$n->{dir}/i.json", $invoice);
my $verdict = decode_json(qx($verify --json $n->{dir}/i.json));
ok($verdict->{ok}, 'it verifies');
is($verdict->{label}, 'claimed', 'as claimed, never above');
is(decode_json($invoice)->{core}{I}{acceptance}, 'by link', 'by link');
is(decode_json($invoice)->{core}{G}{consumer}{name}, '甲公司 / <script>alert(1)</script>', 'with the name as stated');
qx($verify --require delivered $n->{dir}/i.json);
is($? >> 8, 1, 'and meets nothing that asks for more');

is(take($link->{url}, 'b', 'c')->{status}, 303, 'the second taking');
is(take($link->{url}, 'c', 'd')->{status}, 403, 'not a third');
is(ask('GET', path($link->{url}))->{status}, 403, 'and the page says so');
is(ask('GET', "$at/file", undef, Range => 'bytes=0-9')->{status}, 206, 'what was taken can be fetched again');
is(($n->cli('share', 'revoke', $link->{id}, '--reason', 'enough'))[0], 0, 'it is revoked');
is(ask('GET', "$at/file")->{status}, 410, 'then no byte leaves');
is(ask('GET', path($link->{url}))->{status}, 410, 'and the link is closed');
is(($n->cli('share', 'revoke', $link->{id}, '--reason', 'enough'))[0], 1, 'once');

# Count under many at once: the link gives as often as it says.
my $many = share('rain', '--to', 'many', '--count', 10);
my @pids;
for my $i (1 .. 32) {
	my $pid = fork // die $!;
	if ($pid == 0) { require POSIX; POSIX::_exit(take($many->{url}, "p$i", 'o')->{status} == 303 ? 1 : 0) }
	push @pids, $pid;
}
my $given = 0;
for (@pids) { waitpid $_, 0; $given += $? >> 8 }
is($given, 10, 'of 32 at once ten are served');
is(share('list')->{shares}[0]{taken}, 10, 'and ten are counted');
is(($n->cli('replay'))[0], 0, 'the log folds to the state that is stored');
done_testing;
