#!/usr/bin/perl
# Joining, with the test between the two nodes: it holds each letter back, changes it in one place, repeats it, and changes
# the answers. What does not fit is refused and leaves nothing; what repeats is answered as before.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256 sha256_hex);
use File::Temp 'tempdir';
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64 qw(decode_base64 encode_base64url);
use Node;
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->canonical->utf8;
my $dir = tempdir(CLEANUP => 1);

# A node whose address is held by the test.
sub between {
	my ($name) = @_;
	my $n = Node->new(reachable => 1, name => $name);
	$n->{did} = "did:web:localhost%3A$n->{listen}";
	$n->{front} = IO::Socket::INET->new(Listen => 8, LocalAddr => '127.0.0.1', LocalPort => $n->{listen}, ReuseAddr => 1) or die;
	$n->{listen} = 0;
	$n->start;
	return $n;
}

# The next request to the node's address, within some seconds.
sub catch {
	my ($n) = @_;
	my $s = IO::Select->new($n->{front})->can_read(10) && $n->{front}->accept or return {body => '{}', target => 'nothing'};
	my ($came) = Node::talk($s, '', 10, sub { $_[0] =~ /^content-length: (\d+)(?=\r).*?\r\n\r\n(.*)\z/msi && length $2 >= $1 });
	my ($head, $body) = split /\r\n\r\n/, $came, 2;
	my ($target) = $head =~ /^POST (\S+) /;
	my ($token) = $head =~ /^authorization: bearer (\S+)\r?$/mi;
	return {socket => $s, target => $target, token => $token, body => $body};
}

sub give {
	my ($caught, $status, $body) = @_;
	my $text = "HTTP/1.1 $status X\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
	Node::talk($caught->{socket}, $text, 1, sub {1}) if $caught->{socket};
	close delete $caught->{socket} if $caught->{socket};
	return;
}

# Ed25519 by the party key of a node.
sub sign {
	my ($n, $bytes) = @_;
	my $seed = decode_base64(Node::slurp("$n->{data}/keys/party.key"));
	for (["$dir/key", pack('H*', '302e020100300506032b657004220420') . $seed], ["$dir/bytes", $bytes]) {
		open(my $f, '>:raw', $_->[0]) or die;
		print $f $_->[1];
		close $f;
	}
	return scalar qx(openssl pkeyutl -sign -rawin -keyform DER -inkey $dir/key -in $dir/bytes);
}

my $jti = 0;
sub token {
	my ($n, $to) = @_;
	my $head = $json->encode({alg => 'EdDSA', kid => "$n->{did}#key-1", typ => 'JWT'});
	my $claims = $json->encode({iss => $n->{did}, sub => $n->{did}, aud => $to->{did}, iat => int time, exp => 60 + int time,
		jti => 'test-' . ++$jti});
	my $input = encode_base64url($head) . '.' . encode_base64url($claims);
	return $input . '.' . encode_base64url(sign($n, $input));
}

sub post {
	my ($to, $target, $message, $token) = @_;
	return $to->ask('POST', $target, ref $message ? $json->encode($message) : $message, 'Content-Type' => 'application/json',
		Authorization => "Bearer $token");
}

sub copy { return $json->decode($json->encode($_[0])) }
sub digest { return sha256_hex($json->encode($_[0])) }

# Signs a letter anew after a change.
sub resign {
	my ($n, $mail, $kind) = @_;
	my $head = encode_base64url($json->encode({alg => 'EdDSA', kid => "$n->{did}#key-1", typ => "shugu-$kind+jws"}));
	$mail->{signature} = "$head.." . encode_base64url(sign($n, "$head." . encode_base64url($json->encode($mail->{letter}))));
	return;
}

sub flip { my ($text) = @_; $text =~ s/([0-9a-f])(?=[^0-9a-f]*\z)/$1 eq '0' ? '1' : '0'/e; return $text }

sub party {
	my ($n, $other) = @_;
	my ($code, $out) = $n->cli('party', 'list', $other->{did}, '--json');
	return $code == 0 ? decode_json($out)->{status} : 'unknown';
}

