#!/usr/bin/perl
# The rules by their own examples, the sample dossier, and what each planted fault makes of it. No node is needed.
use strict;
use warnings;
use Encode qw(encode);
use File::Copy;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use Test::More;
use utf8;

my $shugu = $ENV{SHUGU} // die "SHUGU is not set\n";
my $samples = "$FindBin::Bin/../../samples";
my $dir = tempdir(CLEANUP => 1);
binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

sub run {
	my @command = map { utf8::is_utf8($_) ? encode('UTF-8', $_) : $_ } @_;
	my $pid = open(my $f, '-|') // die;
	if ($pid == 0) {
		open(STDERR, '>', "$dir/stderr") or die;
		exec($shugu, @command) or die;
	}
	local $/;
	my $out = <$f>;
	close $f;
	open(my $e, '<', "$dir/stderr") or die;
	return ($? >> 8, $out, scalar <$e>);
}

sub slurp { open(my $f, '<:raw', $_[0]) or die "$_[0]: $!"; local $/; return scalar <$f> }
sub spill { open(my $f, '>:raw', $_[0]) or die "$_[0]: $!"; print $f utf8::is_utf8($_[1]) ? encode('UTF-8', $_[1]) : $_[1]; close $f or die; return }

# A copy of the sample, changed: the outcome of each rule by its id.
my $n = 0;
sub checked {
	my ($change, @more) = @_;
	my $to = "$dir/case" . $n++;
	mkdir $to or die;
	copy($_, $to) or die for glob "$samples/mcg/*";
	my $d = decode_json(slurp("$to/mcg.dossier.json"));
	$change->($to, $d);
	spill("$to/mcg.dossier.json", JSON::PP->new->utf8->canonical->encode($d));
	my ($code, $out, $err) = run('rules', 'check', "$to/mcg.dossier.json", '--day', '2026-11-24', '--json', @more);
	return ($code, undef, $err) if $out eq '';
	my $r = decode_json($out);
	return ($code, $r, $err, map { $_->{rule} => $_ } @{$r->{results}});
}
sub edit { my ($file, $from, $to) = @_; my $t = Encode::decode('UTF-8', slurp($file)); $t =~ s/$from/$to/ or die "$file has no $from"; spill($file, $t); return }

my ($code, $out, $err) = run('rules', 'test', '--json');
is($code, 0, 'the examples of all rules hold') or diag $out;
my $t = decode_json($out);
ok($t->{rules} >= 46 && $t->{examples} >= 3 * $t->{rules} && $t->{failed} == 0, "$t->{rules} rules, $t->{examples} examples");
($code, $out) = run('rules', 'list', '--json');
is(scalar @{decode_json($out)}, $t->{rules}, 'a list of them');
is((run('rules', 'show', 'PI-03'))[0], 0, 'one of them');
is((run('rules', 'show', 'XX-99'))[0], 1, 'none');
is((run('rules', 'nonsense'))[0], 2, 'wrong usage');

my ($ok, $whole, undef, %of) = checked(sub { });
is($ok, 0, 'the sample is not refused');
is($whole->{verdict}, 'warn', 'but warned: it has no title and no quality report yet');
is_deeply([sort map { $_->{rule} } grep { $_->{outcome} =~ /FAIL|UNKNOWN/ } values %of], ['QLT-01', 'TIT-01'], 'of exactly that');
like($whole->{ruleSet}{hash}, qr/^[0-9a-f]{64}$/, 'by a set with a hash');
is_deeply($of{'PI-05'}{evidence}, ['reid'], 'and which evidence was used');

