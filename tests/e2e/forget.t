#!/usr/bin/perl
# Forgetting a person: the name is in no file of the node any more, the log still verifies and folds, and what he did stands without it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(api);
use Test::More;

my $n = Node->new(name => 'Forgetful');
my $json = JSON::PP->new->utf8->canonical;
my $name = 'Xaver Unverwechselbar';
sub files { return grep { -f } glob "$n->{data}/* $n->{data}/*/*" }
sub found { return grep { index(Node::slurp($_), $name) >= 0 } files() }

# Many others before and after, so that pages of the table are split and rows move.
$n->start;
my $person;
for my $i (1 .. 160) {
	my ($status, $made) = api($n, 'POST', '/people', {name => $i == 60 ? $name : "Somebody Number $i " . 'y' x ($i % 90), role => 'reviewer'});
	$status == 201 or die "person $i: $status";
	$person = $made if $i == 60;
}
my ($token) = $person->{link} =~ /#([\w-]{43})\z/;
my $a = $n->ask('POST', '/api/v1/session', $json->encode({token => $token}), 'Content-Type' => 'application/json');
is($a->{status}, 201, 'he signs in');
cmp_ok(scalar(found()), '>', 0, 'his name lies in the files');
my ($code, $out, $err) = $n->cli('person', 'forget', $person->{id});
is($code, 1, 'he is not forgotten while he may sign in');
like($err, qr/shugu person remove first/, 'with the reason');
is(($n->cli('person', 'remove', $name))[0], 0, 'he is removed');
cmp_ok(scalar(found()), '>', 0, 'which leaves the name');
is(($n->cli('backup', "$n->{dir}/before"))[0], 0, 'a backup from before');
($code, $out, $err) = $n->cli('person', 'forget', $person->{id});
is($code, 0, 'he is forgotten') or diag "$out$err";
like($out, qr/in no file of this node any more; backups keep it/, 'which is told');
is_deeply([found()], [], 'his name is in no file of the node');
ok(index(Node::slurp("$n->{dir}/before"), $name) >= 0, 'but in a backup from before');
my (undef, $page) = api($n, 'GET', '/people');
(undef, my $second) = api($n, 'GET', "/people?cursor=$page->{next}");
my ($row) = grep { $_->{id} eq $person->{id} } @{$page->{people}}, @{$second->{people}};
is("$row->{status} $row->{name}", 'forgotten (forgotten)', 'the list says so');
like(($n->cli('person', 'list'))[1], qr/Somebody Number 61 /, 'others keep their names');
my (undef, $acts) = api($n, 'GET', '/acts?subject=' . Node::segment($person->{id}));
is(join(' ', map { $_->{type} } @{$acts->{acts}}), 'person.add person.remove person.forget', 'his history stands');
is(($n->cli('person', 'forget', $person->{id}))[0], 0, 'again it does no harm');
is(($n->stop('KILL'))[0], 137, 'it falls');
$n->start;
is_deeply([found()], [], 'no file has it after that');
is(($n->cli('backup', "$n->{dir}/after"))[0], 0, 'a backup from now on');
ok(index(Node::slurp("$n->{dir}/after"), $name) < 0, 'has it no more');
$n->stop;
is_deeply([found()], [], 'nor has a node that was ended');
is(($n->cli('log', 'audit'))[0], 0, 'the log verifies');
is(($n->cli('replay'))[0], 0, 'and folds to its state');
done_testing;
