#!/usr/bin/perl
# Title registration between two nodes under a simulated clock: a whole case, silence that counts as acceptance on both sides,
# one list of corrections, an objection on the last day of publicity, renewal, an objection after registration, certificates
# from outside; both logs replay, also after kill -9.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(api await did segment);
use Test::More;

my @simulated = (init => ['--simulated', '--at', '2026-03-02']);
my $a = Node->new(reachable => 1, name => 'Applicant', @simulated);
my $r = Node->new(reachable => 1, name => 'Registrar', @simulated);
sub json { return eval { decode_json($_[0]) } || {} }
sub say_ok {
	my ($n, $name, @words) = @_;
	my ($code, $out, $err) = $n->cli(@words, '--json');
	ok($code == 0, $name) or diag $err;
	return json($out);
}
sub refused {
	my ($n, $name, $like, @words) = @_;
	my ($code, $out, $err) = $n->cli(@words);
	ok($code != 0 && "$out$err" =~ $like, $name) or diag "$code $out$err";
}
sub case_of { return (api($_[0], 'GET', '/registrations/' . segment($_[1])))[1] }
sub state_is {
	my ($n, $id, $state, $name) = @_;
	my $c = await(sub { case_of($n, $id) }, sub { ($_[0]{state} // '') eq $state });
	return is(($c || case_of($n, $id))->{state}, $state, $name);
}
sub at { my ($n, $day) = @_; is(($n->cli('party', 'list', '--at', $day))[0], 0, "it is $day") }

$_->start for $a, $r;
my (undef, $out) = $r->cli('invite');
chomp $out;
is(($a->cli('join', $out))[0], 0, 'the applicant joins');
my $letter = await(sub { (api($r, 'GET', '/inbox'))[1]{waiting} }, sub { @{$_[0] || []} });
is(($r->cli('approve', $letter->[0]{id}))[0], 0, 'the registrar approves');
await(sub { ($a->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });
open(my $f, '>', "$a->{dir}/traffic.csv") or die;
print $f "road,cars\n1,2\n";
close $f;
is(($a->cli('publish', "$a->{dir}/traffic.csv", '--name', 'traffic', '--net', 100, '--rate', 600))[0], 0, 'a product');
my @claim = ('--registrar', 'Registrar', '--source', 'collected', '--rights', 'hold,use,operate', '--name', '2025 traffic', '--overview', 'cars by road', '--territory', 'Zhejiang');

# What is not possible.
refused($a, 'crawled data give no right to operate', qr/art\. 21/, 'register', 'apply', 'traffic', @claim, '--source', 'crawled');
refused($a, 'an entrusted processor registers nothing', qr/art\. 21/, 'register', 'apply', 'traffic', @claim, '--source', 'entrusted');
refused($a, 'data of authorities are not registered', qr/art\. 15/, 'register', 'apply', 'traffic', @claim, '--origin', 'government');
refused($a, 'the name has 40 characters at most', qr/40/, 'register', 'apply', 'traffic', @claim, '--name', 'x' x 41);
my $early = say_ok($a, 'an application to a node that is no registrar', 'register', 'apply', 'traffic', @claim);
state_is($a, $early->{id}, 'not-applied', 'is not taken');
refused($r, 'a region that is none', qr/region/, 'register', 'office', '--region', '99', '--digit', '1', '--name', 'Office');
say_ok($r, 'the owner makes it a registrar', 'register', 'office', '--region', '33', '--digit', '1', '--name', 'Office');

# A whole case, with silence and an objection on the last day of publicity.
my $c = say_ok($a, 'an application', 'register', 'apply', 'traffic', @claim);
my $id = $c->{id};
state_is($a, $id, 'applied', 'is received');
is(case_of($r, $id)->{role}, 'registrar', 'at the registrar');
is(case_of($r, $id)->{due}, '2026-03-05', 'due in three working days');
is(case_of($a, $id)->{due}, '2026-03-05', 'by both clocks');
is((api($r, 'GET', '/registrations/' . segment($id) . '/dossier'))[1]{product}{name}, 'traffic', 'the dossier is there');
my $w = (api($r, 'GET', '/inbox'))[1]{waiting}[0];
is("$w->{what} $w->{due}", 'registration 2026-03-05', 'it waits in the inbox');
is(scalar @{(api($r, 'GET', '/registration-queue?due=2026-03-04'))[1]{due}}, 0, 'nothing is due the day before');
is((api($r, 'GET', '/registration-queue?due=2026-03-05'))[1]{due}[0]{what}, 'accept', 'on the day it is in the queue');
refused($a, 'the applicant does not accept', qr/registrar/, 'register', 'accept', $id);
at($_, '2026-03-05') for $r, $a;
state_is($r, $id, 'applied', 'the last day is not over');
at($_, '2026-03-06') for $r, $a;
state_is($r, $id, 'accepted', 'silence counts as acceptance at the registrar');
state_is($a, $id, 'accepted', 'and at the applicant');
ok(case_of($a, $id)->{facts}{accepted}{deemed}, 'said to be deemed');
refused($r, 'no late return', qr/three working days|not possible|asked/, 'register', 'return', $id, '--corrections', 'x', '--limit', '5wd');
say_ok($r, 'a supplement is asked for', 'register', 'ask', $id, '--reason', 'which roads?', '--limit', '10wd');
state_is($a, $id, 'supplement', 'and known');
ok((grep { $_->{what} eq 'finish' && $_->{stands} } @{case_of($r, $id)->{clocks}}), 'the clock stands');
at($_, '2026-03-11') for $r, $a;
say_ok($a, 'it is supplied', 'register', 'supply', $id, '--reason', 'all');
state_is($r, $id, 'accepted', 'and taken');
is(case_of($r, $id)->{due}, '2026-03-25', 'three working days were not counted');
say_ok($r, 'review', 'register', 'review', $id, '--description', 'fits', '--sourcing', 'lawful', '--title', 'clear');
refused($r, 'a certificate before publicity', qr/not possible/, 'register', 'issue', $id);
say_ok($r, 'publicity', 'register', 'publish', $id, '--at', '2026-03-12');
state_is($a, $id, 'publicity', 'is known to the applicant');
is(case_of($a, $id)->{facts}{publicity}{to}, '2026-03-19', 'for five working days');
at($r, '2026-03-19');
say_ok($r, 'an objection on the last day', 'register', 'object', $id, '--by', 'Third Ltd', '--reason', 'ours');
state_is($a, $id, 'objected', 'is known');
is(case_of($r, $id)->{due}, '2026-04-02', 'to be investigated within ten working days');
at($r, '2026-03-24');
state_is($r, $id, 'objected', 'publicity is over, the objection is not');
say_ok($r, 'it is dismissed', 'register', 'resolve', $id, '--outcome', 'not theirs');
at($r, '2026-03-25');
state_is($r, $id, 'cleared', 'then the case is clear');
refused($r, 'no objection any more', qr/not possible/, 'register', 'object', $id, '--by', 'X', '--reason', 'late');
say_ok($r, 'the evidence is deposited', 'register', 'deposit', $id);
refused($r, 'six years are too many', qr/5 years/, 'register', 'issue', $id, '--to', '2032-03-25');
my $issued = say_ok($r, 'the certificate', 'register', 'issue', $id, '--to', '2027-03-25', '--remark', 'terms:resale by consent');
is($issued->{code}, 'SJ3312026030001', 'its code');
ok(!$issued->{official}, 'a specimen without an authority');
state_is($a, $id, 'registered', 'the applicant has it');
my $mine = case_of($a, 'SJ3312026030001');
is($mine->{evidenceItem}{claims}{holder_uscc}, $Node::uscc, 'as evidence for the rules');
is($mine->{evidenceItem}{kind}, 'title_certificate', 'of its kind');
is($mine->{issueEvidence}{act}{body}{content}{code}, 'SJ3312026030001', 'with the proof of the registrar');
is($mine->{retentionYears}, 20, 'kept for twenty years');

# After registration.
say_ok($r, 'an objection to the registration', 'register', 'contest', $id, '--by', 'Third Ltd', '--reason', 'again');
state_is($a, $id, 'contested', 'is told');
is(case_of($r, $id)->{due}, '2026-04-01', 'within five working days');
at($r, '2026-04-02');
my $late = case_of($r, $id);
is($late->{overdue}, '2026-04-01', 'what was missed is an act');
like(($r->cli('register', 'queue'))[1], qr/OVERDUE/, 'in the queue');
like(($r->cli('doctor', '--json'))[1], qr/registration/, 'and in doctor');
ok((grep { ($_->{about} // '') =~ /overdue/ } @{(api($r, 'GET', '/inbox'))[1]{waiting}}), 'and in the inbox');
say_ok($r, 'the registrant is told', 'register', 'notify', $id);
ok(!case_of($r, $id)->{overdue}, 'which ends it');
say_ok($r, 'it is settled', 'register', 'settle', $id, '--outcome', 'mediated');
state_is($a, $id, 'registered', 'and registered again');

# Corrections: once, and in time.
my $d = say_ok($a, 'another application', 'register', 'apply', 'traffic', @claim, '--name', 'second')->{id};
state_is($a, $d, 'applied', 'is received');
say_ok($r, 'is returned', 'register', 'return', $d, '--corrections', 'period; place', '--limit', '5wd');
state_is($a, $d, 'returned', 'with one list');
is(scalar @{case_of($a, $d)->{facts}{returned}{corrections}}, 2, 'of two');
my $limit = case_of($a, $d)->{facts}{returned}{limit};
say_ok($a, 'corrected', 'register', 'correct', $d, '--overview', 'cars by road and day', '--territory', 'Hangzhou');
state_is($a, $d, 'applied', 'and received anew');
refused($r, 'not returned twice', qr/once/, 'register', 'return', $d, '--corrections', 'more', '--limit', '5wd');
say_ok($r, 'refused with a ground', 'register', 'refuse', $d, '--ground', 'dispute', '--reason', 'a court decides');
state_is($a, $d, 'refused', 'the applicant reads it');
my $e = say_ok($a, 'a third', 'register', 'apply', 'traffic', @claim, '--name', 'third')->{id};
state_is($a, $e, 'applied', 'is received');
say_ok($r, 'is returned', 'register', 'return', $e, '--corrections', 'all', '--limit', '2026-04-20');
state_is($a, $e, 'returned', 'to be corrected');
at($r, '2026-04-21');
state_is($r, $e, 'not-applied', 'never applied, at the registrar');
state_is($a, $e, 'not-applied', 'and at the applicant');

# Renewal has its window.
refused($a, 'too early for renewal', qr/six months/, 'register', 'apply', 'traffic', @claim, '--kind', 'renewal', '--previous', 'SJ3312026030001');
my $x = say_ok($a, 'cancellation', 'register', 'apply', 'traffic', @claim, '--kind', 'cancel', '--previous', 'SJ3312026030001', '--reason', 'given up')->{id};
state_is($a, $x, 'applied', 'is received');
say_ok($r, "it is: $_->[0]", 'register', $_->[0], $x, @$_[1 .. $#$_])
	for ['accept'], ['review', '--description', 'y', '--sourcing', 'y', '--title', 'y'], ['waive', '--reason', 'by the registrant'], ['deposit'], ['close'];
state_is($a, $x, 'closed', 'the cancellation is carried out');
state_is($a, $id, 'cancelled', 'and the certificate is none any more');
is(case_of($r, $id)->{state}, 'cancelled', 'on both sides');

# From outside.
my @title = ('--kind', 'data-ip', '--number', 'ZJ-2026-77', '--issuer', 'IP office', '--issued', '2026-02-01', '--holder', 'Applicant', '--scan', "$a->{dir}/traffic.csv");
refused($a, 'a title of four years', qr/3 years/, 'register', 'enter', @title, '--to', '2030-02-01');
refused($a, 'a code of the wrong form', qr/15/, 'register', 'enter', @title, '--kind', 'data-title');
my $t = say_ok($a, 'a certificate of an office without node', 'register', 'enter', @title, '--to', '2029-02-01');
is($t->{state}, 'claimed', 'is claimed');
refused($a, 'nobody checked it', qr/by/, 'register', 'checked', $t->{id}, '--how', 'called');
is(say_ok($a, 'a named person checks it', 'register', 'checked', $t->{id}, '--by', 'Wang', '--how', 'called the office')->{state}, 'checked', 'it is checked');
ok($t->{pledgeRegister}{zh}, 'its register of pledges is named');

kill KILL => $_->{pid} for grep { $_->{pid} } $a, $r;
$_->stop for $a, $r;
for my $n ($a, $r) {
	my ($code, $said, $err) = $n->cli('replay');
	is($code, 0, 'the log replays') or diag "$said$err";
}
done_testing();
