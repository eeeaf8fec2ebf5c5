#!/usr/bin/perl
# A served node: evidence over TCP and control.sock, its log as strangers read it, its end, its restart, its sudden death.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA qw(sha256 sha256_hex);
use JSON::PP;
use MIME::Base64;
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my $n = Node->new;
my $ready = $n->start;
diag(sprintf 'start to ready: %.0f ms', 1000 * $ready);
cmp_ok($ready, '<', 5, 'the node is ready');
is($n->size, 1, 'its log opens with its birth');
like(Node::slurp("$n->{dir}/served"), qr{^serving http://localhost:7080 on 127\.0\.0\.1 port \d+\nsign in as the owner, once, within 15 minutes: http://localhost:7080/signin#[\w-]{43}\n$}, 'it says where, and how to sign in');

# The text of E is kept as it came: act and salt give the entry, the path leads to the root in its head.
sub act_of { return $_[0] =~ /^\{"act":(\{.*\}),"head":"/s ? $1 : '' }

sub entry_of {
	my ($proof) = @_;
	my $e = decode_json($proof);
	return 'shugu-act/1 ' . sha256_hex(pack('H64', $e->{salt}) . act_of($proof));
}

sub proves {
	my ($proof) = @_;
	my $e = decode_json($proof);
	my ($origin, $size, $root) = split /\n/, $e->{head};
	my ($hash, $at, $last) = (Node::leaf_hash(entry_of($proof)), $e->{index}, $size - 1);
	return 0 if $origin ne 'localhost:7080/log' || $at > $last;
	for my $other (map { pack 'H64', $_ } @{$e->{path}}) {
		return 0 if $last == 0;
		if ($at & 1 || $at == $last) {
			$hash = sha256("\1$other$hash");
			until ($at & 1 || $at == 0) { $at >>= 1, $last >>= 1 }
		} else {
			$hash = sha256("\1$hash$other");
		}
		$at >>= 1, $last >>= 1;
	}
	return $last == 0 && encode_base64($hash, '') eq $root;
}

sub digest { return 'sha256:' . sha256_hex($_[0]) }
sub posting { return '{"digest":"' . digest($_[0]) . '","subject":"' . $_[0] . '"}' }

my $first = $n->operate('POST', '/api/v1/evidence', posting('one'));
is($first->{status}, 201, 'evidence is taken over TCP with the token');
ok(proves($first->{body}), 'its proof leads to the root of its head');
like(act_of($first->{body}), qr/"actor":"operator".*"digest":"\Q@{[digest('one')]}\E"/, 'and shows the act');
is($n->operate('GET', '/api/v1/evidence/1')->{body}, $first->{body}, 'asked again it is the same, byte for byte');

open(my $f, '>', "$n->{dir}/file") or die;
print $f 'abc';
close $f;
my ($code, $out) = $n->cli('evidence', "$n->{dir}/file", '--subject', 'two');
is($code, 0, 'evidence is taken by the command beside the running node');
is($n->operate('GET', '/api/v1/evidence/2')->{body} . "\n", $out, 'with the proof that the node answers');
ok(proves($out), 'which holds');
is($n->ask('GET', '/api/v1/evidence/2', undef, unix => 1)->{status}, 200, 'control.sock needs no token');

my %key = ('Idempotency-Key' => 'k-1');
my $once = $n->operate('POST', '/api/v1/evidence', posting('three'), %key);
my $twice = $n->operate('POST', '/api/v1/evidence', posting('three'), %key);
is($once->{status}, 201, 'a command with an Idempotency-Key is done');
is($twice->{status} . $twice->{body}, 201 . $once->{body}, 'again it gets the same answer, byte for byte');
is($n->operate('POST', '/api/v1/evidence', posting('other'), %key)->{status}, 422, 'the key with another body is refused');
is($n->operate('POST', '/api/v1/evidence', posting('x'), 'Idempotency-Key' => 'k' x 256)->{status}, 400, 'a key of 256 bytes too');
is($n->size, 4, 'and nothing was done twice');
for my $way ('', 'unix') {
	my $answer = $n->operate('POST', '/api/v1/evidence', posting("way$way"), $way ? (unix => 1) : (), 'Idempotency-Key' => "$way-way");
	is($answer->{status}, 201, 'keys of one caller count alike on both ways') if $way;
}

# Three hundred more in one stream, answered in its order.
sub commands {
	return join '', map { Node::head_of('POST', '/api/v1/evidence', posting($_),
		Authorization => "Bearer $n->{token}", 'Idempotency-Key' => $_) } @_;
}
my $last = Node::head_of('GET', '/healthz', undef, Connection => 'close');
my @many = Node::answers((Node::talk($n->connect, commands(map {"many-$_"} 1 .. 300) . $last, 20))[0]);
is(pop(@many)->{status}, 200, 'a stream is answered to its end');
is(scalar(grep { $_->{status} == 201 } @many), 300, '300 commands in one stream are answered');
is(join(' ', map { decode_json($_->{body})->{index} } @many), join(' ', 6 .. 305), 'in their order');
is(scalar(grep { !proves($_->{body}) } @many), 0, 'each with a proof that holds');

# What is refused is explained (RFC 9457), and makes no act.
my @refused = (
	[401, 'unauthenticated', 'POST', '/api/v1/evidence', posting('no'), 'Content-Type' => 'application/json'],
	[401, 'unauthenticated', 'POST', '/api/v1/evidence', posting('no'), Authorization => 'Bearer ' . 'A' x 43],
	[403, 'forbidden', 'POST', '/dsp/2025-1/catalog/request', '{}', Authorization => "Bearer $n->{token}"],
	[404, 'not-found', 'GET', '/api/v1/nothing', undef],
	[405, 'method-not-allowed', 'DELETE', '/api/v1/evidence', undef],
	[400, 'bad-value', 'POST', '/api/v1/evidence', '{"digest":"sha256:12"}', Authorization => "Bearer $n->{token}"],
	[413, 'too-large', 'POST', '/api/v1/evidence', ' ' x (1 << 20) . '{}', Authorization => "Bearer $n->{token}"],
	[415, 'media-type', 'POST', '/api/v1/evidence', '{}', Authorization => "Bearer $n->{token}", 'Content-Type' => 'text/csv'],
);
for my $row (@refused) {
	my ($status, $slug, $method, $target, $body, @fields) = @$row;
	my $answer = $n->ask($method, $target, $body, @fields);
	is($answer->{status}, $status, "$method $target: $status");
	like($answer->{body}, qr/"(?:urn:shugu:problem:)?\Q$slug\E"/, "is $slug");
}
like($n->ask('DELETE', '/api/v1/evidence')->{head}, qr/^Allow: POST\r$/mi, 'a wrong method is told the right one');
is($n->size, 306, 'nothing of that is in the log');

# The log as a stranger reads it.
my $head = $n->ask('GET', '/log/checkpoint');
like($head->{head}, qr{^Content-Type: text/plain; charset=utf-8\r$}mi, 'the checkpoint is text');
my ($origin, $size, $root, undef, $signature) = split /\n/, $head->{body};
is("$origin $size", 'localhost:7080/log 306', 'its origin and size');
like($signature, qr{^\x{e2}\x{80}\x{94} localhost:7080/log \S{92}$}, 'and one signature line');
sub entries_in {
	my ($bytes) = @_;
	my @entries;
	while (length $bytes >= 2) {
		my $length = unpack 'n', substr($bytes, 0, 2, '');
		push @entries, substr($bytes, 0, $length, '');
	}
	return @entries;
}
my @bundles = map { $n->ask('GET', "/log/tile/entries/$_") } '000', '001.p/50';
my @entries = map { entries_in($_->{body}) } @bundles;
is(scalar(grep {/^shugu-act\/1 [0-9a-f]{64}\z/} @entries), 306, 'the bundles hold 306 entries');
is($bundles[0]{body} . $bundles[1]{body}, join('', map { pack('n/a*', $_) } @entries), 'each behind its length');
is($entries[1], entry_of($first->{body}), 'an entry is made of the act and the salt of its proof');
is($entries[$_ + 6], entry_of($many[$_]{body}), "entry $_ of the stream too") for 0, 249, 250, 299;
my @leaves = map { Node::leaf_hash($_) } @entries;
is($n->ask('GET', '/log/tile/0/000')->{body}, join('', @leaves[0 .. 255]), 'the full tile is the hashes of its entries');
is($n->ask('GET', '/log/tile/0/001.p/50')->{body}, join('', @leaves[256 .. 305]), 'the partial tile too');
is($n->ask('GET', '/log/tile/1/000.p/1')->{body}, Node::root_of(@leaves[0 .. 255]), 'the tile above it');
is($root, encode_base64(Node::root_of(@leaves), ''), 'the root in the checkpoint is that of the entries');
like($n->ask('GET', '/log/tile/0/000')->{head}, qr/immutable/, 'tiles may be kept for ever');
is($n->ask('GET', "/log/tile/$_")->{status}, 404, "no tile $_") for '0/002', '0/001.p/51', '0/001', '2/000.p/1', '0/1', 'entries/001.p/0', '64/000', 'x/000';

my $did = $n->ask('GET', '/.well-known/did.json');
like($did->{head}, qr{^Content-Type: application/did\+json\r$}mi, 'the DID document has its media type');
is(decode_json($did->{body})->{id}, 'did:web:localhost%3A7080', 'and names the party');
is(decode_json($did->{body})->{verificationMethod}[0]{id}, 'did:web:localhost%3A7080#key-1', 'and its key');
my $versions = decode_json($n->ask('GET', '/.well-known/dspace-version')->{body})->{protocolVersions};
is($versions->[0]{version} . $versions->[0]{path}, '2025-1/dsp/2025-1', 'the Dataspace Protocol is announced');

# Each route of the document exists, and the open ones alone answer a stranger.
my $api = decode_json($n->ask('GET', '/api/v1/openapi.json')->{body});
my (@missing, @open, $routes);
for my $path (sort keys %{$api->{paths}}) {
	for my $method (sort grep {/^(get|post|put|delete|patch)$/} keys %{$api->{paths}{$path}}) {
		my $target = $path =~ s/\{\w+(\.\.\.)?\}/0/gr;
		my $answer = $n->ask(uc $method, $target, $method eq 'get' ? undef : '{}', $method eq 'get' ? () : ('Content-Type' => 'application/json'));
		my $guarded = $api->{paths}{$path}{$method}{security};
		$routes++;
		push @missing, "$method $path $answer->{status}" if $answer->{status} == 0 || $answer->{status} == 405 || $answer->{body} =~ /there is nothing at/;
		push @open, "$method $path $answer->{status}" if $guarded && $answer->{status} != 401;
	}
}
cmp_ok($routes, '>=', 12, "the document names $routes routes");
is("@missing", '', 'each answers');
my @unnamed;
for my $path (sort keys %{$api->{paths}}) {
	my @names = $path =~ /\{(\w+)\}/g;
	for my $operation (values %{$api->{paths}{$path}}) {
		my @parameters = map { $_->{'$ref'} ? $api->{components}{parameters}{$_->{'$ref'} =~ s{.*/}{}r} : $_ } @{$operation->{parameters} // []};
		my @told = map {"$_->{in} $_->{name}"} grep { $_->{in} eq 'path' } @parameters;
		push @unnamed, "$path parameters" if grep { !$_->{in} || !$_->{name} } @parameters;
		push @unnamed, $path if "@told" ne join(' ', map {"path $_"} @names);
		push @unnamed, "$path security" if grep { !$api->{components}{securitySchemes}{$_} } map { keys %$_ } @{$operation->{security} // []};
	}
}
is("@unnamed", '', 'names what stands in its path, and who may');
is("@open", '', 'a stranger is asked who he is wherever it says so');
is($n->size, 306, 'asking made no act');

($code, $out, my $err) = $n->cli('serve', '--listen', '127.0.0.1:0');
is($code, 1, 'a second process is refused');
like($err, qr/another process/i, 'with the reason');
is($n->ask('GET', '/healthz', undef, unix => 1)->{status}, 200, 'and leaves the control socket alone');
($code, $out) = $n->cli('log', 'audit');
like($out, qr/^306 entries/, 'reading commands work beside the node');

# Its end, with an idle client, a client amid a request, and one that reads nothing.
my @clients = map { $n->connect } 0 .. 2;
Node::talk($clients[0], Node::head_of('GET', '/healthz'), 2, sub { $_[0] =~ /\}$/ });
syswrite($clients[1], "POST /api/v1/evidence HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
syswrite($clients[2], Node::head_of('GET', '/api/v1/openapi.json') x 40);
sleep 0.05;
my ($exit, $took) = $n->stop;
is($exit, 0, 'SIGTERM ends it with 0');
cmp_ok($took, '<', 2, sprintf('in less than two seconds (%.2f)', $took));
ok(!-e "$n->{data}/control.sock", 'and takes the control socket away');
$n->start;
is($n->size, 306, 'after the restart everything is there');
is($n->ask('GET', '/log/checkpoint')->{body}, $head->{body}, 'the same checkpoint, byte for byte');
is($n->operate('GET', '/api/v1/evidence/1')->{body}, $first->{body}, 'the same proof');
is($n->operate('POST', '/api/v1/evidence', posting('three'), %key)->{body}, $once->{body}, 'the same answer to a repeated command');
is(($n->stop)[0], 0, 'SIGTERM ends an idle node with 0');

# Killed ten times amid streams of commands: what was acknowledged is there.
srand(7);
my ($acknowledged, $lost, $doubled, $slowest) = (0, 0, 0, 0);
for my $round (1 .. 10) {
	my $took = $n->start;
	$slowest = $took if $took > $slowest;
	my @names = map {"r$round-$_"} 1 .. 3000;
	my $text = commands(@names);
	my $killer = fork;
	die 'fork' unless defined $killer;
	if ($killer == 0) {
		sleep 0.02 + rand 0.1;
		kill 'KILL', $n->{pid};
		POSIX::_exit(0);
	}
	my @answers = grep { $_->{status} == 201 } Node::answers((Node::talk($n->connect, $text, 20))[0]);
	waitpid($killer, 0);
	$exit = ($n->stop('KILL'))[0];
	last if $exit != 137;
	$n->start;
	my $asked = join '', map { Node::head_of('GET', '/api/v1/evidence/' . decode_json($_->{body})->{index},
		undef, Authorization => "Bearer $n->{token}") } @answers;
	my @kept = Node::answers((Node::talk($n->connect, $asked . $last, 30))[0]);
	$acknowledged += @answers;
	$lost += !defined $kept[$_] || $kept[$_]{body} ne $answers[$_]{body} for 0 .. $#answers;
	# The client repeats the first that was not acknowledged: done once, whether the node had stored it or not.
	my $next = $names[@answers];
	my @again = map { $n->operate('POST', '/api/v1/evidence', posting($next), 'Idempotency-Key' => $next) } 1, 2;
	$doubled++ if $again[0]{status} != 201 || $again[0]{body} ne $again[1]{body};
	my ($audit) = $n->cli('log', 'audit');
	my ($replay) = $n->cli('replay');
	$lost++ if $audit || $replay;
	$n->stop;
}
is($exit, 137, 'the node was killed ten times');
cmp_ok($acknowledged, '>', 100, "$acknowledged acts were acknowledged before");
is($lost, 0, 'each is there with the same proof, audit and replay agree');
is($doubled, 0, 'a repeated command is done once');
diag(sprintf 'start to ready after a kill: at most %.0f ms', 1000 * $slowest);
unlike(Node::slurp("$n->{dir}/log"), qr/fault=|\Q$n->{token}\E/, 'no fault and no secret in its log');
done_testing();
