#!/usr/bin/perl
# Who may call what: each route of `shugu api` by nobody, by a person of each role, by a foreign party and by a stranger's token.
# What is expected stands in matrix.txt, one row a route; a route without a row fails. Then what protects a browser: CSRF,
# fixation, theft after signing out, lockout.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Node;
use Test::More;

my $json = JSON::PP->new->canonical->utf8;
my @roles = qw(owner operator reviewer finance auditor);
my $n = Node->new(reachable => 1);
$n->start;
my ($first) = Node::slurp("$n->{dir}/served") =~ /signin#([\w-]{43})/;

sub sign_in {
	my ($token, %fields) = @_;
	return $n->ask('POST', '/api/v1/session', $json->encode({token => $token}), 'Content-Type' => 'application/json', %fields);
}

# Cookie and CSRF token of an answer.
sub browser {
	my ($answer) = @_;
	my ($cookie) = $answer->{head} =~ /^Set-Cookie: (shugu_session_[0-9a-f]{8}=[\w-]{43});/mi;
	return {cookie => $cookie // '', csrf => eval { decode_json($answer->{body})->{csrf} } // ''};
}

sub by {
	my ($who, $method, $target, $body, %fields) = @_;
	return $n->ask($method, $target, $body, Cookie => $who->{cookie}, 'X-CSRF-Token' => $who->{csrf}, 'Content-Type' => 'application/json', %fields);
}

sub link_of {
	my ($name, $role) = @_;
	my $answer = $n->operate('POST', '/api/v1/people', $json->encode({name => $name, role => $role}));
	return (decode_json($answer->{body})->{link} // '') =~ /#([\w-]{43})\z/ ? $1 : '';
}

# The first owner, and how the cookie is made.
my $answer = sign_in($first);
is($answer->{status}, 201, 'the first owner signs in');
like($answer->{head}, qr/^Set-Cookie: shugu_session_[0-9a-f]{8}=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict\r$/m, 'by a cookie that no script reads');
is(sign_in($first)->{status}, 401, 'the link is good once');
my %who = (owner => browser($answer));
$who{$_} = browser(sign_in(link_of("the $_", $_))) for @roles[1 .. 4];
is(decode_json(by($who{$_}, 'GET', '/api/v1/session')->{body})->{role}, $_, "$_ is signed in") for @roles;

# The matrix. "-" may not (401 for nobody, 403 for others), "+" may: any answer but 401 and 403.
my (%want, @wrong, @new);
open(my $f, '<', "$FindBin::Bin/matrix.txt") or die "matrix.txt: $!\n";
while (<$f>) {
	next if /^(#|\s*$)/;
	my ($method, $path, $scope, @may) = split;
	$want{"$method $path"} = {scope => $scope, map { $_ => 1 } @may};
}
my $api = decode_json((Node::run($n->{dir}, 'api'))[1]);
is($api->{openapi}, '3.1.0', 'shugu api prints OpenAPI 3.1');
my ($cells, $size) = (0, $n->size);
sub cell {
	my ($route, $who, $answer, $may, $no) = @_;
	$cells++;
	my $is = $answer->{status} == 401 || $answer->{status} == 403 ? 0 : $answer->{status} ? 1 : -1;
	push @wrong, "$route by $who: $answer->{status}" if $is != $may || (!$may && !grep { $_ == $answer->{status} } @$no);
}
for my $path (sort keys %{$api->{paths}}) {
	for my $verb (sort keys %{$api->{paths}{$path}}) {
		my $method = uc $verb;
		my $route = "$method $path";
		my $want = delete $want{$route} or push(@new, $route), next;
		my %listed = map {%$_} @{$api->{paths}{$path}{$verb}{security} || []};
		my $said = join ' ', sort @{$listed{person} || []};
		push @wrong, "$route says '$said'" if $said ne join ' ', sort grep { $_ ne 'scope' } keys %$want;
		my $target = $path =~ s/\{[^}]+\}/nothing-of-the-kind/gr;
		my $body = $method eq 'GET' ? undef : '{}';
		next if $want->{scope} eq 'any';
		cell($route, 'nobody', $n->ask($method, $target, $body, 'Content-Type' => 'application/json'), 0, [401]);
		cell($route, 'a stranger', $n->ask($method, $target, $body, Authorization => 'Bearer ' . 'A' x 43), 0, [401]);
		next if $route eq 'DELETE /api/v1/session';
		for my $role (@roles) {
			# A lone POST to policies and invitations by those who may would be an act of its own: refusals alone are asked for there.
			next if $want->{$role} && $path =~ /invitations$/;
			cell($route, $role, by($who{$role}, $method, $target, $body), $want->{$role} ? 1 : 0, [401, 403]);
		}
	}
}
is("@wrong", '', "$cells cells are as they should be");
is("@new", '', 'each route has a row');
is(join(' ', sort keys %want), '', 'each row has a route');

# CSRF: the cookie alone writes nothing.
$size = $n->size;
my %post = (method => 'POST', target => '/api/v1/people', body => '{"name":"Eve","role":"owner"}');
my $own = "http://localhost:$n->{listen}";
for (['no token', 'X-CSRF-Token' => ''], ['another token', 'X-CSRF-Token' => 'a' x 64], ["the reviewer's token", 'X-CSRF-Token' => $who{reviewer}{csrf}],
	['a foreign origin', Origin => 'http://evil.example'], ['origin null', Origin => 'null'], ['an origin that begins alike', Origin => "$own.evil.example"],
	['another port', Origin => 'http://localhost:1'], ['another site', 'Sec-Fetch-Site' => 'cross-site'], ['a sister site', 'Sec-Fetch-Site' => 'same-site']) {
	my ($what, %fields) = @$_;
	is(by($who{owner}, @post{qw(method target body)}, %fields)->{status}, 403, "$what: 403");
}
is(sign_in(link_of('Ann', 'auditor'), Origin => 'http://evil.example')->{status}, 403, 'nor does another site sign anybody in');
is($n->size, $size + 1, 'none of it was an act');
is(by($who{owner}, @post{qw(method target body)}, Origin => $own, 'Sec-Fetch-Site' => 'same-origin')->{status}, 201, 'our own page writes');

# Fixation: a token that somebody else chose opens nothing and is not taken over; two cookies are not guessed between.
my ($name) = $who{owner}{cookie} =~ /^([^=]+)=/;
my $chosen = "$name=" . 'A' x 43;
$answer = sign_in(link_of('Bob', 'auditor'), Cookie => $chosen);
is($answer->{status}, 201, 'signing in beside a planted cookie');
my $bob = browser($answer);
isnt($bob->{cookie}, $chosen, 'makes a new one');
is($n->ask('GET', '/api/v1/session', undef, Cookie => $_)->{status}, 401, "401 for $_")
	for $chosen, "$bob->{cookie}; $chosen", "$name=", "$name=\"x\"", "$bob->{cookie}A", substr($bob->{cookie}, 0, -1);

# Theft: after signing out, another role or removal a copy is worth nothing.
is(by($bob, 'DELETE', '/api/v1/session')->{status}, 204, 'he signs out');
is(by($bob, 'GET', '/api/v1/session')->{status}, 401, 'the copied cookie is worth nothing');
is(($n->cli('person', 'role', 'the finance', '--role', 'auditor'))[0], 0, 'another role');
is(by($who{finance}, 'GET', '/api/v1/session')->{status}, 401, 'ends the session');
is(($n->cli('person', 'remove', 'the auditor'))[0], 0, 'removal');
is(by($who{auditor}, 'GET', '/api/v1/session')->{status}, 401, 'too');

# Lockout, last: it holds for a minute.
my %seen;
$seen{sign_in('B' x 43)->{status}}++ for 1 .. 14;
ok($seen{429} && ($seen{401} // 0) <= 10, 'tries are limited');
$answer = sign_in(link_of('Cy', 'auditor'));
is($answer->{status}, 429, 'a good link waits too');
like($answer->{head}, qr/^Retry-After: [1-9]\d?\r$/mi, 'and is told how long');
is(by($who{owner}, 'GET', '/api/v1/session')->{status}, 200, 'who is signed in goes on');
is(($n->stop)[0], 0, 'the node ends');
unlike(Node::slurp("$n->{dir}/log"), qr/\Q$first\E|Sanitizer|runtime error|fault=/, 'without a fault, and no token in its log');
is(($n->cli('replay'))[0], 0, 'and its log folds to its state');
my $source = Node::slurp("$FindBin::Bin/../../src/api/session.c") . Node::slurp("$FindBin::Bin/../../src/party/session_store.c") . Node::slurp("$FindBin::Bin/../../src/api/auth.c");
is(scalar(() = $source =~ /ct_equal\(/g), 4, 'secrets are compared in constant time');
unlike($source, qr/memcmp\([^;]*(?:token|digest|csrf)/, 'and nowhere otherwise');
done_testing();
