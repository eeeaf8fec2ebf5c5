#!/usr/bin/perl
# A catalogue of more products than one page holds, between two served nodes; and of a connector that is no node, with pages
# that lead astray.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Node qw(api did segment);
use Test::More;
use Time::HiRes qw(sleep time);

my $s = Node->new(reachable => 1, name => 'Seller');
my $b = Node->new(reachable => 1, name => 'Buyer');
my $json = JSON::PP->new->utf8->canonical;
my $many = 450;

sub await { return Node::await(@_, 20) }

$_->start for $s, $b;
my $invitation = ($s->cli('invite'))[1] =~ s/\s//gr;
$b->cli('join', $invitation);
my $waiting = await(sub { decode_json(($s->cli('inbox', '--json'))[1])->{waiting} }, sub { @{$_[0]} });
$s->cli('approve', $waiting->[0]{id});
await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ });

# One object, many products: what is tested is the catalogue.
open(my $f, '>', "$s->{dir}/one.csv") or die;
print $f "station,rain\n1,2\n";
close $f;
is(($s->cli('publish', "$s->{dir}/one.csv", '--name', 'p000', '--terms', 'open'))[0], 0, 'a product is published');
my $first = (api($s, 'GET', '/products'))[1]{products}[0];
my %object = (root => $first->{object}{root}, sha256 => $first->{object}{sha256}, size => $first->{object}{size});
my $made = 0;
for my $n (1 .. $many - 1) {
	my ($status) = api($s, 'POST', '/products', {%object, name => sprintf('p%03d', $n), mediaType => 'text/csv',
		dossier => {description => 'x' x 500}, preset => 'open'});
	$made++ if $status == 201;
}
is($made, $many - 1, "$many products in all");

my ($code, $out, $err) = $b->cli('catalog', did($s), '--json');
is($code, 0, 'the catalogue is asked for') or diag $err;
my @names = sort map { $_->{shugu}{name} } @{decode_json($out)->{dataset}};
is_deeply(\@names, [map { sprintf('p%03d', $_) } 0 .. $many - 1], 'each product stands in it once');
($code, $out, $err) = $b->cli('catalog', did($s));
is(scalar(() = $out =~ /^p\d\d\d /mg), $many, 'a person sees all of them') or diag $err;
my $path = '/catalogs/' . segment(did($s));
my ($status, $page) = api($b, 'GET', $path);
is(scalar @{$page->{datasets}}, 200, 'a page of the node\'s own list');
like($page->{next}, qr/^[A-Za-z0-9_-]+$/, 'names the next one');
my $third = (api($b, 'GET', "$path?cursor=$page->{next}"))[1]{next};
is(scalar @{(api($b, 'GET', "$path?cursor=$third"))[1]{datasets}}, $many - 400, 'the last page');
is((api($b, 'GET', "$path?cursor=$third"))[1]{next}, undef, 'names none');
is((api($b, 'GET', "$path?cursor=x"))[0], 400, 'a cursor is one of its own');
my ($order_status, $order) = api($b, 'POST', '/orders', {party => did($s), product => 'p449'});
my $settled = await(sub { (api($b, 'GET', '/orders/' . segment($order->{order})))[1] }, sub { $_[0]{state} =~ /^(?:failed|agreed)$/ });
is($settled->{state}, 'agreed', 'what stands on the last page is agreed on by its name');
$b->stop;
is(($b->cli("replay"))[0], 0, "the buyer replays");
$b->start;

# A plain connector with three pages: by Link, relative, with its own words.
my $listener = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1') or die;
my $base = 'http://localhost:' . $listener->sockport . '/dsp';
my %link = (
	'/dsp/catalog/request' => '<?page=2>; rel="next"',
	'/dsp/catalog/request?page=2' => '</dsp/catalog/request?page=3>; title="a, b"; rel="previous", </dsp/catalog/request?page=3>; rel=next',
	'/dsp/astray' => '<http://localhost:1/dsp/catalog/request>; rel="next"',
	'/dsp/round' => '</dsp/round?again=1>; rel="next"');
my $begin = '/dsp/catalog/request';
my $pid = fork // die;
if ($pid == 0) { serve(); POSIX::_exit(0) }
END { my $status = $?; kill 'KILL', $pid if $pid; waitpid $pid, 0 if $pid; $? = $status }

sub dataset {
	my ($id) = @_;
	return {'@id' => $id, '@type' => 'Dataset', hasPolicy => [{'@id' => "offer-$id", '@type' => 'Offer', permission => [{action => 'use'}]}],
		distribution => [{'@type' => 'Distribution', format => 'HttpData-PULL', accessService => 'service'}]};
}

# One request a connection. What the file `mode` names decides what the catalogue's first page links to.
sub serve {
	while (my $c = $listener->accept) {
		my $line = <$c> // next;
		my $n = 0;
		while (my $h = <$c>) { $n = $1 if $h =~ /^content-length:\s*(\d+)/i; last if $h =~ /^\r?\n$/ }
		read($c, my $body, $n) if $n;
		my $target = (split ' ', $line)[1];
		my $mode = -s "$s->{dir}/mode" ? Node::slurp("$s->{dir}/mode") : 'pages';
		my $link = $target eq '/dsp/catalog/request' && $mode ne 'pages' ? $link{"/dsp/$mode"} : $link{$target};
		$link = "<$base/catalog/request?n=" . (($target =~ /n=(\d+)/ ? $1 : 0) + 1) . '>; rel="next"' if $mode eq 'endless';
		my $catalog = $json->encode({'@context' => ['https://w3id.org/dspace/2025/1/context.jsonld'], '@type' => 'Catalog', '@id' => 'c',
			participantId => 'plain', service => [{'@id' => 'service', '@type' => 'DataService', endpointURL => $base}],
			dataset => [dataset($target)]});
		print $c "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ", length $catalog, "\r\n",
			($link ? "Link: $link\r\n" : ''), "Connection: close\r\n\r\n$catalog";
		close $c;
	}
	return;
}

sub mode {
	open(my $m, '>', "$s->{dir}/mode") or die;
	print $m $_[0];
	close $m;
	return;
}

open(my $token, '>', "$b->{dir}/bearer") or die;
print $token 'b' x 48;
close $token;
chmod 0600, "$b->{dir}/bearer";
is(($b->cli('party', 'add-bearer', 'plain', '--did', 'plain', '--url', $base, '--token-file', "$b->{dir}/bearer"))[0], 0, 'a plain connector is registered');
($code, $out, $err) = $b->cli('catalog', 'plain', '--json');
is($code, 0, 'its catalogue is read') or diag $err;
is_deeply([map { $_->{'@id'} } @{decode_json($out || '{"dataset":[]}')->{dataset}}],
	['/dsp/catalog/request', '/dsp/catalog/request?page=2', '/dsp/catalog/request?page=3'], 'page after page');
for my $row (['astray', qr/not below/], ['endless', qr/more than 100 pages/]) {
	mode($row->[0]);
	($code, $out, $err) = $b->cli('catalog', 'plain', '--json');
	isnt($code, 0, "$row->[0]: refused");
	like($err, $row->[1], 'and says why');
	is(scalar @{(api($b, 'GET', '/catalogs/plain'))[1]{datasets}}, 1, 'what was there before stays');
}
done_testing();
