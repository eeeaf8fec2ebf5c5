#!/usr/bin/perl
# A sandbox case with a cap on distinct subjects, between two nodes: votes, two people, public notice, a delivery that the cap
# stops with the condition named, an incident, the due-diligence file. The clock is simulated, so days pass.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(api await segment);
use Test::More;

my $s = Node->new(reachable => 1, name => 'Seller', init => ['--simulated']);
my $b = Node->new(reachable => 1, name => 'Buyer', init => ['--simulated']);
my $json = JSON::PP->new->utf8->canonical;
sub spill { open(my $f, '>:raw', $_[0]) or die "$_[0]: $!"; print $f $_[1]; close $f }
sub box { my ($code, $out, $err) = $s->cli('sandbox', @_, '--json'); return ($code, eval { decode_json($out) } // {}, $err) }
sub ok_box { my ($word, @more) = @_; my ($code, $o, $err) = box($word, @more); is($code, 0, "sandbox $word") or diag $err; return $o }
sub no_box { my ($why, @words) = @_; my ($code, $o, $err) = box(@words); is($code, 1, "sandbox $words[0] is refused"); like($err, $why, 'and it is said why') }
sub at { my ($time) = @_; api_clock($_, $time) for $s, $b }
sub api_clock { my ($n, $time) = @_; my ($status, $said) = api($n, 'POST', '/clock', {at => $time}); is($status, 200, "it is $time") or diag $json->encode($said); return $status }
# The second person.
my $second;
sub by {
	my ($path, $body) = @_;
	my $a = $s->ask('POST', "/api/v1$path", $json->encode($body), %$second, 'Content-Type' => 'application/json');
	return ($a->{status}, eval { decode_json($a->{body}) } // {});
}

$_->start for $s, $b;
at('2030-03-01T04:00:00.000Z');
my ($code, $out, $err) = $s->cli('invite');
chomp $out;
is(($b->cli('join', $out))[0], 0, 'the buyer joins');
my $letter = await(sub { (api($s, 'GET', '/inbox'))[1]{waiting} }, sub { @{$_[0] || []} });
is(($s->cli('approve', $letter->[0]{id}))[0], 0, 'the seller approves');
await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });
my $seller = (api($b, 'GET', '/parties'))[1]{parties}[0]{did};
spill("$s->{dir}/ecg.csv", "patient,mv\n" . join('', map { "p$_,1\np$_,2\n" } 1 .. 50));
is(($s->cli('publish', "$s->{dir}/ecg.csv", '--name', 'ecg'))[0], 0, 'a product of fifty subjects, a hundred rows');

my (undef, $made) = api($s, 'POST', '/people', {name => 'Ann', role => 'owner'});
my ($token) = ($made->{link} // '') =~ /#([\w-]{43})\z/;
my $a = $s->ask('POST', '/api/v1/session', $json->encode({token => $token}), 'Content-Type' => 'application/json');
my ($cookie) = $a->{head} =~ /^Set-Cookie: (shugu_session\w*=[\w-]{43});/mi;
$second = {Cookie => $cookie, 'X-CSRF-Token' => decode_json($a->{body})->{csrf}};

spill("$s->{dir}/committee.json", $json->encode({size => 3, quorum => 2, members => [map { {id => $_, name => "Expert $_"} } qw(e1 e2 e3)],
	observers => [{id => 'o1', name => 'Observer', authority => 'Data bureau'}]}));
is((box('committee', '--file', "$s->{dir}/committee.json"))[0], 0, 'a committee');
my $case = ok_box('open', '--title', 'ECG', '--applicant', 'Maker', '--difficulty', 'no rule says how')->{id};
ok_box($_, $case) for qw(submit check refer);
no_box(qr/not declared/, 'vote', $case, '--member', 'e1', '--vote', 'yes');
for my $m ('e1', 'e2') {
	ok_box('declare', $case, '--member', $m, '--conflict', 'no');
	ok_box('vote', $case, '--member', $m, '--vote', 'yes');
}
no_box(qr/voted already/, 'vote', $case, '--member', 'e1', '--vote', 'no');
ok_box('declare', $case, '--member', 'e3', '--conflict', 'yes', '--reason', 'shares');
no_box(qr/conflict of interest: shares/, 'vote', $case, '--member', 'e3', '--vote', 'yes');
# Orders, and how many deliveries more have come two seconds later; refused ones are asked for again for a minute.
sub had {
	my $done = sub { scalar grep { $_->{state} eq 'COMPLETED' } @{(api($b, 'GET', '/deliveries'))[1]{deliveries}} };
	my $before = $done->();
	api($b, 'POST', '/orders', {party => $seller, product => 'ecg', deliver => JSON::PP::true, anew => JSON::PP::true});
	sleep 2;
	return $done->() - $before;
}
is(ok_box('admit', $case, '--reason', 'new')->{state}, 'COMMITTEE', 'one yes admits nothing');
no_box(qr/another person/, 'admit', $case, '--reason', 'new');
my ($status, $said) = by("/sandbox/cases/" . segment($case) . '/steps/admit', {reason => 'new'});
is("$status $said->{state}", '200 ADMITTED', 'a second person admits it');
ok_box('plan', $case, '--product', 'ecg', '--key', 'patient', '--limit', 'subjects=60,days=90', '--until', '2030-05-31');
no_box(qr/nobody|no authority/, 'exempt', $case, '--rule', 'GRD-02', '--authority', 'A', '--basis', 'b', '--from', '2030-03-02', '--to', '2030-04-02');
is(ok_box('measure', $case)->{objects}[0]{subjects}, 50, 'fifty distinct subjects are counted');
ok_box('notice', $case, '--to', '2030-03-01', '--where', 'the website');
no_box(qr/not over/, 'start', $case);
is(had(), 0, 'before the test nothing is had');
at('2030-03-02T04:00:00.000Z');
ok_box('start', $case);
($code, $out, $err) = $b->cli('get', $seller, 'ecg', '-o', "$b->{dir}/one.csv", '--anew');
is($code, 0, 'within the cap it is delivered') or diag $err;
my $now = ok_box('show', $case);
is("$now->{facts}{subjects} $now->{facts}{records}", '50 100', 'fifty subjects in a hundred records went out');
is((grep { $_->{id} eq 'limit.subjects' } @{$now->{conditions}})[0]{left}, 10, 'ten are left');

# Another revision: forty known subjects and eleven new ones.
spill("$s->{dir}/ecg.csv", "patient,mv\n" . join('', map { "p$_,3\n" } 11 .. 61));
is(($s->cli('publish', "$s->{dir}/ecg.csv", '--name', 'ecg'))[0], 0, 'a revision');
ok_box('measure', $case);
$s->stop('KILL');
$s->start;
my ($ordered, $order) = api($b, 'POST', '/orders', {party => $seller, product => 'ecg', deliver => JSON::PP::true, anew => JSON::PP::true});
my $stopped = await(sub { (api($b, 'GET', '/deliveries'))[1] }, sub { $json->encode($_[0]) =~ /limit\.subjects/ });
my $text = $json->encode($stopped);
like($text, qr/condition limit\.subjects .*subjects <= 60.*\\"subjects\\":61.*the committee decides/, 'the cap stops it, names the condition, what it would be and who decides');
is(ok_box('show', $case)->{facts}{subjects}, 50, 'nothing more went out');
spill("$s->{dir}/ecg.csv", "patient,mv\n" . join('', map { "p$_,3\n" } 11 .. 60));
is(($s->cli('publish', "$s->{dir}/ecg.csv", '--name', 'ecg'))[0], 0, 'a revision with one less');
ok_box('measure', $case);
($code, $out, $err) = $b->cli('get', $seller, 'ecg', '-o', "$b->{dir}/two.csv", '--anew');
is($code, 0, 'just meets the cap') or diag $err;
is(ok_box('show', $case)->{facts}{subjects}, 60, 'sixty, not a hundred and one');

is(ok_box('incident', $case, '--text', 'a leak')->{state}, 'INCIDENT', 'an incident');
is(had(), 0, 'stops deliveries');
is((box('file', $case, '-o', "$s->{dir}/case.json"))[0], 0, 'the due-diligence file');
my $file = do { open my $f, '<:raw', "$s->{dir}/case.json" or die; local $/; decode_json(<$f>) };
is($file->{kind}, 'sandbox-file', 'is one');
like($file->{statement}{en}, qr/never as immunity/, 'and says what it is not');
is(scalar(grep { !$_->{evidence}{head} } @{$file->{acts}}), 0, 'every act has its proof');
my $told = (api($s, 'GET', '/acts?limit=200&subject=' . segment($case)))[1]{acts};
is_deeply([map { $_->{type} } @{$file->{acts}}], [map { $_->{type} } sort { $a->{index} <=> $b->{index} } @$told], 'and all that the log tells of the case are there');
$s->stop;
is(($s->cli('replay'))[0], 0, 'the log folds to the same state');
done_testing();
