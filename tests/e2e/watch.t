#!/usr/bin/perl
# What an operator watches: /metrics, request ids, the log in both forms, and that no secret comes into any of them.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../attack";
use Digest::SHA 'sha256_hex';
use JSON::PP;
use Node;
use Test::More;
use Time::HiRes 'sleep';

sub posting { return '{"digest":"sha256:' . sha256_hex($_[0]) . '","subject":"' . $_[0] . '"}' }
sub id_of { return $_[0]{head} =~ /^X-Request-Id: (\S+)\r$/m ? $1 : '' }
sub metrics {
	my ($a) = @_;
	return map { /^(\S+) (\S+)$/ ? ($1 => $2) : () } split /\n/, $a->{body};
}

my $n = Node->new;
$n->{serve} = ['--log', 'json', '--log-requests'];
$n->start;

# Who may read /metrics: nobody but the operator.
is($n->ask('GET', '/metrics')->{status}, 401, 'strangers see no metrics, also from the loopback');
is($n->ask('GET', '/metrics', undef, 'X-Forwarded-For' => '127.0.0.1')->{status}, 401, 'whatever they say');
my $a = $n->operate('GET', '/metrics');
is($a->{status}, 200, 'the operator does');
like($a->{head}, qr{^Content-Type: text/plain; version=0\.0\.4}mi, 'in the format of Prometheus');
my (%typed, @bad);
for (split /\n/, $a->{body}) {
	if (/^# TYPE (shugu_[a-z_]+) (counter|gauge|histogram)$/) { $typed{$1} = $2; next }
	next if /^# HELP shugu_[a-z_]+ [^\n]+\.$/;
	my ($name) = /^(shugu_[a-z_]+)(?:\{[a-z]+="[^"]+"\})? -?[0-9.]+$/ or push @bad, $_;
	push @bad, $_ if $name && !$typed{$name} && !$typed{$name =~ s/_(?:bucket|sum|count)$//r};
}
is("@bad", '', 'each line of it is one, and typed before');
is($n->ask('GET', '/metrics', undef, unix => 1)->{status}, 200, 'the control socket gives it too');

# What it counts.
my %before = metrics($a);
$n->operate('POST', '/api/v1/evidence', posting("n$_")) for 1 .. 3;
$n->ask('GET', '/nothing') for 1 .. 2;
$n->ask('GET', '/api/v1/products');
my %after = metrics($n->operate('GET', '/metrics'));
my %grew = map { $_ => $after{$_} - $before{$_} } keys %after;
is($grew{shugu_acts_total}, 3, 'three acts');
is($grew{shugu_log_entries}, 3, 'in the log');
is($grew{shugu_commit_seconds_count}, 3, 'by three commits');
is($grew{'shugu_commit_seconds_bucket{le="+Inf"}'}, 3, 'each in a bucket');
is($grew{'shugu_refused_total{status="404"}'}, 2, 'two that found nothing');
is($grew{'shugu_refused_total{status="401"}'}, 1, 'one that did not say who it is');
cmp_ok($grew{'shugu_requests_total{class="4xx"}'}, '==', 3, 'three refusals');
cmp_ok($grew{'shugu_requests_total{class="2xx"}'}, '>=', 3, 'and the others');
cmp_ok($after{shugu_resident_bytes}, '>', 1 << 20, 'resident memory is told');
cmp_ok($after{shugu_connections}, '>=', 1, 'this connection too');
is($after{shugu_outbox_waiting}, 0, 'nothing waits for partners');
cmp_ok($after{shugu_wal_frames}, '>=', 0, 'frames of the write-ahead log');

# Request ids.
my @ids = map { id_of($n->ask('GET', '/healthz')) } 1, 2;
like($ids[0], qr/^[0-9a-f]{16}$/, 'each answer has an id');
isnt($ids[0], $ids[1], 'of its own');
is(id_of($n->operate('GET', '/api/v1/products', undef, 'X-Request-Id' => 'job-7.a_B')), 'job-7.a_B', 'the operator names requests');
isnt(id_of($n->ask('GET', '/healthz', undef, 'X-Request-Id' => 'job-8')), 'job-8', 'nobody else does');
for my $id ('a b', 'x' x 65, 'a"b', "\xe6\x95\xb0") {
	isnt(id_of($n->operate('GET', '/api/v1/products', undef, 'X-Request-Id' => $id)), $id, 'nor by what is no id');
}
like(id_of($n->ask('GET', '/nothing')), qr/^[0-9a-f]{16}$/, 'refusals have one');

# The log: one object a line, the pattern of the route and no path, no token.
is(($n->stop)[0], 0, 'the node ends');
my $log = Node::slurp("$n->{dir}/log");
my @lines = map { eval { decode_json($_) } // {event => "not JSON: $_"} } split /\n/, $log;
is(join(' ', grep { /not JSON/ } map { $_->{event} // '' } @lines), '', 'each line of the log is JSON');
my ($named) = grep { ($_->{id} // '') eq 'job-7.a_B' } @lines;
is("$named->{event} $named->{method} $named->{route} $named->{status} $named->{caller} $named->{level}", 'request GET /api/v1/products 200 operator info', 'a request is one line');
cmp_ok($named->{at}, '>', 1.6e9, 'with its time');
my ($lost) = grep { ($_->{status} // 0) == 404 } @lines;
is($lost->{route}, 'none', 'of what is not there no path is told');
is(index($log, $n->{token}), -1, 'the token is nowhere in it');
unlike($log, qr{/nothing}, 'nor a path');

# As text, and with leave for the loopback.
unlink "$n->{dir}/log";
$n->{serve} = ['--log-requests', '--metrics', 'loopback'];
$n->start;
is($n->ask('GET', '/metrics')->{status}, 200, 'where serve was told so, the loopback needs no token');
is($n->ask('GET', '/api/v1/products')->{status}, 401, 'for nothing else');
$n->stop;
like(Node::slurp("$n->{dir}/log"), qr{^at=\d+\.\d{3} level=info request id=[0-9a-f]{16} method=GET route=/metrics status=200 us=\d+ caller=$}m, 'the same as text');
$n->{serve} = [];
for my $words (['--log', 'xml'], ['--metrics', 'all']) {
	my ($code, undef, $err) = $n->cli('serve', @$words);
	is($code, 2, "serve @$words is wrong usage");
}
done_testing();
