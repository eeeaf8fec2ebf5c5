#!/usr/bin/perl
# Tokens that somebody else has seen: good once, also where the node is started anew or killed between; a session and a token
# that was never used are as good as before, or not, as they should be; what was refused with a token is taken too.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use Node;
use Test::More;
use Time::HiRes 'time';

my ($s, $b, $c) = map { between($_) } qw(Seller Buyer Third);
befriend($s, $_) for $b, $c;
my $none = '/dsp/2025-1/transfers/urn:uuid:01980000-0000-7000-8000-000000000001';
sub asks { my ($token) = @_; return $s->ask('GET', $none, undef, Authorization => "Bearer $token") }
sub taken { my ($token, $what) = @_; my $a = asks($token); is($a->{status}, 404, "$what is taken"); return $a }
sub refused { my ($token, $what) = @_; return is(asks($token)->{status}, 401, "$what is refused") }
my $query = '{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"CatalogRequestMessage"}';
sub catalogue { my ($token) = @_; return post($s, '/dsp/2025-1/catalog/request', $query, $token)->{status} }

for my $signal ('TERM', 'KILL', 'KILL') {
	my @seen = map { token($b, $s) } 1 .. 3;
	my ($unused, $third, $wrote, $refused) = (token($b, $s), token($c, $s), token($b, $s), token($b, $s));
	taken($_, 'a token') for @seen, $third;
	is(catalogue($wrote), 200, 'one with a message too');
	is(post($s, '/dsp/2025-1/catalog/request', '{', $refused)->{status}, 400, 'and one whose message is none');
	my ($session) = asks(token($b, $s))->{head} =~ /^shugu-session: (\S+)\r$/mi;
	is(asks($session)->{status}, 404, 'a session is good');
	refused($_, 'the token again') for @seen, $third, $wrote, $refused;
	$s->stop($signal);
	$s->start;
	refused($_, "after $signal a token that was seen") for @seen, $third, $wrote, $refused;
	is(catalogue($_), 401, 'for every route') for @seen, $wrote;
	refused($session, 'a session of the life before');
	taken($unused, 'a token that nobody has used');
	refused($unused, 'and that again');
}

# Answered and killed at once, again and again: what was answered is never good again.
for my $i (1 .. 12) {
	my $token = token($b, $s);
	my $connection = $s->connect;
	my ($came) = Node::talk($connection, Node::head_of('GET', $none, undef, Authorization => "Bearer $token"), 10, sub { $_[0] =~ /\r\n\r\n/ });
	kill 'KILL', $s->{pid};
	like($came, qr{^HTTP/1\.1 404 }, 'a token is answered');
	$s->stop('KILL');
	$s->start;
	refused($token, "killed at once ($i), it");
}

# What is kept has an end, and holds no token.
my $kept = token($c, $s);
taken($kept, 'a token of a third');
my $flood = qx(sqlite3 $s->{data}/node.db 'SELECT count(*) FROM n_token');
cmp_ok($flood, '>', 20, 'what was taken is written down');
cmp_ok($flood, '<=', 4096, 'and bounded');
unlike(qx(sqlite3 $s->{data}/node.db .dump), qr/\Q$_\E/, 'no token stands in the store') for $kept, (split /\./, $kept)[2];
is(($s->stop)[0], 0, 'it ends well');
is(($s->cli('replay'))[0], 0, 'and folds to its state');
unlike(Node::slurp("$s->{dir}/log"), qr/fault|Sanitizer|runtime error/, 'it had no fault');
$_->stop for $b, $c;
done_testing();
