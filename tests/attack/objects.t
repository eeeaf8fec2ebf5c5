#!/usr/bin/perl
# What belongs to two parties, asked for by a third: the agreement, delivery, invoice, attachment, upload, link and people of a
# seller, by an approved party, by roles that may not and by nobody. Each is asked under its real id and under an invented one of
# the same form: the two answers are the same but for the id, and hold nothing of the object. Also a foreign party's tokens at
# each of the operator's routes, and each open route.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Between;
use Circulation;
use Digest::SHA 'sha256_hex';
use JSON::PP;
use Node;
use Test::More;

begin();
$b->cli('invoice', 'policy', 'automatic');
my (undef, $order) = api($b, 'POST', '/orders', {party => $s->{did}, product => 'rain', deliver => JSON::PP::true});
recorded(1);
open(my $f, '>:raw', "$s->{dir}/signed.pdf") or die;
print $f "%PDF-1.4\n% signed by both\n";
close $f;
my ($agreement) = @{(api($s, 'GET', '/agreements'))[1]{agreements}};
my ($delivery) = @{(api($s, 'GET', '/deliveries'))[1]{deliveries}};
my ($invoice) = @{(api($s, 'GET', '/invoices'))[1]{invoices}};
my ($code, undef, $err) = $s->cli('contract', 'attach', $agreement->{agreement}, "$s->{dir}/signed.pdf");
is($code, 0, 'a contract is attached') or diag $err;
my (undef, $share) = api($s, 'POST', '/shares', {product => 'rain', to => 'Dora'});
my (undef, $upload) = api($s, 'POST', '/uploads', {name => 'u.csv', size => 9});
my (undef, $person) = api($s, 'POST', '/people', {name => 'Olga', role => 'operator'});
my ($secret) = ($share->{url} // '') =~ m{/s/([\w-]+)};

# By the kind of object in a path: the real id, and one of its form that nothing has.
my $nothing = '01980000-0000-7000-8000-00000000000';
my %real = (agreement => $agreement->{agreement}, negotiation => $agreement->{negotiation}, delivery => $delivery->{delivery}, transfer => $delivery->{pid}, invoice => $invoice->{id},
	sha256 => sha256_hex("%PDF-1.4\n% signed by both\n"), share => $share->{id}, upload => $upload->{id}, person => $person->{id});
my %invented = map { $_ => $real{$_} =~ s/[0-9a-f-]{36}\z/${nothing}1/r =~ s/^[0-9a-f]{64}\z/'0' x 64/er } keys %real;
ok(defined $real{$_} && $real{$_} =~ /\w/ && $real{$_} ne $invented{$_}, "there is a real $_: " . ($real{$_} // 'none')) for sort keys %real;
my %by_name = (consumerPid => 'pid', providerPid => 'pid', delivery => 'delivery', invoice => 'invoice', share => 'share', upload => 'upload', person => 'person', sha256 => 'sha256');

sub kind {
	my ($path, $name) = @_;
	return $path =~ /transfers/ ? 'transfer' : 'negotiation' if ($by_name{$name} // '') eq 'pid';
	return 'agreement' if $name eq 'id' && $path =~ m{/agreements/};
	return 'invoice' if $name eq 'id' && $path =~ m{/(?:invoices|corrections)/};
	return $by_name{$name} // '';
}
sub target { my ($path, $ids) = @_; return $path =~ s/\{(\w+)\}/segment($ids->{kind($path, $1)} || 'nothing-of-the-kind')/ger }
sub is_of_objects { my ($path) = @_; return grep { kind($path, $_) } $path =~ /\{(\w+)\}/g }

# An answer without the ids, real or not, that were asked for.
sub plain {
	my ($answer) = @_;
	my $text = "$answer->{status} $answer->{body}";
	my @ids = map { ($_, segment($_)) } values %real, values %invented;
	$text =~ s/\Q$_\E/ID/g for grep({ length > 40 } @ids), @ids;
	return $text;
}

# What would be told: the ids of the objects (but that which was asked for), the partner, and what is secret.
sub tells {
	my ($answer, @asked) = @_;
	my $asked = join ' ', @asked;
	return grep { length && index($asked, $_) < 0 && index($asked, segment($_)) < 0 && index($answer->{body}, $_) >= 0 }
		(values %real, $b->{did}, 'Buyer', 'Dora', 'Olga', $secret, $s->{token});
}

my $context = ['https://w3id.org/dspace/2025/1/context.jsonld'];
# The least message that is read at an address.
sub message {
	my ($path, $ids) = @_;
	my $pid = $path =~ /transfers/ ? $ids->{transfer} : $ids->{negotiation};
	my %m = (providerPid => $pid, consumerPid => $pid, '@context' => $context);
	my $of = $path =~ /transfers/ ? 'Transfer' : 'ContractNegotiation';
	return {%m, '@type' => "${of}TerminationMessage", code => 'x', reason => ['x']} if $path =~ m{^/dsp.*/termination$};
	return {%m, '@type' => 'TransferCompletionMessage'} if $path =~ m{/completion$};
	return {%m, '@type' => 'TransferSuspensionMessage', reason => ['x']} if $path =~ m{/suspension$};
	return {%m, '@type' => 'TransferStartMessage'} if $path =~ m{/start$};
	return {%m, '@type' => 'ContractNegotiationEventMessage', eventType => $path =~ /callback/ ? 'FINALIZED' : 'ACCEPTED'} if $path =~ m{/events$};
	return {%m, '@type' => 'ContractAgreementVerificationMessage'} if $path =~ m{/verification$};
	return {reason => 'x'} if $path =~ m{/peer/v1/agreements/};
	return {};
}

my $api = decode_json(($s->cli('api'))[1])->{paths};
my @routes = map { my $path = $_; map { {path => $path, method => uc $_, security => $api->{$path}{$_}{security}} } sort keys %{$api->{$path}} } sort keys %$api;
sub schemes { return map { keys %$_ } @{$_[0]{security} || []} }
my @wrong;
my ($size, $cells) = ($s->size, 0);

# Both answers to the same question about the real and the invented; @statuses: what they may be.
sub alike {
	my ($who, $route, $statuses, $ask) = @_;
	my @answers;
	for my $ids (\%real, \%invented) {
		my $target = target($route->{path}, $ids);
		my $body = $route->{method} eq 'GET' ? undef : $json->encode(message($route->{path}, $ids));
		my $answer = $ask->($target, $body);
		my @told = tells($answer, $target, $body // '');
		push @wrong, "$who at $route->{method} $target: tells @told" if @told;
		push @wrong, "$who at $route->{method} $target: $answer->{status} $answer->{body}" if $answer->{status} !~ /^(?:$statuses)$/;
		push @answers, plain($answer);
		$cells++;
	}
	push @wrong, "$who at $route->{method} $route->{path} can tell:\n  $answers[0]\n  $answers[1]" if $answers[0] ne $answers[1];
	return;
}
sub all_well { my ($what) = @_; is(join("\n", splice @wrong), '', "$what: $cells questions"); $cells = 0; return }

# A foreign party at what is the operator's and people's, by its session and by tokens of its own.
my $session = session($c, $s);
for my $route (grep { my $r = $_; grep { /^(?:operator|person)$/ } schemes($r) } @routes) {
	for my $way ('session', 'token') {
		alike("the third party by $way", $route, '401|403', sub {
			my ($target, $body) = @_;
			return $s->ask($route->{method}, $target, $body, 'Content-Type' => 'application/json', Authorization => 'Bearer ' . ($way eq 'token' ? token($c, $s) : $session));
		});
	}
}
all_well('an approved party may nothing that the operator may');

# The same at the routes of parties, about what is not his; where something is asked by id.
for my $route (grep { my $r = $_; is_of_objects($r->{path}) && grep { /^(?:peer|known|joining)$/ } schemes($r) } @routes) {
	alike('the third party', $route, '4\d\d', sub {
		my ($target, $body) = @_;
		return $s->ask($route->{method}, $target, $body, 'Content-Type' => 'application/json', Authorization => "Bearer $session");
	});
}
all_well('an approved party learns nothing of what two others have');

# Roles that may not are told the same of what is there and what is not.
for my $role (qw(owner operator reviewer finance auditor)) {
	my (undef, $made) = api($s, 'POST', '/people', {name => "A $role", role => $role});
	my $in = $s->ask('POST', '/api/v1/session', $json->encode({token => ($made->{link} // '') =~ s/.*#//r}), 'Content-Type' => 'application/json');
	my ($cookie) = $in->{head} =~ /^Set-Cookie: (shugu_session_[0-9a-f]{8}=[\w-]{43});/mi;
	my $csrf = (eval { decode_json($in->{body}) } // {})->{csrf} // '';
	ok($cookie && $csrf, "a person is signed in as $role");
	for my $route (grep { my $r = $_; is_of_objects($r->{path}) && grep { /^(?:operator|person)$/ } schemes($r) } @routes) {
		next if grep { $_ eq $role } map { @{$_->{person} || []} } @{$route->{security}};
		alike("the $role", $route, '403', sub {
			my ($target, $body) = @_;
			return $s->ask($route->{method}, $target, $body, 'Content-Type' => 'application/json', Cookie => $cookie, 'X-CSRF-Token' => $csrf);
		});
	}
}
all_well('roles that may not');

# Open routes: each answers, none of them with more than its address gives a right to.
for my $route (grep { !$_->{security} } @routes) {
	alike('nobody', $route, '[24]\d\d', sub {
		my ($target, $body) = @_;
		return $s->ask($route->{method}, $target, $body, 'Content-Type' => 'application/json');
	});
	next if $route->{path} !~ m{^/data/};
	alike('the third party', $route, '4\d\d', sub {
		my ($target, $body) = @_;
		return $s->ask($route->{method}, $target, $body, Authorization => "Bearer $session");
	});
}
all_well('open routes');
is($s->ask('GET', "/s/$secret")->{status}, 200, 'who has the link is shown its page');
my $after = (api($s, 'GET', '/agreements/' . segment($real{agreement})))[1];
is($after->{state}, $agreement->{state}, 'the agreement stands as it did');
is((api($s, 'GET', '/deliveries/' . segment($real{delivery})))[1]{state}, $delivery->{state}, 'and the delivery');
finish();
done_testing();
