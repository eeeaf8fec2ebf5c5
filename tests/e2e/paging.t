#!/usr/bin/perl
# Lists, page by page: new rows neither repeat nor hide others, in both orders; a cursor is of one list alone.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use JSON::PP;
use Node qw(api);
use Test::More;

my $n = Node->new(reachable => 1);
$n->start;
my ($made, %object) = (0);

sub slug { (api($n, 'GET', $_[0]))[1]{type} // '' }

sub product {
	my $name = sprintf 'p%04d', $made++;
	my ($status, $said) = api($n, 'POST', '/products', {%object, name => $name, mediaType => 'text/csv', preset => 'open'});
	die "no product: $status " . encode_json($said) if $status != 201;
	return $said->{product};
}

sub connector {
	my $name = sprintf 'c%04d', $made++;
	my ($status, $said) = api($n, 'POST', '/connectors', {did => "did:web:$name.example", name => $name, url => "http://localhost:9/$name", token => "token-of-$name-0123456789"});
	die "no connector: $status " . encode_json($said) if $status >= 300;
	return $said->{did};
}

sub person {
	my ($status, $said) = api($n, 'POST', '/people', {name => 'n' . $made++, role => 'auditor'});
	die "no person: $status" if $status != 201;
	return $said->{id};
}

sub link_to {
	my ($status, $said) = api($n, 'POST', '/shares', {product => $_[0], to => 'r' . $made++});
	die "no link: $status " . encode_json($said) if $status != 201;
	return $said->{share} // $said->{id};
}

sub digest {
	my ($status, $said) = api($n, 'POST', '/evidence', {digest => sprintf('sha256:%064x', $made++), subject => $_[0]});
	die "no act: $status" if $status != 201;
	return $said->{index};
}

# All pages of so many rows, something new between each two: their ids, and how many pages.
sub pages {
	my ($path, $member, $id, $limit, $between) = @_;
	my ($sep, @all) = ($path =~ /\?/ ? '&' : '?');
	my $target = "$path${sep}limit=$limit";
	for my $count (1 .. 100) {
		my ($status, $page) = api($n, 'GET', $target);
		return (\@all, "status $status of $target") if $status != 200;
		return (\@all, 'too many rows') if @{$page->{$member}} > $limit;
		push @all, map { $_->{$id} } @{$page->{$member}};
		return (\@all, $count) if !defined $page->{next};
		return (\@all, 'next is no text') if $page->{next} !~ /^[A-Za-z0-9_-]+$/;
		$target = "$path${sep}limit=$limit&cursor=$page->{next}";
		$between->() if $between;
	}
	return (\@all, 'no end');
}

open(my $f, '>', "$n->{dir}/f.csv") or die;
print $f "a,b\n1,2\n";
close $f;
my ($code, $out, $err) = $n->cli('publish', "$n->{dir}/f.csv", '--name', 'first', '--json');
is($code, 0, 'a file is published') or diag($err);
my $first = (api($n, 'GET', '/products/first'))[1];
%object = map { $_ => $first->{object}{$_} } qw(root sha256 size);

# Oldest first: what comes meanwhile stands at the end.
my @old = ($first->{product}, map { product() } 2 .. 250);
my @new;
my ($got, $count) = pages('/products', 'products', 'product', 50, sub { push @new, product() if @new < 7 });
is_deeply($got, [@old, @new], '250 products by 50 while others come: each once, in order');
is($count, 6, 'on as many pages as it takes');
# One that goes hides no other.
($got) = pages('/products', 'products', 'product', 50, sub { api($n, 'POST', "/products/$old[0]/withdraw", {reason => 'old'}) });
is_deeply($got, [@old, @new], 'one that goes from a page that was read hides none');
($got) = pages('/products', 'products', 'product', 200);
is_deeply($got, [@old[1 .. $#old], @new], 'and stands in no list any more');

my @parties = map { connector() } 1 .. 120;
my @later;
($got, $count) = pages('/parties', 'parties', 'did', 50, sub { push @later, connector() });
is_deeply($got, [@parties, @later], 'parties too');
is($count, 3, 'on three pages');
($got, $count) = pages('/parties', 'parties', 'did', @parties + @later);
is($count, 1, 'a page that holds all of it has no next');
my @people = map { person() } 1 .. 5;
($got) = pages('/people', 'people', 'id', 2);
is_deeply($got, [sort @people], 'people too, by id');
my @uploads = map { (api($n, 'POST', '/uploads', {name => 'f', size => 5}))[1]{id} } 1 .. 5;
($got) = pages('/uploads', 'uploads', 'id', 2);
is_deeply($got, [sort @uploads], 'uploads too, by id');
my @acts = map { digest('urn:one') } 1 .. 250;
@new = ();
($got) = pages('/acts?subject=urn:one', 'acts', 'index', 50, sub { push @new, digest('urn:one') if @new < 5 });
is_deeply($got, [@acts, @new], 'the acts of one thing too');

# Newest first: what comes meanwhile is not in the pages that follow.
my $size = $n->size;
($got) = pages('/acts', 'acts', 'index', 200, sub { digest('urn:other') });
is_deeply($got, [reverse 0 .. $size - 1], 'all acts from the newest down, while others come: each once');
($got) = pages('/acts?text=urn:one', 'acts', 'index', 50, sub { digest('urn:one') });
is_deeply($got, [reverse @acts, @new], 'and those that hold a text');
my @links = map { link_to($old[3]) } 1 .. 60;
($got) = pages('/shares', 'shares', 'id', 25, sub { link_to($old[3]) });
is_deeply($got, [reverse @links], 'links too');
for my $list (qw(agreements deliveries invoices)) {
	($got, $count) = pages("/$list", $list, 'id', 50);
	is("@$got $count", ' 1', "no $list, no next");
}
for my $list (qw(inbox outbox)) {
	($got, $count) = pages("/$list", 'waiting', 'id', 1);
	is("@$got $count", ' 1', "nothing in the $list, no next");
}

# A cursor is of one list, with its filters, as it was given.
my $cursor = (api($n, 'GET', '/parties?limit=3'))[1]{next};
is((api($n, 'GET', "/parties?limit=100&cursor=$cursor"))[0], 200, 'it goes with another limit');
my @lists = qw(acts agreements deliveries inbox invoices outbox people products shares uploads);
is(slug("/$_?cursor=$cursor"), 'urn:shugu:problem:bad-cursor', "the cursor of another list is none of $_") for @lists;
my $filtered = (api($n, 'GET', '/acts?subject=urn:one&limit=3'))[1]{next};
like(slug("/acts?$_&cursor=$filtered"), qr/bad-cursor$/, "nor one of other filters: $_")
	for 'subject=urn:other', 'text=urn:one', 'text=subject%20urn:one', 'limit=3';
for my $i (0 .. length($cursor) - 1) {
	my $bent = $cursor;
	substr($bent, $i, 1) = substr($bent, $i, 1) eq 'A' ? 'B' : 'A';
	push @new, $bent if slug("/parties?cursor=$bent") !~ /bad-cursor$/;
}
is("@new[5 .. $#new]", '', 'a bent one is none');
like(slug("/parties?cursor=$_"), qr/bad-cursor$/, "nor is '$_'") for '', 'x', '0', '100', "$cursor=", substr($cursor, 1), 'A' x 4000;
like(slug("/$_?limit=0"), qr/bad-value$/, "$_ has no page of nothing") for @lists, 'parties';
like(slug("/parties?limit=$_"), qr/bad-value$/, "limit must not be '$_'") for 201, -1, 'x', '';
is(scalar @{(api($n, 'GET', '/products'))[1]{products}}, 100, 'a page without limit has 100 rows');

# The document says so of each list, and the program reads all pages.
my $api = decode_json($n->ask('GET', '/api/v1/openapi.json')->{body})->{paths};
for my $path (map({"/api/v1/$_"} @lists, 'parties'), '/api/v1/agreements/{id}/attachments') {
	my %named = map { $_->{name} => $_ } @{$api->{$path}{get}{parameters}};
	ok($named{cursor} && $named{limit}{schema}{maximum} == 200, "$path takes limit and cursor");
}
for my $row (['products', 'products', 254], ['party list', 'parties', @parties + @later], ['person list', 'people', 5]) {
	($code, $out) = $n->cli(split(/ /, $row->[0]), '--json');
	is(scalar @{decode_json($out)->{$row->[1]}}, $row->[2], "shugu $row->[0] --json has all rows");
}
($code, $out) = $n->cli('products', '--csv');
is(scalar(() = $out =~ /\r\n/g), 255, 'shugu products --csv too');
$n->stop;
done_testing;