# Changes that make a letter, or what rides beside it, not fit: [what, change, status].
sub changes {
	my ($writer, $kind) = @_;
	my $signed = sub { my ($change) = @_; return sub { $change->($_[0]); resign($writer, $_[0], $kind) } };
	return (
		['no letter', sub { delete $_[0]{letter} }, 400],
		['no signature', sub { delete $_[0]{signature} }, 400],
		['no DID document', sub { delete $_[0]{didDocument} }, 400],
		['another name on the card', sub { $_[0]{letter}{party}{name} = 'Another' }, 400],
		['another id', sub { $_[0]{letter}{id} =~ s/(.)\z/$1 eq '0' ? '1' : '0'/e }, 400],
		['the signature of another kind', sub { resign($writer, $_[0], $kind eq 'join' ? 'approval' : 'join') }, 400],
		['a letter of another kind', $signed->(sub { $_[0]{letter}{kind} = $kind eq 'join' ? 'approval' : 'join' }), 400],
		['a letter to another', $signed->(sub { $_[0]{letter}{to} = 'did:web:c.example' }), 403],
		['an answer to something else', $signed->(sub { $_[0]{letter}{about} = flip($_[0]{letter}{about}) }), 400],
		['a further member', $signed->(sub { $_[0]{letter}{more} = 'x' }), 400],
		['a code whose check character is wrong', $signed->(sub { $_[0]{letter}{party}{uscc} =~ s/B\z/C/ }), 400],
		['an address that is not of the DID', $signed->(sub { $_[0]{letter}{party}{url} = 'https://c.example' }), 400],
		['a log that is not of the address', $signed->(sub { $_[0]{letter}{party}{origin} = 'c.example/log' }), 400],
		['a DID document of which the letter does not know', sub { $_[0]{didDocument}{more} = 'x' }, 400],
		['a DID document without the key', $signed->(sub { $_[0]{didDocument}{verificationMethod} = [];
			$_[0]{letter}{didDocument} = digest($_[0]{didDocument}) }), 400],
		['no proof', sub { delete $_[0]{shugu} }, 400],
		['an empty proof', sub { $_[0]{shugu} = {} }, 400],
		['a proof with another salt', sub { $_[0]{shugu}{E}{salt} = flip($_[0]{shugu}{E}{salt}) }, 400],
		['a proof of another place', sub { $_[0]{shugu}{E}{index} = 0 }, 400],
		['a proof of another path', sub { push @{$_[0]{shugu}{E}{path}}, '0' x 64 }, 400],
		['a proof of another act', sub { $_[0]{shugu}{E}{act}{body}{document} = flip($_[0]{shugu}{E}{act}{body}{document}) }, 400],
		['a head with another root', sub { $_[0]{shugu}{E}{head} =~ s/\n(\d+)\n(.)/"\n$1\n" . ($2 eq 'A' ? 'B' : 'A')/e or die }, 400],
		['a head signed by nobody', sub { $_[0]{shugu}{E}{head} =~ s/(.)(.{40}\n)\z/($1 eq 'A' ? 'B' : 'A') . $2/e or die }, 400],
	);
}

# None of the changed messages is taken, and nothing of them stays. ->(token) makes one for each.
sub all_refused {
	my ($to, $target, $message, $fresh, @changes) = @_;
	my $size = $to->size;
	for (@changes) {
		my ($what, $change, $status) = @$_;
		my $changed = copy($message);
		$change->($changed);
		isnt($json->encode($changed), $json->encode($message), "$what: is another message") or next;
		my $answer = post($to, $target, $changed, $fresh->());
		is($answer->{status}, $status, "$what is refused") or diag($answer->{body});
	}
	is($to->size, $size, 'and all of that left nothing in the log');
	return;
}

my ($first, $second) = (between('First'), between('Second'));
my ($code, $line) = $first->cli('invite');
chomp $line;
is(($second->cli('join', $line))[0], 0, 'a joining begins');
my $letter = catch($first);
is($letter->{target}, '/peer/v1/join', 'its letter is caught');
my $message = $json->decode($letter->{body});
my $stranger = token({%$second, did => 'did:web:c.example'}, $first);
my ($size, $own_size) = ($first->size, $second->size);
all_refused($first, '/peer/v1/join', $message, sub { token($second, $first) }, changes($second, 'join'),
	['another secret', sub { $_[0]{secret} = encode_base64url('x' x 32) }, 400],
	['no secret', sub { delete $_[0]{secret} }, 400],
	['a secret that nobody gave', sub {
		$_[0]{secret} = encode_base64url('x' x 32);
		$_[0]{letter}{about} = sha256_hex('x' x 32);
		resign($second, $_[0], 'join');
	}, 403]);
is(post($first, '/peer/v1/join', $message, $stranger)->{status}, 403, 'a token of another is refused');
is(post($first, '/peer/v1/approved', $message, token($second, $first))->{status}, 403, 'a stranger approves nobody');
is(post($first, '/peer/v1/withdrawn', {reason => 'x'}, token($second, $first))->{status}, 403, 'or withdraws');
is(party($first, $second), 'unknown', 'nobody is known');

