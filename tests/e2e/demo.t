#!/usr/bin/perl
# shugu demo: the whole life from the binary alone; what it leaves; shugu doctor, well and ill; the man page names each command.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use File::Temp 'tempdir';
use JSON::PP;
use Node;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = tempdir(CLEANUP => 1);
$ENV{TMPDIR} = $dir;

# The walk.
my ($code, $out, $err) = Node::run($dir, 'demo', '--exit');
is($code, 0, 'the demonstration ends well') or diag "$out $err";
my @steps = $out =~ /^== (.+)$/mg;
my @times = $out =~ /^   \((\d+) ms\)$/mg;
cmp_ok(scalar @steps, '>=', 8, 'in steps');
is(scalar @times, scalar @steps, 'each with its time');
like($out, qr/^\$ shugu $_ /m, "with the command: $_") for qw(init serve invite join approve publish catalog get invoice verify terminate log replay);
is(scalar(() = $out =~ /refused, as it should be/g), 4, 'a forgery and three deliveries are refused');
like($out, qr/^recorded: provider and consumer have both signed/m, 'the invoice is verified');
is(join(' ', glob "$dir/shugu-demo-*"), '', 'nothing is left behind');
is((Node::run($dir, 'demo', 'x'))[0], 2, 'it takes no argument');

# Without --exit both nodes run until Ctrl-C.
my $pid = fork // die;
if ($pid == 0) {
	alarm 120;
	open(STDOUT, '>', "$dir/stay") && open(STDERR, '>', "$dir/stay.err") && exec {$Node::shugu} $Node::shugu, 'demo';
	POSIX::_exit(127);
}
my $end = time + 60;
sleep 0.05 until Node::slurp("$dir/stay") =~ /Ctrl-C ends them\.\n(?:.*\n)*http\S+\n(?:.*\n)*http\S+\n/ || time > $end;
my @ports = Node::slurp("$dir/stay") =~ m{^http://localhost:(\d+)$}mg;
is(scalar @ports, 2, 'both addresses are told');
for my $port (@ports) {
	my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", Timeout => 5);
	print $s "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" if $s;
	like($s ? scalar <$s> : 'nobody', qr{^HTTP/1\.1 200}, 'and answer');
}
kill 'INT', $pid;
waitpid($pid, 0);
is($?, 0, 'Ctrl-C ends it well');
ok(!IO::Socket::INET->new(PeerAddr => "127.0.0.1:$_", Timeout => 5), 'and the node with it') for @ports;
is(join(' ', glob "$dir/shugu-demo-*"), '', 'nothing is left behind');

# doctor.
my $n = Node->new(reachable => 1);
my %found;
sub doctor {
	my ($status, $said) = $n->cli('doctor', '--json');
	my $j = eval { decode_json($said) } // {checks => []};
	%found = ();
	push @{$found{$_->{check}}}, $_->{state} for @{$j->{checks}};
	return ($status, $j);
}
my ($status, $said) = doctor();
is($status, 0, 'a fresh node is well') or diag JSON::PP->new->encode($said);
ok($said->{ok}, 'and it is said so');
is("@{$found{process}}", 'WARN', 'that it does not run is a warning');
$n->start;
($status, $said) = doctor();
is($status, 0, 'so is a running one');
is(join(' ', map { "$_ @{$found{$_}}" } sort keys %found), 'clock OK database OK disk OK log OK objects OK outbox OK permissions OK process OK registrations OK', 'in every respect');
like(($n->cli('doctor'))[1], qr/^STATE +CHECK +WHAT +WHAT TO DO$/m, 'as a table too');
my $other = Node->new(reachable => 1, name => 'Other');
$other->start;
my ($line) = ($n->cli('invite'))[1] =~ /(\S+)/;
$other->cli('join', $line);
for (1 .. 200) {
	my ($row) = @{decode_json(($n->cli('inbox', '--json'))[1])->{waiting}};
	$n->cli('approve', $row->{id}) if $row;
	last if $row;
	sleep 0.05;
}
$n->cli('outbox', '--wait', 10);
doctor();
is("@{$found{partner}} @{$found{clock}}", 'OK OK', 'a partner answers, and its clock is ours');
$other->stop;
($status, $said) = doctor();
is("$status @{$found{partner}}", '0 WARN', 'one that is away is a warning');
my ($row) = grep { $_->{check} eq 'partner' } @{$said->{checks}};
ok(length $row->{todo}, 'with what to do');
chmod 0644, "$n->{data}/keys/party.key";
($status, $said) = doctor();
is($status, 1, 'a key that others can read is wrong');
like("@{$found{permissions}}", qr/FAIL/, 'and found');
chmod 0600, "$n->{data}/keys/party.key";
$n->stop;
open(my $f, '+<:raw', "$n->{data}/node.db") or die;
seek($f, 4096, 0);
print $f 'x' x 65536;
close $f;
unlink "$n->{data}/node.db-wal", "$n->{data}/node.db-shm";
($status, $said) = doctor();
is($status, 1, 'a damaged database is found');
is((Node::run($dir, 'doctor', '--data', "$dir/none"))[0], 1, 'where no node is, that is said');

# The man page.
my ($help) = (Node::run($dir, '--help'))[1];
my $page = Node::slurp("$FindBin::Bin/../../docs/shugu.1");
my @missing = grep { $page !~ /Ic $_(?: |$)/m } $help =~ /^  (\w+) +\S/mg;
is("@missing", '', 'each command stands in the man page');
done_testing();