# [what, rule, change]
my @faults = (
	['a licence of somebody else', 'SUB-01', sub { edit("$_[0]/licence.txt", '91330108MAC0DE1T0L', '91330100799655058B') }],
	['a licence that is revoked', 'SUB-01', sub { edit("$_[0]/licence.txt", '存续', '吊销') }],
	['a code with a slip of the pen', 'SUB-01', sub { $_[1]{seller}{uscc} = '91330108MAC0DE1T0K' }],
	['an expired membership', 'SUB-02', sub { edit("$_[0]/membership.txt", '2027年12月31日', '2026年6月30日') }],
	['a seller on the list', 'SUB-03', sub { edit("$_[0]/credit.txt", '名单：否', '名单：是') }],
	['no notice to people', 'SRC-02', sub { edit("$_[0]/collection.txt", '告知文本：.*', '') }],
	['a source that is not named', 'SRC-01', sub { $_[1]{fields}{source} = 'found somewhere' }],
	['an open dispute', 'TIT-02', sub { $_[1]{fields}{disputed} = 'yes' }],
	['consent for another purpose', 'PI-02', sub { edit("$_[0]/consent.csv", '心磁算法研究', '医院质控'); $_[1]{fields}{anonymised} = 'no' }],
	['no necessity', 'PI-03', sub { $_[1]{evidence} = [grep { $_->{id} ne 'necessity' } @{$_[1]{evidence}}] }],
	['a telephone in the last row', 'PI-05', sub { spill("$_[0]/recordings.csv", slurp("$_[0]/recordings.csv") . "R0401,2025-07-24,36,1000,20,10,13812345678\n") }],
	['an identity number, though none is declared', 'PI-08', sub { $_[1]{fields}{$_} = 'no' for qw(personal sensitive anonymised); spill("$_[0]/recordings.csv", slurp("$_[0]/recordings.csv") . "R0401,2025-07-24,36,1000,20,10,11010519491231002X\n") }],
	['fewer rows than declared', 'QLT-02', sub { $_[1]{fields}{rows} = '500' }],
	['days outside the period', 'QLT-02', sub { $_[1]{fields}{period} = '2025-02-01 至 2025-07-24' }],
	['a level below the table', 'GRD-01', sub { $_[1]{fields}{harmed} = 'public-interest' }],
	['core data', 'GRD-02', sub { $_[1]{fields}{level} = 'core' }],
	['important data without assessment', 'GRD-03', sub { $_[1]{fields}{level} = 'important' }],
	['export that nothing forbids', 'XB-01', sub { $_[1]{fields}{export_forbidden} = 'no' }],
	['export of sensitive data without a contract', 'XB-03', sub { @{$_[1]{fields}}{qw(export export_exempt export_people export_sensitive)} = ('yes', 'no', '10', '1') }],
	['third parties without licence', 'IP-01', sub { $_[1]{fields}{third_party} = 'yes' }],
	['nothing said of resale', 'USE-01', sub { delete $_[1]{fields}{resale} }],
	['a level of delivery that is too low', 'SEC-01', sub { $_[1]{fields}{delivery_level} = 's0' }],
	['one paper for two claims', 'EVD-01', sub { push @{$_[1]{evidence}}, {id => 'again', kind => 'legal_opinion', file => 'pipia.txt'} }],
	['a claim that its paper contradicts', 'EVD-02', sub { $_->{claims}{issued} = '2026-11-01' for grep { $_->{id} eq 'pipia' } @{$_[1]{evidence}} }],
	['a paper that is another', 'PI-03', sub { $_->{sha256} = '0' x 64 for grep { $_->{id} eq 'pipia' } @{$_[1]{evidence}} }],
	['a paper that is not there', 'PI-03', sub { unlink "$_[0]/pipia.txt" }],
);
for (@faults) {
	my ($what, $rule, $change) = @$_;
	my ($code, $r, $err, %now) = checked($change);
	ok($r && $now{$rule}{outcome} =~ /^(?:FAIL|UNKNOWN)$/, "$what: $rule") or diag $err // '';
	next if !$r;
	ok(@{$now{$rule}{needs}} > 0 && length $now{$rule}{remedy}{zh}, 'it says what is needed');
	is($code, $now{$rule}{severity} eq 'block' ? 1 : 0, 'and whether it blocks');
	my @new = grep { $now{$_}{outcome} ne $of{$_}{outcome} && $now{$_}{outcome} =~ /FAIL|UNKNOWN/ } keys %now;
	ok(@new <= 6, 'and little else changes: ' . join ' ', sort @new);
}

# What cannot be read at all is refused, and named.
for (['a field that there is not', sub { $_[1]{fields}{colour} = 'red' }, qr/colour/], ['a path', sub { $_[1]{evidence}[0]{file} = '../x' }, qr/beside the dossier/],
	['another kind', sub { $_[1]{kind} = 'invoice' }, qr/no dossier/], ['data that are not there', sub { unlink "$_[0]/recordings.csv" }, qr/recordings\.csv/],
	['other data', sub { $_[1]{data}[0]{sha256} = '0' x 64 }, qr/recordings\.csv/], ['an unknown kind of evidence', sub { $_[1]{evidence}[0]{kind} = 'oracle' }, qr/oracle/]) {
	my ($what, $change, $why) = @$_;
	my ($code, $r, $err) = checked($change);
	ok($code != 0 && !$r, "$what is refused");
	like($err, $why, 'and named');
}

# The report on paper.
($code, $out, $err) = run('rules', 'check', "$samples/mcg/mcg-bare.dossier.json", '--day', '2026-11-24', '--pdf', "$dir/r.pdf", '--html', "$dir/r.html");
is($code, 1, 'refused, with a report');
is($err, '', 'and no further word');
like(Encode::decode('UTF-8', slurp("$dir/r.html")), qr/不予通过.*PI-03.*单独同意/s, 'that says what blocks');
like(Encode::decode('UTF-8', scalar `pdftotext "$dir/r.pdf" - 2>/dev/null`), qr/不予通过.*PI-03/s, 'also as PDF');

# Rules of a directory.
mkdir "$dir/set" or die;
copy($_, "$dir/set") or die for glob "$FindBin::Bin/../../rules/*.json";
is((run('rules', 'test', '--set', "$dir/set"))[0], 0, 'the same rules from a directory');
edit("$dir/set/sub.json", '"seller.uscc_valid and', '"seller.usc_valid and');
($code, $out, $err) = run('rules', 'test', '--set', "$dir/set");
is($code, 2, 'a slip of the pen in a rule');
like($err, qr/sub\.json:\d+: SUB-01: at character 1: there is no fact seller\.usc_valid/, 'is told with file, line and reason');
done_testing();
