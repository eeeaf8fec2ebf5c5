#!/usr/bin/perl
# TLS: two nodes whose addresses are https run a whole circulation, large object included, under a private authority; versions,
# ciphers and protocols; plain HTTP to the port; a certificate exchanged without dropping anybody; who is not trusted.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA;
use File::Temp 'tempdir';
use JSON::PP;
use Node qw(did segment);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->utf8->canonical;
my $dir = tempdir(CLEANUP => 1);

# Runs a program: its exit code, and what it said on both ways.
sub tool {
	my ($in, @words) = @_;
	open(my $f, '>', "$dir/in") or die;
	print $f $in;
	close $f;
	my $pid = fork // die;
	if ($pid == 0) {
		alarm 30;
		open(STDIN, '<', "$dir/in") && open(STDOUT, '>', "$dir/said") && open(STDERR, '>&', \*STDOUT) && exec {$words[0]} @words;
		POSIX::_exit(127);
	}
	waitpid($pid, 0);
	return ($? >> 8, Node::slurp("$dir/said"));
}

# An authority, and certificates for localhost by it.
sub authority {
	my ($name) = @_;
	my ($code, $said) = tool('', qw(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj), "/CN=$name",
		'-keyout', "$dir/$name.key", '-out', "$dir/$name.pem");
	die "openssl: $said" if $code;
	return "$dir/$name.pem";
}

sub certificate {
	my ($name, $ca, @more) = @_;
	my ($code, $said) = tool('', qw(openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj), "/CN=$name",
		'-keyout', "$dir/$name.key", '-out', "$dir/$name.csr");
	die "openssl: $said" if $code;
	open(my $f, '>', "$dir/names") or die;
	print $f 'subjectAltName=' . ($more[0] || 'DNS:localhost') . "\n";
	close $f;
	($code, $said) = tool('', qw(openssl x509 -req -days 1 -CAcreateserial -in), "$dir/$name.csr", '-CA', "$dir/$ca.pem", '-CAkey', "$dir/$ca.key",
		'-extfile', "$dir/names", '-out', "$dir/$name.pem");
	die "openssl: $said" if $code;
	return;
}

authority($_) for qw(ca other);
certificate($_, 'ca') for qw(seller buyer renewed);
certificate('stranger', 'other');
certificate('misnamed', 'ca', 'DNS:elsewhere.example');

sub words { return ['--cert', "$dir/$_[0].pem", '--key', "$dir/$_[0].key", '--ca', "$dir/ca.pem"] }
my $s = Node->new(reachable => 1, name => 'Seller', tls => words('seller'));
my $b = Node->new(reachable => 1, name => 'Buyer', tls => words('buyer'));
$_->start for $s, $b;

sub await { return Node::await(@_, 30) }

# What a client that trusts the authority gets.
sub curl {
	my ($n, $path, @more) = @_;
	return tool('', 'curl', '-sS', '-i', '--noproxy', '*', '--cacert', "$dir/ca.pem", @more, "https://localhost:$n->{port}$path");
}