my $answer = post($first, '/peer/v1/join', $message, $letter->{token});
is($answer->{status}, 202, 'the letter itself is taken');
my $asked = $json->decode($answer->{body});
is($first->size, ++$size, 'by one act');
my $again = post($first, '/peer/v1/join', $message, token($second, $first));
is($again->{status}, 202, 'repeated it is answered');
is($json->encode($json->decode($again->{body})->{shugu}{E}), $json->encode($asked->{shugu}{E}), 'by the same proof');
my $other = copy($message);
$other->{letter}{party}{name} = 'Another';
resign($second, $other, 'join');
is(post($first, '/peer/v1/join', $other, token($second, $first))->{status}, 202, 'a second letter with that secret changes nothing');
is($first->size, $size, 'none of which is an act');
is($json->decode(($first->cli('party', 'list', $second->{did}, '--json'))[1])->{name}, 'Second', 'the first letter stands');
is(post($first, '/dsp/2025-1/catalog/request', {}, token($second, $first))->{status}, 403, 'and gives no rights yet');

# The answer, as the other takes it: forged, it is asked for again.
my $forged = copy($asked);
$forged->{shugu}{E}{salt} = flip($forged->{shugu}{E}{salt});
give($letter, 202, $json->encode($forged));
$letter = catch($first);
is($letter->{body}, $json->encode($message) eq $json->encode($json->decode($letter->{body})) ? $letter->{body} : '',
	'after a forged answer the same letter comes again');
is($second->size, $own_size, 'and nothing was logged');
give($letter, 202, $answer->{body});
my $end = time + 5;
sleep 0.02 while time < $end && $second->size == $own_size;
is($second->size, ++$own_size, 'the true answer is');
is(party($second, $first), 'joining', 'which is no approval');

my ($row) = @{$json->decode(($first->cli('inbox', '--json'))[1])->{waiting}};
is(($first->cli('approve', $row->{id}))[0], 0, 'a person approves');
my $approval = catch($second);
is($approval->{target}, '/peer/v1/approved', 'the letter is caught');
my $yes = $json->decode($approval->{body});
all_refused($second, '/peer/v1/approved', $yes, sub { token($first, $second) },
	changes($first, 'approval'),
	['the proof of an act of before', sub { $_[0]{shugu} = copy($asked->{shugu}) }, 400]);
my $renamed = copy($yes);
$renamed->{letter}{party}{name} = 'Renamed';
resign($first, $renamed, 'approval');
is(post($second, '/peer/v1/approved', $renamed, token($first, $second))->{status}, 409, 'a card other than the one on the invitation is refused');
is(post($second, '/peer/v1/approved', $yes, token({%$second, did => $first->{did}}, $second))->{status}, 401, 'a token by another key too');
is(post($second, '/peer/v1/withdrawn', {reason => 'x'}, token($first, $second))->{status}, 400, 'and an end without proof');
is(party($second, $first), 'joining', 'all of which approves nobody and ends nothing');
is($second->size, $own_size, 'and is no act');
$answer = post($second, '/peer/v1/approved', $yes, $approval->{token});
is($answer->{status}, 200, 'the letter itself is taken');
is(party($second, $first), 'approved', 'and approves');
my $proof = $json->decode($answer->{body})->{shugu}{E};
$again = post($second, '/peer/v1/approved', $yes, token($first, $second));
is($again->{status}, 200, 'repeated it is answered');
is($json->encode($json->decode($again->{body})->{shugu}{E}), $json->encode($proof), 'by the same proof');
is($second->size, ++$own_size, 'it was one act');
is(post($second, '/peer/v1/approved', $yes, $approval->{token})->{status}, 401, 'its token is good once');
give($approval, 200, $answer->{body});

# What an approved party has ends with its withdrawal, sessions too.
my $query = {'@context' => ['https://w3id.org/dspace/2025/1/context.jsonld'], '@type' => 'CatalogRequestMessage'};
$answer = post($first, '/dsp/2025-1/catalog/request', $query, token($second, $first));
is($answer->{status}, 200, 'an approved party may ask');
my ($session) = $answer->{head} =~ /^shugu-session: (\S+)\r$/mi;
is(post($first, '/dsp/2025-1/catalog/request', $query, $session || 'none')->{status}, 200, 'by its session too');
is(($first->cli('party', 'withdraw', $second->{did}, '--reason', 'enough'))[0], 0, 'it is withdrawn');
is(post($first, '/dsp/2025-1/catalog/request', $query, $session || 'none')->{status}, 401, 'then its session has ended');
is(post($first, '/dsp/2025-1/catalog/request', $query, token($second, $first))->{status}, 403, 'and a token opens none');
$size = $first->size;
is(post($first, '/peer/v1/join', $message, token($second, $first))->{status}, 202, 'its old letter is answered as it was');
is(party($first, $second), 'withdrawn', 'and revives nothing');
is(($first->size), $size, 'nor is it an act');
for my $n ($first, $second) {
	is(($n->stop)[0], 0, 'a node ends');
	is(($n->cli('replay'))[0], 0, 'its log folded anew gives its state');
	unlike(Node::slurp("$n->{dir}/log"), qr/fault|Sanitizer/, 'it had no fault');
}
done_testing();
