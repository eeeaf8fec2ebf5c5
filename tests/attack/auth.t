#!/usr/bin/perl
# Who asks: modes of files, tokens that are missing, wrong or tampered with. Nothing here may make an act, and no secret
# may stand in an answer or in the log of the node. (Tokens with good signatures: src/api/auth_test.c.)
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use MIME::Base64 'encode_base64url';
use Node;
use Test::More;

umask 0;	# modes must not hang on it
my $n = Node->new;
$n->start;
umask 022;
my $size = $n->size;
sub mode { return sprintf '%04o', (lstat "$n->{data}/$_[0]")[2] & 07777 }
is(mode(''), '0700', 'the directory is the owner\'s');
is(mode($_), '0700', "$_ is the owner's") for 'keys', 'blobs';
is(mode($_), '0600', "$_ is the owner's") for 'control.sock', 'lock', 'node.json';
my @keys = map { s{.*/}{keys/}r } glob "$n->{data}/keys/*";
is("@keys", 'keys/log.key keys/operator.token keys/party.key', 'the keys are these');
is(mode($_), '0600', "$_ is the owner's") for @keys;

# Routes: one of the operator, and each that the document gives to peers.
my $api = decode_json($n->ask('GET', '/api/v1/openapi.json')->{body})->{paths};
my @guarded = (['GET', '/api/v1/products', 'operator']);
for my $path (sort keys %$api) {
	for my $method (sort keys %{$api->{$path}}) {
		my $security = $api->{$path}{$method}{security} or next;
		push @guarded, [uc $method, $path =~ s/\{[^}]+\}/0/gr, 'peer'] if $security->[0]{peer};
	}
}
splice @guarded, 3 if @guarded > 3;
diag('routes: ' . join ' ', map {"$_->[0] $_->[1]"} @guarded);

sub answers_401 {
	my ($what, %fields) = @_;
	my @bad;
	for my $route (@guarded) {
		my ($method, $target) = @$route;
		my $answer = $n->ask($method, $target, $method eq 'GET' ? undef : '{}', 'Content-Type' => 'application/json', %fields);
		my $good = $answer->{status} == 401 && $answer->{head} =~ /^WWW-Authenticate: Bearer\r$/mi
			&& $answer->{body} !~ /\Q$n->{token}\E/;
		push @bad, "$method $target: $answer->{status} $answer->{body}" unless $good;
	}
	is("@bad", '', "$what: 401");
}

my $token = $n->{token};
is($n->ask('GET', '/api/v1/products', undef, Authorization => "Bearer $token")->{status}, 200, 'the token is good');
is($n->ask('GET', '/api/v1/products', undef, Authorization => "bearer  $token ")->{status}, 200, 'whatever the case of the scheme');
answers_401('no token');
answers_401('an empty field', Authorization => '');
answers_401('a scheme without token', Authorization => 'Bearer');
answers_401('an empty token', Authorization => 'Bearer ');
answers_401('another token', Authorization => 'Bearer ' . 'A' x 43);
answers_401('a token cut short', Authorization => 'Bearer ' . substr $token, 0, -1);
answers_401('a token with more behind it', Authorization => "Bearer ${token}A");
answers_401('a token in other case', Authorization => 'Bearer ' . ($token =~ tr/a-zA-Z/A-Za-z/r));
answers_401('a token twice', Authorization => "Bearer $token $token");
answers_401('the token without scheme', Authorization => $token);
answers_401('scheme Basic', Authorization => "Basic $token");
answers_401('scheme Basic with a name', Authorization => 'Basic ' . MIME::Base64::encode_base64("operator:$token", ''));
answers_401('scheme Digest', Authorization => "Digest $token");
answers_401('scheme Token', Authorization => "Token $token");
answers_401('the token in a cookie', Cookie => "token=$token");
answers_401('a very long token', Authorization => 'Bearer ' . 'a.' x 4000);
answers_401('bytes beyond ASCII', Authorization => "Bearer \xff\xfe");
is($n->ask('GET', "/api/v1/products?token=$token&access_token=$token")->{status}, 401, 'the token in the query: 401');
my $twice = "GET /api/v1/products HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer no\r\nAuthorization: Bearer $token\r\n\r\n";
isnt((Node::answers((Node::talk($n->connect, $twice, 4))[0]))[0]{status}, 200, 'a second field does not help the first');