my ($code, $said) = curl($s, '/healthz');
is($code, 0, 'a client that trusts the authority is served') or diag $said;
like($said, qr{^HTTP/1\.1 200 .*"status":"ok"}s, 'by HTTP/1.1');
($code) = tool('', 'curl', '-sS', '--noproxy', '*', "https://localhost:$s->{port}/healthz");
is($code, 60, 'one that does not is not');
for my $row ([0, 'TLS 1.2', qw(--tlsv1.2 --tls-max 1.2)], [0, 'TLS 1.3', '--tlsv1.3'], [35, 'TLS 1.1', qw(--tlsv1.1 --tls-max 1.1 --ciphers DEFAULT:@SECLEVEL=0)],
	[35, 'a cipher without forward secrecy', qw(--tls-max 1.2 --ciphers AES256-GCM-SHA384)], [0, 'HTTP/2 offered beside', '--http2']) {
	my ($want, $what, @options) = @$row;
	my ($got) = curl($s, '/healthz', @options);
	is($got, $want, $want ? "$what is refused" : "$what is spoken");
}
($code, $said) = tool("R\n", 'openssl', 's_client', '-tls1_2', '-connect', "localhost:$s->{port}", '-CAfile', "$dir/ca.pem");
unlike($said, qr/^HTTP/m, 'a renegotiation is not made');
like($said, qr/no renegotiation|handshake failure|alert|RENEGOTIATING/i, 'it is refused');
like($said, qr/Compression: NONE/, 'nothing is compressed');
my ($refused, @more) = Node::answers((Node::talk($s->connect, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n", 10))[0]);
is($refused->{status}, 400, 'plain HTTP is answered 400');
like($refused->{body}, qr/this port speaks TLS/, 'which says why');
is(scalar @more, 0, 'once');

# The whole circulation.
my ($joined, $line) = $s->cli('invite');
chomp $line;
my ($err, $out);
($code, $out, $err) = $b->cli('join', $line);
is($code, 0, 'the buyer joins over TLS') or diag $err;
my $waiting = await(sub { $json->decode(($s->cli('inbox', '--json'))[1])->{waiting} }, sub { @{$_[0]} });
is(($s->cli('approve', $waiting->[0]{id} // 'none'))[0], 0, 'the seller approves');
like(await(sub { ($b->cli('party', 'list'))[1] }, sub { $_[0] =~ /approved/ }), qr/approved/, 'both know each other');
sub publish {
	my ($name, $bytes) = @_;
	open(my $f, '>', "$s->{dir}/$name") or die;
	print $f $bytes;
	close $f;
	return ($s->cli('publish', "$s->{dir}/$name", '--name', $name, '--net', 100, '--rate', 600))[0];
}
my $large = join '', map { pack('N', $_) x 1024 } 1 .. 2000;
is(publish('small', "a,b\n1,2\n"), 0, 'a small object is offered');
is(publish('large', $large), 0, 'and one of 8 MB');
for my $name ('small', 'large') {
	($code, $out, $err) = $b->cli('get', did($s), $name, '-o', "$b->{dir}/$name");
	is($code, 0, "$name is ordered, delivered and had") or diag $err;
	is(Digest::SHA->new(256)->addfile("$b->{dir}/$name")->hexdigest, Digest::SHA->new(256)->addfile("$s->{dir}/$name")->hexdigest, 'byte for byte');
}
for my $n ($s, $b) {
	my $count = sub { scalar grep { $_->{recorded} } @{$json->decode($n->operate('GET', '/api/v1/invoices')->{body})->{invoices}} };
	is(await($count, sub { $_[0] == 2 }), 2, 'both invoices are recorded');
}

# Strangers read the log.
($code, $said) = curl($s, '/log/checkpoint');
like($said, qr{localhost:$s->{listen}/log\n}, 'the log is read over TLS');

# A certificate is exchanged while somebody is connected.
sub served { return (tool('', 'openssl', 's_client', '-connect', "localhost:$_[0]{port}", '-CAfile', "$dir/ca.pem", '-verify_return_error'))[1] =~ /^subject=.*?CN *= *(\S+)/m ? $1 : 'none' }
is(served($s), 'seller', 'the first certificate is served');
open(my $held, '|-', "exec openssl s_client -quiet -no_ign_eof -servername localhost -connect localhost:$s->{port} -CAfile $dir/ca.pem >$dir/held 2>/dev/null") or die;
$held->autoflush(1);
print $held "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
await(sub { Node::slurp("$dir/held") }, sub { $_[0] =~ /"status"/ });
sub install { my ($from, $to) = @_; for (qw(pem key)) { open(my $o, '>', "$dir/$to.$_") or die; print $o Node::slurp("$dir/$from.$_"); close $o } return }
my $key = Node::slurp("$dir/seller.key");
install('stranger', 'seller');
open(my $f, '>', "$dir/seller.key") or die;
print $f $key;
close $f;
kill 'HUP', $s->{pid};
like(await(sub { Node::slurp("$s->{dir}/log") }, sub { $_[0] =~ /certificate refused/ }), qr/certificate refused, the old one stays.*seller/, 'a pair that is none is refused in the log');
is(served($s), 'seller', 'and the old one stays');
install('renewed', 'seller');
kill 'HUP', $s->{pid};
await(sub { Node::slurp("$s->{dir}/log") }, sub { $_[0] =~ /certificate reloaded/ });
is(served($s), 'renewed', 'a whole new pair is served');
print $held "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
my $twice = await(sub { Node::slurp("$dir/held") }, sub { 2 == (() = $_[0] =~ /"status"/g) });
is(scalar(() = $twice =~ /"status"/g), 2, 'who was connected is still served');
close $held;

# A partner whose certificate is of another authority, or for another name, is not spoken to.
sub serve_anew { $s->stop; install($_[0], 'seller'); $s->start; return }
sub catalog { return $b->operate('GET', '/api/v1/catalogs/' . segment(did($s)))->{body} }
for my $bad ('stranger', 'misnamed') {
	serve_anew($bad);
	publish("behind-$bad", 'x');
	$b->operate('POST', '/api/v1/catalogs', $json->encode({party => did($s)}));
	sleep 1.5;
	unlike(catalog(), qr/behind-$bad/, "a $bad certificate: the partner is not spoken to");
	serve_anew('renewed');
	like(await(\&catalog, sub { $_[0] =~ /behind-$bad/ }), qr/behind-$bad/, 'with a good one it is');
}

# What serve refuses to begin with.
for my $row (["$dir/seller.pem", "$dir/buyer.key", 'of no use'], ["$dir/none.pem", "$dir/buyer.key", 'of no use'], ["$dir/seller.pem", undef, 'go together']) {
	my $o = Node->new;
	($code, undef, $err) = $o->cli('serve', '--listen', '127.0.0.1:0', '--cert', $row->[0], $row->[1] ? ('--key', $row->[1]) : ());
	isnt($code, 0, 'serve does not start');
	like($err, qr/$row->[2]/, 'and says why');
}
my $o = Node->new;
($code, undef, $err) = $o->cli('serve', '--listen', '127.0.0.1:0', '--ca', "$dir/seller.key");
like($err, qr/holds no certificate/, 'an authority must be one');
is(($_->stop)[0], 0, 'a node ends well') for $s, $b;
is(($_->cli('replay'))[0], 0, 'and replays') for $s, $b;
done_testing;