# Self-issued tokens; our own DID is the audience.
my $us = 'did:web:localhost%3A7080';
my $serial = 0;
sub token {
	my ($header, $claims, $signature) = @_;
	my $now = time;
	my %header = (alg => 'EdDSA', kid => 'did:web:b.example#key-1', typ => 'JWT', %{$header || {}});
	my %claims = (iss => 'did:web:b.example', sub => 'did:web:b.example', aud => $us, iat => $now, exp => $now + 60, jti => 'j' . ++$serial, %{$claims || {}});
	delete @claims{grep { !defined $claims{$_} } keys %claims};
	my $json = JSON::PP->new->canonical;
	return join '.', (map { encode_base64url($json->encode($_)) } \%header, \%claims), $signature // encode_base64url("\1" x 64);
}
my $now = time;
answers_401($_->[0], Authorization => 'Bearer ' . $_->[1]) for (
	['an issuer who is not known', token()],
	['alg none', token({alg => 'none'}, {}, '')],
	['alg NONE with a signature', token({alg => 'NONE'})],
	['alg HS256 with the public key', token({alg => 'HS256'})],
	['a key in the header', token({jwk => {kty => 'OKP', crv => 'Ed25519', x => 'AA'}})],
	['an address of keys in the header', token({jku => 'http://localhost:1/keys'})],
	['another kid', token({kid => 'did:web:b.example#key-9'})],
	['a kid that is a path', token({kid => '../../keys/party.key'})],
	['a kid that is SQL', token({kid => "' OR 1=1 --"})],
	['an issuer that is SQL', token({}, {iss => "' OR 1=1 --", sub => "' OR 1=1 --"})],
	['the node itself as issuer', token({kid => "$us#key-1"}, {iss => $us, sub => $us})],
	['the operator as issuer', token({}, {iss => 'operator', sub => 'operator'})],
	['expired', token({}, {iat => $now - 200, exp => $now - 140})],
	['issued in the future', token({}, {iat => $now + 400, exp => $now + 460})],
	['issued long ago', token({}, {iat => $now - 400, exp => $now + 60})],
	['living too long', token({}, {exp => $now + 86400})],
	['ending before it begins', token({}, {exp => $now - 1})],
	['another audience', token({}, {aud => 'did:web:c.example'})],
	['no audience', token({}, {aud => undef})],
	['several audiences', token({}, {aud => [$us]})],
	['no jti', token({}, {jti => undef})],
	['no exp', token({}, {exp => undef})],
	['an exp that is text', token({}, {exp => '9999999999'})],
	['an exp beyond 2^53', token({}, {exp => 9007199254740993})],
	['another subject', token({}, {sub => 'did:web:c.example'})],
	['a very long issuer', token({}, {iss => 'did:web:' . 'b' x 300, sub => 'did:web:' . 'b' x 300})],
	['a NUL in the issuer', token({}, {iss => "did:web:b.example\0", sub => "did:web:b.example\0"})],
	['no signature', token({}, {}, '')],
	['a signature of zeros', token({}, {}, encode_base64url("\0" x 64))],
	['a signature too short', token({}, {}, 'AA')],
	['a signature with padding', token({}, {}, encode_base64url("\1" x 64) . '==')],
	['two parts', token() =~ s/\.[^.]*\z//r],
	['four parts', token() . '.AA'],
	['five parts', token() . '.AA.AA'],
	['three empty parts', '..'],
	['claims that are no JSON', join('.', encode_base64url('{"kid":"x"}'), encode_base64url('{'), 'AA')],
	['claims that are an array', join('.', encode_base64url('{"kid":"x"}'), encode_base64url('[]'), 'AA')],
	['a header that is an array', join('.', encode_base64url('[]'), encode_base64url('{}'), 'AA')],
	['a claim twice', join('.', encode_base64url('{"kid":"x"}'), encode_base64url('{"iss":"a","iss":"b"}'), 'AA')],
	['deep claims', join('.', encode_base64url('{"kid":"x"}'), encode_base64url('[' x 5000), 'AA')],
	['no base64', '!!.!!.!!'],
);
my $one = token();
answers_401($_, Authorization => "Bearer $one") for 'a jti', 'the same jti again';

is($n->size, $size, 'none of it made an act');
ok($n->lives, 'the node lives');
is(($n->stop)[0], 0, 'and ends well');
my $log = Node::slurp("$n->{dir}/log");
unlike($log, qr/\Q$token\E/, 'the token is not in its log');
unlike($log, qr/Sanitizer|runtime error|fault=/, 'nor is a fault') or diag($log);

# Keys that others may read are not used.
for my $key (grep {/\.key$/} @keys) {
	chmod 0644, "$n->{data}/$key";
	my ($code, undef, $err) = $n->cli('serve', '--listen', '127.0.0.1:0');
	is($code, 1, "with $key for everybody it does not serve");
	like($err, qr/others may read/, 'and says so');
	chmod 0600, "$n->{data}/$key";
}
done_testing();
